"""The Elasticsearch store: bodies go as they are, documents by bulk with external versions.

Needs Elasticsearch 9 with the stock analyzers `english`, `russian` and `cjk`. Uses no scripts, no client.info() (the
minimal server of the tests has none), and nothing beyond the basic licence.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, Self

from amur.errors import StoreError, StoreUnavailable
from amur.settings import Settings
from index.collections import COLLECTIONS, alias, index_name
from index.query import newest_first
from index.store import elastic_setup
from index.store.base import Answer, Body, Document, Written
from index.store.elastic_address import client_options, without_secrets
from index.store.elastic_errors import BUSY, reason, translated

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

CHUNK_DOCUMENTS = 500  # of one bulk request, as `helpers.streaming_bulk` has it
CHUNK_BYTES = 20_000_000  # below the 100 MB that a server takes, small enough for a heap of 512 MB
RETRIES = 8  # of items that a busy server sent back (429), after 1, 2, 4, ... at most 60 s: about 3 minutes in all
FIRST_WAIT = 1.0
LONGEST_WAIT = 60.0
PAGE = 1_000  # documents of one page of a scan
KEEP_ALIVE = "5m"
CONFLICT = 409  # the store holds this revision, or a newer one
DELETED = {200: True, 404: False, CONFLICT: False}
NOT_THE_DOCUMENT = frozenset({401, 403, 404})  # no right, or no index behind the alias


class ElasticStore:
    def __init__(self, client: "Elasticsearch", url: str, *, prefix: str = "amur-", generation: int = 0) -> None:
        self.client = client
        self._url = url
        self._prefix = prefix
        self._generation = generation  # 0 follows the aliases
        self._ensured = False

    @classmethod
    def open(cls, url: str, *, prefix: str, settings: Settings) -> Self:
        """Raises SettingsError for an address that is not safe; connects at the first use."""
        from elasticsearch import Elasticsearch

        return cls(Elasticsearch(**client_options(url, settings)), without_secrets(url), prefix=prefix)

    @property
    def url(self) -> str:
        return self._url

    def index_of(self, collection: str) -> str:
        """The alias of a collection, or the index of a generation that is being built."""
        if collection not in COLLECTIONS:
            raise StoreError(f"there is no collection {collection!r}")
        if self._generation:
            return index_name(self._prefix, collection, self._generation)
        return alias(self._prefix, collection)

    def ensure(self) -> None:
        """Once a process; templates are put again so that a new version's mapping reaches the next generation."""
        if self._ensured or self._generation:
            return
        with translated(self._url):
            there = elastic_setup.aliased(self.client, self._prefix)
            missing = [c for c in COLLECTIONS if alias(self._prefix, c) not in there]
            if missing:
                self._create(missing)
        self._ensured = True

    def _create(self, missing: Sequence[str]) -> None:
        elastic_setup.put_templates(self.client, self._prefix)
        for collection in missing:
            elastic_setup.create_index(self.client, self._prefix, collection, 1, in_use=True)
        there = elastic_setup.aliased(self.client, self._prefix)
        lost = [c for c in missing if alias(self._prefix, c) not in there]
        if lost:
            name = index_name(self._prefix, lost[0], 1)
            raise StoreError(
                f"index {name} is there without its alias {alias(self._prefix, lost[0])}: delete it or add it"
            )

    def write(self, collection: str, documents: Iterable[Document]) -> Iterator[Written]:
        """Streams: memory holds one chunk. What a busy server sends back is waited for and sent again."""
        from elasticsearch.helpers import streaming_bulk

        self.ensure()
        target, refused = self.index_of(collection), _Refusals()
        with translated(self._url):
            results = streaming_bulk(
                self.client,
                refused.actions(documents, target),
                require_alias=not self._generation,  # else a bulk request creates an index of the alias's name
                chunk_size=CHUNK_DOCUMENTS,
                max_chunk_bytes=CHUNK_BYTES,
                max_retries=RETRIES,
                initial_backoff=FIRST_WAIT,
                max_backoff=LONGEST_WAIT,
                raise_on_error=False,
                yield_ok=True,
            )
            for ok, item in results:
                yield from refused.before_next()
                yield self._written(ok, item["index"])
            yield from refused.before_next()

    def _written(self, ok: bool, result: Mapping[str, Any]) -> Written:
        """What is wrong with the server, not with the document, fails the batch: it is repeated later."""
        if ok or result["status"] == CONFLICT:
            return Written(result["_id"], ok=True)
        if result["status"] in BUSY:
            raise StoreUnavailable(f"the store at {self._url} stayed busy: {reason(result)}")
        if result["status"] in NOT_THE_DOCUMENT:
            self._ensured = False
            raise StoreError(f"the store at {self._url} takes no documents: {reason(result)}")
        return Written(result["_id"], ok=False, error=reason(result))

    def delete(self, collection: str, ids: Iterable[str]) -> int:
        from elasticsearch.helpers import streaming_bulk

        self.ensure()
        with translated(self._url):
            results = streaming_bulk(
                self.client, self._deletions(collection, ids), max_retries=RETRIES, initial_backoff=FIRST_WAIT,
                max_backoff=LONGEST_WAIT, raise_on_error=False,
            )  # fmt: skip
            return sum(self._deleted(item["delete"]) for _ok, item in results)

    def _deletions(self, collection: str, ids: Iterable[str]) -> Iterator[dict[str, Any]]:
        """With the version that is stored: a plain delete counts it up, and the next revision would come too late."""
        index, waiting = self.index_of(collection), iter(dict.fromkeys(ids))
        while chunk := list(islice(waiting, CHUNK_DOCUMENTS)):
            for found in self.client.mget(index=index, ids=chunk, source=False)["docs"]:
                if found.get("found"):
                    version = {"version": found["_version"], "version_type": "external_gte"}
                    yield {"_op_type": "delete", "_index": index, "_id": found["_id"], **version}

    def _deleted(self, item: Mapping[str, Any]) -> int:
        """A conflict is a document that was written anew in between: it stays, and the ledger decides again."""
        if item["status"] not in DELETED:
            raise StoreError(f"the store at {self._url} did not delete {item.get('_id')}: {reason(item)}")
        return int(DELETED[item["status"]])

    def get(self, collection: str, document_id: str) -> Document | None:
        """As it was last written, searchable or not yet."""
        from elasticsearch import NotFoundError

        self.ensure()
        with translated(self._url):
            try:
                found = self.client.get(index=self.index_of(collection), id=document_id)
            except NotFoundError:
                return None
        source: Document = found["_source"]
        return source

    def search(self, collection: str, body: Body) -> Answer:
        self.ensure()
        with translated(self._url):
            return dict(self.client.search(index=self.index_of(collection), body=body).body)

    def scan(self, collection: str, query: Body, *, fields: Sequence[str] = ()) -> Iterator[Document]:
        """A point in time, paged by `search_after`."""
        self.ensure()
        order = newest_first() if collection in {"articles", "events"} else [{"id": {"order": "asc"}}]
        body: Body = {"query": query, "size": PAGE, "sort": order, "track_total_hits": False}
        body["_source"] = list(fields) if fields else True
        with translated(self._url):
            moment = self.client.open_point_in_time(index=self.index_of(collection), keep_alive=KEEP_ALIVE)["id"]
            try:
                while True:
                    answer = self.client.search(body=body | {"pit": {"id": moment, "keep_alive": KEEP_ALIVE}})
                    hits, moment = answer["hits"]["hits"], answer.get("pit_id", moment)
                    for hit in hits:
                        yield hit["_source"]
                    if len(hits) < PAGE:
                        return
                    body["search_after"] = hits[-1]["sort"]
            finally:
                self.client.close_point_in_time(id=moment)

    def count(self, collection: str, query: Body | None = None) -> int:
        self.ensure()
        with translated(self._url):
            return int(self.client.count(index=self.index_of(collection), query=query or {"match_all": {}})["count"])

    def refresh(self) -> None:
        self.ensure()
        with translated(self._url):
            self.client.indices.refresh(index=",".join(self.index_of(c) for c in COLLECTIONS))

    def begin_generation(self) -> "ElasticGeneration":
        """Two that begin at once get different numbers: the first index of a number can be created only once."""
        self.ensure()
        with translated(self._url):
            elastic_setup.put_templates(self.client, self._prefix)
            number = elastic_setup.latest_generation(self.client, self._prefix) + 1
            while not elastic_setup.create_index(self.client, self._prefix, COLLECTIONS[0], number, in_use=False):
                number += 1
            for collection in COLLECTIONS[1:]:
                elastic_setup.create_index(self.client, self._prefix, collection, number, in_use=False)
        return ElasticGeneration(self.client, self._url, prefix=self._prefix, generation=number)

    def close(self) -> None:
        self.client.close()


class ElasticGeneration(ElasticStore):
    """Indices that are being built; closing is left to the store that began it."""

    def swap(self) -> None:
        with translated(self._url):
            replaced = elastic_setup.swap(self.client, self._prefix, self._generation)
            if replaced:
                self.client.indices.delete(index=",".join(replaced), ignore_unavailable=True)

    def abandon(self) -> None:
        with translated(self._url):
            names = [self.index_of(c) for c in COLLECTIONS]
            if not any(set(names) & set(found) for found in elastic_setup.aliased(self.client, self._prefix).values()):
                self.client.indices.delete(index=",".join(names), ignore_unavailable=True)

    def close(self) -> None:
        pass


class _Refusals:
    """Documents that cannot be sent at all, kept in their place among the results."""

    def __init__(self) -> None:
        self._sent = 0
        self._given = 0
        self._held: list[tuple[int, Written]] = []

    def actions(self, documents: Iterable[Document], index: str) -> Iterator[dict[str, Any]]:
        for document in documents:
            identifier, revision = document.get("id"), document.get("revision")
            error = _unsendable(identifier, revision)
            if error:
                self._held.append((self._sent, Written(str(identifier), ok=False, error=error)))
                continue
            self._sent += 1
            yield {
                "_op_type": "index",
                "_index": index,
                "_id": identifier,
                "version": revision,
                "version_type": "external",
                "_source": document,
            }

    def before_next(self) -> Iterator[Written]:
        """What stood before the next result."""
        while self._held and self._held[0][0] <= self._given:
            yield self._held.pop(0)[1]
        self._given += 1


def _unsendable(identifier: Any, revision: Any) -> str:
    if not isinstance(identifier, str) or not identifier:
        return "document_parsing_exception: [id] must be a text"
    if isinstance(revision, bool) or not isinstance(revision, int) or revision < 0:
        return "document_parsing_exception: [revision] must be 0 or more"
    return ""
