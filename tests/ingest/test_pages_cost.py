"""No page, whatever its markup, takes more than seconds or ends in anything but an article or a named reason."""

import time
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from amur.errors import ReadError
from ingest.extraction_bounds import with_few_attributes, without_noise
from ingest.extraction_tree import parse
from ingest.pages import extract_article

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
URL = "https://outlet.example/2025/12/05/visit"
SECONDS = 2.0  # of this process' own time, so that a busy machine makes no difference
TEXT = "The ministers met in Beijing on Friday and spoke of gas, rail freight and payments. " * 5


def nested(tag: str, times: int) -> str:
    return tag * times + TEXT


HOSTILE = {
    **{
        f"{tag}*{times}": nested(tag, times)
        for times in (30_000, 300_000)
        for tag in (
            "<div>",
            "<span>",
            "<ul><li>",
            "<table><tr><td>",
            "<blockquote>",
            "<p>",
            "<p>x",
            "<b>",
            "<font>",
            "<a>",
        )
    },
    "fonts": "".join(f"<font color={i}>" for i in range(30_000)) + TEXT,
    "fonts in paragraphs": "<p>" + "".join(f"<font color={i}>" for i in range(150)) + "x<p>y" * 30_000 + TEXT,
    "links": "<a href=x>" * 100_000 + TEXT,
    "dates": "<div class=date>" * 1_500 + "<i></i>" * 100_000 + TEXT,
    "headings": "<div><h1>" * 900 + "<i>x</i>" * 50_000 + TEXT,
    "asides": "<div class=share>" * 190 + "<h1>x</h1>" + "<p>x</p>" * 100_000,
    "attributes": "<div " + " ".join(f"a{i}=1" for i in range(200_000)) + f">{TEXT}</div>",
    "attributes out of quotes": '<title><a x="</title><div z=">" '
    + " ".join(f"a{i}" for i in range(200_000))
    + f">{TEXT}</div>",
    "many attributes often": ("<p " + " ".join(f"a{i}=1" for i in range(5_000)) + ">x</p>") * 100 + TEXT,
    "siblings": "<p>some words, and more</p>" * 100_000,
    "empty siblings": "<div>x</div>" * 100_000 + TEXT,
    "one text": "<p>" + "word, " * 900_000,
    "one word": "<p>" + "w" * 5_000_000,
    "one line of marks": "<p>" + ".,- " * 1_250_000,
    "comment": "<!--" + "x" * 5_000_000 + "-->" + TEXT,
    "open comments": "<!--" * 500_000 + TEXT,
    "open scripts": "<script>" * 300_000 + TEXT,
    "scripts without end": "<script " * 300_000 + TEXT,
    "scripts of one tag": "<script " * 300_000 + "ld+json>x</script>" + TEXT,
    "open quotes": "<a href=\"'" * 300_000 + TEXT,
    "deep data": '<script type="application/ld+json">' + "[" * 200_000 + f"</script><p>{TEXT}",
    "deep objects": '<script type="application/ld+json">' + '{"@graph":' * 100_000 + f"</script><p>{TEXT}",
    "many articles": '<script type="application/ld+json">['
    + ",".join(['{"@type":"Article","datePublished":"yesterday 1"}'] * 40_000)
    + f"]</script><p>{TEXT}",
    "long type": '<script type="application/ld+json">{"@type":"' + "a" * 1_000_000 + f'"}}</script><p>{TEXT}',
    "title of marks": "<title>" + "a | " * 500_000 + f"</title><p>{TEXT}",
}


@pytest.fixture(scope="module", autouse=True)
def _loaded() -> None:
    """Models and lists are read once per process and are no cost of a page."""
    extract_article(f"<title>Ministers in Beijing</title><p>{TEXT}</p><p>{TEXT}</p>", URL, now=NOW)


@pytest.mark.parametrize("name", HOSTILE)
def test_time_is_bounded(name: str) -> None:
    started = time.process_time()
    with suppress(ReadError):
        extract_article(HOSTILE[name], URL, now=NOW)
    assert time.process_time() - started < SECONDS


def test_a_page_that_is_too_deep_is_still_read() -> None:
    html = "<h1>Ministers in Beijing</h1>" + nested("<div>", 300)
    assert "gas, rail freight" in extract_article(html, URL, now=NOW).text


@pytest.mark.parametrize("html", [f"<p>{TEXT}\ud800</p>", f"<title>\udfff</title><p>{TEXT}", "\ud800"])
def test_half_a_character_in_a_page(html: str) -> None:
    try:
        extract_article(html, URL, now=NOW).text.encode()
    except ReadError:
        assert html == "\ud800"


@pytest.mark.parametrize("url", [URL + "\ud800", "https://\udc00.example/1", "\ud800"])
def test_half_a_character_in_an_address(url: str) -> None:
    with pytest.raises(ReadError, match="address"):
        extract_article(f"<p>{TEXT}</p>", url, now=NOW)


@pytest.mark.parametrize(
    ("html", "left"),
    [
        ("a<!-- x -->b<!--c", "ab<!--c"),
        ("a<script>x</SCRIPT >b", "ab"),
        ("a<script type='application/ld+json'>{}</script>b", "a<script type='application/ld+json'>{}</script>b"),
        ("<svg a=1><script>x</script></svg>b", "b"),
        ("<style>b", "<style>b"),
    ],
)
def test_noise(html: str, left: str) -> None:
    assert without_noise(html) == left


def test_attributes() -> None:
    few = '<p class="a" data-x=\'{"a": 1}\'>x</p>'
    words = f'<meta content="{"word " * 300}">'
    assert with_few_attributes(words) == words
    many = "<p " + "a " * 300 + ">x</p>"
    assert with_few_attributes(few + many) == few + "<p>x</p>"
    assert parse(with_few_attributes(many)).text_content() == "x"
