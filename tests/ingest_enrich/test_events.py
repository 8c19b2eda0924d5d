"""Sentences with the events that they tell of, and sentences of which none may be coded."""

from pathlib import Path

import pytest

from ingest.enrich.event_patterns import patterns
from ingest.enrich.event_scores import goldstein
from ingest.enrich.events import find_events
from ingest.enrich.gazetteer import Gazetteer
from ingest.enrich.sentences import split_sentences
from ingest.model import EVENT_TYPES, Entity

DATA = Path(__file__).parents[1] / "data" / "ingest_enrich"
Triples = set[tuple[str, str, str]]


def cases() -> list[tuple[str, str, str]]:
    found = []
    for lang in ("en", "ru", "zh"):
        for line in (DATA / f"events_{lang}.txt").read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                wanted, _, sentence = line.partition("\t")
                found.append((lang, wanted, sentence))
    return found


def expected(wanted: str) -> Triples:
    triples: Triples = set()
    for part in wanted.split(";"):
        if part.strip() != "-":
            source, target, kind = part.split()
            triples.add((source, target, kind.rstrip("=")))
            if kind.endswith("="):
                triples.add((target, source, kind.rstrip("=")))
    return triples


def code(lang: str, sentence: str) -> Triples:
    gazetteer = Gazetteer.load()
    entities = [Entity(m.surface, m.start, m.end, m.type, m.key) for m in gazetteer.find(sentence, lang)]
    events = find_events(sentence, lang, split_sentences(sentence, lang), entities, (), country=gazetteer.country)
    return {(e.source, e.target, e.type) for e in events}


@pytest.mark.parametrize(("lang", "wanted", "sentence"), cases())
def test_a_sentence_is_coded_as_it_reads(lang: str, wanted: str, sentence: str) -> None:
    assert code(lang, sentence) == expected(wanted)


@pytest.mark.parametrize("lang", ["en", "ru", "zh"])
def test_each_pattern_has_a_known_type_and_a_trigger(lang: str) -> None:
    for pattern in patterns(lang):
        assert pattern.type in EVENT_TYPES
        assert goldstein(pattern.type) != 0
        assert pattern.hints, pattern.source
