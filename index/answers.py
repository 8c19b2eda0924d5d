"""Questions to a store -> frozen results. Every function takes a Store and Filters; none knows which store it is.

All raise QuerySyntaxError for a search text that cannot be understood, StoreUnavailable where the store is not there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from index import query
from index.query import Filters, Interval, Sort
from index.query_words import Resolve
from index.store.base import Store

FACETS = ("lang", "camp", "country", "outlet", "topics", "people", "organisations", "places")


@dataclass(frozen=True)
class Fragment:
    """A piece of text and the code points in it that were searched for. Plain text: whoever shows it escapes it."""

    field: str  # "title", "lead" or "body"
    text: str
    marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Hit:
    id: str
    url: str
    title: str
    lang: str
    published: str | None  # ISO 8601, UTC; see `precision`
    outlet: str
    camp: str
    topics: tuple[str, ...]
    entities: tuple[str, ...]
    story: str | None
    family: str | None
    score: float | None  # None where the newest come first
    lead: str = ""
    day: date | None = None  # publication day where the outlet is
    precision: str = "none"
    country: str = ""
    kind: str = ""
    text_from: str = "page"
    highlight: tuple[Fragment, ...] = ()


@dataclass(frozen=True)
class Page:
    total: int
    hits: tuple[Hit, ...]


@dataclass(frozen=True)
class Point:
    """`count` articles published in the period that begins on `period_start`."""

    period_start: date
    group: str  # value of the field that splits the series, "" where none does
    count: int


@dataclass(frozen=True)
class CoverageCell:
    """What was collected of one group in one period; a day of one outlet is an outlet-day."""

    period_start: date
    group: str
    outlets: int
    outlet_days: int
    covered_days: int  # outlet-days without a gap in collection
    polls: int
    polls_ok: int
    entries: int
    fetched: int
    decided: int
    relevant: int
    families: int

    @property
    def covered_share(self) -> float:
        """Covered outlet-days of those there are records of, 0..1."""
        return self.covered_days / self.outlet_days if self.outlet_days else 0.0


@dataclass(frozen=True)
class Totals:
    articles: int
    families: int
    outlets: int


Facets = dict[str, tuple[tuple[str, int], ...]]


@dataclass(frozen=True)
class Summary:
    """Totals, series and facets of the same articles, from one question to the store."""

    totals: Totals
    series: tuple[Point, ...]
    facets: Facets


def search(
    store: Store,
    filters: Filters,
    *,
    limit: int = 20,
    offset: int = 0,
    sort: Sort = "relevance",
    highlight: bool = False,
    resolve: Resolve | None = None,
) -> Page:
    """Articles, best or newest first; not past the 10 000th."""
    body = query.search_body(filters, limit=limit, offset=offset, sort=sort, highlight=highlight, resolve=resolve)
    found = store.search("articles", body)["hits"]
    return Page(found["total"]["value"], tuple(_hit(h) for h in found["hits"]))


def facets(
    store: Store, filters: Filters, fields: Sequence[str] = FACETS, *, size: int = 20, resolve: Resolve | None = None
) -> Facets:
    """The most frequent values of each field with their numbers of articles, the most frequent first."""
    answer = store.search("articles", query.facets_body(filters, fields, size, resolve=resolve))
    return _facets(answer["aggregations"], fields)


def series(
    store: Store,
    filters: Filters,
    *,
    interval: Interval = "week",
    by: str | None = "lang",
    resolve: Resolve | None = None,
) -> tuple[Point, ...]:
    """Articles per period, in order of time; periods and groups without articles are left out."""
    answer = store.search("articles", query.series_body(filters, interval, by, resolve=resolve))
    return _points(answer["aggregations"]["series"])


def summary(
    store: Store,
    filters: Filters,
    *,
    interval: Interval = "week",
    by: str | None = "lang",
    fields: Sequence[str] = FACETS,
    size: int = 20,
    resolve: Resolve | None = None,
) -> Summary:
    """Totals, series and facets at the price of one search."""
    aggs = {"series": query.series_agg(interval, by), **query.totals_aggs(), **query.facet_aggs(fields, size)}
    answer = store.search("articles", query.counted(query.query_of(filters, resolve=resolve), aggs))
    found = answer["aggregations"]
    return Summary(_totals(answer), _points(found["series"]), _facets(found, fields))


def coverage(
    store: Store, filters: Filters, *, interval: Interval = "week", by: str | None = "lang"
) -> tuple[CoverageCell, ...]:
    """The denominator: what was collected, for period, language, country, camp and outlet of `filters`."""
    answer = store.search("coverage", query.coverage_body(filters, interval, by))
    return tuple(
        _cell(_date(period), str(group.get("key", "")) if group is not period else "", group)
        for period in answer["aggregations"]["series"]["buckets"]
        for group in (period["by"]["buckets"] if by else [period])
    )


def article(store: Store, article_id: str) -> dict[str, Any] | None:
    """The whole document, annotations and body included; None where there is none."""
    return store.get("articles", article_id)


def newest(store: Store) -> date | None:
    """Publication day of the newest article."""
    page = search(store, Filters(), limit=1, sort="date")
    return page.hits[0].day if page.hits else None


def totals(store: Store, filters: Filters, *, resolve: Resolve | None = None) -> Totals:
    """Articles, families and outlets found."""
    body = query.counted(query.query_of(filters, resolve=resolve), query.totals_aggs())
    return _totals(store.search("articles", body))


def _totals(answer: dict[str, Any]) -> Totals:
    found = answer["aggregations"]
    return Totals(answer["hits"]["total"]["value"], int(found["families"]["value"]), int(found["outlets"]["value"]))


def _facets(found: dict[str, Any], fields: Sequence[str]) -> Facets:
    return {name: tuple((str(b["key"]), b["doc_count"]) for b in found[name]["buckets"]) for name in fields}


def _points(found: dict[str, Any]) -> tuple[Point, ...]:
    points = []
    for bucket in found["buckets"]:
        start = _date(bucket)
        if "by" in bucket:
            points += [Point(start, str(g["key"]), g["doc_count"]) for g in bucket["by"]["buckets"]]
        else:
            points.append(Point(start, "", bucket["doc_count"]))
    return tuple(points)


def _date(bucket: dict[str, Any]) -> date:
    return datetime.fromtimestamp(bucket["key"] / 1000, UTC).date()


def _cell(start: date, group: str, bucket: dict[str, Any]) -> CoverageCell:
    covered = sum(b["doc_count"] for b in bucket["covered"]["buckets"] if b["key_as_string"] == "true")
    sums = {name: round(bucket[name]["value"]) for name in query.COVERAGE_SUMS}
    outlets = int(bucket["outlets"]["value"])
    return CoverageCell(start, group, outlets, bucket["doc_count"], covered, **sums)


def _hit(hit: dict[str, Any]) -> Hit:
    source = hit["_source"]
    return Hit(
        id=hit["_id"],
        url=source.get("url", ""),
        title=source.get("title", ""),
        lang=source.get("lang", ""),
        published=source.get("published"),
        outlet=source.get("outlet", ""),
        camp=source.get("camp", ""),
        topics=tuple(source.get("topics") or ()),
        entities=tuple(source.get("entities") or ()),
        story=source.get("story"),
        family=source.get("family"),
        score=hit.get("_score"),
        lead=source.get("lead", ""),
        day=date.fromisoformat(source["day"]) if source.get("day") else None,
        precision=source.get("precision", "none"),
        country=source.get("country", ""),
        kind=source.get("kind", ""),
        text_from=source.get("text_from", "page"),
        highlight=_fragments(hit.get("highlight") or {}),
    )


def _fragments(highlight: dict[str, list[str]]) -> tuple[Fragment, ...]:
    """One fragment for each of title, lead and body; the stemmed field and its exact twin mark the same text."""
    chosen: dict[str, Fragment] = {}
    for field, texts in highlight.items():
        name = field.partition("_")[0]
        fragment = _fragment(name, texts[0])
        kept = chosen.get(name)
        if kept is None or len(fragment.marks) > len(kept.marks):
            chosen[name] = fragment
    return tuple(chosen[name] for name in query.HIGHLIGHTED if name in chosen)


def _fragment(name: str, marked: str) -> Fragment:
    text, marks = "", []
    for piece in marked.split(query.HIGHLIGHT_OPEN):
        inside, closed, outside = piece.partition(query.HIGHLIGHT_CLOSE)
        if closed:
            marks.append((len(text), len(text) + len(inside)))
        text += inside + outside
    return Fragment(name, text, tuple(marks))
