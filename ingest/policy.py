"""When to poll, what to retry, when to look again, when to give up. Pure: states in, states out, `now` is passed in."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal

from amur.errors import FetchError, Outcome
from ingest.model import State

Health = Literal["ok", "late", "silent", "failing", "retired", "never"]

# Polling. miniflux clamps to 5 minutes and 24 hours; a news monitor needs no feed less often than every 12 hours.
SHORTEST = timedelta(minutes=10)
LONGEST = timedelta(hours=12)
FIRST = timedelta(hours=1)  # until a rhythm is known
ENTRIES_PER_POLL = 3.0  # an interval in which about this many entries arrive loses none of a feed of 15 or more
REMEMBERED = 60  # arrivals from which the rhythm is taken
WINDOW = timedelta(days=14)
LONGEST_ASKED = timedelta(days=1)  # what TTL, Cache-Control and Retry-After can ask for at most
FULL_EVERY = 24  # conditional polls after which one is made without validators: some servers lie in their ETags

# Failures. Weights as Media Cloud's fetcher has them: hard 1, soft 1/2, temporary 1/4.
WEIGHTS: dict[Outcome, float] = {
    "hard": 1.0, "gone": 1.0, "refused": 1.0, "robots-disallowed": 1.0, "too-large": 1.0,
    "soft": 0.5, "temporary": 0.25,
}  # fmt: skip
BACKOFF = timedelta(hours=1)  # times two for each weighed failure
LONGEST_BACKOFF = timedelta(days=2)  # a feed that fails is asked every other day for ever
MAX_FAILURES = 1_000.0
FAILING_FROM = 1.0  # weighed failures: one hard, two soft, four temporary ones
MAX_PROBLEM = 200  # characters
MISSED_POLLS = 3  # a feed whose next poll is overdue by this many intervals is late
SILENT_FACTOR = 8.0  # silence of this many times its usual gap between entries (95th percentile) is told
SILENT_LEAST = timedelta(days=2)
SILENT_UNKNOWN = timedelta(days=14)  # where too little is known of the rhythm
KNOWN_RHYTHM = 5  # entries

# Pages.
RETRIES: dict[Outcome, int] = {"temporary": 8, "soft": 3, "hard": 2, "gone": 1, "refused": 0, "too-large": 0}
RETRY_FIRST = timedelta(minutes=10)
RETRY_LONGEST = timedelta(days=1)
SECOND_LOOKS = (timedelta(days=1), timedelta(days=7))
TERMINAL: dict[Outcome, State] = {
    "gone": "gone", "hard": "gone", "refused": "refused", "robots-disallowed": "robots-disallowed",
    "too-large": "too-large", "soft": "quarantined", "temporary": "quarantined",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Facts:
    """What a policy needs to know of a primary response: 200 or 304, its validators, and the wait it asks for."""

    status: int
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    wait: timedelta | None = None  # the greatest of the feed's TTL, Cache-Control's max-age, Retry-After
    moved_to: str = ""  # where a chain of permanent redirects leads
    is_index: bool = False  # it names sitemaps and no entries: that it is unchanged says nothing of theirs
    problems: tuple[str, ...] | None = None  # what was wrong with the body, None where none was read


@dataclass(frozen=True, slots=True)
class FeedState:
    """All that is remembered of a feed between polls. Every field can be written as JSON by pydantic."""

    url: str
    source: str
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    last_poll: datetime | None = None
    last_success: datetime | None = None
    next_poll: datetime | None = None  # None: at once
    interval_seconds: float = FIRST.total_seconds()
    failures: float = 0.0  # weighed, since the last success
    failure_class: str = ""
    last_error: str = ""
    retired: bool = False
    moved_to: str = ""
    polls_since_full: int = 0
    recent: tuple[datetime, ...] = field(default=())  # when new entries arrived, oldest first
    first_poll: datetime | None = None
    last_new: datetime | None = None  # when a new entry last arrived
    is_index: bool = False
    problems: int = 0  # kinds of problem in the body that was last read
    problem: str = ""  # the first of them


def is_due(state: FeedState, now: datetime) -> bool:
    return not state.retired and (state.next_poll is None or state.next_poll <= now)


def validators(state: FeedState) -> dict[str, str]:
    """The validators to send with the next poll: none when a full one is due, or the feed was failing.

    After a failure a 304 would say that nothing changed since a body that we may have read wrongly.
    """
    if _in_full(state) or state.is_index:
        return {}
    return {"etag": state.etag, "last_modified": state.last_modified}


def address(state: FeedState) -> str:
    """Where the next poll begins: where the feed moved for good, and now and then, or after a failure, where it was.

    So a redirect that was a mistake is left again; the sources file stays the operator's.
    """
    return state.url if _in_full(state) else state.moved_to or state.url


def _in_full(state: FeedState) -> bool:
    return state.polls_since_full >= FULL_EVERY or state.failures > 0


def after_success(state: FeedState, facts: Facts, new_entries: int, now: datetime) -> FeedState:
    """The state after a 200 whose body was read, or a 304. Only a 200 replaces validators."""
    recent = _arrivals(state, new_entries, now)
    interval = interval_for(recent, facts.wait, now, first_poll=state.first_poll or now)
    known = replace(
        state,
        last_poll=now,
        last_success=now,
        first_poll=state.first_poll or now,
        last_new=now if new_entries else state.last_new,
        recent=recent,
        interval_seconds=interval.total_seconds(),
        next_poll=now + interval,
        failures=0.0,
        failure_class="",
        last_error="",
        moved_to=facts.moved_to,
        polls_since_full=state.polls_since_full + 1,
        is_index=facts.is_index,
    )
    if facts.problems is not None:
        known = replace(known, problems=len(facts.problems), problem=next(iter(facts.problems), "")[:MAX_PROBLEM])
    if facts.status == 304:  # noqa: PLR2004
        return known
    sent_in_full = not any(validators(state).values())
    return replace(
        known,
        etag=facts.etag,
        last_modified=facts.last_modified,
        body_hash=facts.body_hash,
        polls_since_full=0 if sent_in_full or facts.body_hash != state.body_hash else state.polls_since_full + 1,
    )


def after_failure(state: FeedState, error: FetchError, now: datetime) -> FeedState:
    """The state after a poll that failed. Validators stay; 410 retires; all else is asked for again, for ever."""
    failures = min(MAX_FAILURES, state.failures + WEIGHTS[error.outcome])
    backoff = min(LONGEST_BACKOFF, BACKOFF * 2.0 ** min(failures, 16.0))
    asked = timedelta(seconds=error.retry_after or 0.0)
    wait = max(min(asked, LONGEST_ASKED), backoff if failures >= FAILING_FROM else min(backoff, BACKOFF))
    return replace(
        state,
        last_poll=now,
        first_poll=state.first_poll or now,
        next_poll=now + wait,
        failures=failures,
        failure_class=error.outcome,
        last_error=str(error)[:500],
        retired=error.outcome == "gone",
    )


def interval_for(
    recent: tuple[datetime, ...], wait: timedelta | None, now: datetime, *, first_poll: datetime
) -> timedelta:
    """Time to the next poll: that in which a few entries arrive, clamped, then raised by what the server asks."""
    seen = [when for when in recent if when > now - WINDOW]
    begun = seen[0] if len(seen) == REMEMBERED else max(first_poll, now - WINDOW)
    watched = max(now - begun, timedelta(0))
    if now - first_poll < FIRST:
        own = FIRST
    elif not seen:
        own = LONGEST
    else:
        own = watched / len(seen) * ENTRIES_PER_POLL
    asked = min(wait or timedelta(0), LONGEST_ASKED)
    return max(min(max(own, SHORTEST), LONGEST), asked)


def retry_at(attempts: int, error_outcome: Outcome, now: datetime) -> datetime | None:
    """When a page is asked for again after `attempts` failures; None to give up, see `terminal_state`."""
    if attempts > RETRIES.get(error_outcome, 0):
        return None
    return now + min(RETRY_LONGEST, RETRY_FIRST * 3.0 ** max(0, attempts - 1))


def terminal_state(outcome: Outcome) -> State:
    """The state in which an entry ends whose page was given up."""
    return TERMINAL[outcome]


def second_look_at(published: datetime, looks: int, now: datetime) -> datetime | None:
    """When a page that was read is looked at once more for edits: a day and a week after it was published.

    What is older than that when it is first read is not looked at again.
    """
    due = [published + after for after in SECOND_LOOKS[looks:]]
    return next((when for when in due if when > now), None)


def health(state: FeedState, now: datetime) -> Health:
    """One word for a feed. `silent`: it answers, but nothing new has come for far longer than is usual for it."""
    if state.retired:
        return "retired"
    if state.last_poll is None:
        return "never"
    if state.failures >= FAILING_FROM or state.last_success is None:
        return "failing"
    overdue = now - (state.next_poll or now)
    if overdue > MISSED_POLLS * timedelta(seconds=state.interval_seconds):
        return "late"
    return "silent" if _is_silent(state, now) else "ok"


def _is_silent(state: FeedState, now: datetime) -> bool:
    since = state.last_new or state.first_poll or now
    return now - since > silence_after(state.recent)


def silence_after(recent: tuple[datetime, ...]) -> timedelta:
    """How long a feed with these arrivals may bring nothing before that is worth telling."""
    if len(recent) < KNOWN_RHYTHM:
        return SILENT_UNKNOWN
    gaps = sorted(b - a for a, b in pairwise(recent))
    usual = gaps[min(len(gaps) - 1, int(0.95 * len(gaps)))]
    return min(max(SILENT_LEAST, SILENT_FACTOR * usual), max(SILENT_UNKNOWN, 2 * usual))


def _arrivals(state: FeedState, new_entries: int, now: datetime) -> tuple[datetime, ...]:
    """The first poll brings what was there before; it says nothing of the rhythm but that there is something."""
    count = min(new_entries, 1) if state.last_success is None else new_entries
    return (*state.recent, *([now] * min(count, REMEMBERED)))[-REMEMBERED:]
