"""Stories: what was told by several outlets, each story with its reports side by side; and events."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from dashboard import labels
from dashboard.events import events
from dashboard.question import Question
from dashboard.site import Site
from index import answers
from index.answers import Hit
from index.query import Filters

LISTED = 40  # stories of a page
LEAST_REPORTS = 2  # an article of its own is not a story of several
MOST_REPORTS = 200  # reports of one story that its page shows
EVENTS_PAGE = 50


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
        found = site.store.get("stories", story_id)
        if found is None:
            raise HTTPException(404)
        hits = answers.search(site.store, Filters(story=story_id), limit=MOST_REPORTS, sort="date").hits
        told = events(site.store, Filters(story=story_id))
        return site.page(
            request,
            "story.html",
            story=found,
            reports=folded(hits[::-1]),
            by_camp=_by_camp(hits),
            events=told.rows,
            camps=tuple(labels.CAMPS),
        )

    @routes.get("/events")
    def all_events(request: Request) -> Response:
        asked = site.asked(request)
        dyad = request.query_params.get("dyad", "")
        offset = (asked.page - 1) * EVENTS_PAGE
        found = events(site.store, asked.filters, dyad=dyad, limit=EVENTS_PAGE, offset=offset)
        last = max(1, -(-found.total // EVENTS_PAGE))
        return site.page(request, "events.html", asked=asked, found=found, last=last)

    return routes


def top_stories(site: Site, asked: Question) -> list[dict[str, Any]]:
    """The stories with the most reports in the period, each with its document and the number of those reports."""
    counted = answers.facets(site.store, asked.filters, ("story",), size=LISTED)["story"]
    several = [(key, n) for key, n in counted if n >= LEAST_REPORTS]
    found = [(site.store.get("stories", key), n) for key, n in several]
    return [{**document, "here": n} for document, n in found if document]


def folded(hits: Sequence[Hit]) -> tuple[Copies, ...]:
    """Reports in their order, copies folded under the first of their family."""
    families: dict[str, list[Hit]] = {}
    for hit in hits:
        families.setdefault(hit.family or hit.id, []).append(hit)
    return tuple(Copies(first, tuple(others)) for first, *others in families.values())


def _by_camp(hits: Sequence[Hit]) -> Mapping[str, Mapping[str, int]]:
    """Camp -> language -> number of reports."""
    table: dict[str, dict[str, int]] = {}
    for hit in hits:
        row = table.setdefault(hit.camp, {})
        row[hit.lang] = row.get(hit.lang, 0) + 1
    return table
