"""The queue: entries are claimed in bounded batches, and moved on by whoever still holds them.

A claim gives a batch number, which is the fencing token: an entry carries the token of its last claim, and a move
that names another token does nothing. `wake` turns retries and second looks that are due into waiting entries.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, and_, case, exists, func, select, update

from ingest.archive import Location
from ingest.ledger_engine import reading, writing
from ingest.ledger_marks import mark
from ingest.ledger_schema import articles, batches, entries
from ingest.ledger_sql import chunks
from ingest.model import ENDED, FeedEntry, State
from ingest.records import entry_from_json

# An entry that was claimed this often without moving has killed its workers: it is claimed alone, then set aside.
CLAIMS_BEFORE_ALONE = 3
CLAIMS_BEFORE_QUARANTINE = 12


@dataclass(frozen=True, slots=True)
class Held:
    """One claimed entry, as much of it as the steps need."""

    id: int
    entry: FeedEntry
    state: State
    domain: str
    attempts: int
    looks: int
    prior: str
    outcome: str
    first_seen: float
    raw: Location
    fetched_at: float
    body_hash: str
    etag: str
    last_modified: str
    article: str | None


@dataclass(frozen=True, slots=True)
class Claim:
    """A leased batch. `token` is what every move must show."""

    token: int
    stage: str
    entries: tuple[Held, ...]

    @property
    def batch_id(self) -> int:
        return self.token

    def __bool__(self) -> bool:
        return bool(self.entries)


@dataclass(frozen=True, slots=True)
class Move:
    """Where an entry goes next: its state, the stage it then waits for ("" for none), and columns that change."""

    id: int
    state: State
    stage: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


class EntryTable:
    def __init__(self, engine: Engine, clock: Callable[[], float]) -> None:
        self._engine = engine
        self._clock = clock

    def claim(self, stage: str, limit: int, worker: str, lease: float) -> Claim:
        """Lease the next entries that wait for a stage, heads of feeds first."""
        now = self._clock()
        with writing(self._engine) as connection:
            ids = self._free(connection, stage, limit, now)
            if not ids:
                return Claim(0, stage, ())
            batch = {"stage": stage, "worker": worker, "size": len(ids), "started": now, "lease_until": now + lease}
            key = connection.execute(batches.insert().values(batch)).inserted_primary_key
            token = int(key[0]) if key else 0
            held = {"token": token, "lease_until": now + lease, "claims": entries.c.claims + 1}
            connection.execute(update(entries).where(entries.c.id.in_(ids)).values(held))
            rows = connection.execute(
                select(entries).where(entries.c.id.in_(ids)).order_by(entries.c.rank, entries.c.id)
            )
            return Claim(token, stage, tuple(_held(row) for row in rows.mappings()))

    def _free(self, connection: Connection, stage: str, limit: int, now: float) -> list[int]:
        """Entries that may be claimed now. One that outlived several workers comes alone, and in the end not at all."""
        wanted = (
            select(entries.c.id, entries.c.claims)
            .where(entries.c.stage == stage, entries.c.lease_until <= now)
            .order_by(entries.c.rank, entries.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        found = [(int(i), int(n)) for i, n in connection.execute(wanted)]
        deadly = [i for i, n in found if n >= CLAIMS_BEFORE_QUARANTINE]
        suspects = [i for i, n in found if CLAIMS_BEFORE_ALONE <= n < CLAIMS_BEFORE_QUARANTINE]
        self.apply(connection, [_deadly(entry, stage) for entry in deadly])
        return suspects[:1] or [i for i, n in found if n < CLAIMS_BEFORE_ALONE]

    def renew(self, claim: Claim, lease: float) -> None:
        """Keep a batch for another `lease` seconds."""
        until = self._clock() + lease
        with writing(self._engine) as connection:
            connection.execute(update(entries).where(entries.c.token == claim.token).values(lease_until=until))
            connection.execute(update(batches).where(batches.c.id == claim.token).values(lease_until=until))

    def move(self, claim: Claim, moves: Sequence[Move], *, with_connection: Any = None) -> set[int]:
        """Move entries on in one transaction; returns the ids that another worker holds by now, which stay as they are.

        `with_connection(connection, held_ids)` runs before in the same transaction: what must be true together.
        """
        with writing(self._engine) as connection:
            held = self.still_held(connection, claim)
            if with_connection is not None:
                with_connection(connection, held)
            self.apply(connection, [m for m in moves if m.id in held])
            close_batch(connection, claim.token)
        return {m.id for m in moves} - held

    def still_held(self, connection: Connection, claim: Claim) -> set[int]:
        mine = select(entries.c.id).where(entries.c.token == claim.token).with_for_update()
        return set(connection.execute(mine).scalars())

    def apply(self, connection: Connection, moves: Sequence[Move]) -> None:
        """Move entries on; coverage of the days that they leave and of those that they reach is counted again."""
        ids = [move.id for move in moves]
        days = self._days(connection, ids)
        for move in moves:
            fixed = {"state": move.state, "stage": move.stage, "token": 0, "lease_until": 0, "claims": 0}
            connection.execute(update(entries).where(entries.c.id == move.id).values({**fixed, **move.values}))
        mark(connection, "coverage", days | self._days(connection, ids))

    def _days(self, connection: Connection, ids: Sequence[int]) -> set[tuple[str, str]]:
        found: set[tuple[str, str]] = set()
        for part in chunks(ids):
            wanted = select(entries.c.source, entries.c.day).where(entries.c.id.in_(part)).distinct()
            found |= set(connection.execute(wanted).tuples())
        return found

    def release(self, claim: Claim) -> None:
        """Give a batch back as it was, where its step could not do its work."""
        free = {"token": 0, "lease_until": 0, "claims": case((entries.c.claims > 0, entries.c.claims - 1), else_=0)}
        with writing(self._engine) as connection:
            connection.execute(update(entries).where(entries.c.token == claim.token).values(free))
            close_batch(connection, claim.token)

    def expire(self, connection: Connection, tokens: Sequence[int]) -> int:
        free = update(entries).where(entries.c.token.in_(tokens)).values(token=0, lease_until=0)
        return connection.execute(free).rowcount

    def wake(self) -> int:
        """Make retries and second looks that are due wait for `fetch` again; returns how many."""
        due = and_(entries.c.wake_at.is_not(None), entries.c.wake_at <= self._clock())
        values = {
            "prior": case((entries.c.state.in_(ENDED), entries.c.state), else_=entries.c.prior),
            "looks": entries.c.looks + case((entries.c.state.in_(ENDED), 1), else_=0),
            "attempts": case((entries.c.state.in_(ENDED), 0), else_=entries.c.attempts),
            "state": "retry",
            "stage": case((entries.c.error_stage.in_(("enrich", "index")), entries.c.error_stage), else_="fetch"),
            "wake_at": None,
        }
        with writing(self._engine) as connection:
            return connection.execute(update(entries).where(due).values(values)).rowcount

    def hasten(self, *, ended: bool = False) -> int:
        """Make all retries due now, and second looks too where `ended`."""
        which = and_(entries.c.wake_at.is_not(None))
        if not ended:
            which = and_(which, entries.c.state == "retry")
        with writing(self._engine) as connection:
            return connection.execute(update(entries).where(which).values(wake_at=0.0)).rowcount

    def counts(self) -> dict[str, int]:
        by_state = select(entries.c.state, func.count()).group_by(entries.c.state)
        with reading(self._engine) as connection:
            return {str(state): int(n) for state, n in connection.execute(by_state)}

    def counts_by_language(self) -> dict[str, dict[str, int]]:
        by_both = select(entries.c.lang, entries.c.state, func.count()).group_by(entries.c.lang, entries.c.state)
        found: dict[str, dict[str, int]] = {}
        with reading(self._engine) as connection:
            for lang, state, n in connection.execute(by_both):
                found.setdefault(lang or "und", {})[state] = int(n)
        return found

    def waiting(self, stage: str) -> int:
        """Entries that wait for a stage, held ones included."""
        with reading(self._engine) as connection:
            count = select(func.count()).select_from(entries).where(entries.c.stage == stage)
            return int(connection.execute(count).scalar() or 0)

    def next_wake(self) -> float | None:
        with reading(self._engine) as connection:
            return connection.execute(select(func.min(entries.c.wake_at))).scalar()

    def quarantined(self, ids: Iterable[int] | None = None) -> list[dict[str, Any]]:
        """Rows of what was set aside: id, url, source, stage, error, attempts, raw location, when."""
        which = and_(entries.c.state == "quarantined")
        if ids is not None:
            which = and_(which, entries.c.id.in_(list(ids)))
        with reading(self._engine) as connection:
            rows = connection.execute(select(entries).where(which).order_by(entries.c.id)).mappings()
            return [dict(row) for row in rows]

    def quarantine_reasons(self) -> dict[str, int]:
        """How many were set aside, by stage."""
        by_stage = (
            select(entries.c.error_stage, func.count())
            .where(entries.c.state == "quarantined")
            .group_by(entries.c.error_stage)
        )
        with reading(self._engine) as connection:
            return {str(stage): int(n) for stage, n in connection.execute(by_stage)}

    def replay(self, ids: Iterable[int] | None = None) -> int:
        """Send what was set aside through the stage at which it failed again; returns how many."""
        which = and_(entries.c.state == "quarantined")
        if ids is not None:
            which = and_(which, entries.c.id.in_(list(ids)))
        stage = entries.c.error_stage
        again = {
            "state": case((stage == "enrich", "fetched"), (stage == "index", "enriched"), else_="new"),
            "stage": case((stage.in_(("enrich", "index")), stage), else_="fetch"),
            "attempts": 0, "claims": 0, "error": "", "error_stage": "", "wake_at": None,
        }  # fmt: skip
        with writing(self._engine) as connection:
            return connection.execute(update(entries).where(which).values(again)).rowcount

    def again(self, stage: str) -> int:
        """Send every entry that ended with a stored page back to a stage: how a whole collection is read anew.

        One that is due to be fetched again is left to that: reading its old page would end in a new date for the next
        look, and the edit that a poll has just seen would be forgotten.
        """
        state = "fetched" if stage == "enrich" else "enriched"
        settled = entries.c.wake_at.is_(None) | (entries.c.wake_at > self._clock())
        stored = and_(entries.c.state != "duplicate-url", entries.c.raw_path != "")
        which = and_(entries.c.state.in_(ENDED), stored, settled)
        values = {"state": state, "stage": stage, "claims": 0, "token": 0, "lease_until": 0}
        with writing(self._engine) as connection:
            return connection.execute(update(entries).where(which).values(values)).rowcount

    def settle_indexed(self) -> int:
        """End the entries whose article the store already has in its newest revision; returns how many."""
        mine = and_(articles.c.owner == entries.c.id, articles.c.relevant, articles.c.indexed == articles.c.revision)
        which = and_(entries.c.stage == "index", entries.c.lease_until <= self._clock(), exists().where(mine))
        done = {"state": "indexed", "stage": "", "claims": 0, "token": 0, "lease_until": 0}
        with writing(self._engine) as connection:
            return connection.execute(update(entries).where(which).values(done)).rowcount


def _deadly(entry: int, stage: str) -> Move:
    """Workers ended without a word each time they held this entry: it is set aside, and the others go on."""
    error = f"{CLAIMS_BEFORE_QUARANTINE} workers died while they held this entry"
    values = {"error": error, "error_stage": stage, "attempts": CLAIMS_BEFORE_QUARANTINE, "prior": "", "wake_at": None}
    return Move(entry, "quarantined", "", values)


def close_batch(connection: Connection, token: int) -> None:
    """Nothing of the batch is held any more: its worker has no say in it."""
    connection.execute(update(batches).where(batches.c.id == token).values(lease_until=0))


def _held(row: Mapping[Any, Any]) -> Held:
    return Held(
        id=row["id"],
        entry=entry_from_json(row["entry"]),
        state=row["state"],
        domain=row["domain"],
        attempts=row["attempts"],
        looks=row["looks"],
        prior=row["prior"],
        outcome=row["outcome"],
        first_seen=row["first_seen"],
        raw=Location(row["raw_path"], row["raw_offset"], row["raw_length"]),
        fetched_at=row["fetched_at"],
        body_hash=row["body_hash"],
        etag=row["etag"],
        last_modified=row["last_modified"],
        article=row["article"],
    )
