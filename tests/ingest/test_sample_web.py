import gzip
import http.client
import json
import re
from collections import Counter, defaultdict
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import pytest

from ingest.feeds import parse_feed
from ingest.sample.outlets import outlets, outlets_by_name
from ingest.sample.texts import articles
from ingest.sample_web import (
    GROWTH_SOURCES,
    SOURCES,
    ExpectedArticle,
    SampleResponse,
    SampleServer,
    SampleState,
    expected,
    main,
    respond,
)  # fmt: skip
from ingest.sources import camp_of, load_sources

NOW = datetime(2026, 11, 24, tzinfo=UTC)
LATER = SampleState(edition=1)
EVERY_OUTLET = sorted(outlets())


def ask(url: str, state: SampleState | None = None, **headers: str) -> SampleResponse:
    parts = urlsplit(url)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return respond(parts.netloc, parts.path, parts.query, named, state)


def row(name: str, edition: int = 0) -> ExpectedArticle:
    return next(article for article in expected(edition) if article.id == name)


def page(name: str, edition: int = 0) -> str:
    made = ask(row(name, edition).url, SampleState(edition))
    return made.body.decode(outlets_by_name()[row(name, edition).outlet].encoding)


# --- what the sample web holds -------------------------------------------------------------------------------------


def test_there_are_enough_articles_outlets_and_languages() -> None:
    languages = Counter(article.lang for article in expected())
    assert len(expected()) >= 90
    assert all(languages[lang] >= 25 for lang in ("en", "ru", "zh"))
    assert len({article.outlet for article in expected()}) >= 18


def test_twelve_stories_are_told_in_three_languages_by_different_camps() -> None:
    sources = {source.name: source for source in load_sources(SOURCES)}
    languages, camps = defaultdict(set), defaultdict(set)
    for article in expected():
        if article.story:
            languages[article.story].add(article.lang)
            camps[article.story].add(camp_of(sources[article.outlet], article.published.year, article.lang))
    told = [story for story, found in languages.items() if found == {"en", "ru", "zh"}]
    assert len(told) >= 12
    assert all(len(camps[story]) >= 2 for story in told)


def test_copies_irrelevant_articles_and_edits_are_there() -> None:
    copies = [article for article in expected() if article.copy_of and article.state == "indexed"]
    assert len(copies) == 10
    assert sum(not article.relevant for article in expected()) >= 15
    assert sum(article.edited for article in expected()) == 3


def test_every_year_is_there_and_about_half_lies_in_the_last_twelve_months() -> None:
    assert {article.published.year for article in expected()} == set(range(2014, 2027))
    newest = max(article.published for article in expected()).date()
    year_before = newest.replace(year=newest.year - 1)
    recent = [article for article in expected() if article.published.date() >= year_before]
    assert newest >= date(2026, 10, 1)
    assert len(recent) >= 40
    assert {article.published.strftime("%Y-%m") for article in recent} >= {f"2026-{month:02}" for month in range(1, 11)}


def test_articles_are_as_long_as_news_in_brief() -> None:
    for article in articles(1):
        text = " ".join(article.paragraphs)
        chinese = article.outlet.lang.startswith("zh")
        size, most = (len(text), 400) if chinese else (len(text.split()), 250)
        assert size <= most, article.id


def test_no_article_repeats_another_unless_it_says_so() -> None:
    texts = [article.paragraphs for article in articles(1) if not article.copy_of]
    assert len(set(texts)) == len(texts)


def test_ids_and_addresses_are_unique() -> None:
    assert len({article.id for article in expected(1)}) == len(expected(1))
    assert len({article.url for article in expected(1)}) == len(expected(1))


def test_a_copy_is_of_an_article_that_exists_and_is_older_or_the_same() -> None:
    by_id = {article.id: article for article in expected(1)}
    for article in expected(1):
        if article.copy_of:
            assert by_id[article.copy_of].published <= article.published, article.id


# --- the outlets as sources ----------------------------------------------------------------------------------------


def test_all_outlets_load_and_all_five_camps_exist() -> None:
    sources = load_sources(SOURCES)
    assert {source.name for source in sources} == {outlet.name for outlet in outlets().values() if not outlet.extra}
    camps = {camp_of(source, 2026, source.languages[0]) for source in sources}
    assert camps == {"russian-state", "chinese-state", "russian-independent", "western", "other"}


def test_no_host_of_the_sample_can_exist() -> None:
    for source in load_sources(SOURCES):
        for address in (source.homepage, *(feed.url for feed in source.feeds)):
            assert (urlsplit(address).hostname or "").endswith(".example")


def test_every_feed_gives_what_the_manifest_says() -> None:
    found = {}
    for source in load_sources(SOURCES):
        made = ask(source.feeds[0].url)
        if made.status == 301:
            made = ask(made.header("Location"))
        if made.status == 200:
            document = parse_feed(
                made.body, url=source.feeds[0].url, content_type=made.header("Content-Type"), source=source,
                feed=source.feeds[0], now=NOW,
            )  # fmt: skip
            found |= {entry.url.partition("?")[0]: entry.title for entry in document.entries}
    assert found == {article.url: article.title for article in expected()}


# --- manners -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", EVERY_OUTLET)
def test_respond_is_pure(host: str) -> None:
    path = outlets()[host].feed_path
    assert respond(host, path, "", {}, LATER) == respond(host, path, "", {}, LATER)


def test_every_page_answers_and_holds_its_text() -> None:
    by_url = {article.url: article for article in articles()}
    for article in expected():
        made = ask(article.url)
        if article.state in {"gone", "no-text"}:
            continue
        text = made.body.decode(outlets_by_name()[article.outlet].encoding)
        assert made.status == 200
        assert all(part.split("'")[0][:40] in text for part in by_url[article.url].paragraphs), article.id


@pytest.mark.parametrize("name", ["kedrpress.example", "cuizhu.example", "ru.nordlicht.example"])
def test_an_etag_answers_304(name: str) -> None:
    first = respond(name, outlets()[name].feed_path)
    again = respond(name, outlets()[name].feed_path, "", {"If-None-Match": first.header("ETag")})
    assert (again.status, again.body) == (304, b"")
    assert again.header("ETag") == first.header("ETag")


def test_a_date_answers_304_where_there_is_no_etag() -> None:
    first = respond("stolbarometr.example", "/export/news.rss")
    assert first.header("ETag") == ""
    since = {"If-Modified-Since": first.header("Last-Modified")}
    assert respond("stolbarometr.example", "/export/news.rss", "", since).status == 304
    assert parsedate_to_datetime(first.header("Last-Modified")).tzinfo is not None


def test_an_unreadable_date_is_ignored() -> None:
    assert respond("stolbarometr.example", "/export/news.rss", "", {"If-Modified-Since": "yesterday"}).status == 200


def test_an_outlet_without_validators_always_sends_all() -> None:
    made = respond("samovar.example", "/rss.xml", "", {"If-None-Match": '"x"', "If-Modified-Since": "Fri, 1 Jan 2100"})
    assert (made.status, made.header("ETag"), made.header("Last-Modified")) == (200, "", "")


def test_gzip_only_where_it_is_asked_for() -> None:
    plain = respond("jadegate.example", "/atom.xml")
    packed = respond("jadegate.example", "/atom.xml", "", {"Accept-Encoding": "gzip, br"})
    assert packed.header("Content-Encoding") == "gzip"
    assert gzip.decompress(packed.body) == plain.body


def test_a_feed_that_moved_for_good() -> None:
    made = respond("bambuk.example", "/rss.xml")
    assert (made.status, made.header("Location")) == (301, "http://bambuk.example/feed/rss.xml")


def test_tracking_parameters_lead_to_the_plain_address() -> None:
    url = row("years-of-education").url
    made = ask(url + "?utm_source=rss&utm_medium=feed&utm_campaign=all")
    assert (made.status, made.header("Location")) == (302, urlsplit(url).path)


@pytest.mark.parametrize(
    ("name", "encoding", "declared"),
    [("tovarooborot-2025", "windows-1251", "windows-1251"), ("shuangzicheng", "gb18030", "gb2312")],
)
def test_old_encodings(name: str, encoding: str, declared: str) -> None:
    made = ask(row(name).url)
    assert made.header("Content-Type") == f"text/html; charset={declared}"
    assert row(name).title in made.body.decode(encoding)
    assert declared.encode() in made.body


def test_the_gb18030_page_holds_a_character_that_its_declared_encoding_lacks() -> None:
    with pytest.raises(UnicodeDecodeError):
        ask(row("shuangzicheng").url).body.decode("gb2312")


def test_robots_close_one_outlet_but_not_its_feed() -> None:
    closed = respond("poplavok.example", "/robots.txt").body.decode()
    assert "Disallow: /\n" in closed
    assert "Allow: /rss.xml" in closed
    assert "Disallow: /\n" not in respond("samovar.example", "/robots.txt").body.decode()
    assert row("chuzhaya-valyuta").text_from == "feed"


def test_dead_slow_and_gone() -> None:
    assert respond("tundrapost.example", "/rss.xml").status == 500
    assert respond("yantartv.example", "/rss.xml").delay == 1.5
    assert ask(row("li-tsyan-v-moskve").url).status == 410


@pytest.mark.parametrize(
    "url", ["http://kedrpress.example/no-such", "http://nobody.example/", "http://echomill.example/"]
)
def test_what_is_not_there_is_404(url: str) -> None:
    assert ask(url).status == 404


def test_feeds_without_dates_and_with_local_ones() -> None:
    assert b"<pubDate>" not in respond("xuesong.example", "/rss.xml").body
    assert b"<pubDate>2026-10-12 10:18:00</pubDate>" in respond("mozhu.example", "/rss/scroll.xml").body


def test_the_amp_twin_names_its_article() -> None:
    twin, article = row("bezviz-dlya-kitaytsev-amp"), row("bezviz-dlya-kitaytsev")
    assert twin.state == "duplicate-url"
    assert f'<link rel="canonical" href="{article.url}">' in page("bezviz-dlya-kitaytsev-amp")
    assert f'<link rel="amphtml" href="{twin.url}">' in page("bezviz-dlya-kitaytsev")


def test_relative_links_json_feed_sitemap_and_list() -> None:
    assert b'href="/2026/' in respond("heishui.example", "/atom.xml").body
    feed = json.loads(respond("cuizhu.example", "/feed.json").body)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert b"<news:publication_date>" in respond("albionledger.example", "/sitemap-news.xml").body
    assert (
        b"/world/20251210/gongtong-xunhang-riben.html" in respond("haixia-lighthouse.example", "/list/world.html").body
    )


def test_a_shell_without_text() -> None:
    assert row("rupee-rouble-yuan").state == "no-text"
    assert "<p>" not in page("rupee-rouble-yuan")


def test_templates_are_those_of_the_trade() -> None:
    assert "【责任编辑：" in page("shuangzicheng")
    assert "Читайте также:" in page("tovarooborot-2025")
    assert "application/ld+json" in page("trade-with-russia-2025")
    assert "article:published_time" in page("years-of-education")
    assert not re.search(r"ld\+json|og:|datePublished", page("memorandum-one-year-on"))


# --- editions ------------------------------------------------------------------------------------------------------


def test_three_articles_are_edited_later() -> None:
    assert "Hangzou" in page("mishustin-in-hangzhou")
    assert "Hangzou" not in page("mishustin-in-hangzhou", edition=1)
    assert "9,6%" in page("tovarooborot-2025")
    assert "6,9%" in page("tovarooborot-2025", edition=1)
    assert len(page("trade-with-russia-2025", edition=1)) > len(page("trade-with-russia-2025")) + 200


def test_nothing_else_is_edited() -> None:
    before = {article.id: article.paragraphs for article in articles(0) if not article.edited}
    after = {article.id: article.paragraphs for article in articles(1) if article.id in before}
    assert before == after


def test_some_articles_appear_later() -> None:
    new = {article.id for article in expected(1)} - {article.id for article in expected(0)}
    assert new == {article.id for article in expected(1) if article.later}
    assert len(new) == 3


def test_an_edit_that_the_feed_shows_changes_its_etag() -> None:
    old = respond("jadegate.example", "/atom.xml")
    assert respond("jadegate.example", "/atom.xml", "", {"If-None-Match": old.header("ETag")}, LATER).status == 200


# --- growth --------------------------------------------------------------------------------------------------------


def test_growth_is_numbered_steady_and_relevant() -> None:
    grown = [article for article in expected(extra=30) if article.outlet == "echomill"]
    assert {article.id for article in grown} == {f"report-{number:05}" for number in range(1, 31)}
    assert Counter(article.lang for article in grown) == {"en": 10, "ru": 10, "zh": 10}
    assert set(expected(extra=10)) < set(expected(extra=30))


def test_the_outlet_of_growth_loads_and_answers() -> None:
    (source,) = load_sources(GROWTH_SOURCES)
    made = ask(source.feeds[0].url, SampleState(extra=5))
    assert made.body.count(b"<item>") == 5
    assert ask(row("years-of-education").url, SampleState(extra=5)).status == 200


# --- the server ----------------------------------------------------------------------------------------------------


def get(server: SampleServer, host: str, path: str, method: str = "GET", **headers: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request(method, path, headers={"Host": host, **headers})
    return connection.getresponse()


def test_the_server_gives_what_respond_gives() -> None:
    with SampleServer() as server:
        answer = get(server, "kedrpress.example", "/rss.xml")
        assert answer.read() == respond("kedrpress.example", "/rss.xml").body
        assert server.hosts == {".example": ("127.0.0.1", server.port)}


def test_the_edition_can_be_set_while_it_runs() -> None:
    path = urlsplit(row("mishustin-in-hangzhou").url).path
    with SampleServer() as server:
        assert b"Hangzou" in get(server, "cedarwire.example", path).read()
        server.edition = 1
        assert b"Hangzou" not in get(server, "cedarwire.example", path).read()


def test_head_has_no_body_and_304_no_length() -> None:
    with SampleServer() as server:
        head = get(server, "nordlicht.example", "/rss.xml", "HEAD")
        assert (head.status, head.read()) == (200, b"")
        same = get(server, "nordlicht.example", "/rss.xml", **{"If-None-Match": head.headers["ETag"]})
        assert (same.status, same.read()) == (304, b"")


def test_a_person_can_look_at_it_under_the_local_address() -> None:
    with SampleServer() as server:
        directory = get(server, f"127.0.0.1:{server.port}", "/").read().decode()
        assert "/kedrpress.example/" in directory
        assert get(server, f"127.0.0.1:{server.port}", "/kedrpress.example/").status == 200


def test_a_taken_port_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with SampleServer() as server:
        assert main(["--port", str(server.port)]) == 1
    assert "cannot serve on 127.0.0.1" in capsys.readouterr().err
