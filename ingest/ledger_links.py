"""Families and stories in the ledger: the window that linking reads, and what it decided.

Links are a function of the set of articles and not of the order in which they came. Ids that lose to an older one
stay as redirects. An article whose links change gets a new revision and goes to the index again.
"""

import json
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, Engine, and_, delete, func, or_, select, update

from amur.errors import LedgerError
from ingest.ledger_engine import reading, writing
from ingest.ledger_marks import Mark, clear_marks, mark, read_marks
from ingest.ledger_schema import articles, entries, leases, redirects, stories
from ingest.ledger_sql import chunks, upsert
from ingest.model import Links

Kind = Literal["family", "story"]
Moved = Mapping[tuple[Kind, str], str]


@dataclass(frozen=True, slots=True)
class Linkable:
    """One article as linking sees it. `published` is in seconds since 1970; `data` is what the enrich step left."""

    id: str
    source: str
    lang: str
    day: str
    published: float
    data: Mapping[str, Any]
    links: Links | None


@dataclass(frozen=True, slots=True)
class StoryRow:
    """One story: its members by (published, id), and the revision of its document."""

    id: str
    members: tuple[str, ...]
    revision: int


class LinkTable:
    def __init__(self, engine: Engine, clock: Callable[[], float]) -> None:
        self._engine = engine
        self._clock = clock

    def marks(self) -> list[Mark]:
        """Publication days with articles that are new, changed or gone since links were last computed."""
        with reading(self._engine) as connection:
            return read_marks(connection, "link")

    def window(self, since: float, until: float) -> list[Linkable]:
        """Relevant articles of [since, until) sorted by (published, id), with the older members of their stories.

        Whole stories make the window exact: what linking decides of them depends on nothing outside.
        """
        linkable = and_(articles.c.relevant, articles.c.linkable.is_not(None), articles.c.published < until)
        inside = and_(linkable, articles.c.published >= since)
        theirs = select(articles.c.story).where(inside, articles.c.story != "").distinct()
        older = and_(linkable, articles.c.published < since, articles.c.story.in_(theirs))
        wanted = select(articles).where(or_(inside, older)).order_by(articles.c.published, articles.c.id)
        with reading(self._engine) as connection:
            return [_linkable(row) for row in connection.execute(wanted).mappings()]

    def newest(self) -> float:
        """Publication time of the newest relevant article, 0 where there is none."""
        with reading(self._engine) as connection:
            wanted = select(func.max(articles.c.published)).where(articles.c.relevant)
            return float(connection.execute(wanted).scalar() or 0.0)

    def apply(self, decided: Sequence[Links], moved: Moved, marks: Sequence[Mark], token: int) -> int:
        """Commit links and redirects, take the marks away; returns how many articles changed.

        Raises LedgerError where another process has the lease by now: what it decides is newer.
        """
        with writing(self._engine) as connection:
            _still_mine(connection, token)
            changed, touched = 0, set[str]()
            for part in chunks(decided):
                old = _links_now(connection, [links.id for links in part])
                for links in part:
                    if links.id in old and old[links.id] != _key(links):
                        touched |= {old[links.id][1], links.story}
                        self._change(connection, links)
                        changed += 1
            self._redirect(connection, moved, decided)
            self._rebuild_stories(connection, touched | self._emptied(connection))
            clear_marks(connection, marks)
        return changed

    def _change(self, connection: Connection, links: Links) -> None:
        values = {
            "family": links.family, "story": links.story, "original": links.original, "similarity": links.similarity,
            "revision": articles.c.revision + 1,
        }  # fmt: skip
        connection.execute(update(articles).where(articles.c.id == links.id).values(values))
        # Whoever indexes the old revision now loses the entry; it goes through the index again.
        again = {"state": "enriched", "stage": "index", "token": 0, "lease_until": 0}
        mine = and_(entries.c.article == links.id, entries.c.state.in_(("indexed", "enriched")))
        owner = select(articles.c.owner).where(articles.c.id == links.id).scalar_subquery()
        connection.execute(update(entries).where(mine, entries.c.id == owner).values(again))
        self._mark_coverage(connection, links.id)

    def _mark_coverage(self, connection: Connection, article: str) -> None:
        source, day = connection.execute(
            select(articles.c.source, articles.c.day).where(articles.c.id == article)
        ).one()
        mark(connection, "coverage", [(source, day)])

    def _redirect(self, connection: Connection, moved: Moved, decided: Sequence[Links]) -> None:
        now = self._clock()
        rows = [{"kind": k, "old": old, "new": new, "since": now} for (k, old), new in moved.items() if old != new]
        upsert(connection, redirects, rows, ("kind", "old"))
        # An id that is given again is no redirect any more.
        for kind, alive in (("family", {d.family for d in decided}), ("story", {d.story for d in decided})):
            for part in chunks(sorted(alive)):
                mine = and_(redirects.c.kind == kind, redirects.c.old.in_(part))
                connection.execute(delete(redirects).where(mine))

    def _emptied(self, connection: Connection) -> set[str]:
        """Stories that were touched from outside (an article forgotten)."""
        return set(connection.execute(select(stories.c.id).where(stories.c.indexed < stories.c.revision)).scalars())

    def _rebuild_stories(self, connection: Connection, touched: set[str]) -> None:
        for part in chunks(sorted(touched - {""})):
            members = defaultdict(list)
            wanted = select(articles.c.story, articles.c.id).where(articles.c.story.in_(part), articles.c.relevant)
            for story, article in connection.execute(wanted.order_by(articles.c.published, articles.c.id)):
                members[story].append(article)
            now = dict(
                connection.execute(select(stories.c.id, stories.c.revision).where(stories.c.id.in_(part)))
                .tuples()
                .all()
            )
            rows = [{"id": s, "members": json.dumps(members[s]), "revision": now.get(s, 0) + 1} for s in part]
            upsert(connection, stories, rows, ("id",))

    def touch_stories_of(self, connection: Connection, ids: Sequence[str]) -> None:
        """The documents of these articles changed: so do those of their stories."""
        for part in chunks(ids):
            mine = select(articles.c.story).where(articles.c.id.in_(part), articles.c.story != "")
            raised = stories.c.revision + 1
            connection.execute(update(stories).where(stories.c.id.in_(mine)).values(revision=raised))

    def links_of(self, ids: Sequence[str]) -> dict[str, Links]:
        found: dict[str, Links] = {}
        with reading(self._engine) as connection:
            for part in chunks(ids):
                for article, (family, story, original, similarity) in _links_now(connection, part).items():
                    if story:
                        found[article] = Links(article, family, story, original, similarity)
        return found

    def stories_behind(self, limit: int, after: str = "", *, all_of_them: bool = False) -> list[StoryRow]:
        """Stories whose document is older than they are, by id; with `all_of_them` every story."""
        which = stories.c.id > after
        if not all_of_them:
            which = and_(which, stories.c.indexed < stories.c.revision)
        with reading(self._engine) as connection:
            rows = connection.execute(select(stories).where(which).order_by(stories.c.id).limit(limit)).mappings()
            return [StoryRow(row["id"], tuple(json.loads(row["members"])), row["revision"]) for row in rows]

    def stories_indexed(self, done: Mapping[str, int]) -> None:
        with writing(self._engine) as connection:
            for story, revision in done.items():
                mine = and_(stories.c.id == story, stories.c.indexed < revision)
                connection.execute(update(stories).where(mine).values(indexed=revision))

    def follow(self, kind: Kind, old: str) -> str:
        """Where the id of a family or story leads now, through any number of merges."""
        seen = {old}
        with reading(self._engine) as connection:
            while True:
                new = connection.execute(
                    select(redirects.c.new).where(redirects.c.kind == kind, redirects.c.old == old)
                ).scalar()
                if new is None or new in seen:
                    return old
                seen.add(new)
                old = new

    def count(self) -> tuple[int, int]:
        """Families and stories of relevant articles."""
        wanted = select(func.count(articles.c.family.distinct()), func.count(articles.c.story.distinct()))
        with reading(self._engine) as connection:
            families, found = connection.execute(wanted.where(articles.c.relevant, articles.c.story != "")).one()
        return int(families), int(found)

    def all_linked(self) -> Iterator[tuple[str, str, str]]:
        """(article, family, story) of every linked article."""
        wanted = select(articles.c.id, articles.c.family, articles.c.story).where(articles.c.story != "")
        with reading(self._engine) as connection:
            yield from connection.execute(wanted.order_by(articles.c.id)).tuples().all()


def _still_mine(connection: Connection, token: int) -> None:
    now = connection.execute(select(leases.c.token).where(leases.c.name == "link").with_for_update()).scalar()
    if now != token:
        raise LedgerError("linking took longer than its lease and another process does it now; raise AMUR_LEASE")


def _key(links: Links) -> tuple[str, str, bool, float]:
    return (links.family, links.story, links.original, round(links.similarity, 4))


def _links_now(connection: Connection, ids: Sequence[str]) -> dict[str, tuple[str, str, bool, float]]:
    columns = (articles.c.id, articles.c.family, articles.c.story, articles.c.original, articles.c.similarity)
    rows = connection.execute(select(*columns).where(articles.c.id.in_(list(ids))))
    return {i: (family, story, bool(original), round(similarity, 4)) for i, family, story, original, similarity in rows}


def _linkable(row: Mapping[Any, Any]) -> Linkable:
    family, story = row["family"], row["story"]
    links = Links(row["id"], family, story, bool(row["original"]), row["similarity"]) if story else None
    data = json.loads(zlib.decompress(row["linkable"]))
    return Linkable(row["id"], row["source"], row["lang"], row["day"], row["published"] or 0.0, data, links)
