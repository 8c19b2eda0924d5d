"""What the steps share: who works, how much at a time, and how a batch is kept while it takes long."""

import asyncio
import datetime as dt
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from ingest.archive import Archive
from ingest.ledger import Claim, Ledger

Counts = Counter[str]
# A lease is renewed three times before it would end, so that two missed turns do no harm.
RENEWALS_PER_LEASE = 3
ERROR_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class Worker:
    """Who claims, how many entries at a time, and for how many seconds."""

    name: str
    limit: int = 100
    lease: float = 900.0
    connections: int = 32


def instant(seconds: float) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, dt.UTC)


def message(error: BaseException) -> str:
    """One line that says what went wrong, short enough for a table."""
    text = " ".join(str(error).split()) or "no message"
    return f"{type(error).__name__}: {text}"[:ERROR_CHARACTERS]


def check_archive(ledger: Ledger, archive: Archive) -> None:
    """Fail before anything is claimed where the archive is another's, unreadable or full. Raises ArchiveError."""
    known = ledger.fact("archive")
    archive.check(known)
    if not known:
        ledger.remember("archive", archive.id)


@asynccontextmanager
async def kept(ledger: Ledger, claim: Claim, lease: float) -> AsyncIterator[None]:
    """Renew the lease for as long as the block runs."""

    async def renew() -> None:
        while True:
            await asyncio.sleep(lease / RENEWALS_PER_LEASE)
            await asyncio.to_thread(ledger.entries.renew, claim, lease)

    task = asyncio.create_task(renew())
    try:
        yield
    finally:
        task.cancel()
