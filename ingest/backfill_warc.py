"""WARC and WARC.gz (CC-News and the like) -> records with their offsets, one at a time.

A damaged record costs itself alone: reading goes on at the next place where a record begins.
"""

import re
from collections.abc import Iterator
from typing import Any

from amur.errors import FetchError
from ingest.backfill_found import MAX_BODY, Captured, Found

# Where a record begins: the header of a gzip member (deflate, known flags, level and system), or WARC's first line.
_GZIP = re.compile(rb"\x1f\x8b\x08[\x00-\x1f].{4}[\x00\x02\x04][\x00-\x0d\xff]", re.DOTALL)
_PLAIN = re.compile(rb"WARC/1\.[01]\r?\n")
_MARK = 10  # bytes that either of the two may take
_PIECE = 1 << 20
_OK = 200
_PAGES = ("text/html", "application/xhtml")


def read_warc(stream: Any, start: int = 0) -> Iterator[Found]:
    """Every record of a WARC from an offset on. `stream` is a binary file that can seek.

    What is no article's page (requests, redirects, errors, pictures) comes as `not-a-page`, so that the offset goes on.
    """
    begins, at = _mark(stream), start
    while at >= 0:
        last = -1
        try:
            for found in _records(stream, at):
                last = found.at
                yield found
            if begins is _PLAIN or last < 0 or _next_start(stream, last + 1, begins) < 0:
                return
            # A member that the iterator passed over in silence: the file was cut in the middle of it.
            is_first, at = True, -1
        except (OSError, ValueError, EOFError):  # what the iterator raises where bytes are no record
            is_first = last >= 0 or at == start
            at = _next_start(stream, max(last, at) + 1, begins)
        if is_first:
            yield Found(at if at >= 0 else _size(stream), skipped="damaged")


def _records(stream: Any, at: int) -> Iterator[Found]:
    from fastwarc.warc import ArchiveIterator

    stream.seek(at)
    for record in ArchiveIterator(stream, parse_http=False):
        yield _found(record)


def _found(record: Any) -> Found:
    from fastwarc.warc import response

    at, url = record.stream_pos, (record.headers.get("WARC-Target-URI") or "").strip("<> ")
    if not record.headers.get("Content-Length") or (record.record_type == response and not url):
        return Found(at, skipped="damaged")
    if record.record_type != response or not record.is_http:
        return Found(at, skipped="not-a-page")
    try:
        record.parse_http(auto_decode="transfer")
    except (OSError, ValueError):
        return Found(at, skipped="damaged")
    headers = record.http_headers
    kind = headers.get("Content-Type") or ""
    if headers.status_code != _OK or not kind.lower().startswith(_PAGES):
        return Found(at, skipped="not-a-page")
    return _page(record, at, url, headers.to_tuples(), kind)


def _page(record: Any, at: int, url: str, headers: tuple[tuple[str, str], ...], kind: str) -> Found:
    names = {name.lower(): value for name, value in headers}
    expected = record.content_length
    body = record.reader.read(MAX_BODY + 1)
    if len(body) > MAX_BODY:
        return Found(at, url, fault="too-large")
    if "transfer-encoding" not in names and len(body) < expected:
        return Found(at, skipped="damaged")
    try:
        body = _decoded(body, names.get("content-encoding", ""))
    except FetchError as error:
        return Found(at, url, fault=error.outcome)
    return Found(at, url, captured=Captured(_OK, kind, headers, body, record.record_date))


def _decoded(body: bytes, coding: str) -> bytes:
    """The body without its content coding. Many archives keep the header of a body that they store decoded."""
    if not coding:
        return body
    from ingest.decoding import BoundedBody

    try:
        bounded = BoundedBody(coding, MAX_BODY)
        bounded.feed(body)
        return bounded.finish()
    except FetchError as error:
        if error.outcome == "too-large":
            raise
        return body


def _mark(stream: Any) -> re.Pattern[bytes]:
    stream.seek(0)
    return _GZIP if stream.read(2) == b"\x1f\x8b" else _PLAIN


def _next_start(stream: Any, at: int, begins: re.Pattern[bytes]) -> int:
    """The next offset at which a record may begin, -1 where there is none."""
    stream.seek(at)
    kept = b""
    while piece := stream.read(_PIECE):
        window = kept + piece
        if match := begins.search(window):
            return int(at - len(kept) + match.start())
        at, kept = at + len(piece), window[-_MARK + 1 :]
    return -1


def _size(stream: Any) -> int:
    return int(stream.seek(0, 2))
