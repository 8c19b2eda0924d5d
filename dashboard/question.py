"""What a page is asked: the URL's parameters <-> filters and view. Everything a reader chooses is in the URL."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, cast
from urllib.parse import urlencode

from dashboard.localisation import _
from index.days import YEARS
from index.language import LONGEST_QUERY
from index.query import DEEPEST_HIT, Filters, Interval, Sort

# URL parameter -> field of Filters, for those that may be given several times.
SEVERAL = {
    "lang": "langs",
    "country": "countries",
    "camp": "camps",
    "outlet": "outlets",
    "topic": "topics",
    "entity": "entities",
}
ONE = ("q", "from", "to", "period", "story", "family")
VIEW = ("interval", "by", "show", "unit", "sort", "page", "speaker", "phrase")
FILTERING = (*ONE[:1], *SEVERAL, "story", "family")  # what the chips show: all but the period
INTERVALS = ("day", "week", "month", "year")
# Rolling periods back from the newest article, in days; `all` has no start.
PERIODS: dict[str, int | None] = {"30d": 30, "12m": 365, "5y": 1826, "all": None}
DEFAULT_PERIOD = "12m"
# Longest period in days that is still shown by this interval, so that a chart has 12 to about 80 steps.
LONGEST = {"day": 45, "week": 200, "month": 6 * 366}
CHOICES = {
    "interval": INTERVALS,
    "by": ("lang", "camp", "country"),
    "show": ("count", "share"),
    "unit": ("articles", "families"),
    "sort": ("relevance", "date"),
    "period": tuple(PERIODS),
}
OWN_PERIOD = re.compile(r"\b(?:from|to)[:：]", re.ASCII)  # a search that names days brings its own period
LONGEST_VALUE = 500  # characters of one parameter that are read
LONGEST_SEARCH = LONGEST_QUERY + 1  # one more than the query language takes: it then says that it is too long
MOST_VALUES = 30  # values of one parameter that are read
DEEPEST_PAGE = 500  # pages of 20 articles: both stores refuse to page past DEEPEST_HIT; longer pages end earlier


@dataclass(frozen=True)
class Question:
    """Filters with a resolved period, the view, and what in the URL could not be used (`problems`)."""

    filters: Filters
    since: date | None
    until: date | None
    params: tuple[tuple[str, str], ...] = ()
    problems: tuple[tuple[str, str], ...] = ()  # (message id, the value)
    view: Mapping[str, str] = field(default_factory=dict)

    @property
    def interval(self) -> Interval:
        return cast("Interval", self.view.get("interval") or _fitting(self.since, self.until))

    @property
    def by(self) -> str:
        return self.view.get("by", "lang")

    @property
    def show(self) -> str:
        return self.view.get("show", "count")

    @property
    def unit(self) -> str:
        """What is counted: "articles" (prominence) or "families" (content: each text once, copies folded)."""
        return self.view.get("unit", "articles")

    @property
    def counted(self) -> Filters:
        """The filters with which charts and lists count in the chosen unit."""
        return replace(self.filters, originals=self.unit == "families")

    def in_articles(self) -> "Question":
        """The same question, counted in articles."""
        return replace(self, view={k: v for k, v in self.view.items() if k != "unit"})

    @property
    def page(self) -> int:
        return int(self.view.get("page", "1"))

    def within(self, size: int) -> "Question":
        """The same question, its page one that both stores can reach with `size` rows a page."""
        page = min(self.page, DEEPEST_HIT // size)
        return replace(self, view={**self.view, "page": str(page)}) if page < self.page else self

    @property
    def period(self) -> str:
        """Name of the rolling period, or empty where the reader set days."""
        if any(key in {"from", "to"} for key, _value in self.params):
            return ""
        return dict(self.params).get("period", DEFAULT_PERIOD)

    @property
    def sort(self) -> Sort:
        """The chosen order; by relevance where there are words to be relevant to."""
        chosen = self.view.get("sort") or ("relevance" if self.filters.q else "date")
        return "relevance" if chosen == "relevance" else "date"

    def chips(self) -> list[tuple[str, str]]:
        """(parameter, value) of every filter but the period."""
        return [(k, v) for k, v in self.params if k in FILTERING]

    def has(self, key: str, value: str) -> bool:
        return (key, value) in self.params

    def link(self, path: str, *, drop: Iterable[str] = (), **values: str | int | None) -> str:
        """`path` with this question's parameters, some dropped, some set (None or "" drops)."""
        gone = {*drop, *map(_plain, values), "page"}
        pairs = [(k, v) for k, v in self.params if k not in gone]
        return _url(path, pairs + [(_plain(k), str(v)) for k, v in values.items() if v])

    def narrowed(self, path: str, key: str, value: str) -> str:
        """`path` with one more value of a filter."""
        pairs = [(k, v) for k, v in self.params if k != "page"]
        return _url(path, pairs if (key, value) in pairs else [*pairs, (key, value)])

    def widened(self, path: str, key: str, value: str) -> str:
        """`path` without one value of a filter."""
        return _url(path, [(k, v) for k, v in self.params if k != "page" and (k, v) != (key, value)])


def read(pairs: Iterable[tuple[str, str]], newest: date | None) -> Question:
    """Read a URL's parameters; `newest` is the last publication day there is, the end of rolling periods."""
    known, view, problems = _sorted_out(pairs)
    since, until = _period(known, newest, problems)
    fields: dict[str, Any] = {name: tuple(known[key]) for key, name in SEVERAL.items() if key in known}
    filters = Filters(
        q=known.get("q", [""])[0],
        since=since,
        until=until,
        story=known.get("story", [""])[0],
        family=known.get("family", [""])[0],
        **fields,
    )
    kept = [(k, v) for k in (*ONE, *SEVERAL) for v in known.get(k, [])] + list(view.items())
    return Question(filters, since, until, tuple(kept), tuple(problems), view)


Known = dict[str, list[str]]
Problems = list[tuple[str, str]]


def _sorted_out(pairs: Iterable[tuple[str, str]]) -> tuple[Known, dict[str, str], Problems]:
    known: Known = {}
    view: dict[str, str] = {}
    problems: Problems = []
    for key, raw in pairs:
        value = raw.strip()[: LONGEST_SEARCH if key == "q" else LONGEST_VALUE]
        if not value:
            continue
        if key in CHOICES and value not in CHOICES[key]:
            problems.append((_("“%s” is not a choice here and was left out."), value))
        elif key == "page":
            view[key] = str(_page(value))
        elif key in VIEW or key == "ui":
            view[key] = value
        elif key in SEVERAL:
            values = known.setdefault(key, [])
            value = value.upper() if key == "country" else value
            if value not in values and len(values) < MOST_VALUES:
                values.append(value)
        elif key in ONE:
            known[key] = [value]
    return known, view, problems


def _page(value: str) -> int:
    return min(max(int(value), 1), DEEPEST_PAGE) if value.isdecimal() else 1


def _period(known: Known, newest: date | None, problems: Problems) -> tuple[date | None, date | None]:
    since, until = (_day(known, key, problems) for key in ("from", "to"))
    if since or until:
        known.pop("period", None)
        if since and until and since > until:
            since, until = until, since
        return since, until
    if "period" not in known and OWN_PERIOD.search(known.get("q", [""])[0]):
        return None, None
    length = PERIODS[known.get("period", [DEFAULT_PERIOD])[0]]
    if newest is None or length is None:
        return None, newest
    return newest - timedelta(days=length - 1), newest


def _day(known: Known, key: str, problems: Problems) -> date | None:
    text = known.get(key, [""])[0]
    if not text:
        return None
    message = _("“%s” is not a date of the form 2024-05-31 and was left out.")
    try:
        day = date.fromisoformat(text)
        if day.year in YEARS:
            return day
        message = _("“%s” lies outside the years 1900 to 2199 and was left out.")
    except ValueError:
        pass
    del known[key]
    problems.append((message, text))
    return None


def last_page(total: int, size: int) -> int:
    """Number of the last page of `size` rows that can be shown."""
    return max(1, -(-min(total, DEEPEST_HIT) // size))


def _fitting(since: date | None, until: date | None) -> str:
    if since is None:
        return "year"
    days = ((until or since) - since).days + 1
    return next((name for name, longest in LONGEST.items() if days <= longest), "year")


def _plain(key: str) -> str:
    """`from` is a word of Python: keyword arguments give it as `from_`."""
    return key.rstrip("_")


def _url(path: str, pairs: list[tuple[str, str]]) -> str:
    return f"{path}?{urlencode(pairs)}" if pairs else path
