"""One collection of one generation as a tantivy index: opened for reading once, for writing anew for each batch.

A writer that stays open while other processes write leaks their files, and an IndexWriter is not safe between threads,
so a batch opens, writes, commits and closes under the generation's lock.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amur.errors import StoreError, StoreUnavailable
from index.store.base import Written
from index.store.embedded_schema import Refused, analyzers, schema, to_tantivy

if TYPE_CHECKING:
    import tantivy

Document = dict[str, Any]
# tantivy asks for 15 MB a thread at least; one thread makes one segment a batch, and 64 MB hold 2 000 documents of
# 4 KB several times over.
HEAP_BYTES = 64_000_000
THREADS = 1


@contextmanager
def guarded(path: Path) -> Iterator[None]:
    """tantivy's errors as ours. Its panics are no Exception: they would pass every handler up to the thread's end."""
    try:
        yield
    except (OSError, ValueError, RuntimeError, TypeError) as error:
        raise _error(path, error) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise _error(path, error) from error


def _error(path: Path, error: BaseException) -> StoreError:
    text = str(error)
    if "LockBusy" in text:
        return StoreUnavailable(f"another program writes to {path}")
    return StoreError(f"the store in {path} failed: {text}")


def create(path: Path, collection: str) -> None:
    """Create the index, or check that it has the schema of this version."""
    from tantivy import Index

    with guarded(path):
        path.mkdir(parents=True, exist_ok=True)
        Index(schema(collection), str(path))


def opened(path: Path, collection: str) -> "tantivy.Index":
    """Analyzers are not part of the files: they are registered after every opening.

    Nor does tantivy mind a schema that is not ours: it would search other fields than those that are named.
    """
    from tantivy import Index

    index = Index.open(str(path))
    if index.schema != schema(collection):
        raise StoreError(f"the index in {path} is of another version of Amur: `amur reprocess` builds it anew")
    for name, analyzer in analyzers().items():
        index.register_tokenizer(name, analyzer)
    return index


class Reader:
    """The newest committed state, for many threads. Looks at `meta.json`, which every commit replaces."""

    def __init__(self, path: Path, collection: str) -> None:
        self._path = path
        self._collection = collection
        self._lock = threading.Lock()
        self._mark: tuple[int, int] | None = None
        self._index: tantivy.Index | None = None

    def searcher(self) -> "tantivy.Searcher":
        """Raises FileNotFoundError where the index is not there (any more)."""
        status = (self._path / "meta.json").stat()
        mark = (status.st_ino, status.st_mtime_ns)
        with self._lock, guarded(self._path):
            if self._index is None:
                self._index = opened(self._path, self._collection)
                self._index.config_reader("manual")
                self._index.reload()
            elif mark != self._mark:
                self._index.reload()
            self._mark = mark
            return self._index.searcher()


def write(path: Path, collection: str, documents: Sequence[Document]) -> list[Written]:
    """Write a batch; one result a document, all durable when this returns. The caller holds the lock."""
    with guarded(path):
        index = opened(path, collection)
        index.config_reader("manual")
        index.reload()
        batch = _Batch(index, collection)
        results = [batch.add(document) for document in documents]
        batch.finish()
    return results


class _Batch:
    def __init__(self, index: "tantivy.Index", collection: str) -> None:
        self.collection = collection
        self.searcher = index.searcher()
        self.writer = index.writer(HEAP_BYTES, THREADS)
        self.pending: dict[str, int] = {}
        self.changed = False

    def add(self, document: Document) -> Written:
        identifier, revision = document.get("id"), document.get("revision")
        if not isinstance(identifier, str) or not identifier:
            return Written(str(identifier), ok=False, error="document_parsing_exception: [id] must be a text")
        if isinstance(revision, bool) or not isinstance(revision, int) or revision < 0:
            return Written(identifier, ok=False, error="document_parsing_exception: [revision] must be 0 or more")
        try:
            made = to_tantivy(self.collection, document)
        except Refused as refused:
            return Written(identifier, ok=False, error=str(refused))
        if revision > self.known(identifier):
            # Immediately before the add: a delete earlier in the batch leaves two copies of a document added twice.
            self.writer.delete_documents_by_term("id", identifier)
            self.writer.add_document(made)
            self.pending[identifier] = revision
            self.changed = True
        return Written(identifier, ok=True)

    def known(self, identifier: str) -> int:
        """The revision that is stored, -1 where none is."""
        if identifier in self.pending:
            return self.pending[identifier]
        return revision_of(self.searcher, self.collection, identifier)

    def finish(self) -> None:
        """A writer that is dropped breaks its merges off, and segments would pile up: wait for them."""
        if self.changed:
            self.writer.commit()
        self.writer.wait_merging_threads()


def revision_of(searcher: "tantivy.Searcher", collection: str, identifier: str) -> int:
    from tantivy import Query

    found = searcher.search(Query.term_query(schema(collection), "id", identifier), limit=1, count=False).hits
    if not found:
        return -1
    (revision,) = searcher.fast_field_values("revision", [found[0][1]])
    return -1 if revision is None else int(revision)


def delete(path: Path, collection: str, identifiers: Sequence[str]) -> int:
    """Delete by id; the number of those that were there. The caller holds the lock."""
    with guarded(path):
        index = opened(path, collection)
        index.config_reader("manual")
        index.reload()
        searcher = index.searcher()
        there = [i for i in dict.fromkeys(identifiers) if revision_of(searcher, collection, i) >= 0]
        if there:
            writer = index.writer(HEAP_BYTES, THREADS)
            for identifier in there:
                writer.delete_documents_by_term("id", identifier)
            writer.commit()
            writer.wait_merging_threads()
    return len(there)
