"""poll: feeds that are due, and the entries that they name.

A poll ends in one transaction per feed, with the feed's new state and its entries. A feed that fails says so in its
state and is asked again later, for ever; it never stops the others.
"""

import asyncio
import datetime as dt
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from amur.errors import FetchError
from ingest.ledger import Ledger
from ingest.ledger_feeds import DueFeed, FeedClaim, Polled
from ingest.model import Feed, FeedEntry, Source
from ingest.policy import Facts, FeedState, after_failure, after_success, validators
from ingest.steps_base import Counts, Worker, instant, message

if TYPE_CHECKING:
    from ingest.feeds import FeedDocument
    from ingest.fetch import Fetcher, Response

_MAX_AGE = re.compile(r"max-age=(\d{1,9})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """What one poll brought: a response and its entries, or an error."""

    due: DueFeed
    state: FeedState
    feed: Feed
    facts: Facts | None = None
    entries: tuple[FeedEntry, ...] = ()
    error: FetchError | None = None


@cache
def _states() -> TypeAdapter[FeedState]:
    return TypeAdapter(FeedState)


def state_of(url: str, source: str, text: str) -> FeedState:
    """The stored state of a feed; a fresh one where it was never polled."""
    return FeedState(url=url, source=source) if text == "{}" else _states().validate_json(text)


async def poll(ledger: Ledger, fetcher: "Fetcher", sources: Mapping[str, Source], worker: Worker) -> Counts:
    """Poll up to `worker.limit` due feeds. Counts: `feeds`, `feeds-failed`, `feeds-unchanged`, `new`, `changed`."""
    claim = await asyncio.to_thread(ledger.feeds.claim, worker.limit, worker.name, worker.lease)
    room = asyncio.Semaphore(worker.connections)

    async def one(due: DueFeed) -> Counts:
        async with room:
            asked = await _ask(ledger, fetcher, sources, due)
            return await asyncio.to_thread(_record, ledger, claim, asked)

    try:
        found = await asyncio.gather(*(one(due) for due in claim.feeds))
    finally:
        ledger.feeds.release(claim)
    return sum(found, Counts(feeds=len(claim.feeds)))


async def _ask(ledger: Ledger, fetcher: "Fetcher", sources: Mapping[str, Source], due: DueFeed) -> Asked:
    source = sources[due.source]
    feed = next((f for f in source.feeds if f.url == due.url), Feed(due.url))
    state = state_of(due.url, due.source, due.state)
    try:
        response = await fetcher.get(due.url, kind="feed", ignore_robots=source.ignore_robots, **validators(state))
        if response.not_modified or _same(response, state):
            return Asked(due, state, feed, _facts(response, state, None))
        found = await asyncio.to_thread(_parse, response, source, feed, ledger.clock())
        return Asked(due, state, feed, _facts(response, state, found.ttl), found.entries)
    except FetchError as error:
        return Asked(due, state, feed, error=error)
    except Exception as error:  # noqa: BLE001 - not a feed, or one that its reader stumbles over: it is said, and asked again
        return Asked(due, state, feed, error=FetchError(message(error), "soft"))


def _same(response: "Response", state: FeedState) -> bool:
    """The very bytes of the last poll, sent again: nothing to parse."""
    return bool(state.body_hash) and _hash(response.body) == state.body_hash


def _hash(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _facts(response: "Response", state: FeedState, ttl: dt.timedelta | None) -> Facts:
    """What policy needs of an answer: its validators, and the longest wait that feed or server ask for."""
    waits = [ttl] if ttl else []
    if match := _MAX_AGE.search(response.header("cache-control")):
        waits.append(dt.timedelta(seconds=int(match[1])))
    return Facts(
        status=response.status,
        etag=response.header("etag"),
        last_modified=response.header("last-modified"),
        body_hash=state.body_hash if response.not_modified else _hash(response.body),
        wait=max(waits, default=None),
        moved_to=response.moved_to,
    )


def _parse(response: "Response", source: Source, feed: Feed, now: float) -> "FeedDocument":
    from ingest.feeds import parse_feed

    return parse_feed(
        response.body, url=response.url, content_type=response.content_type, source=source, feed=feed, now=instant(now)
    )


def _record(ledger: Ledger, claim: FeedClaim, asked: Asked) -> Counts:
    now = instant(ledger.clock())

    def settle(new: int) -> Polled:
        if asked.facts is None:
            state = after_failure(asked.state, asked.error or FetchError("no answer", "temporary"), now)
        else:
            state = after_success(asked.state, asked.facts, new, now)
        text = _states().dump_json(state).decode()
        due = state.next_poll.timestamp() if state.next_poll else now.timestamp()
        whole = asked.feed.scope == "outlet"
        return Polled(asked.due.url, asked.due.source, text, due, asked.error is None, state.retired, whole)

    counts = ledger.feeds.record(claim, settle, asked.entries)
    if asked.error is not None:
        return counts + Counts({"feeds-failed": 1})
    return counts + Counts({"feeds-unchanged": int(not asked.entries)})
