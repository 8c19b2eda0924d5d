"""The question behind every panel, search and control, put to a real Elasticsearch that holds the sample collection.

What must come back is counted here from the documents themselves, by what the title says and not by what the saved
object says; some of it was counted by hand from the sample's texts (tests/data/kibana/expected.toml).
"""

import tomllib
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from index.kibana.build import FILE
from tests.kibana.conftest import Held
from tests.kibana.lens_queries import (
    ALWAYS,
    Chart,
    OptionsList,
    Row,
    Saved,
    Search,
    chart_body,
    chart_rows,
    control_body,
    search_body,
)

pytestmark = pytest.mark.elasticsearch
Json = dict[str, Any]
Documents = dict[str, list[Json]]
SAVED = Saved(FILE)
BY_HAND = tomllib.loads((Path(__file__).parents[1] / "data" / "kibana" / "expected.toml").read_text(encoding="utf-8"))
BETWEEN = {"RUS>CHN", "CHN>RUS"}
STATES = {"russian-state", "chinese-state"}
DEEDS = {"material-cooperation", "material-conflict"}


def values(document: Json, field: str) -> list[str]:
    found = document.get(field, [])
    return found if isinstance(found, list) else [found]


def top(documents: Iterable[Json], field: str, size: int, weight: str = "") -> list[str]:
    """The most frequent values, or those of the greatest sum; equal ones by the alphabet."""
    counts: Counter[str] = Counter()
    for document in documents:
        for value in values(document, field):
            counts[value] += document[weight] if weight else 1
    return sorted(counts, key=lambda value: (-counts[value], value))[:size]


def having(documents: Iterable[Json], field: str, value: str) -> list[Json]:
    return [d for d in documents if value in values(d, field)]


def day(document: Json, field: str) -> list[str]:
    return [document[field][:10]] if field in document else []


def week(document: Json, field: str) -> list[str]:
    days = [date.fromisoformat(found) for found in day(document, field)]
    return [(found - timedelta(days=found.weekday())).isoformat() for found in days]


def month(document: Json, field: str) -> list[str]:
    return [f"{found[:7]}-01" for found in day(document, field)]


Grouping = Callable[[list[Json]], dict[str, list[Json]]]
Number = Callable[[list[Json]], float | None]


def tops(field: str, size: int, weight: str = "") -> Grouping:
    return lambda documents: {v: having(documents, field, v) for v in top(documents, field, size, weight)}


def over(period: Callable[[Json, str], list[str]], field: str) -> Grouping:
    def group(documents: list[Json]) -> dict[str, list[Json]]:
        found: dict[str, list[Json]] = {}
        for document in documents:
            for key in period(document, field):
                found.setdefault(key, []).append(document)
        return found

    return group


def total(field: str) -> Number:
    return lambda documents: float(sum(d[field] for d in documents))


def distinct(field: str) -> Number:
    return lambda documents: float(len({v for d in documents for v in values(d, field)}))


def mean(field: str) -> Number:
    return lambda documents: sum(d[field] for d in documents) / len(documents)


def number_of(documents: list[Json]) -> float:
    return float(len(documents))


def number_with(field: str, value: object) -> Number:
    return lambda documents: float(sum(d.get(field) is value for d in documents))


def share(part: str, whole: str) -> Number:
    def divided(documents: list[Json]) -> float | None:
        under = sum(d[whole] for d in documents)
        return sum(d[part] for d in documents) / under if under else None

    return divided


def table(documents: list[Json], groupings: tuple[Grouping, ...], numbers: tuple[Number, ...]) -> dict[Row, Row]:
    if not groupings:
        return {(): tuple(number(documents) for number in numbers)}
    return {
        (key, *rest): row
        for key, found in groupings[0](documents).items()
        for rest, row in table(found, groupings[1:], numbers).items()
    }


# What each title promises: (collection, groupings from the outermost, numbers).
EVERY_CAMP = tops("camp", 5)
PROMISED: dict[str, tuple[str, tuple[Grouping, ...], tuple[Number, ...]]] = {
    "Articles": ("articles", (), (number_of,)),
    "Families": ("articles", (), (distinct("family"),)),
    "Stories": ("articles", (), (distinct("story"),)),
    "amur-over-time: Outlets": ("articles", (), (distinct("outlet"),)),
    "Articles by week and language": ("articles", (tops("lang", 3), over(week, "published")), (number_of,)),
    "Share of articles by week and camp": ("articles", (EVERY_CAMP, over(week, "published")), (number_of,)),
    "Articles by month and topic": ("articles", (tops("topics", 8), over(month, "published")), (number_of,)),
    "Articles by topic and camp": ("articles", (EVERY_CAMP, tops("topics", 15)), (number_of,)),
    "Articles by person": ("articles", (tops("people", 10),), (number_of,)),
    "Articles by organisation": ("articles", (tops("organisations", 10),), (number_of,)),
    "Articles by place": ("articles", (tops("places", 10),), (number_of,)),
    "Articles by speaker quoted and camp": ("articles", (tops("quoted", 10), EVERY_CAMP), (number_of,)),
    "Articles by phrase and camp": ("articles", (tops("phrases", 15), EVERY_CAMP), (number_of,)),
    "Events by month and quadrant": ("events", (tops("quadrant", 4), over(month, "date")), (number_of,)),
    "Mean Goldstein score by month": ("events", (over(month, "date"),), (mean("score"),)),
    "Events by dyad and type": (
        "events",
        (tops("dyad", 10), tops("type", 5)),
        (number_of, mean("score"), number_with("mutual", True)),
    ),
    "Entries seen": ("coverage", (), (total("entries"),)),
    "Articles decided": ("coverage", (), (total("decided"),)),
    "Articles relevant": ("coverage", (), (total("relevant"),)),
    "amur-collection: Outlets": ("coverage", (), (distinct("outlet"),)),
    "Decided and relevant articles by day": (
        "coverage",
        (over(day, "day"),),
        (total("decided"), total("relevant")),
    ),
    "Relevant share of decided articles by week and language": (
        "coverage",
        (lambda documents: {v: having(documents, "lang", v) for v in sorted({d["lang"] for d in documents})[:4]},
         over(week, "day")),
        (share("relevant", "decided"),),
    ),
    "Decided articles by outlet and week": (
        "coverage",
        (tops("outlet", 40, weight="decided"), over(week, "day")),
        (total("decided"),),
    ),
    "Coverage by outlet": (
        "coverage",
        (tops("outlet", 100, weight="decided"),),
        (total("decided"), total("relevant"), number_with("covered", False)),
    ),
    "Articles by country and camp": ("articles", (tops("country", 20), EVERY_CAMP), (number_of,)),
    "Polls and answered polls by day": ("coverage", (over(day, "day"),), (total("polls"), total("polls_ok"))),
    "Articles by source of the text and outlet kind": (
        "articles",
        (tops("kind", 10), tops("text_from", 2)),
        (number_of,),
    ),
}  # fmt: skip


def promised(chart: Chart) -> tuple[str, tuple[Grouping, ...], tuple[Number, ...]]:
    return PROMISED.get(f"{chart.dashboard}: {chart.title}") or PROMISED[chart.title]


def asked(held: Held, chart: Chart, period: tuple[date, date] = ALWAYS) -> dict[Row, Row]:
    return chart_rows(chart, held.search(chart.view.collection, chart_body(chart, period)))


def within(documents: list[Json], field: str, period: tuple[date, date]) -> list[Json]:
    since, until = (found.isoformat() for found in period)
    return [d for d in documents if field in d and since <= d[field][:10] <= until]


@pytest.mark.parametrize("period", [ALWAYS, (date(2022, 1, 1), date(2024, 12, 31))], ids=["all", "three years"])
@pytest.mark.parametrize("chart", SAVED.charts(), ids=lambda c: f"{c.dashboard}: {c.title}")
def test_a_chart_shows_what_its_title_says(held: Held, chart: Chart, period: tuple[date, date]) -> None:
    collection, groupings, numbers = promised(chart)
    documents = within(held.documents[collection], chart.view.time_field, period)
    expected = table(documents, groupings, numbers)
    found = asked(held, chart, period)
    assert found.keys() == expected.keys()
    assert {k: pytest.approx(row, nan_ok=False) for k, row in expected.items()} == found
    if period == ALWAYS:  # polls, for one, are of the day of the run only
        assert any(any(row) for row in found.values()), "nothing is drawn"


def test_every_promise_is_kept_by_a_chart() -> None:
    kept = {name for c in SAVED.charts() for name in (c.title, f"{c.dashboard}: {c.title}")}
    assert set(PROMISED) <= kept


FOUND: dict[str, Callable[[Json], bool]] = {
    "all": lambda d: True,
    "russian-state": lambda d: d["camp"] == "russian-state",
    "chinese-state": lambda d: d["camp"] == "chinese-state",
    "neither-state": lambda d: d["camp"] not in STATES,
    "official": lambda d: d.get("kind") in {"ministry", "government", "embassy"},
    "energy": lambda d: "energy" in values(d, "topics"),
    "money": lambda d: bool({"finance-currency", "sanctions-export-controls"} & set(values(d, "topics"))),
    "arms": lambda d: "defence-security" in values(d, "topics"),
    "border": lambda d: bool({"border-far-east", "transport-arctic"} & set(values(d, "topics"))),
    "leaders": lambda d: {"Vladimir Putin", "Xi Jinping"} <= set(values(d, "people")),
    "quotes": lambda d: bool(values(d, "quoted")),
    "phrases": lambda d: bool(values(d, "phrases")),
    "originals": lambda d: d["original"],
    "copies": lambda d: not d["original"],
    "from-feed": lambda d: d["text_from"] == "feed",
    "acts": lambda d: d["dyad"] in BETWEEN,
    "conflict": lambda d: d["score"] < 0,
    "deeds": lambda d: d.get("quadrant") in DEEDS,
    "shared-stories": lambda d: set(d["camps"]) >= STATES,
    "gaps": lambda d: not d["covered"],
}
# No outlet of the sample is a ministry; the search is tried on a document of its own below.
NOT_IN_THE_SAMPLE = {"official"}


@pytest.mark.parametrize("search", SAVED.searches(), ids=lambda s: s.id)
def test_a_search_finds_what_it_says_newest_first(held: Held, search: Search) -> None:
    name = search.id.removeprefix("amur-search-")
    expected = [d for d in held.documents[search.view.collection] if FOUND[name](d)]
    answer = held.search(search.view.collection, search_body(search))
    hits = answer["hits"]["hits"]
    assert {hit["_id"] for hit in hits} == {d["id"] for d in expected}
    assert answer["hits"]["total"]["value"] == len(expected)
    assert (len(expected) == 0) == (name in NOT_IN_THE_SAMPLE)
    times = [hit["sort"][0] for hit in hits]
    assert times == sorted(times, reverse=True)
    shown = {field for hit in hits for field in hit["fields"]}
    assert not expected or set(search.columns) - shown <= EMPTY_COLUMNS.get(name, set())


# Columns that have no value anywhere in the sample.
EMPTY_COLUMNS = {"copies": {"wire"}}


def test_official_texts_are_found(held: Held) -> None:
    (search,) = (s for s in SAVED.searches() if s.id == "amur-search-official")
    document = next(d for d in held.documents["articles"] if d["lang"] == "zh")
    texts = [document | {"id": f"official-{kind}", "kind": kind} for kind in ("ministry", "embassy", "online")]
    try:
        assert all(written.ok for written in held.store.write("articles", texts))
        held.store.refresh()
        hits = held.search("articles", search_body(search))["hits"]["hits"]
    finally:
        held.store.delete("articles", [d["id"] for d in texts])
        held.store.refresh()
    assert {hit["_id"] for hit in hits} == {"official-ministry", "official-embassy"}


@pytest.mark.parametrize("control", SAVED.controls(), ids=lambda c: f"{c.dashboard}: {c.title}")
def test_a_control_offers_every_value(held: Held, control: OptionsList) -> None:
    collection = control.view.collection
    answer = held.search(collection, control_body(control))
    offered = {b["key"]: b["doc_count"] for b in answer["aggregations"]["suggestions"]["buckets"]}
    assert offered == Counter(v for d in held.documents[collection] for v in values(d, control.field))
    assert len(offered) > 1


@pytest.mark.parametrize("row", BY_HAND["chart"], ids=lambda row: row["title"])
def test_what_was_counted_by_hand(held: Held, row: Json) -> None:
    (chart,) = (c for c in SAVED.charts() if c.title == row["title"] and c.dashboard == row["dashboard"])
    period = (row["since"], row["until"]) if "since" in row else ALWAYS
    found = asked(held, chart, period)
    expected = {tuple(bucket): tuple(numbers) for *bucket, numbers in row["rows"]}
    assert {key: found.get(key) for key in expected} == expected
    assert not row["whole"] or found.keys() == expected.keys()
