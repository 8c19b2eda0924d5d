"""How far each file of the past has been read, and the entries that came of it: known together or not at all.

The unit of work is a file: who reads it holds a lease of its name, so that several processes share a list of files.
A batch that is committed moves the offset in the same transaction; whoever lost the lease commits nothing.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import Connection, select, update

from ingest.ledger import Ledger
from ingest.ledger_engine import reading, writing
from ingest.ledger_marks import mark
from ingest.ledger_rows import entry_row
from ingest.ledger_schema import entries, facts, leases, tombstones
from ingest.ledger_sql import chunks, insert_new, upsert
from ingest.model import FeedEntry, State

# Entries of live feeds are fetched before those of the past.
BACKFILL_RANK = 1_000_000


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a file was read: records before `at` are in the ledger. `size` is the file's when it was begun."""

    address: str = ""
    at: int = 0
    size: int = -1
    done: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """One entry to take in, the state in which it begins, the stage it waits for, and columns beside."""

    entry: FeedEntry
    state: State = "new"
    stage: str = "fetch"
    values: Mapping[str, Any] | None = None


_COLUMNS: dict[str, Any] = {
    "outcome": "", "error": "", "error_stage": "", "decided": False, "raw_path": "", "raw_offset": 0, "raw_length": 0,
    "fetched_at": 0.0, "body_hash": "",
}  # fmt: skip


class FileWork:
    """The reading of one file under a lease. `name` is of the file and of what is asked of it."""

    def __init__(self, ledger: Ledger, name: str, worker: str, lease: float) -> None:
        self._ledger, self.name, self._worker, self._lease = ledger, name, worker, lease
        self._token: int | None = None

    def begin(self) -> bool:
        """Take the file; False where another worker has it."""
        self._token = self._ledger.lease(self.name, self._worker, self._lease)
        return self._token is not None

    def end(self) -> None:
        if self._token is not None:
            self._ledger.unlease(self.name, self._token)

    def progress(self) -> Progress:
        text = self._ledger.fact(self.name)
        return Progress(**json.loads(text)) if text else Progress()

    def commit(self, taken: Sequence[Taken], progress: Progress) -> int | None:
        """Take in a batch and move the offset; the number of new entries, None where the lease is another's by now."""
        rows = _rows(taken, self._ledger.clock())
        with writing(self._ledger.engine) as connection:
            if not self._holds(connection):
                return None
            new = take_in(connection, rows)
            fact = {"name": self.name, "value": json.dumps(asdict(progress))}
            upsert(connection, facts, [fact], ("name",))
        return new

    def _holds(self, connection: Connection) -> bool:
        mine = (leases.c.name == self.name) & (leases.c.token == self._token)
        until = self._ledger.clock() + self._lease
        return connection.execute(update(leases).where(mine).values(lease_until=until)).rowcount > 0


def add_entries(ledger: Ledger, taken: Sequence[Taken]) -> Counter[str]:
    """Take in entries that no file's offset goes with; counts `new` and `known` (or forgotten)."""
    rows, new = _rows(taken, ledger.clock()), 0
    for part in chunks(rows):
        with writing(ledger.engine) as connection:
            new += take_in(connection, part)
    return Counter(new=new, known=len(rows) - new)


def take_in(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> int:
    """Insert the rows that are neither there nor forgotten; returns how many."""
    there = _held(connection, [row["key"] for row in rows])
    new = [row for row in rows if row["key"] not in there]
    for part in chunks(new):
        insert_new(connection, entries, part)
    mark(connection, "coverage", {(row["source"], row["day"]) for row in new})
    return len(new)


def held(ledger: Ledger, keys: Sequence[str]) -> dict[str, str]:
    """Which of these keys are `known` as entries or `forgotten`."""
    with reading(ledger.engine) as connection:
        return _held(connection, keys)


def _held(connection: Connection, keys: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in chunks(keys):
        for name, column in (("known", entries.c.key), ("forgotten", tombstones.c.key)):
            found |= dict.fromkeys(connection.execute(select(column).where(column.in_(part))).scalars(), name)
    return found


def _rows(taken: Sequence[Taken], now: float) -> list[dict[str, Any]]:
    rows = []
    for at, one in enumerate(taken):
        entry = replace(one.entry, backfilled=True)
        fixed = {"state": one.state, "stage": one.stage, **_COLUMNS}
        rows.append({**entry_row(entry, BACKFILL_RANK + at, now), **fixed, **(one.values or {})})
    return list({row["key"]: row for row in reversed(rows)}.values())
