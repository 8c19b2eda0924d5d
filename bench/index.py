"""How fast documents are written: both stores, and Elasticsearch's own bulk helper with the same documents ready-made.

Aim: the Elasticsearch store at 0.9 of the plain helper or more, in the same run. Rounds alternate, so that a busy
machine slows both alike; the median counts.
"""

import argparse
import json
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from bench.made_documents import Maker
from bench.store_servers import NoServer, elasticsearch, embedded
from index.store.elastic import ElasticStore

AIM = 0.9


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench index", description=__doc__)
    parser.add_argument("--documents", type=int, default=5_000, help="of one round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(argv)
    documents = list(Maker().documents(asked.documents))
    result: dict[str, Any] = {"documents": asked.documents, "embedded": _embedded(documents, asked.rounds)}
    try:
        result |= _elastic(documents, asked.rounds)
    except NoServer as reason:
        result["elasticsearch"] = f"not run: {reason}"
    print(json.dumps(result) if asked.json else _table(result))
    return 0 if result.get("ratio", 1.0) >= AIM else 1


def _embedded(documents: list[dict[str, Any]], rounds: int) -> float:
    rates = []
    for _round in range(rounds):
        with embedded() as store:
            store.ensure()
            rates.append(_rate(_all_written, store, documents))
    return median(rates)


def _elastic(documents: list[dict[str, Any]], rounds: int) -> dict[str, float]:
    """Every round writes new revisions, so that each replaces the documents of the one before."""
    ours: list[float] = []
    plain: list[float] = []
    with elasticsearch() as store:
        store.ensure()
        revision = 1
        for number in range(rounds + 1):
            pair = [(ours, _all_written), (plain, _plain)]
            for rates, write in pair if number % 2 else reversed(pair):
                revision += 1
                batch = [d | {"revision": revision} for d in documents]
                rate = _rate(write, store, batch)
                if number:  # the first round warms the server up
                    rates.append(rate)
    return {"elasticsearch": median(ours), "plain": median(plain), "ratio": median(ours) / median(plain)}


def _all_written(store: Any, documents: list[dict[str, Any]]) -> None:
    assert all(w.ok for w in store.write("articles", documents))


def _plain(store: ElasticStore, documents: list[dict[str, Any]]) -> None:
    from elasticsearch.helpers import streaming_bulk

    index = store.index_of("articles")
    actions = (
        {"_index": index, "_id": d["id"], "version": d["revision"], "version_type": "external", "_source": d}
        for d in documents
    )
    assert all(ok for ok, _item in streaming_bulk(store.client, actions))


def _rate(write: Callable[[Any, list[dict[str, Any]]], None], store: Any, documents: list[dict[str, Any]]) -> float:
    start = time.perf_counter()
    write(store, documents)
    return len(documents) / (time.perf_counter() - start)


def _table(result: dict[str, Any]) -> str:
    lines = [f"{result['documents']} documents of 300 tokens, documents/s (median)"]
    for name in ("embedded", "elasticsearch", "plain"):
        value = result.get(name, "")
        lines.append(f"  {name:<16}{value:>10.0f}" if isinstance(value, float) else f"  {name:<16}{value}")
    if "ratio" in result:
        lines.append(f"  elasticsearch / plain bulk helper: {result['ratio']:.2f} (aim {AIM})")
    return "\n".join(lines)
