"""Events: who did what to whom, coded in PLOVER types from patterns over sentences whose actors are marked.

A pattern that fits is coded only where nothing around its trigger makes the act a denial, a plan, a hope, a condition
or a question. A mutual act is two events, one each way. Codebook: PLOVER draft 0.8 of 17 September 2021; deviations
of the project are listed in docs/reading.md.
"""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice

from ingest.enrich.base import Reading
from ingest.enrich.event_actors import Actor, CountryOf, find_actors, leading_pair
from ingest.enrich.event_filters import doubtful, event_date
from ingest.enrich.event_marks import Marked, mark
from ingest.enrich.event_patterns import Pattern, patterns
from ingest.enrich.event_scores import goldstein
from ingest.enrich.han import simplified
from ingest.enrich.quote_marks import LONGEST
from ingest.enrich.spans import Ordered
from ingest.model import Entity, Event, Quote, Sentence

# A sentence longer than this is a list or a page without marks: it is not searched.
LONGEST_SENTENCE = 1200
# A shorter one tells of no act: it has no room for two states and a verb.
SHORTEST_SENTENCE = 4
# A text of 100,000 characters has fewer sentences than this, unless it is a table.
MOST_SENTENCES = 2000
# An act of more states than this at once is multilateral, not dyadic.
MOST_PARTIES = 3
TWO = 2
# No article tells of more acts than this; the development items hold at most twelve.
MOST_EVENTS = 60


class EventEnricher:
    """`Reading` -> events. Reads entities and quotes; offsets are code points of `Reading.text`."""

    name = "events"
    version = "2"
    reads: tuple[str, ...] = ("entities", "quotes")
    adds = "events"

    def __call__(self, doc: Reading, /) -> tuple[Event, ...]:
        return find_events(
            doc.text, doc.lang, doc.sentences, doc.entities, doc.quotes, country=doc.gazetteer.country, day=doc.day
        )


@dataclass(slots=True)
class _Article:
    text: str
    lang: str
    sentences: Sequence[Sentence]
    quotes: Ordered[Quote]
    country: CountryOf
    day: dt.date | None
    actors: Ordered[Actor]
    folded: str = ""  # what patterns are matched on: Chinese in simplified characters, offsets unchanged
    pair: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()  # the pair as it stood before the sentence in hand
    subject: tuple[str, ...] = ()  # states of the last sentence's first actor, for pronouns
    found: dict[tuple[str, str, str], Event] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Hit:
    pattern: Pattern
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    mutual: bool
    start: int
    end: int
    confidence: float


def find_events(
    text: str,
    lang: str,
    sentences: Sequence[Sentence],
    entities: Sequence[Entity],
    quotes: Sequence[Quote],
    *,
    country: CountryOf,
    day: dt.date | None = None,
) -> tuple[Event, ...]:
    """Events of a text by first mention, each (source, target, type) once, with the surest evidence."""
    lang = lang if lang in ("ru", "zh") else "en"
    folded = simplified(text) if lang == "zh" else text
    actors = find_actors(folded, lang, entities, country)
    article = _Article(
        text, lang, sentences, Ordered(quotes), country, day, Ordered(actors), folded, leading_pair(actors)
    )
    for sentence in sentences[:MOST_SENTENCES]:
        fit = SHORTEST_SENTENCE <= sentence.end - sentence.start <= LONGEST_SENTENCE
        if fit and len(article.found) < MOST_EVENTS:
            _read_sentence(article, sentence)
    return tuple(sorted(article.found.values(), key=lambda e: (e.start, e.source, e.target, e.type)))


def _read_sentence(article: _Article, sentence: Sentence) -> None:
    marked = mark(
        article.folded,
        sentence.start,
        sentence.end,
        article.actors.between(sentence.start, sentence.end),
        article.lang,
    )
    states = tuple(dict.fromkeys(s for a in marked.actors.values() for s in a.states if a.kind != "place"))
    article.earlier = article.pair
    if len(states) == TWO:
        article.pair = states
    taken: list[tuple[int, int, str]] = []
    # The verb that comes first governs: what an accusation or a plea speaks of is not told as done.
    for hit in sorted(_hits(article, marked, sentence), key=lambda h: (h.start, h.pattern.line)):
        clash = [t for t in taken if t[0] < hit.end and hit.start < t[1] and t[2] != hit.pattern.type]
        if clash:
            continue
        taken.append((hit.start, hit.end, hit.pattern.type))
        _add(article, hit, sentence)
    first = next((a for a in marked.actors.values() if a.states and a.kind != "place"), None)
    if first:
        article.subject = first.states


def _hits(article: _Article, marked: Marked, sentence: Sentence) -> Iterable[_Hit]:
    lowered = marked.text.lower()
    for pattern in patterns(article.lang):
        if pattern.hints and not any(h in lowered for h in pattern.hints):
            continue
        for match in _tries(pattern, marked):
            hit = _settle(article, pattern, match, marked, sentence)
            if hit:
                yield hit


def _tries(pattern: Pattern, marked: Marked) -> list[re.Match[str]]:
    found = list(islice(pattern.regex.finditer(marked.text), 8))
    if not found and pattern.conjoined:
        found = list(islice(pattern.conjoined.finditer(marked.text), 3))
    return found


def _settle(
    article: _Article, pattern: Pattern, match: re.Match[str], marked: Marked, sentence: Sentence
) -> _Hit | None:
    start, end = marked.at[match.start()], marked.at[min(match.end(), len(marked.at) - 1)]
    sides = _sides(article, pattern, match, marked, start)
    if sides is None:
        return None
    if doubtful(marked.text, match, article.lang, article.text[sentence.start : sentence.end]):
        return None
    sources, targets, confidence = sides
    return _Hit(pattern, sources, targets, pattern.mutual, start, end, confidence)


def _sides(
    article: _Article, pattern: Pattern, match: re.Match[str], marked: Marked, start: int
) -> tuple[tuple[str, ...], tuple[str, ...], float] | None:
    slots = {
        name: _states(article, marked, char, match.start(name))
        for name, char in match.groupdict().items()
        if name in "STABML" and char
    }
    if pattern.quoted:
        speaker = _speaker_state(article, start)
        return (speaker, slots.get("T", ()), 0.6) if speaker else None
    if pattern.mutual:
        return _mutual_sides(article, pattern, slots)
    both = tuple(dict.fromkeys((*slots.get("A", ()), *slots.get("B", ()))))  # "A joined B in condemning T"
    source, target = slots.get("S") or slots.get("M") or both or None, slots.get("T") or slots.get("L")
    if "S" not in match.re.groupindex and pattern.conjoined:
        source = _first_actor(article, marked, match.start())
        return (source, target, 0.6) if source and target else None
    if source is None and target is not None:
        source = _other(article, target)
    elif target is None and source is not None:
        target = _other(article, source)
    return (source, target, 0.8) if source and target else None


def _mutual_sides(
    article: _Article, pattern: Pattern, slots: dict[str, tuple[str, ...]]
) -> tuple[tuple[str, ...], tuple[str, ...], float] | None:
    if "M" in slots:
        states = slots["M"]
        return (states, states, 0.85) if 1 < len(states) <= MOST_PARTIES else None
    first, second = slots.get("A"), slots.get("B") or slots.get("L")
    if pattern.source.startswith("P ") and second:  # a trilateral: the pair spoken of, and a third
        first = tuple(s for s in article.pair if s not in second) or None
    if first and second:
        both = tuple(dict.fromkeys((*first, *second)))
        return (both, both, 0.85) if len(both) > 1 else None
    one = first or second
    if one:
        other = _other(article, one)
        return ((*one, *other), (*one, *other), 0.55) if other else None
    return (article.pair, article.pair, 0.5) if len(article.pair) == TWO else None


def _first_actor(article: _Article, marked: Marked, before: int) -> tuple[str, ...]:
    """The states of the sentence's first actor, where it stands before a conjoined verb."""
    for char in marked.text[:before]:
        actor = marked.actors.get(char)
        if actor and actor.kind != "place":
            return _states(article, marked, char, 0)
    return ()


def _states(article: _Article, marked: Marked, char: str, at: int) -> tuple[str, ...]:
    actor = marked.actors[char]
    if actor.kind == "pair":
        return _pair_before(article, marked, at)
    if actor.kind == "pronoun":
        return article.subject[:1]
    return actor.states


def _pair_before(article: _Article, marked: Marked, at: int) -> tuple[str, ...]:
    """ "The two sides": two states named before in the sentence, else the pair of the sentences before it."""
    named = [marked.actors[c].states for c in marked.text[:at] if c in marked.actors]
    before = tuple(dict.fromkeys(state for states in named for state in states))
    together = next((states for states in reversed(named) if len(states) == TWO), ())  # 俄美双方
    pair = together or (before if len(before) == TWO else article.earlier or article.pair)
    return pair if len(pair) == TWO else ()


def _other(article: _Article, states: tuple[str, ...]) -> tuple[str, ...]:
    """The other side of the pair that the text speaks of, where these are one side of it."""
    if len(states) == 1 and len(article.pair) == TWO and states[0] in article.pair:
        return tuple(s for s in article.pair if s != states[0])
    return ()


def _speaker_state(article: _Article, at: int) -> tuple[str, ...]:
    for quote in article.quotes.between(at - LONGEST, at + 1):
        if at < quote.end and quote.speaker:
            state = article.country(quote.speaker)
            if state:
                return (state,)
    return ()


def _add(article: _Article, hit: _Hit, sentence: Sentence) -> None:
    evidence = article.text[sentence.start : sentence.end]
    date = event_date(evidence, article.lang, article.day)
    for source in hit.sources:
        for target in hit.targets:
            key = (source, target, hit.pattern.type)
            had = article.found.get(key)
            if source == target or (had and had.confidence >= hit.confidence):
                continue
            article.found[key] = Event(
                source=source, target=target, type=hit.pattern.type, evidence=evidence, start=sentence.start,
                end=sentence.end, score=goldstein(hit.pattern.type), confidence=hit.confidence, date=date,
                mutual=hit.mutual, rule=f"{article.lang}:{hit.pattern.line} {hit.pattern.source}",
            )  # fmt: skip
