"""What is named more than before: log-odds with a prior, at least three outlets, false discoveries controlled."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import erfc, log, sqrt

from index.answers import Spread
from index.measures import LEAST_OUTLETS
from index.measures_intervals import FALSE_DISCOVERIES, discoveries

# Families that the prior weighs as much as: what is rare in both periods is drawn to no change. It is that of a thin
# week; a larger one is slower to see a rise, a smaller one sees them where three families named something.
PRIOR = 50.0


@dataclass(frozen=True)
class Rise:
    """`log_odds` (natural) is how much more often than before, `z` that by its standard error, `p` one-sided."""

    key: str
    now: int
    before: int
    outlets: int
    log_odds: float
    z: float
    p: float


def rising(
    now: Iterable[Spread],
    before: Mapping[str, int],
    totals: tuple[int, int],
    *,
    prior: float = PRIOR,
    least_outlets: int = LEAST_OUTLETS,
    rate: float = FALSE_DISCOVERIES,
) -> tuple[Rise, ...]:
    """Names, topics or phrases that rose from the period before, the surest first.

    Unit: families (texts, copies folded) that have the key at least once; `totals` are all families now and before.
    With y families of n, q = (y now + y before) / (n now + n before) and a = prior * q:
    odds = (y + a) / (n + prior - y - a), log_odds = ln(odds now) - ln(odds before),
    variance = 1 / (y now + a) + 1 / (y before + a). Source: B. Monroe, M. Colaresi, K. Quinn, Fightin' Words, 2008,
    with documents for words. Tested are keys of at least `least_outlets` outlets; found by Benjamini and Hochberg.
    """
    if min(totals) <= 0:
        return ()
    tested = [_rise(s, before.get(s.key, 0), totals, prior) for s in now if s.outlets >= least_outlets]
    found = discoveries([r.p for r in tested], rate)
    kept = [r for r, real in zip(tested, found, strict=True) if real and r.log_odds > 0]
    return tuple(sorted(kept, key=lambda r: (-r.z, r.key)))


def _rise(spread: Spread, before: int, totals: tuple[int, int], prior: float) -> Rise:
    # A text that has the key in every family has no finite odds without this half.
    weight = min(max(prior * (spread.count + before) / sum(totals), 1e-9), prior - 0.5)
    odds = [(y + weight) / (n + prior - y - weight) for y, n in zip((spread.count, before), totals, strict=True)]
    gain = log(odds[0]) - log(odds[1])
    z = gain / sqrt(1 / (spread.count + weight) + 1 / (before + weight))
    return Rise(spread.key, spread.count, before, spread.outlets, gain, z, erfc(z / sqrt(2)) / 2)
