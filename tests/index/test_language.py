"""The query language: what it means, where it fails, and that nothing makes it raise anything else."""

from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from amur.errors import QuerySyntaxError
from index.days import day
from index.language import (
    And,
    Everything,
    Field,
    Not,
    Or,
    Phrase,
    Query,
    Word,
    parse,
    render,
)

MEANINGS: list[tuple[str, Query]] = [
    ("", Everything()),
    ("  \n ", Everything()),
    ("gas", Word("gas")),
    ("gas pipeline", And((Word("gas"), Word("pipeline")))),
    ("gas AND pipeline", And((Word("gas"), Word("pipeline")))),
    ("gas OR soy wood", Or((Word("gas"), And((Word("soy"), Word("wood")))))),
    ("(gas OR soy) wood", And((Or((Word("gas"), Word("soy"))), Word("wood")))),
    ("gas NOT soy", And((Word("gas"), Not(Word("soy"))))),
    ("gas -soy", And((Word("gas"), Not(Word("soy"))))),
    ('-"soy beans"', Not(Phrase("soy beans"))),
    ("covid-19", Word("covid-19")),
    ("gas - soy", And((Word("gas"), Word("soy")))),
    ("gas — soy", And((Word("gas"), Word("soy")))),
    ("and or not", And((Word("and"), Word("or"), Word("not")))),
    ("ANDROID", Word("ANDROID")),
    ('"gas pipeline"', Phrase("gas pipeline")),
    (
        "«Сила Сибири» “Power of Siberia” 「天然气」",
        And((Phrase("Сила Сибири"), Phrase("Power of Siberia"), Phrase("天然气"))),
    ),
    ("topic:energy", Field("topic", "energy")),
    ('entity:"Xi Jinping"', Field("entity", "Xi Jinping")),
    ("entity:习近平", Field("entity", "习近平")),
    ("entity:«Си Цзиньпин»", Field("entity", "Си Цзиньпин")),
    ("lang：zh（天然气 OR 石油）", And((Field("lang", "zh"), Or((Word("天然气"), Word("石油")))))),
    ("country:rus", Field("country", "RUS")),
    ("from：2024 to：2024", And((Field("from", "2024"), Field("to", "2024")))),
    ("from:2024 OR to:2020", Or((Field("from", "2024"), Field("to", "2020")))),
    ("from:2024 NOT to:2020", And((Field("from", "2024"), Not(Field("to", "2020"))))),
    ("from:2024-01-01 to:2024", And((Field("from", "2024-01-01"), Field("to", "2024")))),
    ("Путин: визит", And((Word("Путин:"), Word("визит")))),
    ("12:30", Word("12:30")),
    ("((gas))", Word("gas")),
    ("NOT NOT gas", Not(Not(Word("gas")))),
]


@pytest.mark.parametrize(("text", "tree"), MEANINGS)
def test_meanings(text: str, tree: Query) -> None:
    assert parse(text) == tree


FAULTS: list[tuple[str, int, str]] = [
    ("topic:enrgy", 6, "no topic 'enrgy'"),
    ("gas topic:enrgy", 10, "no topic 'enrgy'"),
    ('topic:"enrgy"', 7, "no topic 'enrgy'"),
    ("lang:de", 5, "no language 'de'"),
    ("from:2024-13-01", 5, "not a date"),
    ("to:2024-02-30", 3, "not a date"),
    ("from:yesterday", 5, "not a date"),
    ("from:0001-01-01", 5, "not a date"),
    ("to:9999", 3, "not a date"),
    ("from:2024-02 gas to:2024-01", 17, "ends before"),
    ('(gas from:2024) to:"2023"', 16, "ends before"),
    ("title:gas", 0, "no field 'title'"),
    ("http://x.example", 0, "no field 'http'"),
    ("topic:", 6, "value is missing"),
    ("topic: energy", 6, "value is missing"),
    ("(gas", 0, "never closed"),
    ("gas)", 3, "closes nothing"),
    ("()", 1, "missing here"),
    ('gas "pipe', 4, "never closed"),
    ("gas AND", 7, "missing here"),
    ("OR gas", 0, "missing here"),
    ("gas OR OR soy", 7, "missing here"),
    ("NOT", 3, "missing here"),
    ("— !", 0, "no letter or digit"),
    ("gas \ud800", 4, "half of a character"),
    ("(" * 60 + "a" + ")" * 60, 40, "within each other"),
    ("a " * 300, 512, "parts"),
    ("a" * 5000, 0, "longer than"),
]


@pytest.mark.parametrize(
    ("text", "position", "message"), FAULTS, ids=[f[:20].encode("unicode_escape").decode() for f, _, _ in FAULTS]
)
def test_a_fault_names_its_place(text: str, position: int, message: str) -> None:
    with pytest.raises(QuerySyntaxError, match=message) as caught:
        parse(text)
    assert caught.value.position == position


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-2", date(2023, 2, 1), date(2023, 2, 28)),
        ("2024-12", date(2024, 12, 1), date(2024, 12, 31)),
        ("2024-05-16", date(2024, 5, 16), date(2024, 5, 16)),
        ("0001", None, None),
        ("2024-00", None, None),
        ("2024-1-1-1", None, None),
    ],
)
def test_days(value: str, first: date | None, last: date | None) -> None:
    assert (day(value, last=False), day(value, last=True)) == (first, last)


PIECES = st.sampled_from(
    [
        "gas", "天然气", "газ", '"', "«", "»", "“", "”", "„", "「", "」", "(", ")", "（", "）", "：", "＂", "AND", "OR",
        "NOT", "-", "--", "topic:", "topic:energy", "entity:", "from:2024", "lang:zh", ":", " ", "\t", "\u3000", "—",
        "a:b", "\x00", "to:2020", 'to:"2023',
    ]
)  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=60), st.lists(PIECES, max_size=25).map("".join), st.lists(PIECES, max_size=25).map(" ".join)
)


@settings(max_examples=600, deadline=None)
@given(TEXTS)
@example('«a “b” 「c」 "d»')
@example("（＂a b＂）")
def test_any_text_is_a_query_or_a_syntax_error_and_survives_rendering(text: str) -> None:
    try:
        tree = parse(text)
    except QuerySyntaxError as error:
        # The mark below the message points into the query, or just behind it.
        assert str(error).splitlines()[-1].strip() == "^"  # noqa: PT017
        assert 0 <= error.position <= len(error.query)  # noqa: PT017
        return
    assert parse(render(tree)) == tree
