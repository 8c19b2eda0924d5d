"""Passages with the speech that they hold: kind, words and speaker."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.enrich.events import find_events
from ingest.enrich.gazetteer import Gazetteer
from ingest.enrich.phrases import find_phrases
from ingest.enrich.quote_marks import find_marks
from ingest.enrich.quotes import find_quotes
from ingest.enrich.sentences import split_sentences
from ingest.enrich.stance import find_stance
from ingest.model import Entity, Quote

DATA = Path(__file__).parents[1] / "data" / "ingest_enrich"
DAY = date(2023, 8, 1)


def cases() -> list[tuple[str, str, str]]:
    found = []
    for lang in ("en", "ru", "zh"):
        for line in (DATA / f"quotes_{lang}.txt").read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                wanted, _, passage = line.partition("\t")
                found.append((lang, wanted, passage))
    return found


def read(lang: str, passage: str) -> tuple[Quote, ...]:
    gazetteer = Gazetteer.load()
    entities = [Entity(m.surface, m.start, m.end, m.type, m.key) for m in gazetteer.find(passage, lang)]
    sentences = split_sentences(passage, lang)
    return find_quotes(passage, lang, sentences, entities, country=gazetteer.country, day=DAY)


@pytest.mark.parametrize(("lang", "wanted", "passage"), cases())
def test_a_passage_holds_the_speech_it_holds(lang: str, wanted: str, passage: str) -> None:
    got = {f"{q.kind}|{q.text}|{q.speaker or '-'}" for q in read(lang, passage)}
    assert got == (set() if wanted == "-" else set(wanted.split(" ; ")))


def test_offsets_are_those_of_the_words_and_every_quote_says_why() -> None:
    for lang, _, passage in cases():
        for quote in read(lang, passage):
            assert passage[quote.start : quote.end] == quote.text
            assert quote.rule
            assert 0 < quote.confidence <= 1


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("«а „б“ в»", ["а „б“ в", "б"]),
        ("“a ‘b’ c”", ["a ‘b’ c", "b"]),
        ("「甲『乙』丙」", ["甲『乙』丙", "乙"]),
        ('He said "no" and left.', ["no"]),
        ("China’s and Russia’s words", []),
        ("«не закрыто", []),
    ],
)
def test_marks_of_three_traditions_nest(text: str, inside: list[str]) -> None:
    assert [text[q.start : q.end] for q in find_marks(text)] == inside


MARKS = list("«»“”\"'「」，。. \n中俄说\u202e🙂\x00")
WORDS = [
    "said",
    " that ",
    "заявил",
    ", что ",
    "Путин",
    "Xi Jinping",
    "signed",
    "подписали",
    "签署",
    "Russia",
    " and ",
    "x" * 40,
]
PIECES = st.lists(st.sampled_from(MARKS + WORDS), max_size=60)


@given(PIECES, st.sampled_from(["en", "ru", "zh", "und"]))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read_and_offsets_match(pieces: list[str], lang: str) -> None:
    text = "".join(pieces)
    gazetteer = Gazetteer.load()
    entities = [Entity(m.surface, m.start, m.end, m.type, m.key) for m in gazetteer.find(text, lang)]
    sentences = split_sentences(text, lang)
    quotes = find_quotes(text, lang, sentences, entities, country=gazetteer.country)
    events = find_events(text, lang, sentences, entities, quotes, country=gazetteer.country)
    phrases = find_phrases(text, lang, quotes)
    assert all(text[q.start : q.end] == q.text for q in quotes)
    assert all(text[e.start : e.end] == e.evidence for e in events)
    assert all(text[p.start : p.end] == p.surface for p in phrases)
    assert find_stance(text, lang, sentences, quotes, events)[0].holder == "author"
