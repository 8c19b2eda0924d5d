"""Reprocessing beside a collector and readers: no search sees half a collection, and nothing is lost."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from amur.pipeline import Amur
from amur.settings import Settings
from index.store import open_store
from ingest.sample_web import SampleServer

EVERYTHING = {"match_all": {}}
PAUSE = 0.02  # seconds between searches, which else leave little of a small machine to the others


@contextmanager
def opened(settings: Settings, reader: Any) -> Iterator[Amur]:
    with Amur.open(settings, sample=True) as amur:
        amur.__dict__["reader"] = reader
        yield amur


def collecting(settings: Settings, reader: Any, done: threading.Event) -> int:
    """Collect again and again, the last time after everything else has ended; returns how often."""
    rounds, last = 0, False
    with opened(settings, reader) as amur:
        while not last:
            last = done.is_set()
            amur.collect(force=True)
            rounds += 1
    return rounds


def searching(url: str, wanted: set[str], done: threading.Event) -> int:
    """Search until all has ended; returns how often. What was there before must be there in every answer."""
    store, searches = open_store(url, prefix="amur-sample-"), 0
    while not done.wait(PAUSE):
        found = {document["id"] for document in store.scan("articles", EVERYTHING, fields=("id",))}
        assert wanted <= found, f"{len(wanted - found)} of {len(wanted)} articles were not found"
        assert store.count("articles") >= len(wanted)
        assert all(store.count(name) for name in ("stories", "coverage"))
        searches += 1
    store.close()
    return searches


@pytest.mark.parametrize("rounds", [2, pytest.param(12, marks=pytest.mark.all_tiers)])
def test_reprocessing_beside_a_collector_and_readers_loses_nothing_and_shows_no_half(
    rounds: int, settings: Settings, stand_ins: Callable[[Amur], None]
) -> None:
    done, running = threading.Event(), list[Future[int]]()
    with SampleServer(delays=False) as web, ThreadPoolExecutor() as pool:
        pairs = ",".join(f"{name}={address}:{port}" for name, (address, port) in web.hosts.items())
        here = replace(settings, resolve=pairs)
        with Amur.open(here, sample=True) as amur:
            store = amur.store
            stand_ins(amur)
            amur._store = store
            amur.collect()
            wanted = {document["id"] for document in store.scan("articles", EVERYTHING, fields=("id",))}
            web.edition = 1
            try:
                running.append(pool.submit(collecting, here, amur.reader, done))
                running += [pool.submit(searching, store.url, wanted, done) for _ in range(2)]
                for number in range(rounds):
                    amur.reprocess(raw=bool(number % 2))
            finally:
                done.set()
            collected, *searches = (future.result(240) for future in running)
            amur.collect()
            found = amur.index_verify()
            assert (found["faults"], found["waiting"]) == (0, 0)
            assert found["checked"]["articles"] == amur.counts()["indexed"] >= len(wanted) >= 60
            assert sum(amur.counts().values()) == amur.status()["entries"]
            edited = [a for a in wanted if len(amur.ledger.articles.history(a)) > 1]
    assert collected >= 1
    assert min(searches) >= 1
    assert len(edited) >= 2
