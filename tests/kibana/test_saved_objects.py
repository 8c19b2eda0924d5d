"""What can be proved without a Kibana: the objects hold together, fit the grid, and are what is checked in."""

import json
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from index.kibana import build
from index.kibana.dashboards import DASHBOARDS
from index.kibana.views import SEARCHES, VIEWS

Json = dict[str, Any]
OBJECTS = build.saved_objects()
# The newest forms that Kibana 9 migrates forward; newer ones than a Kibana knows are refused on import.
ACCEPTED = {"dashboard": "10.2.0", "search": "8.0.0", "index-pattern": "8.0.0", "tag": "8.0.0"}


# What Kibana's own schemas of these two know; with anything else an import is refused.
KNOWN = {
    "dashboard": {
        "title", "description", "version", "timeRestore", "timeFrom", "timeTo", "refreshInterval", "panelsJSON",
        "optionsJSON", "controlGroupInput", "kibanaSavedObjectMeta",
    },
    "search": {
        "title", "description", "columns", "sort", "grid", "hideChart", "isTextBasedQuery", "timeRestore",
        "kibanaSavedObjectMeta",
    },
}  # fmt: skip


def of(kind: str) -> list[Json]:
    return [o for o in OBJECTS if o["type"] == kind]


def panels(dashboard: Json) -> list[Json]:
    return json.loads(dashboard["attributes"]["panelsJSON"])  # type: ignore[no-any-return]


def test_the_file_that_is_checked_in_is_what_the_code_makes() -> None:
    assert build.FILE.read_text(encoding="utf-8") == build.ndjson()


def test_there_is_what_people_need() -> None:
    assert (len(of("index-pattern")), len(of("dashboard"))) == (4, 2)
    assert len(of("search")) >= 8


def test_every_reference_resolves_and_comes_before_or_among() -> None:
    known = {(o["type"], o["id"]) for o in OBJECTS}
    missing = [r for o in OBJECTS for r in o["references"] if (r["type"], r["id"]) not in known]
    assert missing == []
    assert len({o["id"] for o in OBJECTS}) == len(OBJECTS)


@pytest.mark.parametrize("dashboard", of("dashboard"), ids=lambda d: d["id"])
def test_every_panel_finds_its_reference_by_name(dashboard: Json) -> None:
    names = {r["name"] for r in dashboard["references"]}
    wanted = set()
    for panel in panels(dashboard):
        config, index = panel["embeddableConfig"], panel["panelIndex"]
        if panel["type"] == "search":
            wanted.add(f"{index}:{panel['panelRefName']}")
        elif panel["type"] == "lens":
            wanted |= {f"{index}:{r['name']}" for r in config["attributes"]["references"]}
        else:
            wanted |= {f"{index}:{link['destinationRefName']}" for link in config["attributes"]["links"]}
    controls = json.loads(dashboard["attributes"]["controlGroupInput"]["panelsJSON"])
    wanted |= {f"controlGroup_{c}:optionsListDataView" for c in controls}
    assert wanted <= names
    assert {n for n in names if not n.startswith("tag-ref-")} == wanted


@pytest.mark.parametrize("dashboard", of("dashboard"), ids=lambda d: d["id"])
def test_the_grid_has_48_columns_and_no_overlap(dashboard: Json) -> None:
    boxes = [(p["panelIndex"], p["gridData"]) for p in panels(dashboard)]
    assert all(g["x"] >= 0 and g["x"] + g["w"] <= 48 and g["w"] > 0 and g["h"] > 0 for _, g in boxes)
    overlaps = [
        (a, b)
        for (a, g), (b, h) in combinations(boxes, 2)
        if g["x"] < h["x"] + h["w"]
        and h["x"] < g["x"] + g["w"]
        and g["y"] < h["y"] + h["h"]
        and h["y"] < g["y"] + g["h"]
    ]
    assert overlaps == []


def lens_panels() -> Iterator[tuple[str, Json]]:
    for dashboard in DASHBOARDS:
        for panel in dashboard.panels:
            if panel.lens:
                yield panel.title, panel.lens


@pytest.mark.parametrize(("title", "attributes"), list(lens_panels()), ids=[t for t, _ in lens_panels()])
def test_what_a_panel_draws_are_columns_that_it_has(title: str, attributes: Json) -> None:
    state = attributes["state"]
    (layer,) = state["datasourceStates"]["formBased"]["layers"].values()
    assert sorted(layer["columns"]) == sorted(layer["columnOrder"])
    drawn = json.dumps(state["visualization"])
    parts = {part for column in layer["columns"].values() for part in column.get("references", ())}
    assert parts <= set(layer["columns"])
    assert {c for c in layer["columns"] if f'"{c}"' in drawn} == set(layer["columns"]) - parts
    for column in layer["columns"].values():
        order = column.get("params", {}).get("orderBy", {})
        assert order.get("columnId", "value") in layer["columns"]
    bucketed = [layer["columns"][c]["isBucketed"] for c in layer["columnOrder"]]
    assert bucketed == sorted(bucketed, reverse=True), "Lens computes buckets before the numbers in them"


def test_forms_are_of_versions_that_kibana_9_takes() -> None:
    assert {(o["type"], o["typeMigrationVersion"]) for o in OBJECTS} == set(ACCEPTED.items())


@pytest.mark.parametrize("kind", KNOWN)
def test_no_attribute_is_unknown_to_kibana(kind: str) -> None:
    assert {name for found in of(kind) for name in found["attributes"]} == KNOWN[kind]


def test_every_chart_leads_to_discover_and_every_dashboard_to_the_others() -> None:
    for dashboard in of("dashboard"):
        links, *rest = panels(dashboard)
        assert len(links["embeddableConfig"]["attributes"]["links"]) == len(of("dashboard")) - 1
        for panel in rest:
            if panel["type"] == "lens":
                (event,) = panel["embeddableConfig"]["enhancements"]["dynamicActions"]["events"]
                assert event["action"]["factoryId"] == "OPEN_IN_DISCOVER_DRILLDOWN"


def test_everything_that_can_have_a_tag_has_it() -> None:
    for found in (*of("dashboard"), *of("search")):
        assert [r["id"] for r in found["references"] if r["type"] == "tag"] == [build.TAG]


def test_the_page_about_it_names_what_there_is() -> None:
    page = (Path(__file__).parents[2] / "docs" / "kibana.md").read_text(encoding="utf-8")
    assert f"brings {len(OBJECTS)} saved objects" in page
    titles = [found.title for found in (*DASHBOARDS, *SEARCHES)]
    titles += [control.title.lower() for d in DASHBOARDS for control in d.controls]
    assert [title for title in titles if title not in page] == []


def test_titles_follow_the_convention() -> None:
    assert all(d.title.startswith("[Amur] ") for d in DASHBOARDS)
    assert {s.collection for s in SEARCHES} <= set(VIEWS)
    dashboards = {o["id"]: panels(o) for o in of("dashboard")}
    for found in dashboards.values():
        assert found[0]["type"] == "links"
