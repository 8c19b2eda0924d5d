"""Entries that were set aside, as people see them."""

from collections.abc import Mapping
from typing import Any

from amur.errors import ArchiveError, UsageError
from ingest.archive import Archive, Location
from ingest.ledger import Ledger
from ingest.steps_base import instant


def quarantine_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """The public form of a ledger row: entry, url, source, stage, error, attempts, at, bytes."""
    return {
        "entry": row["id"],
        "url": row["url"],
        "source": row["source"],
        "stage": row["error_stage"],
        "error": row["error"],
        "attempts": row["attempts"],
        "at": instant(row["fetched_at"] or row["first_seen"]).isoformat(),
        "bytes": row["raw_length"],
    }


def quarantine_show(ledger: Ledger, archive: Archive, entry: int) -> tuple[dict[str, Any], bytes | None]:
    """See Amur.quarantine_show."""
    rows = ledger.entries.quarantined([entry])
    if not rows:
        raise UsageError(f"entry {entry} is not in quarantine; `amur quarantine list` shows what is")
    place = Location(rows[0]["raw_path"], rows[0]["raw_offset"], rows[0]["raw_length"])
    try:
        body = archive.read_page(place).body if place else None
    except ArchiveError:
        body = None
    return quarantine_row(rows[0]), body
