"""Posts and who held them when: "the Chinese foreign minister" in July 2023 is Qin Gang until the 25th, then Wang Yi.

The table (`lexicons/posts.tsv`) has a row for each term of office, and the titles (`lexicons/post_titles.tsv`) are told
in three languages. A day in the change itself belongs to who took office.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from ingest.enrich.gazetteer import Gazetteer
from ingest.enrich.han import simplified
from ingest.enrich.lexicon import rows
from ingest.enrich.russian import name_forms

_STATES = {
    "en": {
        "CHN": r"chinese|china['’]s|beijing['’]s", "RUS": r"russian|russia['’]s|kremlin['’]s|moscow['’]s",
        "USA": r"us|u\.s\.|american|america['’]s", "UKR": r"ukrainian|ukraine['’]s", "JPN": r"japanese|japan['’]s",
        "IND": r"indian|india['’]s", "KAZ": r"kazakh|kazakhstan['’]s", "BLR": r"belarusian|belarus['’]s?",
        "UZB": r"uzbek|uzbekistan['’]s", "MNG": r"mongolian|mongolia['’]s", "PRK": r"north korean|north korea['’]s",
        "KOR": r"south korean|south korea['’]s", "DEU": r"german|germany['’]s", "FRA": r"french|france['’]s",
        "GBR": r"british|britain['’]s", "TUR": r"turkish|turkey['’]s", "IRN": r"iranian|iran['’]s",
        "SRB": r"serbian|serbia['’]s", "HUN": r"hungarian|hungary['’]s", "BRA": r"brazilian|brazil['’]s",
        "ZAF": r"south african|south africa['’]s",
    },
    "ru": {
        "CHN": r"китайск\w+|кнр|китая|поднебесной", "RUS": r"российск\w+|рф|россии|кремля", "USA": r"американск\w+|сша",
        "UKR": r"украинск\w+|украины", "JPN": r"японск\w+|японии", "IND": r"индийск\w+|индии", "KAZ": r"казахстан\w*",
        "BLR": r"белорусск\w+|белоруссии|беларуси", "UZB": r"узбекистана|узбекск\w+", "MNG": r"монгольск\w+|монголии",
        "PRK": r"северокорейск\w+|кндр", "KOR": r"южнокорейск\w+|республики корея|южной кореи",
        "DEU": r"фрг|германии|немецк\w+",
        "FRA": r"франции|французск\w+", "GBR": r"великобритании|британск\w+", "TUR": r"турции|турецк\w+",
        "IRN": r"ирана|иранск\w+", "SRB": r"сербии|сербск\w+", "HUN": r"венгрии|венгерск\w+",
        "BRA": r"бразилии|бразильск\w+",
        "ZAF": r"юар",
    },
    "zh": {
        "CHN": "中国|中方|我国", "RUS": "俄罗斯|俄联邦|俄", "USA": "美国|美", "UKR": "乌克兰|乌", "JPN": "日本|日",
        "IND": "印度|印",
        "KAZ": "哈萨克斯坦|哈", "BLR": "白俄罗斯|白俄", "UZB": "乌兹别克斯坦", "MNG": "蒙古国?", "PRK": "朝鲜",
        "KOR": "韩国|韩",
        "DEU": "德国|德", "FRA": "法国|法", "GBR": "英国|英", "TUR": "土耳其", "IRN": "伊朗", "SRB": "塞尔维亚",
        "HUN": "匈牙利",
        "BRA": "巴西", "ZAF": "南非",
    },
}  # fmt: skip
# Posts whose title alone names the state.
_OWN_STATE = {
    "spokesman": "RUS", "far-east": "RUS", "upper-house": "RUS", "security-council": "RUS", "ambassador-russia": "CHN",
    "ambassador-china": "RUS", "party": "CHN",
}  # fmt: skip
_NOT_THE_HOLDER = re.compile(
    r"(?:deputy|vice|former|ex-|acting|assistant|замести\w+|зам|вице|бывш\w+|экс|副|前任?|代理|原)[\s-]*$",
    re.IGNORECASE,
)
_HEADS = {
    "en": "ceo|chief executive|head|chief|chairman|boss",
    "ru": r"глав\w+|гендиректор\w*|председател\w+ правления",
}


@dataclass(frozen=True, slots=True)
class PostMention:
    start: int
    end: int
    surface: str
    state: str
    post: str
    key: str  # who held it on the day


def holder(state: str, post: str, day: date | None) -> str | None:
    """Who held a post on a day; where no day is given, the last holder. None for an unknown post or a vacancy."""
    terms = [row for row in _terms() if row[:2] == (state, post)]
    if day is None:
        return terms[-1][4] if terms else None
    when = day.isoformat()
    return next((key for *_, since, until, key in terms if since <= when < (until or "9999")), None)


def find(text: str, lang: str, day: date | None) -> tuple[PostMention, ...]:
    """Posts that stand for their holder on a day, in order of the text; deputies and former holders are left out."""
    folded = simplified(text) if lang == "zh" else text
    found: dict[int, PostMention] = {}
    for state, post, pattern in _patterns(lang):
        for m in pattern.finditer(folded):
            key = holder(state, post, day)
            before = folded[max(0, m.start() - 16) : m.start()]
            longer = m.end() > found[m.start()].end if m.start() in found else True
            if key and longer and not _NOT_THE_HOLDER.search(before):
                found[m.start()] = PostMention(m.start(), m.end(), text[m.start() : m.end()], state, post, key)
    return tuple(found[at] for at in sorted(found))


@cache
def _terms() -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(row[:5]) for row in rows("posts"))


@cache
def _patterns(lang: str) -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    """(state, post, pattern) of every title with every state that has a row for it."""
    column = {"en": 1, "ru": 2, "zh": 3}.get(lang)
    if column is None:
        return ()
    held = {(state, post) for state, post, *_ in _terms()}
    made = []
    for row in rows("post_titles"):
        for state in sorted(s for s, p in held if p == row[0]):
            named = _STATES[lang].get(state)
            if named:
                made.append((state, row[0], _pattern(lang, named, row[column], alone=_OWN_STATE.get(row[0]) == state)))
    return (*made, *_company_patterns(lang))


def _pattern(lang: str, state: str, title: str, *, alone: bool) -> re.Pattern[str]:
    either = "?" if alone else ""
    match lang:
        case "en":
            return re.compile(rf"\b(?:(?:{state})\s){either}(?:{title})\b", re.IGNORECASE)
        case "ru":
            return re.compile(
                rf"\b(?:(?:{state})\s)(?:{title})\b|\b(?:{title})(?:\s(?:{state})){either}\b", re.IGNORECASE
            )
    return re.compile(rf"(?:{state}){either}(?:{title})")


def _company_patterns(lang: str) -> list[tuple[str, str, re.Pattern[str]]]:
    """ "Gazprom's chief executive", «глава «Газпрома»»; Chinese heads companies in too many ways to tell safely."""
    made = []
    for state, post in sorted({(s, p) for s, p, *_ in _terms() if p.startswith("company:")}):
        names = Gazetteer.load().names(post.removeprefix("company:")).get(lang, [])
        if names and lang == "en":
            joined = "|".join(map(re.escape, names))
            made.append((state, post, re.compile(rf"\b(?:{joined})(?:['’]s?)?\s(?:{_HEADS[lang]})\b", re.IGNORECASE)))
        if names and lang == "ru":
            joined = "|".join(re.escape(form) for n in names for form in sorted(name_forms(n, "ORG")))
            made.append((state, post, re.compile(rf"\b(?:{_HEADS[lang]})\s[«\"]?(?:{joined})[»\"]?", re.IGNORECASE)))
    return made
