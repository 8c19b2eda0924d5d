"""Probing outlets live: does the web answer, what does each feed say, which feeds has a page. Used by commands only."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

from amur.errors import FeedError, FetchError
from ingest.budget import DomainBudget
from ingest.feeds import FeedDocument, parse_feed
from ingest.fetch import Fetcher, Limits, Response, user_agent
from ingest.model import Feed, Source
from ingest.robots import RobotsCache

STALE = timedelta(days=14)  # a news feed whose newest entry is older has most likely been left behind by its outlet
PROBES = 24  # outlets that are asked whether the web can be reached at all
_PATIENCE = Limits(connect=8.0, total=30.0, in_flight=24)
_IMPATIENCE = Limits(connect=4.0, total=8.0, in_flight=PROBES)
# Where outlets keep what their pages do not name.
_USUAL = ("/rss", "/rss.xml", "/feed", "/feed/", "/atom.xml", "/feed.xml", "/news-sitemap.xml", "/sitemap-news.xml")
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")


@dataclass(frozen=True, slots=True)
class Checked:
    """What one feed answered. `result` is "ok", "stale", "empty", "not a feed", or the outcome of the failure."""

    source: str
    url: str
    result: str
    newest: str = ""  # the day of the newest entry
    entries: int = 0
    advice: str = ""

    @property
    def failed(self) -> bool:
        return self.result not in {"ok", "stale", "empty"}

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Found:
    """A feed or sitemap that a page has. `entries` is how many it holds now."""

    url: str
    kind: str
    title: str = ""
    entries: int = 0

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def reachable(sources: Iterable[Source], *, hosts: Mapping[str, tuple[str, int]] | None = None) -> bool:
    """Whether any of some outlets answers at all, with whatever status. Takes 8 seconds at most."""
    feeds = [source.feeds[0].url for source in sources][:PROBES]
    return asyncio.run(_any_answers(feeds, hosts or {}))


def check_sources(
    sources: Iterable[Source],
    *,
    contact: str = "",
    hosts: Mapping[str, tuple[str, int]] | None = None,
    progress: Any = None,
) -> list[Checked]:
    """Ask every feed once, in parallel and within each domain's budget; in the order of the file."""
    pairs = [(source, feed) for source in sources for feed in source.feeds]
    return asyncio.run(_check_all(pairs, contact, hosts or {}, progress))


def discover(url: str, *, contact: str = "", hosts: Mapping[str, tuple[str, int]] | None = None) -> list[Found]:
    """Feeds and news sitemaps that a page, its robots.txt or custom name, those first that hold most.

    Raises FetchError where the page itself cannot be had.
    """
    return asyncio.run(_discover(url, contact, hosts or {}))


async def _any_answers(urls: list[str], hosts: Mapping[str, tuple[str, int]]) -> bool:
    async with _fetcher("", hosts, _IMPATIENCE) as fetcher:
        tasks = [asyncio.create_task(_answers(fetcher, url)) for url in urls]
        try:
            for done in asyncio.as_completed(tasks):
                if await done:
                    return True
            return False
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _answers(fetcher: Fetcher, url: str) -> bool:
    try:
        await fetcher.get(url, kind="feed")
    except FetchError as error:
        return error.status is not None or error.outcome == "robots-disallowed"
    return True


async def _check_all(
    pairs: list[tuple[Source, Feed]], contact: str, hosts: Mapping[str, tuple[str, int]], progress: Any
) -> list[Checked]:
    done = 0
    private = frozenset(urlsplit(f.url).hostname or "" for s, f in pairs if s.allow_private)
    async with _fetcher(contact, hosts, _PATIENCE, private) as fetcher:

        async def one(source: Source, feed: Feed) -> Checked:
            nonlocal done
            checked = await _check(fetcher, source, feed)
            done += 1
            if callable(progress):
                progress("check", done, len(pairs))
            return checked

        return list(await asyncio.gather(*(one(source, feed) for source, feed in pairs)))


async def _check(fetcher: Fetcher, source: Source, feed: Feed) -> Checked:
    try:
        response = await fetcher.get(feed.url, kind="feed", ignore_robots=source.ignore_robots)
        document = _parsed(response, source, feed)
    except FetchError as error:
        return Checked(source.name, feed.url, error.outcome, advice=_advice(error))
    except FeedError as error:
        return Checked(
            source.name, feed.url, "not a feed", advice=f"{error}; try `amur sources discover {source.homepage}`"
        )
    return _judged(source, feed, response, document)


def _judged(source: Source, feed: Feed, response: Response, document: FeedDocument) -> Checked:
    dates = [e.published or e.updated for e in document.entries]
    newest = max((when for when in dates if when), default=None)
    moved = f'moved for good: write url = "{response.moved_to}"' if response.moved_to else ""
    result = "ok" if document.entries or document.children else "empty"
    if newest and newest < response.fetched_at - STALE:
        result = "stale"
    advice = moved or "; ".join(document.problems[:3])
    day = newest.date().isoformat() if newest else ""
    return Checked(source.name, feed.url, result, day, len(document.entries), advice)


def _advice(error: FetchError) -> str:
    hints = {"gone": "the outlet took it down for good: remove it", "robots-disallowed": "robots.txt forbids it"}
    return hints.get(error.outcome, str(error))


def _parsed(response: Response, source: Source, feed: Feed) -> FeedDocument:
    return parse_feed(
        response.body, url=response.url, content_type=response.content_type, source=source, feed=feed,
        now=response.fetched_at,
    )  # fmt: skip


async def _discover(url: str, contact: str, hosts: Mapping[str, tuple[str, int]]) -> list[Found]:
    robots = RobotsCache()
    async with _fetcher(contact, hosts, _PATIENCE, robots=robots) as fetcher:
        page = await fetcher.get(url, kind="page")
        named = named_feeds(page.body, page.url)
        site = "{0.scheme}://{0.netloc}".format(urlsplit(page.url))
        maps = [m for m in robots.sitemaps(site) if "news" in m.lower()] or list(robots.sitemaps(site))[:3]
        candidates = dict.fromkeys([*named, *maps, *(site + path for path in _USUAL)])
        found = await asyncio.gather(*(_probe(fetcher, candidate) for candidate in list(candidates)[:40]))
    kept = {f.url: f for f in found if f}
    return sorted(kept.values(), key=lambda f: (-f.entries, f.url))


def named_feeds(body: bytes, url: str) -> list[str]:
    """Addresses that a page names as its feeds: by link elements, then by links that look like feeds."""
    from lxml import etree, html

    from ingest.extraction_bytes import decode

    try:
        tree = html.document_fromstring(decode(body)[0] or "<p>")
    except (etree.ParserError, ValueError):
        return []
    declared = [n.get("href") for n in tree.iter("link") if (n.get("type") or "").lower().strip() in _FEED_TYPES]
    linked = [
        n.get("href")
        for n in tree.iter("a")
        if any(part in (n.get("href") or "").lower() for part in ("/rss", "rss.xml", ".rss", "/feed", "atom.xml"))
    ]
    return list(dict.fromkeys(urljoin(url, href.strip()) for href in [*declared, *linked[:15]] if href))


async def _probe(fetcher: Fetcher, url: str) -> Found | None:
    source = Source("probe", "", url, "XXX", (), "UTC", (), "online", (Feed(url),))
    try:
        response = await fetcher.get(url, kind="feed")
        document = _parsed(response, source, source.feeds[0])
    except (FetchError, FeedError):
        return None
    is_map = bool(document.children) or b"<urlset" in response.body[:2_000]
    if not (document.entries or document.children):
        return None
    return Found(response.url, "sitemap" if is_map else "feed", document.title, len(document.entries))


def _fetcher(
    contact: str,
    hosts: Mapping[str, tuple[str, int]],
    limits: Limits,
    private: frozenset[str] = frozenset(),
    robots: RobotsCache | None = None,
) -> Fetcher:
    return Fetcher(user_agent(contact), limits, DomainBudget(), robots or RobotsCache(), hosts, private)
