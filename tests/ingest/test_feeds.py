"""Feeds as the web sends them: encodings, dates, links, markup, and bodies made to hurt."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amur.errors import FeedError
from ingest.feed_document import plain_text
from ingest.feeds import FeedDocument, parse_feed
from ingest.model import Feed, FeedEntry, Ownership, Source

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = "https://news.example/rss/all.xml"


def source(zone: str = "UTC", lang: str = "") -> Source:
    feed = Feed(URL, lang=lang)
    return Source(
        "news", "News", "https://news.example/", "XXX", ("en",), zone, (Ownership("unknown"),), "wire", (feed,)
    )


def read(
    body: bytes | str, content_type: str = "application/rss+xml", *, zone: str = "UTC", lang: str = ""
) -> FeedDocument:
    raw = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    s = source(zone, lang)
    return parse_feed(raw, url=URL, content_type=content_type, source=s, feed=s.feeds[0], now=NOW)


def rss(inner: str, declaration: str = '<?xml version="1.0" encoding="utf-8"?>', head: str = "") -> str:
    return f'{declaration}<rss version="2.0"><channel><title>T</title>{head}{inner}</channel></rss>'


def item(title: str = "t", link: str = "/a", **parts: str) -> str:
    more = "".join(f"<{name}>{text}</{name}>" for name, text in parts.items())
    return f"<item><title>{title}</title><link>{link}</link>{more}</item>"


def entry(inner: str, **options: str) -> FeedEntry:
    (only,) = read(rss(inner), **options).entries
    return only


def dated(text: str, zone: str = "UTC", name: str = "pubDate") -> datetime | None:
    return entry(item(**{name: text}), zone=zone).published


RUSSIAN = "Россия и Китай подписали соглашение о поставках газа"
CHINESE = "俄罗斯和中国签署天然气供应协议镕㐀"
TAIWAN = "俄羅斯與中國簽署天然氣供應協議"


@pytest.mark.parametrize(
    ("text", "declared", "sent", "http"),
    [
        (RUSSIAN, "windows-1251", "cp1251", ""),
        (RUSSIAN, "windows-1251", "cp1251", "text/xml; charset=windows-1251"),
        (RUSSIAN, "koi8-r", "koi8-r", ""),
        (RUSSIAN, "", "koi8-r", "text/xml; charset=koi8-r"),
        (RUSSIAN, "", "cp1251", "text/xml"),
        (RUSSIAN, "utf-8", "cp1251", "text/xml; charset=utf-8"),
        (RUSSIAN, "windows-1251", "utf-8", "text/xml; charset=windows-1251"),
        (CHINESE, "gb2312", "gb18030", ""),
        (CHINESE, "", "gb18030", "text/xml; charset=gb2312"),
        (CHINESE, "utf-8", "gb18030", "text/xml"),
        (CHINESE, "gb2312", "utf-8", ""),
        (TAIWAN, "big5", "big5", ""),
        (TAIWAN, "", "big5", "text/xml; charset=big5"),
        (CHINESE, "utf-16", "utf-16", ""),
        (RUSSIAN, "utf-16", "utf-16-le", ""),
        (RUSSIAN, "", "utf-16-be", "text/xml"),
        (CHINESE, "utf-8", "utf-8-sig", "text/xml; charset=iso-8859-1"),
        (RUSSIAN, "us-ascii", "utf-8", "text/xml"),
        (RUSSIAN, "x-unknown-charset", "utf-8", "text/xml; charset=none"),
    ],
)
def test_text_is_what_was_meant_whatever_was_declared(text: str, declared: str, sent: str, http: str) -> None:
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else '<?xml version="1.0"?>'
    body = rss(item(text, description=text * 5), declaration)
    (only,) = read(body.encode(sent), http or "application/xml").entries
    assert only.title == text


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("Tue, 21 Mar 2023 10:00:00 +0300", "UTC", "2023-03-21T07:00:00"),
        ("Tue, 21 Mar 2023 10:00:00 GMT", "Asia/Shanghai", "2023-03-21T10:00:00"),
        ("2023-03-21T10:00:00Z", "Asia/Shanghai", "2023-03-21T10:00:00"),
        ("2023-03-21 10:00:00", "Asia/Shanghai", "2023-03-21T02:00:00"),  # chinanews: eight hours ahead otherwise
        ("Tue, 21 Mar 2023 10:00:00", "Europe/Moscow", "2023-03-21T07:00:00"),
        ("2023年3月21日", "Asia/Shanghai", "2023-03-20T16:00:00"),
        ("2023年3月21日 10:30", "Asia/Shanghai", "2023-03-21T02:30:00"),
        ("21 марта 2023, 10:30", "Europe/Moscow", "2023-03-21T07:30:00"),
        ("Вт, 21 мар 2023 10:30:00 +0300", "UTC", "2023-03-21T07:30:00"),
        ("21.03.2023 10:30", "Europe/Moscow", "2023-03-21T07:30:00"),
        ("1679392800", "UTC", "2023-03-21T10:00:00"),
    ],
)
def test_dates_are_read_in_three_languages_and_in_the_outlets_zone(text: str, zone: str, expected: str) -> None:
    assert dated(text, zone) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["Mon, 21 Mar 2999 10:00:00 GMT", "2026-03-09", "0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z"]
)
def test_impossible_dates_are_no_dates_and_are_told(text: str) -> None:
    document = read(rss(item(pubDate=text)))
    assert document.entries[0].published is None
    assert any(problem.startswith("date ") for problem in document.problems)


@pytest.mark.parametrize("text", ["yesterday", "-", "31 Feb 2023", "13/13/13", "\u202e2023", "T" * 10_000])
def test_what_is_no_date_is_told(text: str) -> None:
    document = read(rss(item(pubDate=text)))
    assert document.entries[0].published is None


def test_a_date_a_little_ahead_is_now() -> None:
    assert dated((NOW + timedelta(hours=5)).isoformat()) == NOW


def test_updated_is_never_taken_for_published() -> None:
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>t</title><link href="/a"/>'
        "<updated>2023-03-22T00:00:00Z</updated></entry><entry><title>u</title><link href='/b'/>"
        "<published>2023-03-21T00:00:00Z</published><updated>2023-03-22T00:00:00Z</updated></entry></feed>"
    )
    first, second = read(atom).entries
    assert first.published is None
    assert first.updated == datetime(2023, 3, 22, tzinfo=UTC)
    assert (second.published, second.updated) == (datetime(2023, 3, 21, tzinfo=UTC), datetime(2023, 3, 22, tzinfo=UTC))


def test_published_is_never_taken_for_updated() -> None:
    assert entry(item(pubDate="Tue, 21 Mar 2023 10:00:00 GMT")).updated is None


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "data:text/html,x", "file:///etc/passwd",
        "vbscript:x", "about:blank", "mailto:a@b.c", "\x01javascript:alert(1)", "&#106;avascript:alert(1)",
        "http://", "http://[::1",
        "", "https://a.example:port/", "x" * 3_000, "feed:http://a/", "ftp://a.example/x",
    ],
)  # fmt: skip
def test_only_web_addresses_become_links(link: str) -> None:
    safe = "".join(c for c in link if c == "\t" or c >= " ")
    document = read(rss(item("bad", safe) + item("good", "/good")))
    assert [e.url for e in document.entries if e.title == "good"] == ["https://news.example/good"]
    for kept in document.entries:
        assert kept.url.startswith("https://news.example/")
        assert "script:" not in kept.url.lower()
    if len(document.entries) == 1:
        assert document.problems


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("/a/1.html", "https://news.example/a/1.html"),
        ("1.html", "https://news.example/rss/1.html"),
        ("//cdn.example/x", "https://cdn.example/x"),
        ("https://a.example/ru/новость", "https://a.example/ru/новость"),
        ("https://a.example/x?a=1&amp;b=2", "https://a.example/x?a=1&b=2"),
        ("  https://a.example/x\n ", "https://a.example/x"),
        ("https://a.example/a b", "https://a.example/a%20b"),
        ("<![CDATA[https://a.example/x?a=1&b=2]]>", "https://a.example/x?a=1&b=2"),
    ],
)
def test_links_are_made_whole(link: str, url: str) -> None:
    assert entry(item(link=link)).url == url


def test_the_publishers_own_address_beats_that_of_a_feed_service_and_pages_beat_files() -> None:
    name = 'feedburner:origLink xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
    burner = f"<{name}>https://own.example/1</feedburner:origLink>"
    assert entry(f"<item><link>https://feedproxy.example/~r/1</link>{burner}</item>").url == "https://own.example/1"
    links = '<link rel="enclosure" href="/f.mp3"/><link rel="alternate" type="text/html" href="/page"/>'
    assert (
        read(f'<feed xmlns="http://www.w3.org/2005/Atom"><entry>{links}</entry></feed>')
        .entries[0]
        .url.endswith("/page")
    )


def test_a_guid_is_a_link_only_where_it_is_one() -> None:
    assert entry("<item><guid>https://a.example/1</guid></item>").url == "https://a.example/1"
    assert read(rss('<item><guid isPermaLink="false">tag:1</guid><title>x</title></item>')).entries == ()


def test_entries_whose_guids_change_keep_their_address_and_an_address_is_kept_once() -> None:
    first = read(rss(item(guid="1") + item(guid="2"))).entries
    later = read(rss(item(guid="3"))).entries
    assert [e.url for e in first] == [e.url for e in later] == ["https://news.example/a"]


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        ("A &amp;amp; B", "A & B"),
        ("&lt;b&gt;Газ&lt;/b&gt;опровод", "Газопровод"),
        ("<![CDATA[<script>alert(1)</script>Си<br>Путин]]>", "Си Путин"),
        ("5 &lt; 6 и 7 &gt; 2", "5 < 6 и 7 > 2"),
        ("普京\u202e访华\u2066\u200b", "普京访华"),
        ("a&#0;b&#27;[31mc&#xD800;d&#x1b;", "ab[31mcd"),
        ("a&#8232;b\n\tc", "a b c"),
        ("AT&T и Huawei", "AT&T и Huawei"),
        ("&laquo;Сила Сибири&raquo; &mdash; 2", "«Сила Сибири» — 2"),
    ],
)
def test_titles_are_plain_lines(title: str, plain: str) -> None:
    assert entry(item(title)).title == plain


@pytest.mark.parametrize("character", ["\0", "\x1b", "\x07", "\x0b", "\ufffe", "\ud800"])
def test_characters_that_no_text_should_hold_are_left_out(character: str) -> None:
    (only,) = read(rss(item(f"Си{character} Цзиньпин")).encode("utf-8", "surrogatepass")).entries
    assert only.title.replace("\ufffd", "").replace("  ", " ") == "Си Цзиньпин"
    only.title.encode("utf-8")


def test_all_else_that_an_entry_has() -> None:
    parts = {
        "author": "desk@example.org (Иван Петров)",
        "description": "<![CDATA[<p>Первый&nbsp;абзац</p><p>второй</p>]]>",
    }
    only = entry(item("t", **parts), lang="ru")
    assert only.authors
    assert only.summary == "Первый абзац второй"
    assert (only.lang, only.source, only.feed_url) == ("ru", "news", URL)


def test_language_and_time_to_live_of_the_channel() -> None:
    document = read(rss(item(), head="<language>zh-CN</language><ttl>90</ttl>"))
    assert document.entries[0].lang == "zh"
    assert document.ttl == timedelta(minutes=90)
    assert read(rss(item(), head="<ttl>soon</ttl>")).ttl is None
    assert read(rss(item(), head="<ttl>99999999999999</ttl>")).ttl is None
    syndication = (
        '<sy:updatePeriod xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">daily</sy:updatePeriod>'
        '<sy:updateFrequency xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">4</sy:updateFrequency>'
    )
    assert read(rss(item(), head=syndication)).ttl == timedelta(hours=6)


def test_the_type_that_a_server_names_does_not_matter() -> None:
    for name in ("text/html", "text/plain", "application/octet-stream", "image/png", "", "application/json", "\0"):
        assert len(read(rss(item()), name).entries) == 1


@pytest.mark.parametrize(
    "body",
    [
        "", " \n", "<!DOCTYPE html><html><body>Not found</body></html>", "<html><head></head></html>", "{}", "[]",
        "{\"items\": 7}",
        "just words", "<a/>", "\0\0\0\0", "{" * 100_000, '{"items":' + "[" * 100_000, "%PDF-1.7", "\x1f\x8b\x08\0\0\0",
    ],
)  # fmt: skip
def test_what_is_no_feed_is_an_error_with_a_name(body: str) -> None:
    with pytest.raises(FeedError):
        read(body)


def test_plain_entities_of_a_document_type_are_put_in_place() -> None:
    body = rss(item("&agency; сообщает"), '<!DOCTYPE rss [<!ENTITY agency "ТАСС">]>')
    assert read(body).entries[0].title == "ТАСС сообщает"


def test_json_feeds_are_read_whatever_their_type() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1", "title": "Т", "language": "ru-RU",
        "home_page_url": "https://a.example/",
        "items": [
            {"id": 7, "url": "/1", "title": "<b>Газ</b>", "content_html": "<p>текст</p>",
            "date_published": "2023-03-21T10:00:00+08:00",
             "date_modified": "2023-03-22T10:00:00Z", "authors": [{"name": "Иван"}, {"x": 1}, 3]},
            {"id": "https://a.example/2",
            "title": None, "author": {"name": "Ли"}}, 5, {"title": "no link"}, {"url": "javascript:x"},
            {"url": ["list"], "title": {"a": 1}},
        ],
    }  # fmt: skip
    document = read(json.dumps(feed), "text/plain")
    first, second = document.entries
    assert (first.url, first.guid, first.title, first.summary) == ("https://a.example/1", "7", "Газ", "текст")
    assert (first.published, first.lang, first.authors) == (datetime(2023, 3, 21, 2, tzinfo=UTC), "ru", ("Иван",))
    assert (second.url, second.authors) == ("https://a.example/2", ("Ли",))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400) | st.text(max_size=300).map(lambda t: rss(item(t)).encode("utf-8", "surrogatepass")))
def test_nothing_that_can_be_sent_raises_anything_but_a_feed_error(body: bytes) -> None:
    try:
        document = read(body)
    except FeedError:
        return
    for e in document.entries:
        repr(e).encode("utf-8")
        assert e.url.startswith(("http://", "https://"))


@given(st.text())
def test_plain_text_is_one_clean_line_and_stays_so(text: str) -> None:
    once = plain_text(text)
    assert not any(c in once for c in "\n\r\t\0\x1b\u202e\u200b")
    once.encode("utf-8")
