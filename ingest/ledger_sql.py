"""The few statements in which SQLite and Postgres are written alike but imported apart."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

# SQLite takes 32,766 variables in a statement and Postgres 65,535; 500 keys stay far below both.
CHUNK = 500

Row = Mapping[str, Any]
T = TypeVar("T")


def _insert(connection: Connection, table: Table) -> Any:
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    return dialect.insert(table)


def insert_new(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert the rows whose keys are not there yet."""
    if rows:
        connection.execute(_insert(connection, table).on_conflict_do_nothing(), [dict(r) for r in rows])


def upsert(connection: Connection, table: Table, rows: Sequence[Row], keys: tuple[str, ...]) -> None:
    """Insert rows, or replace the given columns of those that are there."""
    if not rows:
        return
    statement = _insert(connection, table)
    rest = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    statement = statement.on_conflict_do_update(index_elements=list(keys), set_=rest)
    connection.execute(statement, [dict(r) for r in rows])


def add_up(
    connection: Connection, table: Table, rows: Sequence[Row], keys: tuple[str, ...], sums: tuple[str, ...]
) -> None:
    """Insert rows of counts, or add their counts to those that are there."""
    if not rows:
        return
    statement = _insert(connection, table)
    more = {name: table.c[name] + statement.excluded[name] for name in sums}
    statement = statement.on_conflict_do_update(index_elements=list(keys), set_=more)
    connection.execute(statement, [dict(r) for r in rows])


def chunks(items: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """Lists of at most `size` items, in order."""
    rest = iter(items)
    while part := list(islice(rest, size)):
        yield part
