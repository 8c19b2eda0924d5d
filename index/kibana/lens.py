"""Lens panels in the form that Kibana stores: a layer of columns over one data view, and how they are drawn.

The shapes follow Kibana 9.5's own exports of form-based Lens charts, so that every panel can be edited there.
"""

from dataclasses import dataclass
from typing import Any, Literal

Json = dict[str, Any]
LAYER = "layer1"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the layer. `part` is one that a formula needs and no chart draws."""

    id: str
    body: Json
    part: bool = False


def dates(field: str, label: str, interval: str = "auto") -> Column:
    params = {"interval": interval, "includeEmptyRows": True, "dropPartials": False}
    return Column("x", _bucket(field, "date", "date_histogram", label, params))


def top(field: str, label: str, *, id: str = "x", size: int = 10, by: str = "value") -> Column:
    """The most frequent values of a keyword field; `by` is the column that orders them, none the alphabet."""
    order = {"type": "column", "columnId": by} if by else {"type": "alphabetical", "fallback": False}
    params: Json = {
        "size": size, "orderBy": order, "orderDirection": "desc" if by else "asc", "otherBucket": False,
        "missingBucket": False, "parentFormat": {"id": "terms"}, "include": [], "exclude": [],
        "includeIsRegex": False, "excludeIsRegex": False,
    }  # fmt: skip
    return Column(id, _bucket(field, "string", "terms", label, params))


def _bucket(field: str, kind: str, operation: str, label: str, params: Json) -> Json:
    return {
        "label": label, "customLabel": True, "dataType": kind, "operationType": operation, "sourceField": field,
        "isBucketed": True, "scale": "interval" if kind == "date" else "ordinal", "params": params,
    }  # fmt: skip


def _number(operation: str, label: str, params: Json, **more: Any) -> Json:
    return {"label": label, "customLabel": True, "dataType": "number", "operationType": operation, "isBucketed": False,
            "scale": "ratio", "params": params, **more}  # fmt: skip


def count(label: str, *, id: str = "value", only: str = "") -> Column:
    """Documents; `only` is a KQL filter on this column alone. A period without any is 0 and not a gap."""
    body = _number("count", label, {"emptyAsNull": False}, sourceField="___records___")
    return Column(id, body | ({"filter": {"query": only, "language": "kuery"}} if only else {}))


def metric(
    operation: Literal["sum", "average", "unique_count"], field: str, label: str, *, id: str = "value"
) -> Column:
    params: Json = {} if operation == "average" else {"emptyAsNull": False}
    return Column(id, _number(operation, label, params, sourceField=field))


def share(part: str, whole: str, label: str, *, id: str = "value") -> tuple[Column, ...]:
    """Sum of one field by the sum of another as a Lens formula, with the columns that Lens breaks a formula into."""
    formula, called = f"sum({part}) / sum({whole})", f"Part of {label}"
    sums = [metric("sum", field, called, id=f"{id}X{n}") for n, field in enumerate((part, whole))]
    names = [c.id for c in sums]
    tree = {"type": "function", "name": "divide", "args": names, "text": formula,
            "location": {"min": 0, "max": len(formula)}}  # fmt: skip
    division = _number("math", called, {"tinymathAst": tree}, references=names)
    percent = {"id": "percent", "params": {"decimals": 1}}
    drawn = _number("formula", label, {"formula": formula, "isFormulaBroken": False, "format": percent},
                    references=[f"{id}X2"])  # fmt: skip
    return (Column(id, drawn), *(Column(c.id, c.body, part=True) for c in (*sums, Column(f"{id}X2", division))))


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
    """`shape`: line, bar, bar_stacked, bar_horizontal, bar_horizontal_stacked, bar_percentage_stacked."""
    drawn = [v.id for v in values if not v.part]
    layer: Json = {
        "layerId": LAYER, "layerType": "data", "seriesType": shape, "xAccessor": x.id, "accessors": drawn,
        "position": "top", "showGridlines": False,
    }  # fmt: skip
    if split is not None:
        layer["splitAccessor"] = split.id
    visualization = {
        "legend": {"isVisible": split is not None or len(drawn) > 1, "position": "bottom"},
        "valueLabels": "hide", "fittingFunction": "None", "preferredSeriesType": shape, "layers": [layer],
        "axisTitlesVisibilitySettings": {"x": False, "yLeft": True, "yRight": True},
    }  # fmt: skip
    columns = (*_nested(x, split), *values)
    return _attributes("lnsXY", view, _state(visualization, columns, query), title)


def _nested(x: Column, split: Column | None) -> tuple[Column, ...]:
    """Over time the split comes first, as Lens itself puts it: the top values of the whole time, not of each period."""
    if split is None:
        return (x,)
    return (split, x) if x.body["operationType"] == "date_histogram" else (x, split)


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
    return _attributes("lnsHeatmap", view, _state(visualization, (*_nested(x, y), value), query), title)
