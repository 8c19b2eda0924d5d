"""The two stores for a bench: a folder, and a real Elasticsearch with the heap of a small production server."""

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from index.store.base import Store, open_store
from index.store.elastic import ElasticStore
from tests.elasticsearch.server import NoServer, available, minimal, remove

HEAP = "-Xms1g -Xmx1g"


@contextmanager
def embedded() -> Iterator[Store]:
    with tempfile.TemporaryDirectory(prefix="amur-bench-") as folder:
        yield open_store(f"embedded://{folder}")


@contextmanager
def elasticsearch() -> Iterator[ElasticStore]:
    """Raises NoServer where none can be had."""
    server = available() if os.environ.get("AMUR_TEST_ELASTICSEARCH") else minimal(java_options=HEAP)
    prefix = f"amur-bench{secrets.token_hex(3)}-"
    store = open_store(server.url, prefix=prefix)
    assert isinstance(store, ElasticStore)
    try:
        yield store
    finally:
        names = list(store.client.indices.get(index=f"{prefix}*", features="aliases").body)
        if names:
            store.client.indices.delete(index=",".join(names))
        store.close()
        remove(server)


def ask(store: Store, body: dict[str, Any]) -> dict[str, Any]:
    """A search without Elasticsearch's request cache, which answers a repeated question from memory."""
    if isinstance(store, ElasticStore):
        found = store.client.search(index=store.index_of("articles"), body=body, request_cache=False)
        return dict(found.body)
    return store.search("articles", body)


__all__ = ["NoServer", "ask", "elasticsearch", "embedded"]
