"""A key for names that the gazetteer lacks: the nominative, and for people Latin letters, so that languages can meet.

A Chinese person's name in Palladius spelling becomes pinyin ("Чжан Кэцзянь" -> "Zhang Kejian"); other Cyrillic names of
people are written as English newspapers do ("Светлана Акулова" -> "Svetlana Akulova").
"""

import re
from functools import cache, lru_cache

from ingest.enrich.lexicon import rows
from ingest.enrich.russian import EASTERN_SURNAMES, fold, parses
from ingest.model import EntityType

_LATIN = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "yo", "ж": "zh", "з": "z", "и": "i", "й": "y",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
    "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
}  # fmt: skip
_NOISE = {
    "en": re.compile(
        r"^(?:Chinese|Russians?|Americans?|Ukrainians?|Europeans?|Sino.*|yuan|roubles?|rubles?|[\d\W]+)$", re.IGNORECASE
    ),
    "ru": re.compile(r"^[\d\W]+$|^(?:Тайфун|Ураган|Президент|Премьер|Министр|СМИ|ТВ|ЧП|Интернет|МРОТ|НДС|ВВП)$"),
    "zh": re.compile(r"^[\d\W年月日]+$|^.$|^(?:合作|双方|雙方|两国|兩國|外媒|俄媒|中外|全球|多国)$"),
}


def is_noise(surface: str, kind: EntityType, lang: str) -> bool:
    """What a model takes for a name and the guide does not: adjectives, demonyms, numbers, words in lower case."""
    if _NOISE.get(lang, _NOISE["en"]).match(surface):
        return True
    return lang in {"en", "ru"} and kind != "LOC" and surface == surface.lower()


@lru_cache(maxsize=10_000)
def normal_form(surface: str, kind: EntityType, lang: str) -> str | None:
    """The key of an unlinked name, or None where nothing is left of it."""
    name = " ".join(surface.split()).strip("«»“”\"'「」")
    if lang == "ru" and re.search("[а-яё]", name):
        name = _nominative(name, kind)
        name = _romanised(name) if kind == "PER" else name
    return name or None


def _nominative(name: str, kind: EntityType) -> str:
    words = name.split(" ")
    if kind == "PER":
        eastern = fold(words[0]) in EASTERN_SURNAMES and len(words) > 1
        feminine = any("Name" in p.tag and "femn" in p.tag for p in parses(words[0].lower())[:2])
        return " ".join(w if eastern and i == 0 else _person_word(w, eastern, feminine) for i, w in enumerate(words))
    return " ".join([_base(words[0]), *words[1:]]) if len(words) == 1 or not words[0].islower() else name


def _person_word(word: str, eastern: bool, feminine: bool) -> str:
    if eastern:
        return re.sub(r"(?<=[бвгджзклмнпрстфхцчшщй])(?:ом|ем|[аую]|е)$", "", word)
    wanted = ("Name", "Surn", "Patr")
    for parse in parses(word.lower()):
        if any(w in parse.tag for w in wanted) and ("femn" in parse.tag) == feminine and "sing" in parse.tag:
            form = parse.inflect({"nomn"})
            if form:
                return _cased(str(form.word), word)
    return word


def _base(word: str) -> str:
    if word.isupper() or not re.search("[а-яё]", word):
        return word
    best = parses(word.lower())[0]
    form = best.inflect({"nomn"}) if best.tag.POS in {"NOUN", "ADJF"} else None
    return _cased(str(form.word), word) if form else word


def _cased(form: str, like: str) -> str:
    return form[:1].upper() + form[1:] if like[:1].isupper() else form


def _romanised(name: str) -> str:
    words = name.split(" ")
    if len(words) == len(("family", "given")) and fold(words[0]) in EASTERN_SURNAMES:
        pinyin = [_pinyin(fold(w)) for w in words]
        if all(pinyin):
            return " ".join(str(p).capitalize() for p in pinyin)
    return " ".join(_english(w) for w in words)


def _english(word: str) -> str:
    low = re.sub(r"(?<=[иы])й$", "", word.lower())
    low = re.sub(r"ье", "ье".replace("ь", "й"), low)
    latin = "".join(_LATIN.get(c, c) for c in low)
    return "-".join(part.capitalize() for part in latin.split("-"))


@cache
def _syllables() -> dict[str, str]:
    return {row[0]: row[1] for row in rows("palladius")}


def _pinyin(word: str) -> str | None:
    """Palladius syllables as pinyin, longest first; None where the word is not made of them."""
    table = _syllables()
    word, out = word.replace("ъ", ""), ""
    while word:
        size = next((n for n in range(min(6, len(word)), 0, -1) if word[:n] in table), 0)
        if not size:
            return None
        out, word = out + table[word[:size]], word[size:]
    return out
