"""Stories: what was told by several outlets, each story with its reports side by side; and events."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from dashboard import labels
from dashboard.figures import figure
from dashboard.health import health
from dashboard.localisation import _
from dashboard.question import Question, last_page
from dashboard.site import Site
from index import answers, measures
from index.answers import Hit
from index.measures import Silence
from index.query import Filters
from ingest.model import LANGUAGES

MOST_REPORTS = 200  # reports of one story that its page shows
EVENTS_PAGE = 50
LONGEST_STORY = timedelta(days=60)  # a longer one has no silence row: its window is read day by day
SILENT_WHY: Mapping[str, str] = {
    "too-early": _("72 hours have not passed"),
    "no-outlets": _("no outlet read"),
    "gaps": _("gaps in collection"),
}


@dataclass(frozen=True)
class Copies:
    """Reports with the same text: the first of them, and those that followed."""

    first: Hit
    others: tuple[Hit, ...]


def router(site: Site) -> APIRouter:
    routes = APIRouter(include_in_schema=False)

    @routes.get("/stories")
    def stories(request: Request) -> Response:
        asked = site.asked(request)
        return site.page(request, "stories.html", asked=asked, stories=top_stories(site, asked))

    @routes.get("/stories/{story_id}")
    def story(request: Request, story_id: str) -> Response:
        found = answers.story(site.store, story_id)
        if found is None:
            raise HTTPException(404)
        hits = answers.search(site.store, Filters(story=story_id), limit=MOST_REPORTS, sort="date").hits
        told = answers.events(site.store, Filters(story=story_id))
        return site.page(
            request,
            "story.html",
            story=found,
            reports=folded(hits[::-1]),
            silences={(s.camp, s.lang): s for s in _silences(site, found, hits)},
            silent_why=SILENT_WHY,
            events=told.rows,
            camps=tuple(labels.CAMPS),
        )

    @routes.get("/events")
    def all_events(request: Request) -> Response:
        asked = site.asked(request).within(EVENTS_PAGE)
        dyad = request.query_params.get("dyad", "")
        offset = (asked.page - 1) * EVENTS_PAGE
        found = answers.events(site.store, asked.filters, dyad=dyad, limit=EVENTS_PAGE, offset=offset)
        last = last_page(found.total, EVENTS_PAGE)
        acts = figure(site, "acts", asked, site.localisation(request))
        return site.page(request, "events.html", asked=asked, found=found, last=last, acts=acts)

    return routes


def top_stories(site: Site, asked: Question) -> list[dict[str, Any]]:
    """The stories with the most reports in the period, each with its document and the number of those reports."""
    found = site.memory.get(("stories", asked.filters), lambda: answers.stories(site.store, asked.filters))
    return [{**story.document, "here": story.here} for story in found]


def folded(hits: Sequence[Hit]) -> tuple[Copies, ...]:
    """Reports in their order, copies folded under the first of their family."""
    families: dict[str, list[Hit]] = {}
    for hit in hits:
        families.setdefault(hit.family or hit.id, []).append(hit)
    return tuple(Copies(first, tuple(others)) for first, *others in families.values())


def _silences(site: Site, story: Mapping[str, Any], hits: Sequence[Hit]) -> tuple[Silence, ...]:
    """Who told a story and who did not, for every camp and language; nothing where its days are not known."""
    cells: dict[tuple[str, str], int] = dict.fromkeys(product(LANGUAGES, labels.CAMPS), 0)
    for hit in hits:
        cells[hit.lang, hit.camp] = cells.get((hit.lang, hit.camp), 0) + 1
    window = _window(story)
    if window is None or window.last - window.first > LONGEST_STORY:
        return tuple(Silence(*cell, n, "told") for cell, n in cells.items() if n)
    until = (window.last + measures.SILENT_AFTER).date()
    coverage = answers.outlet_days(site.store, Filters(since=window.first.date(), until=until))
    return measures.silence(window, cells, coverage, _read_until(site))


def _window(story: Mapping[str, Any]) -> measures.Window | None:
    first = story.get("first")
    if not first:
        return None
    return measures.window(*(datetime.fromisoformat(t).astimezone(UTC) for t in (first, story.get("last") or first)))


def _read_until(site: Site) -> datetime:
    """Until when the collection can know: its last successful reading, not the clock."""
    as_of = health(site.status()).as_of
    now = datetime.now(UTC)
    return min(now, datetime.fromisoformat(as_of)) if as_of else now
