"""The queue: leases, fencing, waking, states that add up, and two entries that are one article."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.ledger import Claim, Ledger, Move
from ingest.ledger_articles import Want
from ingest.model import FeedEntry

NOW = 1_700_000_000.0


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ledger(tmp_path: Path, clock: Clock) -> Iterator[Ledger]:
    opened = Ledger.open(f"sqlite:///{tmp_path / 'ledger.sqlite'}", clock)
    yield opened
    opened.close()


def entry(number: int, **changes: object) -> FeedEntry:
    values = {"source": "wire", "feed_url": "http://wire.example/rss", "url": f"http://wire.example/{number}"}
    return FeedEntry(**values | {"title": f"Story {number}"} | changes)  # type: ignore[arg-type]


def fill(ledger: Ledger, count: int) -> None:
    ledger.feeds.add(entry(n) for n in range(count))


def ids(claim: Claim) -> set[int]:
    return {held.id for held in claim.entries}


def test_an_entry_seen_twice_is_one_entry(ledger: Ledger) -> None:
    first = ledger.feeds.add([entry(1), entry(2)])
    again = ledger.feeds.add([entry(1), entry(1, url="http://wire.example/1?utm_source=x"), entry(3)])
    assert (first["new"], again["new"], again["known"]) == (2, 1, 1)
    assert ledger.counts() == {"new": 3}


def test_two_claims_never_hold_the_same_entry(ledger: Ledger) -> None:
    fill(ledger, 5)
    one, two, three = (ledger.claim("fetch", 3, "w", 60) for _ in range(3))
    assert (len(one.entries), len(two.entries), len(three.entries)) == (3, 2, 0)
    assert not ids(one) & ids(two)
    assert one.token < two.token


def test_a_lease_that_ended_is_given_to_another_and_the_first_is_fenced_off(ledger: Ledger, clock: Clock) -> None:
    fill(ledger, 2)
    slow = ledger.claim("fetch", 2, "slow", 60)
    clock.now += 61
    quick = ledger.claim("fetch", 2, "quick", 60)
    assert ids(quick) == ids(slow)
    assert ledger.entries.move(slow, [Move(i, "gone") for i in sorted(ids(slow))]) == ids(slow)
    assert ledger.counts() == {"new": 2}
    assert ledger.entries.move(quick, [Move(i, "fetched", "enrich") for i in sorted(ids(quick))]) == set()
    assert ledger.counts() == {"fetched": 2}


def test_a_renewed_lease_is_kept(ledger: Ledger, clock: Clock) -> None:
    fill(ledger, 1)
    held = ledger.claim("fetch", 1, "w", 60)
    clock.now += 50
    ledger.entries.renew(held, 60)
    clock.now += 50
    assert not ledger.claim("fetch", 1, "other", 60)


def test_what_must_be_true_together_is_committed_with_the_move_or_not_at_all(ledger: Ledger) -> None:
    fill(ledger, 1)
    held = ledger.claim("fetch", 1, "w", 60)

    def fail(_connection: object, _held: set[int]) -> None:
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        ledger.entries.move(held, [Move(i, "gone") for i in ids(held)], with_connection=fail)
    assert ledger.counts() == {"new": 1}


def test_a_released_batch_waits_again(ledger: Ledger) -> None:
    fill(ledger, 2)
    held = ledger.claim("fetch", 2, "w", 60)
    ledger.entries.release(held)
    assert ids(ledger.claim("fetch", 2, "w", 60)) == ids(held)


def test_the_batches_of_a_dead_worker_are_free_at_once(ledger: Ledger) -> None:
    fill(ledger, 3)
    ledger.claim("fetch", 2, "dead", 900)
    assert ledger.workers() == ["dead"]
    assert ledger.expire_worker("dead") == 2
    assert len(ledger.claim("fetch", 9, "w", 60).entries) == 3


def test_a_retry_sleeps_until_it_is_due(ledger: Ledger, clock: Clock) -> None:
    fill(ledger, 1)
    held = ledger.claim("fetch", 1, "w", 60)
    ledger.entries.move(held, [Move(i, "retry", "", {"wake_at": NOW + 600, "attempts": 1}) for i in ids(held)])
    assert ledger.entries.wake() == 0
    assert not ledger.claim("fetch", 1, "w", 60)
    clock.now += 601
    assert ledger.entries.wake() == 1
    again = ledger.claim("fetch", 1, "w", 60)
    assert (again.entries[0].attempts, again.entries[0].prior) == (1, "")


def test_a_second_look_remembers_where_the_entry_had_come_to_rest(ledger: Ledger, clock: Clock) -> None:
    fill(ledger, 1)
    held = ledger.claim("fetch", 1, "w", 60)
    ledger.entries.move(held, [Move(i, "indexed", "", {"wake_at": NOW + 1, "attempts": 3}) for i in ids(held)])
    clock.now += 2
    ledger.entries.wake()
    assert ledger.counts() == {"retry": 1}
    look = ledger.claim("fetch", 1, "w", 60).entries[0]
    assert (look.prior, look.looks, look.attempts) == ("indexed", 1, 0)


def test_a_feed_that_says_something_new_asks_for_a_second_look_and_no_new_entry(ledger: Ledger) -> None:
    fill(ledger, 1)
    held = ledger.claim("fetch", 1, "w", 60)
    ledger.entries.move(held, [Move(i, "irrelevant") for i in ids(held)])
    assert ledger.feeds.add([entry(0)])["changed"] == 0
    assert ledger.feeds.add([entry(0, updated=dt.datetime(2024, 1, 1, tzinfo=dt.UTC))])["changed"] == 1
    assert ledger.entries.wake() == 1
    assert ledger.counts() == {"retry": 1}


def test_what_kills_its_worker_again_and_again_is_claimed_alone(ledger: Ledger) -> None:
    fill(ledger, 5)
    for _ in range(3):
        ledger.claim("fetch", 2, "dead", 900)
        ledger.expire_worker("dead")
    assert len(ledger.claim("fetch", 5, "w", 60).entries) == 1


def test_quarantine_keeps_stage_and_error_and_replays_from_there(ledger: Ledger) -> None:
    fill(ledger, 2)
    held = ledger.claim("fetch", 2, "w", 60)
    one, two = sorted(ids(held))
    aside = {"error": "ValueError: odd", "error_stage": "enrich", "attempts": 1}
    ledger.entries.move(held, [Move(one, "quarantined", "", aside), Move(two, "gone")])
    assert [row["error"] for row in ledger.entries.quarantined()] == ["ValueError: odd"]
    assert ledger.entries.quarantine_reasons() == {"enrich": 1}
    assert ledger.entries.replay([one]) == 1
    assert ledger.counts() == {"fetched": 1, "gone": 1}
    assert ids(ledger.claim("enrich", 5, "w", 60)) == {one}


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_the_entry_of_least_rank_owns_an_article_whoever_asks_first(ledger: Ledger, order: tuple[int, ...]) -> None:
    fill(ledger, 3)
    held = ledger.claim("fetch", 3, "w", 60)
    wants = [Want("a", number, f"rank {number}") for number in sorted(ids(held))]
    owners = [ledger.articles.own([wants[n]])["a"] for n in order]
    assert owners[-1] == wants[0].entry
    assert ledger.articles.own(wants) == {"a": wants[0].entry}
    lost = ledger.entries.move(held, [Move(w.entry, "fetched", "enrich") for w in wants])
    assert ledger.counts().get("duplicate-url", 0) == len(lost)
    assert wants[0].entry not in lost


def test_heads_of_feeds_come_before_tails(ledger: Ledger) -> None:
    ledger.feeds.add(entry(n, url=f"http://long.example/{n}") for n in range(4))
    ledger.feeds.add(entry(n, url=f"http://short.example/{n}") for n in range(2))
    order = [held.entry.url for held in ledger.claim("fetch", 4, "w", 60).entries]
    assert order == [f"http://{host}.example/{n}" for n in range(2) for host in ("long", "short")]


def test_a_domain_is_given_one_slot_after_another(ledger: Ledger, clock: Clock) -> None:
    waits = [ledger.domains.reserve("wire.example", 2.0) for _ in range(3)]
    assert waits == [0.0, 2.0, 4.0]
    assert ledger.domains.reserve("other.example", 2.0) == 0.0
    ledger.domains.penalise("wire.example", 100.0)
    assert ledger.domains.reserve("wire.example", 2.0) == 100.0


def test_an_entry_that_kills_its_workers_comes_alone_then_is_set_aside_and_the_others_go_on(
    ledger: Ledger, clock: Clock
) -> None:
    fill(ledger, 3)
    deadly = min(ids(ledger.claim("fetch", 3, "w", 60)))
    sizes = []
    while ledger.entries.waiting("fetch"):
        clock.now += 61  # whoever held entries died without a word
        held = ledger.claim("fetch", 3, "w", 60)
        sizes.append(len(held.entries))
        if deadly not in ids(held):
            ledger.entries.move(held, [Move(i, "fetched", "enrich") for i in ids(held)])
        assert len(sizes) < 50
    assert set(sizes) == {1, 3}
    assert ledger.counts() == {"quarantined": 1, "fetched": 2}
    (row,) = ledger.entries.quarantined()
    assert (row["id"], row["error_stage"]) == (deadly, "fetch")
    assert "workers died" in row["error"]
    assert ledger.entries.replay([deadly]) == 1
    assert ids(ledger.claim("fetch", 3, "w", 60)) == {deadly}
