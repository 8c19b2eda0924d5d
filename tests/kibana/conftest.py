"""A real Elasticsearch that holds the sample collection, as the pipeline made it, under a prefix of its own."""

import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from amur.pipeline import Amur
from amur.settings import Settings
from index.collections import COLLECTIONS
from index.store import Store, open_store
from ingest.sample_web import SampleServer
from tests.elasticsearch.server import NoServer, Server, shared

Json = dict[str, Any]


@dataclass(frozen=True)
class Held:
    """The store, and every document of it by collection: what the expected numbers are counted from."""

    store: Store
    prefix: str
    documents: dict[str, list[Json]]

    def search(self, collection: str, body: Json) -> Json:
        """As Kibana asks: of Elasticsearch itself, nothing of ours between."""
        client = self.store.client  # type: ignore[attr-defined]
        answer: Json = client.search(index=f"{self.prefix}{collection}", body=body).body
        assert answer["_shards"]["failed"] == 0
        return answer


@pytest.fixture(scope="session")
def kibana_elasticsearch() -> Server:
    """A real server; where none can be had a loud skip, and a failure under AMUR_TEST_STRICT=1."""
    try:
        return shared()
    except NoServer as reason:
        message = f"no Elasticsearch to test against: {reason}"
        if os.environ.get("AMUR_TEST_STRICT") == "1":
            pytest.fail(message)
        pytest.skip(message)


@pytest.fixture(scope="session")
def held(kibana_elasticsearch: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Held]:
    """The sample collected once, with the readers that load no model."""
    prefix = f"amur-t{secrets.token_hex(4)}-"
    with SampleServer(delays=False) as web:
        pairs = ",".join(f"{name}={address}:{port}" for name, (address, port) in web.hosts.items())
        settings = replace(
            Settings(), data=tmp_path_factory.mktemp("kibana"), resolve=pairs, readers="lexicon",
            store=kibana_elasticsearch.url,
        )  # fmt: skip
        with Amur.open(settings, sample=True) as amur:
            amur._store = open_store(settings.store_url, prefix=prefix, settings=settings)
            counts = amur.collect()
            assert not counts["quarantined"], f"the sample was not read, see the pipeline's tests: {counts}"
            documents: dict[str, list[Json]] = {c: list(amur.store.scan(c, {"match_all": {}})) for c in COLLECTIONS}
            yield Held(amur.store, prefix, documents)
            _drop(amur.store, prefix)


def _drop(store: Store, prefix: str) -> None:
    client = store.client  # type: ignore[attr-defined]
    names = list(client.indices.get(index=f"{prefix}*", features="aliases"))
    if names:
        client.indices.delete(index=",".join(names))
    client.indices.delete_index_template(name=f"{prefix}*")
    client.cluster.delete_component_template(name=f"{prefix}*")
