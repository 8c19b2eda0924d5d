"""Events out of the store: who is reported to have done or said what to whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from index import query
from index.query import Filters
from index.store.base import Store

# Fields of an event that a question can name, and the field of Filters that names it.
FIELDS = {"lang": "langs", "country": "countries", "camp": "camps", "outlet": "outlets", "topics": "topics"}


@dataclass(frozen=True)
class Events:
    """`total` counts rows of the store; `rows` are documents, a mutual act told once with `mutual` set."""

    total: int
    rows: tuple[dict[str, Any], ...]


def events(store: Store, filters: Filters, *, dyad: str = "", limit: int = 50, offset: int = 0) -> Events:
    """Events reported in the period, the newest first. Of what an article says only its topics filter."""
    body = {
        "query": {"bool": {"filter": _clauses(filters, dyad)}},
        "size": limit,
        "from": offset,
        "track_total_hits": True,
        "sort": query.newest_first(),
    }
    found = store.search("events", body)["hits"]
    return Events(found["total"]["value"], once([hit["_source"] for hit in found["hits"]]))


def _clauses(filters: Filters, dyad: str) -> list[dict[str, Any]]:
    clauses: list[dict[str, Any]] = [
        {"terms": {field: list(getattr(filters, name))}} for field, name in FIELDS.items() if getattr(filters, name)
    ]
    one = {"story": filters.story, "family": filters.family, "dyad": dyad}
    clauses += [{"terms": {field: [value]}} for field, value in one.items() if value]
    return [*clauses, *query.period(filters)] or [{"match_all": {}}]


def once(rows: Sequence[dict[str, Any]]) -> tuple[dict[str, Any], ...]:
    """A mutual act is two rows in the data, one each way, and one line on a page."""
    seen: set[Any] = set()
    kept = []
    for row in rows:
        way = (row["source"], row["target"])
        pair = tuple(sorted(way)) if row.get("mutual") else way
        mark = (row.get("article"), row["type"], row.get("evidence"), pair)
        if mark not in seen:
            seen.add(mark)
            kept.append(row)
    return tuple(kept)
