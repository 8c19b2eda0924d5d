"""robots.txt: allowed, forbidden, unreachable; fetched once; crawl-delay kept."""

import asyncio
from typing import Any

import pytest

from amur.errors import FetchError
from ingest.budget import DomainBudget
from ingest.fetch import Fetcher, Limits
from ingest.robots import RobotsCache, parse
from tests.ingest.raw_server import answered, raw_server

RULES = b"User-agent: *\nDisallow: /private\nAllow: /private/open\n\nUser-agent: Amur\nDisallow: /only-amur\n"


class Recorder(DomainBudget):
    def __init__(self) -> None:
        super().__init__(0.0)
        self.asked: list[tuple[str, float]] = []

    async def slot(self, domain: str, least: float = 0.0) -> None:
        self.asked.append((domain, least))


def visit(robots: Any, *paths: str, clock: Any = None, ignore: bool = False) -> tuple[list[str], list[str], Recorder]:
    """Outcomes ("ok" where fetched) of paths of one site, what the server was asked, and the budget."""

    async def whole() -> tuple[list[str], list[str], Recorder]:
        budget = Recorder()
        cache = RobotsCache(clock=clock) if clock else RobotsCache()
        async with raw_server({"/robots.txt": robots, **{p: answered(200, b"x") for p in paths}}) as server:
            lookup_host = {"news.example": ("127.0.0.1", server.port)}
            async with Fetcher("Amur", Limits(total=2.0), budget, cache, lookup_host) as fetch:
                outcomes = []
                for path in paths:
                    try:
                        await fetch.get(f"http://news.example{path}", kind="page", ignore_robots=ignore)
                        outcomes.append("ok")
                    except FetchError as error:
                        outcomes.append(error.outcome)
            return outcomes, server.paths(), budget

    return asyncio.run(whole())


def test_rules_for_us_are_followed_and_the_file_is_read_once() -> None:
    outcomes, asked, _ = visit(answered(200, RULES), "/a", "/only-amur/x", "/private", "/b")
    assert outcomes == ["ok", "robots-disallowed", "ok", "ok"]
    assert asked.count("/robots.txt") == 1
    assert "/only-amur/x" not in asked


def test_rules_for_all_hold_where_we_are_not_named() -> None:
    outcomes, _, _ = visit(answered(200, RULES.split(b"\n\n")[0]), "/private/a", "/private/open", "/c")
    assert outcomes == ["robots-disallowed", "ok", "ok"]


@pytest.mark.parametrize("status", [401, 403, 404, 410, 451])
def test_no_file_means_all_is_allowed(status: int) -> None:
    assert visit(answered(status), "/a")[0] == ["ok"]


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_server_that_cannot_say_forbids_for_now(status: int) -> None:
    outcomes, asked, _ = visit(answered(status), "/a", "/b")
    assert outcomes == ["temporary", "temporary"]
    assert "/a" not in asked
    assert asked.count("/robots.txt") == 1


def test_an_unreachable_file_is_asked_for_again_after_a_while() -> None:
    now = [0.0]

    def clock() -> float:
        now[0] += 1_000.0
        return now[0]

    _, asked, _ = visit(answered(503), "/a", "/b", clock=clock)
    assert asked.count("/robots.txt") == 2


def test_the_operators_own_host_may_be_read_without_rules() -> None:
    outcomes, asked, _ = visit(answered(200, b"User-agent: *\nDisallow: /"), "/a", ignore=True)
    assert (outcomes, asked) == (["ok"], ["/a"])


def test_one_request_for_the_file_though_many_wait_for_it() -> None:
    async def whole() -> list[str]:
        async with raw_server({"/robots.txt": answered(200, RULES), "/a": answered(200, b"x")}) as server:
            hosts = {".example": ("127.0.0.1", server.port)}
            async with Fetcher("Amur", Limits(total=3.0), DomainBudget(0.0), RobotsCache(), hosts) as fetch:
                await asyncio.gather(*(fetch.get("http://news.example/a", kind="page") for _ in range(8)))
            return server.paths()

    assert asyncio.run(whole()).count("/robots.txt") == 1


def test_a_redirect_to_another_site_asks_that_sites_rules() -> None:
    async def whole() -> str:
        forbids = {"/robots.txt": answered(200, b"User-agent: *\nDisallow: /"), "/x": answered(200, b"x")}
        async with raw_server(forbids) as other, raw_server({}) as first:
            first.answers["/"] = answered(302, b"", Location="http://other.example/x")
            hosts = {"news.example": ("127.0.0.1", first.port), "other.example": ("127.0.0.1", other.port)}
            async with Fetcher("Amur", Limits(total=3.0), DomainBudget(0.0), RobotsCache(), hosts) as fetch:
                with pytest.raises(FetchError) as caught:
                    await fetch.get("http://news.example/", kind="page")
                return caught.value.outcome

    assert asyncio.run(whole()) == "robots-disallowed"


class _Answer:
    def __init__(self, body: bytes) -> None:
        self.body = body


def _delay(text: bytes) -> float:
    from yarl import URL

    async def get(url: str) -> Any:
        return _Answer(text)

    return asyncio.run(RobotsCache().check(URL("http://a.example/x"), get))


@pytest.mark.parametrize(
    ("line", "seconds"),
    [(b"7", 7.0), (b"0.5", 0.5), (b"99999", 60.0), (b"-3", 0.0), (b"soon", 0.0), (b"1e400", 0.0), (b"nan", 0.0)],
)
def test_crawl_delay_is_kept_within_bounds(line: bytes, seconds: float) -> None:
    assert _delay(b"User-agent: *\nCrawl-delay: " + line) == seconds


@pytest.mark.parametrize(
    "body",
    [
        b"", b"\0\0\0", b"<html><body>404</body></html>", b"\xff\xfe\x00", "запрет: всё".encode("cp1251"),
        b"User-agent: *\nDisallow: /" + b"*a" * 50_000, b"Disallow: /\n" * 40_000,
        b"\xef\xbb\xbfUser-agent: *\nDisallow: /x",
    ],
)  # fmt: skip
def test_rubbish_does_not_stop_the_parser(body: bytes) -> None:
    assert parse(body).can_fetch("http://a.example/" + "a" * 2_000, "amur") in {True, False}


def test_a_byte_order_mark_does_not_hide_the_first_rule() -> None:
    assert not parse(b"\xef\xbb\xbfUser-agent: *\nDisallow: /x").can_fetch("http://a.example/x", "amur")
