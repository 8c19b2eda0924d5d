"""A fetched page -> an Article. Pure: everything follows from the stored bytes, the entry and the source."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from amur.errors import NoText, ReadError
from ingest.dates import Dated, choose, date_in_url, from_datetime, parse_date, written_dates
from ingest.extraction import body_of, by_selector, drop
from ingest.extraction_bounds import is_strained
from ingest.extraction_bytes import decode
from ingest.extraction_gate import what_else, why_no_text
from ingest.extraction_lines import PageLines, unlinked
from ingest.extraction_meta import PageMeta, read_meta
from ingest.extraction_tail import is_note, is_prose, trimmed
from ingest.extraction_tree import parse, slim
from ingest.language import detect_language
from ingest.model import Article, FeedEntry, Page, Precision, Source
from ingest.textclean import clean_line, clean_text, shorten, weight
from ingest.urls import article_id, canonical_url, registrable_domain
from ingest.wires import credited_wire

LONGEST_TEXT = 100_000  # characters of body that are kept and read
LONGEST_FOUND = 2 * LONGEST_TEXT  # with what is around it
LONGEST_LEAD = 600  # characters of first paragraph or description
_LEAST_LEAD = 60  # letters (Chinese threefold); a shorter first line is a dateline or a heading
_NOTES_IN = 12  # lines at either end of what was found
_TEXT_DATES_IN = 200  # characters before and after the start of a text in which its own date may stand


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What is known of a page apart from its markup."""

    url: str
    entry: FeedEntry
    source: Source | None
    now: datetime

    @property
    def zone(self) -> str:
        return self.source.timezone if self.source else "UTC"


def read_page(page: Page, source: Source | None) -> Article:
    """The article that a fetched page holds. The feed entry counts as evidence for title and date.

    Raises NoText where the page holds none (a script's shell, a wall, a soft 404, a list), ReadError where the bytes
    are no page at all.
    """
    if not page.body.strip():
        raise NoText(f"{page.url} is empty; the feed's own text can be read instead")
    text, _ = decode(page.body, page.content_type)
    return _read(text, _Evidence(page.url, page.entry, source, page.fetched_at))


def read_feed_text(entry: FeedEntry, source: Source | None, *, now: datetime | None = None) -> Article:
    """An article of what the feed itself says, for a page that cannot be had. Raises NoText where it says nothing."""
    title, text = clean_line(entry.title), clean_text(entry.summary)
    if not title and not text:
        raise NoText(f"{entry.url}: the feed gives neither title nor summary")
    known = _Evidence(entry.url, entry, source, now or datetime.now(UTC))
    dated = _dated(PageMeta(), text[:_TEXT_DATES_IN], known)
    text = trimmed(text, PageLines(), (title,), _names(PageMeta(), known))
    return _article(title or shorten(text, 120), text if text != title else "", PageMeta(), dated, known, "feed")


def extract_article(
    html: bytes | str,
    url: str,
    *,
    content_type: str = "",
    title: str = "",
    published: datetime | None = None,
    source: Source | None = None,
    now: datetime | None = None,
) -> Article:
    """The article in a page given by hand: what `amur extract` prints. `title` and `published` are a feed's, if known.

    Raises NoText where the page holds none and ReadError for an address that is none.
    """
    moment = now or datetime.now(UTC)
    precision: Precision = "second" if published else "none"
    entry = FeedEntry(source.name if source else "", "", url, title=title, published=published, precision=precision)
    text = decode(html, content_type)[0] if isinstance(html, bytes) else html
    return _read(text, _Evidence(url, entry, source, moment))


def _read(html: str, known: _Evidence) -> Article:
    if any("\ud800" <= c <= "\udfff" for c in known.url):
        raise ReadError(f"{known.url!a} is no address: it holds half a character")
    if other := what_else(html):
        raise NoText(f"{known.url} holds {other} and not a page")
    tree = parse(slim(html))
    if tree is None:
        raise NoText(f"{known.url} holds no markup")
    meta = read_meta(tree)
    found = clean_text(_body(html, tree, meta, known.source))[:LONGEST_FOUND]
    title = _title(meta, found, known.entry)
    names = _names(meta, known)
    text = trimmed(found, PageLines.of(tree), (title, *meta.titles), names)[:LONGEST_TEXT]
    if reason := why_no_text(title, text, announced=bool(known.entry.title)):
        raise NoText(f"{known.url}: {reason}")
    return _article(title, text, meta, _dated(meta, _opening(found, text), known), known, "page", _notes(found, text))


def _body(html: str, tree: Any, meta: PageMeta, source: Source | None) -> str:
    rules = source.extract if source else {}
    if "drop" in rules:
        drop(tree, rules["drop"])
    if "body" in rules and (text := by_selector(tree, rules["body"])):
        return text
    if "drop" in rules:
        from lxml import etree

        html = etree.tostring(tree, encoding="unicode", method="html")
    if is_strained(tree):
        return meta.body or unlinked(tree)
    return body_of(html, meta.titles) or meta.body


def _title(meta: PageMeta, text: str, entry: FeedEntry) -> str:
    """The headline: the page's best title, unless the feed's own stands on the page word for word."""
    announced = clean_line(entry.title)
    if announced and announced in meta.titles:
        return announced
    first = text.split("\n", 1)[0]
    return next(iter(meta.titles), "") or announced or shorten(first, 120)


def _names(meta: PageMeta, known: _Evidence) -> tuple[str, ...]:
    """Names that a line about the article is made of, longest first: one may hold another."""
    outlet = (known.source.title, known.source.name) if known.source else ()
    given = {*meta.authors, *known.entry.authors, meta.site, *meta.beside_title, *outlet}
    return tuple(sorted((name for name in given if len(name) > 1), key=len, reverse=True))


def _dated(meta: PageMeta, opening: str, known: _Evidence) -> Dated:
    zone, entry = known.zone, known.entry
    page = [m for written in meta.dates if (m := parse_date(written, zone))]
    page += [m for written in meta.visible_dates if (m := parse_date(written, zone))]
    feed = [from_datetime(entry.published, entry.precision, zone)] if entry.published else []
    url = [m for m in [date_in_url(known.url, zone)] if m]
    written = [*written_dates(meta.near_title, zone), *written_dates(opening, zone)]
    return choose(page, feed, url, written, now=known.now)


def _opening(found: str, text: str) -> str:
    """The beginning of the text with what stood just before it: its date may have been taken off."""
    at = max(0, found.find(text.split("\n", 1)[0]))
    return found[max(0, at - _TEXT_DATES_IN) : at + _TEXT_DATES_IN]


def _notes(found: str, text: str) -> list[str]:
    """Lines about the article that were taken off its text."""
    kept = set(text.split("\n"))
    lines = found.split("\n")
    return [line for line in (*lines[:_NOTES_IN], *lines[-_NOTES_IN:]) if line not in kept and is_note(line)]


def _article(
    title: str, text: str, meta: PageMeta, dated: Dated, known: _Evidence, text_from: Any, notes: Sequence[str] = ()
) -> Article:
    source, entry, moment = known.source, known.entry, dated.moment
    canonical = canonical_url(known.url, declared=meta.canonical, home=source.homepage if source else "")
    declared = entry.lang or meta.lang or (source.languages[0] if source and len(source.languages) == 1 else "")
    byline = " ".join([*meta.authors, *entry.authors])
    return Article(
        id=article_id(canonical),
        source=entry.source,
        url=known.url,
        canonical_url=canonical,
        title=title,
        text=text,
        lang=detect_language(f"{title}\n{text}", declared),
        published=moment.instant if moment else None,
        published_from=dated.source,
        precision=moment.precision if moment else "none",
        local_date=moment.local if moment else None,
        authors=meta.authors or entry.authors,
        site=meta.site or (source.title if source else registrable_domain(urlsplit(known.url).hostname or "")),
        lead=lead_of(text, meta.description),
        text_from=text_from,
        wire=credited_wire(text, byline, notes),
        first_seen=known.now,
        backfilled=entry.backfilled,
    )


def lead_of(text: str, description: str = "") -> str:
    """The first paragraph of a text, else a first line of some length, else the page's description; bounded."""
    lines = text.split("\n")
    real = next((line for line in lines if is_prose(line) and not is_note(line)), "")
    long = next((line for line in lines[:4] if weight(line) >= _LEAST_LEAD and not is_note(line)), "")
    return shorten(real or long or description or lines[0], LONGEST_LEAD)
