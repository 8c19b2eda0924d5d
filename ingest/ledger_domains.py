"""Politeness that all workers share: when each registrable domain may be asked next.

A slot is taken in one short transaction, so two workers on two machines never ask a domain at once. The delay of a
domain grows when it complains or is slow, and shrinks again while it answers well.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, Engine, select

from ingest.budget import DECAY, DELAY, GROWTH, MAX_DELAY
from ingest.ledger_engine import writing
from ingest.ledger_schema import domains
from ingest.ledger_sql import insert_new, upsert


class DomainTable:
    def __init__(self, engine: Engine, clock: Callable[[], float]) -> None:
        self._engine = engine
        self._clock = clock

    def reserve(self, domain: str, least: float) -> float:
        """Take the domain's next slot; returns the seconds until it begins. `least` is the smallest delay."""
        now = self._clock()
        with writing(self._engine) as connection:
            row = _row(connection, domain)
            start = max(now, row["next_slot"], row["blocked_until"])
            _write(connection, row, next_slot=start + max(least, row["delay"]))
        return max(0.0, float(start - now))

    def penalise(self, domain: str, seconds: float) -> None:
        """Leave the domain alone for some seconds, and be slower with it after that."""
        now = self._clock()
        with writing(self._engine) as connection:
            row = _row(connection, domain)
            delay = min(MAX_DELAY, max(DELAY, row["delay"]) * GROWTH)
            _write(connection, row, blocked_until=max(row["blocked_until"], now + seconds), delay=delay)

    def reward(self, domain: str) -> None:
        """The domain answered well: come back towards the usual delay."""
        with writing(self._engine) as connection:
            row = _row(connection, domain)
            shrunk = row["delay"] * DECAY
            if row["delay"]:
                _write(connection, row, delay=shrunk if shrunk > DELAY else 0.0)


def _row(connection: Connection, domain: str) -> dict[str, Any]:
    insert_new(connection, domains, [{"domain": domain}])
    mine = select(domains).where(domains.c.domain == domain).with_for_update()
    return dict(connection.execute(mine).mappings().one())


def _write(connection: Connection, row: Mapping[str, Any], **changes: float) -> None:
    upsert(connection, domains, [{**row, **changes}], ("domain",))
