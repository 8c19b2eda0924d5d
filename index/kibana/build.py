"""Writes all saved objects as one NDJSON text, the same bytes every time. `python -m index.kibana.build` renews the file."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from index.kibana import lens
from index.kibana.dashboards import DASHBOARDS, Control, Dashboard, Panel
from index.kibana.views import SEARCHES, VIEWS, WIDTHS, SavedSearch, data_view, view_id

Json = dict[str, Any]
FILE = Path(__file__).with_name("amur.ndjson")
CORE_VERSION = "8.8.0"  # the form before which Kibana 9 migrates objects forward itself
TAG = "amur-tag"
# From one dashboard to the other with the period and what is filtered.
LINK_OPTIONS = {"openInNewTab": False, "useCurrentDateRange": True, "useCurrentFilters": True}
DRILLDOWN = {
    "dynamicActions": {"events": [{
        "eventId": "open-in-discover",
        "triggers": ["FILTER_TRIGGER"],
        "action": {"name": "Open in Discover", "factoryId": "OPEN_IN_DISCOVER_DRILLDOWN",
                   "config": {"openInNewTab": False}},
    }]}
}  # fmt: skip


def saved_objects(prefix: str = "amur-") -> list[Json]:
    """Every object, those that are referred to before those that refer."""
    objects = [_tag(), *(data_view(c, prefix) for c in VIEWS), *map(_search, SEARCHES), *map(_dashboard, DASHBOARDS)]
    return [{"coreMigrationVersion": CORE_VERSION, "managed": False, **o} for o in objects]


def ndjson(prefix: str = "amur-") -> str:
    return "".join(json.dumps(o, ensure_ascii=False, sort_keys=True) + "\n" for o in saved_objects(prefix))


def _tag() -> Json:
    attributes = {"name": "Amur", "description": "How the Russia-China relationship is reported", "color": "#2f6f8f"}
    return {"id": TAG, "type": "tag", "attributes": attributes, "references": [], "typeMigrationVersion": "8.0.0"}


def _tagged() -> Json:
    return {"type": "tag", "id": TAG, "name": f"tag-ref-{TAG}"}


def search_id(name: str) -> str:
    return f"amur-search-{name}"


def _search(search: SavedSearch) -> Json:
    source = {
        "query": {"query": search.query, "language": "kuery"}, "filter": [], "highlightAll": True, "version": True,
        "indexRefName": "kibanaSavedObjectMeta.searchSourceJSON.index",
    }  # fmt: skip
    widths = {c: {"width": WIDTHS[c]} for c in search.columns if c in WIDTHS}
    attributes = {
        "title": f"[Amur] {search.title}", "description": search.description, "columns": list(search.columns),
        "sort": [[VIEWS[search.collection][1], "desc"]], "grid": {"columns": widths}, "hideChart": False,
        "isTextBasedQuery": False, "timeRestore": False, "kibanaSavedObjectMeta": {"searchSourceJSON": _text(source)},
    }  # fmt: skip
    view = {"type": "index-pattern", "id": view_id(search.collection),
            "name": "kibanaSavedObjectMeta.searchSourceJSON.index"}  # fmt: skip
    return {"id": search_id(search.id), "type": "search", "attributes": attributes, "references": [view, _tagged()],
            "typeMigrationVersion": "8.0.0"}  # fmt: skip


def _dashboard(dashboard: Dashboard) -> Json:
    panels, references = [_links_panel(dashboard)], [_link_reference(other) for other in _others(dashboard)]
    for number, panel in enumerate(dashboard.panels, 1):
        body, reference = _panel(f"p{number}", panel)
        panels.append(body)
        references.append(reference)
    attributes = {
        "title": dashboard.title, "description": dashboard.description, "version": 3,
        "timeRestore": True, "timeFrom": "now-1y", "timeTo": "now",
        "refreshInterval": {"pause": True, "value": 60_000},
        "panelsJSON": _text(panels),
        "optionsJSON": _text({"useMargins": True, "syncColors": False, "syncCursor": True, "syncTooltips": False,
                              "hidePanelTitles": False}),
        "controlGroupInput": _controls(dashboard.controls),
        "kibanaSavedObjectMeta": {"searchSourceJSON": _text({"query": {"query": "", "language": "kuery"}, "filter": []})},
    }  # fmt: skip
    references += [_control_reference(f"c{n}", c) for n, c in enumerate(dashboard.controls)]
    return {"id": dashboard.id, "type": "dashboard", "attributes": attributes, "references": [*references, _tagged()],
            "typeMigrationVersion": "10.2.0"}  # fmt: skip


def _panel(index: str, panel: Panel) -> tuple[Json, Json]:
    body: Json = {
        "panelIndex": index,
        "gridData": {"x": panel.x, "y": panel.y, "w": panel.w, "h": panel.h, "i": index},
        "title": panel.title,
    }
    if panel.search:
        body |= {"type": "search", "panelRefName": f"panel_{index}", "embeddableConfig": {}}
        return body, {"type": "search", "id": search_id(panel.search), "name": f"{index}:panel_{index}"}
    body |= {"type": "lens", "embeddableConfig": {"attributes": panel.lens, "enhancements": DRILLDOWN}}
    name = f"indexpattern-datasource-layer-{lens.LAYER}"
    return body, {"type": "index-pattern", "id": panel.lens["references"][0]["id"], "name": f"{index}:{name}"}


def _others(dashboard: Dashboard) -> Iterator[Dashboard]:
    return (d for d in DASHBOARDS if d.id != dashboard.id)


def _links_panel(dashboard: Dashboard) -> Json:
    links = [
        {"id": f"link-{o.id}", "type": "dashboardLink", "order": n, "label": o.title, "options": LINK_OPTIONS,
         "destinationRefName": f"link_{o.id}_dashboard"}
        for n, o in enumerate(_others(dashboard))
    ]  # fmt: skip
    return {
        "type": "links", "panelIndex": "p0", "gridData": {"x": 0, "y": 0, "w": 48, "h": 4, "i": "p0"},
        "embeddableConfig": {"attributes": {"layout": "horizontal", "links": links}, "enhancements": {}},
    }  # fmt: skip


def _link_reference(other: Dashboard) -> Json:
    return {"type": "dashboard", "id": other.id, "name": f"p0:link_{other.id}_dashboard"}


def _controls(controls: tuple[Control, ...]) -> Json:
    panels = {
        f"c{n}": {
            "order": n, "width": "medium", "grow": True, "type": "optionsListControl",
            "explicitInput": {"id": f"c{n}", "fieldName": c.field, "title": c.title, "searchTechnique": "prefix",
                              "selectedOptions": [], "enhancements": {}},
        }
        for n, c in enumerate(controls)
    }  # fmt: skip
    ignore = {"ignoreFilters": False, "ignoreQuery": False, "ignoreTimerange": False, "ignoreValidations": False}
    return {"controlStyle": "oneLine", "chainingSystem": "HIERARCHICAL", "showApplySelections": False,
            "panelsJSON": _text(panels), "ignoreParentSettingsJSON": _text(ignore)}  # fmt: skip


def _control_reference(index: str, control: Control) -> Json:
    return {"type": "index-pattern", "id": control.view, "name": f"controlGroup_{index}:optionsListDataView"}


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


if __name__ == "__main__":
    FILE.write_text(ndjson(), encoding="utf-8")
