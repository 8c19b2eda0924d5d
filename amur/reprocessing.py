"""`amur reprocess`: read anew what is stored, then build a new generation beside the searched one and swap.

Reading anew goes through the ledger record by record: each gives a new revision, so a crash or a second start repeats
little. Until the swap searches see the old collections, whole; after it the new ones, whole.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from amur.errors import StoreError
from index.steps import coverage_of, documents, story_of
from ingest.ledger_articles import Known
from ingest.ledger_sql import chunks
from ingest.step_link import link
from ingest.step_reread import reread_raw, reread_records
from ingest.steps_base import Counts

if TYPE_CHECKING:
    from amur.pipeline import Amur, Progress
    from index.store.base import GenerationStore, Store

BUILD_BATCH = 200
# Article id -> its revision and the ids of its events, as they were written into the new generation.
Marks = dict[str, tuple[int, tuple[str, ...]]]


def reprocess(amur: "Amur", component: str | None, *, raw: bool, progress: "Progress") -> Counts:
    """See Amur.reprocess. Raises UsageError for a component that there is not."""
    counts = Counts()
    if raw:
        counts += reread_raw(amur.ledger, amur.archive, amur.reader, amur.by_name, amur.worker, progress)
    elif component:
        counts += reread_records(amur.ledger, amur.archive, amur.reader, component, progress)
    link(amur.ledger, amur.by_name, amur.worker)
    return counts + build_generation(amur, progress)


def build_generation(amur: "Amur", progress: "Progress") -> Counts:
    """All four collections from records and ledger into a new generation; swap; catch up before and after."""
    store, ledger = amur.store, amur.ledger
    store.ensure()
    marks: Marks = {}
    new = store.begin_generation()
    try:
        total = ledger.articles.total()
        for part in chunks(ledger.articles.records(), BUILD_BATCH):
            _write(amur, new, part, marks)
            progress("reprocess", len(marks), max(total, len(marks)))
        _catch_up(amur, new, marks)
        _publish_all(amur, new)
        new.refresh()
        new.swap()
    except BaseException:
        new.abandon()
        raise
    _catch_up(amur, store, marks)
    ledger.entries.settle_indexed()
    counts = amur.publish()
    return counts + Counts(reindexed=len(marks))


def _write(amur: "Amur", into: "Store", part: Sequence[Known], marks: Marks) -> None:
    """Write articles and events of a part; a refusal is an error, since nothing may be missing after a swap."""
    links = amur.ledger.links.links_of([known.id for known in part])
    made = [(k, documents(amur.archive.read_record(k.record), k, links.get(k.id), amur.by_name)) for k in part]
    events = {k.id: [event["id"] for event in found] for k, (_, found) in made}
    _all_written(into, "articles", (document for _, (document, _) in made))
    _all_written(into, "events", (event for _, (_, found) in made for event in found))
    for k in part:
        stale = set(marks.get(k.id, (0, ()))[1]) - set(events[k.id])
        into.delete("events", sorted(stale))
        marks[k.id] = (k.revision, tuple(events[k.id]))
    amur.ledger.articles.settle({k.id: k.revision for k in part}, events)


def _all_written(into: "Store", collection: str, found: Iterable[dict[str, Any]]) -> None:
    refused = [written for written in into.write(collection, found) if not written.ok]
    if refused:
        raise StoreError(
            f"the store refused {len(refused)} of {collection}, the first {refused[0].id}: {refused[0].error}; "
            "the searched collections are as they were"
        )


def _catch_up(amur: "Amur", into: "Store", marks: Marks) -> None:
    """What arrived or changed since it was written, until nothing has; and what was forgotten meanwhile."""
    articles = amur.ledger.articles
    while changed := list(articles.changed_since({k: revision for k, (revision, _) in marks.items()})):
        for part in chunks(changed, BUILD_BATCH):
            _write(amur, into, part, marks)
    alive = {known.id for known in articles.records()}
    gone = {article: marks.pop(article) for article in list(marks) if article not in alive}
    if gone:
        into.delete("articles", list(gone))
        into.delete("events", [event for _, events in gone.values() for event in events])


def _publish_all(amur: "Amur", new: "GenerationStore") -> None:
    after = ""
    while rows := amur.ledger.links.stories_behind(BUILD_BATCH, after, all_of_them=True):
        made = (story_of(amur.ledger, amur.archive, amur.by_name, r.id, r.members, r.revision) for r in rows)
        _all_written(new, "stories", (document for document in made if document))
        after = rows[-1].id
    last = ""
    while days := amur.ledger.coverage.behind(BUILD_BATCH, last, all_of_them=True):
        _all_written(new, "coverage", (coverage_of(row, amur.by_name) for row in days))
        last = days[-1].id
