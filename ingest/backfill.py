"""The past: files of pages or addresses, and sitemaps of a stretch of days, into the ledger as entries like any other.

A page that a file holds is looked at cheaply first: what is irrelevant is counted as such and not archived again, the
rest is archived as a fetched page and waits for `enrich`. What has an address alone waits for `fetch`. All of it is
marked as backfilled. A file is read in batches; each is archived, then committed together with the offset that follows
it, so a stop at any time loses nothing and repeats one batch.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from amur.errors import NoText, ReadError
from ingest.archive import Archive
from ingest.archive_warc import RawPage
from ingest.backfill_files import Opened, open_file
from ingest.backfill_found import Captured, Found, Kind, Window
from ingest.backfill_outlets import UNKNOWN_OUTLET, Outlets
from ingest.backfill_screen import Judge, Looked, look, published_day
from ingest.feed_document import MAX_URL
from ingest.ledger import Ledger
from ingest.ledger_backfill import FileWork, Progress, Taken, held
from ingest.ledger_rows import entry_key, sha
from ingest.model import FeedEntry, Page, Source
from ingest.steps_base import Counts, Worker, check_archive, instant, message
from ingest.urls import canonical_url

# A batch ends at so many records or bytes of pages, whichever comes first: memory stays flat.
BATCH_RECORDS = 400
BATCH_BYTES = 16_000_000
Shown = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class Job:
    """What all files of one backfill share. `again` reads files anew that were read before."""

    ledger: Ledger
    archive: Archive
    judge: Judge
    outlets: Outlets
    worker: Worker
    window: Window = field(default_factory=Window)
    again: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """What becomes of one record: counted under `name`, taken in where `taken`, archived where `raw`."""

    name: str
    taken: Taken | None = None
    raw: RawPage | None = None


def take_file(job: Job, address: str, kind: Kind, shown: Shown) -> Counts:
    """Read one WARC, list of addresses or file of JSON lines from where the last reading of it ended.

    Counts by outcome: states of new entries, `known`, `forgotten`, `outside`, `not-a-page`, `damaged`, `bad`;
    `read-before`, `held` (by another worker) or `lost` files. Raises UsageError where there is no such file,
    ReadError where it cannot be read, ArchiveError before anything is read.
    """
    check_archive(job.ledger, job.archive)
    work = FileWork(job.ledger, _work_name(job, address), job.worker.name, job.worker.lease)
    if not work.begin():
        return Counts(held=1)
    try:
        with open_file(address, kind) as opened:
            return _take(job, work, opened, shown)
    except (OSError, EOFError) as error:
        raise ReadError(f"{address} cannot be read on: {error}; what was read is kept") from error
    finally:
        work.end()


def _work_name(job: Job, address: str) -> str:
    outlet = job.outlets.only
    return f"backfill:{sha(chr(0).join((address, str(job.window), outlet)))[:40]}"


def _take(job: Job, work: FileWork, opened: Opened, shown: Shown) -> Counts:
    was = work.progress()
    same = was.size == opened.size and not job.again
    if same and was.done:
        return Counts({"read-before": 1})
    counts = Counts()
    for batch, following in _batches(opened.records(was.at if same else 0)):
        found = _store(job, work, opened, batch, following)
        if found is None:
            return counts + Counts(lost=1)
        counts += found
        at = opened.size if following is None else following
        shown("backfill", at, max(opened.size, at) if opened.size >= 0 else None)
    return counts


def _batches(records: Iterator[Found]) -> Iterator[tuple[list[Found], int | None]]:
    """Bounded batches, each with the offset at which the next one begins, None after the last."""
    batch: list[Found] = []
    size = 0
    for found in records:
        if len(batch) >= BATCH_RECORDS or size >= BATCH_BYTES:
            yield batch, found.at
            batch, size = [], 0
        batch.append(found)
        size += len(found.captured.body) if found.captured else 0
    yield batch, None


def _store(job: Job, work: FileWork, opened: Opened, batch: Sequence[Found], following: int | None) -> Counts | None:
    """Judge, archive, commit: in this order, so that what is committed is durable."""
    counts, judged = Counts(), []
    for found, there in _fresh(job, batch):
        one = Judged(there) if there else _judged(job, opened.address, found)
        counts[one.name] += 1
        if one.taken:
            judged.append(one)
    places = iter(job.archive.write_pages([one.raw for one in judged if one.raw]))
    taken = [_placed(one.taken, next(places)) if one.raw else one.taken for one in judged if one.taken]
    at = opened.size if following is None else following
    progress = Progress(opened.address, at, opened.size, done=following is None)
    return None if work.commit(taken, progress) is None else counts


def _placed(taken: Taken, place: Any) -> Taken:
    raw = {"raw_path": place.path, "raw_offset": place.offset, "raw_length": place.length}
    return replace(taken, values={**(taken.values or {}), **raw})


def _fresh(job: Job, batch: Sequence[Found]) -> Iterator[tuple[Found, str]]:
    """Each record with why it needs no look: it is known, forgotten, or no entry at all."""
    keys = {found.at: entry_key(found.url) for found in batch if found.url}
    there = held(job.ledger, list(keys.values()))
    for found in batch:
        why = found.skipped or ("" if _is_address(found.url) else "bad")
        if not why:
            why = there.get(keys[found.at], "")
            there[keys[found.at]] = "known"
        yield found, why


def _is_address(url: str) -> bool:
    """Whether a page can be had there: http or https, no longer than in feeds, without what no ledger can hold."""
    try:
        return len(url) <= MAX_URL and url.isprintable() and bool(canonical_url(url))
    except (ReadError, ValueError):
        return False


def _judged(job: Job, address: str, found: Found) -> Judged:
    source = job.outlets.of(found.url)
    entry = FeedEntry(
        source.name if source else UNKNOWN_OUTLET, address, found.url, title=found.title, published=found.published,
        precision=found.precision, backfilled=True,
    )  # fmt: skip
    if found.fault:
        return _faulty(entry, found.fault)
    if found.captured is not None:
        return _looked(job, entry, found, found.captured, source)
    day = published_day(found, "", source.timezone if source else "UTC", instant(job.ledger.clock()))
    if not job.window.holds(day):
        return Judged("outside")
    return Judged("new", Taken(entry, values={"day": day.isoformat()} if day else None))


def _faulty(entry: FeedEntry, fault: str) -> Judged:
    if fault == "too-large":
        return Judged(fault, Taken(entry, "too-large", "", {"outcome": fault}))
    return Judged("quarantined", Taken(entry, "quarantined", "", {"error": fault, "error_stage": "fetch"}))


def _looked(job: Job, entry: FeedEntry, found: Found, captured: Captured, source: Source | None) -> Judged:
    if job.window.since and captured.fetched_at.date() < job.window.since:
        return Judged("outside")  # what was captured before was published before
    page = Page(entry, found.url, captured.status, captured.content_type, captured.body, captured.fetched_at)
    values = {
        "fetched_at": captured.fetched_at.timestamp(), "body_hash": hashlib.sha256(captured.body).hexdigest(),
    }  # fmt: skip
    try:
        looked = look(found, captured, job.judge, source)
    except Exception as error:  # noqa: BLE001 - whatever a page does to its reader is kept and named
        wrong = {**values, "error": message(error), "error_stage": "enrich"}
        return Judged("quarantined", Taken(entry, "quarantined", "", wrong), RawPage(page, captured.headers))
    if not job.window.holds(looked.day):
        return Judged("outside")
    values |= {"day": looked.day.isoformat() if looked.day else "", "lang": looked.lang}
    if looked.state == "fetched":
        page = replace(page, entry=_dated(entry, page, source, looked))
        return Judged("fetched", Taken(page.entry, "fetched", "enrich", values), RawPage(page, captured.headers))
    values["decided"] = looked.state == "irrelevant"
    return Judged(looked.state, Taken(entry, looked.state, "", values))


def _dated(entry: FeedEntry, page: Page, source: Source | None, looked: Looked) -> FeedEntry:
    """The entry of a page that names no day anywhere was published when it was captured, as far as anyone can say."""
    from ingest.pages import read_page

    if looked.is_dated:
        return entry
    try:
        undated = read_page(page, source).published is None
    except NoText:
        undated = True
    return replace(entry, published=page.fetched_at, precision="day") if undated else entry
