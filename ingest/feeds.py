"""Bytes -> entries. The only place that imports feedparser; sitemaps, JSON feeds and list pages have their own files.

feedparser gets text that was decoded and made harmless, never bytes with a declared encoding, never a name that it
could take for a file. Its dates are taken as the strings they were: it reads a date without a zone as UTC.
"""

import io
import re
from calendar import timegm
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from amur.errors import FeedError
from ingest.feed_document import Context, FeedDocument, RawEntry, make_entry
from ingest.feed_xml import first_entries, repaired, safe_text
from ingest.model import Feed, Source

__all__ = ["FeedDocument", "parse_feed"]

_PERIODS = {"hourly": 1.0, "daily": 24.0, "weekly": 168.0, "monthly": 720.0, "yearly": 8760.0}
_ROOT = re.compile(r"<(?:[A-Za-z][\w.-]*:)?([A-Za-z][\w.-]*)")
_DUBLIN_DATE = re.compile(r"<[A-Za-z]\w*:date[\s>]")
_FEED_ROOTS = {"rss", "feed", "rdf", "channel", "item", "entry"}
_SITEMAP_ROOTS = {"urlset", "sitemapindex"}


def parse_feed(body: bytes, *, url: str, content_type: str, source: Source, feed: Feed, now: datetime) -> FeedDocument:
    """The entries of a feed, sitemap, JSON feed or list page, by what the body is and, for lists, what `feed` says.

    `url` is the final address, against which relative links are resolved; `now` bounds dates.
    Raises FeedError where the body is none of these or cannot be read safely.
    """
    context = Context(url=url, source=source, feed=feed, now=now, base=url)
    if not body.strip():
        raise FeedError("the body is empty")
    if feed.kind == "list":
        from ingest.listpages import read_list

        return read_list(body, content_type, context)
    if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        from ingest.jsonfeeds import read_json

        return read_json(body, content_type, context)
    return _read_xml(safe_text(body, content_type), context)


def _read_xml(text: str, context: Context) -> FeedDocument:
    root = _root(text)
    if root == "html":
        raise FeedError("a web page where a feed was expected")
    text, cut = first_entries(text)
    if cut:
        context.note("entry beyond the bound left out", cut)
    if root in _SITEMAP_ROOTS:
        from ingest.sitemaps import read_sitemap

        return read_sitemap(text, context)
    return _read_feed(text, context, root)


def _read_feed(text: str, context: Context, root: str) -> FeedDocument:
    items = read_items(text)
    if not items.raws and not items.version and root not in _FEED_ROOTS:
        raise FeedError(f"not a feed: it begins with <{root[:40]}>" if root else "not a feed: there is no markup in it")
    if items.ill_formed:
        context.note("not well-formed XML")
    context.lang = items.lang
    return context.document((make_entry(raw, context) for raw in items.raws), title=items.title, ttl=items.ttl)


@dataclass(frozen=True, slots=True)
class Items:
    """What Amur takes from feedparser's result, before it is normalised."""

    raws: tuple[RawEntry, ...]
    title: str
    lang: str
    ttl: timedelta | None
    version: str
    ill_formed: bool


def read_items(text: str) -> Items:
    """Items of an RSS or Atom text that feed_xml made safe. Raises FeedError where feedparser stumbles."""
    parsed = _parsed(repaired(f"<feed>{text}</feed>" if _root(text) == "entry" else text))
    head, version = parsed["feed"], parsed["version"]
    raws = [_raw(entry) for entry in parsed["entries"]]
    if not version.startswith("atom") and _DUBLIN_DATE.search(text):
        raws = [raw if raw.published or raw.published_utc else _published_as_updated(raw) for raw in raws]
    title, lang = _string(head, "title"), _string(head, "language")
    return Items(tuple(raws), title, lang, _ttl(head), version, bool(parsed["bozo"]))


def _parsed(text: str) -> dict[str, Any]:
    import feedparser

    # It looks for a driver that is not there at every parse, which costs as much as three entries.
    feedparser.api.PREFERRED_XML_PARSERS.clear()
    headers = {"content-type": "application/xml; charset=utf-8"}
    try:
        result: dict[str, Any] = feedparser.parse(
            io.BytesIO(text.encode("utf-8", "replace")),
            response_headers=headers,
            resolve_relative_uris=False,
            sanitize_html=False,
        )
    except Exception as error:
        raise FeedError(f"the feed cannot be read: {type(error).__name__}: {str(error)[:200]}") from error
    return {"bozo": False, "version": "", **result}


def _raw(entry: dict[str, Any]) -> RawEntry:
    return RawEntry(
        link=_link(entry),
        guid=_string(entry, "id"),
        title=_string(entry, "title"),
        summary=_summary(entry),
        authors=_authors(entry),
        published=_string(entry, "published") or _string(entry, "created"),
        updated=_string(entry, "updated"),
        published_utc=_utc(entry, "published") or _utc(entry, "created"),
        updated_utc=_utc(entry, "updated"),
        lang=str((dict.get(entry, "title_detail") or {}).get("language") or ""),
    )


def _published_as_updated(raw: RawEntry) -> RawEntry:
    """RSS has one date for an item, and its publication is what it means; feedparser files dc:date under updated."""
    return replace(raw, published=raw.updated, published_utc=raw.updated_utc, updated="", updated_utc=None)


def _string(table: dict[str, Any], key: str) -> str:
    """A value of its own; feedparser's dictionaries answer `updated` with `published` and the like otherwise."""
    value = dict.get(table, key)
    return value if isinstance(value, str) else ""


def _utc(entry: dict[str, Any], key: str) -> datetime | None:
    value = dict.get(entry, f"{key}_parsed")
    try:
        return datetime.fromtimestamp(timegm(value), UTC) if value else None
    except (ValueError, OverflowError, TypeError):
        return None


def _link(entry: dict[str, Any]) -> str:
    """The page of the item: the publisher's own address before that of a feed service, a page before other kinds.

    feedparser gives the guid as the link where there is none; it is one only if it is a web address.
    """
    if original := _string(entry, "feedburner_origlink"):
        return original
    links = [dict(link) for link in dict.get(entry, "links") or [] if link.get("href")]
    pages = [link for link in links if link.get("rel", "alternate") == "alternate"]
    ranked = [link for link in pages if "html" in link.get("type", "html")] + pages
    if ranked:
        return str(ranked[0]["href"])
    plain = _string(entry, "link")
    return "" if plain == _string(entry, "id") and not plain.startswith(("http://", "https://", "/")) else plain


def _summary(entry: dict[str, Any]) -> str:
    contents = [str(c.get("value") or "") for c in dict.get(entry, "content") or []]
    return _string(entry, "summary") or next((c for c in contents if c), "")


def _authors(entry: dict[str, Any]) -> tuple[str, ...]:
    people = dict.get(entry, "authors") or []
    named = [str(p.get("name") or "") for p in people if isinstance(p, dict)]
    return tuple(filter(None, named)) or tuple(filter(None, [_string(entry, "author")]))


def _ttl(head: dict[str, Any]) -> timedelta | None:
    """How long the publisher says nothing changes: RSS ttl in minutes, or the syndication module's period."""
    minutes = _string(head, "ttl").strip()
    if minutes.isascii() and minutes.isdigit() and len(minutes) <= 6:  # noqa: PLR2004
        return timedelta(minutes=int(minutes)) if int(minutes) else None
    hours = _PERIODS.get(_string(head, "sy_updateperiod").strip().lower())
    often = _string(head, "sy_updatefrequency").strip()
    if hours is None:
        return None
    return timedelta(hours=hours / max(1, int(often) if often.isascii() and often.isdigit() and len(often) < 5 else 1))  # noqa: PLR2004


def _root(text: str) -> str:
    """The local name of the first element."""
    plain = re.sub(r"<!--.*?-->|<\?.*?\?>", "", text[:100_000], flags=re.DOTALL)
    found = _ROOT.search(plain)
    return found.group(1).lower() if found else ""
