"""What the sample web answers to a request: pure, the same request gives the same bytes."""

import gzip
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache
from http import HTTPStatus
from urllib.parse import parse_qsl, urlencode, urlsplit

from ingest.sample import rendering
from ingest.sample.growth import grown
from ingest.sample.outlets import SampleOutlet, outlets
from ingest.sample.texts import SampleArticle, articles

SUFFIX = ".example"


@dataclass(frozen=True, slots=True)
class SampleState:
    """What the sample web looks like: edition 0 at the first poll, 1 later; `extra` generated articles."""

    edition: int = 0
    extra: int = 0


@dataclass(frozen=True, slots=True)
class SampleResponse:
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    delay: float = 0.0  # seconds that a server should wait before it answers

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


def respond(
    host: str, path: str, query: str = "", headers: Mapping[str, str] | None = None, state: SampleState | None = None
) -> SampleResponse:
    """Answer a request for `http://host/path?query`. Pure: the same request gives the same bytes."""
    state = state or SampleState()
    wanted = {name.lower(): value for name, value in (headers or {}).items()}
    outlet = outlets().get(host.split(":", maxsplit=1)[0].lower())
    if outlet is None or (outlet.extra and not state.extra):
        return _html(None, rendering.render_missing(None, 404), 404)
    return _finish(outlet, _route(outlet, path or "/", query, state), wanted)


def _route(outlet: SampleOutlet, path: str, query: str, state: SampleState) -> SampleResponse:
    if path == "/robots.txt":
        return _text(_robots(outlet))
    if path == outlet.moved_from:
        return _redirect(f"http://{outlet.host}{outlet.feed_path}", 301)
    if path == outlet.feed_path:
        return _feed(outlet, state)
    own = _own(outlet, state)
    if path == "/":
        return _html(outlet, rendering.render_front(outlet, own))
    return _page(outlet, path, query, own)


def _page(outlet: SampleOutlet, path: str, query: str, own: Sequence[SampleArticle]) -> SampleResponse:
    amp = outlet.amp and path.startswith("/amp/")
    plain = path.removeprefix("/amp") if amp else path
    article = next((one for one in own if one.path == plain and not one.amp_only), None)
    if article is None:
        return _html(outlet, rendering.render_missing(outlet, 404), 404)
    if article.page_status != HTTPStatus.OK:
        return _html(outlet, rendering.render_missing(outlet, article.page_status), article.page_status)
    clean = urlencode([pair for pair in parse_qsl(query) if not pair[0].startswith("utm_")])
    if outlet.links == "tracked" and clean != query:
        return _redirect(article.path + (f"?{clean}" if clean else ""), 302)
    made = _html(outlet, rendering.render_page(article, own, amp=amp))
    return replace(made, headers=(*made.headers, ("Last-Modified", _http_date(article.updated or article.published))))


def _feed(outlet: SampleOutlet, state: SampleState) -> SampleResponse:
    if outlet.feed_status != HTTPStatus.OK:
        return _html(outlet, rendering.render_missing(outlet, outlet.feed_status), outlet.feed_status)
    own = _own(outlet, state)
    kind = f"{rendering.FEED_TYPES[outlet.feed]}; charset={outlet.charset}"
    newest = max((one.updated or one.published for one in own), default=datetime(2014, 1, 1, tzinfo=UTC))
    headers = (("Content-Type", kind), ("Last-Modified", _http_date(newest)), ("Cache-Control", "max-age=900"))
    body = _encode(outlet, rendering.render_feed(outlet, own))
    return SampleResponse(200, headers, body, outlet.feed_delay)


def _finish(outlet: SampleOutlet, made: SampleResponse, wanted: Mapping[str, str]) -> SampleResponse:
    """Validators, 304 and compression, as far as the outlet's server knows them."""
    if made.status != HTTPStatus.OK:
        return made
    headers = [pair for pair in made.headers if pair[0] != "Last-Modified" or outlet.validators in {"both", "modified"}]
    if outlet.validators in {"both", "etag"}:
        headers.append(("ETag", f'"{hashlib.sha256(made.body).hexdigest()[:20]}"'))
    made = replace(made, headers=tuple(headers))
    if _unchanged(made, wanted):
        kept = tuple(pair for pair in headers if pair[0] != "Content-Type")
        return SampleResponse(304, kept, b"", made.delay)
    if outlet.gzip and "gzip" in wanted.get("accept-encoding", ""):
        packed = gzip.compress(made.body, mtime=0)
        return replace(made, headers=(*headers, ("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding")), body=packed)
    return made


def _unchanged(made: SampleResponse, wanted: Mapping[str, str]) -> bool:
    """RFC 9110, 13.2.2: If-None-Match decides where it is given; else the date."""
    etag = made.header("ETag")
    if etag and "if-none-match" in wanted:
        return etag in wanted["if-none-match"]
    modified, since = made.header("Last-Modified"), wanted.get("if-modified-since", "")
    if not (modified and since):
        return False
    try:
        return parsedate_to_datetime(modified) <= parsedate_to_datetime(since)
    except (ValueError, TypeError):
        return False


def _robots(outlet: SampleOutlet) -> str:
    if outlet.robots_closed:
        return f"User-agent: *\nDisallow: /\nAllow: {outlet.feed_path}\n"
    return "User-agent: *\nDisallow: /search\nAllow: /\n"


def _html(outlet: SampleOutlet | None, text: str, status: int = 200) -> SampleResponse:
    charset = outlet.charset if outlet else "utf-8"
    body = _encode(outlet, text) if outlet else text.encode()
    return SampleResponse(status, (("Content-Type", f"text/html; charset={charset}"),), body)


def _text(text: str) -> SampleResponse:
    return SampleResponse(200, (("Content-Type", "text/plain; charset=utf-8"),), text.encode())


def _redirect(target: str, status: int) -> SampleResponse:
    return SampleResponse(status, (("Location", target), ("Content-Type", "text/plain")), b"")


def _encode(outlet: SampleOutlet, text: str) -> bytes:
    return text.encode(outlet.encoding, errors="xmlcharrefreplace")


def _http_date(when: datetime) -> str:
    return format_datetime(when.astimezone(UTC), usegmt=True)


def answer(host: str, target: str, headers: Mapping[str, str], state: SampleState) -> SampleResponse:
    """Answer a request as the server got it; under a plain local address `/outlet.example/path` shows an outlet."""
    parts = urlsplit(target if target.startswith("http://") else "http://x" + target)
    if host.split(":", maxsplit=1)[0].endswith(SUFFIX):
        return respond(host, parts.path, parts.query, headers, state)
    first, _, rest = parts.path.lstrip("/").partition("/")
    if not first:
        return _html(None, rendering.render_directory(list(outlets().values())))
    return respond(first, "/" + rest, parts.query, headers, state)


@lru_cache(maxsize=8)
def articles_of(state: SampleState) -> tuple[SampleArticle, ...]:
    made = (*articles(state.edition), *grown(state.extra))
    return tuple(sorted(made, key=lambda article: (article.published, article.id), reverse=True))


def _own(outlet: SampleOutlet, state: SampleState) -> list[SampleArticle]:
    return [article for article in articles_of(state) if article.outlet is outlet]
