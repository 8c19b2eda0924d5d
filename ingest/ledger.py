"""What we know of every feed, entry and article: the queue between the steps, and the only state besides the archive.

Parts: `entries` (the queue), `feeds`, `articles`, `links`, `coverage`, `domains` (politeness), `mend` (verifying).
Every part runs short transactions of its own; none is held across network or model work. The tables: ledger_schema.py.
"""

import json
import os
import socket
import time
import uuid
from collections.abc import Callable, Mapping
from typing import Any, Self

from sqlalchemy import Engine, func, select

from ingest.ledger_articles import ArticleTable
from ingest.ledger_coverage import CoverageTable
from ingest.ledger_domains import DomainTable
from ingest.ledger_engine import migrate, open_engine, reading, safe, writing
from ingest.ledger_entries import Claim, EntryTable, Held, Move
from ingest.ledger_feeds import FeedTable
from ingest.ledger_links import LinkTable
from ingest.ledger_mend import MendTable
from ingest.ledger_schema import batches, facts, leases, runs
from ingest.ledger_sql import insert_new, upsert

__all__ = ["Claim", "Held", "Ledger", "Move", "worker_name"]


class Ledger:
    """The ledger at one SQLAlchemy URL. Safe for threads; every process opens its own."""

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.time) -> None:
        self.engine = engine
        self.clock = clock
        self.url = safe(str(engine.url))
        self.entries = EntryTable(engine, clock)
        self.feeds = FeedTable(engine, clock)
        self.articles = ArticleTable(engine, clock)
        self.links = LinkTable(engine, clock)
        self.coverage = CoverageTable(engine, clock)
        self.domains = DomainTable(engine, clock)
        self.mend = MendTable(engine)

    @classmethod
    def open(cls, url: str, clock: Callable[[], float] = time.time) -> Self:
        """Open the ledger and bring its schema up to date. Raises LedgerError where that cannot be done."""
        engine = open_engine(url)
        migrate(engine)
        return cls(engine, clock)

    def close(self) -> None:
        self.engine.dispose()

    def claim(self, stage: str, limit: int, worker: str, lease: float) -> Claim:
        """Lease up to `limit` entries that wait for `stage` for `lease` seconds."""
        return self.entries.claim(stage, limit, worker, lease)

    def counts(self) -> dict[str, int]:
        """Entries by state; they add up to the entries seen."""
        return self.entries.counts()

    def fact(self, name: str, default: str = "") -> str:
        """A remembered single value, such as the archive's id."""
        with reading(self.engine) as connection:
            found = connection.execute(select(facts.c.value).where(facts.c.name == name)).scalar()
        return default if found is None else str(found)

    def remember(self, name: str, value: str) -> None:
        with writing(self.engine) as connection:
            upsert(connection, facts, [{"name": name, "value": value}], ("name",))

    def expire_worker(self, worker: str) -> int:
        """Give up the leases of a worker that is known to be dead; returns how many entries are free again."""
        with writing(self.engine) as connection:
            connection.execute(leases.update().where(leases.c.worker == worker).values(lease_until=0))
            open_now = (batches.c.worker == worker) & (batches.c.lease_until > self.clock())
            tokens = list(connection.execute(select(batches.c.id).where(open_now)).scalars())
            if not tokens:
                return 0
            connection.execute(batches.update().where(batches.c.id.in_(tokens)).values(lease_until=0))
            return self.entries.expire(connection, tokens) + self.feeds.expire(connection, tokens)

    def lease(self, name: str, worker: str, seconds: float) -> int | None:
        """Take a named piece of work for some seconds; returns the fencing token, None where another has it."""
        now = self.clock()
        with writing(self.engine) as connection:
            insert_new(connection, leases, [{"name": name}])
            row = connection.execute(select(leases).where(leases.c.name == name).with_for_update()).mappings().one()
            if row["lease_until"] > now and row["worker"] != worker:
                return None
            values = {"worker": worker, "token": row["token"] + 1, "lease_until": now + seconds}
            connection.execute(leases.update().where(leases.c.name == name).values(values))
            return int(row["token"]) + 1

    def unlease(self, name: str, token: int) -> None:
        with writing(self.engine) as connection:
            mine = (leases.c.name == name) & (leases.c.token == token)
            connection.execute(leases.update().where(mine).values(lease_until=0))

    def workers(self) -> list[str]:
        """Workers that hold a lease now."""
        with reading(self.engine) as connection:
            now = self.clock()
            held = select(batches.c.worker).where(batches.c.lease_until > now)
            return list(
                connection.execute(held.union(select(leases.c.worker).where(leases.c.lease_until > now))).scalars()
            )

    def begin_run(self, kind: str, worker: str) -> int:
        with writing(self.engine) as connection:
            row = {"kind": kind, "worker": worker, "started": self.clock()}
            key = connection.execute(runs.insert().values(row)).inserted_primary_key
        return int(key[0]) if key else 0

    def end_run(self, run: int, counts: Mapping[str, int]) -> None:
        values = {"ended": self.clock(), "counts": json.dumps(dict(counts), sort_keys=True)}
        with writing(self.engine) as connection:
            connection.execute(runs.update().where(runs.c.id == run).values(values))

    def last_runs(self, limit: int = 10) -> list[dict[str, Any]]:
        with reading(self.engine) as connection:
            rows = connection.execute(select(runs).order_by(runs.c.id.desc()).limit(limit)).mappings()
            return [{**row, "counts": json.loads(row["counts"])} for row in rows]

    def as_of(self) -> float | None:
        """When the last run ended, in seconds since 1970."""
        with reading(self.engine) as connection:
            return connection.execute(select(func.max(runs.c.ended))).scalar()


def worker_name() -> str:
    """A name that no other worker ever has: host, process, and chance."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:12]}"
