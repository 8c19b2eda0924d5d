"""Cues of reported speech: words of saying in three languages, from `lexicons/cues.toml`, as compiled patterns."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

# Finite forms that may follow a Russian stem; a participle or an infinitive reports nobody's words.
RUSSIAN_ENDING = r"(?:л[аио]?|[её]т|ют|ит|ят|ут|ат|у|ю|[её]м|им)?(?:ся|сь)?"
# Compounds in which a Chinese one-character cue says nothing.
CHINESE_NOT_BEFORE = (
    "小传傳据據来來学學解假游遊或听聽名简簡统統宣职職声聲自号號人昵对對相堪著俗合虽胡再可所按或诉訴别惯慣尊"
)
CHINESE_NOT_AFTER = "法明服为為作号號谓謂呼赞讚职職霸得道不上到起来來着"


@dataclass(frozen=True, slots=True)
class Cues:
    """Patterns of one language; each matches whole words (Chinese: the characters, outside known compounds)."""

    say: re.Pattern[str]
    think: re.Pattern[str]
    call: re.Pattern[str]
    any: re.Pattern[str]
    source: str


@cache
def cues(lang: str) -> Cues:
    """The compiled cues of `en`, `ru` or `zh`; any other language gets the English ones."""
    table = _table()[lang if lang in ("ru", "zh") else "en"]
    groups = {name: table.get(name, "").split() for name in ("say", "think", "call", "quote_only")}
    everything = [word for words in groups.values() for word in words]
    build = {"ru": _russian, "zh": _chinese}.get(lang, _english)
    return Cues(
        say=build(groups["say"]),
        think=build(groups["think"]),
        call=build(groups["call"]),
        any=build(everything),
        source=table.get("source", ""),
    )


@cache
def _table() -> dict[str, dict[str, str]]:
    path = files("ingest.enrich") / "lexicons" / "cues.toml"
    loaded: dict[str, dict[str, str]] = tomllib.loads(path.read_text(encoding="utf-8"))
    return loaded


def _longest_first(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda w: (-len(w), w)))


def _english(words: list[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_longest_first(words)})\b", re.IGNORECASE)


def _russian(stems: list[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_longest_first(stems)}){RUSSIAN_ENDING}\b", re.IGNORECASE)


def _chinese(words: list[str]) -> re.Pattern[str]:
    long = [w for w in words if len(w) > 1]
    short = "".join(w for w in words if len(w) == 1)
    single = rf"|(?<![{CHINESE_NOT_BEFORE}])[{short}](?![{CHINESE_NOT_AFTER}])" if short else ""
    return re.compile(rf"(?:{_longest_first(long)}{single})" if long else single.lstrip("|"))
