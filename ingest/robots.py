"""robots.txt: who may read what (RFC 9309), parsed by protego, remembered for a day."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from yarl import URL

from amur.errors import FetchError

if TYPE_CHECKING:
    from ingest.fetch import Response

TOKEN = "amur"  # noqa: S105 - the product token that robots.txt files may name
REMEMBERED = 86_400.0  # seconds; RFC 9309, 2.4: not longer than a day
REMEMBERED_FAILURE = 900.0  # an unreachable robots.txt is asked again with the next collection
MAX_BYTES = 512_000  # RFC 9309, 2.5: at least 500 kibibytes are to be read
MAX_SITES = 10_000
LONGEST_DELAY = 60.0  # a crawl-delay above is treated as this many seconds
_CLIENT_ERRORS = range(400, 500)
_TOO_MANY = 429

Get = Callable[[str], Awaitable["Response"]]


@dataclass(frozen=True, slots=True)
class Rules:
    """What a site's robots.txt says. Without a parser everything is allowed, or nothing where it is unreachable."""

    until: float
    parser: Any = None
    unreachable: str = ""


class RobotsCache:
    """Rules by site (scheme, host and port), each fetched once at a time.

    `clock` gives seconds that never go back.
    """

    def __init__(self, token: str = TOKEN, clock: Callable[[], float] = time.monotonic) -> None:
        self._token = token
        self._clock = clock
        self._rules: OrderedDict[str, Rules] = OrderedDict()
        self._locks: dict[str, asyncio.Lock] = {}

    async def check(self, url: URL, get: Get) -> float:
        """Seconds between requests that the site asks for, 0 where it says nothing.

        `get` fetches robots.txt itself. Raises FetchError: `robots-disallowed` where the rules forbid the address,
        `temporary` where they cannot be had (RFC 9309, 2.3.1.4: then everything is forbidden for a while).
        """
        site = str(url.origin())
        rules = self._known(site) or await self._fetch(site, get)
        if rules.unreachable:
            raise FetchError(f"{site}/robots.txt cannot be had: {rules.unreachable}", "temporary")
        if rules.parser is None:
            return 0.0
        if not rules.parser.can_fetch(str(url), self._token):
            raise FetchError(f"{site}/robots.txt forbids this address", "robots-disallowed")
        return min(LONGEST_DELAY, max(0.0, float(rules.parser.crawl_delay(self._token) or 0.0)))

    def sitemaps(self, site: str) -> tuple[str, ...]:
        """Sitemaps that a site's robots.txt names, where it is known already."""
        rules = self._rules.get(site)
        return tuple(rules.parser.sitemaps) if rules and rules.parser else ()

    def _known(self, site: str) -> Rules | None:
        rules = self._rules.get(site)
        return rules if rules and rules.until > self._clock() else None

    async def _fetch(self, site: str, get: Get) -> Rules:
        lock = self._locks.setdefault(site, asyncio.Lock())
        try:
            async with lock:
                if known := self._known(site):
                    return known
                self._rules[site] = rules = await self._read(site, get)
                self._rules.move_to_end(site)
                while len(self._rules) > MAX_SITES:
                    self._rules.popitem(last=False)
                return rules
        finally:
            self._locks.pop(site, None)

    async def _read(self, site: str, get: Get) -> Rules:
        try:
            response = await get(f"{site}/robots.txt")
        except FetchError as error:
            if error.status in _CLIENT_ERRORS and error.status != _TOO_MANY:
                return Rules(self._clock() + REMEMBERED)
            if error.outcome in {"refused", "too-large"}:
                return Rules(self._clock() + REMEMBERED)
            return Rules(self._clock() + REMEMBERED_FAILURE, unreachable=str(error))
        return Rules(self._clock() + REMEMBERED, parser=parse(response.body))


def parse(body: bytes) -> Any:
    """The rules in a robots.txt. What is no rule (an error page in HTML) is passed over line by line."""
    from protego import Protego

    text = body[:MAX_BYTES].decode("utf-8-sig", "replace").replace("\0", "")
    return Protego.parse("\n".join(line[:2000] for line in text.splitlines()))
