"""The only room that touches the web: one address in, one response or one named error out.

Everything that another machine decides is bounded: time, size, number and length of headers, redirects, and what a
compressed body unpacks to. Redirects are followed here and not by the client, so that each of them is checked.
"""

import asyncio
import ssl
import time
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Literal, Self

import aiohttp
from yarl import URL

from amur.errors import FetchError
from ingest.addresses import Gate, Hosts, SafeResolver, local_answer
from ingest.budget import Budget
from ingest.decoding import ACCEPTED, MAX_RATIO, BoundedBody
from ingest.fetch_errors import named, outcome_of, retry_after
from ingest.robots import MAX_BYTES as ROBOTS_BYTES
from ingest.robots import RobotsCache
from ingest.urls import registrable_domain

Kind = Literal["feed", "page", "robots"]
_REDIRECTS = {301, 302, 303, 307, 308}
_NOT_MODIFIED = 304
_ACCEPT: dict[Kind, str] = {
    "feed": "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, "
    "text/xml;q=0.9, text/html;q=0.5, */*;q=0.3",
    "page": "text/html, application/xhtml+xml, */*;q=0.5",
    "robots": "text/plain, */*;q=0.5",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one request; seconds and bytes. `total` covers redirects and the body."""

    connect: float = 10.0
    idle: float = 15.0  # between two pieces of a body
    total: float = 45.0
    max_bytes: int = 10_500_000  # after content decoding; news pages of 10 MB exist
    max_redirects: int = 8  # RFC 9309 asks for five; consent walls need a few more
    max_decompression_ratio: float = MAX_RATIO
    max_headers: int = 128
    max_header_bytes: int = 16_384  # of one header line
    in_flight: int = 32
    per_host: int = 4
    penalty: float = 30.0  # seconds that a domain is left alone after a 429 or 503 that names no time


@dataclass(frozen=True, slots=True)
class Response:
    """What came back. `redirects` are (status, address it pointed to); `elapsed` is in seconds."""

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    fetched_at: datetime
    redirects: tuple[tuple[int, str], ...] = ()
    elapsed: float = 0.0

    def header(self, name: str) -> str:
        """The first header of that name, or an empty string."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), "")

    @property
    def not_modified(self) -> bool:
        return self.status == _NOT_MODIFIED

    @property
    def content_type(self) -> str:
        return self.header("content-type")

    @property
    def moved_to(self) -> str:
        """Where a chain of permanent redirects leads, or an empty string. One temporary step ends the chain."""
        target = ""
        for status, url in self.redirects:
            if status not in {301, 308}:
                break
            target = url
        return target


class Fetcher:
    """Fetches politely and safely. Use as an async context manager.

    `hosts` maps a name, or a suffix such as `.example`, to a local (address, port) that answers for it;
    `allow_private` names hosts that may be private. Neither is held to a budget: both are the operator's own.
    `lookup` replaces the system's name resolution in tests.
    """

    def __init__(
        self,
        user_agent: str,
        limits: Limits,
        budget: Budget,
        robots: RobotsCache,
        hosts: Hosts | None = None,
        allow_private: frozenset[str] = frozenset(),
        *,
        lookup: Any = None,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self.limits = limits
        self._user_agent = user_agent
        self._budget = budget
        self._robots = robots
        self._gate = Gate(hosts or {}, allow_private)
        self._lookup = lookup
        self._ssl = ssl_context
        self._room = asyncio.Semaphore(limits.in_flight)
        self._stack = AsyncExitStack()
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = await self._stack.enter_async_context(self._new_session())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()
        self._session = None

    async def get(
        self, url: str, *, kind: Kind, etag: str = "", last_modified: str = "", ignore_robots: bool = False
    ) -> Response:
        """The response of status 200 to 299 or 304; raises FetchError for everything else, with its outcome.

        `etag` and `last_modified` are validators of the last primary response, sent as they were received.
        """
        headers = {"Accept": _ACCEPT[kind]}
        headers |= _validators(etag, last_modified)
        try:
            async with asyncio.timeout(None) as clock:
                return await self._follow(_url(url), kind, headers, ignore_robots or kind == "robots", clock)
        except TimeoutError as error:
            raise FetchError(f"no whole answer within {self.limits.total:.0f} s", "temporary") from error

    async def _follow(
        self, url: URL, kind: Kind, headers: Mapping[str, str], ignore_robots: bool, clock: asyncio.Timeout
    ) -> Response:
        loop = asyncio.get_running_loop()
        left = self.limits.total
        path: list[tuple[int, str]] = []
        cookies: dict[str, dict[str, str]] = {}
        seen = {(url, "")}
        begun = time.monotonic()
        while True:
            clock.reschedule(None)  # waiting for our turn is our own doing
            await self._turn(url, ignore_robots)
            async with self._room:
                started = loop.time()
                clock.reschedule(started + left)
                answer = await self._one(url, kind, headers, cookies)
                left -= loop.time() - started
            if answer.status not in _REDIRECTS or not answer.location:
                return self._judged(answer, url, path, time.monotonic() - begun)
            url = _target(url, answer.location)
            path.append((answer.status, str(url)))
            state = (url, repr(cookies))
            if len(path) > self.limits.max_redirects or state in seen:
                raise FetchError(f"redirects do not end after {len(path)} steps, at {url}", "soft")
            seen.add(state)

    async def _turn(self, url: URL, ignore_robots: bool) -> None:
        """Checks address and robots.txt, then waits for the domain's slot."""
        self._gate.check(url)
        delay = 0.0 if ignore_robots else await self._robots.check(url, self._get_robots)
        if not self._is_own(url):
            await self._budget.slot(registrable_domain(url.raw_host or ""), delay)

    def _is_own(self, url: URL) -> bool:
        host = url.raw_host or ""
        return host in self._gate.allow_private or local_answer(host, self._gate.hosts) is not None

    async def _get_robots(self, url: str) -> Response:
        return await self.get(url, kind="robots")

    async def _one(
        self, url: URL, kind: Kind, headers: Mapping[str, str], cookies: dict[str, dict[str, str]]
    ) -> "_Answer":
        """One request without redirects. Raises FetchError."""
        if self._session is None:
            raise RuntimeError("Fetcher is used outside its `async with`")
        jar = cookies.setdefault(registrable_domain(url.raw_host or ""), {})
        sent = {**headers, **({"Cookie": _cookie_header(jar)} if jar else {})}
        try:
            async with self._session.get(url, headers=sent, allow_redirects=False) as response:
                jar.update({name: morsel.value for name, morsel in list(response.cookies.items())[:20]})
                return await self._read(response, kind)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise named(error, url) from error

    async def _read(self, response: aiohttp.ClientResponse, kind: Kind) -> "_Answer":
        pairs = tuple(response.headers.items())
        location = response.headers.get("Location", "")
        if (response.status in _REDIRECTS and location) or response.status == _NOT_MODIFIED:
            return _Answer(response.status, pairs, b"", location)
        limit = ROBOTS_BYTES * 4 if kind == "robots" else self.limits.max_bytes
        if response.status >= 400:  # noqa: PLR2004 - what an error page says is not read
            return _Answer(response.status, pairs, b"", "")
        body = BoundedBody(response.headers.get("Content-Encoding", ""), limit, self.limits.max_decompression_ratio)
        if (response.content_length or 0) > limit:
            raise FetchError(f"the body has {response.content_length} bytes", "too-large", status=response.status)
        async for piece in response.content.iter_any():
            body.feed(piece)
        return _Answer(response.status, pairs, body.finish(), "")

    def _judged(self, answer: "_Answer", url: URL, path: list[tuple[int, str]], elapsed: float) -> Response:
        outcome = outcome_of(answer.status)
        if outcome is None:
            if not self._is_own(url):
                self._budget.reward(registrable_domain(url.raw_host or ""))
            now = datetime.now(UTC)
            return Response(str(url), answer.status, answer.headers, answer.body, now, tuple(path), elapsed)
        wait = retry_after({k.lower(): v for k, v in answer.headers}.get("retry-after", ""))
        if answer.status in {429, 503}:
            seconds = wait if wait is not None else self.limits.penalty
            self._budget.penalise(registrable_domain(url.raw_host or ""), seconds)
        message = f"{url} answered {answer.status}"
        raise FetchError(message, outcome, status=answer.status, retry_after=wait)

    def _new_session(self) -> aiohttp.ClientSession:
        limits = self.limits
        connector = aiohttp.TCPConnector(
            limit=limits.in_flight,
            limit_per_host=limits.per_host,
            ttl_dns_cache=300,
            resolver=SafeResolver(self._gate, self._lookup),
            socket_factory=self._gate.socket,
            ssl=self._ssl or True,
        )
        return aiohttp.ClientSession(
            connector=connector,
            headers={"User-Agent": self._user_agent, "Accept-Encoding": ACCEPTED},
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=limits.connect, sock_read=limits.idle),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,  # a proxy would resolve names on its own, past every check
            max_line_size=limits.max_header_bytes,
            max_field_size=limits.max_header_bytes,
            max_headers=limits.max_headers,
        )


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    location: str


def user_agent(contact: str = "", version: str = "") -> str:
    """The User-Agent: who asks, and where to complain."""
    where = contact or "https://github.com/amur-monitor/amur"
    return f"Amur{'/' + version if version else ''} (news monitor; +{where})".encode("ascii", "replace").decode()


def _validators(etag: str, last_modified: str) -> dict[str, str]:
    pairs = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in pairs.items() if value and value.isprintable()}


def _url(text: str) -> URL:
    try:
        return URL(text)
    except (ValueError, TypeError) as error:
        raise FetchError(f"{text[:200]!r} is not an address: {error}", "refused") from error


def _target(base: URL, location: str) -> URL:
    """Where a redirect points; servers send raw UTF-8 and spaces, which are quoted here."""
    try:
        raw = location.encode("utf-8", "surrogateescape").decode("utf-8", "replace").strip()
        return base.join(URL(raw)).with_fragment(None)
    except ValueError as error:
        raise FetchError(f"redirect to {location[:200]!r}, which is not an address", "soft") from error


def _cookie_header(jar: Mapping[str, str]) -> str:
    """Cookies of this chain only: some sites send everyone round once to see whether he keeps them."""
    return "; ".join(f"{name}={value}" for name, value in jar.items())[:4000]
