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

from ingest.enrich.spans import Ordered
from ingest.model import Entity

# Code points between a state's adjective and a person unknown to the gazetteer; set on the even half.
BESIDE = 40
CountryOf = Callable[[str | None], str]


@dataclass(frozen=True, slots=True)
class Actor:
    """States that a stretch of text stands for; `kind` is name, state, adjective, place, pair or pronoun."""

    start: int
    end: int
    states: tuple[str, ...]
    kind: str


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


def titles_of(lang: str) -> re.Pattern[str]:
    """What may stand between two names of one state: offices and possessives, to the end of the gap."""
    return _words(lang).titles


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
    blocked = Ordered(e for e in entities if e.type in ("MISC", "LOC") and _of_entity(e, country, words, lang) is None)
    for pattern, kind in ((words.pairs, "pair"), (words.adjectives, "adjective"), (words.pronouns, "pronoun")):
        for m in pattern.finditer(text):
            if blocked.overlapping(m.start(), m.end()):
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


def leading_pair(actors: Sequence[Actor]) -> tuple[str, ...]:
    """The two states that a text speaks of most, by mentions; a shorter tuple where it names fewer."""
    counts = Counter(state for a in actors for state in a.states)
    return tuple(state for state, _ in counts.most_common(2))
