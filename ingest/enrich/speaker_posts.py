"""Speakers whom a text names by their post: "the Chinese leader", «глава МИД КНР», 俄罗斯总统."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from ingest.enrich import posts
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


def by_post(words: str, lang: str, day: date | None) -> str | None:
    """The key of the person whom a stretch of text names by state and post; None for deputies and many states."""
    if _DEPUTY.search(words):
        return None
    named = {mention.key for mention in posts.find(words, lang, day)}
    if len(named) == 1:
        return named.pop()
    states = [s for s, pattern in _words(lang).states.items() if pattern.search(words)]
    if len(states) == 1 and not named and _words(lang).officials.search(words):
        return state_keys().get(states[0])
    return None


def described_as(text: str, words: str, lang: str, people: list[tuple[int, str]]) -> str | None:
    """The person last introduced with a title: "the premier" after "Premier Li". `people` are (start, key)."""
    for pattern in _words(lang).posts.values():
        title = pattern.search(words)
        if title:
            for start, key in reversed(people):
                if pattern.search(text, max(0, start - INTRODUCTION), start):
                    return key
    return None
