"""One ISO week: what was reported, who did or said what; step by step through the weeks, and a page to print."""

import re
from datetime import UTC, date, datetime, timedelta

from fastapi import APIRouter, Request
from starlette.responses import Response

from dashboard import question
from dashboard.events import events
from dashboard.figures import figure
from dashboard.health import health
from dashboard.question import Question
from dashboard.site import Site
from dashboard.views_stories import top_stories
from index import answers

WEEK = re.compile(r"(\d{4})-W(\d{2})")
RANKINGS = ("people", "organisations", "topics-total")
SHOWN_STORIES = 12
SHOWN_EVENTS = 10
LATEST = 20


def router(site: Site) -> APIRouter:
    routes = APIRouter(include_in_schema=False)

    @routes.get("/week")
    def week(request: Request) -> Response:
        given = site.asked(request)  # a filter's link names the days of the week that it was clicked in
        started = given.since if "from" in request.query_params else None
        monday = monday_of(request.query_params.get("week", ""), started or site.newest())
        asked, loc = _asked(request, site, monday), site.localisation(request)
        return site.page(
            request,
            "week.html",
            asked=asked,
            week=loc.period(monday, "week"),
            monday=monday,
            before=loc.period(monday - timedelta(days=7), "week"),
            after=loc.period(monday + timedelta(days=7), "week"),
            complete=_complete(monday, site.newest()),
            health=health(site.status()),
            tally=site.summary(asked).totals,
            stories=top_stories(site, asked)[:SHOWN_STORIES],
            events=events(site.store, asked.filters, limit=SHOWN_EVENTS),
            rankings=[figure(site, name, asked, loc) for name in RANKINGS],
            latest=answers.search(site.store, asked.filters, limit=LATEST, sort="date").hits,
        )

    return routes


def monday_of(week: str, newest: date | None) -> date:
    """First day of an ISO week such as 2026-W42; of the newest article's week where there is no such week."""
    found = WEEK.fullmatch(week)
    if found:
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


def _complete(monday: date, newest: date | None) -> bool:
    """False for the week in which the newest article lies: more of it may come."""
    return newest is not None and newest > monday + timedelta(days=6)
