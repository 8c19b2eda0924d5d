"""Feeds that are made to hurt: memory, time, files and addresses that a careless parser would give."""

import time
import tracemalloc
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from amur.errors import FeedError
from ingest.feed_document import MAX_ENTRIES, FeedDocument
from ingest.feeds import parse_feed
from ingest.model import Feed, Ownership, Source

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = "https://news.example/rss/all.xml"
FEED = Feed(URL)
SOURCE = Source("news", "News", "https://a.example/", "XXX", ("en",), "UTC", (Ownership("unknown"),), "wire", (FEED,))


def read(body: bytes | str) -> FeedDocument:
    raw = body.encode() if isinstance(body, str) else body
    return parse_feed(raw, url=URL, content_type="text/xml", source=SOURCE, feed=FEED, now=NOW)


def rss(inner: str, declaration: str = '<?xml version="1.0" encoding="utf-8"?>') -> str:
    return f'{declaration}<rss version="2.0"><channel><title>T</title>{inner}</channel></rss>'


def item(title: str = "t", link: str = "/a", **parts: str) -> str:
    more = "".join(f"<{name}>{text}</{name}>" for name, text in parts.items())
    return f"<item><title>{title}</title><link>{link}</link>{more}</item>"


MOST_SECONDS = 6.0  # of CPU; on a quiet machine the worst takes under 2
MOST_MEMORY = 100_000_000


def numbered(form: str, count: int = 100_000) -> str:
    return "".join(form % i for i in range(count))


LOL = "".join(f'<!ENTITY l{i + 1} "{f"&l{i};" * 10}">' for i in range(9))
BOMBS = {
    "a billion laughs": f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY l0 "lol">{LOL}]>' + rss(item("&l9;"), ""),
    "one long entity a million times": f'<!DOCTYPE r [<!ENTITY a "{"a" * 290}">]>' + rss(item("&a;" * 300_000), ""),
    "an entity of itself": '<!DOCTYPE r [<!ENTITY a "&a;">]>' + rss(item("&a;"), ""),
    "parameter entities": '<!DOCTYPE r [<!ENTITY % a "<!ENTITY b \'%c;\'>"> %a;]>' + rss(item("&b;"), ""),
    "100,000 levels": "<rss><channel>" + "<item>" * 100_000,
    "100,000 levels of markup in a title": rss(item("<![CDATA[" + "<b>" * 100_000 + "]]>")),
    "100,000 attributes": rss("<item " + numbered("a%d='' ") + "><link>/a</link></item>"),
    "100,000 namespaces": "<rss " + numbered("xmlns:n%d='u' ") + ">" + item() + "</rss>",
    "100,000 entries": rss("".join(item(f"t{i}", f"/{i}") for i in range(100_000))),
    "100,000 ill-formed entries": rss(numbered("<item><title>a & b<link>/%d</link></item>")),
    "100,000 categories": rss(item().replace("</item>", numbered("<category>%d</category>") + "</item>")),
    "comments never closed": rss(item("<!--" * 100_000)),
    "instructions never closed": rss(item("<?" * 200_000)),
    "sections never closed": rss(item("<![CDATA[" * 50_000)),
    "tags never closed": rss(item("<a " * 200_000)),
    "half tags": rss(item("<a/" * 200_000)),
    "an author of a hundred thousand dots": rss(item(author="a." * 100_000 + "@")),
    "a date of a million digits": rss(item(pubDate="1" * 1_000_000)),
    "a title of ten million characters": rss(item("т" * 5_000_000)),
    "a link of a million characters": rss(item(link="http://" + "a." * 500_000)),
    "less than, a million times": "<" * 1_000_000,
    "brackets in a document type": "<!DOCTYPE r " + "[" * 500_000 + rss(item()),
    "a million sitemap entries": "<urlset>" + "<url><loc>http://a.example/1</loc></url>" * 100_000 + "</urlset>",
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_cost_little_time(name: str) -> None:
    body = BOMBS[name].encode()
    document = None
    begun = time.process_time()
    with suppress(FeedError):
        document = read(body)
    assert time.process_time() - begun < MOST_SECONDS
    assert document is None or len(document.entries) <= MAX_ENTRIES
    assert document is None or all(len(e.title) <= 1_000 for e in document.entries)


@pytest.mark.parametrize("name", ["a billion laughs", "one long entity a million times", "100,000 levels"])
def test_bombs_cost_little_memory(name: str) -> None:
    body = BOMBS[name].encode()
    tracemalloc.start()
    with suppress(FeedError):
        read(body)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < MOST_MEMORY


def test_of_a_huge_feed_the_first_entries_are_kept_and_the_rest_is_counted() -> None:
    document = read(BOMBS["100,000 entries"])
    assert len(document.entries) == MAX_ENTRIES
    assert document.entries[0].title == "t0"
    assert f"entry beyond the bound left out ({100_000 - MAX_ENTRIES})" in document.problems


@pytest.mark.parametrize("system", ["file://{path}", "{path}", "http://127.0.0.1:9/x"])
@pytest.mark.parametrize(
    "kind", ["<!ENTITY x SYSTEM '{}'>", "<!ENTITY x PUBLIC 'a' '{}'>", "<!ENTITY % p SYSTEM '{}'> %p;"]
)
def test_external_entities_are_not_read(tmp_path: Path, system: str, kind: str) -> None:
    secret = tmp_path / "canary.txt"
    secret.write_text("CANARY-8f3a")
    doctype = f"<!DOCTYPE r [{kind.format(system.format(path=secret))}]>"
    for body in (
        rss(item("&x;", description="&x;"), doctype),
        f"{doctype}<urlset><url><loc>http://a.example/&x;</loc></url></urlset>",
    ):
        assert "CANARY" not in repr(read(body))


def test_a_body_that_is_a_path_or_an_address_is_not_opened(tmp_path: Path) -> None:
    feed = tmp_path / "feed.xml"
    feed.write_text(rss(item("CANARY")))
    for body in (str(feed), f"file://{feed}", "http://127.0.0.1:9/feed.xml"):
        with pytest.raises(FeedError):
            read(body)


def test_an_included_file_is_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "canary.txt"
    secret.write_text("CANARY-8f3a")
    include = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{secret}" parse="text"/>'
    assert "CANARY" not in repr(read(rss(item(include, description=include))))
