"""Speakers whom a text names by their post: "the Chinese leader", «глава МИД КНР», 俄罗斯总统."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from ingest.enrich.lexicon import rows
from ingest.enrich.regex_lists import joined, table

# A title stands at most this far before the name it introduces, in code points.
INTRODUCTION = 40

_DEPUTY = re.compile(
    r"deputy|vice|former|assistant|aide|замест|вице|бывш|помощник|экс-|副|前任|助理|顾问|顧問|特使", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Words:
    states: dict[str, re.Pattern[str]]
    posts: dict[str, re.Pattern[str]]
    officials: re.Pattern[str]  # the officials of a state, unnamed, speak for the state


@cache
def _words(lang: str) -> _Words:
    found = table("cues_speakers")[lang]
    return _Words(
        states={
            name.removesuffix("_whole"): joined(found["states"], name.removesuffix("_whole"), 0)
            for name in found["states"]
        },
        posts={
            name.removesuffix("_whole"): joined(found["posts"], name.removesuffix("_whole")) for name in found["posts"]
        },
        officials=joined(found, "officials"),
    )


@cache
def state_keys() -> dict[str, str]:
    """ISO code -> key of the state, from the gazetteer's file of countries."""
    return {row[2]: row[0] for row in rows("countries") if row[2:3] != [""]}


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
    """The key of the person whom a stretch of text names by state and post; None for deputies and many states."""
    if _DEPUTY.search(words):
        return None
    if _words(lang).posts["spokesman"].search(words):
        return holder("RUS", "spokesman", day)
    states = [s for s, pattern in _words(lang).states.items() if pattern.search(words)]
    posts = [p for p, pattern in _words(lang).posts.items() if pattern.search(words)]
    if len(states) == 1 and not posts and _words(lang).officials.search(words):
        return state_keys().get(states[0])
    if len(states) != 1 or not posts:
        return None
    return holder(states[0], posts[0], day) or (holder(states[0], "head", day) if "head" in posts else None)


def described_as(text: str, words: str, lang: str, people: list[tuple[int, str]]) -> str | None:
    """The person last introduced with a title: "the premier" after "Premier Li". `people` are (start, key)."""
    for pattern in _words(lang).posts.values():
        title = pattern.search(words)
        if title:
            for start, key in reversed(people):
                if pattern.search(text, max(0, start - INTRODUCTION), start):
                    return key
    return None
