"""JSON Feed (versions 1 and 1.1) -> entries."""

import json
from collections.abc import Iterator
from typing import Any

from amur.errors import FeedError
from ingest.extraction_bytes import decode
from ingest.feed_document import MAX_ENTRIES, Context, FeedDocument, RawEntry, make_entry

_MAX_CHARACTERS = 25_000_000


def read_json(body: bytes, content_type: str, context: Context) -> FeedDocument:
    """Raises FeedError where the body is not JSON or has no list of items."""
    feed = _loaded(body, content_type)
    items = feed.get("items")
    if not isinstance(items, list):
        raise FeedError("JSON without a list of items: not a JSON Feed")
    if len(items) > MAX_ENTRIES:
        context.note("entry beyond the bound left out", len(items) - MAX_ENTRIES)
    context.base = _text(feed, "home_page_url") or context.url
    context.lang = _text(feed, "language")
    raws = (_raw(item) for item in items[:MAX_ENTRIES] if isinstance(item, dict))
    return context.document((make_entry(raw, context) for raw in raws), title=_text(feed, "title"))


def _loaded(body: bytes, content_type: str) -> dict[str, Any]:
    if len(body) > _MAX_CHARACTERS:
        raise FeedError(f"the feed has {len(body)} bytes, over {_MAX_CHARACTERS}")
    text, _ = decode(body, "application/json; charset=utf-8" if "charset" not in content_type else content_type)
    try:
        loaded = json.loads(text.lstrip("\ufeff"), parse_int=float)
    except (ValueError, RecursionError) as error:
        raise FeedError(f"the feed is not JSON: {str(error)[:200]}") from error
    if not isinstance(loaded, dict):
        raise FeedError("JSON that is no object: not a JSON Feed")
    return loaded


def _raw(item: dict[str, Any]) -> RawEntry:
    return RawEntry(
        link=_text(item, "url") or _text(item, "external_url") or _web(_text(item, "id")),
        guid=_text(item, "id"),
        title=_text(item, "title"),
        summary=_text(item, "summary") or _text(item, "content_text") or _text(item, "content_html"),
        authors=tuple(_authors(item)),
        published=_text(item, "date_published"),
        updated=_text(item, "date_modified"),
        lang=_text(item, "language"),
    )


def _authors(item: dict[str, Any]) -> Iterator[str]:
    people = item.get("authors")
    for person in people if isinstance(people, list) else [item.get("author")]:
        if isinstance(person, dict):
            yield _text(person, "name")


def _text(table: dict[str, Any], key: str) -> str:
    value = table.get(key)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e18 else ""  # noqa: PLR2004
    return value if isinstance(value, str) else ""


def _web(text: str) -> str:
    return text if text.startswith(("http://", "https://")) else ""
