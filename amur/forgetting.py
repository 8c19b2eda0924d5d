"""`amur forget`: one article out of store, archive and ledger, with a tombstone that keeps it out.

The tombstone comes first and the ledger's rows go last: a crash between leaves everything that is needed to repeat.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from amur.errors import ReadError, UsageError
from ingest.archive import Location
from ingest.ledger_articles import Known
from ingest.ledger_rows import entry_key, sha
from ingest.urls import canonical_url

if TYPE_CHECKING:
    from amur.pipeline import Amur


def forget(amur: "Amur", url: str) -> dict[str, Any]:
    """Remove what is known of an address. Raises UsageError for what is no address."""
    table = amur.ledger.articles
    keys = keys_of(url)
    found = table.find(list(keys))
    ids = [known.id for known in found]
    rows = table.entries_of(list(keys), ids)
    keys |= {row.key: row.url for row in rows} | {known.id: known.canonical_url for known in found}
    table.mark_forgotten(keys)
    _out_of_store(amur, found)
    erased = _out_of_archive(amur, found, ids, rows)
    table.bury(list(keys), ids)
    if ids:
        amur.publish()
    return {"url": url, "known": bool(rows), "articles": ids, "erased": erased}


def keys_of(url: str) -> dict[str, str]:
    """Keys under which an entry or an article of this address may be known."""
    try:
        canonical = canonical_url(url)
    except (ReadError, ValueError) as error:
        raise UsageError(f"{url!r} is not an address of an article: {error}") from error
    return dict.fromkeys((entry_key(url), sha(canonical), sha(url)), url)


def _out_of_store(amur: "Amur", found: Sequence[Known]) -> None:
    amur.store.ensure()
    amur.store.delete("articles", [known.id for known in found])
    amur.store.delete("events", [event for known in found for event in known.events])
    amur.store.refresh()


def _out_of_archive(amur: "Amur", found: Sequence[Known], ids: Sequence[str], rows: Sequence[Any]) -> int:
    """Erase every record and raw page, older versions included; returns how many."""
    places = {known.record for known in found if known.record}
    places |= {Location(row.raw_path, row.raw_offset, row.raw_length) for row in rows if row.raw_path}
    places |= amur.ledger.articles.raw_of(ids)
    for place in sorted(places, key=lambda p: (p.path, p.offset)):
        amur.archive.erase(place)
    return len(places)
