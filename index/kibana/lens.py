"""Lens panels in the form that Kibana stores: a layer of columns over one data view, and how they are drawn.

The shapes follow Kibana 9.5's own exports of form-based Lens charts, so that every panel can be edited there.
"""

from dataclasses import dataclass
from typing import Any, Literal

Json = dict[str, Any]
LAYER = "layer1"
ORDER_BY_COUNT = {"type": "column", "columnId": "value"}


@dataclass(frozen=True, slots=True)
class Column:
    id: str
    body: Json


def dates(field: str, label: str, interval: str = "auto") -> Column:
    params = {"interval": interval, "includeEmptyRows": True, "dropPartials": False}
    return Column("x", _bucket(field, "date", "date_histogram", label, params))


def top(
    field: str,
    label: str,
    *,
    id: str = "x",
    size: int = 10,
    other: bool = False,
    by: str = "value",
) -> Column:
    params = {
        "size": size, "orderBy": {"type": "column", "columnId": by}, "orderDirection": "desc", "otherBucket": other,
        "missingBucket": False, "parentFormat": {"id": "terms"}, "include": [], "exclude": [],
        "includeIsRegex": False, "excludeIsRegex": False,
    }  # fmt: skip
    return Column(id, _bucket(field, "string", "terms", label, params))


def _bucket(field: str, kind: str, operation: str, label: str, params: Json) -> Json:
    return {
        "label": label, "customLabel": True, "dataType": kind, "operationType": operation, "sourceField": field,
        "isBucketed": True, "scale": "interval" if kind == "date" else "ordinal", "params": params,
    }  # fmt: skip


def count(label: str, *, id: str = "value", only: str = "") -> Column:
    """Documents; `only` is a KQL filter on this column alone."""
    body: Json = {
        "label": label, "customLabel": True, "dataType": "number", "operationType": "count", "sourceField": "___records___",
        "isBucketed": False, "scale": "ratio", "params": {"emptyAsNull": True},
    }  # fmt: skip
    return Column(id, body | ({"filter": {"query": only, "language": "kuery"}} if only else {}))


def metric(
    operation: Literal["sum", "average", "unique_count"], field: str, label: str, *, id: str = "value"
) -> Column:
    body = {
        "label": label, "customLabel": True, "dataType": "number", "operationType": operation, "sourceField": field,
        "isBucketed": False, "scale": "ratio", "params": {"emptyAsNull": True},
    }  # fmt: skip
    return Column(id, body)


def _state(visualization: Json, columns: tuple[Column, ...], query: str) -> Json:
    bodies = {c.id: c.body for c in columns}
    buckets = [c.id for c in columns if c.body["isBucketed"]]
    numbers = [c.id for c in columns if not c.body["isBucketed"]]
    layer = {"columns": bodies, "columnOrder": buckets + numbers, "incompleteColumns": {}, "sampling": 1}
    return {
        "visualization": visualization,
        "query": {"query": query, "language": "kuery"},
        "filters": [],
        "datasourceStates": {"formBased": {"layers": {LAYER: layer}}},
        "internalReferences": [],
        "adHocDataViews": {},
    }


def _attributes(kind: str, view: str, state: Json, title: str) -> Json:
    reference = {"type": "index-pattern", "id": view, "name": f"indexpattern-datasource-layer-{LAYER}"}
    return {"title": title, "visualizationType": kind, "type": "lens", "references": [reference], "state": state}


def xy(
    title: str,
    view: str,
    shape: str,
    x: Column,
    values: tuple[Column, ...],
    split: Column | None = None,
    query: str = "",
) -> Json:
    """`shape`: line, area_stacked, bar_stacked, bar_horizontal, bar_percentage_stacked."""
    layer: Json = {
        "layerId": LAYER, "layerType": "data", "seriesType": shape, "xAccessor": x.id, "accessors": [v.id for v in values],
        "position": "top", "showGridlines": False,
    }  # fmt: skip
    if split is not None:
        layer["splitAccessor"] = split.id
    visualization = {
        "legend": {"isVisible": split is not None or len(values) > 1, "position": "bottom"},
        "valueLabels": "hide", "fittingFunction": "None", "preferredSeriesType": shape, "layers": [layer],
        "axisTitlesVisibilitySettings": {"x": False, "yLeft": True, "yRight": True},
    }  # fmt: skip
    columns = (x, *((split,) if split else ()), *values)
    return _attributes("lnsXY", view, _state(visualization, columns, query), title)


def number(title: str, view: str, value: Column, query: str = "") -> Json:
    visualization = {"layerId": LAYER, "layerType": "data", "metricAccessor": value.id}
    return _attributes("lnsMetric", view, _state(visualization, (value,), query), title)


def table(title: str, view: str, rows: tuple[Column, ...], values: tuple[Column, ...], query: str = "") -> Json:
    columns = [{"columnId": c.id, "isTransposed": False} for c in (*rows, *values)]
    visualization = {"layerId": LAYER, "layerType": "data", "columns": columns, "rowHeight": "auto"}
    return _attributes("lnsDatatable", view, _state(visualization, (*rows, *values), query), title)


def heatmap(title: str, view: str, x: Column, y: Column, value: Column, query: str = "") -> Json:
    visualization = {
        "layerId": LAYER, "layerType": "data", "shape": "heatmap", "xAccessor": x.id, "yAccessor": y.id,
        "valueAccessor": value.id, "legend": {"isVisible": True, "position": "right", "type": "heatmap_legend"},
        "gridConfig": {
            "type": "heatmap_grid", "isCellLabelVisible": False, "isYAxisLabelVisible": True, "isXAxisLabelVisible": True,
            "isYAxisTitleVisible": False, "isXAxisTitleVisible": False,
        },
    }  # fmt: skip
    return _attributes("lnsHeatmap", view, _state(visualization, (x, y, value), query), title)
