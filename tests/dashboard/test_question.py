"""The URL is the state: what is read from it, and what links are made of it."""

from datetime import date

import pytest

from dashboard import question
from dashboard.periods import partial, periods

NEWEST = date(2024, 5, 31)


def ask(*pairs: tuple[str, str], newest: date | None = NEWEST) -> question.Question:
    return question.read(pairs, newest)


def test_first_shown_are_the_twelve_months_up_to_the_newest_article() -> None:
    asked = ask()
    assert (asked.since, asked.until) == (date(2023, 6, 2), date(2024, 5, 31))
    assert asked.interval == "month"
    assert asked.period == "12m"


@pytest.mark.parametrize(
    ("pairs", "since", "until"),
    [
        ([("period", "30d")], date(2024, 5, 2), NEWEST),
        ([("period", "all")], None, NEWEST),
        ([("from", "2020-01-01")], date(2020, 1, 1), None),
        ([("to", "2020-01-01")], None, date(2020, 1, 1)),
        ([("from", "2020-02-01"), ("to", "2020-01-01")], date(2020, 1, 1), date(2020, 2, 1)),
        ([("from", "2020-02-01"), ("period", "30d")], date(2020, 2, 1), None),
        ([("q", "gas from:2014")], None, None),
    ],
)
def test_period(pairs: list[tuple[str, str]], since: date | None, until: date | None) -> None:
    asked = ask(*pairs)
    assert (asked.filters.since, asked.filters.until) == (since, until)


def test_an_empty_store_has_no_period() -> None:
    assert ask(newest=None).filters.since is None


def test_filters_are_read_and_repeated_ones_kept() -> None:
    asked = ask(("lang", "ru"), ("lang", "zh"), ("lang", "ru"), ("entity", "Xi Jinping"), ("q", " gas "), ("x", "y"))
    assert asked.filters.langs == ("ru", "zh")
    assert asked.filters.entities == ("Xi Jinping",)
    assert asked.filters.q == "gas"
    assert asked.chips() == [("q", "gas"), ("lang", "ru"), ("lang", "zh"), ("entity", "Xi Jinping")]


@pytest.mark.parametrize(
    "pair",
    [
        ("from", "yesterday"),
        ("show", "sum"),
        ("interval", "hour"),
        ("to", "2024-13-01"),
        ("from", "0001-01-01"),
        ("to", "9999-12-31"),
    ],
)
def test_what_cannot_be_used_is_left_out_and_said(pair: tuple[str, str]) -> None:
    asked = ask(pair)
    assert [value for _message, value in asked.problems] == [pair[1]]
    assert asked.since == date(2023, 6, 2)


@pytest.mark.parametrize(("page", "read"), [("3", 3), ("0", 1), ("-1", 1), ("x", 1), ("99999", 500), ("²", 1)])
def test_page(page: str, read: int) -> None:
    assert ask(("page", page)).page == read


def test_no_page_lies_deeper_than_the_stores_answer() -> None:
    """Both end at the 10 000th row."""
    assert ask(("page", "201")).within(50).page == 200
    assert ask(("page", "200")).within(50).page == 200
    assert question.last_page(12_000, 50) == 200
    assert question.last_page(0, 50) == 1


def test_a_long_search_is_read_whole() -> None:
    """The query language takes 4 000 characters; one more is kept, for it to say that there are too many."""
    assert len(ask(("q", "a" * 4000)).filters.q) == 4000
    assert len(ask(("q", "a" * 9000)).filters.q) == 4001


def test_a_country_may_be_written_small() -> None:
    assert ask(("country", "rus"), ("country", "RUS")).filters.countries == ("RUS",)


def test_links_keep_the_question() -> None:
    asked = ask(("lang", "ru"), ("topic", "energy"), ("page", "4"), ("ui", "zh"), ("from", "2024-01-01"))
    assert asked.link("/x", sort="date") == "/x?from=2024-01-01&lang=ru&topic=energy&ui=zh&sort=date"
    assert asked.link("/x", drop=("ui",), from_="", lang="") == "/x?topic=energy"
    assert asked.narrowed("/x", "lang", "zh") == "/x?from=2024-01-01&lang=ru&topic=energy&ui=zh&lang=zh"
    assert asked.narrowed("/x", "lang", "ru") == "/x?from=2024-01-01&lang=ru&topic=energy&ui=zh"
    assert asked.widened("/x", "topic", "energy") == "/x?from=2024-01-01&lang=ru&ui=zh"


@pytest.mark.parametrize(
    ("interval", "first", "last", "starts"),
    [
        ("day", date(2024, 2, 28), date(2024, 3, 1), [date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1)]),
        ("week", date(2024, 1, 3), date(2024, 1, 8), [date(2024, 1, 1), date(2024, 1, 8)]),
        ("month", date(2023, 12, 31), date(2024, 1, 1), [date(2023, 12, 1), date(2024, 1, 1)]),
        ("year", date(2023, 12, 31), date(2024, 1, 1), [date(2023, 1, 1), date(2024, 1, 1)]),
    ],
)
def test_periods(interval: str, first: date, last: date, starts: list[date]) -> None:
    assert periods(first, last, interval) == starts


@pytest.mark.parametrize(
    ("since", "until", "cut"),
    [
        (date(2024, 1, 1), date(2024, 1, 31), False),
        (date(2024, 1, 2), None, True),
        (None, date(2024, 1, 30), True),
        (None, None, False),
    ],
)
def test_a_month_that_is_cut_short(since: date | None, until: date | None, cut: bool) -> None:
    assert partial(date(2024, 1, 1), "month", since, until) is cut
