"""The figures over time: attention by language or camp, topics."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from dashboard import charts
from dashboard.figure import Column, Figure, Row
from dashboard.labels import CAMPS, TOPICS, Labels
from dashboard.localisation import Localisation, _
from dashboard.periods import next_start, partial, periods
from dashboard.question import Question
from dashboard.series_words import (
    COUNT_UNIT,
    HOW_COUNT,
    HOW_GAPS,
    HOW_INTERVAL,
    HOW_SHARE,
    HOW_TOPICS,
    NO_SHARE,
    SHARE_UNIT,
    TOPIC_UNIT,
    UNITS,
    attention_columns,
)
from dashboard.site import Site
from index import answers, measures
from index.measures import Attention
from index.measures_intervals import Interval, intervals
from ingest.model import LANGUAGES

MOST_GROUPS = 5  # series in one chart; the palette has no more that all eyes can tell apart
OF_BY: Mapping[str, Sequence[str]] = {"lang": LANGUAGES, "camp": tuple(CAMPS)}
FADED, PARTIAL = 0.35, 0.6  # opacity of what was not covered, and of a period that is cut short
# A share has a denominator only for filters that coverage knows; with these there is a number and no share.
CONTENT_FILTERS = ("q", "topics", "entities", "story", "family")


def attention(site: Site, asked: Question, loc: Localisation) -> Figure:
    """Articles per period and group, as a number or as a share of what was decided."""
    labels = site.labels(loc)
    points = site.summary(asked).series
    measured = {(a.period_start, a.group): a for a in measures.attention(points, _coverage(site, asked))}
    groups = _groups(asked, _counts(points))
    share = asked.show == "share" and has_share(asked)
    sure = share_intervals(site, asked) if share else {}
    rows = tuple(_attention_rows(asked, measured, groups, labels, sure)) if points else ()
    draw = _lines if share else _stack
    return Figure(
        name="attention",
        title=loc.text(_("Attention over time")),
        unit=loc.text(SHARE_UNIT if share else COUNT_UNIT[asked.unit]),
        columns=attention_columns(asked, labels, share=share),
        rows=rows,
        by=asked.by,
        groups=tuple((g, labels.of(asked.by, g)) for g in groups),
        how=tuple(
            loc.text(s) for s in (*((*HOW_SHARE, HOW_INTERVAL) if share else (HOW_COUNT[asked.unit],)), HOW_GAPS)
        ),
        summary=_summary(rows, loc, "share" if share else asked.unit),
        gaps=any(not row["covered"] for row in rows),
        blank=loc.text(NO_SHARE) if share and rows and all(row["share"] is None for row in rows) else "",
        chart=lambda scheme: draw(rows, groups, asked, loc, scheme),
        facts={
            "interval": asked.interval,
            "by": asked.by,
            "show": "share" if share else "count",
            "counted": asked.unit,
        },
    )


def has_share(asked: Question) -> bool:
    """Whether what is asked has a denominator: coverage knows outlets, languages and days, not what articles say.

    A share is of articles; families have none.
    """
    return asked.unit == "articles" and not any(getattr(asked.filters, name) for name in CONTENT_FILTERS)


def topics(site: Site, asked: Question, loc: Localisation) -> Figure:
    """Articles per period and topic."""
    labels = site.labels(loc)
    points = _counts(answers.series(site.store, asked.counted, interval=asked.interval, by="topics"))
    starts = _span(asked, (start for start, _topic in points)) if points else []
    blind = set(measures.uncovered(_coverage(site, asked), starts))
    order = _by_size(points, TOPICS)
    rows = tuple(_topic_rows(asked, points, starts, order, blind, labels))
    return Figure(
        name="topics",
        title=loc.text(_("Topics over time")),
        unit=loc.text(TOPIC_UNIT[asked.unit]),
        columns=(
            Column("period", loc.text(_("Period")), lambda day: loc.period(day, asked.interval)),
            Column("topic", loc.text(_("Topic")), lambda t: labels.of("topic", t)),
            Column(asked.unit, loc.text(UNITS[asked.unit]), loc.number, numeric=True),
        ),
        rows=rows,
        by="topic",
        how=(loc.text(HOW_TOPICS[asked.unit]),),
        summary=_summary(rows, loc, asked.unit),
        chart=lambda scheme: _grid(rows, order, asked, loc, labels, scheme),
        facts={"interval": asked.interval, "counted": asked.unit},
    )


def _counts(points: Iterable[answers.Point]) -> dict[tuple[date, str], int]:
    return {(p.period_start, p.group): p.count for p in points}


def _coverage(site: Site, asked: Question) -> tuple[answers.CoverageCell, ...]:
    return site.memory.get(
        ("coverage", asked.filters, asked.interval, asked.by),
        lambda: answers.coverage(site.store, asked.filters, interval=asked.interval, by=asked.by),
    )


def _groups(asked: Question, points: Mapping[tuple[date, str], int]) -> tuple[str, ...]:
    """Series in a steady order, so that a colour keeps its meaning while filters change."""
    fixed = OF_BY.get(asked.by)
    if fixed is None:
        return _by_size(points)[:MOST_GROUPS]
    chosen = [v for k, v in asked.params if k == asked.by]
    return tuple(g for g in fixed if not chosen or g in chosen) or tuple(fixed)


def _by_size(points: Mapping[tuple[date, str], int], known: Iterable[str] = ()) -> tuple[str, ...]:
    total: dict[str, int] = dict.fromkeys(known, 0)
    for (_start, group), count in points.items():
        total[group] = total.get(group, 0) + count
    return tuple(sorted((g for g in total if total[g]), key=lambda g: (-total[g], g)))


def _span(asked: Question, starts: Iterable[date]) -> list[date]:
    """Every period of the asked time, those without an article too; without asked days, of what there is."""
    known = list(starts)
    first = asked.since or min(known, default=None)
    last = asked.until or max(known, default=None)
    return periods(first, last, asked.interval) if first and last else []


def _attention_rows(
    asked: Question,
    measured: Mapping[tuple[date, str], Attention],
    groups: Sequence[str],
    labels: Labels,
    sure: Mapping[tuple[date, str], Interval],
) -> Iterable[dict[str, Any]]:
    for start in _span(asked, (start for start, group in measured if group in groups)):
        for group in groups:
            nothing = Attention(start, group, 0, None, 0, 0, covered=False, why="not-covered")
            cell = measured.get((start, group), nothing)
            interval = sure.get((start, group)) if cell.share is not None else None
            yield {
                "period": start,
                "group": group,
                "low": interval.low if interval else None,
                "high": interval.high if interval else None,
                asked.unit: cell.count,
                "decided": cell.decided,
                "share": cell.share,
                "outlets": cell.outlets,
                "covered": cell.covered,
                "why": cell.why,
                "partial": partial(start, asked.interval, asked.since, asked.until),
                "href": _narrow(asked, start, asked.by, group),
                "name": labels.of(asked.by, group),
            }


def _topic_rows(
    asked: Question,
    points: Mapping[tuple[date, str], int],
    starts: Sequence[date],
    order: Sequence[str],
    blind: set[date],
    labels: Labels,
) -> Iterable[dict[str, Any]]:
    for start in starts:
        for topic in order:
            yield {
                "period": start,
                "topic": topic,
                asked.unit: points.get((start, topic), 0),
                "covered": start not in blind,
                "partial": partial(start, asked.interval, asked.since, asked.until),
                "href": _narrow(asked, start, "topic", topic),
                "name": labels.of("topic", topic),
            }


def share_intervals(site: Site, asked: Question) -> dict[tuple[date, str], Interval]:
    """The interval of each share, asked year by year so that no answer has too many buckets."""
    starts = _span(asked, (c.period_start for c in _coverage(site, asked)))
    blocks: list[answers.Block] = []
    for year in sorted({s.year for s in starts} | {d.year for d in (asked.since, asked.until) if d}):
        since = max(date(year, 1, 1), asked.since or date.min)
        until = min(date(year, 12, 31), asked.until or date.max)
        inside = replace(asked.filters, since=since, until=until)
        blocks += answers.blocks(site.store, inside, interval=asked.interval, by=asked.by)
    return intervals(blocks)


def _narrow(asked: Question, start: date, key: str, value: str) -> str:
    """Where a click on a mark leads: the articles of that period and group."""
    end = next_start(start, asked.interval) - timedelta(days=1)
    since, until = max(start, asked.since or start), min(end, asked.until or end)
    inside = replace(asked, params=tuple(p for p in asked.params if p[0] != key))
    return inside.link(
        "/articles", drop=("period", "interval", "by", "show"),
        **{"from_": since.isoformat(), "to": until.isoformat(), key: value},
    )  # fmt: skip


def _summary(rows: Sequence[Row], loc: Localisation, key: str) -> str:
    """One sentence for those who do not see the chart: where it is highest."""
    counted = [row for row in rows if row[key] is not None]
    if not counted:
        return loc.text(_("No value to show."))
    top = max(counted, key=lambda row: row[key])
    value = loc.percent(top[key]) if key == "share" else loc.number(top[key])
    words = loc.text(_("Highest: %(name)s, %(period)s, %(value)s. The table below has every value."))
    return words % {"name": top["name"], "period": loc.day(top["period"]), "value": value}


def _timed(row: Row, asked: Question, loc: Localisation, value: str) -> dict[str, Any]:
    """What every mark needs: where it is in time, what it says, where it leads."""
    start: date = row["period"]
    end = next_start(start, asked.interval)
    lines = [loc.period(start, asked.interval), f"{row['name']}: {value}"]
    if not row["covered"]:
        lines.append(loc.text(_("not covered")))
    if row["partial"]:
        lines.append(loc.text(_("only a part of this period is asked for")))
    return {
        "start": start.isoformat(),
        "middle": (start + (end - start) / 2).isoformat(),
        "end": end.isoformat(),
        "covered": row["covered"],
        "strength": FADED if not row["covered"] else PARTIAL if row["partial"] else 1,
        "label": "\n".join(lines),
        "href": row["href"],
    }


def _stack(rows: Sequence[Row], groups: Sequence[str], asked: Question, loc: Localisation, scheme: str) -> charts.Spec:
    height: dict[date, int] = {}
    data = []
    for row in rows:
        low, count = height.get(row["period"], 0), row[asked.unit]
        height[row["period"]] = low + count
        mark = {"group": row["group"], "y0": low, "y1": low + count}
        data.append(_timed(row, asked, loc, loc.number(count)) | mark)
    return charts.stacked(data, groups, interval=asked.interval, loc=loc, scheme=scheme)


def _lines(rows: Sequence[Row], groups: Sequence[str], asked: Question, loc: Localisation, scheme: str) -> charts.Spec:
    data = []
    for row in rows:
        said = f"{loc.percent(row['share'])} ({loc.number(row['articles'])} / {loc.number(row['decided'])})"
        if row["low"] is not None:
            said += f", {loc.percent(row['low'])} – {loc.percent(row['high'])}"
        data.append(_timed(row, asked, loc, said) | {"group": row["group"], "value": row["share"]})
    return charts.lines(data, groups, interval=asked.interval, loc=loc, scheme=scheme)


def _grid(
    rows: Sequence[Row], order: Sequence[str], asked: Question, loc: Localisation, labels: Labels, scheme: str
) -> charts.Spec:
    data = []
    for row in rows:
        count = row[asked.unit]
        mark = {"group": row["topic"], "name": row["name"], "value": count}
        data.append(_timed(row, asked, loc, loc.number(count)) | mark)
    names = [labels.of("topic", topic) for topic in order]
    return charts.grid(data, names, interval=asked.interval, loc=loc, scheme=scheme)
