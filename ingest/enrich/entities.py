"""Named people, organisations, places and things: the gazetteer first, a model for what it lacks, then short forms.

Conventions of the guide: countries are LOC, adjectives and demonyms are no entities, the longest span wins, every
mention counts.

A name of the gazetteer keeps its type and key whatever the model says of the same characters, unless the model
found a longer organisation around it.
"""

import re
from dataclasses import dataclass

from ingest.enrich import ner_chinese, ner_english, ner_russian, patterns
from ingest.enrich.base import Reading
from ingest.enrich.gazetteer import Match
from ingest.enrich.normal_forms import is_noise, normal_form
from ingest.enrich.shortforms import resolve_short_forms
from ingest.enrich.support import supported
from ingest.model import Entity, EntityType

# How sure each source of an entity is: round numbers set by hand, in the order that the bench shows (the gazetteer errs
# least, models most). They rank the sources; they are no measured precisions.
CONFIDENCE = {"gazetteer": 0.98, "pattern": 0.85, "model": 0.8, "short-form": 0.9}
_INITIALS = re.compile(r"(?:\b[A-ZА-ЯЁ]\.\s?){1,2}$")


_EDGES = "\"'«»“”„‘’「」『』《》〈〉()（）,，。:：;；、—–-·"
_PAIRS = {"»": "«", "”": "“", ")": "(", "）": "（", "」": "「", "』": "『", "》": "《"}
# LAC joins a country to what follows it; only what ends as an organisation's name is longer than the country.
_HAN_ORGANISATION = re.compile(
    "(?:公司|集团|集團|银行|銀行|[部局委院会會社厅廳署党黨报報台馆館厂廠所行]|大学|大學|学院|學院|中心|组织|組織|联盟|聯盟|基金|军|軍|舰队|艦隊|委员会|總局|总局)$"
)


@dataclass(frozen=True, slots=True)
class Span:
    start: int
    end: int
    type: EntityType
    key: str | None
    rule: str


class Entities:
    name = "entities"
    version = "1"
    reads: tuple[str, ...] = ("article",)
    adds = "entities"

    def __init__(self, *, models: bool = True) -> None:
        self.models = models

    def __call__(self, doc: Reading) -> tuple[Entity, ...]:
        known = [_with_initials(doc.text, _known(m)) for m in supported(doc)]
        shaped = [Span(p.start, p.end, p.type, p.key, "pattern") for p in patterns.find(doc)]
        found = merge(doc.text, merge(doc.text, known, shaped), self._model_spans(doc))
        spans = resolve_short_forms(doc, found)
        return tuple(_entity(doc, s) for s in sorted(spans, key=lambda s: s.start))

    def _model_spans(self, doc: Reading) -> list[Span]:
        if not self.models:
            return []
        rule = {"en": "model:spacy", "ru": "model:slovnet", "zh": "model:lac"}.get(doc.lang, "")
        match doc.lang:
            case "en":
                found = ner_english.find(doc.text)
            case "ru":
                found = ner_russian.find(doc.text)
            case "zh":
                found = ner_chinese.find(doc.text, doc.sentences)
            case _:
                found = []
        spans = [Span(*_trimmed(doc.text, s, e), t, None, rule) for a, b, t in found for s, e in _lines(doc.text, a, b)]
        return [s for s in spans if s.start < s.end and not is_noise(doc.text[s.start : s.end], s.type, doc.lang)]


def merge(text: str, known: list[Span], guessed: list[Span]) -> list[Span]:
    """Spans without overlap: what is known, unless a guess is a longer organisation, person or place around it."""
    kept = list(known)
    for guess in guessed:
        inside = [k for k in kept if k.start < guess.end and guess.start < k.end]
        if not inside:
            kept.append(guess)
        elif all(_gives_way(text, k, guess) for k in inside):
            kept = [k for k in kept if k not in inside]
            kept.append(guess)
    return kept


def _gives_way(text: str, known: Span, guess: Span) -> bool:
    """Whether a known name is only a part of a longer name that was guessed."""
    if not (
        guess.start <= known.start and known.end <= guess.end and guess.end - guess.start > known.end - known.start
    ):
        return False
    if guess.rule == "model:lac" and not _HAN_ORGANISATION.search(text[guess.start : guess.end]):
        return False
    if guess.type == "ORG":
        return known.type == "LOC" or (known.type == "ORG" and known.end == guess.end)
    if guess.type == known.type == "LOC":
        return guess.rule == "model:slovnet" and known.end == guess.end and text[guess.start].isupper()
    return guess.type == known.type == "PER"


def _known(match: Match) -> Span:
    return Span(match.start, match.end, match.type, match.key, "gazetteer")


def _with_initials(text: str, span: Span) -> Span:
    """«В. Путин»: initials before a surname belong to the name."""
    if span.type != "PER":
        return span
    before = _INITIALS.search(text[max(0, span.start - 8) : span.start])
    return Span(span.start - len(before.group()), span.end, span.type, span.key, span.rule) if before else span


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A span without surrounding space, quotation marks and punctuation."""
    while start < end and (text[start].isspace() or text[start] in _EDGES):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in _EDGES):
        if _PAIRS.get(text[end - 1], "\n") in text[start : end - 1]:
            break  # the closing mark of what was opened inside the name: ОАО «Газпром»
        end -= 1
    return start, end


def _lines(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """A span cut where a line ends: the title and the first sentence never share a name."""
    return [(start + m.start(), start + m.end()) for m in re.finditer(r"[^\n\r]+", text[start:end])]


def _entity(doc: Reading, span: Span) -> Entity:
    surface = doc.text[span.start : span.end]
    key = span.key or normal_form(surface, span.type, doc.lang)
    confidence = CONFIDENCE[span.rule.split(":", maxsplit=1)[0]]
    return Entity(surface, span.start, span.end, span.type, key, doc.gazetteer.qid(span.key), confidence, span.rule)
