"""`/api/v1`: the same answers as the pages, as JSON and CSV. Parameters are those of the pages' URLs.

q, from, to, period (30d, 12m, 5y, all), lang, country, camp, outlet, topic, entity (each may be repeated), story,
family; for figures also interval (day, week, month, year), by, show (count, share) and unit (articles, families).
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Literal

from fastapi import APIRouter, Query, Request
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, PlainTextResponse, Response

from dashboard import reading
from dashboard.figure import Figure, to_csv
from dashboard.figures import FIGURES, figure
from dashboard.health import health
from dashboard.localisation import Localisation
from dashboard.question import Question
from dashboard.site import Site
from index import answers

DEEPEST = 9_000  # articles from which a list may begin: both stores end at 10 000
LONGEST_LIST = 1000  # articles that one call lists; `amur export` writes any number
FIELDS = (
    "id", "url", "title", "lang", "published", "outlet", "camp", "topics", "entities", "story", "family", "score",
)  # fmt: skip
LISTS = ("topics", "entities")
SOURCE_COLUMNS = ("name", "health", "last_success", "next_poll")
PRIVATE_FIELDS = ("body", "body_en", "body_ru", "body_zh")
Form = Literal["json", "csv", "chart"]


def router(site: Site) -> APIRouter:
    routes = APIRouter(prefix="/api/v1", tags=["amur"])
    for add in (_add_status, _add_articles, _add_figures):
        add(routes, site)
    return routes


def _add_status(routes: APIRouter, site: Site) -> None:
    @routes.get("/status", summary="States of all entries and health of every outlet")
    def status() -> dict[str, Any]:
        now = site.status()
        return {**now, "healthy": health(now).ok, "sample": site.parts.sample}

    @routes.get("/sources.csv", summary="Health of every outlet", response_class=PlainTextResponse)
    def sources() -> Response:
        return _csv(site, "outlets", site.status().get("sources", []), SOURCE_COLUMNS)


def _add_articles(routes: APIRouter, site: Site) -> None:
    @routes.get("/articles.{form}", summary="Articles that a question finds")
    def articles(
        request: Request,
        form: Literal["json", "csv"],
        limit: int = Query(100, ge=1, le=LONGEST_LIST),
        offset: int = Query(0, ge=0, le=DEEPEST),
    ) -> Response:
        asked = _strictly(site.asked(request))
        page = answers.search(site.store, asked.counted, limit=limit, offset=offset, sort=asked.sort)
        hits = [{k: _plain(v) for k, v in asdict(h).items() if k in FIELDS} for h in page.hits]
        if form == "csv":
            return _csv(site, "articles", [h | {k: "|".join(h[k]) for k in LISTS} for h in hits], FIELDS)
        return JSONResponse(_about(site, asked) | {"total": page.total, "articles": hits})

    @routes.get("/articles/{article_id}", summary="One article with its annotations, without its body")
    def article(article_id: str) -> dict[str, Any]:
        document = answers.article(site.store, article_id)
        if document is None:
            raise HTTPException(404, "no article has this id")
        shown = {k: v for k, v in document.items() if k not in PRIVATE_FIELDS}
        if site.parts.settings.private:
            shown["body"] = reading.body(document)
        return shown | {"sample": site.parts.sample}


def _add_figures(routes: APIRouter, site: Site) -> None:
    @routes.get("/figures", summary="Names of the figures there are")
    def figures() -> dict[str, list[str]]:
        return {"figures": sorted(FIGURES)}

    @routes.get("/figures/{name}.{form}", summary="The rows of one figure, or its Vega-Lite chart")
    def one(request: Request, name: str, form: Form, scheme: Literal["light", "dark"] = "light") -> Response:
        if name not in FIGURES:
            raise HTTPException(404, f"no figure is called {name!r}; /api/v1/figures lists them")
        asked = _strictly(site.asked(request))
        loc = site.localisation(request)
        found = figure(site, name, asked, loc)
        if form == "csv":
            return _csv(site, name, found.data(), [c.key for c in found.columns])
        if form == "chart":
            return _chart(found, loc, scheme)
        return JSONResponse(_about(site, asked) | found.described() | {"rows": found.data()})


def _chart(found: Figure, loc: Localisation, scheme: str) -> Response:
    if found.chart is None:
        raise HTTPException(404, f"{found.name} is a list, not a chart")
    return JSONResponse({"spec": found.chart(scheme), "numbers": loc.d3_numbers, "times": loc.d3_times})


def _strictly(asked: Question) -> Question:
    """A page leaves out what it cannot use and says so; a program is told that it erred."""
    if asked.problems:
        message, value = asked.problems[0]
        raise HTTPException(400, message.replace("%s", value))
    return asked


def _about(site: Site, asked: Question) -> dict[str, Any]:
    question = {k: v for k, v in asdict(asked.counted).items() if v}
    return {
        "sample": site.parts.sample,
        "as_of": health(site.status()).as_of,
        "counted": asked.unit,
        "question": {k: _plain(v) for k, v in question.items()},
    }


def _plain(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return list(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


def _csv(site: Site, name: str, rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> Response:
    sample = site.parts.sample
    headers = {"Content-Disposition": f'attachment; filename="amur-{"sample-" * sample}{name}.csv"'}
    # The mark at the start tells spreadsheets that this is UTF-8.
    text = "\ufeff" + to_csv(rows, columns, sample=sample)
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)
