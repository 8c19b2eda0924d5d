"""From a feed entry to its row in the ledger: key, domain, fingerprint, day. Pure."""

import datetime as dt
import hashlib
from typing import Any
from urllib.parse import urlsplit

from amur.errors import AmurError
from ingest.model import FeedEntry
from ingest.records import entry_to_json
from ingest.urls import canonical_url, registrable_domain


def day_of(instant: float) -> str:
    """The UTC day of seconds since 1970, as ISO text."""
    return dt.datetime.fromtimestamp(instant, dt.UTC).date().isoformat()


def entry_key(url: str) -> str:
    """What makes two entries the same: sha256 of the canonical form of the address, or of what cannot be one.

    Another host or path (a mobile or AMP twin) is an entry of its own: it is seen, and ends as `duplicate-url`.
    """
    try:
        form, parts = canonical_url(url), urlsplit(url)
        own = urlsplit(form)
        twin = (own.hostname, own.path) != (parts.hostname, parts.path or "/")
        return sha(url.partition("#")[0] if twin else form)
    except (AmurError, ValueError):
        return sha(url)


def sha(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def domain_of(url: str) -> str:
    """The registrable domain of an address, or "" where it has none."""
    try:
        host = urlsplit(url).hostname or ""
        return registrable_domain(host) if host else ""
    except (AmurError, ValueError):
        return ""


def fingerprint(entry: FeedEntry) -> str:
    """Changes when what the feed says of an entry does."""
    updated = entry.updated.isoformat() if entry.updated else ""
    return sha(f"{entry.title}\x00{entry.summary}\x00{updated}")[:32]


def entry_row(entry: FeedEntry, rank: int, now: float) -> dict[str, Any]:
    """The row of a new entry. `rank` is its place in the feed, from 0."""
    return {
        "key": entry_key(entry.url),
        "source": entry.source,
        "feed_url": entry.feed_url,
        "url": entry.url,
        "domain": domain_of(entry.url),
        "entry": entry_to_json(entry),
        "fingerprint": fingerprint(entry),
        "lang": entry.lang,
        "day": entry.published.date().isoformat() if entry.published else day_of(now),
        "backfilled": entry.backfilled,
        "first_seen": now,
        "state": "new",
        "stage": "fetch",
        "rank": rank,
    }
