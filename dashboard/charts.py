"""Vega-Lite specs by Altair, from the same rows that the tables and the API show.

Stacks and periods are given as plain numbers, so that a spec holds no calculation of its own. Each datum has a
`label` (shown on hover) and an `href` (where a click leads).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.localisation import Localisation

Row = Mapping[str, Any]
Spec = dict[str, Any]

# Colour-blind safe (after Okabe and Ito), darkened or lightened to at least 3:1 against the ground of each scheme.
SERIES = {
    "light": ("#0b62a8", "#cc5200", "#00805e", "#a14b86", "#77716a"),
    "dark": ("#5fb0f0", "#ff9245", "#35c79a", "#e59acb", "#a8a29a"),
}
# One hue from the ground to full strength, for counts in a grid.
RAMP = {"light": ("#eef3f3", "#0f5563"), "dark": ("#22292d", "#7cc4d1")}
INK = {"light": "#5a564f", "dark": "#aaa69c"}
RULE = {"light": "#e6e1d7", "dark": "#30353b"}
HATCH = "url(#hatch)"  # the pattern that every page defines
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross")
LABEL_WIDTH = {"expr": "width < 420 ? 118 : 190"}  # pixels of a row's name beside a grid
FEW_PERIODS = 30  # periods up to which a dot of a line is as large as a finger can mean
STRIP = 7  # height in pixels of a group's strip of uncovered time
FONT = 'system-ui, "Noto Sans", "Noto Sans CJK SC", sans-serif'
AXIS_DATES = {"day": "%-d %b", "week": "%-d %b", "month": "%b %Y", "year": "%Y"}
AXIS_DATES_ZH = {"day": "%-m月%-d日", "week": "%-m月%-d日", "month": "%Y年%-m月", "year": "%Y"}


def warm() -> None:
    """Load Altair, which takes a second and on a busy machine several, before anybody waits for a chart."""
    import altair as alt

    _finished(
        _chart([]).mark_rect().encode(x=alt.X("start:T"), y=alt.Y("value:Q"), color=_colour((), "light")), "light"
    )


def stacked(rows: Sequence[Row], groups: Sequence[str], *, interval: str, loc: Localisation, scheme: str) -> Spec:
    """Counts per period, one layer a group. Rows: start, middle, end, group, y0, y1, covered, strength, label, href."""
    import altair as alt

    base = _chart(rows)
    bars = base.mark_rect(x2Offset=-1, cursor="pointer").encode(
        x=_time(rows, interval, loc),
        x2="end",
        y=alt.Y("y0:Q", axis=alt.Axis(title=None, tickMinStep=1, format="~s" if loc.code == "en" else ",~r")),
        y2="y1",
        color=_colour(groups, scheme),
        opacity=alt.Opacity("strength:Q", scale=None),
        tooltip="label:N",
    )
    return _finished(alt.layer(*_masks(rows, groups), bars), scheme)


def lines(rows: Sequence[Row], groups: Sequence[str], *, interval: str, loc: Localisation, scheme: str) -> Spec:
    """Shares per period, one line a group, broken where `value` is null. Rows: start, middle, end, group, value, ..."""
    import altair as alt

    base = _chart(rows).encode(
        x=_time(rows, interval, loc, "middle"),
        y=alt.Y("value:Q", axis=alt.Axis(title=None, format="~%"), scale=alt.Scale(zero=True)),
        color=_colour(groups, scheme),
    )
    line = base.mark_line(strokeWidth=2)
    dots = base.mark_point(size=_dot_size(rows, groups), filled=True, opacity=1, cursor="pointer").encode(
        shape=alt.Shape("group:N", scale=alt.Scale(domain=list(groups), range=_first(SHAPES, groups)), legend=None),
        tooltip="label:N",
    )
    return _finished(alt.layer(*_masks(rows, groups), line, dots), scheme)


def grid(rows: Sequence[Row], groups: Sequence[str], *, interval: str, loc: Localisation, scheme: str) -> Spec:
    """Counts as shades, one row a group, one column a period. Rows: start, end, group, name, value, label, href."""
    import altair as alt

    base = _chart(rows)
    cells = base.mark_rect(x2Offset=-1, cursor="pointer").encode(
        x=_time(rows, interval, loc),
        x2="end",
        y=alt.Y(
            "name:N",
            sort=list(groups),
            axis=alt.Axis(title=None, labelLimit=LABEL_WIDTH, domain=False, ticks=False),
            scale=alt.Scale(paddingInner=0.08),
        ),
        color=alt.Color("value:Q", scale=alt.Scale(range=list(RAMP[scheme]), domainMin=0), legend=None),
        tooltip="label:N",
    )
    if all(row["covered"] for row in rows):
        return _finished(alt.layer(cells), scheme)
    hatched = (
        base.transform_filter("!datum.covered")
        .mark_rect(fill=HATCH, tooltip=None)
        .encode(
            x=_time(rows, interval, loc),
            x2="end",
            y=alt.Y("name:N", sort=list(groups)),
        )
    )
    return _finished(alt.layer(cells, hatched), scheme)


def _chart(rows: Sequence[Row]) -> Any:
    import altair as alt

    return alt.Chart(alt.Data(values=list(rows)))  # type: ignore[no-untyped-call]


def _time(rows: Sequence[Row], interval: str, loc: Localisation, field: str = "start") -> Any:
    """The axis of time, labels in the middle of periods as far as there is room; weeks have their Monday."""
    import altair as alt

    dates = AXIS_DATES_ZH if loc.code == "zh" else AXIS_DATES
    at = "start" if interval == "week" else "middle"
    axis = alt.Axis(
        title=None,
        format=dates[interval],
        values=sorted({row[at] for row in rows}),
        labelOverlap="greedy",
        labelSeparation=14,
        labelFlush=False,
        grid=False,
        ticks=False,
    )
    return alt.X(f"{field}:T", axis=axis, scale=alt.Scale(type="utc", nice=False))


def _dot_size(rows: Sequence[Row], groups: Sequence[str]) -> int:
    """Area in pixels: smaller where there are many, so that dots do not hide the line."""
    return 36 if len(rows) <= FEW_PERIODS * max(1, len(groups)) else 9


def _colour(groups: Sequence[str], scheme: str) -> Any:
    import altair as alt

    return alt.Color("group:N", scale=alt.Scale(domain=list(groups), range=_first(SERIES[scheme], groups)), legend=None)


def _first(values: Sequence[str], groups: Sequence[str]) -> list[str]:
    """One value a group; the last stands for all that are left."""
    return [values[min(i, len(values) - 1)] for i in range(len(groups))]


def _masks(rows: Sequence[Row], groups: Sequence[str]) -> list[Any]:
    """Hatching over periods that no group covers, and a strip at the top for a group that misses one alone."""
    import altair as alt

    by_period: dict[tuple[str, str], set[str]] = {}
    for row in rows:
        missing = by_period.setdefault((row["start"], row["end"]), set())
        if not row["covered"]:
            missing.add(row["group"])
    layers = []
    blind = [p for p, missing in by_period.items() if len(missing) == len(groups)]
    if blind:
        layers.append(_hatched(blind).mark_rect(fill=HATCH))
    for position, group in enumerate(groups):
        alone = [p for p, missing in by_period.items() if group in missing and len(missing) < len(groups)]
        if alone:
            top = position * (STRIP + 1)
            strip = _hatched(alone).mark_rect(fill=HATCH)
            layers.append(strip.encode(y=alt.value(top), y2=alt.value(top + STRIP)))
    return layers


def _hatched(periods: Sequence[tuple[str, str]]) -> Any:

    values = [{"start": start, "end": end} for start, end in periods]
    return _chart(values).encode(x="start:T", x2="end")


def _finished(chart: Any, scheme: str) -> Spec:
    ink, rule = INK[scheme], RULE[scheme]
    config = {
        "background": "transparent",
        "font": FONT,
        "view": {"stroke": None},
        "axis": {
            "labelColor": ink, "labelFontSize": 12, "labelPadding": 6, "domainColor": rule, "tickColor": rule,
            "gridColor": rule, "tickSize": 4, "domain": False,
        },
        "axisX": {"domain": True, "domainColor": ink, "tickColor": ink},
    }  # fmt: skip
    spec: Spec = chart.properties(width="container", height="container").to_dict(validate=False)
    spec["config"] = config
    spec["autosize"] = {"type": "fit", "contains": "padding"}
    return spec
