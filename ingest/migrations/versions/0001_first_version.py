"""The first version of the ledger's tables. Never edited again once released: changes are further steps."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "batches",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("stage", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("worker", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("size", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("started", sa.Double(), server_default=sa.text("0"), nullable=False),
        sa.Column("lease_until", sa.Double(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
    )
    with op.batch_alter_table("batches", schema=None) as batch_op:
        batch_op.create_index("ix_batches_open", ["lease_until", "worker"], unique=False)

    op.create_table(
        "coverage",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("lang", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("day", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("counts", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("revision", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("indexed", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coverage")),
    )
    with op.batch_alter_table("coverage", schema=None) as batch_op:
        batch_op.create_index(
            "ix_coverage_behind",
            ["id"],
            unique=False,
            sqlite_where=sa.text("indexed < revision"),
            postgresql_where=sa.text("indexed < revision"),
        )
        batch_op.create_index("ix_coverage_day", ["source", "day"], unique=False)

    op.create_table(
        "dirty",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("kind", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("source", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("day", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dirty")),
    )
    with op.batch_alter_table("dirty", schema=None) as batch_op:
        batch_op.create_index("ix_dirty_next", ["kind", "day", "source"], unique=False)

    op.create_table(
        "domains",
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("next_slot", sa.Double(), server_default=sa.text("0"), nullable=False),
        sa.Column("delay", sa.Double(), server_default=sa.text("0"), nullable=False),
        sa.Column("blocked_until", sa.Double(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("domain", name=op.f("pk_domains")),
    )
    op.create_table(
        "entries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("source", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("feed_url", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("url", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("domain", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("entry", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("fingerprint", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("lang", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("day", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("backfilled", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("first_seen", sa.Double(), server_default=sa.text("0"), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'new'"), nullable=False),
        sa.Column("stage", sa.Text(), server_default=sa.text("'fetch'"), nullable=False),
        sa.Column("rank", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("wake_at", sa.Double(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("claims", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("looks", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("prior", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("outcome", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("error", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("error_stage", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("decided", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("token", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("lease_until", sa.Double(), server_default=sa.text("0"), nullable=False),
        sa.Column("article", sa.String(length=64), nullable=True),
        sa.Column("raw_path", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("raw_offset", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("raw_length", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("fetched_at", sa.Double(), server_default=sa.text("0"), nullable=False),
        sa.Column("body_hash", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("etag", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("last_modified", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entries")),
        sa.UniqueConstraint("key", name=op.f("uq_entries_key")),
    )
    with op.batch_alter_table("entries", schema=None) as batch_op:
        batch_op.create_index("ix_entries_article", ["article"], unique=False)
        batch_op.create_index("ix_entries_claim", ["stage", "rank", "id"], unique=False)
        batch_op.create_index("ix_entries_day", ["source", "day"], unique=False)
        batch_op.create_index("ix_entries_state", ["state", "lang"], unique=False)
        batch_op.create_index("ix_entries_token", ["token"], unique=False)
        batch_op.create_index(
            "ix_entries_wake",
            ["wake_at"],
            unique=False,
            sqlite_where=sa.text("wake_at IS NOT NULL"),
            postgresql_where=sa.text("wake_at IS NOT NULL"),
        )

    op.create_table(
        "facts",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_facts")),
    )
    op.create_table(
        "feeds",
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("next_poll", sa.Double(), server_default=sa.text("0"), nullable=False),
        sa.Column("last_success", sa.Double(), server_default=sa.text("0"), nullable=False),
        sa.Column("retired", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("listed", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("lease_until", sa.Double(), server_default=sa.text("0"), nullable=False),
        sa.Column("token", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("url", name=op.f("pk_feeds")),
    )
    with op.batch_alter_table("feeds", schema=None) as batch_op:
        batch_op.create_index("ix_feeds_due", ["listed", "next_poll"], unique=False)

    op.create_table(
        "leases",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("worker", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("token", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("lease_until", sa.Double(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
    op.create_table(
        "polls",
        sa.Column("feed_url", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("polls", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("ok", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("entries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("feed_url", "day", name=op.f("pk_polls")),
    )
    with op.batch_alter_table("polls", schema=None) as batch_op:
        batch_op.create_index("ix_polls_day", ["source", "day"], unique=False)

    op.create_table(
        "redirects",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("old", sa.Text(), nullable=False),
        sa.Column("new", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("since", sa.Double(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("kind", "old", name=op.f("pk_redirects")),
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("kind", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("worker", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("started", sa.Double(), server_default=sa.text("0"), nullable=False),
        sa.Column("ended", sa.Double(), nullable=True),
        sa.Column("counts", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
    )
    op.create_table(
        "spans",
        sa.Column("feed_url", sa.Text(), nullable=False),
        sa.Column("since", sa.Double(), nullable=False),
        sa.Column("source", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("whole", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("until", sa.Double(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("feed_url", "since", name=op.f("pk_spans")),
    )
    with op.batch_alter_table("spans", schema=None) as batch_op:
        batch_op.create_index("ix_spans_source", ["source", "since"], unique=False)

    op.create_table(
        "stories",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("members", sa.Text(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("revision", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("indexed", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stories")),
    )
    with op.batch_alter_table("stories", schema=None) as batch_op:
        batch_op.create_index(
            "ix_stories_behind",
            ["id"],
            unique=False,
            sqlite_where=sa.text("indexed < revision"),
            postgresql_where=sa.text("indexed < revision"),
        )

    op.create_table(
        "tombstones",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("url", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("since", sa.Double(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_tombstones")),
    )
    op.create_table(
        "versions",
        sa.Column("article", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("fetched_at", sa.Double(), server_default=sa.text("0"), nullable=False),
        sa.Column("title", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("text_hash", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("diff", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("raw_path", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("raw_offset", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("raw_length", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("article", "version", name=op.f("pk_versions")),
    )
    op.create_table(
        "articles",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("owner", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("owner_rank", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("canonical_url", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("source", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("lang", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("day", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("published", sa.Double(), nullable=True),
        sa.Column("title", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("text_hash", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("text_from", sa.Text(), server_default=sa.text("'page'"), nullable=False),
        sa.Column("relevant", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("revision", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("indexed", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("record_path", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("record_offset", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("record_length", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("family", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("story", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("original", sa.Boolean(), server_default=sa.text("(true)"), nullable=False),
        sa.Column("similarity", sa.Double(), server_default=sa.text("1"), nullable=False),
        sa.Column("linkable", sa.LargeBinary(), nullable=True),
        sa.Column("events", sa.Text(), server_default=sa.text("'[]'"), nullable=False),
        sa.ForeignKeyConstraint(["owner"], ["entries.id"], name=op.f("fk_articles_owner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_articles")),
    )
    with op.batch_alter_table("articles", schema=None) as batch_op:
        batch_op.create_index("ix_articles_coverage", ["source", "day"], unique=False)
        batch_op.create_index("ix_articles_family", ["family"], unique=False)
        batch_op.create_index(batch_op.f("ix_articles_owner"), ["owner"], unique=False)
        batch_op.create_index("ix_articles_story", ["story"], unique=False)
        batch_op.create_index("ix_articles_window", ["relevant", "published", "id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("articles", schema=None) as batch_op:
        batch_op.drop_index("ix_articles_window")
        batch_op.drop_index("ix_articles_story")
        batch_op.drop_index(batch_op.f("ix_articles_owner"))
        batch_op.drop_index("ix_articles_family")
        batch_op.drop_index("ix_articles_coverage")

    op.drop_table("articles")
    op.drop_table("versions")
    op.drop_table("tombstones")
    with op.batch_alter_table("stories", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_stories_behind",
            sqlite_where=sa.text("indexed < revision"),
            postgresql_where=sa.text("indexed < revision"),
        )

    op.drop_table("stories")
    with op.batch_alter_table("spans", schema=None) as batch_op:
        batch_op.drop_index("ix_spans_source")

    op.drop_table("spans")
    op.drop_table("runs")
    op.drop_table("redirects")
    with op.batch_alter_table("polls", schema=None) as batch_op:
        batch_op.drop_index("ix_polls_day")

    op.drop_table("polls")
    op.drop_table("leases")
    with op.batch_alter_table("feeds", schema=None) as batch_op:
        batch_op.drop_index("ix_feeds_due")

    op.drop_table("feeds")
    op.drop_table("facts")
    with op.batch_alter_table("entries", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_entries_wake",
            sqlite_where=sa.text("wake_at IS NOT NULL"),
            postgresql_where=sa.text("wake_at IS NOT NULL"),
        )
        batch_op.drop_index("ix_entries_token")
        batch_op.drop_index("ix_entries_state")
        batch_op.drop_index("ix_entries_day")
        batch_op.drop_index("ix_entries_claim")
        batch_op.drop_index("ix_entries_article")

    op.drop_table("entries")
    op.drop_table("domains")
    with op.batch_alter_table("dirty", schema=None) as batch_op:
        batch_op.drop_index("ix_dirty_next")

    op.drop_table("dirty")
    with op.batch_alter_table("coverage", schema=None) as batch_op:
        batch_op.drop_index("ix_coverage_day")
        batch_op.drop_index(
            "ix_coverage_behind",
            sqlite_where=sa.text("indexed < revision"),
            postgresql_where=sa.text("indexed < revision"),
        )

    op.drop_table("coverage")
    with op.batch_alter_table("batches", schema=None) as batch_op:
        batch_op.drop_index("ix_batches_open")

    op.drop_table("batches")
