"""The rules of polling and retrying: examples for each rule, properties for all states."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from amur.errors import FetchError, Outcome
from ingest import policy
from ingest.model import ENDED
from ingest.policy import Facts, FeedState, after_failure, after_success, health, is_due, validators

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
NEW = FeedState("http://a.ru/rss", "a")
BODY = Facts(200, '"1"', "Sun, 01 Mar 2026 11:00:00 GMT", "hash1")
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)


def failed(outcome: Outcome, wait: float | None = None) -> FetchError:
    return FetchError("it failed", outcome, retry_after=wait)


def polled(state: FeedState, times: int, every: timedelta, new: int, facts: Facts = BODY) -> FeedState:
    now = state.last_poll or NOW
    for _ in range(times):
        now += every
        state = after_success(state, facts, new, now)
    return state


def test_a_new_feed_is_due_at_once() -> None:
    assert is_due(NEW, NOW)
    assert health(NEW, NOW) == "never"


def test_a_200_replaces_the_validators() -> None:
    first = after_success(NEW, BODY, 30, NOW)
    assert (first.etag, first.last_modified, first.body_hash) == (BODY.etag, BODY.last_modified, "hash1")
    assert validators(first) == {"etag": BODY.etag, "last_modified": BODY.last_modified}
    second = after_success(first, Facts(200, "", "", "hash2"), 1, NOW)
    assert (second.etag, second.last_modified, second.body_hash) == ("", "", "hash2")


def test_a_304_keeps_them_whatever_it_carries() -> None:
    first = after_success(NEW, BODY, 30, NOW)
    later = after_success(first, Facts(304, '"other"', "never", "x"), 0, NOW + timedelta(hours=1))
    assert (later.etag, later.last_modified, later.body_hash) == (first.etag, first.last_modified, first.body_hash)
    assert later.last_success == NOW + timedelta(hours=1)


def test_a_failure_keeps_them_but_they_are_not_sent_until_a_whole_answer_came() -> None:
    """A 304 after a failure would say that nothing changed since a body that we may never have read."""
    bad = after_failure(after_success(NEW, BODY, 30, NOW), failed("soft"), NOW)
    assert bad.etag == BODY.etag
    assert validators(bad) == {}


def test_now_and_then_a_feed_is_read_whole_against_etags_that_lie() -> None:
    state = after_success(NEW, BODY, 30, NOW)
    sent = []
    for i in range(3 * policy.FULL_EVERY):
        facts = Facts(304) if validators(state) else BODY
        sent.append(bool(validators(state)))
        state = after_success(state, facts, 0, NOW + timedelta(hours=i))
    assert sent.count(False) == 2
    assert all(sent[: policy.FULL_EVERY - 1])


def test_a_server_that_always_sends_a_body_is_still_read_whole_only_now_and_then() -> None:
    """Without the count going on, a lie that comes with 200 and the old body would never be met."""
    state = after_success(NEW, BODY, 30, NOW)
    counts = [state.polls_since_full]
    for _ in range(4):
        state = after_success(state, BODY, 0, NOW)
        counts.append(state.polls_since_full)
    assert counts == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("every", "new", "least", "most"),
    [
        (timedelta(minutes=15), 20, timedelta(minutes=10), timedelta(minutes=10)),  # a wire: as often as we may
        (timedelta(hours=1), 1, timedelta(hours=2), timedelta(hours=4)),  # some 24 a day
        (timedelta(hours=12), 0, timedelta(hours=12), timedelta(hours=12)),  # nothing: as seldom as we may
    ],
)
def test_the_interval_follows_the_feeds_own_rhythm(
    every: timedelta, new: int, least: timedelta, most: timedelta
) -> None:
    state = polled(after_success(NEW, BODY, 30, NOW), 40, every, new)
    assert least <= timedelta(seconds=state.interval_seconds) <= most


def test_what_the_first_poll_brings_says_nothing_of_the_rhythm() -> None:
    first = after_success(NEW, BODY, 500, NOW)
    assert first.interval_seconds == policy.FIRST.total_seconds()
    assert len(first.recent) == 1


def test_the_server_may_ask_for_more_time_but_not_for_ever() -> None:
    asked = after_success(NEW, replace(BODY, wait=timedelta(hours=6)), 5, NOW)
    assert asked.next_poll == NOW + timedelta(hours=6)
    forever = after_success(NEW, replace(BODY, wait=timedelta(days=400)), 5, NOW)
    assert forever.next_poll == NOW + policy.LONGEST_ASKED
    hasty = after_success(NEW, replace(BODY, wait=timedelta(seconds=1)), 5, NOW)
    assert hasty.next_poll == NOW + policy.FIRST


def test_hard_soft_and_temporary_failures_weigh_differently() -> None:
    weights = [after_failure(NEW, failed(o), NOW).failures for o in ("hard", "soft", "temporary")]
    assert weights == sorted(weights, reverse=True)
    assert len(set(weights)) == 3


def test_one_temporary_failure_does_not_make_a_feed_failing_and_a_404_does() -> None:
    known = after_success(NEW, BODY, 5, NOW)
    assert health(after_failure(known, failed("temporary"), NOW), NOW) == "ok"
    assert health(after_failure(known, failed("hard"), NOW), NOW) == "failing"


def test_a_success_forgives_everything() -> None:
    bad = NEW
    for _ in range(50):
        bad = after_failure(bad, failed("hard"), NOW)
    good = after_success(bad, BODY, 1, NOW)
    assert (good.failures, good.failure_class, good.last_error) == (0.0, "", "")
    assert health(good, NOW) == "ok"


def test_a_gone_feed_is_retired_with_its_reason_and_never_due() -> None:
    gone = after_failure(NEW, failed("gone"), NOW)
    assert gone.retired
    assert gone.last_error == "it failed"
    assert not is_due(gone, NOW + timedelta(days=999))
    assert health(gone, NOW) == "retired"


def test_retry_after_is_kept_where_it_is_longer_than_our_own_wait() -> None:
    assert after_failure(NEW, failed("temporary", 20_000.0), NOW).next_poll == NOW + timedelta(seconds=20_000)
    short = after_failure(NEW, failed("temporary", 1.0), NOW).next_poll
    assert short is not None
    assert short > NOW + timedelta(minutes=10)
    assert after_failure(NEW, failed("temporary", 10.0**9), NOW).next_poll == NOW + policy.LONGEST_ASKED


def test_a_permanent_move_is_remembered() -> None:
    moved = after_success(NEW, replace(BODY, moved_to="https://a.ru/rss"), 5, NOW)
    assert moved.moved_to == "https://a.ru/rss"
    assert after_success(moved, BODY, 5, NOW).moved_to == ""


def test_silence_is_told_by_the_feeds_own_rhythm() -> None:
    hourly = polled(after_success(NEW, BODY, 30, NOW), 48, timedelta(hours=1), 1)
    assert hourly.last_poll is not None
    quiet = polled(hourly, 30, timedelta(hours=1), 0)
    assert quiet.last_poll is not None
    assert health(quiet, quiet.last_poll) == "ok"
    silent = polled(quiet, 30, timedelta(hours=1), 0)
    assert silent.last_poll is not None
    assert health(silent, silent.last_poll) == "silent"


def test_a_feed_that_never_brought_anything_is_silent_too() -> None:
    empty = polled(NEW, 40, timedelta(hours=12), 0)
    assert empty.last_poll is not None
    assert health(empty, empty.last_poll) == "silent"


def test_a_feed_that_nobody_polled_is_late() -> None:
    state = after_success(NEW, BODY, 30, NOW)
    assert health(state, NOW + timedelta(hours=3)) == "ok"
    assert health(state, NOW + timedelta(hours=5)) == "late"


def test_pages_are_tried_again_by_what_went_wrong() -> None:
    assert policy.retry_at(1, "refused", NOW) is None
    assert policy.retry_at(1, "too-large", NOW) is None
    assert policy.retry_at(1, "robots-disallowed", NOW) is None
    assert policy.retry_at(2, "gone", NOW) is None
    waits = [policy.retry_at(n, "temporary", NOW) for n in range(1, 9)]
    assert None not in waits
    assert waits == sorted(waits)  # type: ignore[type-var]
    assert policy.retry_at(9, "temporary", NOW) is None


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_every_outcome_ends_somewhere(outcome: Outcome) -> None:
    assert policy.retry_at(1_000, outcome, NOW) is None
    assert policy.terminal_state(outcome) in ENDED


def test_second_looks_come_after_a_day_and_a_week_and_then_no_more() -> None:
    published = NOW - timedelta(hours=2)
    assert policy.second_look_at(published, 0, NOW) == published + timedelta(days=1)
    assert policy.second_look_at(published, 1, NOW + timedelta(days=1)) == published + timedelta(days=7)
    assert policy.second_look_at(published, 2, NOW + timedelta(days=8)) is None
    assert policy.second_look_at(NOW - timedelta(days=3), 0, NOW) == NOW + timedelta(days=4)
    assert policy.second_look_at(NOW - timedelta(days=400), 0, NOW) is None


errors = st.builds(failed, st.sampled_from(OUTCOMES), st.none() | st.floats(0, 1e12))
facts = st.builds(
    Facts,
    status=st.sampled_from([200, 304]),
    etag=st.text(max_size=3),
    last_modified=st.text(max_size=3),
    body_hash=st.sampled_from(["a", "b"]),
    wait=st.none() | st.timedeltas(timedelta(0), timedelta(days=10_000)),
)
steps = st.lists(
    st.tuples(st.one_of(errors, facts), st.integers(0, 100_000), st.integers(0, 10**7)), min_size=1, max_size=60
)


def walked(taken: list[tuple[FetchError | Facts, int, int]]) -> list[tuple[FeedState, datetime]]:
    state, now, path = NEW, NOW, []
    for what, new, seconds in taken:
        now += timedelta(seconds=seconds)
        state = (
            after_failure(state, what, now) if isinstance(what, FetchError) else after_success(state, what, new, now)
        )
        path.append((state, now))
    return path


@given(steps)
def test_no_feed_dies_silently_and_none_is_hammered(taken: list[tuple[FetchError | Facts, int, int]]) -> None:
    """After whatever happened, the next poll is set, not too soon and not too far, unless a 410 retired the feed."""
    for state, now in walked(taken):
        if not state.retired:
            assert state.next_poll is not None
            assert now + policy.SHORTEST <= state.next_poll <= now + max(policy.LONGEST_BACKOFF, policy.LONGEST_ASKED)
            assert is_due(state, state.next_poll)
        assert not is_due(state, now)


@given(steps)
def test_a_failing_feed_is_seen_to_fail(taken: list[tuple[FetchError | Facts, int, int]]) -> None:
    state, now = walked(taken)[-1]
    worse = state
    for _ in range(4):
        worse = after_failure(worse, failed("temporary"), now)
    assert health(worse, now) in {"failing", "retired"}


@given(steps)
def test_only_a_200_changes_what_is_sent(taken: list[tuple[FetchError | Facts, int, int]]) -> None:
    before = NEW
    for (what, _, _), (state, _) in zip(taken, walked(taken), strict=True):
        if not (isinstance(what, Facts) and what.status == 200):
            assert (state.etag, state.last_modified, state.body_hash) == (
                before.etag,
                before.last_modified,
                before.body_hash,
            )
        before = state


@given(steps)
def test_a_state_survives_the_way_through_json_and_stays_small(
    taken: list[tuple[FetchError | Facts, int, int]],
) -> None:
    adapter = TypeAdapter(FeedState)
    state = walked(taken)[-1][0]
    assert adapter.validate_json(adapter.dump_json(state)) == state
    assert len(adapter.dump_json(state)) < 4_000


@given(st.lists(st.integers(0, 10**8).map(lambda s: NOW - timedelta(seconds=s)), max_size=60))
def test_silence_is_never_called_within_two_days(moments: list[datetime]) -> None:
    assert policy.silence_after(tuple(sorted(moments))) >= policy.SILENT_LEAST
