"""What the pipeline derives from settings, sources and counts."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from amur.settings import Settings
from ingest.model import Source
from ingest.steps_base import Counts


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
