"""Speakers whom a text names by their post: "the Chinese leader", «глава МИД КНР», 俄罗斯总统."""

import re
from collections.abc import Callable
from datetime import date
from functools import cache
from importlib.resources import files

from ingest.enrich.lexicon import rows

CountryOf = Callable[[str | None], str]

_STATES = {
    "en": {
        "CHN": r"Chinese|China['’]s|Beijing['’]s",
        "RUS": r"Russian|Russia['’]s|Kremlin|Moscow['’]s",
        "USA": r"American|US|U\.S\.",
        "UKR": r"Ukrainian|Ukraine['’]s",
        "JPN": r"Japanese",
        "IND": r"Indian",
        "NAT": r"NATO",
    },
    "ru": {
        "CHN": r"китайск\w+|КНР|Китая|Поднебесной|Госсовета",
        "RUS": r"российск\w+|РФ|России|Кремл\w+",
        "USA": r"американск\w+|США",
        "UKR": r"украинск\w+|Украины",
        "JPN": r"японск\w+|Японии",
        "IND": r"индийск\w+|Индии",
        "NAT": r"НАТО|альянса",
    },
    "zh": {
        "CHN": "中国|中國|国家主席|國家主席|国务院",
        "RUS": "俄罗斯|俄羅斯|俄|克里姆林宫|克宫",
        "USA": "美国|美國|美",
        "UKR": "乌克兰|烏克蘭",
        "JPN": "日本",
        "IND": "印度",
        "NAT": "北约|北約",
    },
}
_POSTS = {
    "en": {"foreign": r"foreign minister|secretary of state|top diplomat|chief diplomat", "defence": r"defen[cs]e minister", "premier": r"premier|prime minister", "spokesman": r"Kremlin spokesman|Kremlin['’]s spokesman|presidential spokesman", "head": r"president|leader|head of state|secretary[- ]general|prime minister"},
    "ru": {"foreign": r"глав\w+ мид|министр\w* иностранных дел|глав\w+ внешнеполитического ведомства|госсекретар\w+|глав\w+ российской дипломатии|глав\w+ китайской дипломатии", "defence": r"министр\w* обороны|глав\w+ минобороны", "premier": r"премьер\w*|глав\w+ правительства", "spokesman": r"представител\w+ кремля|пресс-секретар\w+ президента|пресс-секретар\w+ главы государства", "head": r"президент\w*|председател\w+|лидер\w*|глав\w+ государства|генсек\w*|генеральн\w+ секретар\w+"},
    "zh": {"foreign": "外长|外長|外交部长|外交部長|国务卿|國務卿", "defence": "防长|防長|国防部长|國防部長", "premier": "总理|總理", "spokesman": "克里姆林宫发言人|克宫发言人|总统新闻秘书|克里姆林宮發言人", "head": "总统|總統|国家主席|國家主席|领导人|領導人|首相|秘书长|秘書長|元首"},
}  # fmt: skip
_DEPUTY = re.compile(
    r"deputy|vice|former|assistant|aide|замест|вице|бывш|помощник|экс-|副|前任|助理|顾问|顧問|特使", re.I
)


# The officials of a state, unnamed, speak for the state.
_OFFICIALS = {
    "en": r"officials?\b|diplomats\b|authorities\b|government\b",
    "ru": r"власт[ия]\b|чиновник\w+|официальн\w+ лиц\w+|дипломаты\b",
    "zh": "官员|官員|政府|当局|當局|官方",
}


@cache
def state_keys() -> dict[str, str]:
    """ISO code -> key of the state, from the gazetteer's file of countries."""
    return {row[2]: row[0] for row in rows("countries") if len(row) > 2 and row[2]}


@cache
def _rows() -> tuple[tuple[str, str, str, str, str], ...]:
    text = (files("ingest.enrich") / "lexicons" / "cues_posts.tsv").read_text(encoding="utf-8")
    lines = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return tuple((s, p, a, b, k) for s, p, a, b, k in lines)


def holder(state: str, post: str, day: date | None) -> str | None:
    """Who held a post of a state on a day; the last one known where the day is not."""
    when = day.isoformat() if day else "9999"
    for row_state, row_post, since, until, key in _rows():
        if (row_state, row_post) == (state, post) and since <= when < (until or "99999"):
            return key
    return None


def by_post(words: str, lang: str, day: date | None) -> str | None:
    """The key of the person whom a stretch of text names by state and post; None for deputies and for no or many states."""
    if _DEPUTY.search(words):
        return None
    if re.search(_POSTS[lang]["spokesman"], words, re.I):
        return holder("RUS", "spokesman", day)
    states = [s for s, pattern in _STATES[lang].items() if re.search(pattern, words)]
    posts = [p for p, pattern in _POSTS[lang].items() if re.search(pattern, words, re.I)]
    if len(states) == 1 and not posts and re.search(_OFFICIALS[lang], words, re.I):
        return state_keys().get(states[0])
    if len(states) != 1 or not posts:
        return None
    return holder(states[0], posts[0], day) or (holder(states[0], "head", day) if "head" in posts else None)


def described_as(text: str, words: str, lang: str, people: list[tuple[int, str]]) -> str | None:
    """The person last introduced with the same title: "the premier" after "Premier Li Keqiang". `people` are (start, key)."""
    for pattern in _POSTS[lang].values():
        title = re.search(pattern, words, re.I)
        if title:
            for start, key in reversed(people):
                if re.search(pattern, text[max(0, start - 40) : start], re.I):
                    return key
    return None
