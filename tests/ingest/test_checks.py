"""`sources check` and `sources discover` against a local web."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from ingest.checks import check_sources, discover, named_feeds, reachable
from ingest.model import Feed, Ownership, Source
from tests.ingest.raw_server import RawServer, answered, raw_server


@contextmanager
def web(answers: dict[str, bytes]) -> Iterator[RawServer]:
    """The raw server in a thread of its own, for commands that run their own event loop."""
    ready = threading.Event()
    stops: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []
    held: list[RawServer] = []

    async def serve() -> None:
        async with raw_server(dict(answers)) as server:
            held.append(server)
            stops.append((asyncio.get_running_loop(), asyncio.Event()))
            ready.set()
            await stops[0][1].wait()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    ready.wait(5)
    try:
        yield held[0]
    finally:
        stops[0][0].call_soon_threadsafe(stops[0][1].set)
        thread.join(5)


def feed(days_old: float) -> bytes:
    date = (datetime.now(UTC) - timedelta(days=days_old)).strftime("%Y-%m-%dT%H:%M:%SZ")
    item = f"<item><link>/1</link><pubDate>{date}</pubDate></item>"
    return f"<rss><channel><title>Вести</title>{item}</channel></rss>".encode()


def outlet(*paths: str) -> Source:
    feeds = tuple(Feed(f"http://news.example{path}") for path in paths)
    return Source("news", "News", "http://news.example/", "XXX", ("ru",), "UTC", (Ownership("unknown"),), "wire", feeds)


def test_each_feed_gets_one_word_and_advice() -> None:
    answers = {
        "/ok": answered(200, feed(0.1)),
        "/stale": answered(200, feed(60)),
        "/empty": answered(200, b"<rss><channel></channel></rss>"),
        "/page": answered(200, b"<html><body>Not here</body></html>"),
        "/gone": answered(410),
        "/down": answered(500),
        "/moved": answered(301, b"", Location="/ok"),
    }
    seen: list[tuple[str, int, int | None]] = []
    with web(answers) as server:
        hosts = {".example": ("127.0.0.1", server.port)}
        found = check_sources(
            [outlet(*answers)], hosts=hosts, progress=lambda stage, done, total: seen.append((stage, done, total))
        )
    assert [c.result for c in found] == ["ok", "stale", "empty", "not a feed", "gone", "temporary", "ok"]
    assert [c.failed for c in found] == [False, False, False, True, True, True, False]
    assert 'write url = "http://news.example/ok"' in found[6].advice
    assert "discover" in found[3].advice
    assert found[0].newest
    assert seen[-1] == ("check", 7, 7)
    assert found[0].as_dict()["entries"] == 1


def test_feeds_are_found_by_links_robots_and_custom() -> None:
    link = '<link rel="alternate" type="application/rss+xml" href="/all.xml">'
    page = f'<html><head>{link}</head><body><a href="/rss/x">RSS</a>'
    today = datetime.now(UTC).date().isoformat()
    news = f"<urlset><url><loc>http://news.example/9</loc><lastmod>{today}</lastmod></url></urlset>"
    answers = {
        "/": answered(200, page.encode()),
        "/all.xml": answered(200, feed(0)),
        "/rss/x": answered(404),
        "/feed/": answered(200, feed(1).replace(b"/1", b"/2")),
        "/robots.txt": answered(200, b"User-agent: *\nDisallow:\nSitemap: http://news.example/map-news.xml\n"),
        "/map-news.xml": answered(200, news.encode()),
    }
    with web(answers) as server:
        found = discover("http://news.example/", hosts={".example": ("127.0.0.1", server.port)})
    assert {(f.url, f.kind) for f in found} == {
        ("http://news.example/all.xml", "feed"),
        ("http://news.example/feed/", "feed"),
        ("http://news.example/map-news.xml", "sitemap"),
    }
    assert found[0].as_dict()["title"] in {"Вести", ""}


def test_named_feeds_of_a_broken_page() -> None:
    assert named_feeds(b"", "http://a.example/") == []
    assert named_feeds(b"\0<a href='/rss'", "http://a.example/x") in ([], ["http://a.example/rss"])


def test_the_web_is_reachable_where_anything_answers() -> None:
    with web({"/f": answered(403)}) as server:
        assert reachable([outlet("/f")], hosts={".example": ("127.0.0.1", server.port)})
    nowhere = replace(outlet("/f"), feeds=(Feed("http://nowhere.invalid/"),))
    assert not reachable([outlet("/f")], hosts={".example": ("127.0.0.1", 1)})
    assert not reachable([nowhere])
    assert not reachable([])
