"""Articles out of the store: JSON lines, CSV or Parquet, one article a line or row, `id` first, in bounded memory.

Without bodies unless asked. Every row says in `sample` whether it is sample data. Lists are JSON arrays in JSON lines,
list columns in Parquet, and in CSV joined by " | ".
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import IO, Any, Literal

from amur.errors import UsageError
from index.query import Filters, query_of
from index.query_words import Resolve
from index.store.base import Store

Format = Literal["jsonl", "csv", "parquet"]
Row = dict[str, Any]

# Column -> its Arrow type, in the order of the columns. `body` comes last, where it is asked for.
COLUMNS: dict[str, str] = {
    "id": "string",
    "sample": "bool",
    "url": "string",
    "canonical_url": "string",
    "title": "string",
    "lead": "string",
    "lang": "string",
    "published": "string",
    "day": "string",
    "published_from": "string",
    "precision": "string",
    "first_seen": "string",
    "outlet": "string",
    "country": "string",
    "camp": "string",
    "ownership": "string",
    "kind": "string",
    "text_from": "string",
    "wire": "string",
    "backfilled": "bool",
    "both_named": "bool",
    "relevance": "double",
    "topics": "list",
    "entities": "list",
    "people": "list",
    "organisations": "list",
    "places": "list",
    "phrases": "list",
    "quoted": "list",
    "event_types": "list",
    "dyads": "list",
    "family": "string",
    "story": "string",
    "original": "bool",
    "revision": "long",
}
BODY = "body"
BODY_FIELDS = ("body_en", "body_ru", "body_zh")
ROWS_AT_ONCE = 1_000  # of one Parquet row group: a few megabytes with bodies
# A cell that begins so, blanks and invisible characters aside, is run as a formula by spreadsheets (OWASP, "CSV
# injection").
FORMULA = re.compile(r"[\t\r\n]|[\s\x00-\x1f\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠]")


def export(
    store: Store,
    filters: Filters,
    format: str,  # noqa: A002
    out: IO[bytes],
    *,
    bodies: bool = False,
    sample: bool = False,
    resolve: Resolve | None = None,
) -> int:
    """Write what the filters find to `out`, the newest first; returns the number of articles.

    Raises UsageError for another format, QuerySyntaxError for `filters.q`.
    """
    if format not in WRITERS:
        raise UsageError(f"there is no format {format!r}; the formats are {', '.join(WRITERS)}")
    wanted = [*(c for c in COLUMNS if c != "sample"), *(BODY_FIELDS if bodies else ())]
    found = store.scan("articles", query_of(filters, resolve=resolve), fields=wanted)
    columns = {**COLUMNS, BODY: "string"} if bodies else COLUMNS
    return WRITERS[format]((_row(d, columns, sample=sample) for d in found), columns, out)


def _row(document: Row, columns: Iterable[str], *, sample: bool) -> Row:
    """Every column, None or [] where the article has no value."""
    body = next((document[name] for name in BODY_FIELDS if name in document), None)
    values = {**document, "sample": sample, BODY: body}
    return {name: values.get(name, [] if COLUMNS.get(name) == "list" else None) for name in columns}


def _jsonl(rows: Iterator[Row], _columns: dict[str, str], out: IO[bytes]) -> int:
    count = 0
    for count, row in enumerate(rows, 1):  # noqa: B007 -- the number of the last is the result
        out.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
    return count


def _csv(rows: Iterator[Row], columns: dict[str, str], out: IO[bytes]) -> int:
    """UTF-8 with a mark at the start, without which spreadsheets take Cyrillic and Chinese for Latin."""
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(columns)
    count = 0
    for count, row in enumerate(rows, 1):  # noqa: B007
        writer.writerow([_cell(row[name]) for name in columns])
    text.detach()
    return count


def _cell(value: Any) -> str:
    if isinstance(value, list):
        value = " | ".join(map(str, value))
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return "" if value is None else str(value)
    return inert(value)


def inert(text: str) -> str:
    """The text of a cell, set off by an apostrophe where a spreadsheet would run it."""
    return f"'{text}" if FORMULA.match(text) else text


def _parquet(rows: Iterator[Row], columns: dict[str, str], out: IO[bytes]) -> int:
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter

    types = {"string": pa.string(), "bool": pa.bool_(), "double": pa.float64(), "long": pa.int64()}
    schema = pa.schema([(name, types.get(kind) or pa.list_(pa.string())) for name, kind in columns.items()])
    count = 0
    with ParquetWriter(out, schema) as writer:
        while batch := list(islice(rows, ROWS_AT_ONCE)):
            writer.write_table(pa.Table.from_pylist(batch, schema=schema))
            count += len(batch)
    return count


WRITERS: dict[str, Callable[[Iterator[Row], dict[str, str], IO[bytes]], int]] = {
    "jsonl": _jsonl,
    "csv": _csv,
    "parquet": _parquet,
}


def columns(*, bodies: bool = False) -> Sequence[str]:
    """The columns of an export, in order."""
    return (*COLUMNS, BODY) if bodies else tuple(COLUMNS)
