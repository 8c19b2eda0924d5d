"""The dashboard as an ASGI app: pages, `/api/v1`, static files, errors that say what to do."""

import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

import amur
from amur.errors import AmurError, QuerySyntaxError, StoreUnavailable
from dashboard import (
    api,
    charts,
    question,
    views_articles,
    views_collection,
    views_feed,
    views_overview,
    views_stories,
    views_subjects,
    views_week,
    views_words,
)
from dashboard.bundle import ROUTE, Bundle
from dashboard.parts import Parts
from dashboard.security import ALIVE, HEADERS, Guard, Heads, SafeHeaders
from dashboard.site import STATIC, Site

FOREVER = "public, max-age=31536000, immutable"
SMALLEST_GZIP = 800  # bytes under which compression costs more than it saves
API = "/api/"
# A path of this machine in a message, not that of an address on the web: readers need not know where things lie.
PATH = re.compile(r"(?:embedded://|(?<![\w:/.]))/[^\s:,;'\")]+")
LOG = logging.getLogger(__name__)
# The feed comes before the page of one article: both begin alike.
ROOMS = (
    views_overview,
    views_week,
    views_feed,
    views_articles,
    views_stories,
    views_subjects,
    views_words,
    views_collection,
    api,
)


def create_app(parts: Parts, *, host: str = "127.0.0.1") -> FastAPI:
    """The app for a store and its status; `host` is the address it will be bound to (decides the Host check)."""
    site = Site(parts)
    bundle = Bundle(parts.settings.data / "cache")
    app = FastAPI(
        title="Amur",
        version=amur.__version__,
        description="The numbers behind every chart, and the articles behind every number.",
        docs_url=None,  # those pages load scripts from elsewhere
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        lifespan=_lifespan(bundle),
        middleware=[
            Middleware(SafeHeaders, sample=parts.sample),
            Middleware(Guard, settings=parts.settings, host=host),
            Middleware(Heads),
            Middleware(GZipMiddleware, minimum_size=SMALLEST_GZIP),
        ],
    )
    app.state.site = site
    for room in ROOMS:
        app.include_router(room.router(site))
    app.mount("/static", _Static(directory=STATIC), name="static")
    app.add_api_route(ROUTE, _charts(bundle), include_in_schema=False)
    app.add_api_route(ALIVE, _alive, include_in_schema=False)
    _add_error_pages(app, site)
    return app


def _alive() -> PlainTextResponse:
    return PlainTextResponse("ok\n", headers={"Cache-Control": "no-store"})


def _lifespan(bundle: Bundle) -> Any:
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        bundle.warm(charts.warm)
        yield

    return lifespan


class _Static(StaticFiles):
    """Own static files: their address changes with their content, so they may be kept for ever."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if response.status_code == 200 and b"v=" in scope["query_string"]:  # noqa: PLR2004
            response.headers["Cache-Control"] = FOREVER
        return response


def _charts(bundle: Bundle) -> Any:
    def charts() -> Response:
        headers = {"Content-Encoding": "gzip", "Cache-Control": FOREVER}
        return Response(bundle.compressed(), media_type="text/javascript", headers=headers)

    return charts


def _add_error_pages(app: FastAPI, site: Site) -> None:
    folder = str(site.parts.settings.data.absolute())

    def malformed(request: Request, error: Exception) -> Response:
        assert isinstance(error, QuerySyntaxError)
        if _is_api(request):
            return _api_error(400, error.reason, position=error.position)
        asked = site.asked(request)
        return site.page(request, "malformed.html", status_code=400, error=error, asked=asked)

    def failed(request: Request, error: Exception) -> Response:
        status = 503 if isinstance(error, StoreUnavailable) else 500
        LOG.error("%s: %s", request.url.path, error)
        said = _without_paths(str(error), folder)
        if _is_api(request):
            return _api_error(status, said)
        # The question is read without the store: it is the store that may be down.
        asked = question.read(request.query_params.multi_items(), None)
        return site.page(request, "failed.html", status_code=status, error=said, asked=asked)

    def not_here(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if _is_api(request):
            return _api_error(error.status_code, str(error.detail))
        asked = question.read(request.query_params.multi_items(), None)
        return site.page(request, "not_found.html", status_code=error.status_code, asked=asked)

    def broken(request: Request, error: Exception) -> Response:
        """A fault of our own. The log has the trace; the page says so. It stands outside the layers: headers again."""
        response = failed(request, AmurError(f"{type(error).__name__}; the log of the dashboard says more"))
        response.headers.update(HEADERS)
        return response

    app.add_exception_handler(Exception, broken)
    app.add_exception_handler(QuerySyntaxError, malformed)
    app.add_exception_handler(AmurError, failed)
    app.add_exception_handler(HTTPException, not_here)


def _without_paths(message: str, folder: str) -> str:
    """`folder` is named first because it may have blanks in it."""
    return PATH.sub("…", message.replace(folder, "/…"))


def _is_api(request: Request) -> bool:
    return request.url.path.startswith(API)


def _api_error(status: int, message: str, **more: Any) -> JSONResponse:
    return JSONResponse({"error": {"message": message, **more}}, status)
