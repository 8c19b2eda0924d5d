"""What a page says of itself: title, dates, authors, site, description, canonical address, language. Untrusted text."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from ingest.extraction_tree import text_of
from ingest.textclean import clean_line

LONGEST_TITLE = 400
LONGEST_NAME = 80
AFTER_TITLE, BEFORE_TITLE = 250, 60  # characters beside the headline in which an article's own date stands
_LONGEST_META = 5_000  # characters of a title or a meta element
_MOST_ITEMS = 50  # articles in JSON-LD
_MOST_HEADINGS = 200
_WALKED = 400  # starts and ends of elements in a heading or a date
_ARTICLE_TYPES = re.compile(
    r"(?:News|Report|Opinion|Analysis|Background|Review|Blog|Live|Scholarly|Tech|Web)?\w*(?:Article|Posting|Report)$"
)
_DATE_META = (
    "article:published_time", "og:article:published_time", "og:published_time", "datepublished", "publishdate",
    "pubdate", "publish_date", "publication_date", "published_time", "dc.date.issued", "dcterms.created",
    "dc.date.created", "dcterms.date", "dc.date", "date", "sailthru.date", "parsely-pub-date", "article.published",
    "mediator_published_time", "weibo:article:create_at", "bytedance:published_time", "published_at",
    "originalpublicationdate", "firstcreatetime", "createdate", "release_date", "displaydate",
    "article_date_original", "ptime",
)  # fmt: skip
_AUTHOR_META = (
    "author",
    "article:author",
    "parsely-author",
    "dc.creator",
    "dcterms.creator",
    "sailthru.author",
    "byl",
    "mediator_author",
)
_SITE_META = ("og:site_name", "application-name", "publisher", "dc.publisher", "copyright")
_DESCRIPTION_META = ("og:description", "description", "twitter:description", "dc.description")
_TITLE_META = ("og:title", "twitter:title", "dc.title", "articletitle")
_BY = re.compile(
    r"^\s*(?:by|автор(?:ы)?|текст|作者|记者|記者|文)\s*[:：]?\s+|^\s*(?:作者|记者|記者|文)\s*[:：/／]?\s*",
    re.IGNORECASE,
)
_SEPARATORS = re.compile(
    r"\s+[|–—•·»::-]+\s+|\s*[|｜_]\s*|\s*[—–-]{2,}\s*|：：|\s*::\s*|\s+-\s+|-(?=[^-]*(?:网|網|新闻|新聞|频道)$)"
)
_DATE_CLASS = re.compile(
    r"(?:^|[-_\s])(?:date|time|datetime|pubdate|pubtime|published|publish|posted|timestamp|article-?date|news-?date|"
    r"post-?date|dt|riqi|shijian)(?:$|[-_\s\d])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PageMeta:
    titles: tuple[str, ...] = ()  # best first
    dates: tuple[str, ...] = ()  # as written, best first
    authors: tuple[str, ...] = ()
    site: str = ""
    description: str = ""
    canonical: str = ""
    lang: str = ""
    visible_dates: tuple[str, ...] = ()  # texts beside the headline in elements whose class says that they hold a date
    near_title: str = ""  # what the page shows right after the headline, and just before it
    beside_title: tuple[str, ...] = ()  # what <title> holds beside the headline: outlet and sections
    body: str = ""  # articleBody of JSON-LD


def read_meta(tree: Any) -> PageMeta:
    """All that head and JSON-LD say, and what stands beside the headline. Never raises on what a page may hold."""
    metas = _metas(tree)
    items = list(islice((item for item in _json_ld(tree) if _is_article(item)), _MOST_ITEMS))
    titles = _titles(tree, metas, items)
    near = _near_title(tree, titles)
    return PageMeta(
        titles=titles,
        dates=_dates(tree, metas, items),
        authors=_authors(tree, metas, items),
        site=_first(metas, _SITE_META[:1]) or _publisher(items) or _first(metas, _SITE_META[1:2]),
        description=_first(metas, _DESCRIPTION_META) or next((_string(i.get("description")) for i in items), ""),
        canonical=next(iter(tree.xpath("//link[@rel='canonical']/@href")), "") or _first(metas, ("og:url",)),
        lang=_language(tree, metas),
        visible_dates=tuple(text for text in _visible_dates(tree) if text in near)[:3],
        near_title=near,
        beside_title=_beside_title(tree, titles),
        body=max((_string(i.get("articleBody"), 200_000) for i in items), key=len, default=""),
    )


def _near_title(tree: Any, titles: tuple[str, ...]) -> str:
    """The text after the headline, where outlets put the date, then the little before it. A clock at the top of the
    page, which shows the reader's own day, is too far away to be taken."""
    text = " ".join(text_of(tree).split())
    found = [(at, title) for title in titles if (at := text.find(title)) >= 0]
    if not found:
        return text[:AFTER_TITLE]
    at, title = found[0]
    end = at + len(title)
    return f"{text[end : end + AFTER_TITLE]} {text[max(0, at - BEFORE_TITLE) : at]}"


def without_site(title: str, site: str = "", headings: Sequence[str] = ()) -> str:
    """A <title> without the outlet's name and sections that follow (or precede) the headline.

    `headings` are headings on the page: one that the title holds, and that is no mere name, is the headline.
    """
    parts = [p.strip() for p in _SEPARATORS.split(title) if p.strip()]
    longest = max(parts, key=len, default=title)
    shown = [h for h in headings if h in title and len(h) * 2 > len(longest)]
    if shown:
        return max(shown, key=len)
    named = [p for p in parts if not (site and p.lower() in site.lower())]
    if not named or len(parts) == 1:
        return title
    # Outlets put the headline first; where the first part is a short name, it is the longest.
    return named[0] if len(named[0]) * 2 > len(max(named, key=len)) else max(named, key=len)


def _beside_title(tree: Any, titles: tuple[str, ...]) -> tuple[str, ...]:
    whole = next((clean_line(e.text[:_LONGEST_META]) for e in tree.iter("title") if e.text), "")
    held = next((title for title in titles if title in whole), "")
    return tuple(p.strip() for p in _SEPARATORS.split(whole.replace(held, " | ")) if p.strip(" -|_—–")) if held else ()


def _metas(tree: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        content = clean_line((element.get("content") or "")[:_LONGEST_META])
        for attribute in ("property", "name", "itemprop"):
            if content and (name := element.get(attribute)):
                found.setdefault(name.strip().lower(), []).append(content)
    return found


def _first(metas: dict[str, list[str]], names: tuple[str, ...]) -> str:
    return next((metas[name][0] for name in names if name in metas), "")


def _json_ld(tree: Any) -> Iterator[dict[str, Any]]:
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower() and script.text:
            try:
                yield from _objects(json.loads(script.text.strip().rstrip(";"), strict=False), 0)
            except (ValueError, RecursionError):
                continue


def _objects(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    """Objects at the top, in lists, and under @graph or mainEntity."""
    if depth > 5:  # noqa: PLR2004
        return
    if isinstance(value, list):
        for item in value[:200]:
            yield from _objects(item, depth + 1)
    elif isinstance(value, dict):
        yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _objects(value.get(key), depth + 1)


def _is_article(item: dict[str, Any]) -> bool:
    kinds = item.get("@type")
    return any(
        isinstance(k, str) and len(k) < LONGEST_NAME and _ARTICLE_TYPES.search(k)
        for k in (kinds if isinstance(kinds, list) else [kinds])
    )


def _string(value: Any, limit: int = 5_000) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name") or ""
    return clean_line(str(value)[:limit]) if isinstance(value, str | int | float) else ""


def _titles(tree: Any, metas: dict[str, list[str]], items: list[dict[str, Any]]) -> tuple[str, ...]:
    headings = (clean_line(text_of(e, _WALKED))[:LONGEST_TITLE] for e in tree.iter("h1", "h2"))
    shown = list(islice(filter(None, islice(headings, _MOST_HEADINGS)), 20))
    in_head = next((clean_line(e.text[:_LONGEST_META]) for e in tree.iter("title") if e.text), "")
    site = _first(metas, _SITE_META)
    found = [
        *(_string(i.get("headline")) for i in items),
        *(without_site(metas[n][0], site, shown) for n in _TITLE_META if n in metas),
        without_site(in_head, site, shown) if in_head else "",
        *(clean_line(text_of(e, _WALKED))[:LONGEST_TITLE] for e in islice(tree.iter("h1"), 1)),
    ]
    return tuple(dict.fromkeys(t[:LONGEST_TITLE] for t in found if t and t != site))


def _dates(tree: Any, metas: dict[str, list[str]], items: list[dict[str, Any]]) -> tuple[str, ...]:
    found = [_string(i.get(k)) for i in items for k in ("datePublished", "dateCreated")]
    found += [metas[name][0] for name in _DATE_META if name in metas]
    for element in tree.xpath("//*[@itemprop='datePublished']|//time[@pubdate]|//time[@datetime]")[:20]:
        found.append(clean_line(element.get("datetime") or element.get("content") or element.text_content())[:80])
    return tuple(dict.fromkeys(filter(None, found)))


def _visible_dates(tree: Any) -> Iterator[str]:
    for element in tree.xpath("//*[@class or @id]"):
        named = f"{element.get('class') or ''} {element.get('id') or ''}"
        if _DATE_CLASS.search(named) and isinstance(element.tag, str):
            text = clean_line(_short_text(element))
            if 0 < len(text) < 120:  # noqa: PLR2004
                yield text


def _short_text(element: Any) -> str:
    """The text of an element that holds little; such as are named for dates may be nested without end."""
    from lxml import etree

    walked = list(islice(etree.iterwalk(element, events=("start", "end")), _WALKED))
    if len(walked) == _WALKED:
        return ""
    return "".join((node.text if event == "start" else node.tail) or "" for event, node in walked[:-1])


def _authors(tree: Any, metas: dict[str, list[str]], items: list[dict[str, Any]]) -> tuple[str, ...]:
    found: list[str] = []
    for item in items:
        given = item.get("author")
        found += [_string(a) for a in (given if isinstance(given, list) else [given])]
    if not any(found):
        found += [v for name in _AUTHOR_META for v in metas.get(name, [])]
    if not any(found):
        found += [
            clean_line(e.text_content())[:120] for e in tree.xpath("//*[@rel='author' or @itemprop='author']")[:5]
        ]
    names = (
        _BY.sub("", name).strip(" ,;") for joined in found for name in re.split(r"\s*[;,、]\s*|\s+(?:and|и)\s+", joined)
    )
    return tuple(dict.fromkeys(n for n in names if 1 < len(n) < LONGEST_NAME and "://" not in n and "@" not in n))[:10]


def _publisher(items: list[dict[str, Any]]) -> str:
    return next((name for item in items if (name := _string(item.get("publisher")))), "")


def _language(tree: Any, metas: dict[str, list[str]]) -> str:
    declared = tree.get("lang") or tree.get("xml:lang") or _first(metas, ("content-language", "og:locale", "language"))
    return str(declared or "").strip()[:12]
