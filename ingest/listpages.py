"""A list page of an outlet without a feed -> entries, by rules that are data: what a link and its date look like."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

from amur.errors import FeedError
from ingest.extraction_bytes import decode
from ingest.feed_document import MAX_ENTRIES, Context, FeedDocument, RawEntry, make_entry, plain_text
from ingest.model import ListRule

_AROUND = 300  # characters of the text beside a link in which its date may stand
_CLIMB = 3  # elements that are climbed from a link to the item of the list
_SHORTEST_TITLE = 4  # characters; shorter links are "more", an icon, or a number of comments


def read_list(body: bytes, content_type: str, context: Context) -> FeedDocument:
    """Raises FeedError where no link of the page matches the rule: the page has changed, or the rule is wrong."""
    rule = context.feed.list_rule
    if rule is None:
        raise FeedError("a list page without a list_rule")
    declared = f"text/html; charset={rule.encoding}" if rule.encoding else content_type
    tree = _tree(decode(body, declared)[0])
    base = urljoin(context.url, next(iter(tree.xpath("//base/@href")), ""))
    found: dict[str, RawEntry] = {}
    for link in _links(tree, base, rule):
        known = found.get(link.link)
        if known is None or len(link.title) > len(known.title):
            found[link.link] = link if known is None or link.published else _with_date(link, known)
    if not found:
        raise FeedError(f"no link on the page matches the rule {rule.link!r}")
    return context.document(make_entry(raw, context) for raw in list(found.values())[:MAX_ENTRIES])


def _tree(text: str) -> Any:
    from lxml import etree, html

    try:
        tree = html.document_fromstring(text.replace("\0", "") or "<p>", parser=html.HTMLParser(huge_tree=False))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise FeedError(f"the list page cannot be read: {str(error)[:200]}") from error
    return tree


def _links(tree: Any, base: str, rule: ListRule) -> Iterator[RawEntry]:
    wanted, dated = re.compile(rule.link), re.compile(rule.date) if rule.date else None
    for node in tree.iter("a"):
        url = _absolute(node, base)
        if not url or not wanted.search(url):
            continue
        title = plain_text(node.text_content()[:2000]) or plain_text(node.get("title") or "")
        longer = plain_text(node.get("title") or "")
        best = longer if len(longer) > len(title) and title.rstrip(".…") in longer else title
        yield RawEntry(
            link=url,
            title=best if len(best) >= _SHORTEST_TITLE else "",
            published=_date(node, url, base, wanted, dated),
        )


def _date(node: Any, url: str, base: str, wanted: re.Pattern[str], dated: re.Pattern[str] | None) -> str:
    """The day as ISO text, from the link or else from the text beside it."""
    if dated is None:
        return ""
    if match := dated.search(url):
        return _iso(match)
    for item in _around(node, url, base, wanted):
        if match := dated.search(item.text_content()[:_AROUND]):
            return _iso(match)
    return ""


def _around(node: Any, url: str, base: str, wanted: re.Pattern[str]) -> Iterator[Any]:
    """The link and the elements around it, as long as they hold no other link of the list."""
    for _ in range(_CLIMB + 1):
        yield node
        node = node.getparent()
        if node is None:
            return
        others = (_absolute(link, base) for link in node.iter("a"))
        if any(other != url and wanted.search(other) for other in others):
            return


def _absolute(link: Any, base: str) -> str:
    href = (link.get("href") or "").strip()
    try:
        return urljoin(base, href).partition("#")[0] if href else ""
    except ValueError:
        return ""


def _iso(match: re.Match[str]) -> str:
    year, month, day = (match.group(name) for name in ("year", "month", "day"))
    return f"{year:0>4}-{month:0>2}-{day:0>2}" if all((year, month, day)) else ""


def _with_date(link: RawEntry, known: RawEntry) -> RawEntry:
    return RawEntry(link=link.link, title=link.title, published=known.published)
