"""How fast questions are answered: both stores with the same documents, p50 and p95 in milliseconds.

Aims: every question of the dashboard under 150 ms at p95 on the embedded store with a million documents, and none
slower than 1.2 times Elasticsearch's without its request cache.
"""

import argparse
import json
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from statistics import quantiles
from typing import Any

from bench.made_documents import REAL, Maker
from bench.store_servers import NoServer, ask, elasticsearch, embedded
from index import query
from index.answers import FACETS
from index.query import Filters
from index.store.base import Store
from ingest.model import TOPICS

UPSERTS = 1_000
AIM_MS, AIM_RATIO = 150.0, 1.2
YEAR = Filters(since=date(2025, 4, 1), until=date(2026, 3, 31))


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench search", description=__doc__)
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--only", choices=("embedded", "elasticsearch"))
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(argv)
    result: dict[str, Any] = {"documents": asked.documents}
    for name, opened in (("embedded", embedded), ("elasticsearch", elasticsearch)):
        if asked.only in (None, name):
            try:
                with opened() as store:
                    result[name] = _measured(store, asked.documents, asked.rounds)
            except NoServer as reason:
                result[name] = f"not run: {reason}"
    print(json.dumps(result) if asked.json else _table(result))
    return 0


def _measured(store: Store, count: int, rounds: int) -> dict[str, Any]:
    store.ensure()
    maker, start = Maker(), time.perf_counter()
    assert all(w.ok for w in store.write("articles", maker.documents(count)))
    store.refresh()
    rate = count / (time.perf_counter() - start)
    found: dict[str, Any] = {"documents per second": round(rate)}
    for name, bodies in QUESTIONS.items():
        found[name] = _timed(rounds, partial(_asked, store, bodies))
    upserted = [list(Maker(seed).documents(UPSERTS, revision=2 + seed)) for seed in range(5)]
    found[f"upsert of {UPSERTS}, visible"] = _timed(len(upserted), lambda i: _upsert(store, upserted[i]), warm=0)
    return found


def _asked(store: Store, bodies: Callable[[int], dict[str, Any]], i: int) -> None:
    ask(store, bodies(i))


def _upsert(store: Store, documents: list[dict[str, Any]]) -> None:
    assert all(w.ok for w in store.write("articles", documents))
    store.refresh()


def _timed(rounds: int, work: Callable[[int], Any], *, warm: int = 3) -> tuple[float, float]:
    for i in range(warm):
        work(i)
    times = []
    for i in range(rounds):
        start = time.perf_counter()
        work(i)
        times.append(1000 * (time.perf_counter() - start))
    cuts = quantiles(times, n=20, method="inclusive")
    return round(cuts[9], 1), round(cuts[18], 1)


def _no_names(_name: str) -> tuple[str, ...]:
    return ()


def _worded(i: int) -> dict[str, Any]:
    lang = ("en", "ru", "zh")[i % 3]
    q = REAL[lang][i % len(REAL[lang])]
    filters = Filters(q=q, langs=(lang,), topics=("energy",))
    return query.search_body(filters, highlight=True, resolve=_no_names)


def _two_words(i: int) -> dict[str, Any]:
    words = REAL["en"]
    filters = Filters(q=f"{words[i % 8]} {words[(i + 3) % 8]}", langs=("en",), topics=("energy",))
    return query.search_body(filters, highlight=True, resolve=_no_names)


def _summary(filters: Filters, interval: query.Interval) -> dict[str, Any]:
    aggs = {"series": query.series_agg(interval, "lang"), **query.totals_aggs(), **query.facet_aggs(FACETS, 20)}
    return query.counted(query.query_of(filters, resolve=_no_names), aggs)


QUESTIONS: dict[str, Callable[[int], dict[str, Any]]] = {
    "word, 2 filters, highlights": _worded,
    "2 words, 2 filters, highlights": _two_words,
    "newest of a topic": lambda i: query.search_body(Filters(topics=(TOPICS[i % len(TOPICS)],)), sort="date"),
    "summary of twelve months": lambda _i: _summary(YEAR, "week"),
    "summary of all years": lambda _i: _summary(Filters(), "month"),
    "top 50 entities": lambda _i: query.facets_body(Filters(), ["entities"], 50),
    "week x language": lambda _i: query.series_body(Filters(), "week", "lang"),
}


def _table(result: dict[str, Any]) -> str:
    stores = [n for n in ("embedded", "elasticsearch") if isinstance(result.get(n), dict)]
    lines = [f"{result['documents']} documents; p50 / p95 in ms", f"{'':<34}" + "".join(f"{n:>20}" for n in stores)]
    for name in result[stores[0]] if stores else ():
        values = [result[s][name] for s in stores]
        shown = [f"{v[0]:.1f} / {v[1]:.1f}" if isinstance(v, tuple | list) else f"{v}" for v in values]
        lines.append(f"{name:<34}" + "".join(f"{s:>20}" for s in shown))
    lines += [f"{n}: {result[n]}" for n in ("embedded", "elasticsearch") if isinstance(result.get(n), str)]
    return "\n".join(lines)
