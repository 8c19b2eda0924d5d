"""Stand-ins for what the pipeline's own tests are not about: a store in memory, a reader by one word."""

import copy
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from amur.pipeline import Amur
from amur.settings import Settings
from index.store.base import Written
from ingest.model import Article, EnrichedArticle, Relevance, Topic
from ingest.sample_web import SampleServer


class MemoryStore:
    """The Store protocol over dicts, with external versions; collections may be made to refuse or to fail."""

    def __init__(self) -> None:
        self.url = "memory://"
        self.documents: dict[str, dict[str, dict[str, Any]]] = {}
        self.refuse: dict[str, str] = {}
        self.down: Exception | None = None

    def ensure(self) -> None:
        if self.down:
            raise self.down

    def write(self, collection: str, documents: Iterable[dict[str, Any]]) -> Iterator[Written]:
        kept = self.documents.setdefault(collection, {})
        for document in documents:
            key = document["id"]
            if collection == "articles" and key in self.refuse:
                yield Written(key, ok=False, error=self.refuse[key])
                continue
            if key not in kept or kept[key]["revision"] <= document["revision"]:
                kept[key] = document
            yield Written(key, ok=True)

    def delete(self, collection: str, ids: Iterable[str]) -> int:
        kept = self.documents.setdefault(collection, {})
        return sum(kept.pop(key, None) is not None for key in ids)

    def get(self, collection: str, document_id: str) -> dict[str, Any] | None:
        return self.documents.get(collection, {}).get(document_id)

    def scan(self, collection: str, query: Any, *, fields: Sequence[str] = ()) -> Iterator[dict[str, Any]]:
        yield from self.documents.get(collection, {}).values()

    def count(self, collection: str, query: Any = None) -> int:
        return len(self.documents.get(collection, {}))

    def refresh(self) -> None:
        return

    def begin_generation(self) -> "MemoryGeneration":
        return MemoryGeneration(self)

    def close(self) -> None:
        return


class MemoryGeneration(MemoryStore):
    def __init__(self, over: MemoryStore) -> None:
        super().__init__()
        self.over = over

    def swap(self) -> None:
        self.over.documents = self.documents

    def abandon(self) -> None:
        return


class WordReader:
    """Relevant is what names both countries in any of the three languages; no model, one topic."""

    version = "1"

    def read(self, article: Article, *, always: bool = False) -> EnrichedArticle:
        text = article.read_text.lower()
        both = any(w in text for w in ("russia", "росси", "俄", "moscow", "москв")) and any(
            w in text for w in ("chin", "кита", "中", "пекин")
        )
        topics = (Topic("diplomacy", 1.0),) if both else ()
        return EnrichedArticle(
            article, Relevance(both, float(both), both), topics=topics, versions={"word": self.version}
        )


@pytest.fixture(scope="session")
def web() -> Iterator[SampleServer]:
    with SampleServer(delays=False) as server:
        yield server


@pytest.fixture
def settings(tmp_path: Path, web: SampleServer) -> Settings:
    return _settings(tmp_path, web)


def _settings(folder: Path, web: SampleServer) -> Settings:
    pairs = ",".join(f"{name}={address}:{port}" for name, (address, port) in web.hosts.items())
    return replace(Settings(), data=folder, resolve=pairs, readers="lexicon")


def _stand_ins(amur: Amur) -> None:
    amur._store = MemoryStore()
    amur.__dict__["reader"] = WordReader()


@pytest.fixture
def stand_ins() -> Callable[[Amur], None]:
    """Put the store in memory and the reader by one word into an opened Amur."""
    return _stand_ins


@pytest.fixture(scope="session")
def collected_once(tmp_path_factory: pytest.TempPathFactory, web: SampleServer) -> tuple[Path, MemoryStore]:
    """The sample collected once for all tests: data folder and store, to be copied and never changed."""
    folder = tmp_path_factory.mktemp("collected")
    with Amur.open(_settings(folder, web), sample=True) as opened:
        _stand_ins(opened)
        opened.collect()
        return folder, opened._store


@pytest.fixture
def collected(settings: Settings, collected_once: tuple[Path, MemoryStore]) -> Iterator[Amur]:
    """A copy of the collected sample, to do with as a test likes."""
    folder, store = collected_once
    shutil.copytree(folder, settings.data, dirs_exist_ok=True)
    with Amur.open(settings, sample=True) as opened:
        _stand_ins(opened)
        opened._store = copy.deepcopy(store)
        yield opened


@pytest.fixture
def amur(settings: Settings) -> Iterator[Amur]:
    """The sample's collection on stand-ins."""
    with Amur.open(settings, sample=True) as opened:
        _stand_ins(opened)
        yield opened
