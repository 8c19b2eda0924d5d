"""The state of the collection in a few numbers, from what `amur status` says."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

HEALTHY = "ok"
RETIRED = "retired"


@dataclass(frozen=True)
class Health:
    """`as_of` is when an outlet was last read with success, ISO 8601 or "" where none ever was."""

    ok: int
    total: int
    as_of: str
    by_health: Mapping[str, int]


def health(status: Mapping[str, Any]) -> Health:
    """Retired outlets are no longer read and count neither as healthy nor in the total."""
    sources = [s for s in status.get("sources", ()) if s.get("health") != RETIRED]
    counts = Counter(str(s.get("health") or "never") for s in sources)
    read = [str(s["last_success"]) for s in sources if s.get("last_success")]
    return Health(counts[HEALTHY], len(sources), max(read, default=""), counts)
