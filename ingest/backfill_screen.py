"""The cheap look at a page that comes before any heavy step: is it about the relationship at all?

Text by resiliparse, names by the gazetteer, the same judge as in reading. It errs on the side of keeping: the page
that it lets through is read and judged again on its real text; what it turns away is counted and not archived.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from ingest.backfill_found import Captured, Found
from ingest.dates import AHEAD, OLDEST, date_in_url, parse_date
from ingest.model import LANGUAGES, Article, Relevance, Source, State

Judge = Callable[[Article], Relevance]
# Judged on rough text, pages that count as relevant after reading had 0.19 and more (sample web, bench pages).
SCREEN_THRESHOLD = 0.1
# What the judge looks at: see ingest.enrich.relevance.
MAX_CHARACTERS = 12_000
# Characters of main text below which the whole page's text is judged instead.
SHORT = 200
_HEAD = 300_000  # characters of markup in which a date is looked for
# What dates are called in heads and JSON-LD. Plain words are found many times faster than one pattern of all of them.
_NAMES = ("published_time", "datePublished", "pubdate", "publish_date", "publishdate", "publish-date", "date.issued")
_AFTER = re.compile(r"""["'\s]*(?:(?:content|datetime)\s*=|:|=)\s*["']\s*([^"'<>]{6,40})["']""")
_BEFORE = re.compile(r"""content\s*=\s*["']([^"'<>]{6,40})["'][^<>]{0,80}\Z""")
_AROUND = 160  # characters on either side of a name in which its date stands


@dataclass(frozen=True, slots=True)
class Looked:
    """What the look says: `fetched` sends the page on to reading, any other state ends it. `is_dated`: the day is the
    page's or the address's own word, and not merely the day on which it was captured."""

    state: State
    title: str = ""
    lang: str = ""
    day: date | None = None
    is_dated: bool = False


def look(found: Found, captured: Captured, judge: Judge, source: Source | None) -> Looked:
    """Raises whatever a page does to its reader; the caller sets it aside."""
    from ingest.extraction_bytes import decode
    from ingest.language import detect_language

    html, _ = decode(captured.body, captured.content_type)
    title, text = _text(html)
    title = found.title or title
    day = published_day(found, html, source.timezone if source else "UTC", captured.fetched_at)
    blank = Looked("no-text", title, day=day or captured.fetched_at.date(), is_dated=day is not None)
    if not text.strip():
        return blank
    lang = detect_language(f"{title}\n{text}")
    if lang not in LANGUAGES:
        return replace(blank, state="unsupported-language", lang=lang)
    name = source.name if source else ""
    score = judge(Article("", name, found.url, found.url, title, text[:MAX_CHARACTERS], lang)).score
    return replace(blank, state="fetched" if score >= SCREEN_THRESHOLD else "irrelevant", lang=lang)


def published_day(found: Found, html: str, zone: str, now: datetime) -> date | None:
    """The day that the list, the markup's head or the address gives; None where none of them does.

    `now` is when the page was captured: what says that it was published later, or before 1990, is not believed.
    """
    if found.published:
        return found.published.date()
    moments = (parse_date(written, zone) for written in _written(html[:_HEAD]))
    dated = (moment for moment in (*moments, date_in_url(found.url, zone)) if moment)
    return next((moment.local for moment in dated if OLDEST <= moment.instant <= now + AHEAD), None)


def _written(head: str) -> Iterator[str]:
    """Dates as they stand beside the first place of each name, after it or in the same element before it."""
    for name in _NAMES:
        if (at := head.find(name)) >= 0:
            end = at + len(name)
            match = _AFTER.match(head[end : end + _AROUND]) or _BEFORE.search(head[max(0, at - _AROUND) : at])
            if match:
                yield match[1]


def _text(html: str) -> tuple[str, str]:
    """Title and main text; all text where there is next to none that looks like the main one."""
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree

    tree = HTMLTree.parse(html)
    text = str(extract_plain_text(tree, main_content=True))
    if len(text) < SHORT:
        text = str(extract_plain_text(tree, main_content=False))
    return " ".join((tree.title or "").split()), text
