"""`amur reprocess`: read anew what is stored, then build a new generation beside the searched one and swap.

Reading anew goes through the ledger record by record: each gives a new revision, so a crash or a second start repeats
little. Until the swap searches see the old collections, whole; after it the new ones, whole. Collectors go on
meanwhile and write into the searched collections: only the last catching up and the swap keep them waiting.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from amur.errors import ArchiveError, StoreError
from index.steps import Document, coverage_of, documents, story_of
from ingest.ledger_articles import Known
from ingest.ledger_sql import chunks
from ingest.model import Links
from ingest.step_link import link
from ingest.step_reread import reread_raw, reread_records
from ingest.steps_base import Counts

if TYPE_CHECKING:
    from amur.pipeline import Amur, Progress
    from index.store.base import GenerationStore, Store

BUILD_BATCH = 200
Events = tuple[str, ...]


@dataclass
class Marks:
    """What was written into the new generation: articles with revision and event ids, the others with revision."""

    articles: dict[str, tuple[int, Events]] = field(default_factory=dict)
    stories: dict[str, int] = field(default_factory=dict)
    coverage: dict[str, int] = field(default_factory=dict)


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
    store, marks = amur.store, Marks()
    store.ensure()
    new = store.begin_generation()
    try:
        _build(amur, new, marks, progress)
        with amur.writing():
            _catch_up(amur, new, marks)
            new.refresh()
            new.swap()
            _catch_up(amur, store, marks)
            _settle(amur, marks)
            counts = amur.publish()
    except BaseException:
        new.abandon()
        raise
    return counts + Counts(reindexed=len(marks.articles))


def _build(amur: "Amur", new: "GenerationStore", marks: Marks, progress: "Progress") -> None:
    total = amur.ledger.articles.total()
    for part in chunks(amur.ledger.articles.records(), BUILD_BATCH):
        _write(amur, new, part, marks)
        progress("reprocess", len(marks.articles), max(total, len(marks.articles)))
    _catch_up(amur, new, marks)


def _write(amur: "Amur", into: "Store", part: Sequence[Known], marks: Marks) -> None:
    """Write articles and events of a part; a refusal is an error, since nothing may be missing after a swap."""
    links = amur.ledger.links.links_of([known.id for known in part])
    made = [(k, *found) for k in part if (found := _documents(amur, k, links.get(k.id)))]
    events = {k.id: tuple(event["id"] for event in found) for k, _, found in made}
    _all_written(into, "articles", (document for _, document, _ in made))
    _all_written(into, "events", (event for _, _, found in made for event in found))
    for k, _, _ in made:
        stale = set(marks.articles.get(k.id, (0, ()))[1]) - set(events[k.id])
        into.delete("events", sorted(stale))
        marks.articles[k.id] = (k.revision, events[k.id])


def _documents(amur: "Amur", known: Known, links: Links | None) -> tuple[Document, tuple[Document, ...]] | None:
    """The documents of an article; None where it was forgotten or read anew since it was listed.

    Raises ArchiveError where its record is lost; `amur index verify --mend` reads it anew.
    """
    try:
        return documents(amur.archive.read_record(known.record), known, links, amur.by_name)
    except ArchiveError:
        now = amur.ledger.articles.known([known.id]).get(known.id)
        if now is not None and now.record == known.record:
            raise
        return None


def _settle(amur: "Amur", marks: Marks) -> None:
    """The searched collections hold this now, and nothing older."""
    for part in chunks(marks.articles.items(), BUILD_BATCH):
        revisions = {article: revision for article, (revision, _) in part}
        amur.ledger.articles.settle(revisions, {article: events for article, (_, events) in part})
    amur.ledger.links.stories_indexed(marks.stories)
    amur.ledger.coverage.indexed(marks.coverage)
    amur.ledger.entries.settle_indexed()


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
    while changed := list(articles.changed_since({k: revision for k, (revision, _) in marks.articles.items()})):
        for part in chunks(changed, BUILD_BATCH):
            _write(amur, into, part, marks)
    alive = {known.id for known in articles.records()}
    gone = {article: marks.articles.pop(article) for article in list(marks.articles) if article not in alive}
    if gone:
        into.delete("articles", list(gone))
        into.delete("events", [event for _, events in gone.values() for event in events])
    _publish(amur, into, marks)


def _publish(amur: "Amur", into: "Store", marks: Marks) -> None:
    """Stories and coverage that are not yet there as they are now."""
    after = ""
    while rows := amur.ledger.links.stories_behind(BUILD_BATCH, after, all_of_them=True):
        new = [row for row in rows if marks.stories.get(row.id) != row.revision]
        made = {r.id: story_of(amur.ledger, amur.archive, amur.by_name, r.id, r.members, r.revision) for r in new}
        _all_written(into, "stories", (document for document in made.values() if document))
        into.delete("stories", [story for story, document in made.items() if document is None])
        marks.stories |= {row.id: row.revision for row in new}
        after = rows[-1].id
    last = ""
    while days := amur.ledger.coverage.behind(BUILD_BATCH, last, all_of_them=True):
        changed = [row for row in days if marks.coverage.get(row.id) != row.revision]
        _all_written(into, "coverage", (coverage_of(row, amur.by_name) for row in changed))
        marks.coverage |= {row.id: row.revision for row in changed}
        last = days[-1].id
