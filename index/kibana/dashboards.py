"""The two dashboards, in the conventions of Elastic's own integrations: 48 columns, controls first, titles "X by Y"."""

from dataclasses import dataclass, field
from typing import Any

from index.kibana import lens
from index.kibana.views import view_id

Json = dict[str, Any]
ARTICLES, EVENTS, COVERAGE = view_id("articles"), view_id("events"), view_id("coverage")


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel on the 48-column grid. Exactly one of `lens` and `search` is set."""

    x: int
    y: int
    w: int
    h: int
    title: str
    lens: Json = field(default_factory=dict)
    search: str = ""


@dataclass(frozen=True, slots=True)
class Control:
    title: str
    field: str
    view: str


@dataclass(frozen=True, slots=True)
class Dashboard:
    id: str
    title: str
    description: str
    controls: tuple[Control, ...]
    panels: tuple[Panel, ...]


def _lens(x: int, y: int, w: int, h: int, attributes: Json) -> Panel:
    return Panel(x, y, w, h, attributes["title"], lens=attributes)


def _n(title: str, x: int, value: lens.Column, view: str = ARTICLES, query: str = "") -> Panel:
    return _lens(x, 4, 12, 6, lens.number(title, view, value, query))


OVER_TIME = Dashboard(
    "amur-over-time",
    "[Amur] Reporting over time",
    "How the relationship between Russia and China is reported: how much, by whom, about what, and what was done.",
    # Only fields that articles and events both have: a filter on another would leave the panels of one of them empty.
    (
        Control("Camp", "camp", ARTICLES),
        Control("Language", "lang", ARTICLES),
        Control("Country", "country", ARTICLES),
        Control("Outlet", "outlet", ARTICLES),
        Control("Topic", "topics", ARTICLES),
    ),
    (
        _n("Articles", 0, lens.count("articles")),
        _n("Families", 12, lens.metric("unique_count", "family", "families")),
        _n("Stories", 24, lens.metric("unique_count", "story", "stories")),
        _n("Outlets", 36, lens.metric("unique_count", "outlet", "outlets")),
        _lens(0, 10, 24, 14, lens.xy(
            "Articles by week and language", ARTICLES, "bar_stacked", lens.dates("published", "week", "w"),
            (lens.count("articles"),), lens.top("lang", "language", id="split", size=3))),
        _lens(24, 10, 24, 14, lens.xy(
            "Share of articles by week and camp", ARTICLES, "bar_percentage_stacked", lens.dates("published", "week", "w"),
            (lens.count("articles"),), lens.top("camp", "camp", id="split", size=5))),
        _lens(0, 24, 24, 14, lens.xy(
            "Articles by month and topic", ARTICLES, "line", lens.dates("published", "month", "M"),
            (lens.count("articles"),), lens.top("topics", "topic", id="split", size=8))),
        _lens(24, 24, 24, 14, lens.heatmap(
            "Articles by topic and camp", ARTICLES, lens.top("camp", "camp", size=5),
            lens.top("topics", "topic", id="split", size=15), lens.count("articles"))),
        _lens(0, 38, 16, 15, lens.xy(
            "Articles by person", ARTICLES, "bar_horizontal", lens.top("people", "person"), (lens.count("articles"),))),
        _lens(16, 38, 16, 15, lens.xy(
            "Articles by organisation", ARTICLES, "bar_horizontal", lens.top("organisations", "organisation"),
            (lens.count("articles"),))),
        _lens(32, 38, 16, 15, lens.xy(
            "Articles by place", ARTICLES, "bar_horizontal", lens.top("places", "place"), (lens.count("articles"),))),
        _lens(0, 53, 24, 15, lens.xy(
            "Articles by speaker quoted and camp", ARTICLES, "bar_horizontal_stacked", lens.top("quoted", "speaker"),
            (lens.count("articles"),), lens.top("camp", "camp", id="split", size=5))),
        _lens(24, 53, 24, 15, lens.xy(
            "Articles by phrase and camp", ARTICLES, "bar_horizontal_stacked", lens.top("phrases", "phrase", size=15),
            (lens.count("articles"),), lens.top("camp", "camp", id="split", size=5))),
        _lens(0, 68, 24, 14, lens.xy(
            "Events by month and quadrant", EVENTS, "bar_stacked", lens.dates("date", "month", "M"),
            (lens.count("events"),), lens.top("quadrant", "quadrant", id="split", size=4))),
        _lens(24, 68, 24, 14, lens.xy(
            "Mean Goldstein score by month", EVENTS, "bar", lens.dates("date", "month", "M"),
            (lens.metric("average", "score", "mean Goldstein score"),))),
        _lens(0, 82, 48, 13, lens.table(
            "Events by dyad and type", EVENTS, (lens.top("dyad", "dyad", size=10), lens.top("type", "type", id="split", size=5)),
            (lens.count("events"), lens.metric("average", "score", "mean Goldstein score", id="second"),
             lens.count("with both sides acting", id="third", only="mutual : true")))),
        Panel(0, 95, 48, 20, "Articles, newest first", search="all"),
    ),
)  # fmt: skip

COLLECTION = Dashboard(
    "amur-collection",
    "[Amur] Outlets and collection",
    "What was polled, read and decided: where numbers are missing because nothing was collected, it shows here.",
    (
        Control("Camp", "camp", COVERAGE),
        Control("Language", "lang", COVERAGE),
        Control("Country", "country", COVERAGE),
        Control("Outlet", "outlet", COVERAGE),
    ),
    (
        _n("Entries seen", 0, lens.metric("sum", "entries", "entries"), COVERAGE),
        _n("Articles decided", 12, lens.metric("sum", "decided", "articles"), COVERAGE),
        _n("Articles relevant", 24, lens.metric("sum", "relevant", "articles"), COVERAGE),
        _n("Outlets", 36, lens.metric("unique_count", "outlet", "outlets"), COVERAGE),
        _lens(0, 10, 24, 14, lens.xy(
            "Decided and relevant articles by day", COVERAGE, "line", lens.dates("day", "day", "d"),
            (lens.metric("sum", "decided", "decided"), lens.metric("sum", "relevant", "relevant", id="second")))),
        _lens(24, 10, 24, 14, lens.xy(
            "Relevant share of decided articles by week and language", COVERAGE, "line", lens.dates("day", "week", "w"),
            lens.share("relevant", "decided", "relevant share"), lens.top("lang", "language", id="split", size=4, by=""))),
        _lens(0, 24, 48, 18, lens.heatmap(
            "Decided articles by outlet and week", COVERAGE, lens.dates("day", "week", "w"),
            lens.top("outlet", "outlet", id="split", size=40), lens.metric("sum", "decided", "articles decided"))),
        _lens(0, 42, 24, 16, lens.table(
            "Coverage by outlet", COVERAGE, (lens.top("outlet", "outlet", size=100),),
            (lens.metric("sum", "decided", "decided"), lens.metric("sum", "relevant", "relevant", id="second"),
             lens.count("days without full coverage", id="third", only="covered : false")))),
        _lens(24, 42, 24, 16, lens.xy(
            "Articles by country and camp", ARTICLES, "bar_horizontal_stacked", lens.top("country", "country", size=20),
            (lens.count("articles"),), lens.top("camp", "camp", id="split", size=5))),
        _lens(0, 58, 24, 12, lens.xy(
            "Polls and answered polls by day", COVERAGE, "line", lens.dates("day", "day", "d"),
            (lens.metric("sum", "polls", "polls"), lens.metric("sum", "polls_ok", "answered", id="second")))),
        _lens(24, 58, 24, 12, lens.xy(
            "Articles by source of the text and outlet kind", ARTICLES, "bar_horizontal_stacked", lens.top("kind", "kind of outlet"),
            (lens.count("articles"),), lens.top("text_from", "text from", id="split", size=2))),
        Panel(0, 70, 24, 16, "Days without full coverage", search="gaps"),
        Panel(24, 70, 24, 16, "Read from the feed alone", search="from-feed"),
    ),
)  # fmt: skip

DASHBOARDS = (OVER_TIME, COLLECTION)
