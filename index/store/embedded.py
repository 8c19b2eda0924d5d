"""The embedded store: tantivy in a folder, behind the bodies of Elasticsearch.

Any number of threads and processes read; one at a time writes, the others wait. The subset of bodies is listed in
`embedded_query` (clauses), `embedded_aggs` (aggregations) and below; docs/search.md has it for readers. A body has
`query`, `size`, `from`, `sort`, `_source`, `highlight`, `aggs` and `track_total_hits`; `sort` is by score or the
newest first (`index.query.newest_first`), nothing else.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from amur.errors import StoreError
from index.collections import COLLECTIONS
from index.query import newest_first
from index.store import embedded_index
from index.store.base import Answer, Body, Document, Written
from index.store.embedded_aggs import aggregate
from index.store.embedded_folder import FIRST, WAIT_SECONDS, Folder
from index.store.embedded_highlight import Highlighter
from index.store.embedded_index import Reader, guarded
from index.store.embedded_query import Translation, only, unsupported
from index.store.embedded_schema import ORDER, SOURCE

if TYPE_CHECKING:
    import tantivy

T = TypeVar("T")
BATCH = 2_000  # documents of one commit; a commit costs 10 to 30 ms whatever its size
DEEPEST_HIT = 10_000  # as Elasticsearch's index.max_result_window
KEYS = {"query", "size", "from", "sort", "_source", "highlight", "aggs", "track_total_hits"}


class EmbeddedStore:
    """`generation` fixes the one that is read and written; "" follows the one in use."""

    def __init__(
        self, path: str | Path, *, prefix: str = "amur-", wait: float = WAIT_SECONDS, generation: str = ""
    ) -> None:
        self._path = Path(path)
        self._prefix = prefix
        self.folder = Folder(self._path / prefix.strip("-"), wait=wait)
        self._fixed = generation
        self._readers: dict[tuple[str, str], Reader] = {}

    @property
    def url(self) -> str:
        return f"embedded://{self._path}"

    def ensure(self) -> None:
        if self.folder.current():
            return
        with self.folder.changing():
            if not self.folder.current():
                self._create(FIRST)
                self.folder.set_current(FIRST)

    def _create(self, name: str) -> None:
        for collection in COLLECTIONS:
            embedded_index.create(self.folder.root / name / collection, collection)

    def _name(self) -> str:
        return self._fixed or self.folder.current()

    def write(self, collection: str, documents: Iterable[Document]) -> Iterator[Written]:
        _checked(collection)
        waiting = iter(documents)
        while batch := list(islice(waiting, BATCH)):
            yield from self._locked(lambda path, b=batch: embedded_index.write(path, collection, b), collection)  # type: ignore[misc]

    def delete(self, collection: str, ids: Iterable[str]) -> int:
        _checked(collection)
        wanted = list(ids)
        if not wanted:
            return 0
        return self._locked(lambda path: embedded_index.delete(path, collection, wanted), collection)

    def _locked(self, work: Callable[[Path], T], collection: str) -> T:
        """Under the lock of the generation in use; another may have come into use while this waited for it."""
        self.ensure()
        while True:
            name = self._name()
            with self.folder.writing(name):
                if name == self._name():
                    return work(self.folder.root / name / collection)

    def get(self, collection: str, document_id: str) -> Document | None:
        found = self._hits(collection, {"query": {"ids": {"values": [document_id]}}, "size": 1})
        return found[0]["_source"] if found else None

    def _hits(self, collection: str, body: Body) -> list[dict[str, Any]]:
        hits: list[dict[str, Any]] = self.search(collection, body)["hits"]["hits"]
        return hits

    def search(self, collection: str, body: Body) -> Answer:
        only(body, KEYS, "the body")
        searcher, path = self._searcher(collection)
        translation = Translation(collection)
        with guarded(path):
            query = translation.query(body.get("query", {"match_all": {}}))
            answer = self._found(searcher, query, body, translation)
            if aggs := body.get("aggs"):
                answer["aggregations"] = aggregate(searcher, query, aggs, collection)
        return answer

    def _found(
        self, searcher: "tantivy.Searcher", query: "tantivy.Query", body: Body, translation: Translation
    ) -> Answer:
        size, offset = int(body.get("size", 10)), int(body.get("from", 0))
        if size < 0 or offset < 0 or size + offset > DEEPEST_HIT:
            unsupported(f"from and size outside 0 to {DEEPEST_HIT}")
        order = _order(body.get("sort"))
        # A limit of 0 panics; the count comes with any limit.
        found: Any = searcher.search(query, limit=max(size, 1), offset=offset, order_by_field=order)
        marker = (
            Highlighter(translation.collection, body["highlight"], translation.phrases) if "highlight" in body else None
        )
        kept = _kept(body.get("_source", True))
        hits = [_hit(searcher, address, None if order else score, kept, marker) for score, address in found.hits[:size]]
        scores = [h["_score"] for h in hits if h["_score"] is not None]
        total = {"value": found.count, "relation": "eq"}
        return {"timed_out": False, "hits": {"total": total, "max_score": max(scores, default=None), "hits": hits}}

    def scan(self, collection: str, query: Body, *, fields: Sequence[str] = ()) -> Iterator[Document]:
        """From one state of the index, which stays open until the iterator ends."""
        searcher, path = self._searcher(collection)
        with guarded(path):
            translated = Translation(collection).query(query)
            limit = max(1, searcher.num_docs)
            hits = searcher.search(translated, limit=limit, count=False, order_by_field=ORDER).hits
        for _key, address in hits:
            yield _only_fields(_source(searcher, address), fields or None)

    def count(self, collection: str, query: Body | None = None) -> int:
        body = {"query": query or {"match_all": {}}, "size": 0}
        return int(self.search(collection, body)["hits"]["total"]["value"])

    def refresh(self) -> None:
        """Nothing to do: what is committed is seen by the next search, in every process."""

    def begin_generation(self) -> "EmbeddedGeneration":
        self.ensure()
        name = self.folder.begin()
        made = EmbeddedGeneration(self._path, prefix=self._prefix, wait=self.folder.wait, generation=name)
        made._create(name)
        return made

    def close(self) -> None:
        self._readers.clear()

    def _searcher(self, collection: str) -> "tuple[tantivy.Searcher, Path]":
        """A generation may go between looking up its name and opening it: then the next is in use."""
        _checked(collection)
        self.ensure()
        while True:
            name = self._name()
            path = self.folder.root / name / collection
            try:
                return self._reader(name, collection, path).searcher(), path
            except (FileNotFoundError, StoreError) as error:
                self._readers.pop((name, collection), None)
                if name == self._name():
                    raise _missing(path, error) from error

    def _reader(self, name: str, collection: str, path: Path) -> Reader:
        key = (name, collection)
        if key not in self._readers:
            self._readers = {k: r for k, r in self._readers.items() if k[0] == name}
            self._readers[key] = Reader(path, collection)
        return self._readers[key]


class EmbeddedGeneration(EmbeddedStore):
    """A generation that is being built; it is read and written like a store of its own."""

    def swap(self) -> None:
        """Wait for a batch that is being written to the generation in use, then put this one in its place."""
        with self.folder.changing():
            replaced = self.folder.current()
            with self.folder.writing(replaced):
                self.folder.set_current(self._fixed)
            if replaced != self._fixed:
                self.folder.remove(replaced)

    def abandon(self) -> None:
        if self.folder.current() != self._fixed:
            self.folder.remove(self._fixed)


def _checked(collection: str) -> None:
    if collection not in COLLECTIONS:
        raise StoreError(f"there is no collection {collection!r}")


def _missing(path: Path, error: Exception) -> StoreError:
    if isinstance(error, StoreError):
        return error
    return StoreError(f"the index in {path} is missing: `amur reprocess` builds it anew")


def _order(sort: Any) -> str | None:
    if sort in (None, "_score", ["_score"]):
        return None
    if sort != newest_first():
        unsupported("a sort other than by score or the newest first")
    return ORDER


def _kept(fields: Any) -> Sequence[str] | None:
    """Names of fields; None for all, [] for none."""
    if isinstance(fields, bool):
        return None if fields else []
    if not isinstance(fields, list | tuple) or not all(isinstance(f, str) and "*" not in f for f in fields):
        unsupported("_source other than true, false or a list of fields")
    return fields


def _source(searcher: "tantivy.Searcher", address: "tantivy.DocAddress") -> Document:
    loaded: Document = json.loads(bytes(searcher.doc(address).get_first(SOURCE) or b"{}"))
    return loaded


def _only_fields(source: Document, fields: Sequence[str] | None) -> Document:
    return source if fields is None else {name: source[name] for name in fields if name in source}


def _hit(
    searcher: "tantivy.Searcher",
    address: "tantivy.DocAddress",
    score: float | None,
    kept: Sequence[str] | None,
    marker: Highlighter | None,
) -> dict[str, Any]:
    source = _source(searcher, address)
    hit = {"_id": source["id"], "_score": score, "_source": _only_fields(source, kept)}
    if marker and (marked := marker.of(source)):
        hit["highlight"] = marked
    return hit
