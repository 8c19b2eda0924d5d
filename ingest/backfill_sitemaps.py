"""Sitemaps of a stretch of days -> entries: an index is followed to those of its sitemaps that may hold such days.

Everything that is on the web goes through the fetcher, with its politeness and its checks.
"""

import re
from calendar import monthrange
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from amur.errors import AmurError
from ingest.backfill import Job, Shown
from ingest.backfill_files import read_whole
from ingest.backfill_found import MAX_BODY, Window
from ingest.backfill_outlets import UNKNOWN_OUTLET
from ingest.dates import date_in_url
from ingest.feed_document import Context
from ingest.ledger_backfill import Taken, add_entries
from ingest.model import Feed, FeedEntry, Source
from ingest.sitemaps import named_sitemaps, read_sitemap
from ingest.steps_base import Counts, instant

# An archive of daily sitemaps over ten years has 3,650.
MAX_SITEMAPS = 10_000
# The month that an archive's sitemap is of, as its name tells: sitemap-2023-03.xml, /2023/03/, 202303.xml.gz.
_MONTH = re.compile(r"(?<!\d)(20\d\d|19\d\d)[-_/.]?(0[1-9]|1[0-2])(?!\d)(?:[-_/.](0[1-9]|[12]\d|3[01])(?!\d))?")
_GZIP = b"\x1f\x8b"
Get = Callable[[str], Awaitable[tuple[bytes, str]]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one sitemap gave: its entries and the further ones that it names."""

    entries: Sequence[FeedEntry] = ()
    further: Sequence[str] = ()
    outside: int = 0


async def take_sitemap(job: Job, address: str, get: Get, shown: Shown) -> Counts:
    """Entries of a sitemap and of all that it names, days in the job's window only.

    `get(url)` gives body and content type of one on the web. Counts: `new`, `known`, `outside`, `sitemaps`,
    `sitemaps-failed`. Raises FeedError or FetchError where the first one cannot be read.
    """
    waiting, seen, counts = deque([address]), {address}, Counts()
    while waiting:
        url = waiting.popleft()
        try:
            sheet = _read(job, url, *await _had(url, get))
        except AmurError:
            if url == address:
                raise
            counts["sitemaps-failed"] += 1
            continue
        counts += add_entries(job.ledger, [_taken(entry) for entry in sheet.entries])
        counts += Counts(sitemaps=1, outside=sheet.outside)
        fresh = [one for one in dict.fromkeys(sheet.further) if one not in seen][: MAX_SITEMAPS - len(seen)]
        seen.update(fresh)
        waiting.extend(fresh)
        shown("backfill", len(seen) - len(waiting), len(seen))
    return +counts


async def _had(url: str, get: Get) -> tuple[bytes, str]:
    if not url.startswith(("http://", "https://")):
        return read_whole(url, MAX_BODY), ""
    body, content_type = await get(url)
    return (_unpacked(body) if body.startswith(_GZIP) else body), content_type


def _unpacked(body: bytes) -> bytes:
    from ingest.decoding import BoundedBody

    bounded = BoundedBody("gzip", MAX_BODY)
    bounded.feed(body)
    return bounded.finish()


def _read(job: Job, url: str, body: bytes, content_type: str) -> Sheet:
    from ingest.feed_xml import safe_text

    source = job.outlets.of(url) or _nobody()
    context = Context(url, source, Feed(url, "sitemap"), instant(job.ledger.clock()), base=url)
    text = safe_text(body, content_type)
    named = named_sitemaps(text, context)
    if named:
        return Sheet(further=[one for one, when in named if _may_hold(job.window, one, when)])
    entries = read_sitemap(text, context).entries
    kept = [_of_outlet(job, entry) for entry in entries if _is_inside(job.window, entry)]
    return Sheet(kept, outside=len(entries) - len(kept))


def _nobody() -> Source:
    return Source(UNKNOWN_OUTLET, "", "", "XXX", (), "UTC", (), "online", ())


def _of_outlet(job: Job, entry: FeedEntry) -> FeedEntry:
    source = job.outlets.of(entry.url)
    return replace(entry, source=source.name if source else UNKNOWN_OUTLET, backfilled=True)


def _may_hold(window: Window, url: str, changed: datetime | None) -> bool:
    """A sitemap that has not changed since holds nothing since; one whose name tells its month holds that month."""
    if changed and window.since and changed.date() < window.since:
        return False
    match = _MONTH.search(url)
    if not match:
        return True
    year, month = int(match[1]), int(match[2])
    first, last = date(year, month, 1), date(year, month, monthrange(year, month)[1])
    margin = timedelta(days=1)  # its days are of the outlet's own zone
    return (window.since is None or last + margin >= window.since) and (
        window.until is None or first - margin <= window.until
    )


def _is_inside(window: Window, entry: FeedEntry) -> bool:
    """By the date of publication, else that in the address; what did not change since is not from since."""
    moment = None if entry.published else date_in_url(entry.url)
    day = entry.published.date() if entry.published else moment.local if moment else None
    changed = entry.updated.date() if entry.updated else None
    if day is None and changed and window.since and changed < window.since:
        return False
    return window.holds(day)


def _taken(entry: FeedEntry) -> Taken:
    moment = None if entry.published else date_in_url(entry.url)
    return Taken(entry, values={"day": moment.local.isoformat()} if moment else None)
