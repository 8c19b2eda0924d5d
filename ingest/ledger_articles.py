"""Articles: who owns a canonical address, which revision is current, where its record lies, what the store has."""

import json
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Row, and_, delete, func, or_, select, update

from ingest.archive import Location
from ingest.ledger_engine import reading, writing
from ingest.ledger_marks import mark
from ingest.ledger_schema import articles, entries, stories, tombstones, versions
from ingest.ledger_sql import CHUNK, chunks, insert_new, upsert


@dataclass(frozen=True, slots=True)
class Known:
    """What the ledger holds of one article."""

    id: str
    owner: int
    canonical_url: str
    source: str
    title: str
    text_hash: str
    text_from: str
    relevant: bool
    revision: int
    indexed: int
    version: int
    record: Location
    family: str
    story: str
    original: bool
    similarity: float
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """What reading an article leaves in the ledger. `linkable` is what linking compares, None where irrelevant."""

    id: str
    owner: int
    canonical_url: str
    source: str
    lang: str
    day: str
    published: float | None
    title: str
    text_hash: str
    text_from: str
    relevant: bool
    record: Location
    raw: Location
    fetched_at: float
    diff: str = ""
    linkable: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Want:
    """An entry that leads to an article. `rank` is of the entry alone: the same whenever it is asked."""

    article: str
    entry: int
    rank: str


class ArticleTable:
    def __init__(self, engine: Engine, clock: Callable[[], float]) -> None:
        self._engine = engine
        self._clock = clock

    def own(self, wanted: Sequence[Want]) -> dict[str, int]:
        """Give each article to the entry of least rank among all that ever asked; returns the owner of each.

        So the owner does not depend on who asks first. An entry that loses an article ends as `duplicate-url`, and
        whoever holds it is fenced off; the article is read anew from its new owner's page.
        """
        best = {w.article: w for w in sorted(wanted, key=lambda w: w.rank, reverse=True)}
        rows = [{"id": w.article, "owner": w.entry, "owner_rank": w.rank} for _, w in sorted(best.items())]
        found: dict[str, int] = {}
        with writing(self._engine) as connection:
            for part in chunks(rows):
                insert_new(connection, articles, part)
                mine = articles.c.id.in_([row["id"] for row in part])
                columns = (articles.c.id, articles.c.owner, articles.c.owner_rank)
                for article, owner, rank in connection.execute(select(*columns).where(mine).with_for_update()).all():
                    challenger = best[article]
                    won = challenger.entry != owner and challenger.rank < rank
                    if won:
                        self._hand_over(connection, challenger, owner)
                    found[article] = challenger.entry if won else owner
        return found

    def _hand_over(self, connection: Connection, to: Want, owner: int) -> None:
        values = {"owner": to.entry, "owner_rank": to.rank, "text_hash": ""}
        connection.execute(update(articles).where(articles.c.id == to.article).values(values))
        lost = {"state": "duplicate-url", "stage": "", "token": 0, "lease_until": 0, "wake_at": None, "prior": ""}
        connection.execute(update(entries).where(entries.c.id == owner).values(lost))
        days = select(entries.c.source, entries.c.day).where(entries.c.id == owner)
        mark(connection, "coverage", connection.execute(days).tuples().all())

    def known(self, ids: Sequence[str]) -> dict[str, Known]:
        found: dict[str, Known] = {}
        with reading(self._engine) as connection:
            for part in chunks(ids):
                rows = connection.execute(select(articles).where(articles.c.id.in_(part))).mappings()
                found.update({row["id"]: _known(row) for row in rows})
        return found

    def forgotten(self, keys: Sequence[str]) -> set[str]:
        with reading(self._engine) as connection:
            which = tombstones.c.key.in_(list(keys))
            return set(connection.execute(select(tombstones.c.key).where(which)).scalars())

    def record(self, connection: Connection, reads: Sequence[Read]) -> None:
        """Commit what was read: a changed text is a new version, any change a new revision, links are to be redone."""
        days, linked = set[tuple[str, str]](), set[str]()
        for read in reads:
            was = (
                connection.execute(select(articles).where(articles.c.id == read.id).with_for_update()).mappings().one()
            )
            changed = was["text_hash"] not in ("", read.text_hash)
            version = was["version"] + int(changed)
            connection.execute(
                update(articles).where(articles.c.id == read.id).values(_article_values(read, was, version))
            )
            if not was["text_hash"] or changed:
                upsert(connection, versions, [_version_row(read, version)], ("article", "version"))
            if was["story"] and not read.relevant:
                self._leave_story(connection, read.id, was["story"])
            days |= {(read.source, read.day), (was["source"] or read.source, was["day"] or read.day)}
            linked |= {read.day, was["day"] or read.day} if read.relevant or was["relevant"] else set()
        mark(connection, "coverage", days)
        mark(connection, "link", (("", day) for day in linked))

    def _leave_story(self, connection: Connection, article: str, story: str) -> None:
        connection.execute(update(articles).where(articles.c.id == article).values(family="", story=""))
        connection.execute(update(stories).where(stories.c.id == story).values(revision=stories.c.revision + 1))

    def want_events(self, wanted: Mapping[str, Sequence[str]]) -> None:
        """Note the event ids that are about to be written, beside those that may be there: nothing is orphaned."""
        with writing(self._engine) as connection:
            self.set_events(connection, wanted)

    def set_events(self, connection: Connection, events: Mapping[str, Sequence[str]]) -> None:
        for article, ids in events.items():
            values = {"events": json.dumps(list(ids))}
            connection.execute(update(articles).where(articles.c.id == article).values(values))

    def set_indexed(self, connection: Connection, revisions: Mapping[str, int]) -> None:
        """The store has these revisions; an older one never overwrites a newer."""
        for article, revision in revisions.items():
            mine = and_(articles.c.id == article, articles.c.indexed < revision)
            connection.execute(update(articles).where(mine).values(indexed=revision))

    def settle(self, revisions: Mapping[str, int], events: Mapping[str, Sequence[str]]) -> None:
        """A new generation holds these revisions with these events, and nothing older of them."""
        with writing(self._engine) as connection:
            self.set_indexed(connection, revisions)
            self.set_events(connection, events)

    def replace_record(self, known: Known, place: Location, linkable: Mapping[str, Any]) -> None:
        """An annotation was made anew: another record and revision, unless another worker was first."""
        values = {
            "record_path": place.path, "record_offset": place.offset, "record_length": place.length,
            "revision": known.revision + 1, "linkable": packed(linkable),
        }  # fmt: skip
        mine = and_(articles.c.id == known.id, articles.c.revision == known.revision)
        with writing(self._engine) as connection:
            connection.execute(update(articles).where(mine).values(values))
            day = connection.execute(select(articles.c.day).where(articles.c.id == known.id)).scalar()
            mark(connection, "link", [("", day)] if day else [])

    def records(self, *, after: str = "") -> Iterator[Known]:
        """Every relevant article with a record, by id: what a new generation is built from."""
        while True:
            which = and_(articles.c.relevant, articles.c.record_path != "", articles.c.id > after)
            with reading(self._engine) as connection:
                page = select(articles).where(which).order_by(articles.c.id).limit(CHUNK)
                rows = [_known(row) for row in connection.execute(page).mappings()]
            if not rows:
                return
            yield from rows
            after = rows[-1].id

    def changed_since(self, marks: Mapping[str, int]) -> Iterator[Known]:
        """Articles with a record whose revision is not the marked one: what to catch up with."""
        return (known for known in self.records() if marks.get(known.id) != known.revision)

    def total(self) -> int:
        with reading(self._engine) as connection:
            count = select(func.count()).select_from(articles).where(articles.c.relevant, articles.c.record_path != "")
            return int(connection.execute(count).scalar() or 0)

    def history(self, article: str) -> list[dict[str, Any]]:
        """Versions of one article, oldest first: version, fetched_at, title, diff."""
        with reading(self._engine) as connection:
            rows = select(versions).where(versions.c.article == article).order_by(versions.c.version)
            return [dict(row) for row in connection.execute(rows).mappings()]

    def find(self, keys: Sequence[str]) -> list[Known]:
        """Articles whose id, or one of whose entries' keys, is among these."""
        mine = select(entries.c.article).where(entries.c.key.in_(list(keys)), entries.c.article.is_not(None))
        which = or_(articles.c.id.in_(list(keys)), articles.c.id.in_(mine))
        with reading(self._engine) as connection:
            return [_known(row) for row in connection.execute(select(articles).where(which)).mappings()]

    def entries_of(self, keys: Sequence[str], ids: Sequence[str]) -> list[Row[Any]]:
        """(id, key, url, raw_path, raw_offset, raw_length) of the entries with these keys or of these articles."""
        which = or_(entries.c.key.in_(list(keys)), entries.c.article.in_(list(ids)))
        raw = (entries.c.raw_path, entries.c.raw_offset, entries.c.raw_length)
        columns = (entries.c.id, entries.c.key, entries.c.url, *raw)
        with reading(self._engine) as connection:
            return list(connection.execute(select(*columns).where(which)))

    def raw_of(self, ids: Sequence[str]) -> set[Location]:
        """Raw pages of all versions of these articles."""
        columns = (versions.c.raw_path, versions.c.raw_offset, versions.c.raw_length)
        which = and_(versions.c.article.in_(list(ids)), versions.c.raw_path != "")
        with reading(self._engine) as connection:
            return {Location(*row) for row in connection.execute(select(*columns).where(which))}

    def mark_forgotten(self, keys: Mapping[str, str]) -> None:
        """Leave tombstones (key -> address): nothing of these is taken in again."""
        now = self._clock()
        with writing(self._engine) as connection:
            insert_new(connection, tombstones, [{"key": k, "url": u, "since": now} for k, u in keys.items()])

    def bury(self, keys: Sequence[str], ids: Sequence[str]) -> None:
        """Take forgotten articles and their entries out of the ledger."""
        with writing(self._engine) as connection:
            if ids:
                self._unlink(connection, ids)
            gone = or_(entries.c.key.in_(list(keys)), entries.c.article.in_(list(ids)))
            days = connection.execute(select(entries.c.source, entries.c.day).where(gone).distinct()).tuples().all()
            mark(connection, "coverage", days)
            connection.execute(delete(versions).where(versions.c.article.in_(list(ids))))
            connection.execute(delete(articles).where(articles.c.id.in_(list(ids))))
            connection.execute(delete(entries).where(gone))

    def _unlink(self, connection: Connection, ids: Sequence[str]) -> None:
        rows = connection.execute(select(articles.c.day, articles.c.story).where(articles.c.id.in_(list(ids)))).all()
        mark(connection, "link", (("", day) for day, _ in rows))
        which = stories.c.id.in_([story for _, story in rows])
        connection.execute(update(stories).where(which).values(revision=stories.c.revision + 1))


def packed(linkable: Mapping[str, Any]) -> bytes:
    return zlib.compress(json.dumps(linkable).encode(), 6)


def _article_values(read: Read, was: Mapping[Any, Any], version: int) -> dict[str, Any]:
    return {
        "owner": read.owner, "canonical_url": read.canonical_url, "source": read.source, "lang": read.lang,
        "day": read.day, "published": read.published, "title": read.title, "text_hash": read.text_hash,
        "text_from": read.text_from, "relevant": read.relevant, "revision": was["revision"] + 1, "version": version,
        "record_path": read.record.path, "record_offset": read.record.offset, "record_length": read.record.length,
        "linkable": packed(read.linkable) if read.linkable is not None else None,
    }  # fmt: skip


def _version_row(read: Read, version: int) -> dict[str, Any]:
    return {
        "article": read.id, "version": version, "fetched_at": read.fetched_at, "title": read.title,
        "text_hash": read.text_hash, "diff": read.diff, "raw_path": read.raw.path, "raw_offset": read.raw.offset,
        "raw_length": read.raw.length,
    }  # fmt: skip


def _known(row: Mapping[Any, Any]) -> Known:
    return Known(
        id=row["id"], owner=row["owner"], canonical_url=row["canonical_url"], source=row["source"], title=row["title"],
        text_hash=row["text_hash"], text_from=row["text_from"], relevant=bool(row["relevant"]),
        revision=row["revision"], indexed=row["indexed"], version=row["version"],
        record=Location(row["record_path"], row["record_offset"], row["record_length"]),
        family=row["family"], story=row["story"], original=bool(row["original"]), similarity=row["similarity"],
        events=tuple(json.loads(row["events"])),
    )  # fmt: skip
