"""enrich: stored pages into articles with annotations, one object of records a batch.

Identity comes before reading: the first entry that asks for a canonical address owns the article, the others end as
`duplicate-url` and cost nothing more. What is irrelevant ends here; its page stays in the archive.
"""

import difflib
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from amur.errors import ArchiveError, NoText
from ingest.archive import Archive, Location
from ingest.ledger import Claim, Held, Ledger, Move
from ingest.ledger_articles import Known, Read, Want
from ingest.ledger_rows import day_of, entry_key, sha
from ingest.model import LANGUAGES, Article, EnrichedArticle, Page, Source, State
from ingest.step_fetch import back, next_look
from ingest.steps_base import RENEWALS_PER_LEASE, Counts, Worker, check_archive, instant, message

if TYPE_CHECKING:
    from ingest.enrich.reader import Reader

DIFF_CHARACTERS = 20_000
Sources = Mapping[str, Source]


@dataclass(frozen=True, slots=True)
class Opened:
    """A claimed entry with the article that its stored bytes hold, or the state in which it ends without one."""

    held: Held
    article: Article | None = None
    ends: Move | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What enriching one entry came to. `enriched` is archived, `read` is committed with the move."""

    move: Move
    read: Read | None = None
    enriched: EnrichedArticle | None = None


def enrich(ledger: Ledger, archive: Archive, reader: "Reader", sources: Sources, worker: Worker) -> Counts:
    """Read one batch. Raises ArchiveError, before it claims, where the archive cannot take records."""
    check_archive(ledger, archive)
    claim = ledger.claim("enrich", worker.limit, worker.name, worker.lease)
    if not claim:
        return Counts(claimed=0)
    try:
        opened = _own(ledger, [_open(archive, held, sources) for held in claim.entries])
        done = list(_read_all(ledger, archive, reader, claim, opened, worker.lease))
        return _store(ledger, archive, claim, done)
    except BaseException:
        ledger.entries.release(claim)
        raise


def _open(archive: Archive, held: Held, sources: Sources) -> Opened:
    """The article of an entry's stored bytes; any fault of a page ends in a named state of its entry."""
    source = sources.get(held.entry.source)
    try:
        page = archive.read_page(held.raw)
        article = _article(page, source)
    except NoText as error:
        ends = _ended(held, _terminal(held, "no-text"), error=message(error))
        return Opened(held, ends=ends)
    except Exception as error:  # noqa: BLE001 - whatever a page does to its reader is kept and named
        return Opened(held, ends=set_aside(held, "enrich", error))
    frozen = replace(
        article,
        id=held.article or article.id,
        first_seen=instant(held.first_seen),
        backfilled=held.entry.backfilled,
    )
    return Opened(held, article=frozen)


def _article(page: Page, source: Source | None) -> Article:
    """The page's article; the feed's own text where there is no page or no text in it. Raises NoText."""
    from ingest.pages import read_feed_text, read_page

    if page.status == 0:
        return read_feed_text(page.entry, source, now=page.fetched_at)
    try:
        return read_page(page, source)
    except NoText as no_text:
        if not page.entry.summary:
            raise
        try:
            return read_feed_text(page.entry, source, now=page.fetched_at)
        except NoText:
            raise no_text from None


def _own(ledger: Ledger, opened: Sequence[Opened]) -> list[Opened]:
    """End the entries whose article belongs to another entry, or was forgotten."""
    wanted = [Want(o.article.id, o.held.id, _rank(o.held, o.article)) for o in opened if o.article]
    gone = ledger.articles.forgotten([want.article for want in wanted])
    owners = ledger.articles.own([want for want in wanted if want.article not in gone])
    return [_owned(o, owners, gone) for o in opened]


def _rank(held: Held, article: Article) -> str:
    """The entry with the canonical address itself comes before its twins, a page before a feed's words for it."""
    twin, worded = held.entry.url != article.canonical_url, article.text_from == "feed"
    return f"{int(worded)}{int(twin)}{entry_key(held.entry.url)}"


def _owned(opened: Opened, owners: Mapping[str, int], gone: set[str]) -> Opened:
    if opened.article is None:
        return opened
    if opened.article.id in gone:
        return Opened(opened.held, ends=_ended(opened.held, "gone", outcome="forgotten"))
    if owners[opened.article.id] != opened.held.id:
        values = {"article": opened.article.id, "lang": opened.article.lang}
        return Opened(opened.held, ends=_ended(opened.held, "duplicate-url", **values))
    return opened


def _read_all(
    ledger: Ledger, archive: Archive, reader: "Reader", claim: Claim, opened: Sequence[Opened], lease: float
) -> Iterator[Done]:
    known = ledger.articles.known([o.article.id for o in opened if o.article])
    renewed = time.monotonic()
    for one in opened:
        yield _read_one(archive, reader, one, known, ledger.clock())
        if time.monotonic() - renewed > lease / RENEWALS_PER_LEASE:
            ledger.entries.renew(claim, lease)
            renewed = time.monotonic()


def _read_one(archive: Archive, reader: "Reader", one: Opened, known: Mapping[str, Known], now: float) -> Done:
    if one.article is None:
        return Done(one.ends or set_aside(one.held, "enrich", NoText("nothing was read")))
    was = known[one.article.id]
    if one.held.prior and was.text_hash == text_hash(one.article):
        return Done(back(one.held, now))
    if one.article.lang not in LANGUAGES:
        values = {"lang": one.article.lang, "article": one.article.id}
        return Done(_ended(one.held, "unsupported-language", **values))
    try:
        enriched = reader.read(one.article)
    except Exception as error:  # noqa: BLE001 - the entry is set aside with the error, the batch goes on
        return Done(set_aside(one.held, "enrich", error))
    return _decided(archive, one, enriched, was, now)


def _decided(archive: Archive, one: Opened, enriched: EnrichedArticle, was: Known, now: float) -> Done:
    article, held, relevant = enriched.article, one.held, enriched.relevance.relevant
    read = Read(
        id=article.id, owner=held.id, canonical_url=article.canonical_url, source=article.source, lang=article.lang,
        day=_day(article, held), published=(article.published or instant(held.first_seen)).timestamp(),
        title=article.title, text_hash=text_hash(article), text_from=article.text_from, relevant=relevant,
        record=Location("", 0, 0), raw=held.raw, fetched_at=held.fetched_at,
        diff=_diff(archive, was, article), linkable=linkable(enriched) if relevant else None,
    )  # fmt: skip
    values = {
        "article": article.id, "lang": article.lang, "day": read.day, "decided": True, "prior": "",
        "wake_at": next_look(held, now), "outcome": _outcome(held, article),
    }  # fmt: skip
    if relevant or was.indexed:
        return Done(Move(held.id, "enriched", "index", values), read, enriched if relevant else None)
    ended = _terminal(held, "irrelevant") if article.text_from == "feed" else "irrelevant"
    return Done(Move(held.id, ended, "", values), read)


def _outcome(held: Held, article: Article) -> str:
    return held.outcome or ("feed-text" if article.text_from == "feed" else "")


def _terminal(held: Held, otherwise: State) -> State:
    """The state in which fetching ended, where it had to: what the feed's text gives way to."""
    return held.outcome if held.outcome in ("robots-disallowed", "quarantined", "too-large") else otherwise  # type: ignore[return-value]


def _ended(held: Held, state: State, **values: Any) -> Move:
    return Move(held.id, state, "", {"prior": "", "wake_at": None, **values})


def set_aside(held: Held, stage: str, error: BaseException) -> Move:
    """Quarantine an entry with its error; its stored bytes stay where they are."""
    values = {"error": message(error), "error_stage": stage, "attempts": held.attempts + 1}
    return _ended(held, "quarantined", **values)


def _store(ledger: Ledger, archive: Archive, claim: Claim, done: Sequence[Done]) -> Counts:
    places = iter(archive.write_records([d.enriched for d in done if d.enriched]))
    placed = [replace(d.read, record=next(places)) if d.read and d.enriched else d.read for d in done]
    reads = [read for read in placed if read]

    def commit(connection: Any, held: set[int]) -> None:
        ledger.articles.record(connection, [read for read in reads if read.owner in held])

    lost = ledger.entries.move(claim, [d.move for d in done], with_connection=commit)
    counts = Counts(d.move.state for d in done if d.move.id not in lost)
    failed = sum(bool(d.enriched and d.enriched.failed) for d in done)
    return counts + Counts({"claimed": len(done), "lost": len(lost), "partly-read": failed})


def text_hash(article: Article) -> str:
    """Changes when title or text does, and not with the markup around them."""
    return sha(f"{article.text_from}\x00{article.title}\x00{article.text}")[:32]


def _day(article: Article, held: Held) -> str:
    if article.local_date:
        return article.local_date.isoformat()
    return day_of(article.published.timestamp() if article.published else held.first_seen)


def _diff(archive: Archive, was: Known, article: Article) -> str:
    """Unified diff from the text before, "" where there was none or it cannot be read any more."""
    if not was.record or was.text_hash == text_hash(article):
        return ""
    try:
        old = archive.read_record(was.record).article
    except ArchiveError:
        return ""
    lines = difflib.unified_diff(old.read_text.splitlines(), article.read_text.splitlines(), lineterm="", n=1)
    return "\n".join(lines)[:DIFF_CHARACTERS]


def linkable(enriched: EnrichedArticle) -> dict[str, Any]:
    """What linking compares, as plain JSON: small beside the record, so that a window is read from the ledger.

    The signature is of the body alone: copies of one text have headlines of their own.
    """
    from ingest.duplicates import signature
    from ingest.linking_numbers import numbers_of

    article = enriched.article
    return {
        "title": article.title,
        "wire": article.wire,
        "signature": list(signature(article.text, article.lang)),
        "embedding": [round(x, 5) for x in enriched.embedding],
        "entities": sorted({e.key for e in enriched.entities if e.key}),
        "numbers": sorted(numbers_of(article.read_text)),
    }
