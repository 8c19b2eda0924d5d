"""News sitemaps and sitemap indexes -> entries."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from amur.errors import AmurError, FeedError
from ingest.dates import parse_date
from ingest.feed_document import Context, FeedDocument, RawEntry, make_entry, web_link

# A sitemap index of a large site names thousands of files, nearly all of them old.
MAX_CHILDREN = 10
CHILD_AGE = timedelta(days=3)  # Google wants articles of the last two days in a news sitemap


def read_sitemap(text: str, context: Context) -> FeedDocument:
    """Entries of a urlset; for an index the children that may have news, newest first.

    `text` is free of document types. Raises FeedError where it is no XML at all.
    """
    root = _parse(text)
    if _local(root) == "sitemapindex":
        return context.document((), children=_children(root, context))
    found = (_entry(node) for node in root.iter() if _local(node) == "url")
    return context.document(make_entry(raw, context) for raw in found if raw)


def _parse(text: str) -> Any:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise FeedError(f"the sitemap is not XML: {str(error)[:200]}") from error
    if root is None:
        raise FeedError("the sitemap is not XML")
    return root


def _entry(node: Any) -> RawEntry | None:
    """An address of a urlset. Its `lastmod` is when it changed, never when it was published."""
    fields = dict(_texts(node))
    return RawEntry(
        link=fields.get("loc", ""),
        title=fields.get("title", ""),
        published=fields.get("publication_date", ""),
        updated=fields.get("lastmod", ""),
        lang=fields.get("language", ""),
    )


def named_sitemaps(text: str, context: Context) -> list[tuple[str, datetime | None]]:
    """(address, when it last changed) of every sitemap that an index names; empty where the text is no index.

    `text` is as for `read_sitemap`, and so are the errors.
    """
    root = _parse(text)
    return list(_named(root, context)) if _local(root) == "sitemapindex" else []


def _named(root: Any, context: Context) -> Iterator[tuple[str, datetime | None]]:
    for node in root.iter():
        if _local(node) != "sitemap":
            continue
        fields = dict(_texts(node))
        moment = parse_date(fields.get("lastmod", "")[:100], context.source.timezone)
        if url := web_link(fields.get("loc", ""), context.base, context):
            yield url, moment.instant if moment else None


def _children(root: Any, context: Context) -> list[str]:
    recent = [(url, when) for url, when in _named(root, context) if when is None or when >= context.now - CHILD_AGE]
    recent.sort(key=lambda child: (child[1] is not None, child[1].timestamp() if child[1] else 0.0), reverse=True)
    if len(recent) > MAX_CHILDREN:
        context.note("sitemap of the index left out", len(recent) - MAX_CHILDREN)
    return [url for url, _ in recent[:MAX_CHILDREN]]


def _texts(node: Any) -> Iterator[tuple[str, str]]:
    """Local name and text of each element under a node; of an image or video only its own parts are left out."""
    for child in node:
        name = _local(child)
        if name in {"image", "video"}:
            continue
        if name == "news":
            yield from _texts(child)
        elif name == "publication":
            yield from ((part, text) for part, text in _texts(child) if part == "language")
        elif child.text:
            yield name, child.text.strip()


def _local(node: Any) -> str:
    return node.tag.rpartition("}")[2].lower() if isinstance(node.tag, str) else ""


async def with_children(
    document: FeedDocument, get: Callable[[str], Awaitable[Any]], parse: Callable[[Any], FeedDocument]
) -> FeedDocument:
    """A document with the entries of the sitemaps that it names; one level deep, a child that fails is a problem only.

    `get` fetches an address, `parse` reads what it returns.
    """
    entries = {entry.url: entry for entry in document.entries}
    problems = list(document.problems)
    for url in document.children:
        try:
            child = parse(await get(url))
        except AmurError as error:
            problems.append(f"sitemap {url}: {error}")
            continue
        problems += child.problems
        entries |= {entry.url: entry for entry in child.entries if entry.url not in entries}
    return replace(document, entries=tuple(entries.values()), problems=tuple(problems), children=())
