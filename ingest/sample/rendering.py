"""Pages and feeds of the sample web as text, by Jinja2 templates."""

import json
from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from ingest.sample.outlets import HERE, SampleOutlet
from ingest.sample.texts import SampleArticle

if TYPE_CHECKING:
    from jinja2 import Environment

TEASERS = 6  # other articles of the outlet that a page shows around its own
FEED_TYPES = {
    "rss": "application/rss+xml",
    "atom": "application/atom+xml",
    "json": "application/feed+json",
    "sitemap": "application/xml",
    "list": "text/html",
}
_RUSSIAN_MONTHS = (
    "января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября",
    "декабря",
)  # fmt: skip


def render_page(article: SampleArticle, others: Sequence[SampleArticle], *, amp: bool = False) -> str:
    """The page of an article; `others` are the articles of the same outlet, newest first."""
    outlet = article.outlet
    name = "shell" if article.shell else "amp" if amp else outlet.template
    teasers = _around(article, others)
    return _render(f"{name}.html", outlet=outlet, article=article, teasers=teasers, linked_data=_linked_data(article))


def render_front(outlet: SampleOutlet, own: Sequence[SampleArticle]) -> str:
    return _render("list.html", outlet=outlet, articles=own)


def render_feed(outlet: SampleOutlet, own: Sequence[SampleArticle]) -> str:
    if outlet.feed == "json":
        return _json_feed(outlet, own)
    name = "list.html" if outlet.feed == "list" else f"{outlet.feed}.xml"
    return _render(name, outlet=outlet, articles=own)


def render_missing(outlet: SampleOutlet | None, status: int) -> str:
    return _render("missing.html", outlet=outlet, status=status)


def render_directory(hosts: Sequence[SampleOutlet]) -> str:
    return _render("directory.html", outlets=hosts)


def link_in_feed(article: SampleArticle) -> str:
    """The address as the outlet's feed gives it: plain, with tracking parameters, or relative."""
    if article.outlet.links == "tracked":
        return f"{article.url}?utm_source=rss&utm_medium=feed&utm_campaign=all"
    return article.path if article.outlet.links == "relative" else article.url


def date_in_feed(article: SampleArticle) -> str:
    """RFC 822 with a zone, or the local time alone as some Chinese portals write it; empty where the feed has none."""
    if article.outlet.dates == "none":
        return ""
    return f"{article.published:%Y-%m-%d %H:%M:%S}" if article.outlet.dates == "local" else _rfc822(article.published)


def _around(article: SampleArticle, others: Sequence[SampleArticle]) -> list[SampleArticle]:
    own = [other for other in others if not other.amp_only and other.id != article.slug]
    start = sum(map(ord, article.id)) % max(1, len(own))
    return (own[start:] + own[:start])[:TEASERS]


def _json_feed(outlet: SampleOutlet, own: Sequence[SampleArticle]) -> str:
    items = [_json_item(article) for article in own]
    home = f"http://{outlet.host}/"
    head = {"version": "https://jsonfeed.org/version/1.1", "title": outlet.title, "home_page_url": home}
    document = head | {"feed_url": home[:-1] + outlet.feed_path, "language": outlet.lang, "items": items}
    return json.dumps(document, ensure_ascii=False, indent=1)


def _json_item(article: SampleArticle) -> dict[str, Any]:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in article.paragraphs)
    return {
        "id": article.url,
        "url": link_in_feed(article),
        "title": article.title,
        "summary": article.lead,
        "content_html": body,
        "date_published": article.published.isoformat(),
        "date_modified": (article.updated or article.published).isoformat(),
    }


def _linked_data(article: SampleArticle) -> dict[str, Any]:
    return {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.title,
        "datePublished": article.published.isoformat(),
        "dateModified": (article.updated or article.published).isoformat(),
        "mainEntityOfPage": article.url,
        "inLanguage": article.outlet.lang,
        "author": {
            "@type": "Person" if article.author else "Organization",
            "name": article.author or article.outlet.title,
        },
        "publisher": {"@type": "NewsMediaOrganization", "name": article.outlet.title},
    }


def _rfc822(when: datetime) -> str:
    return format_datetime(when)


def _russian_date(when: datetime) -> str:
    return f"{when.day} {_RUSSIAN_MONTHS[when.month - 1]} {when.year}, {when:%H:%M}"


def _render(name: str, **values: Any) -> str:
    return _environment().get_template(name).render(**values)


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=select_autoescape(("html", "xml")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(rfc822=_rfc822, russian_date=_russian_date, feed_link=link_in_feed, feed_date=date_in_feed)
    return made
