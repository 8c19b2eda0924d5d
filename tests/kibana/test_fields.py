"""Every field that a saved object names is in the mapping, with a type that the panel can use."""

import json

import pytest

from index.collections import COLLECTIONS, field_types, mapping
from index.kibana.build import FILE
from tests.kibana import kql
from tests.kibana.lens_queries import Chart, OptionsList, Saved, Search, View

SAVED = Saved(FILE)
NUMBERS = {"long", "double"}
USABLE = {
    "date_histogram": {"date"},
    "terms": {"keyword"},
    "sum": NUMBERS,
    "average": NUMBERS,
    "unique_count": {"keyword"},
}
SORTABLE = {"date", "keyword", *NUMBERS}
KIBANA_TYPES = {"date": "date", "keyword": "string", "long": "number", "double": "number", "boolean": "boolean"}
FIELDLESS = {"count": "___records___", "formula": "", "math": ""}


def name(found: Chart | Search | OptionsList | View) -> str:
    return found.title


@pytest.mark.parametrize("view", SAVED.views(), ids=name)
def test_a_data_view_looks_at_a_collection_by_a_date(view: View) -> None:
    assert view.collection in COLLECTIONS
    assert field_types(view.collection)[view.time_field] == "date"
    formats = json.loads(SAVED.objects["index-pattern", view.id]["attributes"]["fieldFormatMap"])
    assert set(formats) <= set(mapping(view.collection)["properties"])


@pytest.mark.parametrize("chart", SAVED.charts(), ids=name)
def test_the_columns_of_a_chart_have_the_type_that_they_need(chart: Chart) -> None:
    types = field_types(chart.view.collection)
    for column in chart.columns.values():
        operation, field = column["operationType"], column.get("sourceField", "")
        if operation in FIELDLESS:
            assert field == FIELDLESS[operation]
            continue
        assert types.get(field) in USABLE[operation], (operation, field)
        if column["isBucketed"]:
            assert column["dataType"] == KIBANA_TYPES[types[field]]


@pytest.mark.parametrize("chart", SAVED.charts(), ids=name)
def test_a_date_is_split_for_all_of_the_time_and_not_anew_in_each_period(chart: Chart) -> None:
    kinds = [c["operationType"] for c in chart.columns.values() if c["isBucketed"]]
    assert "date_histogram" not in kinds[:-1]


@pytest.mark.parametrize("search", SAVED.searches(), ids=name)
def test_the_columns_of_a_search_are_fields_that_can_be_shown_and_sorted(search: Search) -> None:
    properties = mapping(search.view.collection)["properties"]
    shown = [properties.get(column, {"enabled": False}).get("enabled", True) for column in search.columns]
    assert all(shown), search.columns
    assert len(set(search.columns)) == len(search.columns) >= 4
    assert {field_types(search.view.collection)[field] for field, _ in search.sort} <= SORTABLE


def queries() -> list[tuple[str, str, str]]:
    """(where, collection, query) of every query in Kibana's language, those of columns included."""
    found = [(s.title, s.view.collection, s.query) for s in SAVED.searches()]
    for chart in SAVED.charts():
        filters = [c["filter"]["query"] for c in chart.columns.values() if "filter" in c]
        found += [(chart.title, chart.view.collection, query) for query in (chart.query, *filters)]
    return [row for row in found if row[2]]


@pytest.mark.parametrize(("where", "collection", "query"), queries())
def test_queries_ask_for_fields_that_are_indexed(where: str, collection: str, query: str) -> None:
    asked = kql.fields(kql.clause(query))
    assert asked
    assert asked <= set(field_types(collection))


@pytest.mark.parametrize("control", SAVED.controls(), ids=lambda c: f"{c.dashboard}: {c.title}")
def test_what_a_control_filters_is_in_everything_below_it(control: OptionsList) -> None:
    below = {c.view.collection for c in SAVED.charts() if c.dashboard == control.dashboard}
    assert {field_types(c).get(control.field) for c in (*below, control.view.collection)} == {"keyword"}


def test_queries_outside_the_translated_subset_are_refused() -> None:
    from lark import UnexpectedInput

    for query in ("camp : russian*", "camp russian", "published > now-1d", 'title : "a\\"b"', "a : (b and c)"):
        with pytest.raises(UnexpectedInput):
            kql.clause(query)
