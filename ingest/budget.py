"""How often a registrable domain may be asked: one pace for all its hosts, shared by all that fetch."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from amur.errors import FetchError

# Seconds between two requests to one domain; Media Cloud's fetcher keeps 5, search engines about 1.
DELAY = 1.0
MAX_DELAY = 60.0
GROWTH, DECAY = 2.0, 0.9  # of the delay after a complaint and after an answer
MAX_PENALTY = 86_400.0  # a server that asks for more than a day is asked again after a day
LONGEST_WAIT = 300.0  # a domain that is closed for longer is not waited for: the entry comes back later
_REWARD_EVERY = 60.0  # seconds between two rewards of a domain that reach the shared table


class Budget(Protocol):
    """Domains are registrable domains in ASCII; seconds throughout."""

    async def slot(self, domain: str, least: float = 0.0) -> None:
        """Waits until it is this request's turn, `least` after the one before.

        Raises FetchError (temporary, with retry_after) where the turn is too far away to wait for.
        """

    def penalise(self, domain: str, seconds: float) -> None:
        """Leave the domain alone for some seconds, and be slower with it after that."""

    def reward(self, domain: str) -> None:
        """The domain answered well."""


class Turns(Protocol):
    """A table of domains that several processes share, as the ledger's."""

    def reserve(self, domain: str, least: float) -> float: ...

    def penalise(self, domain: str, seconds: float) -> None: ...

    def reward(self, domain: str) -> None: ...


@dataclass
class _Turn:
    delay: float
    next_slot: float = 0.0
    closed_until: float = 0.0


class DomainBudget:
    """A Budget for one process. `delay` is the least time between two requests to a domain."""

    def __init__(self, delay: float = DELAY, clock: Callable[[], float] = time.monotonic) -> None:
        self._least = delay
        self._clock = clock
        self._turns: dict[str, _Turn] = {}

    async def slot(self, domain: str, least: float = 0.0) -> None:
        turn = self._turn(domain)
        now = self._clock()
        _refuse_long(domain, turn.closed_until - now)
        start = max(now, turn.next_slot, turn.closed_until)
        turn.next_slot = start + max(turn.delay, least)
        if start > now:
            await asyncio.sleep(start - now)

    def penalise(self, domain: str, seconds: float) -> None:
        turn = self._turn(domain)
        turn.delay = min(MAX_DELAY, max(turn.delay, DELAY) * GROWTH)
        turn.closed_until = max(turn.closed_until, self._clock() + min(seconds, MAX_PENALTY))

    def reward(self, domain: str) -> None:
        turn = self._turn(domain)
        turn.delay = max(self._least, turn.delay * DECAY)

    def _turn(self, domain: str) -> _Turn:
        return self._turns.setdefault(domain, _Turn(delay=self._least))


class SharedBudget:
    """A Budget over a table that other processes use as well; waiting for a turn does not hold up the event loop."""

    def __init__(self, turns: Turns, delay: float = DELAY, clock: Callable[[], float] = time.monotonic) -> None:
        self._table = turns
        self._least = delay
        self._clock = clock
        self._rewarded: dict[str, float] = {}

    async def slot(self, domain: str, least: float = 0.0) -> None:
        wait = await asyncio.to_thread(self._table.reserve, domain, max(self._least, least))
        _refuse_long(domain, wait)
        await asyncio.sleep(wait)

    def penalise(self, domain: str, seconds: float) -> None:
        self._table.penalise(domain, min(seconds, MAX_PENALTY))

    def reward(self, domain: str) -> None:
        """Passed on now and then only: a write for every answer would cost more than the answer."""
        now = self._clock()
        if now - self._rewarded.get(domain, -_REWARD_EVERY) >= _REWARD_EVERY:
            self._rewarded[domain] = now
            self._table.reward(domain)


def _refuse_long(domain: str, wait: float) -> None:
    if wait > LONGEST_WAIT:
        raise FetchError(f"{domain} asked to be left alone for {wait:.0f} s more", "temporary", retry_after=wait)
