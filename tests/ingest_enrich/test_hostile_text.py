"""No text makes reading slow: each component of it takes a bounded time on what no article looks like."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.enrich.base import Reading
from ingest.enrich.spans import Ordered
from ingest.model import Article, Sentence

MARKS = "«»“”„「」『』‘’\"'().,:;…!?。，—-"
UNITS = [
    ". ",
    "a",
    "中",
    "said that ",
    "сказал, что ",
    "«a» ",
    "“俄罗斯”",
    "Putin, ",
    "China said. ",
    "no-limits ",
    "1 ",
]
SPOKEN = {
    "en": "“We are friends of China and do it well,” he said. ",
    "ru": "«Мы друзья и будем дружить всегда», — сказал Путин. ",
    "zh": "“我们是好朋友并且一直合作下去。”普京说。",
}
# Seconds of processor for one component on 100,000 characters; most take a tenth of it.
BOUND = 2.0


def slowest(reader, article) -> tuple[float, str]:
    doc = Reading(article, reader.gazetteer)
    spent = []
    for component in (reader.judge, *reader.components):
        began = time.process_time()
        setattr(doc, component.adds, component(doc))
        spent.append((time.process_time() - began, component.name))
    return max(spent)


@pytest.fixture(scope="module")
def warm_reader(lexicon_reader):
    """Its patterns are compiled before anything is measured."""
    for lang, words in SPOKEN.items():
        lexicon_reader.read(Article("a", "", "", "", "Россия, China, 俄中", words, lang), always=True)
    return lexicon_reader


@pytest.mark.parametrize("lang", ["en", "ru", "zh"])
def test_marks_alone_are_bounded(warm_reader, make_article, lang):
    for mark in MARKS:
        seconds, name = slowest(warm_reader, make_article(lang, "Russia, China", mark * 20_000))
        assert seconds < BOUND, (mark, name)


@pytest.mark.parametrize("unit", [*UNITS, *SPOKEN.values()])
def test_a_megabyte_of_one_thing_is_bounded(warm_reader, make_article, unit):
    lang = next((lang for lang, words in SPOKEN.items() if words == unit), "ru" if unit[0] in "с«" else "en")
    seconds, name = slowest(warm_reader, make_article(lang, "Russia, China", unit * (1_000_000 // len(unit))))
    assert seconds < BOUND, name


LONG = st.lists(st.sampled_from([*MARKS, *UNITS, *SPOKEN.values(), "\n", " "]), min_size=1, max_size=6)


@settings(deadline=None, max_examples=10)
@given(parts=LONG, lang=st.sampled_from(["en", "ru", "zh"]))
def test_any_mixture_repeated_is_bounded(warm_reader, parts, lang):
    unit = "".join(parts)
    text = unit * (50_000 // len(unit))
    seconds, name = slowest(warm_reader, Article("a", "", "", "", "Россия China 俄中", text, lang))
    assert seconds < BOUND, name


SPANS = st.lists(st.integers(1, 9), max_size=12).map(
    lambda steps: [Sentence(sum(steps[:n]), sum(steps[:n]) + steps[n] - steps[n] // 3) for n in range(len(steps))]
)


@given(spans=SPANS, start=st.integers(0, 60), width=st.integers(1, 20))
def test_look_ups_find_what_a_walk_finds(spans, start, width):
    ordered, end = Ordered(spans), start + width
    assert ordered.between(start, end) == [s for s in spans if start <= s.start < end]
    assert ordered.overlapping(start, end) == [s for s in spans if s.start < end and start < s.end]
    assert ordered.around(start) == next((s for s in spans if s.start <= start < s.end), None)
