"""Health of the collection: what is read, how well, and what became of every entry; and the sample's own pages."""

from datetime import UTC, datetime

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from dashboard import labels
from dashboard.health import health
from dashboard.site import Site
from ingest.model import ENDED, WAITING

# What an outlet's page is shown under: it may be styled, but never run anything.
FOREIGN_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
ORDER = ("failing", "silent", "late", "never", "ok", "retired")


def router(site: Site) -> APIRouter:
    routes = APIRouter(include_in_schema=False)

    @routes.get("/collection")
    def collection(request: Request) -> Response:
        status = site.status()
        states = status.get("states", {})
        sources = sorted(status.get("sources", ()), key=lambda s: (_rank(s), str(s.get("name"))))
        return site.page(
            request,
            "collection.html",
            status=status,
            health=health(status),
            states=[(s, int(states.get(s, 0)), s in WAITING) for s in (*WAITING, *ENDED)],
            sources=sources,
            known={s.name: s for s in site.parts.sources},
            words=labels,
            this_year=datetime.now(UTC).year,
        )

    @routes.get("/original/{host}/{path:path}")
    def original(request: Request, host: str, path: str) -> Response:
        if not site.parts.sample:
            raise HTTPException(404)
        return _sample_page(host, f"/{path}", request)

    return routes


def _rank(source: dict[str, object]) -> int:
    state = str(source.get("health"))
    return ORDER.index(state) if state in ORDER else len(ORDER)


def _sample_page(host: str, path: str, request: Request) -> Response:
    from ingest.sample_web import SampleState, respond

    answer = respond(host, path, request.url.query, {}, SampleState())
    headers = {k: v for k, v in dict(answer.headers).items() if k.lower() in {"content-type", "location"}}
    if "location" in {k.lower() for k in headers}:
        headers = {k: _inside(v, request) if k.lower() == "location" else v for k, v in headers.items()}
    return Response(answer.body, answer.status, headers | {"Content-Security-Policy": FOREIGN_POLICY})


def _inside(location: str, request: Request) -> str:
    from dashboard.reading import original

    return original(location, sample=True, root=request.scope.get("root_path", "")) or "/"
