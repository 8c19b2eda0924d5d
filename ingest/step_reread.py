"""Reading again what is stored: one enricher over every record, or all of them over every raw page."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from amur.errors import UsageError
from ingest.archive import Archive
from ingest.ledger import Ledger
from ingest.ledger_articles import Known
from ingest.ledger_sql import chunks
from ingest.model import EnrichedArticle
from ingest.step_enrich import Sources, enrich, linkable
from ingest.steps_base import Counts, Worker, check_archive

if TYPE_CHECKING:
    from ingest.enrich.reader import Reader

# Component -> the field of EnrichedArticle that it fills.
COMPONENTS = ("relevance", "entities", "topics", "quotes", "events", "stance", "phrases", "embedding")
Progress = Callable[[str, int, int | None], None]


def reread_records(
    ledger: Ledger, archive: Archive, reader: "Reader", component: str, progress: Progress, batch: int = 100
) -> Counts:
    """Run one enricher again on the article of every record; the other annotations stay as they are.

    Raises UsageError for a component that there is not.
    """
    if component not in COMPONENTS:
        raise UsageError(f"there is no component {component!r}; the components are {', '.join(COMPONENTS)}")
    check_archive(ledger, archive)
    total, counts = ledger.articles.total(), Counts()
    for part in chunks(ledger.articles.records(), batch):
        counts += _reread_part(ledger, archive, reader, component, part)
        progress("reread", counts["reread"], max(total, counts["reread"]))
    return counts


def _reread_part(ledger: Ledger, archive: Archive, reader: "Reader", component: str, part: Sequence[Known]) -> Counts:
    old = [archive.read_record(known.record) for known in part]
    new = [_with(component, before, reader.read(before.article, always=True)) for before in old]
    changed = [(k, n) for k, b, n in zip(part, old, new, strict=True) if n != b]
    places = archive.write_records([enriched for _, enriched in changed])
    for (known, enriched), place in zip(changed, places, strict=True):
        ledger.articles.replace_record(known, place, linkable(enriched))
    return Counts(reread=len(part), changed=len(changed))


def _with(component: str, before: EnrichedArticle, after: EnrichedArticle) -> EnrichedArticle:
    versions = before.versions | {k: v for k, v in after.versions.items() if k.split("-")[0] == component}
    failed = {k: v for k, v in before.failed.items() if k != component}
    failed |= {k: v for k, v in after.failed.items() if k == component}
    return replace(before, **{component: getattr(after, component)}, versions=versions, failed=failed)


def reread_raw(
    ledger: Ledger, archive: Archive, reader: "Reader", sources: Sources, worker: Worker, progress: Progress
) -> Counts:
    """Read every stored page again with all enrichers, as the enrich step does, and through its queue."""
    total = ledger.entries.again("enrich")
    counts = Counts()
    while (found := enrich(ledger, archive, reader, sources, worker))["claimed"]:
        counts += found
        progress("reread", counts["claimed"], max(total, counts["claimed"]))
    return Counts({"reread": counts["claimed"], "quarantined": counts["quarantined"]})
