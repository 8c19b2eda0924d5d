"""How sure a share is, and whether it changed: block bootstrap over outlet-weeks, false discoveries controlled.

What an outlet publishes in one week hangs together (one visit fills its pages), so an outlet-week is drawn as a whole.
The interval says how far the share would move with other weeks of such outlets; that outlets differ lastingly widens
it. It does not say what outlets that were not collected publish.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from zlib import crc32

from index.answers import Block
from index.measures import LEAST_DECIDED, LEAST_OUTLETS

LEVEL = 0.95
DRAWS = 999
SEED = 20140521  # any number: it makes the same question give the same interval
# Under eight clusters the percentile bootstrap covers too seldom even when it is widened: tests/index/
# test_measures_simulated.py holds it to 95 % within 3 points from eight on.
LEAST_BLOCKS = 8
FALSE_DISCOVERIES = 0.05


@dataclass(frozen=True)
class Interval:
    """Of a share, 0..1. `low` and `high` are None where there are too few outlet-weeks (`blocks`) for one."""

    share: float | None
    low: float | None
    high: float | None
    blocks: int


@dataclass(frozen=True)
class Change:
    """From one period to the next, in the same outlets. `why` says why there is none: "not-covered", "few-outlets",
    "few-articles" or "few-blocks". `found` is true where it is no chance at the set rate of false discoveries."""

    group: str
    before: float | None
    after: float | None
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    outlets: int = 0
    found: bool = False
    why: str = ""


def intervals(blocks: Iterable[Block]) -> dict[tuple[date, str], Interval]:
    """The 95 % interval of the share of each period and group.

    share = sum(relevant) / sum(decided). Unit: articles. Outlet-weeks are drawn with replacement, as many as there
    are, DRAWS times; the percentiles are widened for few clusters: alpha/2 = Phi(-sqrt(n / (n - 1)) t(alpha/2, n - 1))
    (T. Hesterberg, What Teachers Should Know About the Bootstrap, 2014, "expanded percentile interval").
    """
    cells: dict[tuple[date, str], list[Block]] = {}
    for block in blocks:
        cells.setdefault((block.period_start, block.group), []).append(block)
    return {key: _interval(found, f"{key[0]}{key[1]}") for key, found in cells.items()}


def _interval(found: Sequence[Block], name: str) -> Interval:
    kept = [b for b in found if b.decided]
    decided = sum(b.decided for b in kept)
    share = sum(b.relevant for b in kept) / decided if decided else None
    if len(kept) < LEAST_BLOCKS:
        return Interval(share, None, None, len(kept))
    low, high = _percentiles(_draws(kept, name), len(kept))
    return Interval(share, low, high, len(kept))


def _draws(blocks: Sequence[Block], name: str) -> Any:
    """Shares of DRAWS samples of the blocks: the same for the same blocks and name."""
    import numpy as np

    ordered = sorted(blocks, key=lambda b: (b.outlet, b.week))
    parts = np.array([(b.relevant, b.decided) for b in ordered], dtype=float)
    random = np.random.default_rng([SEED, crc32(name.encode())])
    times = random.multinomial(len(parts), [1 / len(parts)] * len(parts), size=DRAWS)
    relevant, decided = (times @ parts).T
    return relevant / decided


def _percentiles(draws: Any, clusters: int) -> tuple[float, float]:
    import numpy as np
    from scipy import special  # not scipy.stats: seconds to import, on the first share that is asked for

    widened = special.ndtr((clusters / (clusters - 1)) ** 0.5 * special.stdtrit(clusters - 1, (1 - LEVEL) / 2))
    low, high = np.quantile(draws, [widened, 1 - widened])
    return float(low), float(high)


def changes(before: Iterable[Block], after: Iterable[Block], *, rate: float = FALSE_DISCOVERIES) -> tuple[Change, ...]:
    """What changed from one period to the next, by group, in the outlets that were covered in both.

    difference = share after - share before over that fixed panel, so that an outlet that joins or leaves changes
    nothing. Unit: percentage points of articles, as a fraction. An outlet-week with a gap takes no part. p is that of
    difference / standard error (bootstrap) by Student's t with the smaller number of outlet-weeks less one; `found`
    after Benjamini and Hochberg (1995) over the groups.
    """
    first, second = _by_group(before), _by_group(after)
    measured = [_change(g, first.get(g, []), second.get(g, [])) for g in sorted({*first, *second})]
    chosen = iter(discoveries([c.p for c in measured if c.p is not None], rate))
    return tuple(replace(c, found=next(chosen)) if c.p is not None else c for c in measured)


def discoveries(p_values: Sequence[float], rate: float = FALSE_DISCOVERIES) -> tuple[bool, ...]:
    """Which of several tests are discoveries, at most `rate` of them false (Benjamini and Hochberg, 1995)."""
    ranked = sorted(p_values)
    kept = [p for rank, p in enumerate(ranked, 1) if p <= rate * rank / len(ranked)]
    return tuple(p <= kept[-1] for p in p_values) if kept else (False,) * len(p_values)


def _by_group(blocks: Iterable[Block]) -> dict[str, list[Block]]:
    found: dict[str, list[Block]] = {}
    for block in blocks:
        found.setdefault(block.group, []).append(block)
    return found


def _panel(before: Sequence[Block], after: Sequence[Block]) -> Mapping[str, tuple[list[Block], list[Block]]]:
    """Outlet -> its covered weeks before and after, for outlets that have both."""
    sides: tuple[dict[str, list[Block]], dict[str, list[Block]]] = ({}, {})
    for side, blocks in zip(sides, (before, after), strict=True):
        for block in blocks:
            if block.covered and block.decided:
                side.setdefault(block.outlet, []).append(block)
    return {outlet: (sides[0][outlet], sides[1][outlet]) for outlet in sorted(sides[0].keys() & sides[1].keys())}


def _change(group: str, before: Sequence[Block], after: Sequence[Block]) -> Change:
    panel = _panel(before, after)
    sides = [[b for pair in panel.values() for b in pair[at]] for at in (0, 1)]
    why = _why(len(panel), sides)
    if why:
        return Change(group, None, None, outlets=len(panel), why=why)
    first, second = (sum(b.relevant for b in side) / sum(b.decided for b in side) for side in sides)
    plain = Change(group, first, second, outlets=len(panel))
    if min(map(len, sides)) < LEAST_BLOCKS:
        return replace(plain, why="few-blocks")
    return _tested(plain, second - first, sides)


def _why(outlets: int, sides: Sequence[Sequence[Block]]) -> str:
    if not outlets:
        return "not-covered"
    if outlets < LEAST_OUTLETS:
        return "few-outlets"
    return "few-articles" if min(sum(b.decided for b in side) for side in sides) < LEAST_DECIDED else ""


def _tested(plain: Change, difference: float, sides: Sequence[Sequence[Block]]) -> Change:
    from scipy import special

    smaller = min(map(len, sides))
    draws = [_draws(side, f"{plain.group}{at}") for at, side in enumerate(sides)]
    error = float((draws[1] - draws[0]).std(ddof=1)) * (smaller / (smaller - 1)) ** 0.5
    if error == 0:  # every outlet-week is like the others: there is nothing by which to tell chance
        return replace(plain, difference=difference, p=1.0)
    reach = float(special.stdtrit(smaller - 1, 1 - (1 - LEVEL) / 2)) * error
    p = 2 * float(special.stdtr(smaller - 1, -abs(difference) / error))
    return replace(plain, difference=difference, low=difference - reach, high=difference + reach, p=p)
