"""The fetcher against servers that behave."""

import asyncio
import gzip
import zlib
from collections.abc import Callable
from typing import Any

import brotli
import pytest
import zstandard

from amur.errors import FetchError
from ingest.budget import DomainBudget
from ingest.fetch import Fetcher, Limits, Response, user_agent
from ingest.robots import RobotsCache
from tests.ingest.raw_server import RawServer, answered, raw_server

FAST = Limits(connect=1.0, idle=1.0, total=2.0, max_bytes=2_000_000)


def fetcher(server: RawServer, limits: Limits = FAST, **options: Any) -> Fetcher:
    """A fetcher for which everything under .example is the server."""
    hosts = options.pop("hosts", {".example": ("127.0.0.1", server.port)})
    budget = options.pop("budget", DomainBudget(delay=0.0))
    return Fetcher("Amur test", limits, budget, RobotsCache(), hosts, **options)


def run(answers: dict[str, Any], ask: Callable[[Fetcher, RawServer], Any], **options: Any) -> Any:
    async def whole() -> Any:
        async with raw_server(answers) as server, fetcher(server, **options) as fetch:
            return await ask(fetch, server)

    return asyncio.run(whole())


def get(answers: dict[str, Any], path: str = "/", **options: Any) -> Response:
    asked = options.pop("asked", {"kind": "page"})
    result: Response = run(answers, lambda f, _: f.get(f"http://news.example{path}", **asked), **options)
    return result


def test_a_response_has_all_that_later_stages_need() -> None:
    page = answered(200, "页".encode(), Content_Type="text/html; charset=utf-8", ETag='"a"', X_Twice="1", x_twice="2")
    response = get({"/a": page}, "/a")
    assert (response.url, response.status, response.body.decode()) == ("http://news.example/a", 200, "页")
    assert response.content_type == "text/html; charset=utf-8"
    assert response.header("ETAG") == '"a"'
    assert [v for k, v in response.headers if k.lower() == "x-twice"] == ["1", "2"]
    assert response.fetched_at.tzinfo is not None


def test_it_says_who_it_is_and_what_it_takes() -> None:
    def asked(_: Fetcher, server: RawServer) -> Any:
        async def ask() -> dict[str, str]:
            await _.get("http://news.example/", kind="feed")
            return server.asked[-1][1]

        return ask()

    headers = run({"/": answered(200, b"x")}, asked)
    assert headers["user-agent"] == "Amur test"
    assert headers["accept-encoding"] == "gzip, deflate, br, zstd"
    assert "application/rss+xml" in headers["accept"]
    assert headers["host"] == "news.example"


def test_user_agent_names_the_contact() -> None:
    assert user_agent("desk@example.org", "1.2") == "Amur/1.2 (news monitor; +desk@example.org)"
    assert "https://" in user_agent()
    assert user_agent("почта@пример\r\nX: y").isascii()


def test_validators_are_sent_as_they_came_and_a_304_has_no_body() -> None:
    def asked(fetch: Fetcher, server: RawServer) -> Any:
        async def ask() -> tuple[Response, dict[str, str]]:
            date = "Tue, 21 Mar 2023 10:00:00 GMT"
            got = await fetch.get("http://news.example/f", kind="feed", etag='W/"7"', last_modified=date)
            return got, server.asked[-1][1]

        return ask()

    response, headers = run({"/f": answered(304)}, asked)
    assert response.not_modified
    assert response.body == b""
    assert headers["if-none-match"] == 'W/"7"'
    assert headers["if-modified-since"] == "Tue, 21 Mar 2023 10:00:00 GMT"


def test_validators_that_would_break_the_header_are_not_sent() -> None:
    def asked(fetch: Fetcher, server: RawServer) -> Any:
        async def ask() -> dict[str, str]:
            await fetch.get("http://news.example/f", kind="feed", etag='"a"\r\nX-Injected: 1')
            return server.asked[-1][1]

        return ask()

    headers = run({"/f": answered(200, b"x")}, asked)
    assert "x-injected" not in headers
    assert "if-none-match" not in headers


TEXT = "Россия и Китай 俄罗斯与中国 ".encode() * 400


@pytest.mark.parametrize(
    ("coding", "coded"),
    [
        ("gzip", gzip.compress(TEXT)),
        ("x-gzip", gzip.compress(TEXT[:100]) + gzip.compress(TEXT[100:])),
        ("gzip", gzip.compress(TEXT) + b"\0" * 30),
        ("deflate", zlib.compress(TEXT)),
        ("deflate", zlib.compress(TEXT)[2:-4]),
        ("br", brotli.compress(TEXT)),
        ("zstd", zstandard.compress(TEXT)),
        ("zstd", zstandard.compress(TEXT[:77]) + zstandard.compress(TEXT[77:])),
        ("gzip, br", brotli.compress(gzip.compress(TEXT))),
        ("identity", TEXT),
        ("UTF-8", TEXT),
    ],
)
def test_content_codings_are_undone(coding: str, coded: bytes) -> None:
    assert get({"/": answered(200, coded, Content_Encoding=coding)}).body == TEXT


def test_large_text_that_fills_whole_pieces_is_undone() -> None:
    text = b"a" * 65_536 * 3
    limits = Limits(total=5.0, max_decompression_ratio=5_000.0)
    for coding, coded in (
        ("gzip", gzip.compress(text)),
        ("br", brotli.compress(text)),
        ("deflate", zlib.compress(text)),
    ):
        assert get({"/": answered(200, coded, Content_Encoding=coding)}, limits=limits).body == text


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (400, "hard"), (401, "soft"), (403, "soft"), (404, "hard"), (408, "temporary"), (410, "gone"), (418, "soft"),
        (429, "temporary"), (451, "soft"), (500, "temporary"), (503, "temporary"), (521, "temporary"), (204, "soft"),
        (300, "soft"), (999, "temporary"),
    ],
)  # fmt: skip
def test_each_status_has_its_outcome(status: int, outcome: str) -> None:
    with pytest.raises(FetchError) as caught:
        get({"/": answered(status, b"x" if status != 204 else b"")})
    assert (caught.value.outcome, caught.value.status) == (outcome, status)


def test_a_named_wait_is_passed_on_and_the_whole_domain_is_left_alone() -> None:
    budget = DomainBudget(delay=0.0)

    def asked(fetch: Fetcher, server: RawServer) -> Any:
        async def ask() -> tuple[float | None, str]:
            with pytest.raises(FetchError) as first:
                await fetch.get("http://a.paper.org/", kind="page")
            with pytest.raises(FetchError) as second:
                await fetch.get("http://b.paper.org/", kind="page")
            return first.value.retry_after, second.value.outcome

        return ask()

    async def lookup(host: str, port: int, family: int) -> list[str]:
        raise AssertionError(host)

    async def whole() -> Any:
        async with (
            raw_server({"/": answered(429, b"", Retry_After="3600")}) as server,
            fetcher(server, hosts={"a.paper.org": ("127.0.0.1", server.port)}, budget=budget, lookup=lookup) as f,
        ):
            return await asked(f, server)

    assert asyncio.run(whole()) == (3600.0, "temporary")


def test_redirects_are_followed_and_kept() -> None:
    answers = {
        "/old": answered(301, b"", Location="http://www.news.example/new"),
        "/new": answered(302, b"", Location="/новость?a=1#top"),
        "/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D1%8C?a=1": answered(200, b"text"),
    }
    response = get(answers, "/old")
    assert response.url == "http://www.news.example/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D1%8C?a=1"
    assert [status for status, _ in response.redirects] == [301, 302]
    assert response.moved_to == "http://www.news.example/new"


def test_a_temporary_step_ends_what_counts_as_moved() -> None:
    answers = {
        "/": answered(302, b"", Location="/a"),
        "/a": answered(301, b"", Location="/b"),
        "/b": answered(200, b"x"),
    }
    assert get(answers).moved_to == ""


def test_a_cookie_wall_is_passed_with_the_cookie_of_the_chain_and_forgotten_after_it() -> None:
    async def wall(path: str, headers: dict[str, str], writer: asyncio.StreamWriter) -> None:
        seen = headers.get("cookie", "")
        writer.write(
            answered(200, b"text")
            if seen == "seen=1"
            else answered(302, b"", Location="/", Set_Cookie="seen=1; Path=/")
        )

    def asked(fetch: Fetcher, server: RawServer) -> Any:
        async def ask() -> tuple[bytes, list[str]]:
            first = await fetch.get("http://news.example/", kind="page")
            await fetch.get("http://news.example/", kind="page")
            return first.body, [h.get("cookie", "") for path, h in server.asked if path == "/"]

        return ask()

    assert run({"/": wall}, asked) == (b"text", ["", "seen=1", "", "seen=1"])


def test_connections_are_used_again() -> None:
    ports: set[Any] = set()

    async def note(path: str, headers: dict[str, str], writer: asyncio.StreamWriter) -> None:
        ports.add(writer.get_extra_info("peername"))
        writer.write(answered(200, b"x"))

    async def whole() -> int:
        async with raw_server({}) as server:
            server.answers = {f"/{i}": answered(200, b"x") for i in range(5)}
            async with fetcher(server) as fetch:
                for i in range(5):
                    await fetch.get(f"http://news.example/{i}", kind="page", ignore_robots=True)
                connector = fetch._session.connector  # type: ignore[union-attr]
                return sum(len(held) for held in connector._conns.values())  # type: ignore[union-attr]

    assert asyncio.run(whole()) == 1


def test_no_more_than_the_bound_are_in_flight() -> None:
    now = {"open": 0, "most": 0}

    async def slow(path: str, headers: dict[str, str], writer: asyncio.StreamWriter) -> None:
        now["open"] += 1
        now["most"] = max(now["most"], now["open"])
        await asyncio.sleep(0.05)
        now["open"] -= 1
        writer.write(answered(200, b"x"))

    async def whole() -> None:
        async with raw_server({f"/{i}": slow for i in range(12)}) as server:
            limits = Limits(in_flight=3, per_host=10, total=5.0)
            async with fetcher(server, limits) as fetch:
                urls = [f"http://h{i}.example/{i}" for i in range(12)]
                await asyncio.gather(*(fetch.get(u, kind="page", ignore_robots=True) for u in urls))

    asyncio.run(whole())
    assert now["most"] == 3


def test_a_proxy_in_the_environment_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert get({"/": answered(200, b"direct")}).body == b"direct"
