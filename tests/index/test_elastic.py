"""What only Elasticsearch has: templates, aliases, bulk under load, a server that goes away."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from faulty_proxy import Proxy, before
from index_samples import documents

from amur.errors import StoreError, StoreUnavailable
from index.collections import COLLECTIONS, mapping
from index.stopwords import ENGLISH, RUSSIAN
from index.store import Store, elastic, open_store
from index.store.elastic import ElasticStore
from tests.elasticsearch.server import Server

pytestmark = pytest.mark.elasticsearch


def client(store: Store) -> Any:
    assert isinstance(store, ElasticStore)
    return store.client


def prefix(store: Store) -> str:
    assert isinstance(store, ElasticStore)
    return store._prefix


@pytest.fixture
def proxy(elasticsearch: Server) -> Iterator[Proxy]:
    with before(elasticsearch.url) as running:
        yield running


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits of a hundredth; their growth and number stay."""
    monkeypatch.setattr(elastic, "FIRST_WAIT", 0.01)
    monkeypatch.setattr(elastic, "LONGEST_WAIT", 0.05)


def test_indices_are_versioned_strict_and_behind_aliases(elastic: Store) -> None:
    for collection in COLLECTIONS:
        name = f"{prefix(elastic)}{collection}"
        ((index, about),) = client(elastic).indices.get(index=name).body.items()
        assert index == f"{name}-000001"
        assert about["aliases"] == {name: {"is_write_index": True}}
        assert about["mappings"]["dynamic"] == "strict"
        assert set(about["mappings"]["properties"]) == set(mapping(collection)["properties"])
        assert "default_field" in about["settings"]["index"]["query"]
    template = client(elastic).indices.get_index_template(name=f"{prefix(elastic)}articles")["index_templates"][0]
    assert template["index_template"]["composed_of"] == [
        f"{prefix(elastic)}articles-settings",
        f"{prefix(elastic)}articles-mapping",
    ]


def test_a_plain_search_finds_a_name_in_any_script(elastic: Store) -> None:
    """As a person types it in Kibana: no field named, the default fields asked."""
    assert all(w.ok for w in elastic.write("articles", documents()))
    elastic.refresh()
    for typed in ("Газпром", "Gazprom", '"Си Цзиньпин"', "习近平"):
        body = {"query": {"query_string": {"query": typed}}, "size": 20, "track_total_hits": True}
        languages = {h["_source"]["lang"] for h in elastic.search("articles", body)["hits"]["hits"]}
        assert languages == {"en", "ru", "zh"}, typed


def test_many_may_create_at_once(elasticsearch: Server, elastic: Store) -> None:
    """Eight workers start together on an empty cluster: one set of indices, no error."""
    name = prefix(elastic)[:-1] + "x-"
    stores = [open_store(elasticsearch.url, prefix=name) for _ in range(8)]
    failures: list[BaseException] = []

    def start(store: Store) -> None:
        try:
            store.ensure()
            assert [w.ok for w in store.write("articles", documents()[:1])] == [True]
        except BaseException as error:  # noqa: BLE001 -- a thread's failure must reach the test
            failures.append(error)

    threads = [threading.Thread(target=start, args=(s,)) for s in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    indices = client(elastic).indices.get(index=f"{name}*").body
    assert sorted(indices) == sorted(f"{name}{c}-000001" for c in COLLECTIONS)
    client(elastic).indices.delete(index=",".join(indices))


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("faults", [[429], [429, 429, "items"], ["items", "items"], [503], ["cut"]])
def test_a_busy_server_is_waited_for(proxy: Proxy, elastic: Store, faults: list[int | str]) -> None:
    store = open_store(proxy.url, prefix=prefix(elastic))
    proxy.faults = list(faults)
    assert sorted(w.id for w in store.write("articles", documents()) if w.ok) == sorted(d["id"] for d in documents())
    assert proxy.bulks == 1 + len(faults)
    store.close()


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("fault", [429, "items", 503, "cut"])
def test_a_server_that_stays_busy_fails_the_batch_and_sets_no_document_aside(
    proxy: Proxy, elastic: Store, fault: int | str
) -> None:
    store = open_store(proxy.url, prefix=prefix(elastic))
    proxy.faults = [fault] * 50
    with pytest.raises(StoreUnavailable):
        list(store.write("articles", documents()))
    proxy.faults = []
    assert all(w.ok for w in store.write("articles", documents()))
    store.close()


def test_an_alias_that_is_gone_fails_the_batch_and_sets_no_document_aside(elastic: Store) -> None:
    name = f"{prefix(elastic)}articles"
    client(elastic).indices.delete(index=f"{name}-000001")
    with pytest.raises(StoreError, match="takes no documents"):
        list(elastic.write("articles", documents()))
    assert all(w.ok for w in elastic.write("articles", documents())), "the next batch finds it made anew"
    assert client(elastic).indices.exists_alias(name=name)


def test_a_wrong_body_names_the_servers_reason(elastic: Store) -> None:
    with pytest.raises(StoreError, match="bad_wolf"):
        elastic.search("articles", {"query": {"bad_wolf": {}}})


def test_a_swap_is_one_moment_for_searches_and_loses_no_write(elastic: Store) -> None:
    """While a generation is built and swapped, one thread searches and one collects, in a loop."""
    first = [{"id": f"{n:04x}", "revision": 1, "lang": "en"} for n in range(40)]
    assert all(w.ok for w in elastic.write("articles", first))
    elastic.refresh()
    stop, counts, failures, collected = threading.Event(), set(), [], []

    def look() -> None:
        try:
            while not stop.is_set():
                counts.add(elastic.count("articles", {"term": {"lang": "en"}}))
        except StoreError as error:
            failures.append(error)

    def collect() -> None:
        try:
            while not stop.is_set():
                row = {"id": f"new{len(collected):04}", "revision": 1, "lang": "ru"}
                assert [w.ok for w in elastic.write("articles", [row])] == [True]
                collected.append(row)
        except StoreError as error:
            failures.append(error)

    threads = [threading.Thread(target=look), threading.Thread(target=collect)]
    for thread in threads:
        thread.start()
    generation = elastic.begin_generation()
    assert all(w.ok for w in generation.write("articles", first[:10]))
    generation.refresh()
    generation.swap()
    caught_up = list(collected)  # what came before and around the swap comes from the ledger again
    assert all(w.ok for w in elastic.write("articles", caught_up))
    stop.set()
    for thread in threads:
        thread.join()
    assert failures == []
    assert counts <= {40, 10}
    elastic.refresh()
    assert elastic.count("articles", {"term": {"lang": "ru"}}) == len(collected)
    names = sorted(client(elastic).indices.get(index=f"{prefix(elastic)}*").body)
    assert names == sorted(f"{prefix(elastic)}{c}-000002" for c in COLLECTIONS)


@pytest.mark.parametrize(("analyzer", "words"), [("english", ENGLISH), ("russian", RUSSIAN)])
def test_the_stop_words_are_those_of_the_stock_analyzers(elastic: Store, analyzer: str, words: frozenset[str]) -> None:
    text = " ".join(sorted(words))
    tokens = client(elastic).indices.analyze(analyzer=analyzer, text=text)["tokens"]
    assert [t["token"] for t in tokens] == []
