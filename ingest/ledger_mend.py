"""What comparing the ledger with archive and store needs: every place that is named, and sending back what is amiss."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Engine, Table, and_, not_, select, update

from ingest.archive import Location
from ingest.ledger_engine import reading, writing
from ingest.ledger_schema import articles, coverage, entries, stories
from ingest.ledger_sql import CHUNK, chunks

PUBLISHED = {"stories": stories, "coverage": coverage}


class MendTable:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def raw_locations(self) -> Iterator[Location]:
        """Every raw location, a page of rows at a time."""
        last = 0
        while True:
            wanted = (
                select(entries.c.id, entries.c.raw_path, entries.c.raw_offset, entries.c.raw_length)
                .where(entries.c.id > last, entries.c.raw_path != "")
                .order_by(entries.c.id)
                .limit(CHUNK)
            )
            with reading(self._engine) as connection:
                rows = connection.execute(wanted).all()
            if not rows:
                return
            for last, path, offset, length in rows:  # noqa: B007
                yield Location(path, offset, length)

    def leaving(self) -> set[str]:
        """Articles that are no longer relevant and that the index step has still to take out."""
        which = and_(not_(articles.c.relevant), articles.c.indexed < articles.c.revision)
        with reading(self._engine) as connection:
            return set(connection.execute(select(articles.c.id).where(which)).scalars())

    def published(self, collection: str) -> dict[str, tuple[int, int]]:
        """Id -> (revision, revision that the store has) of stories with members, or of coverage rows."""
        table = PUBLISHED[collection]
        wanted = select(table.c.id, table.c.revision, table.c.indexed)
        if collection == "stories":
            wanted = wanted.where(stories.c.members != "[]")
        with reading(self._engine) as connection:
            return {key: (revision, indexed) for key, revision, indexed in connection.execute(wanted)}

    def index_again(self, ids: Sequence[str]) -> None:
        """Send articles through the index once more."""
        self._again(ids, "enriched", "index")
        self._forget_indexed(articles, ids)

    def read_again(self, ids: Sequence[str]) -> None:
        """Send articles whose record is lost through reading once more, from the stored page."""
        self._again(ids, "fetched", "enrich")

    def publish_again(self, collection: str, ids: Sequence[str]) -> None:
        self._forget_indexed(PUBLISHED[collection], ids)

    def _again(self, ids: Sequence[str], state: str, stage: str) -> None:
        values = {"state": state, "stage": stage, "claims": 0, "token": 0, "lease_until": 0}
        with writing(self._engine) as connection:
            for part in chunks(ids):
                owners = select(articles.c.owner).where(articles.c.id.in_(part))
                there = and_(entries.c.id.in_(owners), entries.c.raw_path != "")
                connection.execute(update(entries).where(there).values(values))

    def _forget_indexed(self, table: Table, ids: Sequence[str]) -> None:
        with writing(self._engine) as connection:
            for part in chunks(ids):
                connection.execute(update(table).where(table.c.id.in_(part)).values(indexed=0))
