"""Attention: shares by hand, gaps masked, small cells suppressed."""

from datetime import date

import pytest

from index.answers import CoverageCell, Point
from index.measures import attention, uncovered

MAY, JUNE = date(2024, 5, 1), date(2024, 6, 1)


def cell(start: date = MAY, group: str = "en", **values: int) -> CoverageCell:
    base = {
        "outlets": 3, "outlet_days": 90, "covered_days": 90, "polls": 9, "polls_ok": 9, "entries": 500,
        "fetched": 450, "decided": 400, "relevant": 10, "families": 8,
    }  # fmt: skip
    return CoverageCell(start, group, **{**base, **values})


CASES = [
    (cell(), 0.025, True, ""),
    (cell(outlets=2), None, True, "few-outlets"),
    (cell(decided=19, relevant=1), None, True, "few-articles"),
    (cell(decided=20, relevant=1), 0.05, True, ""),
    (cell(covered_days=71), None, False, "not-covered"),
    (cell(covered_days=72), 0.025, True, ""),
    (cell(outlet_days=0, covered_days=0), None, False, "not-covered"),
    (cell(relevant=0), 0.0, True, ""),
]


@pytest.mark.parametrize(("given", "share", "covered", "why"), CASES)
def test_share_of_what_was_decided(given: CoverageCell, share: float | None, covered: bool, why: str) -> None:
    (got,) = attention([Point(MAY, "en", 10)], [given])
    assert (got.count, got.share, got.covered, got.why) == (10, share, covered, why)


def test_a_period_without_records_is_masked_and_one_without_articles_is_zero() -> None:
    got = attention([Point(MAY, "en", 4)], [cell(JUNE, relevant=0)])
    assert [(a.period_start, a.count, a.share, a.covered) for a in got] == [(MAY, 4, None, False), (JUNE, 0, 0.0, True)]


def test_nothing_decided_is_no_share_even_where_small_cells_are_shown() -> None:
    (got,) = attention([], [cell(decided=0, relevant=0)], least_decided=0, least_outlets=0)
    assert (got.share, got.why) == (None, "few-articles")


def test_uncovered_periods() -> None:
    cells = [cell(MAY, "en", covered_days=0), cell(MAY, "ru"), cell(JUNE, "en", covered_days=0)]
    assert uncovered(cells, [MAY, JUNE, date(2024, 7, 1)]) == (JUNE, date(2024, 7, 1))
