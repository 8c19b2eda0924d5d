"""poll: feeds that are due, and the entries that they name.

A poll ends in a transaction, with the feed's new state and its entries; polls that end while one is under way share
the next. A feed that fails says so in its state and is asked again later, for ever; it never stops the others.
"""

import asyncio
import datetime as dt
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from amur.errors import AmurError, FeedError, FetchError
from ingest.ledger import Ledger
from ingest.ledger_feeds import DueFeed, FeedClaim, Poll, Polled
from ingest.model import Feed, FeedEntry, Source
from ingest.policy import Facts, FeedState, address, after_failure, after_success, validators
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
    room, answers = asyncio.Semaphore(worker.connections), asyncio.Queue[Asked]()

    async def one(due: DueFeed) -> None:
        async with room:
            answers.put_nowait(await _ask(ledger, fetcher, sources, due))

    try:
        asked = asyncio.gather(*(one(due) for due in claim.feeds))
        counts, _ = await asyncio.gather(_keep(ledger, claim, answers), asked)
    finally:
        ledger.feeds.release(claim)
    return counts


async def _keep(ledger: Ledger, claim: FeedClaim, answers: asyncio.Queue[Asked]) -> Counts:
    """Record answers as they come, those together that came while the last were recorded."""
    counts, left = Counts(feeds=len(claim.feeds)), len(claim.feeds)
    while left:
        batch = [await answers.get()]
        while not answers.empty():
            batch.append(answers.get_nowait())
        counts += await asyncio.to_thread(_record, ledger, claim, batch)
        left -= len(batch)
    return counts


async def _ask(ledger: Ledger, fetcher: "Fetcher", sources: Mapping[str, Source], due: DueFeed) -> Asked:
    source = sources[due.source]
    feed = next((f for f in source.feeds if f.url == due.url), Feed(due.url))
    state = state_of(due.url, due.source, due.state)
    try:
        response = await _get(fetcher, source, state)
        if response.not_modified or (_same(response, state) and not state.is_index):
            return Asked(due, state, feed, _facts(response, state, None))
        found = await asyncio.to_thread(_parse, response, source, feed, ledger.clock())
        whole = await _with_sitemaps(found, fetcher, source, feed, ledger) if found.children else found
        facts = replace(_facts(response, state, found.ttl), is_index=bool(found.children), problems=whole.problems)
        return Asked(due, state, feed, facts, whole.entries)
    except FetchError as error:
        return Asked(due, state, feed, error=error)
    except Exception as error:  # noqa: BLE001 - not a feed, or one that its reader stumbles over: it is said, and asked again
        return Asked(due, state, feed, error=FetchError(message(error), "soft"))


async def _get(fetcher: "Fetcher", source: Source, state: FeedState) -> "Response":
    url = address(state)
    try:
        return await fetcher.get(url, kind="feed", ignore_robots=source.ignore_robots, **validators(state))
    except FetchError as error:
        if url != state.url and error.outcome == "gone":
            # Gone from where it moved to: the next poll asks at its own address before the feed is given up.
            raise FetchError(f"moved to {url}: {error}", "hard") from error
        raise


async def _with_sitemaps(
    index: "FeedDocument", fetcher: "Fetcher", source: Source, feed: Feed, ledger: Ledger
) -> "FeedDocument":
    """An index with the entries of the sitemaps that it names. Raises FeedError where none of them can be read."""
    from ingest.sitemaps import with_children

    read = 0

    async def get(url: str) -> "FeedDocument":
        nonlocal read
        response = await fetcher.get(url, kind="feed", ignore_robots=source.ignore_robots)
        try:
            found = await asyncio.to_thread(_parse, response, source, feed, ledger.clock())
        except AmurError:
            raise
        except Exception as error:
            raise FeedError(message(error)) from error
        read += 1
        return found

    whole = await with_children(index, get, lambda found: found)
    if not read:
        raise FeedError(f"none of {len(index.children)} sitemaps of the index can be read: {whole.problems[-1]}")
    return whole


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
        moved_to=response.moved_to or (address(state) if address(state) != state.url else ""),
    )


def _parse(response: "Response", source: Source, feed: Feed, now: float) -> "FeedDocument":
    from ingest.feeds import parse_feed

    return parse_feed(
        response.body, url=response.url, content_type=response.content_type, source=source, feed=feed, now=instant(now)
    )


def _record(ledger: Ledger, claim: FeedClaim, batch: Sequence[Asked]) -> Counts:
    now = instant(ledger.clock())
    counts = ledger.feeds.record(claim, [Poll(a.due.url, a.entries, partial(_settled, a, now)) for a in batch])
    failed = sum(a.error is not None for a in batch)
    unchanged = sum(a.error is None and not a.entries for a in batch)
    return counts + Counts({"feeds-failed": failed, "feeds-unchanged": unchanged})


def _settled(asked: Asked, now: dt.datetime, new: int) -> Polled:
    """The feed's new state, once it is known how many of its entries are new."""
    if asked.facts is None:
        state = after_failure(asked.state, asked.error or FetchError("no answer", "temporary"), now)
    else:
        state = after_success(asked.state, asked.facts, new, now)
    text = _states().dump_json(state).decode()
    due = state.next_poll.timestamp() if state.next_poll else now.timestamp()
    whole = asked.feed.scope == "outlet"
    return Polled(asked.due.url, asked.due.source, text, due, asked.error is None, state.retired, whole)
