"""A sentence with one private-use character for each actor, so that patterns are plain regular expressions."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.enrich.event_actors import Actor, titles_of

# Private-use characters stand for actors: one range for those that act, one for mere places, one for pairs, one for
# pronouns. Each range holds far more than a sentence names; what exceeds it stays unmarked.
ACTOR, PLACE, PAIR, PRONOUN = 0xE000, 0xE800, 0xF000, 0xF400
RANGE = 0x3FF
ANY_MARK = "\ue000-\uf8ff"
# Gaps in code points: within a title, and within a coordination. Set on the even half of the development items.
TITLE_GAP, JOIN_GAP, HAN_JOIN_GAP = 60, 70, 14


@dataclass(frozen=True, slots=True)
class Marked:
    """A sentence with marks. `at[i]` is the offset in the text of the i-th character; `actors` by mark."""

    text: str
    at: tuple[int, ...]
    actors: dict[str, Actor]


def mark(text: str, start: int, end: int, actors: Sequence[Actor], lang: str) -> Marked:
    """The stretch from start to end with one private-use character for each actor or coordinated group."""
    inside = [a for a in actors if start <= a.start and a.end <= end]
    groups = _grouped(_merged(inside, text, lang), text, lang)
    out: list[str] = []
    at: list[int] = []
    named: dict[str, Actor] = {}
    here = start
    for number, actor in enumerate(groups[:RANGE]):
        out.append(text[here : actor.start])
        at.extend(range(here, actor.start))
        char = chr(_base(actor) + number)
        named[char] = actor
        out.append(char)
        at.append(actor.start)
        here = actor.end
    out.append(text[here:end])
    at.extend(range(here, end + 1))
    return Marked("".join(out), tuple(at), named)


def _base(actor: Actor) -> int:
    return {"place": PLACE, "pair": PAIR, "pronoun": PRONOUN}.get(actor.kind, ACTOR)


# Between two names of one Chinese-written state: an office of up to twelve characters, without a verb or preposition.
_HAN_TITLE = re.compile(r"[^，。；：！？、和与同跟向对把被将为在的就于由给让称说是有已曾未不至从自访会批]{0,12}$")


def _merged(actors: Sequence[Actor], text: str, lang: str) -> list[Actor]:
    """Neighbours of one state with only titles between are one actor: "Chinese Foreign Minister Wang Yi"."""
    merged: list[Actor] = []
    titles = titles_of(lang)
    for actor in actors:
        last = merged[-1] if merged else None
        if last and last.states and last.states == actor.states and "pronoun" not in (last.kind, actor.kind):
            gap = text[last.end : actor.start]
            if len(gap) <= TITLE_GAP and (titles.match(gap) or (lang == "zh" and _HAN_TITLE.match(gap))):
                kind = "name" if actor.kind == "name" else last.kind
                merged[-1] = Actor(last.start, actor.end, last.states, kind)
                continue
        merged.append(actor)
    return merged


def _grouped(actors: list[Actor], text: str, lang: str) -> list[Actor]:
    """Coordinated actors of different states become one group with several states."""
    grouped: list[Actor] = []
    titles = titles_of(lang)
    for actor in actors:
        last = grouped[-1] if grouped else None
        if last and _joins(last, actor, text, lang, titles):
            states = tuple(dict.fromkeys((*last.states, *actor.states)))
            grouped[-1] = Actor(last.start, actor.end, states, last.kind if last.kind != "adjective" else actor.kind)
        else:
            grouped.append(actor)
    return grouped


# Words between a conjunction and the next actor, and between an attributive and the conjunction: nouns and numbers,
# no verb. English verbs are told by being neither a number, nor a title, nor capitalised; Russian ones by their ending.
_COUNTS = r"(?:(?:the|its|his|her|two|three|four|five|six|several|some|other|fellow|\d+)\s+)"
_EN_JOIN = re.compile(
    r"^(?P<head>(?:\s+[A-Za-z0-9-]+){0,3})(?:,\s+|,?\s+and\s+|\s*[-–—]\s*|,?\s+along with\s+)"
    rf"{_COUNTS}*(?P<rest>(?:[A-Z][\w-]+\s+){{0,2}})$"
)
_RU_NOUN = (
    r"(?!(?:в|во|на|с|со|к|о|об|от|из|за|не|что|как|но|а|для|по|у)\s)"
    r"(?!\w*(?:л|ла|ли|ло|ет|ют|ит|ят|ут|ют|ать|ить|еть|лся|лись)\s)[\w-]+\s+"
)
_RU_JOIN = re.compile(
    rf"^(?P<head>\s+(?:{_RU_NOUN}){{0,3}})?(?:,\s+|\s*и\s+|\s*с\s+|\s*[-–—]\s*)(?P<rest>(?:{_RU_NOUN}){{0,4}})$"
)


def _joins(a: Actor, b: Actor, text: str, lang: str, titles: re.Pattern[str]) -> bool:
    if not a.states or not b.states or "place" in (a.kind, b.kind):
        return False
    gap = text[a.end : b.start]
    if lang == "zh":
        pattern = rf"(?:{titles.pattern[:-1]})(?:和|与|同|、|以及|及|跟)?(?:的)?$"
        return (
            len(gap) <= HAN_JOIN_GAP
            and bool(re.match(pattern, gap))
            and (bool(gap) or a.kind == b.kind or a.end - a.start == 1)
        )
    return len(gap) <= JOIN_GAP and (_joins_by_titles(gap, titles) or _joins_by_nouns(a, gap, lang))


def _joins_by_titles(gap: str, titles: re.Pattern[str]) -> bool:
    parted = re.match(
        r"^(?P<titles>.*?)(?P<join>,\s*|,?\s+(?:and|и|с)\s+(?:the\s+|its\s+|his\s+|her\s+)?|\s*[-–—]\s*)(?P<rest>.*)$",
        gap,
    )
    return bool(parted and titles.match(parted["titles"] + " ") and titles.match(parted["rest"] or " "))


def _joins_by_nouns(a: Actor, gap: str, lang: str) -> bool:
    """ "two Russian Tu-95s and two Chinese H-6s": the head noun of an attributive may stand before the conjunction."""
    found = (_RU_JOIN if lang == "ru" else _EN_JOIN).match(gap)
    return bool(found and (a.kind == "adjective" or not (found["head"] or "").strip()))
