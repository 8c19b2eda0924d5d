"""Measures over answers: pure functions, each with its formula, unit and source."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from index.answers import CoverageCell, Point

# A share over fewer than 3 outlets says more about the outlet than about the reporting, one over fewer than 20
# articles is noise (design.md, "Answers"): neither is shown.
LEAST_OUTLETS = 3
LEAST_DECIDED = 20
# Share of outlet-days without a gap, below which a period counts as not covered: a week with a day's gap is still
# shown (6/7 = 0.86), one with two is not.
LEAST_COVERED = 0.8


@dataclass(frozen=True)
class Attention:
    """Of one group in one period. `count` is articles; `share` is relevant over decided articles, 0..1.

    `covered` is false where collection had gaps, so that the period is masked; `share` is None where it is suppressed
    or nothing was decided, and `why` says for what: "", "not-covered", "few-outlets" or "few-articles".
    """

    period_start: date
    group: str
    count: int
    share: float | None
    decided: int
    outlets: int
    covered: bool
    why: str = ""


def attention(
    points: Iterable[Point],
    cells: Iterable[CoverageCell],
    *,
    least_outlets: int = LEAST_OUTLETS,
    least_decided: int = LEAST_DECIDED,
) -> tuple[Attention, ...]:
    """Prominence per period and group: articles, and relevant over decided articles of the same outlets and days.

    share = sum(relevant) / sum(decided), pooled over the outlets of the cell. Unit: articles. A period that only one
    of the two series has is in the result: with a count of 0 it was looked at, without a cell it was not.
    """
    counts = {(p.period_start, p.group): p.count for p in points}
    known = {(c.period_start, c.group): c for c in cells}
    return tuple(
        _attention(key, counts.get(key, 0), known.get(key), least_outlets, least_decided)
        for key in sorted({*counts, *known})
    )


def _attention(
    key: tuple[date, str], count: int, cell: CoverageCell | None, least_outlets: int, least_decided: int
) -> Attention:
    if cell is None:
        return Attention(*key, count, None, 0, 0, covered=False, why="not-covered")
    covered = cell.covered_share >= LEAST_COVERED
    why = _why(cell, covered=covered, least_outlets=least_outlets, least_decided=least_decided)
    share = None if why else cell.relevant / cell.decided
    return Attention(*key, count, share, cell.decided, cell.outlets, covered, why)


def _why(cell: CoverageCell, *, covered: bool, least_outlets: int, least_decided: int) -> str:
    if not covered:
        return "not-covered"
    if cell.outlets < least_outlets:
        return "few-outlets"
    return "few-articles" if cell.decided < max(least_decided, 1) else ""


def uncovered(cells: Iterable[CoverageCell], starts: Iterable[date]) -> tuple[date, ...]:
    """Periods, of those given, in which no group was covered: what a chart masks whole."""
    seen = {c.period_start for c in cells if c.covered_share >= LEAST_COVERED}
    return tuple(s for s in starts if s not in seen)
