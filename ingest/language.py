"""The language of a text: by its letters where they decide, by lingua only where they do not."""

import re
from collections import Counter
from functools import lru_cache
from typing import Any

_SAMPLE = 4000  # characters that are looked at; more does not change the answer
_LEAST = 3  # letters below which nothing is said
_HINT_BELOW = 40  # letters below which a declared language that the script allows is believed
_WORDS = re.compile(r"[^\W\d_]+")

# Letters that one language of a script has and Russian or English has not.
_CYRILLIC_MARKS: tuple[tuple[str, str], ...] = (
    ("be", "ў"),
    ("kk", "әғқңұһ"),
    ("tg", "ҳҷӣӯ"),
    ("uk", "їєґ"),
    ("mk", "ѓќѕ"),
    ("sr", "ђћљњџј"),
    ("mn", "өү"),
)
_RUSSIAN_MARKS = "ыэё"
_ENGLISH = frozenset(
    {
        "the",
        "of",
        "and",
        "to",
        "in",
        "is",
        "that",
        "for",
        "on",
        "with",
        "said",
        "as",
        "was",
        "at",
        "by",
        "from",
        "a",
        "has",
    }
    | {"have", "will", "its", "it", "be", "are", "an", "this", "which", "not", "after", "over", "their", "s"}
)
_ENGLISH_SHARE = 0.22  # of words that are among these: no other Latin-script language reaches it
_SCRIPTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("kana", re.compile("[\u3041-\u30ff\uff66-\uff9d]")),
    ("hangul", re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]")),
    ("han", re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f]")),
    ("cyrillic", re.compile("[\u0400-\u052f]")),
    ("latin", re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")),
    ("arabic", re.compile("[\u0600-\u06ff\u0750-\u077f]")),
    ("hebrew", re.compile("[\u0590-\u05ff]")),
    ("greek", re.compile("[\u0370-\u03ff]")),
    ("thai", re.compile("[\u0e00-\u0e7f]")),
    ("devanagari", re.compile("[\u0900-\u097f]")),
    ("georgian", re.compile("[\u10a0-\u10ff]")),
    ("armenian", re.compile("[\u0530-\u058f]")),
    ("mongolian", re.compile("[\u1800-\u18af]")),
    ("tibetan", re.compile("[\u0f00-\u0fff]")),
)
# A Chinese character weighs about what a word of two and a half letters weighs in an alphabet.
_HAN_WEIGHT = 2.5
_KANA_SHARE = 0.05  # of kana in Japanese is 0.3 and more; a Chinese text that names a Japanese work has less
_ONE_LANGUAGE = {
    "han": "zh", "kana": "ja", "hangul": "ko", "hebrew": "he", "greek": "el", "thai": "th", "devanagari": "hi",
    "georgian": "ka", "armenian": "hy", "mongolian": "mn", "tibetan": "bo",
}  # fmt: skip
_SCRIPT_OF = {"en": "latin", "ru": "cyrillic", "zh": "han", "uk": "cyrillic", "ja": "kana"}
_LATIN = ("ENGLISH", "GERMAN", "FRENCH", "SPANISH", "PORTUGUESE", "ITALIAN", "POLISH", "TURKISH", "DUTCH", "CZECH",
          "VIETNAMESE", "INDONESIAN", "FINNISH", "SWEDISH", "ROMANIAN", "HUNGARIAN", "ESTONIAN", "LATVIAN",
          "LITHUANIAN", "LATIN")  # fmt: skip
_CYRILLIC = ("RUSSIAN", "UKRAINIAN", "BELARUSIAN", "BULGARIAN", "SERBIAN", "MACEDONIAN", "KAZAKH", "MONGOLIAN")


def detect_language(text: str, hint: str = "") -> str:
    """ISO 639-1 code of the language that most of a text is in; `und` where it has too few letters.

    Traditional and simplified Chinese are both `zh`. `hint` (a declared language) decides only for very short texts,
    and only where the script allows it.
    """
    sample = _sample(text)
    script, size = _script(sample)
    declared = hint.lower().replace("_", "-").split("-")[0]
    if size < _LEAST:
        return "und"
    if size < _HINT_BELOW and _SCRIPT_OF.get(declared) == script:
        return declared
    if script in _ONE_LANGUAGE:
        return _ONE_LANGUAGE[script]
    if script == "arabic":
        return "fa" if re.search("[پچژگ]", sample) else "ar"
    return _cyrillic(sample) if script == "cyrillic" else _latin(sample, declared)


def _sample(text: str) -> str:
    """The start and, of a long text, a part of the middle: pages in two languages are told by both."""
    if len(text) <= _SAMPLE:
        return text
    middle = len(text) // 2
    return text[: _SAMPLE // 2] + " " + text[middle : middle + _SAMPLE // 2]


def _script(sample: str) -> tuple[str, float]:
    """The script that carries most of the sample, with its weight in letters."""
    sizes = {name: float(len(found)) for name, pattern in _SCRIPTS if (found := pattern.findall(sample))}
    if not sizes:
        return "", 0
    kana, han = sizes.pop("kana", 0.0), sizes.pop("han", 0.0)
    if kana + han:
        sizes["kana" if kana > _KANA_SHARE * (kana + han) else "han"] = (kana + han) * _HAN_WEIGHT
    return max(sizes.items(), key=lambda item: (item[1], item[0]))


def _cyrillic(sample: str) -> str:
    lowered = sample.lower()
    count = Counter(lowered)
    total = sum(n for c, n in count.items() if "\u0400" <= c <= "\u052f")
    for code, marks in _CYRILLIC_MARKS:
        if sum(count[c] for c in marks) > total * 0.004:
            return code
    if count["і"] > total * 0.01:
        return "uk" if not count["ы"] else "be"
    russian = sum(count[c] for c in _RUSSIAN_MARKS)
    if russian > total * 0.005:
        return "ru"
    return _lingua("cyrillic", sample) or ("bg" if count["ъ"] > total * 0.01 else "ru")


def _latin(sample: str, declared: str) -> str:
    words = _WORDS.findall(sample.lower())
    if sum(word in _ENGLISH for word in words) >= _ENGLISH_SHARE * len(words):
        return "en"
    return _lingua("latin", sample) or declared or "und"


def _lingua(script: str, sample: str) -> str:
    found = _detector(script).detect_language_of(sample)
    return found.iso_code_639_1.name.lower() if found else ""


@lru_cache(maxsize=2)
def _detector(script: str) -> Any:
    """Loaded on the first text that needs it; the models of one script only, to keep memory small."""
    from lingua import Language, LanguageDetectorBuilder

    names = _LATIN if script == "latin" else _CYRILLIC
    languages = [getattr(Language, name) for name in names]
    # Trigrams alone: on texts of a paragraph they err as seldom, and load in a tenth of the time and memory.
    return LanguageDetectorBuilder.from_languages(*languages).with_low_accuracy_mode().build()
