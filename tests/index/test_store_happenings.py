"""Families, outlet-weeks, events, quotes: the same from both stores."""

from datetime import date
from typing import Any

import pytest
from index_samples import identifier, named

from index import answers
from index.happenings import sentence_around
from index.query import Filters
from index.store import Store

MONDAY = date(2024, 5, 13)


def coverage_row(outlet: str, day: str, **counts: Any) -> dict[str, Any]:
    base = {"polls": 4, "polls_ok": 4, "entries": 10, "fetched": 9, "decided": 8, "relevant": 2, "families": 1}
    return {
        "id": f"{outlet}-{day}", "revision": 1, "outlet": outlet, "lang": "en", "camp": "western", "country": "GBR",
        "day": day, "covered": True, "backfilled": 0, **base, **counts,
    }  # fmt: skip


def test_families_are_counted_by_leaving_copies_out(shared: Store) -> None:
    """zh3 is a copy of zh2: the text counts on the day of zh2."""
    every = {h.id for h in answers.search(shared, Filters()).hits}
    once = {h.id for h in answers.search(shared, Filters(originals=True)).hits}
    assert named(every - once) == ["zh3"]
    total, found = answers.spread(shared, Filters(originals=True), ("lang", "entities"))
    assert (total, [(s.key, s.count) for s in found["lang"]]) == (7, [("en", 3), ("ru", 2), ("zh", 2)])
    assert found["entities"][0] == answers.Spread("Xi Jinping", 4, 3)
    points = answers.series(shared, Filters(originals=True, langs=("zh",)), interval="day")
    assert [(p.period_start.day, p.count) for p in points] == [(15, 1), (16, 1)]


def test_outlet_weeks_within_their_periods(store: Store) -> None:
    """The week of 29 April lies in two months: each has its part."""
    rows = [
        coverage_row("a", "2024-04-30"),
        coverage_row("a", "2024-05-01", covered=False),
        coverage_row("a", "2024-05-05"),
        coverage_row("b", "2024-05-06", relevant=0),
    ]
    assert all(w.ok for w in store.write("coverage", rows))
    store.refresh()
    got = answers.blocks(store, Filters(), interval="month", by="lang")
    assert [(b.period_start.month, b.outlet, b.week.isoformat(), b.decided, b.relevant, b.covered) for b in got] == [
        (4, "a", "2024-04-29", 8, 2, True),
        (5, "a", "2024-04-29", 16, 4, False),
        (5, "b", "2024-05-06", 8, 0, True),
    ]
    days = answers.outlet_days(store, Filters(since=date(2024, 5, 1), until=date(2024, 5, 5)))
    assert sorted((d.outlet, d.day.day, d.covered) for d in days) == [("a", 1, False), ("a", 5, True)]


def test_events_of_the_period(shared: Store) -> None:
    found = answers.events(shared, Filters(langs=("en",)), limit=2)
    assert (found.total, len(found.rows)) == (3, 2)
    assert [e["article"] for e in found.rows] == [identifier("en3"), identifier("en2")]
    assert answers.acts(shared, Filters()) == (answers.Acts("verbal-cooperation", "RUS", "CHN", False, 8),)
    assert answers.events_by_week(shared, Filters()) == {MONDAY: 7, date(2024, 6, 3): 1}


def test_quotes_of_a_speaker(shared: Store) -> None:
    found = answers.quotes(shared, Filters(langs=("ru", "en")), speaker="Gazprom")
    assert found.total == 2
    assert {(q.hit.outlet, q.speaker, q.kind) for q in found.rows} <= {
        ("harbour_post", "Gazprom", "direct"),
        ("neva_wire", "Gazprom", "direct"),
    }
    assert answers.quotes(shared, Filters(), speaker="Xi Jinping").total == 0


@pytest.mark.parametrize(
    ("text", "found", "start", "sentence"),
    [
        ("A title\nOne. He said: “We agree.” Three.", "We agree", 0, "He said: “We agree.”"),
        ("题目\n他说，双方同意。会谈结束。", "双方同意", 0, "他说，双方同意。"),
        ("A. B. C.", "B", 3, "B."),
        ("Nothing here.", "elsewhere", 5, "elsewhere"),
        ("", "x", 0, "x"),
    ],
)
def test_the_sentence_around(text: str, found: str, start: int, sentence: str) -> None:
    assert sentence_around(text, found, start) == sentence
