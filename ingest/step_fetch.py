"""fetch: the pages of a batch of entries, into one WARC object.

A page that cannot be had (robots, wall, block) leaves what its feed says of it, so that attention is not biased by
who blocks us. A second look that finds nothing new, or no page any more, returns the entry to the state it had.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from amur.errors import ArchiveError, FetchError
from ingest.archive import Archive, Location
from ingest.archive_warc import RawPage
from ingest.ledger import Claim, Held, Ledger, Move
from ingest.model import Page, State
from ingest.policy import retry_at, second_look_at, terminal_state
from ingest.steps_base import Counts, Worker, check_archive, instant, kept, message

if TYPE_CHECKING:
    from ingest.fetch import Fetcher, Response

# States after which the feed's own title and summary are read instead of the page. A page that is gone was taken
# back, and a refused address was never a page.
FEED_TEXT_INSTEAD: frozenset[State] = frozenset({"robots-disallowed", "quarantined", "too-large"})


@dataclass(frozen=True, slots=True)
class Got:
    """What came of one address: a response or an error, never both."""

    held: Held
    response: "Response | None" = None
    error: FetchError | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Where an entry goes, and what must be archived before it may."""

    move: Move
    raw: RawPage | None = None


async def fetch(ledger: Ledger, archive: Archive, fetcher: "Fetcher", worker: Worker) -> Counts:
    """Fetch one batch. Raises ArchiveError, before it claims, where the archive cannot take pages."""
    await asyncio.to_thread(check_archive, ledger, archive)
    await asyncio.to_thread(ledger.entries.wake)
    claim = await asyncio.to_thread(ledger.claim, "fetch", worker.limit, worker.name, worker.lease)
    if not claim:
        return Counts(claimed=0)
    try:
        async with kept(ledger, claim, worker.lease):
            got = await _get_all(fetcher, claim, worker.connections)
            return await asyncio.to_thread(_store, ledger, archive, claim, got)
    except (asyncio.CancelledError, ArchiveError):
        ledger.entries.release(claim)
        raise


async def _get_all(fetcher: "Fetcher", claim: Claim, connections: int) -> list[Got]:
    room = asyncio.Semaphore(connections)

    async def one(held: Held) -> Got:
        async with room:
            return await _get(fetcher, held)

    return list(await asyncio.gather(*(one(held) for held in claim.entries)))


async def _get(fetcher: "Fetcher", held: Held) -> Got:
    """Validators are sent only where the page of the last answer is still what we would go back to."""
    etag, modified = (held.etag, held.last_modified) if held.prior else ("", "")
    try:
        return Got(held, response=await fetcher.get(held.entry.url, kind="page", etag=etag, last_modified=modified))
    except FetchError as error:
        return Got(held, error=error)
    except Exception as error:  # noqa: BLE001 - one odd address must not stop the batch; it is set aside by name
        return Got(held, error=FetchError(message(error), "hard"))


def _store(ledger: Ledger, archive: Archive, claim: Claim, got: Sequence[Got]) -> Counts:
    now = ledger.clock()
    plans = [_plan(g, now) for g in got]
    raws = [p.raw for p in plans if p.raw]
    places = iter(archive.write_pages(raws))
    moves = [_placed(p.move, next(places)) if p.raw else p.move for p in plans]
    lost = ledger.entries.move(claim, moves)
    counts = Counts(m.state for m in moves if m.id not in lost)
    return counts + Counts(claimed=len(moves), lost=len(lost))


def _placed(move: Move, place: Location) -> Move:
    raw = {"raw_path": place.path, "raw_offset": place.offset, "raw_length": place.length}
    return Move(move.id, move.state, move.stage, {**move.values, **raw})


def _plan(got: Got, now: float) -> Plan:
    if got.response is None:
        return _failed(got.held, got.error or FetchError("no answer", "temporary"), now)
    digest = hashlib.sha256(got.response.body).hexdigest()
    if got.held.prior and (got.response.not_modified or digest == got.held.body_hash):
        return Plan(back(got.held, now))
    return _fetched(got.held, got.response, digest, now)


def _fetched(held: Held, response: "Response", digest: str, now: float) -> Plan:
    page = Page(
        held.entry, response.url, response.status, response.content_type, response.body, response.fetched_at,
        tuple(url for _, url in response.redirects),
    )  # fmt: skip
    values: dict[str, Any] = {
        "fetched_at": now, "body_hash": digest, "etag": response.header("etag"), "attempts": 0, "error": "",
        "error_stage": "", "last_modified": response.header("last-modified"), "outcome": "", "wake_at": None,
    }  # fmt: skip
    return Plan(Move(held.id, "fetched", "enrich", values), RawPage(page, response.headers))


def _failed(held: Held, error: FetchError, now: float) -> Plan:
    attempts, why = held.attempts + 1, {"error": message(error), "error_stage": "fetch", "outcome": error.outcome}
    again = retry_at(attempts, error.outcome, instant(now))
    if again is not None:
        wait = {"wake_at": again.timestamp(), "attempts": attempts, **why}
        return Plan(Move(held.id, "retry", "", wait))
    if held.prior:
        return Plan(back(held, now, **why))
    return _given_up(held, terminal_state(error.outcome), {"attempts": attempts, "wake_at": None, **why}, now)


def _given_up(held: Held, state: State, why: dict[str, Any], now: float) -> Plan:
    if state in FEED_TEXT_INSTEAD and held.entry.title:
        page = Page(held.entry, held.entry.url, 0, "", b"", instant(now))
        return Plan(Move(held.id, "fetched", "enrich", {**why, "fetched_at": now, "outcome": state}), RawPage(page))
    return Plan(Move(held.id, state, "", why))


def back(held: Held, now: float, **values: Any) -> Move:
    """Return from a second look to the state before it, and plan the next look."""
    return Move(
        held.id, _state(held.prior), "", {"prior": "", "attempts": 0, "wake_at": next_look(held, now), **values}
    )


def next_look(held: Held, now: float) -> float | None:
    published = held.entry.published or instant(held.first_seen)
    when = second_look_at(published, held.looks, instant(now))
    return when.timestamp() if when is not None else None


def _state(name: str) -> State:
    return name  # type: ignore[return-value]  # the ledger holds only names of the closed list
