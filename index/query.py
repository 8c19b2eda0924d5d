"""Frozen questions -> Elasticsearch bodies, in the subset that both stores answer (docs/search.md lists it).

Words are looked for in title, lead and body of the three languages, stemmed where the language has endings; all words
must be found, each in any of the fields, which for one article are those of its own language. Phrases are looked for
unstemmed. Whatever filters (`lang:`, `topic:`, a period) does not count for the order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from index.language import parse
from index.query_words import Resolve, filter_clauses

Body = dict[str, Any]
Interval = Literal["day", "week", "month", "year"]
Sort = Literal["relevance", "date"]

MOST_GROUPS = 50  # lines of one chart; more cannot be told apart, and buckets are limited to 65 000 in both stores
MOST_OUTLETS = 500  # more than any sources file so far
DEEPEST_HIT = 10_000  # Elasticsearch refuses to page past it (index.max_result_window)
FRAGMENT_SIZE = 200  # code points
HIGHLIGHT_OPEN, HIGHLIGHT_CLOSE = "\ue000", "\ue001"  # private use: cannot be in a text that was cleaned
HIGHLIGHTED = ("title", "lead", "body")
LIST_FIELDS = (
    "id", "url", "title", "lead", "lang", "published", "day", "precision", "outlet", "country", "camp", "kind",
    "text_from", "topics", "entities", "story", "family",
)  # fmt: skip

# What both stores can compare: the embedded one counts nanoseconds from 1970 in 64 bits.
FIRST_DAY, LAST_DAY = date(1678, 1, 1), date(2261, 12, 31)

# Families are counted by leaving their copies out, not by the cardinality of `family`: that is exact on both stores at
# any size, the most frequent values can be ordered by it, and periods and groups add up to the whole. A text counts
# once, at the day, outlet, language and camp of its first report; where filters leave that out, it does not count.
# What was not linked yet is a family of its own.
COPIES: Body = {"term": {"original": False}}


@dataclass(frozen=True)
class Filters:
    """What is asked. `since` and `until` are publication days, both included; several values of one field are OR."""

    q: str = ""
    since: date | None = None
    until: date | None = None
    langs: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    camps: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()  # keys
    story: str = ""
    family: str = ""
    kinds: tuple[str, ...] = ()  # of outlets, such as "ministry"
    originals: bool = False  # without copies: each text once, where and when it was first reported


def query_of(filters: Filters, *, resolve: Resolve | None = None) -> Body:
    """The query clause. `resolve` gives the keys of a name in any script; None asks the gazetteer.

    Raises QuerySyntaxError where `filters.q` cannot be understood.
    """
    scored, kept, barred = filter_clauses(parse(filters.q), filters.q, resolve)
    kept = [*_plain_filters(filters), *kept]
    barred = [*barred, COPIES] if filters.originals else barred
    parts = {"must": scored, "filter": kept, "must_not": barred}
    parts = {name: clauses for name, clauses in parts.items() if clauses}
    return {"bool": parts} if parts else {"match_all": {}}


def _plain_filters(filters: Filters) -> list[Body]:
    several = {
        "lang": filters.langs,
        "country": tuple(code.upper() for code in filters.countries),
        "camp": filters.camps,
        "outlet": filters.outlets,
        "topics": filters.topics,
        "entities": filters.entities,
        "story": (filters.story,) if filters.story else (),
        "family": (filters.family,) if filters.family else (),
        "kind": filters.kinds,
    }
    return [{"terms": {name: list(values)}} for name, values in several.items() if values] + period(filters)


def period(filters: Filters) -> list[Body]:
    """The range clause over publication days, none where no end is set."""
    ends = {"gte": filters.since, "lte": filters.until}
    given = {end: min(max(value, FIRST_DAY), LAST_DAY).isoformat() for end, value in ends.items() if value}
    return [{"range": {"day": given}}] if given else []


def search_body(
    filters: Filters,
    *,
    limit: int = 20,
    offset: int = 0,
    sort: Sort = "relevance",
    highlight: bool = False,
    resolve: Resolve | None = None,
) -> Body:
    """A page of articles. Without words there is nothing to be relevant to, and the newest come first.

    Past DEEPEST_HIT nothing is asked for: the page is cut, so that both stores answer alike.
    """
    query = query_of(filters, resolve=resolve)
    ranked = sort == "relevance" and "must" in query.get("bool", {})
    offset = min(max(offset, 0), DEEPEST_HIT)
    body: Body = {
        "query": query,
        "size": max(0, min(limit, DEEPEST_HIT - offset)),
        "from": offset,
        "track_total_hits": True,
        "_source": list(LIST_FIELDS),
        "sort": ["_score"] if ranked else newest_first(),
    }
    return body | {"highlight": _highlight()} if highlight else body


def newest_first() -> list[Body]:
    return [{"published": {"order": "desc", "missing": "_last"}}, {"id": {"order": "asc"}}]


def _highlight() -> Body:
    fields: Body = {}
    for part in HIGHLIGHTED:
        for lang in ("en", "ru", "zh"):
            for twin in ("", ".exact"):
                fields[f"{part}_{lang}{twin}"] = {"number_of_fragments": 1 if part == "body" else 0}
    return {
        "pre_tags": [HIGHLIGHT_OPEN],
        "post_tags": [HIGHLIGHT_CLOSE],
        "fragment_size": FRAGMENT_SIZE,
        "max_analyzed_offset": 500_000,  # a longer text would else fail the whole search in Elasticsearch
        "fields": fields,
    }


def facets_body(filters: Filters, fields: Sequence[str], size: int = 20, *, resolve: Resolve | None = None) -> Body:
    """The most frequent values of each field among the articles found: `aggs` named like the fields."""
    return counted(query_of(filters, resolve=resolve), facet_aggs(fields, size))


def facet_aggs(fields: Sequence[str], size: int) -> Body:
    """Ties are broken by the value, so that both stores cut at the same one."""
    order = [{"_count": "desc"}, {"_key": "asc"}]
    return {name: {"terms": {"field": name, "size": size, "order": order}} for name in fields}


def series_body(
    filters: Filters, interval: Interval = "week", by: str | None = "lang", *, resolve: Resolve | None = None
) -> Body:
    """Articles per period of publication days, split by a keyword field or not (`aggs` named `series`)."""
    return counted(query_of(filters, resolve=resolve), {"series": series_agg(interval, by)})


def series_agg(interval: Interval, by: str | None) -> Body:
    return histogram(interval, {"by": {"terms": {"field": by, "size": MOST_GROUPS}}} if by else {})


def histogram(interval: Interval, aggs: Body) -> Body:
    """Weeks begin on Mondays (ISO 8601). Empty periods are left out."""
    agg: Body = {"date_histogram": {"field": "day", "calendar_interval": interval, "min_doc_count": 1}}
    return agg | {"aggs": aggs} if aggs else agg


def totals_aggs() -> Body:
    """Families and outlets among the articles; exact below 40 000 in Elasticsearch, 5 000 in the embedded store."""
    return {
        name: {"cardinality": {"field": field, "precision_threshold": 40_000}}
        for name, field in (("families", "family"), ("outlets", "outlet"))
    }


COVERAGE_SUMS = ("polls", "polls_ok", "entries", "fetched", "decided", "relevant", "families")


def coverage_body(filters: Filters, interval: Interval = "week", by: str | None = "lang") -> Body:
    """What was collected, for what a denominator can be filtered by: period, language, country, camp, outlet.

    Asks the collection `coverage`; its documents are one outlet's day.
    """
    sums: Body = {name: {"sum": {"field": name}} for name in COVERAGE_SUMS}
    sums["outlets"] = {"cardinality": {"field": "outlet", "precision_threshold": 40_000}}
    sums["covered"] = {"terms": {"field": "covered", "size": 2}}
    grouped = {"by": {"terms": {"field": by, "size": MOST_GROUPS}, "aggs": sums}} if by else sums
    return counted(collected(filters), {"series": histogram(interval, grouped)})


def collected(filters: Filters) -> Body:
    """Of a question, what coverage knows."""
    only = Filters(
        since=filters.since, until=filters.until, langs=filters.langs, countries=filters.countries,
        camps=filters.camps, outlets=filters.outlets,
    )  # fmt: skip
    return query_of(only, resolve=no_names)


def blocks_body(filters: Filters, interval: Interval, by: str) -> Body:
    """Decided and relevant articles by period, group, outlet and week (`aggs` nested so): what a share is made of."""
    sums: Body = {name: {"sum": {"field": name}} for name in ("decided", "relevant")}
    weeks = {"week": histogram("week", {**sums, "covered": {"terms": {"field": "covered", "size": 2}}})}
    outlets = {"outlet": {"terms": {"field": "outlet", "size": MOST_OUTLETS}, "aggs": weeks}}
    groups = {"by": {"terms": {"field": by, "size": MOST_GROUPS}, "aggs": outlets}}
    return counted(collected(filters), {"series": histogram(interval, groups)})


def spread_aggs(fields: Sequence[str], size: int) -> Body:
    """The most frequent values of each field, each with the number of outlets."""
    outlets: Body = {"outlets": {"cardinality": {"field": "outlet", "precision_threshold": 1_000}}}
    return {name: {**spec, "aggs": outlets} for name, spec in facet_aggs(fields, size).items()}


def counted(query: Body, aggs: Body) -> Body:
    return {"query": query, "size": 0, "track_total_hits": True, "aggs": aggs}


def no_names(_name: str) -> tuple[str, ...]:
    """Resolves nothing: for questions without names."""
    return ()
