"""Tables of the ledger, in SQLAlchemy Core. `ingest/migrations` holds the same as Alembic steps; a test compares them.

Instants are seconds since 1970 in UTC as doubles, so that SQLite and Postgres compare and add them alike. Days are
ISO text. `stage` names the step that an entry waits for and is empty where it waits for none; `state` is the closed
list of `ingest.model`. `token` is the number of the batch that holds an entry: it only grows, and a move that names
an older one does nothing (fencing).
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite counts up only plain INTEGER keys; Postgres gets the 64 bits that an archive of years needs.
BigKey = BigInteger().with_variant(Integer, "sqlite")


def _text(name: str, default: str = "") -> Column[str]:
    return Column(name, Text, nullable=False, server_default=text(f"'{default}'"))


def _count(name: str, default: int = 0) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default=text(str(default)))


def _instant(name: str) -> Column[float]:
    return Column(name, Double, nullable=False, server_default=text("0"))


def _flag(name: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False, server_default=text("false"))


feeds = Table(
    "feeds",
    metadata,
    Column("url", Text, primary_key=True),
    _text("source"),
    _text("state", "{}"),  # the FeedState of ingest.policy as JSON
    _instant("next_poll"),
    _instant("last_success"),
    _flag("retired"),
    _flag("listed"),  # still named by the sources file
    _instant("lease_until"),
    Column("token", BigInteger, nullable=False, server_default=text("0")),
    Index("ix_feeds_due", "listed", "next_poll"),
)

batches = Table(
    "batches",
    metadata,
    Column("id", BigKey, primary_key=True, autoincrement=True),
    _text("stage"),
    _text("worker"),
    _count("size"),
    _instant("started"),
    _instant("lease_until"),
    Index("ix_batches_open", "lease_until", "worker"),
)

entries = Table(
    "entries",
    metadata,
    Column("id", BigKey, primary_key=True, autoincrement=True),
    Column("key", String(64), nullable=False, unique=True),  # sha256 of the normalised address
    _text("source"),
    _text("feed_url"),
    _text("url"),
    _text("domain"),
    _text("entry", "{}"),  # the FeedEntry as JSON
    _text("fingerprint"),  # of what the feed says of it; a change asks for a second look
    _text("lang"),
    _text("day"),  # publication day, or the day it was first seen
    _flag("backfilled"),
    _instant("first_seen"),
    _text("state", "new"),
    _text("stage", "fetch"),
    _count("rank"),  # place within its feed: the heads of all feeds come before the tails
    Column("wake_at", Double),  # when a retry or a second look is due
    _count("attempts"),
    _count("claims"),  # times claimed since it last moved: what kills its worker shows here
    _count("looks"),
    _text("prior"),  # the ended state that a second look returns to where nothing changed
    _text("outcome"),  # why it is where it is: the fetch outcome, "feed-text", ...
    _text("error"),
    _text("error_stage"),
    _flag("decided"),  # relevance was judged, on the page or on the feed's text
    Column("token", BigInteger, nullable=False, server_default=text("0")),
    _instant("lease_until"),
    Column("article", String(64)),
    _text("raw_path"),
    Column("raw_offset", BigInteger, nullable=False, server_default=text("0")),
    Column("raw_length", BigInteger, nullable=False, server_default=text("0")),
    _instant("fetched_at"),
    _text("body_hash"),
    _text("etag"),
    _text("last_modified"),
    Index("ix_entries_claim", "stage", "rank", "id"),
    Index("ix_entries_wake", "wake_at", sqlite_where=text("wake_at IS NOT NULL"),
          postgresql_where=text("wake_at IS NOT NULL")),
    Index("ix_entries_state", "state", "lang"),
    Index("ix_entries_day", "source", "day"),
    Index("ix_entries_token", "token"),
    Index("ix_entries_article", "article"),
)  # fmt: skip

articles = Table(
    "articles",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("owner", BigKey, ForeignKey("entries.id"), nullable=False, index=True),
    _text("owner_rank"),  # of the entries that lead to an article the one with the least rank owns it
    _text("canonical_url"),
    _text("source"),
    _text("lang"),
    _text("day"),
    Column("published", Double),
    _text("title"),
    _text("text_hash"),
    _text("text_from", "page"),
    _flag("relevant"),
    _count("revision"),  # the external version of its document; grows with every change
    _count("indexed"),  # the revision that the store has
    _count("version", 1),  # of its text, as the outlet edited it
    _text("record_path"),
    Column("record_offset", BigInteger, nullable=False, server_default=text("0")),
    Column("record_length", BigInteger, nullable=False, server_default=text("0")),
    _text("family"),
    _text("story"),
    Column("original", Boolean, nullable=False, server_default=text("true")),
    Column("similarity", Double, nullable=False, server_default=text("1")),
    Column("linkable", LargeBinary),  # what linking compares: zlib of JSON
    _text("events", "[]"),  # ids of its event documents in the store
    Index("ix_articles_window", "relevant", "published", "id"),
    Index("ix_articles_coverage", "source", "day"),
    Index("ix_articles_family", "family"),
    Index("ix_articles_story", "story"),
)

versions = Table(
    "versions",
    metadata,
    Column("article", String(64), primary_key=True),
    Column("version", Integer, primary_key=True),
    _instant("fetched_at"),
    _text("title"),
    _text("text_hash"),
    _text("diff"),  # unified diff from the version before
    _text("raw_path"),
    Column("raw_offset", BigInteger, nullable=False, server_default=text("0")),
    Column("raw_length", BigInteger, nullable=False, server_default=text("0")),
)

stories = Table(
    "stories",
    metadata,
    Column("id", Text, primary_key=True),
    _text("members", "[]"),
    _count("revision"),
    _count("indexed"),
    Index("ix_stories_behind", "id", sqlite_where=text("indexed < revision"),
          postgresql_where=text("indexed < revision")),
)  # fmt: skip

redirects = Table(
    "redirects",
    metadata,
    Column("kind", Text, primary_key=True),  # "family" or "story"
    Column("old", Text, primary_key=True),
    _text("new"),
    _instant("since"),
)

domains = Table(
    "domains",
    metadata,
    Column("domain", Text, primary_key=True),
    _instant("next_slot"),
    _instant("delay"),
    _instant("blocked_until"),
)

polls = Table(
    "polls",
    metadata,
    Column("feed_url", Text, primary_key=True),
    Column("day", Text, primary_key=True),
    _text("source"),
    _count("polls"),
    _count("ok"),
    _count("entries"),  # new ones
    Index("ix_polls_day", "source", "day"),
)

# Stretches of time of which a feed has shown everything: from `since` to `until` without a gap.
spans = Table(
    "spans",
    metadata,
    Column("feed_url", Text, primary_key=True),
    Column("since", Double, primary_key=True),
    _text("source"),
    _flag("whole"),  # the feed is of the whole outlet, not of a section or a query
    _instant("until"),
    Index("ix_spans_source", "source", "since"),
)

coverage = Table(
    "coverage",
    metadata,
    Column("id", Text, primary_key=True),
    _text("source"),
    _text("lang"),
    _text("day"),
    _text("counts", "{}"),
    _count("revision"),
    _count("indexed"),
    Index("ix_coverage_day", "source", "day"),
    Index("ix_coverage_behind", "id", sqlite_where=text("indexed < revision"),
          postgresql_where=text("indexed < revision")),
)  # fmt: skip

# Notes of days whose coverage or whose links must be computed again; taken away only when that is done.
dirty = Table(
    "dirty",
    metadata,
    Column("id", BigKey, primary_key=True, autoincrement=True),
    _text("kind"),
    _text("source"),
    _text("day"),
    Index("ix_dirty_next", "kind", "day", "source"),
)

# Work that only one process may do at a time, whatever the machine.
leases = Table(
    "leases",
    metadata,
    Column("name", Text, primary_key=True),
    _text("worker"),
    Column("token", BigInteger, nullable=False, server_default=text("0")),
    _instant("lease_until"),
)

tombstones = Table(
    "tombstones",
    metadata,
    Column("key", String(64), primary_key=True),  # of an address or of an article
    _text("url"),
    _instant("since"),
)

runs = Table(
    "runs",
    metadata,
    Column("id", BigKey, primary_key=True, autoincrement=True),
    _text("kind"),
    _text("worker"),
    _instant("started"),
    Column("ended", Double),
    _text("counts", "{}"),
)

facts = Table("facts", metadata, Column("name", Text, primary_key=True), _text("value"))
