"""Every article of the sample web is read whole, and nothing beside it."""

import re
from collections import Counter
from datetime import UTC, datetime

import pytest

from ingest.model import Article, FeedEntry, Page
from ingest.pages import read_page
from ingest.sample.texts import SampleArticle, articles
from ingest.sample_web import SOURCES, SampleState, respond
from ingest.sources import load_sources

LEAST_F1 = 0.97
EDITIONS = (0, 1)
READABLE = [
    pytest.param(article, edition, id=f"{article.id}-{edition}")
    for edition in EDITIONS
    for article in articles(edition)
    if (edition == 0 or article.edited or article.later)  # the rest is as it was
    and article.page_status == 200
    and not article.shell
    and not article.outlet.robots_closed
]
_TOKEN = re.compile(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+")
_SOURCES = {source.name: source for source in load_sources(SOURCES)}


def read(article: SampleArticle, edition: int) -> Article:
    response = respond(article.outlet.host, article.path, "", {}, SampleState(edition, 0))
    kind = {name.lower(): value for name, value in dict(response.headers).items()}["content-type"]
    entry = FeedEntry(article.outlet.name, "", article.url, title=article.title, published=article.published)
    page = Page(entry, article.url, response.status, kind, response.body, datetime(2026, 12, 1, tzinfo=UTC))
    return read_page(page, _SOURCES[article.outlet.name])


def f1(wanted: str, given: str) -> float:
    one, other = Counter(_TOKEN.findall(wanted)), Counter(_TOKEN.findall(given))
    return 2 * (one & other).total() / (one.total() + other.total())


@pytest.mark.parametrize(("article", "edition"), READABLE)
def test_the_text_and_lead_of_a_sample_article_are_its_own(article: SampleArticle, edition: int) -> None:
    got = read(article, edition)
    assert f1("\n".join(article.paragraphs), got.text) >= LEAST_F1
    assert article.paragraphs[0].startswith(got.lead.rstrip("…"))
    assert got.title == article.title
