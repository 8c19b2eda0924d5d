"""Aggregations of an Elasticsearch body -> tantivy's, and its answer back. The subset:

    {"terms": {"field", "size", "order": [{"_count": "desc"}, {"_key": "asc"}]}}       keywords and booleans
    {"date_histogram": {"field", "calendar_interval": day|week|month|year, "min_doc_count": 1}}
    {"sum"|"min"|"max"|"avg": {"field"}}                                               numbers
    {"cardinality": {"field", "precision_threshold"}}                                  keywords

each with `aggs` below terms and date_histogram. tantivy passes over what it does not know in an aggregation, and takes
sums of booleans for 0 and dates for nanoseconds: all this raises UnsupportedQuery here.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from index.collections import field_types
from index.store.embedded_query import only, unsupported

if TYPE_CHECKING:
    import tantivy

Body = dict[str, Any]
INTERVALS = ("day", "week", "month", "year")
ORDER = [{"_count": "desc"}, {"_key": "asc"}]
METRICS = ("sum", "min", "max", "avg")
MOST_BUCKETS = 65_000  # tantivy's limit
SPARE = 200  # values asked for beyond `size`, to cut ties by value; more are asked for where they do not suffice
EXACT_BELOW = 5_000  # distinct values up to which they are counted one by one: about 5 ms


def aggregate(searcher: "tantivy.Searcher", query: "tantivy.Query", aggs: Body, collection: str) -> Body:
    """The `aggregations` of an answer. Raises UnsupportedQuery for what is outside the subset."""
    fields = field_types(collection)
    asked = {name: _asked(spec, fields, SPARE) for name, spec in aggs.items()}
    answer = searcher.aggregate(query, asked)
    found = {}
    for name, spec in aggs.items():
        result = answer[name]
        if "cardinality" in spec:
            result = _counted(searcher, query, spec, result)
        elif "terms" in spec and _is_cut_in_a_tie(spec, result):
            again = {name: _asked(spec, fields, MOST_BUCKETS // 2)}
            result = searcher.aggregate(query, again)[name]
        found[name] = _answered(spec, result)
    return found


def _asked(spec: Any, fields: Mapping[str, str], spare: int) -> Body:
    """One aggregation as tantivy takes it."""
    kind, inner, below = _parts(spec)
    if kind in METRICS:
        return {kind: {"field": _field(inner, fields, {"long", "double"}, {"field"}, kind)}}
    if kind == "cardinality":
        field = _field(inner, fields, {"keyword"}, {"field", "precision_threshold"}, kind)
        return {"cardinality": {"field": field}}
    asked = _terms(inner, fields, spare) if kind == "terms" else _histogram(inner, fields)
    nested = {name: _asked(one, fields, spare) for name, one in below.items()}
    return asked | {"aggs": nested} if nested else asked


def _parts(spec: Any) -> tuple[str, Body, Body]:
    kinds = {*METRICS, "cardinality", "terms", "date_histogram"}
    only(spec, kinds | {"aggs"}, "an aggregation")
    named = [k for k in spec if k != "aggs"]
    if len(named) != 1 or not isinstance(spec[named[0]], dict):
        unsupported("an aggregation that does not have exactly one kind")
    below = spec.get("aggs", {})
    if below and named[0] not in {"terms", "date_histogram"}:
        unsupported(f"aggs below {named[0]}")
    return named[0], spec[named[0]], below


def _field(inner: Body, fields: Mapping[str, str], kinds: set[str], keys: set[str], what: str) -> str:
    field = only(inner, keys, what).get("field", "")
    if fields.get(field) not in kinds:
        unsupported(f"{what} over {field!r}, which is not of the kinds {', '.join(sorted(kinds))}")
    return str(field)


def _terms(inner: Body, fields: Mapping[str, str], spare: int) -> Body:
    field = _field(inner, fields, {"keyword", "boolean"}, {"field", "size", "order"}, "terms")
    if inner.get("order", ORDER) != ORDER:
        unsupported("terms in another order than by number, then value")
    size = min(int(inner.get("size", 10)) + spare, MOST_BUCKETS)
    return {"terms": {"field": field, "size": size, "segment_size": max(size, 10 * SPARE)}}


def _histogram(inner: Body, fields: Mapping[str, str]) -> Body:
    """Weeks of seven days from a Monday; months and years, which are of several lengths, by `composite`."""
    keys = {"field", "calendar_interval", "min_doc_count"}
    field = _field(inner, fields, {"date"}, keys, "date_histogram")
    interval = inner.get("calendar_interval")
    if interval not in INTERVALS or inner.get("min_doc_count") != 1:
        unsupported("date_histogram with other than calendar_interval day, week, month or year and min_doc_count 1")
    if interval in {"month", "year"}:
        source = {"date_histogram": {"field": field, "calendar_interval": interval}}
        return {"composite": {"size": MOST_BUCKETS, "sources": [{"period": source}]}}
    step = {"day": {"fixed_interval": "1d"}, "week": {"fixed_interval": "7d", "offset": "-3d"}}[interval]
    return {"date_histogram": {"field": field, "min_doc_count": 1, **step}}


def _is_cut_in_a_tie(spec: Body, result: Body) -> bool:
    """Whether values with the count at the cut may be missing, so that the smallest value is not sure to be there."""
    size, buckets = int(spec["terms"].get("size", 10)), result["buckets"]
    if result["sum_other_doc_count"] == 0 or len(buckets) < size + SPARE or size == 0:
        return False
    return bool(buckets[-1]["doc_count"] >= buckets[size - 1]["doc_count"])


def _counted(searcher: "tantivy.Searcher", query: "tantivy.Query", spec: Body, result: Body) -> Body:
    """Distinct values: an estimate where they are many, else their exact number."""
    value = result["value"] or 0
    if value > EXACT_BELOW:
        return {"value": round(value)}
    size = EXACT_BELOW * 2
    asked = {"n": {"terms": {"field": spec["cardinality"]["field"], "size": size, "segment_size": size}}}
    return {"value": len(searcher.aggregate(query, asked)["n"]["buckets"])}


def _answered(spec: Body, result: Body) -> Body:
    """One result in Elasticsearch's form."""
    kind, inner, below = _parts(spec)
    if kind == "cardinality":
        return {"value": round(result["value"] or 0)}
    if kind in METRICS:
        return {"value": result["value"]}
    buckets = [_bucket(b, below) for b in result["buckets"]]
    if kind == "date_histogram":
        return {"buckets": sorted(buckets, key=lambda b: b["key"])}
    size = int(inner.get("size", 10))
    ordered = sorted(buckets, key=lambda b: (-b["doc_count"], b["key"]))
    others = sum(b["doc_count"] for b in ordered[size:]) + result["sum_other_doc_count"]
    return {"doc_count_error_upper_bound": 0, "sum_other_doc_count": others, "buckets": ordered[:size]}


def _bucket(bucket: Body, below: Body) -> Body:
    key = bucket["key"]["period"] if isinstance(bucket["key"], dict) else bucket["key"]
    made = {"key": int(key) if isinstance(key, float) else key, "doc_count": bucket["doc_count"]}
    if "key_as_string" in bucket:
        made["key_as_string"] = bucket["key_as_string"]
    return made | {name: _answered(spec, bucket[name]) for name, spec in below.items()}
