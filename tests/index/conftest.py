"""One real Elasticsearch for the session, and both stores as one parameter."""

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # index_samples

from index_samples import documents, events

from index.store import Store, open_store
from tests.elasticsearch import server as elasticsearch_server
from tests.elasticsearch.server import NoServer, Server


@pytest.fixture(scope="session")
def elasticsearch() -> Server:
    """A real server; where none can be had a loud skip, and a failure under AMUR_TEST_STRICT=1."""
    try:
        return elasticsearch_server.shared()
    except NoServer as reason:
        message = f"no Elasticsearch to test against: {reason}"
        if os.environ.get("AMUR_TEST_STRICT") == "1":
            pytest.fail(message)
        pytest.skip(message)


@contextmanager
def fresh(server: Server) -> Iterator[Store]:
    """An empty Elasticsearch store of its own prefix, removed afterwards."""
    prefix = f"amur-t{secrets.token_hex(4)}-"
    store = open_store(server.url, prefix=prefix)
    store.ensure()
    try:
        yield store
    finally:
        drop(store, prefix)


@pytest.fixture
def elastic(elasticsearch: Server) -> Iterator[Store]:
    with fresh(elasticsearch) as store:
        yield store


def fill(store: Store) -> Store:
    """The sample articles and their events."""
    for collection, found in (("articles", documents()), ("events", events())):
        assert [w for w in store.write(collection, found) if not w.ok] == []
    store.refresh()
    return store


def drop(store: Store, prefix: str) -> None:
    client = store.client  # type: ignore[attr-defined]
    names = list(client.indices.get(index=f"{prefix}*", features="aliases"))
    if names:
        client.indices.delete(index=",".join(names))
    client.indices.delete_index_template(name=f"{prefix}*")
    client.cluster.delete_component_template(name=f"{prefix}*")
    store.close()


KINDS = ["embedded", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)]


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """An empty store of each kind."""
    if request.param == "elasticsearch":
        found: Store = request.getfixturevalue("elastic")
        return found
    return open_store(f"embedded://{tmp_path / 'store'}")


@pytest.fixture
def filled(store: Store) -> Store:
    """A store of each kind with the sample, to be changed."""
    return fill(store)


@pytest.fixture(scope="module", params=KINDS)
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store of each kind with the sample, only to be read."""
    if request.param == "embedded":
        yield fill(open_store(f"embedded://{tmp_path_factory.mktemp('store')}"))
        return
    with fresh(request.getfixturevalue("elasticsearch")) as store:
        yield fill(store)
