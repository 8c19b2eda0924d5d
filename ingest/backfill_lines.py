"""Lists of addresses and JSON lines -> records with their offsets, one line at a time.

A line of JSON is `{"url", "title"?, "published"?, "html"? | "path"?}`; `path` names a file beside the list, below its
folder. A page that a line holds is read like one of a WARC; what has an address alone is fetched.
"""

import json
import posixpath
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from ingest.backfill_found import MAX_BODY, Captured, Found
from ingest.dates import AHEAD, OLDEST, parse_date
from ingest.textclean import clean_line

# A page of the largest size with every character of it escaped.
_LONGEST_LINE = 6 * MAX_BODY
_LONGEST_TITLE = 1_000
Opener = Callable[[str], bytes]


def read_urls(stream: Any, start: int = 0) -> Iterator[Found]:
    """One address a line; empty lines and those that begin with # are passed over."""
    for at, line in _lines(stream, start):
        text = line.decode("utf-8", "replace").lstrip("\ufeff").strip()
        if text and not text.startswith("#"):
            yield Found(at, text.split()[0])


def read_json_lines(stream: Any, start: int, now: datetime, beside: Opener) -> Iterator[Found]:
    """One object a line. `beside(path)` gives the bytes of a file below the list's folder, or raises OSError."""
    for at, line in _lines(stream, start):
        if line.strip():
            yield _found(at, line, now, beside)


def _lines(stream: Any, start: int) -> Iterator[tuple[int, bytes]]:
    stream.seek(start)
    at = start
    while line := stream.readline(_LONGEST_LINE):
        yield at, line
        at += len(line)


def _found(at: int, line: bytes, now: datetime, beside: Opener) -> Found:
    try:
        row = json.loads(line)
        url = row["url"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return Found(at, skipped="bad")
    if not isinstance(url, str):
        return Found(at, skipped="bad")
    title = clean_line(str(row.get("title") or "")[:_LONGEST_TITLE])
    known = _dated(Found(at, url, title), row, now)
    try:
        body = _body(row, beside)
    except (OSError, ValueError, AttributeError) as error:
        return replace(known, fault=f"its page cannot be read: {error}")
    if body is None:
        return known
    if len(body) > MAX_BODY:
        return replace(known, fault="too-large")
    kind = "text/html; charset=utf-8" if row.get("html") else "text/html"
    return replace(known, captured=Captured(200, kind, (), body, now))


def _dated(found: Found, row: dict[str, Any], now: datetime) -> Found:
    """With the day that the line gives, unless it lies ahead or before 1990."""
    moment = parse_date(str(row.get("published") or "")[:100])
    if moment is None or not OLDEST <= moment.instant <= now + AHEAD:
        return found
    return replace(found, published=moment.instant, precision=moment.precision)


def _body(row: dict[str, Any], beside: Opener) -> bytes | None:
    if row.get("html"):
        return str(row["html"]).encode("utf-8", "replace")
    if not row.get("path"):
        return None
    path = posixpath.normpath(str(row["path"]))
    if path.startswith(("/", "..")) or "\\" in path or "://" in path:
        raise ValueError(f"{path[:100]!r} lies outside the list's folder")
    return beside(path)


def today() -> datetime:
    return datetime.now(UTC)
