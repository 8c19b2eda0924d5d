"""One ISO week: what was reported, who did or said what; step by step through the weeks, to print and to download."""

import re
from datetime import UTC, date, datetime, timedelta

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, Response

from dashboard import question
from dashboard.question import Question
from dashboard.site import Site
from dashboard.week import gather
from dashboard.week_note import SCORES, note, usual_words
from index.days import YEARS

WEEK = re.compile(r"(\d{4})-W(\d{2})")
WEEKS_OF = YEARS[1:-1]  # a week's first and last day may lie in the years beside its own


def router(site: Site) -> APIRouter:
    routes = APIRouter(include_in_schema=False)

    @routes.get("/week")
    def week(request: Request) -> Response:
        monday = _monday(request, site)
        asked, loc = _asked(request, site, monday), site.localisation(request)
        labels = site.labels(loc)
        return site.page(
            request,
            "week.html",
            asked=asked,
            week=gather(site, asked, loc, monday),
            usual_words=lambda usual: usual_words(usual, labels),
            scores=SCORES,
        )

    @routes.get("/week.md")
    def markdown(request: Request) -> Response:
        monday = _monday(request, site)
        asked, loc = _asked(request, site, monday), site.localisation(request)
        week = gather(site, asked, loc, monday)
        sample = site.parts.sample
        text = note(week, asked, site.labels(loc), str(request.base_url).rstrip("/"), sample=sample)
        name = f"amur-{'sample-' * sample}{week.name}-{loc.code}.md"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Language": loc.html}
        return PlainTextResponse(text, media_type="text/markdown", headers=headers)

    return routes


def _monday(request: Request, site: Site) -> date:
    given = site.asked(request)  # a filter's link names the days of the week that it was clicked in
    started = given.since if "from" in request.query_params else None
    return monday_of(request.query_params.get("week", ""), started or site.newest())


def monday_of(week: str, newest: date | None) -> date:
    """First day of an ISO week such as 2026-W42; of the newest article's week where there is no such week."""
    found = WEEK.fullmatch(week)
    if found and int(found[1]) in WEEKS_OF:
        try:
            return date.fromisocalendar(int(found[1]), int(found[2]), 1)
        except ValueError:
            pass
    day = newest or datetime.now(UTC).date()
    return day - timedelta(days=day.weekday())


def _asked(request: Request, site: Site, monday: date) -> Question:
    """The question of the URL with the week as its period."""
    other = [(k, v) for k, v in request.query_params.multi_items() if k not in {"from", "to", "period", "week"}]
    days = [("from", monday.isoformat()), ("to", (monday + timedelta(days=6)).isoformat())]
    return question.read([*other, *days], site.newest())
