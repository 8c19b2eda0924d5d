"""The poll step: sitemap indexes, feeds that moved, problems that stay seen, and batches that lose nothing."""

import asyncio
import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from amur.errors import FetchError
from ingest.fetch import Response
from ingest.ledger import Ledger
from ingest.model import Feed, Source
from ingest.policy import FeedState, health
from ingest.step_poll import poll, state_of
from ingest.steps_base import Counts, Worker

WORKER = Worker("tester", lease=60.0)
RSS = "<rss version='2.0'><channel><title>t</title>{}</channel></rss>"
ITEM = "<item><title>One</title><link>http://a.example/{}</link></item>"
INDEX = (
    "<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>"
    "<sitemap><loc>http://a.example/1.xml</loc></sitemap><sitemap><loc>http://a.example/2.xml</loc></sitemap>"
    "</sitemapindex>"
)
URLSET = (
    "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>http://a.example/{}</loc></url></urlset>"
)


class Web:
    """Answers by address: a body, an error, or a body and the address to which a feed moved for good."""

    def __init__(self, answers: Mapping[str, Any]) -> None:
        self.answers = dict(answers)
        self.asked: list[str] = []

    async def get(self, url: str, **_: Any) -> Response:
        self.asked.append(url)
        answer = self.answers.get(url, FetchError("404", "soft"))
        if isinstance(answer, Exception):
            raise answer
        body, moved = answer if isinstance(answer, tuple) else (answer, "")
        redirects = ((301, moved),) if moved else ()
        headers = (("Content-Type", "application/xml"),)
        return Response(moved or url, 200, headers, body.encode(), dt.datetime.now(dt.UTC), redirects, 0.0)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = Ledger.open(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    yield opened
    opened.close()


def source(*urls: str, kind: str = "feed") -> dict[str, Source]:
    feeds = tuple(Feed(url, kind=kind) for url in urls)  # type: ignore[arg-type]
    return {"a": Source("a", "A", "http://a.example/", "RUS", ("en",), "UTC", (), "online", feeds)}


def polled(ledger: Ledger, web: Web, sources: Mapping[str, Source]) -> Counts:
    ledger.feeds.sync((feed.url, name) for name, s in sources.items() for feed in s.feeds)
    ledger.feeds.hasten()
    return asyncio.run(poll(ledger, web, sources, WORKER))  # type: ignore[arg-type]


def states(ledger: Ledger) -> dict[str, FeedState]:
    return {row["url"]: state_of(row["url"], row["source"], row["state"]) for row in ledger.feeds.all()}


def test_a_sitemap_index_gives_the_entries_of_its_sitemaps_and_is_read_again_though_unchanged(ledger: Ledger) -> None:
    url = "http://a.example/index.xml"
    web = Web({url: INDEX, "http://a.example/1.xml": URLSET.format("one"), "http://a.example/2.xml": "no sitemap"})
    assert polled(ledger, web, source(url, kind="sitemap"))["new"] == 1
    assert states(ledger)[url].problems == 1
    assert "2.xml" in states(ledger)[url].problem
    web.answers["http://a.example/2.xml"] = URLSET.format("two")
    assert polled(ledger, web, source(url, kind="sitemap"))["new"] == 1
    assert states(ledger)[url].problems == 0


def test_an_index_none_of_whose_sitemaps_can_be_read_has_failed(ledger: Ledger) -> None:
    url = "http://a.example/index.xml"
    counts = polled(ledger, Web({url: INDEX}), source(url, kind="sitemap"))
    assert counts["feeds-failed"] == 1
    assert "none of 2 sitemaps" in states(ledger)[url].last_error


def test_a_feed_that_moved_for_good_is_asked_there_and_after_a_failure_where_it_was(ledger: Ledger) -> None:
    old, new = "http://a.example/old", "http://b.example/new"
    web = Web({old: (RSS.format(ITEM.format(1)), new), new: RSS.format(ITEM.format(1) + ITEM.format(2))})
    polled(ledger, web, source(old))
    assert states(ledger)[old].moved_to == new
    assert polled(ledger, web, source(old))["new"] == 1
    assert web.asked == [old, new]
    assert states(ledger)[old].moved_to == new
    web.answers[new] = FetchError("410", "gone")
    polled(ledger, web, source(old))
    assert not states(ledger)[old].retired
    polled(ledger, web, source(old))
    assert web.asked[2:] == [new, old]
    assert states(ledger)[old].failures == 0


def test_problems_of_a_feed_stay_seen_until_it_is_read_without(ledger: Ledger) -> None:
    url = "http://a.example/rss"
    web = Web({url: RSS.format(ITEM.format(1) + "<item><title>No link</title></item>")})
    for _ in range(2):  # the second time its bytes are the same and are not read
        polled(ledger, web, source(url))
        assert (states(ledger)[url].problems, states(ledger)[url].problem) == (1, "entry without a link")
    web.answers[url] = RSS.format(ITEM.format(1))
    polled(ledger, web, source(url))
    assert (states(ledger)[url].problems, states(ledger)[url].problem) == (0, "")


def test_a_feed_that_never_answered_is_failing(ledger: Ledger) -> None:
    url = "http://a.example/rss"
    polled(ledger, Web({}), source(url))
    assert health(states(ledger)[url], dt.datetime.now(dt.UTC)) == "failing"


def test_many_feeds_are_recorded_whole_and_a_lost_lease_costs_only_its_own(ledger: Ledger) -> None:
    urls = [f"http://a.example/{n}.rss" for n in range(60)]
    web = Web({url: RSS.format(ITEM.format(n)) for n, url in enumerate(urls)})
    sources, get = source(*urls), web.get

    async def overtaken(url: str, **options: Any) -> Response:
        if url == urls[7]:
            with ledger.engine.begin() as connection:
                ledger.feeds.expire(connection, [1])
                connection.exec_driver_sql("UPDATE feeds SET token = 1 WHERE url <> ?", (url,))
        return await get(url, **options)

    web.get = overtaken  # type: ignore[method-assign]
    counts = polled(ledger, web, sources)
    assert (counts["feeds"], counts["new"] + counts["lost"]) == (60, 60)
    assert counts["lost"] >= 1
    assert sum(ledger.counts().values()) == counts["new"]
    assert sum(s.last_success is not None for s in states(ledger).values()) == counts["new"]
