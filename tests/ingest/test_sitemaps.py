"""News sitemaps, sitemap indexes and list pages."""

import asyncio
from datetime import UTC, datetime

import pytest

from amur.errors import FeedError, FetchError
from ingest.feeds import FeedDocument, parse_feed
from ingest.model import Feed, ListRule, Ownership, Source
from ingest.sitemaps import MAX_CHILDREN, with_children

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = "https://news.example/list/"


def read(body: str | bytes, *, rule: ListRule | None = None, zone: str = "Asia/Shanghai") -> FeedDocument:
    feed = Feed(URL, kind="list" if rule else "sitemap", list_rule=rule)
    source = Source("news", "News", URL, "XXX", ("zh",), zone, (Ownership("unknown"),), "wire", (feed,))
    raw = body.encode() if isinstance(body, str) else body
    return parse_feed(raw, url=URL, content_type="", source=source, feed=feed, now=NOW)


NEWS = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
        xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
 <url><loc>https://news.example/1</loc><lastmod>2026-02-28T10:00:00Z</lastmod>
  <news:news><news:publication><news:name>Вести</news:name><news:language>ru</news:language></news:publication>
   <news:publication_date>2026-02-27T10:00:00+03:00</news:publication_date>
   <news:title>Газ &amp; нефть</news:title></news:news>
  <image:image><image:loc>https://news.example/i.jpg</image:loc><image:title>подпись</image:title></image:image></url>
 <url><loc> https://news.example/2 </loc><lastmod>2026-02-28</lastmod></url>
 <url><loc>javascript:x</loc></url><url/>
</urlset>"""


def test_a_news_sitemap_gives_title_language_and_both_dates() -> None:
    first, second = read(NEWS).entries
    assert (first.url, first.title, first.lang) == ("https://news.example/1", "Газ & нефть", "ru")
    assert first.published == datetime(2026, 2, 27, 7, tzinfo=UTC)
    assert first.updated == datetime(2026, 2, 28, 10, tzinfo=UTC)
    assert (second.url, second.published) == ("https://news.example/2", None)
    assert second.updated == datetime(2026, 2, 27, 16, tzinfo=UTC)  # the day begins earlier in Shanghai


def index(*children: tuple[str, str]) -> str:
    parts = (f"<sitemap><loc>{u}</loc>{f'<lastmod>{d}</lastmod>' if d else ''}</sitemap>" for u, d in children)
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{"".join(parts)}</sitemapindex>'


def test_of_an_index_only_children_that_may_have_news_are_named_newest_first() -> None:
    document = read(
        index(("/a.xml", "2026-02-27"), ("/old.xml", "2020-01-01"), ("/b.xml", "2026-03-01"), ("/c.xml", ""))
    )
    assert document.children == tuple(f"https://news.example/{name}.xml" for name in ("b", "a", "c"))
    assert document.entries == ()


def test_an_index_of_thousands_is_bounded() -> None:
    document = read(index(*((f"/{i}.xml", "2026-03-01") for i in range(1_500))))
    assert len(document.children) == MAX_CHILDREN
    assert any("left out" in problem for problem in document.problems)


def test_children_are_read_and_one_that_fails_does_not_stop_the_others() -> None:
    async def get(url: str) -> str:
        if "bad" in url:
            raise FetchError("no answer", "temporary")
        return NEWS if "good" in url else "no sitemap"

    document = read(index(("/bad.xml", ""), ("/broken.xml", ""), ("/good.xml", "")))
    whole = asyncio.run(with_children(document, get, read))
    assert len(whole.entries) == 2
    assert whole.children == ()
    assert sum("sitemap https://news.example/b" in problem for problem in whole.problems) == 2


@pytest.mark.parametrize("body", ["<urlset", "<urlset><url><loc>", '<urlset xmlns="x">' + "<url>" * 500])
def test_a_broken_sitemap_gives_what_it_has(body: str) -> None:
    try:
        assert read(body).entries == ()
    except FeedError as error:
        assert str(error)  # noqa: PT017 - either is fine, a traceback is not


LIST = """<html><head><meta charset="gb2312"></head><body><a href="/">首页</a>
<ul class="list"><li><a href="/2026-02/28/c_1.htm">中俄签署协议</a> <span>2026-02-28</span></li>
<li><a href="/c_2.htm" title="普京将访问中国并出席会议">普京将访问中国…</a> <span>2026年2月7日</span></li>
<li><a href="c_3.htm#top"><img src="x.jpg"></a><a href="/list/c_3.htm">第三条新闻的标题</a><em>2026/02/05</em></li>
<li><a href="/c_4.htm">没有日期的新闻</a></li>
<li><a href="javascript:void(0)">更多 c_9.htm</a></li></ul><p>2019-01-01</p></body></html>"""
RULE = ListRule(r"/c_\d+\.htm$", r"(?P<year>\d{4})\D(?P<month>\d{1,2})\D(?P<day>\d{1,2})")


def test_a_list_page_is_read_by_its_rule() -> None:
    entries = {e.url.rpartition("/")[2]: e for e in read(LIST.encode("gb18030"), rule=RULE).entries}
    assert list(entries) == ["c_1.htm", "c_2.htm", "c_3.htm", "c_4.htm"]
    assert entries["c_1.htm"].title == "中俄签署协议"
    assert entries["c_2.htm"].title == "普京将访问中国并出席会议"
    assert entries["c_3.htm"].title == "第三条新闻的标题"
    days = [e.published and e.published.astimezone(UTC).strftime("%m-%dT%H") for e in entries.values()]
    assert days == ["02-27T16", "02-06T16", "02-04T16", None]
    assert entries["c_1.htm"].precision == "day"


def test_a_rule_that_matches_nothing_is_an_error() -> None:
    with pytest.raises(FeedError, match="no link"):
        read(LIST, rule=ListRule("/article/"))


@pytest.mark.parametrize(
    "body", ["\0", "<", "x" * 1_000, "<a href='" + "/c_1.htm" * 10, "<a href=//[>" * 100, "<div>" * 5_000]
)
def test_broken_list_pages_are_errors_with_a_name(body: str) -> None:
    with pytest.raises(FeedError):
        read(body, rule=RULE)
