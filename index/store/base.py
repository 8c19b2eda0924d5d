"""What a store must be able to do. Bodies and answers have Elasticsearch's form; docs/search.md lists the subset."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from amur.settings import Settings

Document = dict[str, Any]
Body = dict[str, Any]
Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Written:
    """`ok` is also true where the store already holds this revision or a newer one. `error` is the store's reason."""

    id: str
    ok: bool
    error: str = ""


class Store(Protocol):
    """A place for the four collections.

    Errors: StoreUnavailable where it does not answer (repeat the batch later), StoreError where it refuses,
    UnsupportedQuery for a body outside the subset.
    """

    @property
    def url(self) -> str:
        """Where it is, without secrets."""
        ...

    def ensure(self) -> None:
        """Create what is missing. Harmless when repeated, or done by two at once."""
        ...

    def write(self, collection: str, documents: Iterable[Document]) -> Iterator[Written]:
        """One result a document, in order. `revision` decides: an older one never overwrites a newer.

        The iterator must be read to its end; what it has given is durable, and searchable after `refresh`.
        """
        ...

    def delete(self, collection: str, ids: Iterable[str]) -> int:
        """Number of documents that were there."""
        ...

    def get(self, collection: str, document_id: str) -> Document | None: ...

    def search(self, collection: str, body: Body) -> Answer: ...

    def scan(self, collection: str, query: Body, *, fields: Sequence[str] = ()) -> Iterator[Document]:
        """Every document that a query clause finds, from one moment, the newest first (articles) or by id."""
        ...

    def count(self, collection: str, query: Body | None = None) -> int: ...

    def refresh(self) -> None:
        """Make what was written before visible to searches after."""
        ...

    def begin_generation(self) -> "GenerationStore": ...

    def close(self) -> None: ...


class GenerationStore(Store, Protocol):
    """Collections built anew beside those that are searched."""

    def swap(self) -> None:
        """Put all of them in the place of the searched ones at once; then remove the replaced."""
        ...

    def abandon(self) -> None:
        """Remove them."""
        ...


def open_store(url: str, *, prefix: str = "amur-", settings: Settings | None = None) -> Store:
    """`embedded:///path` or `http(s)://host:port`. Nothing is connected or created before the first use.

    Raises SettingsError for an address that is not safe (plain http, or no user, on another machine) or of another
    scheme.
    """
    from amur.errors import SettingsError

    scheme, _, rest = url.partition("://")
    if scheme == "embedded":
        from index.store.embedded import EmbeddedStore

        return EmbeddedStore(rest, prefix=prefix)
    if scheme in {"http", "https"}:
        from index.store.elastic import ElasticStore

        return ElasticStore.open(url, prefix=prefix, settings=settings or Settings())
    raise SettingsError(f"the store must be https://HOST:9200 or embedded:///PATH, not {scheme or url}://…")
