"""Feeds: when each is due, what the last poll left, and the entries that a poll brings in.

A feed's new state and the entries of its poll are known together or not at all.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, and_, bindparam, case, func, or_, select, update

from ingest.ledger_coverage import DAY_SECONDS, Seen, extend_spans
from ingest.ledger_engine import reading, writing
from ingest.ledger_marks import mark
from ingest.ledger_rows import day_of, entry_row
from ingest.ledger_schema import batches, entries, feeds, polls, tombstones
from ingest.ledger_sql import add_up, chunks, insert_new, upsert
from ingest.model import ENDED, FeedEntry

# A feed that says something new of an entry at every poll does not make us fetch its page at every poll: each further
# look waits an hour times two to the number of looks there were.
LOOK_AGAIN_SECONDS = 3600.0
MAX_LOOKS = 10
_ENDED = frozenset(ENDED)


@dataclass(frozen=True, slots=True)
class DueFeed:
    """A leased feed: its address, source and stored state ("{}" where it was never polled)."""

    url: str
    source: str
    state: str


@dataclass(frozen=True, slots=True)
class FeedClaim:
    token: int
    feeds: tuple[DueFeed, ...]


@dataclass(frozen=True, slots=True)
class Polled:
    """What a poll leaves: the state as JSON, when it is due again, whether it answered."""

    url: str
    source: str
    state: str
    next_poll: float
    ok: bool
    retired: bool = False
    whole: bool = True  # the feed is of the whole outlet


@dataclass(frozen=True, slots=True)
class Poll:
    """What a poll brought. `settle(new)` gives the feed's new state once the number of new entries is known."""

    url: str
    entries: Sequence[FeedEntry]
    settle: Callable[[int], Polled]


@dataclass(frozen=True, slots=True)
class Settled:
    """A poll about to be committed: the feed's new state, its entries counted, the oldest of them."""

    polled: Polled
    counts: Counter[str]
    reach: float | None


class FeedTable:
    def __init__(self, engine: Engine, clock: Callable[[], float]) -> None:
        self._engine = engine
        self._clock = clock

    def sync(self, listed: Iterable[tuple[str, str]]) -> None:
        """Take over the (url, source) pairs of the sources file; what it no longer names is kept but not polled."""
        wanted = dict(listed)
        with reading(self._engine) as connection:
            known = dict(connection.execute(select(feeds.c.url, feeds.c.source).where(feeds.c.listed)).tuples().all())
        if known == wanted:
            return
        with writing(self._engine) as connection:
            connection.execute(update(feeds).values(listed=False))
            rows = [{"url": url, "source": source, "listed": True} for url, source in wanted.items()]
            for part in chunks(rows):
                upsert(connection, feeds, part, ("url",))

    def hasten(self) -> None:
        """Make every listed feed due now."""
        with writing(self._engine) as connection:
            connection.execute(update(feeds).where(feeds.c.listed).values(next_poll=0.0))

    def claim(self, limit: int, worker: str, lease: float) -> FeedClaim:
        """Lease feeds that are due, the longest overdue first."""
        now = self._clock()
        due = (
            select(feeds.c.url, feeds.c.source, feeds.c.state)
            .where(feeds.c.listed, feeds.c.next_poll <= now, feeds.c.lease_until <= now)
            .order_by(feeds.c.next_poll, feeds.c.url)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        with writing(self._engine) as connection:
            found = tuple(DueFeed(*row) for row in connection.execute(due))
            if not found:
                return FeedClaim(0, ())
            batch = {"stage": "poll", "worker": worker, "size": len(found), "started": now, "lease_until": now + lease}
            key = connection.execute(batches.insert().values(batch)).inserted_primary_key
            token = int(key[0]) if key else 0
            mine = feeds.c.url.in_([f.url for f in found])
            connection.execute(update(feeds).where(mine).values(token=token, lease_until=now + lease))
        return FeedClaim(token, found)

    def record(self, claim: FeedClaim, ended: Sequence[Poll]) -> Counter[str]:
        """Commit polls that ended, all in one transaction.

        Returns counts: `new`, `changed`, `known`, `forgotten` entries; `lost` polls, whose lease is another's by now.
        """
        now, settled = self._clock(), list[Settled]()
        work = [(poll, _rows(poll.entries, now)) for poll in ended]
        with writing(self._engine) as connection:
            held = self._held(connection, claim)
            mine = [(poll, rows) for poll, rows in work if poll.url in held]
            for poll, rows in mine:
                counts = Counter[str]()
                for part in chunks(rows):
                    counts += _take_in(connection, part, now)
                settled.append(Settled(poll.settle(counts["new"]), counts, _reach(poll.entries)))
            _finish(connection, [one.polled for one in settled], now)
            _count_polls(connection, settled, now)
            days = {(row["source"], row["day"]) for _, rows in mine for row in rows}
            mark(connection, "coverage", days | _around((held[poll.url] for poll, _ in mine), now))
        return sum((one.counts for one in settled), Counter[str]()) + Counter(lost=len(work) - len(mine))

    def _held(self, connection: Connection, claim: FeedClaim) -> dict[str, str]:
        """Feeds (url -> source) of the claim that are still its own."""
        mine = select(feeds.c.url, feeds.c.source).where(feeds.c.token == claim.token).with_for_update()
        return dict(connection.execute(mine).tuples().all())

    def release(self, claim: FeedClaim) -> None:
        """The batch is over: what was not recorded is due again at once."""
        with writing(self._engine) as connection:
            mine = and_(feeds.c.token == claim.token, feeds.c.token != 0)
            connection.execute(update(feeds).where(mine).values(token=0, lease_until=0))
            connection.execute(update(batches).where(batches.c.id == claim.token).values(lease_until=0))

    def expire(self, connection: Connection, tokens: Sequence[int]) -> int:
        free = update(feeds).where(feeds.c.token.in_(tokens)).values(token=0, lease_until=0)
        return connection.execute(free).rowcount

    def add(self, found: Iterable[FeedEntry]) -> Counter[str]:
        """Take in entries that no feed brought (a URL list, a sitemap of the past). Same counts as `record`."""
        now, counts = self._clock(), Counter[str]()
        for part in chunks(found):
            rows = _rows(part, now)
            with writing(self._engine) as connection:
                counts += _take_in(connection, rows, now)
                mark(connection, "coverage", {(r["source"], r["day"]) for r in rows})
        return counts

    def all(self) -> list[dict[str, Any]]:
        """Rows of the listed feeds: url, source, state (JSON), next_poll, last_success, retired."""
        with reading(self._engine) as connection:
            rows = connection.execute(select(feeds).where(feeds.c.listed).order_by(feeds.c.source, feeds.c.url))
            return [dict(row) for row in rows.mappings()]

    def due(self) -> int:
        with reading(self._engine) as connection:
            now = self._clock()
            count = select(func.count()).select_from(feeds)
            due = count.where(feeds.c.listed, feeds.c.next_poll <= now, feeds.c.lease_until <= now)
            return int(connection.execute(due).scalar() or 0)


def _rows(found: Iterable[FeedEntry], now: float) -> list[dict[str, Any]]:
    """Rows of the entries, an address once: what the feed says of it last."""
    return list({row["key"]: row for row in (entry_row(e, i, now) for i, e in enumerate(found))}.values())


def _around(sources: Iterable[str], now: float) -> set[tuple[str, str]]:
    """Days of which a poll may say that they are covered now."""
    return {(source, day_of(now - back)) for source in sources for back in (0.0, DAY_SECONDS)}


def _finish(connection: Connection, ended: Sequence[Polled], now: float) -> None:
    values = {"state": bindparam("to_state"), "next_poll": bindparam("due"), "retired": bindparam("gone"), "token": 0,
              "lease_until": 0}  # fmt: skip
    done = update(feeds).where(feeds.c.url == bindparam("feed")).values(values)
    for ok in (True, False):
        rows = [
            {"feed": p.url, "to_state": p.state, "due": p.next_poll, "gone": p.retired} for p in ended if p.ok == ok
        ]
        if rows:
            connection.execute(done.values(last_success=now) if ok else done, rows)


def _count_polls(connection: Connection, settled: Sequence[Settled], now: float) -> None:
    rows = [{"feed_url": one.polled.url, "day": day_of(now), "source": one.polled.source, "polls": 1,
             "ok": int(one.polled.ok), "entries": one.counts["new"]} for one in settled]  # fmt: skip
    add_up(connection, polls, rows, ("feed_url", "day"), ("polls", "ok", "entries"))
    extend_spans(connection, [_seen(one) for one in settled if one.polled.ok], now)


def _seen(one: Settled) -> Seen:
    overlaps = not one.counts["new"] or bool(one.counts["known"] + one.counts["changed"])
    return Seen(one.polled.url, one.polled.source, one.polled.whole, one.reach, overlaps)


def _reach(found: Sequence[FeedEntry]) -> float | None:
    """The oldest entry that the feed shows. A sitemap or feed that pins an old entry reaches too far back only where
    it shows nothing between; its own newest entries still follow each other without a gap."""
    return min((e.published.timestamp() for e in found if e.published), default=None)


def _take_in(connection: Connection, rows: Sequence[dict[str, Any]], now: float) -> Counter[str]:
    keys = [row["key"] for row in rows]
    gone = set(connection.execute(select(tombstones.c.key).where(tombstones.c.key.in_(keys))).scalars())
    columns = (entries.c.key, entries.c.id, entries.c.fingerprint, entries.c.feed_url, entries.c.state, entries.c.looks,
               entries.c.fetched_at)  # fmt: skip
    known = {r["key"]: r for r in connection.execute(select(*columns).where(entries.c.key.in_(keys))).mappings()}
    new = [row for row in rows if row["key"] not in known and row["key"] not in gone]
    insert_new(connection, entries, new)
    changed = [
        row for row in rows
        if row["key"] in known and row["fingerprint"] != known[row["key"]]["fingerprint"]
        and row["feed_url"] == known[row["key"]]["feed_url"]
    ]  # fmt: skip
    for row in changed:
        _change(connection, row, known[row["key"]], now)
    counts = Counter(new=len(new), changed=len(changed), forgotten=len(gone))
    return counts + Counter(known=len(rows) - sum(counts.values()))


def _change(connection: Connection, row: dict[str, Any], known: Any, now: float) -> None:
    """The feed says something new of an entry: look at its page again where it had come to rest."""
    values: dict[str, Any] = {"entry": row["entry"], "fingerprint": row["fingerprint"]}
    if known["state"] in _ENDED and known["looks"] < MAX_LOOKS:
        pause = LOOK_AGAIN_SECONDS * 2 ** known["looks"] if known["looks"] else 0.0
        values["wake_at"] = min_wake(max(now, known["fetched_at"] + pause))
    connection.execute(update(entries).where(entries.c.id == known["id"]).values(values))


def min_wake(when: float) -> Any:
    """The earlier of what was planned and `when`."""
    planned = entries.c.wake_at
    return case((or_(planned.is_(None), planned > when), when), else_=planned)
