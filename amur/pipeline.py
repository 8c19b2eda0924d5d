"""Amur without Airflow: opens the parts from the settings and runs the steps until nothing waits.

`amur collect` and the DAGs call the same methods. Any number of processes may do so at once on one ledger; only
writing to the embedded store is done by one at a time.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING, Any, Literal, Self

from amur.pipeline_parts import fetcher_of, named_counts, sample_settings, working
from amur.quarantine import quarantine_row, quarantine_show
from amur.settings import Settings
from amur.status import status_of
from amur.verifying import archive_damage, compare
from amur.verifying import mend as mend_index
from ingest.archive import Archive, Damage
from ingest.ledger import Ledger, worker_name
from ingest.locks import one_writer
from ingest.model import Source
from ingest.steps_base import Counts, Worker

if TYPE_CHECKING:
    from index.store.base import Store
    from ingest.enrich.reader import Reader
    from ingest.fetch import Fetcher
    from ingest.robots import RobotsCache

Step = Literal["poll", "fetch", "enrich", "index", "link"]
Progress = Callable[[str, int, int | None], None]
AFTER_FETCH: tuple[Step, ...] = ("enrich", "link", "index")
# Seconds that one process waits for another that writes to the embedded store.
WRITER_WAIT = 600.0
# Fetch batches of one process that are under way at once: a batch that waits for a slow domain holds up no other.
FETCH_BATCHES = 4


def _silent(_stage: str, _done: int, _total: int | None) -> None:
    return


class Amur:
    """One collection: its ledger, archive, store and sources. Close it, or use it as a context manager."""

    def __init__(
        self, settings: Settings, ledger: Ledger, archive: Archive, sources: Sequence[Source], *, sample: bool
    ):
        self.settings = settings
        self.ledger = ledger
        self.archive = archive
        self.sources = tuple(sources)
        self.sample = sample
        self.by_name = {source.name: source for source in self.sources}
        self.worker = Worker(worker_name(), settings.batch, settings.lease, settings.connections)
        self._store: Store | None = None

    @classmethod
    def open(cls, settings: Settings, sample: bool = False) -> Self:
        """Open the parts that the settings name; the sample has a folder, a ledger and aliases of its own.

        Raises LedgerError, ArchiveError or SourcesError where one cannot be opened.
        """
        from ingest.sources import load_sources

        settings = sample_settings(settings) if sample else settings
        sources = load_sources(settings.sources or None)
        settings.data.mkdir(parents=True, exist_ok=True)
        ledger = Ledger.open(settings.ledger_url)
        try:
            return cls(settings, ledger, Archive.open(settings.archive_url), sources, sample=sample)
        except BaseException:
            ledger.close()
            raise

    def close(self) -> None:
        if self._store is not None:
            self._store.close()
            self._store = None
        self.ledger.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def store(self) -> "Store":
        """The search store, opened on first use."""
        if self._store is None:
            from index.store.base import open_store

            prefix = "amur-sample-" if self.sample else "amur-"
            self._store = open_store(self.settings.store_url, prefix=prefix, settings=self.settings)
        return self._store

    @cached_property
    def reader(self) -> "Reader":
        """The enrichers, loaded on first use."""
        from ingest.enrich.reader import Reader

        return Reader.load("lexicon" if self.settings.readers == "lexicon" else "all")

    @cached_property
    def _robots(self) -> "RobotsCache":
        from ingest.robots import RobotsCache

        return RobotsCache()

    def collect(self, only: Step | None = None, force: bool = False, progress: Progress | None = None) -> Counts:
        """Poll, fetch, enrich, link and index until nothing waits; or only one of the steps.

        `force` polls every feed and takes up every retry, due or not. `progress(stage, done, total)` is called as
        work is done. Returns counts by outcome.
        """
        shown, counts = progress or _silent, Counts()
        self.ledger.feeds.sync((feed.url, source.name) for source in self.sources for feed in source.feeds)
        with self._working(only or "collect") as run:
            if force:
                self._hasten()
            # One event loop for all steps: what is remembered of robots.txt belongs to it.
            self.__dict__.pop("_robots", None)
            with asyncio.Runner() as self._loop:
                counts = self._run_step(only, shown) if only else self._rounds(shown)
            self.ledger.end_run(run, counts)
        return counts

    def _rounds(self, progress: Progress) -> Counts:
        """Poll, then take some batches through all steps at a time, so that the first articles are soon seen."""
        counts = self._run_step("poll", progress)
        while True:
            fetched = self._run_step("fetch", progress, rounds=1)
            for step in AFTER_FETCH:
                counts += self._run_step(step, progress)
            counts += fetched
            if not any(fetched.values()):
                return counts

    def _hasten(self) -> None:
        self.ledger.feeds.hasten()
        self.ledger.entries.hasten()

    def _run_step(self, step: Step, progress: Progress, rounds: int | None = None) -> Counts:
        if step in ("poll", "fetch"):
            return self._loop.run(self._web(step, progress, rounds))
        return {"enrich": self._enrich, "link": self._link, "index": self._index}[step](progress)

    def _working(self, kind: str) -> AbstractContextManager[int]:
        return working(self.ledger, self.settings.data / "workers", self.worker.name, kind)

    async def _web(self, step: Step, progress: Progress, rounds: int | None) -> Counts:
        async with fetcher_of(self.settings, self.sources, self.ledger, self._robots) as fetcher:
            if step == "poll":
                return await self._poll(fetcher, progress)
            return await self._fetch(fetcher, progress, rounds)

    async def _poll(self, fetcher: "Fetcher", progress: Progress) -> Counts:
        from ingest.steps import poll

        counts, total = Counts(), self.ledger.feeds.due()
        while (found := await poll(self.ledger, fetcher, self.by_name, self.worker))["feeds"]:
            counts += found
            progress("poll", counts["feeds"], max(total, counts["feeds"]))
        return counts

    async def _fetch(self, fetcher: "Fetcher", progress: Progress, rounds: int | None) -> Counts:
        """Several batches at a time until nothing waits, or `rounds` times as many."""
        counts, total = Counts(), self.ledger.entries.waiting("fetch")
        progress("fetch", 0, total)

        async def batches() -> None:
            from ingest.steps import fetch

            for _ in count() if rounds is None else range(rounds):
                found = await fetch(self.ledger, self.archive, fetcher, self.worker)
                if not found["claimed"]:
                    return
                counts.update(found)
                progress("fetch", counts["claimed"], max(total, counts["claimed"]))

        await asyncio.gather(*(batches() for _ in range(FETCH_BATCHES)))
        return named_counts(counts, "fetch")

    def _enrich(self, progress: Progress) -> Counts:
        from ingest.steps import enrich

        total = self.ledger.entries.waiting("enrich")
        if not total:
            return Counts()
        reader = self.reader
        return self._until_done(
            "enrich", lambda: enrich(self.ledger, self.archive, reader, self.by_name, self.worker), progress
        )

    def _link(self, progress: Progress) -> Counts:
        from ingest.steps import link

        counts = link(self.ledger, self.by_name, self.worker)
        progress("link", counts["days"], counts["days"])
        return Counts(relinked=counts["relinked"])

    def _index(self, progress: Progress) -> Counts:
        from index.steps import index

        with self.writing():
            counts = self._until_done(
                "index", lambda: index(self.ledger, self.archive, self.store, self.by_name, self.worker), progress
            )
            counts += self.publish()
        return counts

    def publish(self) -> Counts:
        """Write the stories and coverage that changed; the caller holds the writer's lock."""
        from index.steps import publish_coverage, publish_stories

        counts = publish_stories(self.ledger, self.archive, self.store, self.by_name)
        counts += publish_coverage(self.ledger, self.store, self.by_name)
        self.store.refresh()
        return counts

    def _until_done(self, name: str, step: Callable[[], Counts], progress: Progress) -> Counts:
        counts, total = Counts(), self.ledger.entries.waiting(name)
        progress(name, 0, total)
        while (found := step())["claimed"]:
            counts += found
            progress(name, counts["claimed"], max(total, counts["claimed"]))
        return named_counts(counts, name)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One writer at a time for the embedded store; Elasticsearch has no such limit."""
        local = self.settings.store_url.startswith("embedded:")
        with one_writer(self.settings.data / "store.lock", wait=WRITER_WAIT) if local else nullcontext():
            yield

    def counts(self) -> dict[str, int]:
        """Entries by state."""
        return self.ledger.counts()

    def status(self) -> dict[str, Any]:
        """What `amur status --json` prints (see docs/schemas/status.json)."""
        return status_of(self)

    def quarantine_list(self) -> list[dict[str, Any]]:
        """What was set aside: entry, url, source, stage, error, attempts, at, bytes."""
        return [quarantine_row(row) for row in self.ledger.entries.quarantined()]

    def quarantine_show(self, entry: int) -> tuple[dict[str, Any], bytes | None]:
        """One entry that was set aside and its stored bytes, None where nothing was stored. Raises UsageError."""
        return quarantine_show(self.ledger, self.archive, entry)

    def quarantine_replay(self, entries: Sequence[int] | None = None) -> int:
        """Send entries that were set aside (all without any) through the stage at which they failed; how many."""
        return self.ledger.entries.replay(entries)

    def reprocess(self, component: str | None = None, raw: bool = False, progress: Progress | None = None) -> Counts:
        """Build all collections anew beside the old ones and swap; searches never see half.

        From the records as they are; with `component` that enricher runs again on every record; with `raw` every
        stored page is read again with all of them.
        """
        from amur.reprocessing import reprocess

        with self._working("reprocess") as run:
            counts = reprocess(self, component, raw=raw, progress=progress or _silent)
            self.ledger.end_run(run, counts)
        return counts

    def forget(self, url: str) -> dict[str, Any]:
        """Remove an article everywhere and never collect it again: {"url", "known", "articles", "objects"}."""
        from amur.forgetting import forget

        with self.writing():
            return forget(self, url)

    def archive_verify(self) -> list[Damage]:
        """Pages and records that the ledger names and the archive cannot give."""
        return list(archive_damage(self))

    def index_verify(self, *, mend: bool = False, progress: Progress | None = None) -> dict[str, Any]:
        """Compare ledger, records and store: faults, checked, waiting, missing, stray, unreadable, mended.

        With `mend` what is amiss is made anew by the steps that made it first, from the stored pages and records.
        """
        with self.writing():
            found = compare(self)
            if mend and found.faults:
                mend_index(self, found)
        for step in AFTER_FETCH if found.mended else ():
            self.collect(only=step, progress=progress)
        return found.as_dict()
