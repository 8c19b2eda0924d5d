"""Notes that something must be computed again: coverage of a day, links around a day.

Notes are only added and taken away by number, so that writers never wait for each other, and a note that was made
while the work was under way is not lost with those that the work was for.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, delete, insert, select

from ingest.ledger_schema import dirty
from ingest.ledger_sql import chunks

Kind = Literal["coverage", "link"]


@dataclass(frozen=True, slots=True)
class Mark:
    """One source (none for links) and day, and the numbers of the notes that name it."""

    kind: Kind
    source: str
    day: str
    ids: tuple[int, ...]


def mark(connection: Connection, kind: Kind, days: Iterable[tuple[str, str]]) -> None:
    """Note (source, day) pairs; the source of a link mark is empty."""
    for part in chunks(sorted(set(days))):
        connection.execute(insert(dirty), [{"kind": kind, "source": source, "day": day} for source, day in part])


def read_marks(connection: Connection, kind: Kind, limit: int | None = None) -> list[Mark]:
    """Marks by day and source, from at most `limit` notes."""
    wanted = select(dirty.c.id, dirty.c.source, dirty.c.day).where(dirty.c.kind == kind)
    found: dict[tuple[str, str], list[int]] = {}
    for number, source, day in connection.execute(wanted.order_by(dirty.c.day, dirty.c.source).limit(limit)):
        found.setdefault((source, day), []).append(number)
    return [Mark(kind, source, day, tuple(ids)) for (source, day), ids in found.items()]


def clear_marks(connection: Connection, marks: Sequence[Mark]) -> None:
    for part in chunks(number for one in marks for number in one.ids):
        connection.execute(delete(dirty).where(dirty.c.id.in_(part)))
