"""The sample through the command into the embedded store and into a real Elasticsearch: the same answers from both."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from amur.pipeline import Amur
from amur.settings import Settings
from index import answers
from index.collections import COLLECTIONS, SAMPLE_PREFIX
from index.query import Filters
from tests.elasticsearch.server import NoServer, shared

pytestmark = [pytest.mark.elasticsearch, pytest.mark.all_tiers, pytest.mark.timeout(600)]

XI = ('entity:"Xi Jinping"', "entity:习近平", 'entity:"Си Цзиньпина"', "entity:習近平")
ASKED = [
    Filters(),
    *(Filters(langs=(lang,)) for lang in ("en", "ru", "zh")),
    Filters(countries=("RUS", "CHN")),
    Filters(camps=("western",)),
    Filters(topics=("energy",)),
    Filters(since=date(2020, 1, 1), until=date(2023, 12, 31), langs=("ru", "zh")),
    *(Filters(q=query) for query in XI),
    *(Filters(q=query) for query in ("topic:energy", "lang:zh from:2018-01-01", "NOT camp:russian-state")),
]
WORDS = ("газопровода", "天然气", "pipelines", "Gazprom OR Газпром")


@dataclass(frozen=True)
class Both:
    embedded: Path
    elastic: Path
    url: str

    def opened(self, which: str) -> Amur:
        store = {"store": self.url} if which == "elastic" else {}
        return Amur.open(replace(Settings(), data=getattr(self, which), readers="lexicon", **store), sample=True)

    def command(self, *arguments: str) -> Any:
        return json.loads(_command(*arguments, "--data", str(self.elastic), "--store", self.url))


def _command(*arguments: str) -> str:
    line = [sys.executable, "-m", "amur.cli", *arguments]
    environment = os.environ | {"AMUR_READERS": "lexicon"}
    run = subprocess.run(line, capture_output=True, text=True, env=environment, check=False, timeout=300)
    assert run.returncode == 0, run.stderr[-3000:]
    return run.stdout


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    try:
        url = shared().url
    except NoServer as reason:
        message = f"no Elasticsearch to test against: {reason}"
        if os.environ.get("AMUR_TEST_STRICT") == "1":
            pytest.fail(message)
        pytest.skip(message)
    found = Both(tmp_path_factory.mktemp("embedded"), tmp_path_factory.mktemp("elastic"), url)
    collect = ("run", "--sample", "--once", "--no-serve")
    _command(*collect, "--data", str(found.embedded))
    _command(*collect, "--data", str(found.elastic), "--store", url)
    yield found
    with found.opened("elastic") as amur:
        names = list(amur.store.client.indices.get(index=f"{SAMPLE_PREFIX}*"))  # type: ignore[attr-defined]
        amur.store.client.indices.delete(index=",".join(names))  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def two(both: Both) -> Iterator[tuple[Amur, Amur]]:
    with ExitStack() as stack:
        yield stack.enter_context(both.opened("embedded")), stack.enter_context(both.opened("elastic"))


def same(two: tuple[Amur, Amur], ask: Callable[[Amur], Any]) -> Any:
    embedded, elastic = (ask(amur) for amur in two)
    assert elastic == embedded
    return embedded


def ids(amur: Amur, filters: Filters) -> set[str]:
    return {hit.id for hit in answers.search(amur.store, filters, limit=1000).hits}


def test_filters_give_the_same_ids(two: tuple[Amur, Amur]) -> None:
    for filters in ASKED:
        assert same(two, lambda amur, f=filters: ids(amur, f)), filters  # type: ignore[misc]


def test_a_name_in_three_scripts_gives_the_same_articles(two: tuple[Amur, Amur]) -> None:
    first, *others = (same(two, lambda amur, q=query: ids(amur, Filters(q=q))) for query in XI)  # type: ignore[misc]
    assert all(other == first for other in others)
    langs = {hit.lang for hit in answers.search(two[1].store, Filters(q=XI[0]), limit=100).hits}
    assert langs == {"en", "ru", "zh"}


def test_words_are_found_in_their_forms(two: tuple[Amur, Amur]) -> None:
    for word in WORDS:
        assert same(two, lambda amur, w=word: ids(amur, Filters(q=w))), word  # type: ignore[misc]


def test_facets_series_totals_and_coverage_count_the_same(two: tuple[Amur, Amur]) -> None:
    for filters in ASKED:
        found = same(two, lambda amur, f=filters: answers.facets(amur.store, f, size=1000))  # type: ignore[misc]
        assert found["lang"]
        same(two, lambda amur, f=filters: answers.series(amur.store, f, interval="month"))  # type: ignore[misc]
        same(two, lambda amur, f=filters: answers.totals(amur.store, f))  # type: ignore[misc]
    assert same(two, lambda amur: answers.coverage(amur.store, Filters(), interval="year"))


def test_status_and_search_of_the_command_are_those_of_the_embedded_store(both: Both, two: tuple[Amur, Amur]) -> None:
    status, embedded = both.command("status", "--json"), two[0].status()
    assert status["states"] == embedded["states"]
    assert status["store"]["collections"] == embedded["store"]["collections"]
    assert both.url in status["store"]["url"]
    found = both.command("search", XI[1], "--limit", "100", "--json")
    assert {article["id"] for article in found["articles"]} == ids(two[0], Filters(q=XI[0]))


def everything(amur: Amur) -> dict[str, dict[str, Any]]:
    """All documents without revisions, which a second way of building them may raise."""
    return {
        name: {
            d["id"]: {k: v for k, v in d.items() if k != "revision"} for d in amur.store.scan(name, {"match_all": {}})
        }
        for name in COLLECTIONS
    }


def behind_aliases(amur: Amur) -> set[str]:
    return set(amur.store.client.indices.get_alias(index=f"{SAMPLE_PREFIX}*"))  # type: ignore[attr-defined]


def test_reprocess_builds_new_indices_swaps_all_aliases_and_removes_the_old(both: Both, two: tuple[Amur, Amur]) -> None:
    before, old = everything(two[1]), behind_aliases(two[1])
    assert both.command("reprocess", "--component", "topics", "--json")["reindexed"] == len(before["articles"])
    new = behind_aliases(two[1])
    assert len(new) == len(old) == len(COLLECTIONS)
    assert not new & old
    assert everything(two[1]) == before


def test_a_forgotten_article_is_gone_and_stays_gone(both: Both, two: tuple[Amur, Amur]) -> None:
    hit = answers.search(two[1].store, Filters(langs=("ru",)), limit=1, sort="date").hits[0]
    assert both.command("forget", hit.url, "--json")["articles"] == [hit.id]
    assert hit.id not in ids(two[1], Filters())
    assert all(hit.id not in s["members"] for s in two[1].store.scan("stories", {"match_all": {}}))
    _command("run", "--sample", "--once", "--no-serve", "--data", str(both.elastic), "--store", both.url)
    assert hit.id not in ids(two[1], Filters())
    assert ids(two[0], Filters()) - ids(two[1], Filters()) == {hit.id}
