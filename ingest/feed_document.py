"""What every kind of feed is read into, and the rules that all kinds share. Pure."""

import html
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urljoin, urlsplit

from ingest.dates import AHEAD, OLDEST, Moment, parse_date
from ingest.model import Feed, FeedEntry, Precision, Source
from ingest.textclean import clean_line

MAX_ENTRIES = 2_000  # a poll takes no more of one feed; the largest real news feed seen has about 1,000
MAX_FIELD = 20_000  # characters of a title or summary that are looked at
MAX_TITLE = 1_000
MAX_URL = 2_048  # what browsers and servers agree on; longer ones are data, not addresses
_HIDDEN = re.compile(r"<(script|style|template|noscript)\b[^>]{0,1000}>.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<(/?[A-Za-z][A-Za-z0-9:-]*|!--|![A-Z\[]|\?)[^<>]{0,5000}>")
_INLINE = re.compile(
    r"/?(?:a|abbr|b|bdi|bdo|cite|code|em|font|i|mark|q|s|small|span|strong|sub|sup|u|wbr)", re.IGNORECASE
)
# The two usual forms with a zone: the feed parser's own reading is right and is there already.
_PLAIN_DATE = re.compile(
    r"(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d (?:[+-]\d{4}|GMT)"
    r"|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)"
)
_URL_CONTROLS = re.compile(r"[\x00-\x20\x7f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """What a poll brought. `children` are further addresses to read, as a sitemap index names them."""

    entries: tuple[FeedEntry, ...]
    ttl: timedelta | None = None
    title: str = ""
    problems: tuple[str, ...] = ()
    children: tuple[str, ...] = ()


@dataclass
class Context:
    """The feed that is being read, and what was wrong with it so far, counted."""

    url: str
    source: Source
    feed: Feed
    now: datetime
    base: str = ""  # what relative links are relative to
    lang: str = ""
    problems: Counter[str] = field(default_factory=Counter)

    def note(self, what: str, count: int = 1) -> None:
        self.problems[what] += count

    def document(
        self,
        entries: Iterable[FeedEntry | None],
        *,
        title: str = "",
        ttl: timedelta | None = None,
        children: Iterable[str] = (),
    ) -> FeedDocument:
        """One document, an address named once only: the first entry that has it stays."""
        kept: dict[str, FeedEntry] = {}
        for entry in entries:
            if entry is None:
                continue
            if entry.url in kept:
                self.note("entry repeated")
            kept.setdefault(entry.url, entry)
        found = tuple(f"{what} ({count})" if count > 1 else what for what, count in self.problems.items())
        return FeedDocument(tuple(kept.values()), ttl, plain_text(title)[:MAX_TITLE], found, tuple(children))


@dataclass(frozen=True, slots=True)
class RawEntry:
    """An item as a parser gives it: strings of the feed. Dates are text, or moments where a parser knows more."""

    link: str
    guid: str = ""
    title: str = ""
    summary: str = ""
    authors: tuple[str, ...] = ()
    published: str = ""
    updated: str = ""
    published_utc: datetime | None = None  # the parser's own reading of a date that parse_date cannot read
    updated_utc: datetime | None = None
    base: str = ""
    lang: str = ""


def make_entry(raw: RawEntry, context: Context) -> FeedEntry | None:
    """The normalised entry, or None with a note where it has no address that can be fetched."""
    url = web_link(raw.link, raw.base or context.base or context.url, context)
    if not url:
        return None
    published, precision = _date(raw.published, raw.published_utc, context)
    updated, _ = _date(raw.updated, raw.updated_utc, context)
    return FeedEntry(
        source=context.source.name,
        feed_url=context.feed.url,
        url=url,
        guid=clean_line(raw.guid[:MAX_FIELD])[:MAX_URL],
        title=plain_text(raw.title)[:MAX_TITLE],
        summary=plain_text(raw.summary),
        authors=tuple(dict.fromkeys(name for a in raw.authors[:20] if (name := plain_text(a)[:200]))),
        published=published,
        precision=precision,
        updated=updated,
        lang=context.feed.lang or primary(raw.lang) or primary(context.lang),
    )


def plain_text(text: str) -> str:
    """One line of text without markup, entities, control and bidirectional characters and lone surrogates.

    What merely looks like markup (`a < b`) stays.
    """
    if not text:
        return ""
    short = text[:MAX_FIELD]
    if "<" in short:
        short = _TAG.sub(lambda m: "" if _INLINE.fullmatch(m[1]) else " ", _HIDDEN.sub(" ", short))
    return clean_line(html.unescape(short) if "&" in short else short)


def web_link(link: str, base: str, context: Context) -> str:
    """An absolute http or https address, or an empty string and a note of what it was instead."""
    plain = _URL_CONTROLS.sub(lambda m: "%20" if m[0] == " " else "", link.strip().replace("&amp;", "&"))
    if not plain:
        context.note("entry without a link")
        return ""
    try:
        url = urljoin(base, plain)
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        context.note("link that is no address")
        return ""
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        context.note(f"link with the scheme {parts.scheme[:20]!r} refused")
        return ""
    if len(url) > MAX_URL:
        context.note("link too long")
        return ""
    return url


def primary(language: str) -> str:
    """The ISO 639-1 part of a language tag such as zh-CN, or an empty string."""
    code = re.split(r"[-_]", language.strip().lower())[0]
    return code if re.fullmatch(r"[a-z]{2}", code) else ""


def _date(text: str, parsed: datetime | None, context: Context) -> tuple[datetime | None, Precision]:
    is_plain = parsed is not None and _PLAIN_DATE.fullmatch(text.strip())
    moment = parse_date(text[:200], context.source.timezone) if text and not is_plain else None
    if moment is None and parsed is not None:
        moment = Moment(parsed, "second", parsed.date())
    if moment is None:
        if text.strip():
            context.note("date not understood")
        return None, "none"
    if not OLDEST <= moment.instant <= context.now + AHEAD:
        context.note("date in the future" if moment.instant > context.now else "date before 1990")
        return None, "none"
    return min(moment.instant, context.now), moment.precision
