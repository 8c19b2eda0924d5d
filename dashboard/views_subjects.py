"""One page a person, organisation or place, and one an outlet: who it is, attention, what stands beside it."""

from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from dashboard import question
from dashboard.figures import figure
from dashboard.labels import KINDS, OWNERSHIP
from dashboard.question import Question
from dashboard.site import Site
from index import answers
from index.answers import Hit

RANKINGS = ("people", "organisations", "places")
LATEST = 10
READ_FOR_QUOTES = 40  # newest articles in which quotes are looked for
MOST_QUOTES = 12


def router(site: Site) -> APIRouter:
    routes = APIRouter(include_in_schema=False)
    _add_names(routes, site)
    _add_outlets(routes, site)
    return routes


def _add_names(routes: APIRouter, site: Site) -> None:
    @routes.get("/names")
    def names(request: Request) -> Response:
        asked, loc = site.asked(request), site.localisation(request)
        rankings = [figure(site, name, asked, loc) for name in RANKINGS]
        return site.page(request, "names.html", asked=asked, rankings=rankings)

    @routes.get("/names/{key:path}")
    def name(request: Request, key: str) -> Response:
        asked, loc = _asked_of(site, request, "entity", key), site.localisation(request)
        known = site.labels(loc).names(key)
        latest = answers.search(site.store, asked.filters, limit=READ_FOR_QUOTES, sort="date")
        if not known and not latest.total and not site.summary(_everything(key)).totals.articles:
            raise HTTPException(404)
        return site.page(
            request,
            "name.html",
            asked=asked,
            key=key,
            known=known,
            attention=figure(site, "attention", asked, loc),
            rankings=[figure(site, name, asked, loc) for name in RANKINGS],
            topics=figure(site, "topics-total", asked, loc),
            quotes=_quotes(site, key, latest.hits),
            latest=latest.hits[:LATEST],
        )


def _add_outlets(routes: APIRouter, site: Site) -> None:
    @routes.get("/outlets")
    def outlets(request: Request) -> Response:
        asked = site.asked(request)
        found = figure(site, "all-outlets", asked, site.localisation(request))
        counted = {row["key"]: row["count"] for row in found.rows}
        about = {s.name: s for s in site.parts.sources}
        names = sorted({*about, *counted}, key=lambda n: (-counted.get(n, 0), n))
        return site.page(
            request,
            "outlets.html",
            asked=asked,
            rows=[(name, about.get(name), counted.get(name, 0)) for name in names],
            most=max(counted.values(), default=0),
            ownership=OWNERSHIP,
            kinds=KINDS,
            this_year=datetime.now(UTC).year,
        )

    @routes.get("/outlets/{name}")
    def outlet(request: Request, name: str) -> Response:
        about = next((s for s in site.parts.sources if s.name == name), None)
        if about is None:
            raise HTTPException(404)
        asked, loc = _asked_of(site, request, "outlet", name), site.localisation(request)
        state: dict[str, Any] = next((s for s in site.status().get("sources", ()) if s.get("name") == name), {})
        return site.page(
            request,
            "outlet.html",
            asked=asked,
            about=about,
            state=state,
            tally=site.summary(asked).totals,
            attention=figure(site, "attention", asked, loc),
            topics=figure(site, "topics-total", asked, loc),
            people=figure(site, "people", asked, loc),
            latest=answers.search(site.store, asked.filters, limit=LATEST, sort="date").hits,
            ownership=OWNERSHIP,
            kinds=KINDS,
        )


def _asked_of(site: Site, request: Request, key: str, value: str) -> Question:
    """The question of the URL, about one value of a filter."""
    pairs = [(k, v) for k, v in request.query_params.multi_items() if k != key]
    return question.read([*pairs, (key, value)], site.newest())


def _everything(key: str) -> Question:
    return question.read([("entity", key), ("period", "all")], None)


def _quotes(site: Site, key: str, hits: tuple[Hit, ...]) -> list[tuple[Hit, dict[str, Any]]]:
    """What `key` is quoted with in these articles, each wording once."""
    found: dict[str, tuple[Hit, dict[str, Any]]] = {}
    for hit in hits:
        document = answers.article(site.store, hit.id) or {}
        for quote in (document.get("annotations") or {}).get("quotes", ()):
            if quote.get("speaker") == key:
                found.setdefault(quote["text"], (hit, quote))
        if len(found) >= MOST_QUOTES:
            break
    return list(found.values())[:MOST_QUOTES]
