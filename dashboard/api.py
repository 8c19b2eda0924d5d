"""`/api/v1`: the same answers as the pages, as JSON and CSV. Parameters are those of the pages' URLs.

q, from, to, period (30d, 12m, 5y, all), lang, country, camp, outlet, topic, entity (each may be repeated), story,
family; for figures also interval (day, week, month, year), by and show.
"""

from dataclasses import asdict
from typing import Any, Literal

from fastapi import APIRouter, Query, Request
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, PlainTextResponse, Response

from dashboard import reading
from dashboard.figure import to_csv
from dashboard.figures import FIGURES, figure
from dashboard.health import health
from dashboard.question import Question
from dashboard.site import Site
from index import answers

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

    @routes.get("/status", summary="States of all entries and health of every outlet")
    def status() -> dict[str, Any]:
        now = site.status()
        return {**now, "healthy": health(now).ok, "sample": site.parts.sample}

    @routes.get("/sources.csv", summary="Health of every outlet", response_class=PlainTextResponse)
    def sources(request: Request) -> Response:
        rows = site.status().get("sources", [])
        return _csv(to_csv(rows, SOURCE_COLUMNS, sample=site.parts.sample), "outlets", site, request)

    @routes.get("/articles.{form}", summary="Articles that a question finds")
    def articles(
        request: Request,
        form: Literal["json", "csv"],
        limit: int = Query(100, ge=1, le=LONGEST_LIST),
        offset: int = Query(0, ge=0, le=9000),
    ) -> Response:
        asked = _strictly(site.asked(request))
        page = answers.search(site.store, asked.filters, limit=limit, offset=offset, sort=asked.sort())
        hits = [{k: _plain(v) for k, v in asdict(h).items() if k in FIELDS} for h in page.hits]
        if form == "csv":
            rows = [h | {k: "|".join(h[k]) for k in LISTS} for h in hits]
            return _csv(to_csv(rows, FIELDS, sample=site.parts.sample), "articles", site, request)
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

    @routes.get("/figures", summary="Names of the figures there are")
    def figures() -> dict[str, list[str]]:
        return {"figures": sorted(FIGURES)}

    @routes.get("/figures/{name}.{form}", summary="The rows of one figure, or its Vega-Lite chart")
    def one_figure(
        request: Request, name: str, form: Form, scheme: Literal["light", "dark"] = "light"
    ) -> Response:
        if name not in FIGURES:
            raise HTTPException(404, f"no figure is called {name!r}; /api/v1/figures lists them")
        asked = _strictly(site.asked(request))
        found = figure(site, name, asked, site.localisation(request))
        if form == "csv":
            columns = [c.key for c in found.columns]
            return _csv(to_csv(found.data(), columns, sample=site.parts.sample), name, site, request)
        if form == "chart":
            if found.chart is None:
                raise HTTPException(404, f"{name} is a list, not a chart")
            locale = site.localisation(request)
            words = {"numbers": locale.d3_numbers, "times": locale.d3_times}
            return JSONResponse({"spec": found.chart(scheme), **words})
        return JSONResponse(
            _about(site, asked)
            | {"figure": name, "title": found.title, "unit": found.unit, "how": list(found.how)}
            | dict(found.facts)
            | {"rows": found.data()}
        )

    return routes


def _strictly(asked: Question) -> Question:
    """A page leaves out what it cannot use and says so; a program is told that it erred."""
    if asked.problems:
        message, value = asked.problems[0]
        raise HTTPException(400, message.replace("%s", value))
    return asked


def _about(site: Site, asked: Question) -> dict[str, Any]:
    question = {k: v for k, v in asdict(asked.filters).items() if v}
    return {
        "sample": site.parts.sample,
        "as_of": health(site.status()).as_of,
        "question": {k: _plain(v) for k, v in question.items()},
    }


def _plain(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return list(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


def _csv(text: str, name: str, site: Site, _request: Request) -> Response:
    prefix = "amur-sample" if site.parts.sample else "amur"
    headers = {"Content-Disposition": f'attachment; filename="{prefix}-{name}.csv"'}
    # The mark at the start tells spreadsheets that this is UTF-8.
    return Response("\ufeff" + text, media_type="text/csv; charset=utf-8", headers=headers)
