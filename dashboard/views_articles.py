"""The list of articles with search, and the page of one article."""

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from dashboard import reading
from dashboard.figures import figure
from dashboard.question import last_page
from dashboard.site import Site
from index import answers

PAGE_SIZE = 20
SIDE_FACETS = ("camps", "languages", "topics-total", "outlets", "people")


def router(site: Site) -> APIRouter:
    routes = APIRouter(include_in_schema=False)

    @routes.get("/articles")
    def articles(request: Request) -> Response:
        asked = site.asked(request).within(PAGE_SIZE)
        offset = (asked.page - 1) * PAGE_SIZE
        page = answers.search(
            site.store, asked.counted, limit=PAGE_SIZE, offset=offset, sort=asked.sort, highlight=True
        )
        side = [figure(site, name, asked, site.localisation(request)) for name in SIDE_FACETS]
        last = last_page(page.total, PAGE_SIZE)
        return site.page(request, "articles.html", asked=asked, found=page, side=side, last=last)

    @routes.get("/articles/{article_id}")
    def article(request: Request, article_id: str) -> Response:
        document = answers.article(site.store, article_id)
        if document is None:
            raise HTTPException(404)
        loc = site.localisation(request)
        shown = reading.article(document, site, loc)
        return site.page(request, "article.html", article=shown)

    return routes
