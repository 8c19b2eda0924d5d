"""Budgets per registrable domain."""

import asyncio

import pytest

from amur.errors import FetchError
from ingest.budget import LONGEST_WAIT, MAX_DELAY, DomainBudget, SharedBudget


class Clock:
    """Time that passes only where it is slept through."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1_000.0
        monkeypatch.setattr(asyncio, "sleep", self.sleep)

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += max(0.0, seconds)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def starts(budget: DomainBudget, clock: Clock, domains: list[str], least: float = 0.0) -> list[float]:
    async def whole() -> list[float]:
        times = []
        for domain in domains:
            await budget.slot(domain, least)
            times.append(clock() - 1_000.0)
        return times

    return asyncio.run(whole())


def test_requests_to_one_domain_are_spaced_and_others_do_not_wait(clock: Clock) -> None:
    assert starts(DomainBudget(2.0, clock), clock, ["a.ru", "b.cn", "a.ru", "b.cn", "a.ru"]) == [0, 0, 2, 2, 4]


def test_a_crawl_delay_spaces_them_further(clock: Clock) -> None:
    assert starts(DomainBudget(1.0, clock), clock, ["a.ru"] * 3, least=7.0) == [0, 7, 14]


def test_a_penalty_closes_the_domain_and_slows_it(clock: Clock) -> None:
    budget = DomainBudget(1.0, clock)
    budget.penalise("a.ru", 30.0)
    assert starts(budget, clock, ["a.ru", "a.ru", "a.ru"]) == [30, 32, 34]


def test_good_answers_bring_the_pace_back(clock: Clock) -> None:
    budget = DomainBudget(1.0, clock)
    for _ in range(10):
        budget.penalise("a.ru", 0.0)
    first = starts(budget, clock, ["a.ru", "a.ru"])
    assert first[1] - first[0] == MAX_DELAY
    for _ in range(100):
        budget.reward("a.ru")
    later = starts(budget, clock, ["a.ru", "a.ru", "a.ru"])
    assert later[2] - later[1] == 1.0


def test_a_domain_that_is_closed_for_long_is_not_waited_for(clock: Clock) -> None:
    budget = DomainBudget(1.0, clock)
    budget.penalise("a.ru", LONGEST_WAIT + 1)
    with pytest.raises(FetchError) as caught:
        asyncio.run(budget.slot("a.ru"))
    assert caught.value.outcome == "temporary"
    assert caught.value.retry_after == LONGEST_WAIT + 1


class Table:
    def __init__(self, wait: float = 0.0) -> None:
        self.wait, self.calls = wait, list[tuple[str, ...]]()

    def reserve(self, domain: str, least: float) -> float:
        self.calls.append(("reserve", domain, str(least)))
        return self.wait

    def penalise(self, domain: str, seconds: float) -> None:
        self.calls.append(("penalise", domain, str(seconds)))

    def reward(self, domain: str) -> None:
        self.calls.append(("reward", domain))


def test_the_shared_budget_asks_the_table_and_rewards_seldom(clock: Clock) -> None:
    table = Table()
    budget = SharedBudget(table, 1.0, clock)

    async def whole() -> None:
        for _ in range(3):
            await budget.slot("a.ru", 5.0)
            budget.reward("a.ru")
        budget.penalise("a.ru", 10**9)

    asyncio.run(whole())
    assert table.calls == [
        ("reserve", "a.ru", "5.0"),
        ("reward", "a.ru"),
        ("reserve", "a.ru", "5.0"),
        ("reserve", "a.ru", "5.0"),
        ("penalise", "a.ru", "86400.0"),
    ]


def test_the_shared_budget_does_not_wait_for_long_either(clock: Clock) -> None:
    with pytest.raises(FetchError):
        asyncio.run(SharedBudget(Table(LONGEST_WAIT * 2), 1.0, clock).slot("a.ru"))
