"""Questions to a store -> frozen results. Every function takes a Store and Filters; none knows which store it is.

All raise QuerySyntaxError for a search text that cannot be understood, StoreUnavailable where the store is not there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from index import query
from index.happenings import (
    Acts,
    Events,
    Quoted,
    Quotes,
    Story,
    acts,
    events,
    events_by_week,
    phrases,
    quotes,
    stories,
    story,
)
from index.hits import Fragment, Hit, Page, hit_of
from index.query import Filters, Interval, Sort
from index.query_words import Resolve
from index.store.base import Store

__all__ = (
    "Acts", "Events", "Fragment", "Hit", "Page", "Quoted", "Quotes", "Story", "acts", "events", "events_by_week",
    "phrases", "quotes", "stories", "story",
)  # fmt: skip
FACETS = ("lang", "camp", "country", "outlet", "topics", "people", "organisations", "places")


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
class Block:
    """What one outlet published in one week, as far as it lies in the period: a cluster of a share."""

    period_start: date
    group: str
    outlet: str
    week: date
    decided: int
    relevant: int
    covered: bool  # every day that there are records of


@dataclass(frozen=True)
class OutletDay:
    outlet: str
    lang: str
    camp: str
    day: date
    covered: bool


@dataclass(frozen=True)
class Spread:
    """A value with the number of articles (or families, as asked) and of outlets that have it."""

    key: str
    count: int
    outlets: int


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
    return Page(found["total"]["value"], tuple(hit_of(h) for h in found["hits"]))


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


def blocks(store: Store, filters: Filters, *, interval: Interval = "week", by: str = "lang") -> tuple[Block, ...]:
    """The outlet-weeks of every period and group, in order. At most 65 000; asked year by year there are fewer."""
    answer = store.search("coverage", query.blocks_body(filters, interval, by))
    return tuple(
        Block(
            _date(period), str(group["key"]), str(outlet["key"]), _date(week),
            round(week["decided"]["value"]), round(week["relevant"]["value"]),
            all(b["key_as_string"] == "true" for b in week["covered"]["buckets"]),
        )
        for period in answer["aggregations"]["series"]["buckets"]
        for group in period["by"]["buckets"]
        for outlet in group["outlet"]["buckets"]
        for week in outlet["week"]["buckets"]
    )  # fmt: skip


def outlet_days(store: Store, filters: Filters) -> tuple[OutletDay, ...]:
    """Every day of every outlet that there are records of; one read a record, so meant for windows of some weeks."""
    found = store.scan("coverage", query.collected(filters), fields=["outlet", "lang", "camp", "day", "covered"])
    return tuple(
        OutletDay(r["outlet"], r["lang"], r["camp"], date.fromisoformat(r["day"]), bool(r["covered"])) for r in found
    )


def spread(
    store: Store, filters: Filters, fields: Sequence[str], *, size: int = 100, resolve: Resolve | None = None
) -> tuple[int, dict[str, tuple[Spread, ...]]]:
    """Number of articles found, and the most frequent values of each field, each with its number of outlets."""
    body = query.counted(query.query_of(filters, resolve=resolve), query.spread_aggs(fields, size))
    answer = store.search("articles", body)
    found = answer["aggregations"]
    return answer["hits"]["total"]["value"], {
        name: tuple(Spread(str(b["key"]), b["doc_count"], int(b["outlets"]["value"])) for b in found[name]["buckets"])
        for name in fields
    }


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
