"""Every feed fixture of AMUR_BENCH_DATA/data/feeds: none may fail, and stated expectations that survive must hold.

An expectation survives normalisation where it is about a field that a FeedEntry has: title, link, guid, summary, dates,
authors, or the feed's title, and compares with a literal. Text is compared without markup, as Amur keeps it; where a
fixture has no link, a stand-in makes the entry one that can be kept.
"""

import argparse
import ast
import json
import os
import re
import time
from calendar import timegm
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from amur.errors import FeedError, UsageError
from ingest.extraction_bytes import decode
from ingest.feed_document import Context, make_entry, plain_text
from ingest.feed_xml import safe_text
from ingest.feeds import parse_feed, read_items
from ingest.model import Feed, FeedEntry, Ownership, Source

URL = "http://example.com/feed.xml"
STAND_IN = "http://example.com/stand-in"
NOW = datetime(2036, 1, 1, tzinfo=UTC)
SOURCE = Source("bench", "Bench", URL, "XXX", ("en",), "UTC", (Ownership("unknown"),), "online", (Feed(URL),))
_EXPECT = re.compile(rb"Expect:\s*(.+)")
_TYPE = re.compile(rb"Header:\s*Content-type:\s*(.+)", re.IGNORECASE)
_LOCATION = re.compile(rb"Header:\s*Content-Location:\s*(.+)", re.IGNORECASE)
_FIELDS = {
    "title": "title", "link": "url", "id": "guid", "guid": "guid", "summary": "summary", "description": "summary",
    "published_parsed": "published", "updated_parsed": "updated", "author": "authors",
}  # fmt: skip


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench feeds", description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--failures", action="store_true", help="list what does not hold")
    options = parser.parse_args(argv)
    counts: Counter[str] = Counter()
    failures: list[str] = []
    begun = time.process_time()
    for path in fixtures(_folder()):
        for outcome, detail in judge(path):
            counts[outcome] += 1
            if outcome in {"crashed", "expectation missed"}:
                failures.append(f"{outcome}: {path}: {detail}")
    seconds = time.process_time() - begun
    report(counts, failures if options.failures else [], seconds, options.json)
    return int(bool(counts["crashed"]))


def _folder() -> Path:
    data = os.environ.get("AMUR_BENCH_DATA", "")
    if not data:
        raise UsageError("set AMUR_BENCH_DATA to the folder that holds data/ and gold/")
    return Path(data) / "data" / "feeds"


def fixtures(root: Path) -> Iterator[Path]:
    for path in sorted(root.rglob("*")):
        if path.suffix in {".xml", ".json"} and not path.name.endswith(".serde.json"):
            yield path


def judge(path: Path) -> Iterator[tuple[str, str]]:
    """One outcome for the whole file, then one for each expectation."""
    body = path.read_bytes()
    kind = _first(_TYPE, body[:2000]) or "application/xml"
    url = _first(_LOCATION, body[:2000]) or URL
    try:
        document = parse_feed(body, url=url, content_type=kind, source=SOURCE, feed=SOURCE.feeds[0], now=NOW)
        yield ("parsed", "") if document.entries else ("parsed, no entry with a link", "")
    except FeedError as error:
        yield "refused by name", str(error)
    except Exception as error:  # noqa: BLE001 - this is what the bench looks for
        yield "crashed", repr(error)
        return
    yield from _expectations(path, body, kind, url)


def _expectations(path: Path, body: bytes, kind: str, url: str) -> Iterator[tuple[str, str]]:
    pairs = list(_stated(path, body))
    if not pairs:
        return
    title, entries = _read(body, kind, url)
    held, shown = False, object()
    for index, name, wanted in pairs:
        if name == "encoding":
            held, shown = _decoded_alike(body, kind, wanted), decode(body, kind)[1]
        elif index is None:
            held = title == _plain(wanted)
            shown = title
        else:
            entry = entries[index] if index < len(entries) else None
            held, shown = _holds(entry, name, wanted, url)
        yield "expectation met" if held else "expectation missed", f"[{index}].{name}: {wanted!r} but {shown!r}"


def _read(body: bytes, kind: str, url: str) -> tuple[str, list[FeedEntry | None]]:
    context = Context(url=url, source=SOURCE, feed=SOURCE.feeds[0], now=NOW, base=url)
    if body.lstrip()[:1] == b"{":
        document = parse_feed(body, url=url, content_type=kind, source=SOURCE, feed=SOURCE.feeds[0], now=NOW)
        return document.title, list(document.entries)
    try:
        items = read_items(safe_text(body, kind))
    except FeedError:
        return "", []
    entries = [make_entry(replace(raw, link=raw.link or STAND_IN), context) for raw in items.raws]
    return plain_text(items.title), entries


def _stated(path: Path, body: bytes) -> Iterator[tuple[int | None, str, Any]]:
    """(index of the entry or None for the feed, field, literal) for each expectation that survives."""
    serde = path.with_suffix(".serde.json")
    if serde.exists():
        yield from _from_serde(json.loads(serde.read_text("utf-8")))
    elif text := _first(_EXPECT, body[:3000]) or _first(_EXPECT, _narrow(body[:6000])):
        yield from _from_expression(text)


def _from_serde(feed: dict[str, Any]) -> Iterator[tuple[int | None, str, Any]]:
    if feed.get("title"):
        yield None, "title", feed["title"]["content"]
    for i, entry in enumerate(feed["entries"]):
        if entry.get("title"):
            yield i, "title", entry["title"]["content"]
        if len(entry.get("links") or []) == 1:
            yield i, "link", entry["links"][0]["href"]
        if entry.get("published"):
            yield i, "published_parsed", datetime.fromisoformat(entry["published"])


def _from_expression(text: str) -> Iterator[tuple[int | None, str, Any]]:
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except SyntaxError:
        return
    for clause in tree.values if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And) else [tree]:
        if not (isinstance(clause, ast.Compare) and isinstance(clause.ops[0], ast.Eq)):
            continue
        if ast.unparse(clause.left) == "encoding":
            yield None, "encoding", ast.literal_eval(clause.comparators[0])
        found = re.fullmatch(r"(?:entries\[(\d)\]|feed)(?:\['(\w+)'\]|\.(\w+))", ast.unparse(clause.left))
        name = (found[2] or found[3]) if found else ""
        if found and (found[1] is not None or name == "title") and name in _FIELDS:
            with suppress(ValueError):  # compared with something that is no literal
                yield (int(found[1]) if found[1] else None), name, ast.literal_eval(clause.comparators[0])


def _holds(entry: FeedEntry | None, name: str, wanted: Any, url: str) -> tuple[bool, object]:
    if entry is None:
        return False, None
    got = getattr(entry, _FIELDS[name])
    if name.endswith("_parsed"):
        when = wanted if isinstance(wanted, datetime) else datetime.fromtimestamp(timegm(tuple(wanted)), UTC)
        return got is not None and abs((got - when).total_seconds()) < 1, got
    if name == "link":
        return got.rstrip("/") in {urljoin(url, wanted.strip()).rstrip("/"), wanted.rstrip("/")}, got
    if name == "author":
        return _plain(wanted) in got or any(a in wanted for a in got), got
    return got == _plain(wanted), got


def _decoded_alike(body: bytes, kind: str, encoding: str) -> bool:
    """Whether the text is that of the stated encoding, whatever the name of the one that was used."""
    try:
        wanted = body.decode(encoding)
    except (LookupError, UnicodeDecodeError):
        return True  # what the fixture states does not hold for its own bytes
    return decode(body, kind)[0].lstrip("\ufeff") == wanted.lstrip("\ufeff")


def _plain(text: str) -> str:
    return plain_text(text)


def _narrow(body: bytes) -> bytes:
    """The ASCII of a wide encoding, in which the expectation is written as well."""
    return body.replace(b"\0", b"")


def _first(pattern: re.Pattern[bytes], body: bytes) -> str:
    found = pattern.search(body)
    return found[1].decode("latin-1").strip() if found else ""


def report(counts: Counter[str], failures: list[str], seconds: float, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"counts": dict(counts), "cpu_seconds": round(seconds, 2), "failures": failures}))
        return
    for line in failures:
        print(line)
    for outcome, count in sorted(counts.items()):
        print(f"{outcome:<32}{count:>6}")
    print(f"{'CPU seconds':<32}{seconds:>6.1f}")
