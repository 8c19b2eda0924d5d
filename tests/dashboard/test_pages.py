"""Pages as a reader without JavaScript gets them, and errors that say what to do."""

import dataclasses
from collections import Counter
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest

from amur.errors import StoreError, StoreUnavailable
from dashboard.app import create_app
from dashboard.parts import Parts
from dashboard.views_week import monday_of
from tests.dashboard.documents import HOSTILE, NEWEST, TEXTS, article_id, articles

MORE = (
    "/week",
    "/stories",
    "/stories/s0",
    "/events",
    "/quotes",
    "/phrases",
    "/phrases?phrase=multipolar-world",
    "/names?unit=families",
    "/names",
    "/names/Xi%20Jinping",
    "/outlets",
    "/outlets/daily_globe",
)
PAGES = (
    "/",
    "/articles",
    "/articles?q=gas",
    f"/articles/{article_id(1)}",
    "/collection",
    "/nowhere",
    "/articles?q=(",
    *MORE,
)
MOST_LINKS = 60  # followed on one page


class Tags(HTMLParser):
    """What a page links to, and what in it a strict policy would refuse to run."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.refused: list[str] = []
        self.count: Counter[str] = Counter()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.count[tag] += 1
        given = {k: v or "" for k, v in attrs}
        self.links += [v for k, v in given.items() if k in {"href", "src", "action", "data-chart", "data-script"}]
        self.refused += [k for k in given if k == "style" or k.startswith("on")]
        self.refused += [v for v in given.values() if v.strip().lower().startswith(("javascript:", "data:text"))]
        self.refused += [tag] * (tag == "style" or (tag == "script" and "src" not in given))


def missing(page: str, *words: str) -> list[str]:
    """Words that are not on a page. (Comparing whole pages makes pytest explain for minutes.)"""
    return [w for w in words if w not in page]


@pytest.mark.parametrize("ui", ["en", "ru", "zh"])
@pytest.mark.parametrize("address", PAGES)
def test_every_page_is_whole_in_every_language(get: Any, address: str, ui: str) -> None:
    page = get(f"{address}{'&' if '?' in address else '?'}ui={ui}")
    tags = Tags(page.text)
    assert page.status in {200, 400, 404}
    assert missing(page.text, "SAMPLE DATA", f'<html lang="{"zh-Hans" if ui == "zh" else ui}">') == []
    assert page.headers["x-amur-sample"] == "true"
    assert tags.count["h1"] == 1
    assert tags.refused == []


@pytest.mark.parametrize("address", [*PAGES[:5], *MORE])
def test_no_link_leads_into_nothing(get: Any, address: str) -> None:
    own = sorted({x for x in Tags(get(address).text).links if x.startswith("/") and "/original/" not in x})
    some = own[:: -(-len(own) // MOST_LINKS)]
    assert len(own) > 10
    assert [link for link in some if get(link).status != 200] == []


def test_the_first_page_answers_the_first_questions(get: Any) -> None:
    wanted = (
        "3 of 6 outlets healthy",
        "As of 31 May 2024, 10:00 UTC",
        'value="2023-06-02"',
        "Xi Jinping",
        "not covered",
    )
    assert missing(get("/").text, *wanted) == []


def test_hostile_text_is_only_text(get: Any) -> None:
    hostile = articles()[-1]["id"]
    for address in ("/articles?sort=date&lang=en", f"/articles/{hostile}", "/articles?q=alert"):
        page = get(address).text
        assert missing(page, "&lt;img src=x") == []
        assert missing(page, HOSTILE, "<img", "javascript:") == [HOSTILE, "<img", "javascript:"]


def test_an_article_shows_the_sentences_behind_its_annotations(get: Any) -> None:
    page = get(f"/articles/{article_id(1)}?ui=en").text
    assert missing(page, TEXTS["en"][0], "/original/harbour_post.example/1.html") == []
    assert Tags(page).count["blockquote"] == 4  # relevance, one topic, one quote, one mutual event told once


def test_bodies_are_for_private_instances(parts: Parts, connect: Callable[..., Any]) -> None:
    private = dataclasses.replace(parts, settings=dataclasses.replace(parts.settings, private=True))
    address = f"/articles/{article_id(1)}"
    for form, marker in ((address, 'class="body"'), (f"/api/v1{address}", '"body"')):
        assert missing(connect(create_app(parts))(form).text, marker) == [marker]
        assert missing(connect(create_app(private))(form).text, marker) == []


@pytest.mark.parametrize(
    ("q", "shown"), [("gas", "<em>gas</em>"), ("газопровод", "<em>газопроводе</em>"), ("天然气", "天然气")]
)
def test_search_marks_what_it_found(get: Any, q: str, shown: str) -> None:
    assert missing(get(f"/articles?q={quote(q)}&ui=en").text, shown) == []


def test_a_malformed_search_points_at_the_place(get: Any) -> None:
    page = get("/articles?q=gas+AND+(&ui=en")
    position = get("/api/v1/articles.json?q=gas+AND+(").json["error"]["position"]
    assert page.status == 400
    assert missing(page.text, "gas AND (<mark" if position == 9 else "gas AND <mark") == []


def test_pages_of_a_long_list(get: Any) -> None:
    assert missing(get("/articles?period=all&ui=en").text, "Page 1 of", 'rel="next"') == []
    assert get("/articles?period=all&page=500&ui=en").status == 200


FAR = ("from=0001-01-01", "from=9999-12-31", "to=0001-01-01", "to=9999-12-31", "from=1900-01-01&to=2199-12-31")


@pytest.mark.parametrize("question", [*FAR, "week=0001-W01", "week=9999-W52", "from=0001-01-01&week=x", "page=99999"])
@pytest.mark.parametrize("address", ["/", "/week", "/events", "/quotes", "/phrases", "/articles", "/stories"])
def test_far_days_and_pages_have_a_page(get: Any, address: str, question: str) -> None:
    assert get(f"{address}?show=share&{question}").status == 200


@pytest.mark.parametrize("question", FAR[:-1])
def test_a_program_is_told_that_a_day_is_too_far(get: Any, question: str) -> None:
    assert get(f"/api/v1/figures/attention.json?{question}").status == 400


def test_a_search_that_is_too_long_is_not_cut_in_silence(get: Any) -> None:
    assert get("/articles?q=" + "a" * 3999).status == 200
    reply = get("/articles?q=" + "a" * 4001)
    assert reply.status == 400
    assert "longer than 4000" in reply.text


def test_nothing_found_says_what_to_do(get: Any) -> None:
    assert missing(get("/articles?q=zebra&ui=en").text, "No article is like this", "period=all") == []


def test_a_mutual_act_is_told_once(get: Any) -> None:
    assert Tags(get("/events").text).count["blockquote"] == 12


@pytest.mark.parametrize(
    ("week", "monday"),
    [
        ("2024-W01", "2024-01-01"),
        ("2020-W53", "2020-12-28"),
        ("2021-W53", "2024-05-27"),
        ("x", "2024-05-27"),
        ("", "2024-05-27"),
    ],
)
def test_a_week_is_an_iso_week(week: str, monday: str) -> None:
    assert monday_of(week, NEWEST).isoformat() == monday


def test_a_filter_stays_in_its_week(get: Any) -> None:
    page = get("/week?week=2024-W01&ui=en").text
    onward = next(x for x in Tags(page).links if x.startswith("/week?") and "topic=" in x)
    assert missing(get(onward).text, "The week 2024-W01") == []


def test_copies_are_folded_under_the_first(get: Any) -> None:
    page = get("/stories/s0?ui=en").text
    assert Tags(page).count["details"] == 4  # three families of two, and the outlets that were looked at
    assert missing(page, "6 reports", "3 separate texts", "1 copy") == []


@pytest.mark.parametrize("address", ["/stories/none", "/names/Nobody", "/outlets/none", "/original/x.example/1"])
def test_what_there_is_not(get: Any, address: str) -> None:
    assert get(address).status == 404


def test_a_search_can_be_followed(get: Any) -> None:
    reply = get("/articles.atom?lang=ru")
    feed = ET.fromstring(reply.body)
    entries = feed.findall("{http://www.w3.org/2005/Atom}entry")
    assert reply.headers["content-type"].startswith("application/atom+xml")
    assert len(entries) == 50
    assert {e.findtext("{http://www.w3.org/2005/Atom}title") for e in entries} == {TEXTS["ru"][0]}


class Down:
    """A store that does not answer."""

    url = "https://search.example:9200"

    def __getattr__(self, _name: str) -> Any:
        def refuse(*_args: Any, **_more: Any) -> Any:
            raise StoreUnavailable(
                "the store at https://search.example:9200 does not answer: start it, or set AMUR_STORE"
            )

        return refuse


@pytest.mark.parametrize("address", ["/", "/articles", "/api/v1/articles.json"])
def test_a_store_that_is_down(parts: Parts, connect: Callable[..., Any], address: str) -> None:
    down = dataclasses.replace(parts, store=Down())  # type: ignore[arg-type]
    page = connect(create_app(down))(address)
    assert page.status == 503
    assert missing(page.text, "does not answer", "Traceback") == ["Traceback"]


@pytest.mark.parametrize("path", ["{data}/store/amur/a/articles", "/srv/other place/x", "embedded:///srv/x"])
@pytest.mark.parametrize("address", ["/articles", "/api/v1/articles.json"])
def test_an_error_does_not_say_where_things_lie(
    parts: Parts, connect: Callable[..., Any], address: str, path: str
) -> None:
    data = parts.settings.data.absolute()

    class Broken:
        def search(self, *_args: Any) -> Any:
            raise StoreError(f"the store in {path.format(data=data)} failed: out of range")

    page = connect(create_app(dataclasses.replace(parts, store=Broken())))(address)  # type: ignore[arg-type]
    assert page.status == 500
    assert missing(page.text, str(data), "/srv", "failed: out of range") == [str(data), "/srv"]


def test_a_fault_of_our_own_has_a_page_and_the_policy(parts: Parts, connect: Callable[..., Any]) -> None:
    def fail() -> dict[str, Any]:
        raise RuntimeError("secret detail")

    page = connect(create_app(dataclasses.replace(parts, status=fail)))("/")
    assert page.status == 500
    assert missing(page.text, "secret detail") == ["secret detail"]
    assert "default-src 'none'" in page.headers["content-security-policy"]


def test_an_empty_store_says_how_to_fill_it(tmp_path: Path, parts: Parts, connect: Callable[..., Any]) -> None:
    from index.store.base import open_store

    store = open_store(f"embedded://{tmp_path}")
    store.ensure()
    page = connect(create_app(dataclasses.replace(parts, store=store)))("/?ui=en")
    assert page.status == 200
    assert missing(page.text, "amur collect") == []
