"""Quotes, and the set formulas of the relationship: lists with filters, each with its sentence and its article."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from dashboard.question import Question, last_page
from dashboard.site import Site
from index import answers

PAGE_SIZE = 20  # articles of a page
SPEAKERS = 30
MOST_FORMULAS = 100


def router(site: Site) -> APIRouter:
    routes = APIRouter(include_in_schema=False)

    @routes.get("/quotes")
    def quotes(request: Request) -> Response:
        asked = site.asked(request).within(PAGE_SIZE)
        speaker = asked.view.get("speaker", "")
        found = answers.quotes(site.store, asked.counted, speaker=speaker, limit=PAGE_SIZE, offset=_offset(asked))
        speakers = answers.facets(site.store, asked.counted, ("quoted",), size=SPEAKERS)["quoted"]
        return site.page(
            request, "quotes.html", asked=asked, found=found, speaker=speaker, speakers=speakers, last=_last(found),
            most=max((n for _key, n in speakers), default=0),
        )  # fmt: skip

    @routes.get("/phrases")
    def phrases(request: Request) -> Response:
        asked = site.asked(request).within(PAGE_SIZE)
        chosen = asked.view.get("phrase", "")
        _total, spread = answers.spread(site.store, asked.counted, ("phrases",), size=MOST_FORMULAS)
        found = (
            answers.phrases(site.store, asked.counted, chosen, limit=PAGE_SIZE, offset=_offset(asked))
            if chosen
            else answers.Quotes(0, ())
        )
        return site.page(
            request, "phrases.html", asked=asked, found=found, chosen=chosen, rows=spread["phrases"],
            formulas=formulas(), last=_last(found),
        )  # fmt: skip

    return routes


@cache
def formulas() -> Mapping[str, Any]:
    """What is known of each set formula: its wordings, first known use and the document that is from."""
    from ingest.enrich.phrases import formulas as known

    return {formula.key: formula for formula in known()}


def _offset(asked: Question) -> int:
    return (asked.page - 1) * PAGE_SIZE


def _last(found: answers.Quotes) -> int:
    return last_page(found.total, PAGE_SIZE)
