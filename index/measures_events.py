"""Events by quadrant: mutual acts once, one-sided acts by direction."""

from collections.abc import Iterable
from dataclasses import dataclass

from index.answers import Acts

QUADRANTS = ("verbal-cooperation", "material-cooperation", "verbal-conflict", "material-conflict")


@dataclass(frozen=True)
class Quadrant:
    """Reported acts of one quadrant between two sides. `forth` are one-sided acts of the first towards the second."""

    quadrant: str
    mutual: int
    forth: int
    back: int

    @property
    def all(self) -> int:
        return self.mutual + self.forth + self.back


def quadrants(acts: Iterable[Acts], first: str, second: str) -> tuple[Quadrant, ...]:
    """The four quadrants between two sides (ISO 3166-1 alpha-3), those without an act too.

    Unit: reported acts, one for each report. A mutual act ("A and B agreed") is a row each way in the store and is
    counted once: mutual = the larger of both directions' mutual rows. Directions are compared on one-sided acts
    only, as mutual ones have none. No scores are added up: sums follow the calendar of visits. Source: design.md,
    "Answers"; quadrants after PLOVER.
    """
    ways = {(first, second): "forth", (second, first): "back"}
    counts: dict[tuple[str, str, bool], int] = {}
    for act in acts:
        way = ways.get((act.source, act.target))
        if way:
            key = (act.quadrant, way, act.mutual)
            counts[key] = counts.get(key, 0) + act.reports
    return tuple(
        Quadrant(
            name,
            max(counts.get((name, way, True), 0) for way in ("forth", "back")),
            counts.get((name, "forth", False), 0),
            counts.get((name, "back", False), 0),
        )
        for name in QUADRANTS
    )
