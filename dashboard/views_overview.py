"""The first page: how much, where, about what, who."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from dashboard.figures import figure
from dashboard.health import health
from dashboard.series import has_share
from dashboard.site import Site
from index import answers

RANKINGS = ("people", "organisations", "places")
LATEST = 6


def router(site: Site) -> APIRouter:
    routes = APIRouter(include_in_schema=False)

    @routes.get("/")
    def overview(request: Request) -> Response:
        asked = site.asked(request)
        loc = site.localisation(request)

        return site.page(
            request,
            "overview.html",
            asked=asked,
            newest=site.newest(),
            health=health(site.status()),
            tally=site.summary(asked).totals,
            has_share=has_share(asked),
            attention=figure(site, "attention", asked, loc),
            changes=figure(site, "changes", asked, loc) if asked.show == "share" else None,
            topics=figure(site, "topics", asked, loc),
            topics_total=figure(site, "topics-total", asked, loc),
            rankings=[figure(site, name, asked, loc) for name in RANKINGS],
            latest=answers.search(site.store, asked.filters, limit=LATEST, sort="date"),
        )

    return routes
