"""Opens the ledger's database: one engine, short write transactions, the schema brought up to date.

SQLite runs in WAL mode with `BEGIN IMMEDIATE`, so that two writers wait for each other instead of failing at commit;
`synchronous=NORMAL` may lose the last commits when the power fails, which repeats work and loses none, because the
effect of a commit is always durable before it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from tenacity import retry, retry_if_exception_message, stop_after_delay, wait_random

from amur.errors import LedgerError

BUSY_SECONDS = 60
# Any number that no other program on the same Postgres uses for its advisory locks: "amur" in ASCII, and the next.
MIGRATION_LOCK = 0x616D7572


def open_engine(url: str) -> Engine:
    """Create the engine for a SQLAlchemy URL. Raises LedgerError for an address that cannot be used."""
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            return _sqlite(url, parsed.database)
        return create_engine(url, pool_pre_ping=True, pool_size=8, max_overflow=24)
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise LedgerError(
            f"the ledger address {safe(url)} cannot be used: {error}; "
            "use sqlite:///FILE or postgresql+psycopg://USER:PASSWORD@HOST/DATABASE"
        ) from error


def safe(url: str) -> str:
    """The address without its password, for messages."""
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return "(not an address)"


def _sqlite(url: str, database: str | None) -> Engine:
    if database and database != ":memory:":
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy's `begin` event below opens the transaction, not the driver
    _write_ahead(connection)
    for pragma in (
        "synchronous=NORMAL",
        f"busy_timeout={BUSY_SECONDS * 1000}",
        "foreign_keys=ON",
        "cache_size=-32768",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


@retry(
    retry=retry_if_exception_message(match=".*locked.*"), wait=wait_random(0, 0.1), stop=stop_after_delay(BUSY_SECONDS),
    reraise=True,
)  # fmt: skip
def _write_ahead(connection: Any) -> None:
    """The one statement that does not wait for others by itself, where several open a new ledger at once."""
    connection.execute("PRAGMA journal_mode=WAL")


def _begin_sqlite(connection: Connection) -> None:
    mode = "DEFERRED" if connection.get_execution_options().get("amur_read") else "IMMEDIATE"
    connection.exec_driver_sql(f"BEGIN {mode}")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A read transaction; on SQLite it waits for no writer."""
    with _errors(engine), engine.connect() as plain:
        connection = plain.execution_options(amur_read=True)
        with connection.begin():
            yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A write transaction. Keep it short: no network and no model work inside."""
    with _errors(engine), engine.begin() as connection:
        yield connection


@contextmanager
def _errors(engine: Engine) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        where = engine.url.render_as_string(hide_password=True)
        raise LedgerError(f"the ledger {where} refused: {error.orig}") from error


def migrate(engine: Engine) -> None:
    """Bring the schema to the newest version; two processes that open at once take turns.

    Raises LedgerError where the ledger was written by a newer Amur.
    """
    with reading(engine) as connection:
        if _version(connection) == _head():
            return
    with writing(engine) as connection:
        alone(connection, MIGRATION_LOCK)
        _upgrade(connection)


def alone(connection: Connection, lock: int) -> None:
    """One transaction at a time from here on. SQLite's write transactions are so already."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": lock})


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _head() -> str:
    """The newest step by its file name: `NNNN_what.py`. Alembic itself is loaded only where there is one to run."""
    names = sorted(p.stem for p in (Path(__file__).parent / "migrations" / "versions").glob("[0-9]*.py"))
    return names[-1].split("_")[0]


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    found = _version(connection)
    if found is not None and found > _head():
        raise LedgerError(f"the ledger has schema {found}, newer than {_head()}: install a newer Amur")
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
