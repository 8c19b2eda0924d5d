"""What the dashboard is given: it opens nothing itself."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from amur.settings import Settings
from index.store.base import Store
from ingest.model import Source


class Names(Protocol):
    """What the pages need of `ingest.enrich.gazetteer.Gazetteer`."""

    def names(self, key: str) -> Mapping[str, Sequence[str]]: ...

    def kind(self, key: str) -> str | None: ...


@dataclass(frozen=True)
class Parts:
    """`status` gives what `amur status --json` prints; `gazetteer` may be None, names are then shown as they are."""

    store: Store
    status: Callable[[], dict[str, Any]]
    settings: Settings
    sample: bool = False
    gazetteer: Names | None = None
    sources: tuple[Source, ...] = ()
