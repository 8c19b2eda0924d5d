"""What the pipeline derives from settings, sources and counts."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from amur.settings import Settings
from ingest.ledger import Ledger
from ingest.locks import Alive, is_dead, sweep
from ingest.model import Source
from ingest.steps_base import Counts

if TYPE_CHECKING:
    from ingest.fetch import Fetcher
    from ingest.robots import RobotsCache


def sample_settings(settings: Settings) -> Settings:
    """The sample's own data folder, ledger, archive and sources: sample and real data can never meet."""
    import ingest

    shipped = Path(ingest.__file__).with_name("sources.sample.toml")
    return replace(settings, data=settings.data / "sample", ledger="", archive="", sources=str(shipped))


def private_hosts(sources: Sequence[Source]) -> frozenset[str]:
    """Hosts of the sources that may be reached at a private address: the operator's own."""
    from urllib.parse import urlsplit

    urls = [url for s in sources if s.allow_private for url in (s.homepage, *(feed.url for feed in s.feeds))]
    return frozenset(host for url in urls if (host := urlsplit(url).hostname))


def named_counts(counts: Counts, step: str) -> Counts:
    """Counts of a step without `claimed`; what it did is named after it: `fetched`, `indexed`, `quarantined`, ..."""
    return Counts({name: n for name, n in counts.items() if name != "claimed" and n}) + Counts({step: 0})


def fetcher_of(settings: Settings, sources: Sequence[Source], ledger: Ledger, robots: "RobotsCache") -> "Fetcher":
    from amur import __version__
    from ingest.budget import SharedBudget
    from ingest.fetch import Fetcher, Limits, user_agent

    return Fetcher(
        user_agent(settings.contact, __version__),
        Limits(in_flight=settings.connections),
        SharedBudget(ledger.domains),
        robots,
        hosts=settings.hosts,
        allow_private=private_hosts(sources),
    )


@contextmanager
def working(ledger: Ledger, folder: Path, worker: str, kind: str) -> Iterator[int]:
    """Free what dead workers of this machine hold, and show that this one lives; gives the number of the run."""
    dead = [other for other in ledger.workers() if is_dead(folder, other)]
    for other in dead:
        ledger.expire_worker(other)
    sweep(folder, dead)
    with Alive(folder, worker):
        yield ledger.begin_run(kind, worker)
