"""Kibana's saved objects -> the questions that Kibana puts to Elasticsearch, and the answers as rows.

Written from Kibana's documented behaviour: buckets nest in the order of the layer's columns, a count is the number of
documents, a filtered one a `filter` aggregation, a formula is computed from its parts after the answer. What our
objects do not use (other bucket, reference lines, `auto` intervals) is refused and not guessed at.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tests.kibana.kql import clause

Json = dict[str, Any]
Row = tuple[Any, ...]
METRICS = {"sum": "sum", "average": "avg", "unique_count": "cardinality"}
INTERVALS = {"d": "1d", "w": "1w", "M": "1M", "y": "1y"}
ALWAYS = (date(2000, 1, 1), date(2030, 1, 1))


@dataclass(frozen=True)
class View:
    """A data view. `collection` is our name for what it looks at."""

    id: str
    title: str
    time_field: str

    @property
    def collection(self) -> str:
        return self.title.removeprefix("amur-")


@dataclass(frozen=True)
class Chart:
    """One form-based Lens panel: its columns in order, and those of them that are not parts of a formula."""

    dashboard: str
    title: str
    view: View
    query: str
    columns: dict[str, Json]
    drawn: tuple[str, ...]


@dataclass(frozen=True)
class Search:
    id: str
    title: str
    view: View
    query: str
    columns: tuple[str, ...]
    sort: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class OptionsList:
    """A control: the values of a field that a reader can choose from."""

    dashboard: str
    title: str
    field: str
    view: View


class Saved:
    """What an NDJSON file of saved objects holds, with references followed."""

    def __init__(self, path: Path) -> None:
        objects = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        self.objects: dict[tuple[str, str], Json] = {(o["type"], o["id"]): o for o in objects}

    def of(self, kind: str) -> Iterator[Json]:
        return (o for (type_, _), o in self.objects.items() if type_ == kind)

    def view(self, references: Iterable[Json], name: str) -> View:
        (wanted,) = (r for r in references if r["name"] == name)
        return _view(self.objects[wanted["type"], wanted["id"]])

    def views(self) -> Iterator[View]:
        return (_view(found) for found in self.of("index-pattern"))

    def charts(self) -> Iterator[Chart]:
        for dashboard in self.of("dashboard"):
            for panel in json.loads(dashboard["attributes"]["panelsJSON"]):
                if panel["type"] == "lens":
                    yield self._chart(dashboard, panel)

    def _chart(self, dashboard: Json, panel: Json) -> Chart:
        state = panel["embeddableConfig"]["attributes"]["state"]
        ((name, layer),) = state["datasourceStates"]["formBased"]["layers"].items()
        assert state["filters"] == []
        assert state["query"]["language"] == "kuery"
        view = self.view(dashboard["references"], f"{panel['panelIndex']}:indexpattern-datasource-layer-{name}")
        columns = {c: layer["columns"][c] for c in layer["columnOrder"]}
        parts = {part for column in columns.values() for part in column.get("references", ())}
        drawn = tuple(c for c in columns if c not in parts)
        return Chart(dashboard["id"], panel["title"], view, state["query"]["query"], columns, drawn)

    def searches(self) -> Iterator[Search]:
        for found in self.of("search"):
            attributes = found["attributes"]
            source = json.loads(attributes["kibanaSavedObjectMeta"]["searchSourceJSON"])
            assert (source["filter"], source["query"]["language"]) == ([], "kuery")
            yield Search(
                found["id"], attributes["title"], self.view(found["references"], source["indexRefName"]),
                source["query"]["query"], tuple(attributes["columns"]), tuple((f, d) for f, d in attributes["sort"]),
            )  # fmt: skip

    def controls(self) -> Iterator[OptionsList]:
        for dashboard in self.of("dashboard"):
            for id_, panel in json.loads(dashboard["attributes"]["controlGroupInput"]["panelsJSON"]).items():
                assert panel["type"] == "optionsListControl"
                view = self.view(dashboard["references"], f"controlGroup_{id_}:optionsListDataView")
                field = panel["explicitInput"]["fieldName"]
                yield OptionsList(dashboard["id"], panel["explicitInput"]["title"], field, view)


def _view(found: Json) -> View:
    return View(found["id"], found["attributes"]["title"], found["attributes"]["timeFieldName"])


def query(view: View, kuery: str, period: tuple[date, date]) -> Json:
    """The period of the time picker and a query of Kibana's language."""
    since, until = (day.isoformat() for day in period)
    return {"bool": {"filter": [clause(kuery), {"range": {view.time_field: {"gte": since, "lte": until}}}]}}


def search_body(search: Search, period: tuple[date, date] = ALWAYS, size: int = 500) -> Json:
    sort = [{field: {"order": direction, "unmapped_type": "boolean"}} for field, direction in search.sort]
    shown = [{"field": name} for name in (search.view.time_field, *search.columns)]
    return {"query": query(search.view, search.query, period), "sort": sort, "size": size, "track_total_hits": True,
            "fields": shown, "_source": False}  # fmt: skip


def control_body(control: OptionsList, period: tuple[date, date] = ALWAYS) -> Json:
    suggestions = {"terms": {"field": control.field, "size": 100, "order": {"_count": "desc"}}}
    return {"query": query(control.view, "", period), "size": 0, "aggs": {"suggestions": suggestions}}


def chart_body(chart: Chart, period: tuple[date, date] = ALWAYS) -> Json:
    """The `_search` body of a Lens panel; aggregations are named like the columns."""
    buckets = [c for c, body in chart.columns.items() if body["isBucketed"]]
    aggs: Json = {c: _metric(body) for c, body in chart.columns.items() if _asks(body)}
    for name in reversed(buckets):
        within = aggs | _ordering(chart, name)
        aggs = {name: _bucket(chart, name, period) | ({"aggs": within} if within else {})}
    return {"query": query(chart.view, chart.query, period), "size": 0, "track_total_hits": True, "aggs": aggs}


def _asks(column: Json) -> bool:
    """Whether a column needs an aggregation: plain counts come with every bucket, formulas are computed after."""
    return column["operationType"] in METRICS or "filter" in column


def _metric(column: Json) -> Json:
    if "filter" not in column:
        return {METRICS[column["operationType"]]: {"field": column["sourceField"]}}
    assert column["operationType"] == "count", "no other number of ours is filtered"
    assert column["filter"]["language"] == "kuery"
    return {"filter": clause(column["filter"]["query"])}


def _bucket(chart: Chart, name: str, period: tuple[date, date]) -> Json:
    column = chart.columns[name]
    field, params = column["sourceField"], column["params"]
    if column["operationType"] == "date_histogram":
        ends = dict(zip(("min", "max"), (day.isoformat() for day in period), strict=True))
        return {"date_histogram": {
            "field": field, "calendar_interval": INTERVALS[params["interval"]], "time_zone": "UTC",
            "min_doc_count": 0 if params["includeEmptyRows"] else 1, "extended_bounds": ends,
        }}  # fmt: skip
    assert column["operationType"] == "terms"
    assert not any(params[refused] for refused in ("otherBucket", "missingBucket", "include", "exclude"))
    order = {_order(chart, params): params["orderDirection"]}
    return {"terms": {"field": field, "size": params["size"], "order": order}}


def _ordering(chart: Chart, name: str) -> Json:
    """The number by which a bucket is ordered must stand beside it, even where it is drawn further within."""
    params = chart.columns[name]["params"]
    by = _order(chart, params) if "orderBy" in params else "_key"
    return {} if by in {"_key", "_count"} else {by: _metric(chart.columns[by])}


def _order(chart: Chart, params: Json) -> str:
    if params["orderBy"]["type"] == "alphabetical":
        return "_key"
    by: str = params["orderBy"]["columnId"]
    assert chart.columns[by]["operationType"] in {"count", *METRICS}
    return by if _asks(chart.columns[by]) else "_count"


def chart_rows(chart: Chart, answer: Json) -> dict[Row, Row]:
    """Keys of the buckets (dates as ISO days) -> the drawn numbers. Buckets without any document are left out."""
    buckets = [c for c in chart.drawn if chart.columns[c]["isBucketed"]]
    numbers = [c for c in chart.drawn if c not in buckets]
    top = {"doc_count": answer["hits"]["total"]["value"], **answer.get("aggregations", {})}
    return {key: tuple(_value(chart, c, found) for c in numbers) for key, found in _leaves(top, buckets, ())}


def _leaves(found: Json, buckets: list[str], key: Row) -> Iterator[tuple[Row, Json]]:
    if not buckets:
        yield key, found
        return
    for bucket in found[buckets[0]]["buckets"]:
        if bucket["doc_count"]:
            yield from _leaves(bucket, buckets[1:], (*key, _key(bucket)))


def _key(bucket: Json) -> Any:
    text = str(bucket.get("key_as_string", ""))
    return text[:10] if "T" in text else bucket["key"]


def _value(chart: Chart, name: str, found: Json) -> float | None:
    column = chart.columns[name]
    if column["operationType"] == "count":
        return float(found[name]["doc_count"] if "filter" in column else found["doc_count"])
    if column["operationType"] == "formula":
        return _value(chart, column["references"][0], found)
    if column["operationType"] == "math":
        return _computed(chart, column["params"]["tinymathAst"], found)
    value = found[name]["value"]
    return None if value is None else float(value)


def _computed(chart: Chart, tree: Json | str, found: Json) -> float | None:
    if isinstance(tree, str):
        return _value(chart, tree, found)
    assert tree["name"] == "divide"
    over, under = (_computed(chart, argument, found) for argument in tree["args"])
    return over / under if over is not None and under else None
