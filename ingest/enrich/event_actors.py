"""Sentences with their actors marked: every state, its people, organisations and adjectives become one character.

Patterns of events are then plain regular expressions over the marked sentence, and a match leads back to offsets and
states. Names come from the entities of the article (through the gazetteer's country), adjectives, short forms and
capitals that stand for governments from `lexicons/event_actors.toml`.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from ingest.model import Entity

# Private-use characters stand for actors: one range for those that act, one for mere places, one for pairs, one for
# pronouns. Each range holds far more than a sentence names; what exceeds it stays unmarked.
ACTOR, PLACE, PAIR, PRONOUN = 0xE000, 0xE800, 0xF000, 0xF400
RANGE = 0x3FF
ANY_MARK = "\ue000-\uf8ff"
# Gaps in code points: between a state's adjective and a person it dates, within a title, and within a coordination.
# Set on the even half of the development items.
BESIDE, TITLE_GAP, JOIN_GAP, HAN_JOIN_GAP = 40, 60, 70, 14
CountryOf = Callable[[str | None], str]


@dataclass(frozen=True, slots=True)
class Actor:
    """States that a stretch of text stands for; `kind` is name, state, adjective, place, pair or pronoun."""

    start: int
    end: int
    states: tuple[str, ...]
    kind: str


@dataclass(frozen=True, slots=True)
class Marked:
    """A sentence with marks. `at[i]` is the offset in the text of the i-th character; `actors` by mark."""

    text: str
    at: tuple[int, ...]
    actors: dict[str, Actor]


@dataclass(frozen=True, slots=True)
class _Words:
    adjectives: re.Pattern[str]
    states: dict[str, str]
    titles: re.Pattern[str]
    pairs: re.Pattern[str]
    pronouns: re.Pattern[str]


@cache
def _words(lang: str) -> _Words:
    table: dict[str, Any] = tomllib.loads(
        (files("ingest.enrich") / "lexicons" / "event_actors.toml").read_text(encoding="utf-8")
    )[lang]
    states: dict[str, str] = {}
    parts: list[str] = []
    for state, words in table["adjectives"].items():
        parts += _forms(states, state, words.split(), stem=lang == "ru")
    for state, words in table["names"].items():
        parts += _forms(states, state, words.split(";"), stem=False)
    parts.sort(key=lambda p: (-len(p), p))
    edge = "" if lang == "zh" else r"\b"
    tail = {"ru": r"\w*"}.get(lang, "")
    stems = "|".join(p + (tail if states[p.lower()].startswith("~") else "") for p in map(str, parts))
    words = table["words"]
    return _Words(
        adjectives=re.compile(rf"{edge}(?:{stems}){edge}", re.IGNORECASE if lang == "ru" else 0),
        states={k: v.lstrip("~") for k, v in states.items()},
        titles=_title_gap(words["titles"].split(), lang),
        pairs=re.compile(rf"{edge}(?:{words['pairs']}){edge}", re.IGNORECASE),
        pronouns=re.compile(rf"{edge}(?:{words['pronouns']}){edge}", re.IGNORECASE),
    )


def _forms(states: dict[str, str], state: str, words: list[str], *, stem: bool) -> list[str]:
    for word in words:
        states.setdefault(word.lower(), ("~" if stem else "") + state)
    return words


def _title_gap(words: list[str], lang: str) -> re.Pattern[str]:
    body = "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True))
    if lang == "zh":
        return re.compile(rf"(?:{body}|、)*$")
    ending = r"\w*" if lang == "ru" else r"(?:s|['’]s)?"
    return re.compile(rf"[\s,]*(?:['’]s\s+)?(?:(?:{body}){ending}[\s,-]+){{0,8}}\s*$", re.IGNORECASE)


def find_actors(text: str, lang: str, entities: Sequence[Entity], country: CountryOf) -> tuple[Actor, ...]:
    """Actors of a whole text in order, without overlap; entities go first, the lexicon fills what they leave."""
    words = _words(lang)
    found = [a for e in entities if (a := _of_entity(e, country, words, lang)) is not None]
    blocked = [
        (e.start, e.end) for e in entities if e.type in ("MISC", "LOC") and _of_entity(e, country, words, lang) is None
    ]
    for pattern, kind in ((words.pairs, "pair"), (words.adjectives, "adjective"), (words.pronouns, "pronoun")):
        for m in pattern.finditer(text):
            if any(start < m.end() and m.start() < end for start, end in blocked):
                continue
            if kind == "pronoun" and lang == "zh" and text[m.end() : m.end() + 1] in "们們他中它余次实":
                continue
            found.append(Actor(m.start(), m.end(), _lexicon_states(m.group(), words, kind), kind))
    found = _spread(_without_overlap(found), text)
    return tuple(_as_place(_with_marks(a, text), text, lang) for a in found)


def _of_entity(entity: Entity, country: CountryOf, words: _Words, lang: str) -> Actor | None:
    if entity.type == "MISC":
        return None
    state = words.states.get(entity.surface.lower(), "") or country(entity.key)
    if not state and lang == "ru":
        found = words.adjectives.match(entity.surface)
        state = _lexicon_states(found.group(), words, "adjective")[0] if found else ""
    kind = {"PER": "name", "ORG": "name", "LOC": "state"}[entity.type]
    if not state and entity.type == "PER":
        return Actor(entity.start, entity.end, (), "name")  # takes the state of an adjective beside it
    return Actor(entity.start, entity.end, (state,), kind) if state else None


def _lexicon_states(surface: str, words: _Words, kind: str) -> tuple[str, ...]:
    if kind in ("pair", "pronoun"):
        return ()
    folded = surface.lower()
    if folded in words.states:
        return (words.states[folded],)
    fits = [k for k in words.states if folded.startswith(k)]
    return (words.states[max(fits, key=len)],) if fits else ()


def _without_overlap(found: list[Actor]) -> list[Actor]:
    order = {"name": 0, "state": 0, "pair": 1, "adjective": 2, "pronoun": 3}
    kept: list[Actor] = []
    ends: dict[int, Actor] = {}
    used: set[int] = set()
    for actor in sorted(found, key=lambda a: (order[a.kind], a.start - a.end, a.start)):
        span = range(actor.start, actor.end)
        if (
            not used.intersection((actor.start, actor.end - 1))
            and not _is_organ_of_another(actor, ends.get(actor.start))
            and (actor.states or actor.kind != "adjective")
        ):
            kept.append(actor)
            ends[actor.end] = actor
            used.update(span)
    return sorted(kept, key=lambda a: a.start)


def _is_organ_of_another(actor: Actor, before: Actor | None) -> bool:
    """委内瑞拉外交部: an organ that names no state is of the one written right before it."""
    if before is None or actor.kind != "adjective" or before.states == actor.states:
        return False
    return min(before.end - before.start, actor.end - actor.start) > 1


def _spread(actors: list[Actor], text: str) -> list[Actor]:
    """A person whom the gazetteer does not know is of the state named just before: "Russian envoy Ivan Petrov"."""
    settled: list[Actor] = []
    for actor in actors:
        if actor.kind == "name" and not actor.states:
            last = settled[-1] if settled else None
            near = last is not None and last.states and len(last.states) == 1 and 0 <= actor.start - last.end <= BESIDE
            if last is None or not near or re.search(r"[.;:。；：]", text[last.end : actor.start]):
                continue
            settled.append(replace(actor, states=last.states))
        else:
            settled.append(actor)
    return settled


def _with_marks(actor: Actor, text: str) -> Actor:
    """«Росатом» with its quotation marks is one actor, so that the marks do not part it from its verb."""
    if text[actor.start - 1 : actor.start] in ("«", "“", '"') and text[actor.end : actor.end + 1] in ("»", "”", '"'):
        return replace(actor, start=actor.start - 1, end=actor.end + 1)
    return actor


_EVENT_AFTER = re.compile(
    r"\s?(?:峰会|宣言|公约|条约|共识|协定|会议|summit|Summit|declaration|Declaration|Accords|Treaty|Protocol|communique)|会晤|会谈[以后]|海(?![军关警事])|\s(?:море|моря|морем|заливе?|проливе?)\b"
)
_WATERS_BEFORE = re.compile(r"\b(?:Sea|Gulf|Bay|Strait|Straits) of (?:the )?$")
_PLACE_BEFORE = {
    "en": re.compile(
        r"\b(?:in|at|near|from|outside|across|inside|into|around|off|through)\s+(?:the\s+|central\s+|eastern\s+|northern\s+|north-eastern\s+|southern\s+|western\s+|far\s+)*$",
        re.IGNORECASE,
    ),
    "ru": re.compile(r"\b(?:в|во|на|из|по|под|через|около|близ)\s+(?:\w+(?:ой|ом|ем|ую|ий|ый)\s+)?$", re.IGNORECASE),
    "zh": re.compile(r"(?:在|于|於|抵达|抵達|赴|自|来到|前往|飞抵|位于)$"),
}


def _as_place(actor: Actor, text: str, lang: str) -> Actor:
    if actor.kind not in ("state", "adjective"):
        return actor
    before = text[max(0, actor.start - 30) : actor.start]
    if _EVENT_AFTER.match(text, actor.end) or _WATERS_BEFORE.search(before):
        return replace(actor, kind="place")
    if actor.kind == "adjective":
        return actor
    return replace(actor, kind="place") if _PLACE_BEFORE[lang].search(before) else actor


# Marking ------------------------------------------------------------------------------------------------------------


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
    titles = _words(lang).titles
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
    titles = _words(lang).titles
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


def leading_pair(actors: Sequence[Actor]) -> tuple[str, ...]:
    """The two states that a text speaks of most, by mentions; a shorter tuple where it names fewer."""
    counts = Counter(state for a in actors for state in a.states)
    return tuple(state for state, _ in counts.most_common(2))
