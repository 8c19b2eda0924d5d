"""The steps between enriched records and answers: index a batch, publish stories and coverage, build a generation.

Everything in the store comes from records and the ledger, so each step can be repeated at any time. A document
carries its revision as the external version; an entry moves on only when the store has acknowledged it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from amur.errors import AmurError, ArchiveError, StoreError
from ingest.archive import Archive
from ingest.ledger import Claim, Held, Ledger, Move
from ingest.ledger_articles import Known
from ingest.ledger_coverage import COUNTED, CoverageRow
from ingest.model import EnrichedArticle, Links, Source
from ingest.step_enrich import set_aside
from ingest.steps_base import Counts, Worker

if TYPE_CHECKING:
    from index.store.base import Store

Sources = Mapping[str, Source]
Document = dict[str, Any]
PUBLISHED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Item:
    """One article on its way into the store: its documents, or the error that keeps it out."""

    held: Held
    known: Known
    document: Document | None = None
    events: tuple[Document, ...] = ()
    error: AmurError | None = None


def index(ledger: Ledger, archive: Archive, store: "Store", sources: Sources, worker: Worker) -> Counts:
    """Index one batch. Raises StoreUnavailable where the store does not answer: the batch is given back."""
    store.ensure()
    claim = ledger.claim("index", worker.limit, worker.name, worker.lease)
    if not claim:
        return Counts(claimed=0)
    try:
        items = _items(ledger, archive, sources, claim)
        refused = _write(ledger, store, items)
        return _finish(ledger, claim, items, refused)
    except BaseException:
        ledger.entries.release(claim)
        raise


def _items(ledger: Ledger, archive: Archive, sources: Sources, claim: Claim) -> list[Item]:
    known = ledger.articles.known([held.article for held in claim.entries if held.article])
    links = ledger.links.links_of(list(known))
    return [_item(archive, sources, held, known[held.article or ""], links) for held in claim.entries]


def _item(archive: Archive, sources: Sources, held: Held, known: Known, links: Mapping[str, Links]) -> Item:
    if not known.relevant:
        return Item(held, known)
    try:
        enriched = archive.read_record(known.record)
        document, events = documents(enriched, known, links.get(known.id), sources)
    except AmurError as error:
        return Item(held, known, error=error)
    return Item(held, known, document, events)


def documents(
    enriched: EnrichedArticle, known: Known, links: Links | None, sources: Sources
) -> tuple[Document, tuple[Document, ...]]:
    """The article's document and those of its events, as the ledger knows them now."""
    from index.document import event_documents, to_document

    article = replace(enriched.article, id=known.id, canonical_url=known.canonical_url)
    source, moment = sources.get(article.source), article.published or article.first_seen
    camp = _camp(source, moment.year if moment else 0, article.lang)
    frozen = replace(enriched, article=article)
    document = to_document(frozen, source, links, camp, known.revision)
    return document, tuple(event_documents(frozen, source, links, camp, known.revision))


def _camp(source: Source | None, year: int, lang: str) -> str:
    from ingest.sources import camp_of

    return camp_of(source, year, lang) if source else "other"


def coverage_of(row: CoverageRow, sources: Sources) -> Document:
    """The document of one day of one source in one language."""
    from index.document import coverage_document

    source = sources.get(row.source)
    counts = {name: getattr(row, name) for name in COUNTED}
    camp = _camp(source, row.day.year, row.lang)
    return coverage_document(
        counts,
        id=row.id,
        revision=row.revision,
        outlet=row.source,
        source=source,
        lang=row.lang,
        day=row.day,
        camp=camp,
    )


def _write(ledger: Ledger, store: "Store", items: Sequence[Item]) -> dict[str, str]:
    """Put the batch into the store; returns article id -> reason of those it refused."""
    shown = [item for item in items if item.document]
    ledger.articles.want_events(
        {i.known.id: _all_events(i) for i in shown if set(_all_events(i)) - set(i.known.events)}
    )
    refused = _refused(store, "articles", (i.document for i in shown if i.document))
    events = _refused(store, "events", (event for i in shown for event in i.events))
    for item in shown:
        bad = next((reason for event in item.events if (reason := events.get(event["id"]))), None)
        refused |= {item.known.id: f"event: {bad}"} if bad else {}
    _take_out(store, items)
    store.refresh()
    return refused


def _all_events(item: Item) -> list[str]:
    return sorted({*item.known.events, *(event["id"] for event in item.events)})


def _refused(store: "Store", collection: str, found: Iterable[Document]) -> dict[str, str]:
    return {written.id: written.error or "refused" for written in store.write(collection, found) if not written.ok}


def _take_out(store: "Store", items: Sequence[Item]) -> None:
    """Events that an article no longer has, and articles that are no longer relevant."""
    gone = [i.known.id for i in items if not i.known.relevant]
    events = [e for i in items if not i.error for e in set(i.known.events) - {event["id"] for event in i.events}]
    if gone:
        store.delete("articles", gone)
    if events:
        store.delete("events", sorted(events))


def _finish(ledger: Ledger, claim: Claim, items: Sequence[Item], refused: Mapping[str, str]) -> Counts:
    moves = [_move(item, refused.get(item.known.id)) for item in items]
    done = [i for i, move in zip(items, moves, strict=True) if move.state != "quarantined"]

    def commit(connection: Any, held: set[int]) -> None:
        mine = [i for i in done if i.held.id in held]
        ledger.articles.set_indexed(connection, {i.known.id: i.known.revision for i in mine})
        ledger.articles.set_events(connection, {i.known.id: [event["id"] for event in i.events] for i in mine})
        ledger.links.touch_stories_of(connection, [i.known.id for i in mine])

    lost = ledger.entries.move(claim, moves, with_connection=commit)
    counts = Counts(m.state for m in moves if m.id not in lost)
    return counts + Counts(claimed=len(moves), lost=len(lost))


def _move(item: Item, refused: str | None) -> Move:
    if item.error is not None or refused:
        return set_aside(item.held, "index", item.error or StoreError(refused or ""))
    return Move(item.held.id, "indexed" if item.known.relevant else "irrelevant")


def publish_stories(ledger: Ledger, archive: Archive, store: "Store", sources: Sources) -> Counts:
    """Write the documents of stories that changed; a story without members is taken out of the store."""
    counts = Counts()
    while rows := ledger.links.stories_behind(PUBLISHED_AT_ONCE):
        found = [d for row in rows if (d := story_of(ledger, archive, sources, row.id, row.members, row.revision))]
        refused = _refused(store, "stories", found)
        if refused:
            raise StoreError(f"the store refused {len(refused)} stories: {next(iter(refused.values()))}")
        store.delete("stories", [row.id for row in rows if row.id not in {d["id"] for d in found}])
        ledger.links.stories_indexed({row.id: row.revision for row in rows})
        counts += Counts(stories=len(rows))
    return counts


def story_of(
    ledger: Ledger, archive: Archive, sources: Sources, story: str, members: Sequence[str], revision: int
) -> Document | None:
    """The document of one story from its members' records; None where it has none any more."""
    from index.document import story_document

    known = ledger.articles.known(members)
    links = ledger.links.links_of(members)
    there = [known[m] for m in members if m in known and known[m].record]
    found = [d for one in there if (d := _member(archive, sources, one, links))]
    return story_document(story, found, revision) if found else None


def _member(archive: Archive, sources: Sources, known: Known, links: Mapping[str, Links]) -> Document | None:
    try:
        return documents(archive.read_record(known.record), known, links.get(known.id), sources)[0]
    except ArchiveError:
        return None  # the article's own entry is set aside for it; its story is told by the others


def publish_coverage(ledger: Ledger, store: "Store", sources: Sources) -> Counts:
    """Count the days that changed again, and write their documents."""
    languages = {name: source.languages[0] for name, source in sources.items() if source.languages}
    while ledger.coverage.refresh(PUBLISHED_AT_ONCE, languages):
        pass
    counts = Counts()
    while rows := ledger.coverage.behind(PUBLISHED_AT_ONCE):
        refused = _refused(store, "coverage", (coverage_of(row, sources) for row in rows))
        if refused:
            raise StoreError(f"the store refused {len(refused)} coverage rows: {next(iter(refused.values()))}")
        ledger.coverage.indexed({row.id: row.revision for row in rows})
        counts += Counts(coverage=len(rows))
    return counts
