"""Real pages, real Chinese news and the article that the project was asked for with go the whole way.

Their texts belong to others: they are read from the folder that AMUR_BENCH_DATA names and are not in the repository.
"""

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from amur.pipeline import Amur
from amur.settings import Settings
from bench import collect
from index import answers
from index.query import Filters

pytestmark = [pytest.mark.all_tiers, pytest.mark.models, pytest.mark.timeout(1200)]


@pytest.fixture(scope="module")
def data() -> Path:
    folder = Path(os.environ.get("AMUR_BENCH_DATA", "")) / "data"
    if not os.environ.get("AMUR_BENCH_DATA") or not folder.is_dir():
        pytest.skip("AMUR_BENCH_DATA names no folder with data/: real pages are not collected")
    return folder


@pytest.fixture(scope="module")
def outlets(data: Path) -> list[collect.Outlet]:
    return [o for make in collect.KINDS.values() for o in make(data)]


@pytest.fixture(scope="module")
def collection(
    outlets: list[collect.Outlet], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Amur, dict[str, int]]]:
    folder = tmp_path_factory.mktemp("real")
    states, _ = collect.collect(outlets, folder, "all")
    with Amur.open(Settings(data=folder, sources=str(folder / "sources.toml"))) as amur:
        yield amur, states


def test_every_page_ends_in_a_named_state(
    outlets: list[collect.Outlet], collection: tuple[Amur, dict[str, int]]
) -> None:
    _, states = collection
    assert sum(states.values()) == sum(len(o.items) for o in outlets)
    assert not set(states) & collect.WAITING
    assert states.get("quarantined", 0) == 0


def test_unrelated_pages_stay_out_and_the_chinese_news_comes_in(collection: tuple[Amur, dict[str, int]]) -> None:
    amur, _ = collection
    by_outlet = dict(answers.facets(amur.store, Filters(), ["outlet"])["outlet"])
    assert 10 <= by_outlet["evening_news"] <= 65, "stories that name Russia, fewer that tell of the relationship"
    assert by_outlet.get("pages_en", 0) + by_outlet.get("pages_ru", 0) == 0
    assert by_outlet.get("pages_zh", 0) <= 3


@pytest.mark.parametrize("query", ['entity:"Mikhail Mishustin"', "topic:energy", "entity:习近平 topic:diplomacy"])
def test_the_article_of_2023_is_found_and_its_page_shows_why(
    query: str, collection: tuple[Amur, dict[str, int]]
) -> None:
    amur, _ = collection
    page = answers.search(amur.store, Filters(q=f"{query} outlet:seed"))
    assert page.total == 1
    document = answers.article(amur.store, page.hits[0].id)
    assert document is not None
    assert document["published"].startswith(str(date(2023, 3, 21)))
    annotations = document["annotations"]
    assert all(topic["sentences"] for topic in annotations["topics"])
    assert any(e["key"] == "Mikhail Mishustin" for e in annotations["entities"])
