"""What every page shares: the parts, templates, labels, a short memory of answers."""

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

import amur
from dashboard import labels, question, snippets
from dashboard.bundle import ROUTE, bundle_version
from dashboard.labels import Labels
from dashboard.localisation import INTERFACE_LANGUAGES, Localisation, _, choose, localisation
from dashboard.parts import Parts
from dashboard.question import FILTERING, Question
from index import answers
from index.query import Filters

HERE = Path(__file__).parent
STATIC = HERE / "static"
T = TypeVar("T")
SECTIONS = (
    ("/", _("Overview")),
    ("/week", _("This week")),
    ("/stories", _("Stories")),
    ("/events", _("Events")),
    ("/quotes", _("Quotes")),
    ("/phrases", _("Phrases")),
    ("/names", _("People and organisations")),
    ("/articles", _("Articles")),
    ("/outlets", _("Outlets")),
    ("/collection", _("Collection")),
)
# What a link to a section does not carry along; the week has a period of its own.
OWN = ("sort", "speaker", "phrase")  # of one section only
DROPPED = {
    **{path: (*OWN, "q") for path, _name in SECTIONS},
    "/articles": OWN,
    "/week": (*OWN, "q", "from", "to", "period"),
}
REMEMBERED_SECONDS = 20.0  # a chart and its table are two requests: they must say the same
REMEMBERED_ANSWERS = 256
FACET_VALUES = 20  # values of each facet that one question brings


class Memory:
    """Answers by question, for some seconds. Threads that ask the same at once may compute it twice."""

    def __init__(self, seconds: float, most: int = REMEMBERED_ANSWERS) -> None:
        self.seconds = seconds
        self.most = most
        self._lock = threading.Lock()
        self._answers: OrderedDict[Hashable, tuple[float, Any]] = OrderedDict()

    def get(self, key: Hashable, compute: Callable[[], T]) -> T:
        with self._lock:
            found = self._answers.get(key)
        if found and found[0] > time.monotonic():
            answer: T = found[1]
            return answer
        answer = compute()
        with self._lock:
            self._answers[key] = (time.monotonic() + self.seconds, answer)
            self._answers.move_to_end(key)
            while len(self._answers) > self.most:
                self._answers.popitem(last=False)
        return answer


class Site:
    """One dashboard: made once, shared by all requests."""

    def __init__(self, parts: Parts, remember: float = REMEMBERED_SECONDS) -> None:
        self.parts = parts
        self.memory = Memory(remember)
        self._environments: dict[str, Environment] = {}

    @property
    def store(self) -> Any:
        return self.parts.store

    def newest(self) -> date | None:
        return self.memory.get("newest", lambda: answers.newest(self.store))

    def status(self) -> dict[str, Any]:
        return self.memory.get("status", self.parts.status)

    def summary(self, asked: Question) -> answers.Summary:
        """Totals, the series by `asked.by` and every facet of a question, at the price of one search.

        Totals are of all articles; series and facets are in the unit that is asked for, families at that of two.
        """
        if asked.unit == "families":
            whole = self.summary(asked.in_articles())
            return replace(self._summary(asked, asked.counted), totals=whole.totals)
        return self._summary(asked, asked.filters)

    def _summary(self, asked: Question, filters: Filters) -> answers.Summary:
        key = ("summary", filters, asked.interval, asked.by)
        return self.memory.get(
            key,
            lambda: answers.summary(
                self.store,
                filters,
                interval=asked.interval,
                by=asked.by,
                fields=answers.FACETS,
                size=FACET_VALUES,
            ),
        )

    def asked(self, request: Request) -> Question:
        return question.read(request.query_params.multi_items(), self.newest())

    def localisation(self, request: Request) -> Localisation:
        code = choose(request.query_params.get("ui", ""), request.headers.get("accept-language", ""))
        return localisation(code, self.parts.settings.time_zone)

    def labels(self, loc: Localisation) -> Labels:
        return Labels(self.parts, loc)

    def page(self, request: Request, template: str, *, status_code: int = 200, **context: Any) -> HTMLResponse:
        """Render a template with what all templates use. `asked` may be given where it cannot be computed."""
        loc = self.localisation(request)
        shared = self._shared(request, loc, context.pop("asked", None))
        html = self._environment(loc).get_template(template).render(shared | context)
        headers = {"Content-Language": loc.html, "Vary": "Accept-Language", "Cache-Control": "private, no-cache"}
        return HTMLResponse(html, status_code, headers)

    def _shared(self, request: Request, loc: Localisation, asked: Question | None) -> dict[str, Any]:
        asked = asked or self.asked(request)
        root = request.scope.get("root_path", "")
        here = root + request.url.path

        def link(path: str, **values: Any) -> str:
            return asked.link(root + path, **values)

        return {
            "l": loc,
            "asked": asked,
            "labels": self.labels(loc),
            "link": link,
            "narrowed": lambda key, value, path=None: asked.narrowed(root + path if path else here, key, value),
            "widened": lambda key, value: asked.widened(here, key, value),
            "here": lambda **values: asked.link(here, **values),
            "path": lambda path: root + path,
            "asset": lambda name: f"{root}/static/{name}?v={fingerprint(name)}",
            "section": "/" + request.url.path.strip("/").partition("/")[0],
            "sections": SECTIONS,
            "dropped": DROPPED,
            "interface_languages": INTERFACE_LANGUAGES,
            "here_path": here,
            "share": asked.link(here, **_fixed(asked)),
            "no_filters": dict.fromkeys(FILTERING, ""),
            "data_link": lambda name, form: asked.link(f"{root}/api/v1/figures/{name}.{form}", **_spoken(form, loc)),
            "export_link": lambda form: asked.link(f"{root}/api/v1/articles.{form}"),
            "charts_script": f"{root}{ROUTE}?v={bundle_version()}",
            "sample": self.parts.sample,
            "settings": self.parts.settings,
            "version": amur.__version__,
        }

    def _environment(self, loc: Localisation) -> Environment:
        if loc.code not in self._environments:
            self._environments[loc.code] = _environment(loc)
        return self._environments[loc.code]


def _fixed(asked: Question) -> dict[str, str]:
    """A rolling period as days, so that a copied link shows tomorrow what it shows today."""
    days = {"from_": asked.since, "to": asked.until}
    return {"period": "" if asked.since else asked.period} | {
        k: v.isoformat() for k, v in days.items() if v and asked.since
    }


def _spoken(form: str, loc: Localisation) -> dict[str, str]:
    """A chart carries words: its address names the language; data do not."""
    return {"ui": loc.code if form == "chart" else ""}


def _environment(loc: Localisation) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_translations(loc.translations, newstyle=True)  # type: ignore[attr-defined]
    environment.globals |= {
        "parameters": labels.PARAMETERS,
        "event_types": labels.EVENTS,
        "ownership": labels.OWNERSHIP,
        "health_words": labels.HEALTH,
        "stances": labels.STANCES,
        "snippets": snippets,
    }
    return environment


class _Fingerprints:
    @cached_property
    def table(self) -> dict[str, str]:
        return {p.name: hashlib.sha256(p.read_bytes()).hexdigest()[:12] for p in STATIC.iterdir() if p.is_file()}


_FINGERPRINTS = _Fingerprints()


def fingerprint(name: str) -> str:
    """First 12 hexadecimal digits of a static file's sha256: a changed file has a new address."""
    return _FINGERPRINTS.table[name]
