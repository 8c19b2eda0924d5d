"""What `amur status` says: entries by state, the health of every source, the store."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from amur.errors import StoreError
from ingest.model import Source
from ingest.step_poll import state_of
from ingest.steps_base import instant

if TYPE_CHECKING:
    from amur.pipeline import Amur

COLLECTIONS = ("articles", "events", "stories", "coverage")
# From best to worst: a source is as well as its best feed.
_BY_HEALTH = ("ok", "late", "silent", "failing", "never", "retired")


def status_of(amur: "Amur") -> dict[str, Any]:
    """The shape of design.md (`sample`, `entries`, `states`, `sources`, `store`) and more beside it."""
    states, as_of = amur.ledger.counts(), amur.ledger.as_of()
    families, stories = amur.ledger.links.count()
    return {
        "sample": amur.sample,
        "as_of": instant(as_of).isoformat() if as_of else None,
        "entries": sum(states.values()),
        "states": states,
        "languages": amur.ledger.entries.counts_by_language(),
        "quarantined_by_stage": amur.ledger.entries.quarantine_reasons(),
        "families": families,
        "stories": stories,
        "sources": _sources(amur),
        "store": _store(amur),
    }


def _sources(amur: "Amur") -> list[dict[str, Any]]:
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in amur.ledger.feeds.all():
        rows.setdefault(row["source"], []).append(row)
    now = instant(amur.ledger.clock())
    return [_source(source, rows.get(source.name, []), now) for source in amur.sources]


def _source(source: Source, rows: list[dict[str, Any]], now: dt.datetime) -> dict[str, Any]:
    from ingest.policy import health

    states = [state_of(row["url"], row["source"], row["state"]) for row in rows]
    feeds = [
        {
            "url": state.url, "health": health(state, now), "failures": state.failures, "error": state.last_error,
            "failure_class": state.failure_class, "interval_seconds": state.interval_seconds,
            "moved_to": state.moved_to or None, "problems": state.problems, "problem": state.problem,
            "last_success": _iso(row["last_success"]), "next_poll": _iso(row["next_poll"]),
        }
        for state, row in zip(states, rows, strict=True)
    ]  # fmt: skip
    found = {feed["health"] for feed in feeds}
    return {
        "name": source.name,
        "title": source.title,
        "last_success": max((f["last_success"] for f in feeds if f["last_success"]), default=None),
        "next_poll": min((f["next_poll"] for f in feeds if f["next_poll"]), default=None),
        "health": next((h for h in _BY_HEALTH if h in found), "never"),
        "feeds": feeds,
    }


def _store(amur: "Amur") -> dict[str, Any]:
    """A store that does not answer is a line of the status, not the end of it."""
    try:
        amur.store.ensure()
        counts = {name: amur.store.count(name) for name in COLLECTIONS}
    except StoreError as error:
        return {"url": amur.settings.store_url, "documents": None, "error": str(error)}
    return {"url": amur.store.url, "documents": counts["articles"], "collections": counts}


def _iso(seconds: float) -> str | None:
    return instant(seconds).isoformat() if seconds else None
