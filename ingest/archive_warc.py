"""Pages to WARC bytes and back. Each page is a response record with a metadata record that holds its feed entry.

Where a page could not be had, only the metadata record is written: the feed's own text is then what is read, and
reading stays a function of stored bytes.
"""

import datetime as dt
import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from amur.errors import ReadError
from ingest.model import Page
from ingest.records import entry_from_json, entry_to_json

# Headers that no longer hold for a body after content decoding, or that name a visitor.
_DROPPED = frozenset({"content-encoding", "transfer-encoding", "content-length", "set-cookie", "connection"})
ENTRY_TYPE = "application/vnd.amur.entry+json"
_NO_STATUS = 0


@dataclass(frozen=True, slots=True)
class RawPage:
    """A page with the headers of its response. Status 0 stands for a page that could not be had."""

    page: Page
    headers: tuple[tuple[str, str], ...] = ()


def pages_to_warc(raws: Sequence[RawPage]) -> tuple[bytes, list[tuple[int, int]]]:
    """One WARC object and the (offset, length) of each page in it."""
    from warcio.warcwriter import WARCWriter

    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=True, warc_version="1.1")
    writer.write_record(writer.create_warcinfo_record("amur", {"software": "amur", "format": "WARC File Format 1.1"}))
    spans = []
    for raw in raws:
        start = buffer.tell()
        _write(writer, raw)
        spans.append((start, buffer.tell() - start))
    return buffer.getvalue(), spans


def _write(writer: Any, raw: RawPage) -> None:
    page, date = raw.page, raw.page.fetched_at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    target = _ascii(page.url).replace(" ", "%20")
    if page.status != _NO_STATUS:
        from warcio.statusandheaders import StatusAndHeaders

        http = StatusAndHeaders(f"{page.status} -", _headers(raw), protocol="HTTP/1.1")
        writer.write_record(
            writer.create_warc_record(
                target, "response", payload=io.BytesIO(page.body), http_headers=http,
                warc_headers_dict={"WARC-Date": date},
            )
        )  # fmt: skip
    about = {
        "entry": json.loads(entry_to_json(page.entry)), "url": page.url, "status": page.status,
        "content_type": page.content_type, "redirects": page.redirects, "fetched_at": page.fetched_at.isoformat(),
        "sha256": hashlib.sha256(page.body).hexdigest(),
    }  # fmt: skip
    writer.write_record(
        writer.create_warc_record(
            target, "metadata", payload=io.BytesIO(json.dumps(about).encode()),
            warc_content_type=ENTRY_TYPE, warc_headers_dict={"WARC-Date": date},
        )
    )  # fmt: skip


def _headers(raw: RawPage) -> list[tuple[str, str]]:
    kept = [(_ascii(n), _ascii(v)) for n, v in raw.headers if n.lower() not in _DROPPED]
    if not any(n.lower() == "content-type" for n, _ in kept):
        kept.insert(0, ("Content-Type", _ascii(raw.page.content_type)))
    return [*kept, ("Content-Length", str(len(raw.page.body)))]


def _ascii(text: str) -> str:
    """A header line must stay one line: what is not printable ASCII is percent-encoded."""
    return "".join(c if " " <= c <= "~" else "".join(f"%{b:02X}" for b in c.encode("utf-8", "replace")) for c in text)


def warc_to_page(data: bytes) -> Page:
    """The page of one span of bytes. Raises ReadError where a record or its digest does not hold."""
    from warcio.archiveiterator import ArchiveIterator

    body, about = b"", None
    try:
        for record in ArchiveIterator(io.BytesIO(data)):
            payload = record.content_stream().read()
            if record.rec_type == "response":
                body = payload
            elif record.rec_type == "metadata":
                about = json.loads(payload)
    except Exception as error:  # warcio raises its own kinds, zlib's and the json module's
        raise ReadError(f"not a readable WARC record: {error}") from error
    if about is None:
        raise ReadError("the WARC record of the feed entry is missing")
    if about["sha256"] != hashlib.sha256(body).hexdigest():
        raise ReadError("the body is not the one that was stored")
    return _page(about, body)


def _page(about: dict[str, Any], body: bytes) -> Page:
    return Page(
        entry=entry_from_json(json.dumps(about["entry"])),
        url=about["url"],
        status=about["status"],
        content_type=about["content_type"],
        body=body,
        fetched_at=dt.datetime.fromisoformat(about["fetched_at"]),
        redirects=tuple(about["redirects"]),
    )
