"""Bytes of a page -> an article, or a named reason why there is none."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amur.errors import NoText, ReadError
from ingest.extractlines import extract_file, extract_line
from ingest.model import FeedEntry, Page, Source
from ingest.pages import extract_article, read_feed_text, read_page
from ingest.urls import article_id

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
URL = "https://outlet.example/2025/12/05/visit?utm_source=rss"
EN = (
    "The prime minister arrived in Beijing on Friday for two days of talks on gas, rail freight and payments in "
    "national currencies, officials of both sides said. A joint statement is expected, though neither government "
    "would say whether the price of the pipeline has been agreed."
)
RU = (
    "Премьер-министр прибыл в Пекин с двухдневным визитом, чтобы обсудить поставки газа, железнодорожные перевозки "
    "и расчёты в национальных валютах, сообщили представители обеих сторон. Ожидается совместное заявление, хотя "
    "цена газопровода, по словам чиновников, пока не согласована."
)
ZH = (
    "总理周五抵达北京，开始为期两天的会谈，双方官员表示，会谈内容包括天然气供应、铁路货运以及本币结算。"
    "预计双方将发表联合声明，但两国政府均未说明管道价格是否已经谈妥。"
    "分析人士指出，谈判已经持续多年，双方在价格问题上仍有分歧。"
)
PARAGRAPHS = {"en": EN, "ru": RU, "zh": ZH}
TITLES = {
    "en": "Prime minister in Beijing for talks on gas",
    "ru": "Премьер прибыл в Пекин на переговоры",
    "zh": "总理抵京谈天然气",
}


def page_of(lang: str, head: str = "", charset: str = "utf-8", after: str = "") -> str:
    menu = "".join(f'<li><a href="/s{i}">Section {i}</a></li>' for i in range(8))
    body = f"<p>{PARAGRAPHS[lang]}</p>" * 3
    return (
        f'<!doctype html><html><head><meta charset="{charset}"><title>{TITLES[lang]} | Outlet</title>'
        f"{head}</head><body>"
        f'<ul class="menu">{menu}</ul><div class="article"><h1>{TITLES[lang]}</h1>{body}{after}</div>'
        f'<div class="footer">© Outlet</div></body></html>'
    )


def source(**fields: object) -> Source:
    values = {
        "name": "outlet", "title": "Outlet", "homepage": "https://outlet.example/", "country": "CHN",
        "languages": ("zh",), "timezone": "Asia/Shanghai", "ownership": (), "kind": "paper", "feeds": (),
    }  # fmt: skip
    return Source(**(values | fields))  # type: ignore[arg-type]


def fetched(body: bytes, *, content_type: str = "text/html", **entry: object) -> Page:
    values = {"source": "outlet", "feed_url": "", "url": URL} | entry
    return Page(FeedEntry(**values), URL, 200, content_type, body, NOW)  # type: ignore[arg-type]


@pytest.mark.parametrize("lang", ["en", "ru", "zh"])
def test_an_article_is_read_in_each_language(lang: str) -> None:
    article = extract_article(page_of(lang), URL, now=NOW)
    assert article.title == TITLES[lang]
    assert article.text.split("\n") == [PARAGRAPHS[lang]] * 3
    assert article.lang == lang
    assert article.canonical_url == "https://outlet.example/2025/12/05/visit"
    assert article.id == article_id(article.canonical_url)
    assert article.lead.startswith(PARAGRAPHS[lang][:40])
    assert (article.published, article.published_from, article.precision) == (
        datetime(2025, 12, 5, tzinfo=UTC), "url", "day",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("lang", "sent", "declared"),
    [
        ("ru", "cp1251", "windows-1251"),
        ("ru", "cp1251", "utf-8"),
        ("ru", "koi8-r", "windows-1251"),
        ("ru", "utf-8", "windows-1251"),
        ("zh", "gb18030", "gb2312"),
        ("zh", "gb18030", "utf-8"),
        ("zh", "utf-16", "utf-8"),
        ("en", "utf-16-le", ""),
        ("ru", "utf-16-be", "koi8-r"),
    ],
)
def test_bytes_are_read_whatever_is_declared(lang: str, sent: str, declared: str) -> None:
    body = page_of(lang, charset=declared).encode(sent)
    article = read_page(fetched(body, content_type=f"text/html; charset={declared}"), None)
    assert article.title == TITLES[lang]
    assert PARAGRAPHS[lang] in article.text


def test_json_ld_gives_title_date_authors_and_site() -> None:
    head = """<script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"NewsArticle",
      "headline":"The headline of the data","datePublished":"2025-12-04T23:30:00+08:00","author":[{"@type":"Person",
      "name":"Li Na"},{"name":"Ivan Petrov"}],"publisher":{"name":"The Outlet"}}]}</script>
      <link rel="canonical" href="/visit">"""
    article = extract_article(page_of("en", head), URL, now=NOW)
    assert article.title == "The headline of the data"
    assert article.published == datetime(2025, 12, 4, 15, 30, tzinfo=UTC)
    assert (article.published_from, article.precision) == ("page", "second")
    assert article.authors == ("Li Na", "Ivan Petrov")
    assert article.site == "The Outlet"
    assert article.canonical_url == "https://outlet.example/visit"


def test_a_date_without_zone_is_read_in_that_of_the_source() -> None:
    head = '<meta property="article:published_time" content="2025-12-05 06:30">'
    article = read_page(fetched(page_of("zh", head).encode()), source())
    assert article.published == datetime(2025, 12, 4, 22, 30, tzinfo=UTC)
    assert str(article.local_date) == "2025-12-05"


def test_the_feed_dates_what_the_page_does_not() -> None:
    at = datetime(2025, 12, 5, 3, 4, 5, tzinfo=UTC)
    article = read_page(fetched(page_of("en").encode(), published=at, precision="second"), None)
    assert (article.published, article.published_from) == (at, "feed")


def test_a_date_in_the_far_future_is_none() -> None:
    head = '<meta property="article:published_time" content="2999-01-01T00:00:00Z">'
    article = extract_article(page_of("en", head), "https://outlet.example/x", now=NOW)
    assert (article.published, article.published_from, article.precision) == (None, "none", "none")


SCRIPT = (
    "<html><body><noscript>You need to enable JavaScript to run this app.</noscript><p>Please enable JavaScript to "
    "view this site, then reload it in your browser.</p></body></html>"
)
MISSING = (
    "<html><head><title>404 Not Found</title></head><body><h1>Page not found</h1><p>The page you are looking for "
    "no longer exists. Try the search, or go back to the front page of our site.</p></body></html>"
)
CONSENT = (
    "<html><body><h1>Ваша конфиденциальность</h1><p>Мы используем файлы cookie, чтобы сайт работал лучше. "
    "Продолжая пользоваться сайтом, вы соглашаетесь с этим.</p></body></html>"
)
EMPTY = "<html><body><div id='root'></div><script>load()</script></body></html>"
GONE = "<html><body><p>抱歉，您访问的页面不存在或已被删除，请返回首页查看其他内容。</p></body></html>"


@pytest.mark.parametrize("html", ["", EMPTY, SCRIPT, MISSING, CONSENT, GONE, "<html><body><p>Short.</p></body></html>"])
def test_what_is_no_article_is_named_so(html: str) -> None:
    with pytest.raises(NoText):
        extract_article(html, URL, now=NOW)


@pytest.mark.parametrize(
    ("lang", "after"),
    [
        ("en", "<p>Related stories</p><p>Another story about something else entirely</p>"),
        ("ru", "<p>Читайте также</p><p>Совсем другая новость о другом</p>"),
        ("zh", "<p>相关新闻</p><p>另外一条完全无关的新闻标题</p><p>责任编辑：王某</p>"),
    ],
)
def test_next_stories_are_left_out(lang: str, after: str) -> None:
    article = extract_article(page_of(lang, after=after), URL, now=NOW)
    assert article.text.split("\n") == [PARAGRAPHS[lang]] * 3


def test_an_outlets_own_rules_come_first() -> None:
    after = f'<div class="box"><p>{PARAGRAPHS["en"]} Unwanted.</p></div>'
    html = page_of("en", after=after).encode()
    dropped = read_page(fetched(html), source(extract={"drop": ".box"}))
    assert "Unwanted" not in dropped.text
    chosen = read_page(fetched(html), source(extract={"body": ".box"}))
    assert chosen.text == PARAGRAPHS["en"] + " Unwanted."
    bad = read_page(fetched(html), source(extract={"body": "p[[", "drop": ":::"}))
    assert PARAGRAPHS["en"] in bad.text


def test_a_feeds_own_text_stands_in_for_the_page() -> None:
    entry = FeedEntry("outlet", "", URL, title=TITLES["ru"], summary=PARAGRAPHS["ru"])
    article = read_feed_text(entry, None, now=NOW)
    assert (article.text_from, article.lang, article.text) == ("feed", "ru", PARAGRAPHS["ru"])
    with pytest.raises(NoText):
        read_feed_text(FeedEntry("outlet", "", URL), None)


@pytest.mark.parametrize(
    "body",
    [
        b"%PDF-1.7 \n%\xe2\xe3\xcf\xd3 stream",
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8,
        b"\x1f\x8b\x08" + bytes(range(1, 200)) * 10,
        b'{"articles": [{"title": "' + b"A long title of data " * 20 + b'"}]}',
        b'<?xml version="1.0"?><rss version="2.0"><channel>' + b"Words of a feed. " * 20 + b"</channel></rss>",
    ],
)  # fmt: skip
def test_what_is_no_page_is_named_so_whatever_its_type_says(body: bytes) -> None:
    with pytest.raises(NoText):
        read_page(fetched(body, content_type="text/html; charset=utf-8"), None)


@pytest.mark.parametrize(
    ("in_head", "shown", "expected"),
    [
        ("Talks on gas end | World | The Outlet", "", "Talks on gas end"),
        ("The Outlet - Talks on gas end in Beijing without a price", "", "Talks on gas end in Beijing without a price"),
        ("Переговоры завершены — РБК — Политика", "", "Переговоры завершены"),
        ("過年看醫師 健保局告訴你上哪找 | 醫藥新聞 | 健康醫藥 | 聯合新聞網", "", "過年看醫師 健保局告訴你上哪找"),
        ("当郭德纲雇起临时工_新闻中心_新浪网", "", "当郭德纲雇起临时工"),
        ("Russia-China trade: a record", "", "Russia-China trade: a record"),
        ("Gas: who pays? - The Outlet", "Gas: who pays?", "Gas: who pays?"),
        ("The Outlet: the talks that ended", "The Outlet", "The Outlet: the talks that ended"),
    ],
)
def test_a_headline_comes_without_the_outlets_name(in_head: str, shown: str, expected: str) -> None:
    html = (
        page_of("en")
        .replace(f"{TITLES['en']} | Outlet", in_head)
        .replace(f"<h1>{TITLES['en']}</h1>", f"<h1>{shown}</h1>")
    )
    assert extract_article(html, URL, now=NOW).title == expected


def test_a_clock_at_the_top_of_a_page_is_no_date_of_the_article() -> None:
    clock = '<div class="date">10 January 2026, 11:00</div><ul>' + "<li>Menu entry of some length</li>" * 20 + "</ul>"
    html = page_of("en").replace("<body>", "<body>" + clock)
    article = extract_article(html, "https://outlet.example/visit", now=NOW)
    assert (article.published, article.published_from) == (None, "none")
    beside = html.replace("</h1>", '</h1><span class="date">5 December 2025, 14:30</span>')
    article = extract_article(beside, "https://outlet.example/visit", now=NOW)
    assert (article.published, article.published_from) == (datetime(2025, 12, 5, 14, 30, tzinfo=UTC), "page")


def test_a_line_gives_an_article_or_an_error() -> None:
    got = extract_line({"id": 7, "html": page_of("en"), "url": URL})
    assert got["id"] == 7
    assert set(got) == {
        "id", "url", "canonical_url", "title", "authors", "published", "published_from", "lang", "site", "text",
    }  # fmt: skip
    assert got == {"id": 7, **extract_file(page_of("en").encode(), URL)}
    for bad in (
        {"id": 8}, {"id": 8, "url": URL}, {"id": 8, "url": 3, "html": "x"}, {"id": 8, "url": "x", "html": "<p>"},
                {"id": 8, "url": URL, "path": "/does/not/exist"}, {"id": 8, "url": URL, "html": ""}):  # fmt: skip
        assert set(extract_line(bad)) == {"id", "error"}


def test_a_relative_path_is_found_beside_the_lines_or_from_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside, here = tmp_path / "beside", tmp_path / "here"
    for folder, lang in ((beside, "en"), (here, "ru")):
        folder.mkdir()
        (folder / f"{lang}.html").write_text(page_of(lang), encoding="utf-8")
        (folder / "both.html").write_text(page_of(lang), encoding="utf-8")
    monkeypatch.chdir(here)
    titles = {name: extract_line({"id": 1, "url": URL, "path": name}, folder=beside).get("title")
              for name in ("en.html", "ru.html", "both.html", "none.html", str(here / "both.html"))}  # fmt: skip
    assert list(titles.values()) == [TITLES["en"], TITLES["ru"], TITLES["en"], None, TITLES["ru"]]


def test_a_very_large_page_is_read_in_bounded_time() -> None:
    html = page_of("en", after="<div><span>x</span></div>" * 400_000)
    assert len(html) > 9_000_000
    assert PARAGRAPHS["en"][:60] in extract_article(html, URL, now=NOW).text


PIECES = [
    "<div>", "</div>", "<p>", "<table>", "<!--", "-->", "<script>", "</script>", "</html>", "<title>", "<h1>", "<body>",
    "&#0;", "\ud800", "<![CDATA[", '<meta charset="utf-7">', "<time datetime='9999'>", "<svg>", ZH, EN,
    '<script type="application/ld+json">{"@type":"Article","author":[[]]',
]  # fmt: skip
MARKUP = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=12).map("".join)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=300) | MARKUP.map(lambda t: t.encode("utf-8", "surrogatepass")), st.text(max_size=30))
def test_any_bytes_give_an_article_or_a_read_error(body: bytes, content_type: str) -> None:
    try:
        article = read_page(fetched(body, content_type=content_type), None)
    except ReadError:
        return
    article.read_text.encode("utf-8")
    assert "\x00" not in article.read_text
