"""A search as an Atom feed, for a reader or a script to follow."""

from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from fastapi import APIRouter, Request
from starlette.responses import Response

from dashboard.reading import original
from dashboard.site import Site
from index import answers
from index.answers import Hit

NAMESPACE = "http://www.w3.org/2005/Atom"
ENTRIES = 50


def router(site: Site) -> APIRouter:
    routes = APIRouter(include_in_schema=False)

    @routes.get("/articles.atom")
    def atom(request: Request) -> Response:
        asked = site.asked(request)
        page = answers.search(site.store, asked.filters, limit=ENTRIES, sort="date")
        feed = _feed(str(request.url), page.hits, sample=site.parts.sample)
        root = str(request.base_url).rstrip("/")
        for hit in page.hits:
            feed.append(_entry(hit, root, sample=site.parts.sample))
        body = tostring(feed, encoding="utf-8", xml_declaration=True)
        return Response(body, media_type="application/atom+xml")

    return routes


def _feed(address: str, hits: tuple[Hit, ...], *, sample: bool) -> Element:
    feed = Element("feed", xmlns=NAMESPACE)
    SubElement(feed, "id").text = address
    SubElement(feed, "title").text = "Amur" + " (SAMPLE DATA)" * sample
    SubElement(feed, "link", rel="self", href=address)
    newest = next((h.published for h in hits if h.published), None)
    SubElement(feed, "updated").text = newest or datetime.now(UTC).isoformat(timespec="seconds")
    SubElement(SubElement(feed, "author"), "name").text = "Amur"
    return feed


def _entry(hit: Hit, root: str, *, sample: bool) -> Element:
    """Title, link and lead; a text without a publication time takes that of the start of its day."""
    entry = Element("entry")
    SubElement(entry, "id").text = f"urn:sha256:{hit.id}"
    SubElement(entry, "title").text = _clean(hit.title)
    SubElement(entry, "link", rel="alternate", href=f"{root}/articles/{hit.id}")
    address = original(hit.url, sample=sample)
    if address:
        SubElement(entry, "link", rel="via", href=address if address.startswith("http") else root + address)
    SubElement(entry, "updated").text = hit.published or f"{hit.day or '1970-01-01'}T00:00:00Z"
    SubElement(SubElement(entry, "author"), "name").text = hit.outlet
    SubElement(entry, "summary").text = _clean(hit.lead)
    for topic in hit.topics:
        SubElement(entry, "category", term=topic)
    return entry


def _clean(text: str) -> str:
    """Without the control characters that XML cannot carry."""
    return "".join(c for c in text if c >= " " or c in "\t\n\r")
