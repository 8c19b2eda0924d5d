"""Days, ISO weeks, months and years between two days, and what they are called in a chart."""

from collections.abc import Iterator
from datetime import date, timedelta

MOST_PERIODS = 400  # steps of one chart; more cannot be told apart


def start_of(day: date, interval: str) -> date:
    """First day of the period in which `day` lies; weeks begin on Mondays."""
    if interval == "year":
        return date(day.year, 1, 1)
    if interval == "month":
        return day.replace(day=1)
    if interval == "week":
        return day - timedelta(days=day.weekday())
    return day


def next_start(start: date, interval: str) -> date:
    """First day of the period after the one that begins at `start`."""
    if interval == "year":
        return date(start.year + 1, 1, 1)
    if interval == "month":
        return date(start.year + start.month // 12, start.month % 12 + 1, 1)
    return start + timedelta(days=7 if interval == "week" else 1)


def periods(first: date, last: date, interval: str) -> list[date]:
    """Starts of all periods from `first` to `last`, the last MOST_PERIODS of them."""
    return list(_periods(start_of(first, interval), last, interval))[-MOST_PERIODS:]


def _periods(start: date, last: date, interval: str) -> Iterator[date]:
    while start <= last:
        yield start
        start = next_start(start, interval)


def partial(start: date, interval: str, since: date | None, until: date | None) -> bool:
    """True where the asked days cut the period short."""
    after = next_start(start, interval)
    return bool((since and since > start) or (until and until < after - timedelta(days=1)))
