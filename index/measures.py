"""Measures over answers: pure functions, each with its formula, unit and source.

Here are attention, the usual range and silence; intervals and changes are in measures_intervals.py, rising things in
measures_rising.py, events in measures_events.py.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from statistics import median

from index.answers import CoverageCell, OutletDay, Point

# A share over fewer than 3 outlets says more about the outlet than about the reporting, one over fewer than 20
# articles is noise (design.md, "Answers"): neither is shown.
LEAST_OUTLETS = 3
LEAST_DECIDED = 20
# Share of outlet-days without a gap, below which a period counts as not covered: a week with a day's gap is still
# shown (6/7 = 0.86), one with two is not.
LEAST_COVERED = 0.8
# A story is not called untold before the slowest outlets had time for it, and before their reports were collected
# (design.md, "Answers").
SILENT_AFTER = timedelta(hours=72)
# A range of fewer covered weeks says nothing about what is usual.
LEAST_WEEKS = 4


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


@dataclass(frozen=True)
class Usual:
    """What earlier weeks had. All None where fewer than LEAST_WEEKS of them were covered; `weeks` are those used."""

    weeks: int
    middle: float | None = None
    low: int | None = None
    high: int | None = None


def usual(counts: Mapping[date, int], covered: Collection[date]) -> Usual:
    """Median and range of a weekly count over the covered weeks; a covered week without a count had 0.

    Unit: that of `counts` (articles, families or rows of events a week); keys are Mondays. The range is that of the
    weeks themselves, without a distribution assumed: with so few weeks an interval would say more than is known.
    """
    values = [counts.get(week, 0) for week in sorted(set(covered))]
    if len(values) < LEAST_WEEKS:
        return Usual(len(values))
    return Usual(len(values), float(median(values)), min(values), max(values))


@dataclass(frozen=True)
class Window:
    """Days of a story: from its first report to its last."""

    first: datetime
    last: datetime


@dataclass(frozen=True)
class Silence:
    """A story in one language and camp.

    `state` is "told" (with the number of reports), "not-found" (in our collection, at the outlets in `outlets`, which
    were covered without a gap) or "cannot-say" for the reason in `why`: "too-early", "no-outlets" or "gaps" (those of
    `outlets`).
    """

    lang: str
    camp: str
    reports: int
    state: str
    why: str = ""
    outlets: tuple[str, ...] = ()


def silence(
    story: Window, cells: Mapping[tuple[str, str], int], coverage: Iterable[OutletDay], now: datetime
) -> tuple[Silence, ...]:
    """Who did not tell a story, per (language, camp) of `cells`: where the number of reports found is given.

    "not-found" needs that 72 hours have passed since the last report, and that every outlet of the cell that there
    are records of was covered on each day from the first report until 72 hours after the last. Unit: reports
    (articles, copies too). Nothing is said of who was first. Source: design.md, "Answers".
    """
    until = story.last + SILENT_AFTER
    days = _days(story.first.astimezone(UTC).date(), until.astimezone(UTC).date())
    known: dict[tuple[str, str], dict[str, set[date]]] = {}
    for row in coverage:
        outlet = known.setdefault((row.lang, row.camp), {}).setdefault(row.outlet, set())
        if row.covered:
            outlet.add(row.day)
    return tuple(
        Silence(*cell, reports, "told") if reports else _silence(cell, known.get(cell, {}), days, early=now < until)
        for cell, reports in cells.items()
    )


def _silence(
    cell: tuple[str, str], outlets: Mapping[str, Collection[date]], days: Sequence[date], *, early: bool
) -> Silence:
    if not outlets:
        return Silence(*cell, 0, "cannot-say", "no-outlets")
    if early:
        return Silence(*cell, 0, "cannot-say", "too-early", tuple(sorted(outlets)))
    broken = tuple(sorted(name for name, covered in outlets.items() if not set(days) <= set(covered)))
    if broken:
        return Silence(*cell, 0, "cannot-say", "gaps", broken)
    return Silence(*cell, 0, "not-found", "", tuple(sorted(outlets)))


def window(first: date | datetime, last: date | datetime) -> Window:
    """A story's window; of a day alone its whole length counts."""
    return Window(_instant(first, time.min), _instant(last, time.max))


def _instant(moment: date | datetime, at: time) -> datetime:
    return moment if isinstance(moment, datetime) else datetime.combine(moment, at, UTC)


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
