"""Simulated years with known truth: intervals hold it, nothing is found where nothing is, gaps find nothing.

Outlets join, leave and go silent. What one publishes in a week hangs together: its share of that week is drawn from a
beta distribution around the truth, the articles from a binomial one.
"""

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
import pytest

from index.answers import Block
from index.measures_intervals import FALSE_DISCOVERIES, LEVEL, changes, intervals

FIRST = date(2024, 1, 1)
PERIODS, WEEKS = 13, 4  # of a year, in a period
GROUPS = ("en", "ru", "zh")
TRUTH = {"en": 0.05, "ru": 0.12, "zh": 0.03}
SPREAD = 60.0  # of the beta distribution: at a share of 5 % weeks differ with a standard deviation of 2.8 points
TOLERANCE = 0.03
YEARS = [20, pytest.param(200, marks=pytest.mark.all_tiers)]


def year(random: np.random.Generator, *, lasting: float = 0.0) -> dict[int, list[Block]]:
    """Period -> blocks. With `lasting`, outlets differ for good by that factor (log scale)."""
    found: dict[int, list[Block]] = {n: [] for n in range(PERIODS)}
    for group in GROUPS:
        for outlet in range(int(random.integers(5, 11))):
            joins, leaves = sorted(random.integers(0, PERIODS * WEEKS, size=2)) if outlet > 2 else (0, PERIODS * WEEKS)
            own = min(0.6, TRUTH[group] * float(np.exp(random.normal(0, lasting))))
            size = int(random.integers(30, 150))
            for week in range(joins, leaves):
                found[week // WEEKS].append(block(random, group, f"{group}{outlet}", week, own, size))
    return found


def block(random: np.random.Generator, group: str, outlet: str, week: int, own: float, size: int) -> Block:
    """A silent week has a gap, and of what it published only something else was read."""
    silent = random.random() < 0.05
    decided = int(random.poisson(size))
    share = random.beta(own * SPREAD, (1 - own) * SPREAD)
    relevant = int(random.binomial(decided, share))
    monday = FIRST + timedelta(days=7 * week)
    start = FIRST + timedelta(days=7 * WEEKS * (week // WEEKS))
    return Block(start, group, outlet, monday, decided * (not silent), relevant * (not silent), covered=not silent)


def years(count: int, **options: float) -> Iterator[dict[int, list[Block]]]:
    random = np.random.default_rng(7)
    return (year(random, **options) for _ in range(count))


@pytest.mark.parametrize("count", YEARS)
def test_intervals_cover_the_truth_at_their_rate(count: int) -> None:
    held = [
        interval.low <= TRUTH[group] <= interval.high
        for one in years(count)
        for blocks in one.values()
        for (_start, group), interval in intervals(blocks).items()
        if interval.low is not None and interval.high is not None
    ]
    assert len(held) > count * PERIODS * 2
    assert np.mean(held) == pytest.approx(LEVEL, abs=TOLERANCE)


@pytest.mark.parametrize("count", YEARS)
def test_no_change_is_found_where_there_was_none(count: int) -> None:
    """Where nothing changed, every discovery is false: a comparison of the groups has one at most at the set rate."""
    false = [
        any(c.found for c in changes(one[n - 1], one[n]))
        for one in years(count, lasting=0.7)
        for n in range(1, PERIODS)
    ]
    assert np.mean(false) <= FALSE_DISCOVERIES + TOLERANCE


def test_a_change_is_found_where_there_was_one() -> None:
    random = np.random.default_rng(11)
    one = year(random)
    doubled = [b if b.group != "ru" else doubled_block(random, b) for b in one[6]]
    assert [c.group for c in changes(one[5], doubled) if c.found] == ["ru"]


def doubled_block(random: np.random.Generator, given: Block) -> Block:
    return block(random, given.group, given.outlet, (given.week - FIRST).days // 7, TRUTH[given.group] * 2, 90)


@pytest.mark.parametrize("count", YEARS)
def test_a_masked_period_never_has_a_change(count: int) -> None:
    for one in years(count // 10):
        for n in range(1, PERIODS):
            masked = [Block(b.period_start, b.group, b.outlet, b.week, 90, 80, covered=False) for b in one[n]]
            assert not any(c.found or c.p is not None for c in changes(one[n - 1], masked))
