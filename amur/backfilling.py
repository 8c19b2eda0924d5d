"""`amur backfill`: take in files and sitemaps of the past, then take what they gave through the usual steps."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from amur.errors import UsageError
from amur.pipeline_parts import fetcher_of, working
from ingest.backfill import Job, take_file
from ingest.backfill_files import expand, kind_of
from ingest.backfill_found import Kind, Window
from ingest.backfill_outlets import Outlets
from ingest.steps_base import Counts

if TYPE_CHECKING:
    from amur.pipeline import Amur, Progress, Step

THEN: tuple["Step", ...] = ("fetch", "enrich", "link", "index")
# Outcomes in which something was lost or set aside: the command ends with 3.
LOSSES = ("damaged", "bad", "quarantined", "sitemaps-failed")


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for: where from, which days (both included), whose, and whether files are read anew."""

    addresses: tuple[str, ...]
    kind: Kind | None = None  # told by the name's ending where None
    since: date | None = None
    until: date | None = None
    source: str = ""
    again: bool = False

    def __post_init__(self) -> None:
        if self.since and self.until and self.since > self.until:
            raise UsageError(f"the days end before they begin: {self.since} to {self.until}")


def request_of(params: Mapping[str, Any]) -> Request:
    """The request of a form with `addresses`, `kind`, `from`, `to`, `source`, `again`. Raises UsageError."""
    addresses = tuple(line.strip() for line in params["addresses"] if line.strip())
    if not addresses:
        raise UsageError("name at least one file or address")
    try:
        since, until = (date.fromisoformat(params[name]) if params.get(name) else None for name in ("from", "to"))
    except ValueError as error:
        raise UsageError(f"not a day: {error}") from error
    kind = None if params.get("kind") in (None, "auto") else params["kind"]
    return Request(addresses, kind, since, until, params.get("source") or "", bool(params.get("again")))


def take(amur: "Amur", request: Request, progress: "Progress") -> dict[str, Counts]:
    """Take in everything that is asked for; counts by address. Raises UsageError for what cannot be read at all."""
    from ingest.enrich.reader import Reader

    job = Job(
        amur.ledger, amur.archive, Reader.load("lexicon").relevance, Outlets(amur.sources, request.source),
        amur.worker, Window(request.since, request.until), request.again,
    )  # fmt: skip
    files = [(address, _kind(request, address)) for address in expand(request.addresses)]
    with working(amur.ledger, amur.settings.data / "workers", amur.worker.name, "backfill") as run:
        counts = {address: _one(amur, job, address, kind, progress) for address, kind in files}
        amur.ledger.end_run(run, sum(counts.values(), Counts()))
    return counts


def _one(amur: "Amur", job: Job, address: str, kind: Kind, progress: "Progress") -> Counts:
    if kind == "sitemap":
        return asyncio.run(_sitemap(amur, job, address, progress))
    return take_file(job, address, kind, progress)


def _kind(request: Request, address: str) -> Kind:
    kind = request.kind or kind_of(address)
    if kind is None:
        raise UsageError(f"{address}: its name does not tell what it is; say --kind warc, urls, jsonl or sitemap")
    return kind


async def _sitemap(amur: "Amur", job: Job, address: str, progress: "Progress") -> Counts:
    from ingest.backfill_sitemaps import take_sitemap
    from ingest.robots import RobotsCache

    async with fetcher_of(amur.settings, amur.sources, amur.ledger, RobotsCache()) as fetcher:

        async def get(url: str) -> tuple[bytes, str]:
            source = job.outlets.of(url)
            response = await fetcher.get(url, kind="feed", ignore_robots=bool(source and source.ignore_robots))
            return response.body, response.content_type

        return await take_sitemap(job, address, get, progress)


def follow(amur: "Amur", progress: "Progress") -> Counts:
    """Fetch, enrich, link and index until nothing of it waits."""
    counts = Counts()
    for step in THEN:
        counts += amur.collect(only=step, progress=progress)
    return counts


def losses(counts: Mapping[str, int]) -> int:
    return sum(counts.get(name, 0) for name in LOSSES)


def total(counts: Mapping[str, Counts] | Sequence[Counts]) -> Counts:
    found = counts.values() if isinstance(counts, Mapping) else counts
    return sum(found, Counts())
