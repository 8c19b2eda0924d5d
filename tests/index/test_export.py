"""Exports: columns, safety, formats, and that they follow their schema."""

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from index_samples import CAMPS, ROWS, documents, identifier, named, source
from jsonschema import Draft202012Validator

from amur.errors import QuerySyntaxError, UsageError
from index import answers
from index.export import columns, export, inert
from index.query import Filters
from index.store.embedded import EmbeddedStore

SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedStore:
    store = EmbeddedStore(tmp_path_factory.mktemp("export"))
    odd = {
        "id": "0" * 64, "revision": 1, "title": '=HYPERLINK("http://x.example")', "lead": "+1\n\"two\"", "lang": "de",
        "outlet": "-minus", "topics": ["@at", "b"], "published": "2020-01-01T00:00:00Z", "url": "http://x.example/é",
    }  # fmt: skip
    assert all(w.ok for w in store.write("articles", [*documents(), odd]))
    return store


def written(store: EmbeddedStore, form: str, **options: Any) -> bytes:
    out = io.BytesIO()
    filters = options.pop("filters", Filters())
    count = export(store, filters, form, out, **options)
    assert count == options.pop("expected", count)
    return out.getvalue()


def test_json_lines_follow_the_schema(stored: EmbeddedStore) -> None:
    validator = Draft202012Validator(json.loads((SCHEMAS / "export.schema.json").read_text()))
    rows = [json.loads(line) for line in written(stored, "jsonl").splitlines()]
    assert len(rows) == 9
    assert [list(validator.iter_errors(row)) for row in rows] == [[]] * 9
    assert [tuple(row) for row in rows] == [columns()] * 9
    assert {row["sample"] for row in rows} == {False}
    assert not any("body" in row for row in rows)


def test_bodies_and_the_sample_mark_come_when_asked(stored: EmbeddedStore) -> None:
    validator = Draft202012Validator(json.loads((SCHEMAS / "export.schema.json").read_text()))
    rows = [json.loads(line) for line in written(stored, "jsonl", bodies=True, sample=True).splitlines()]
    assert [list(validator.iter_errors(row)) for row in rows] == [[]] * 9
    by_id = {row["id"]: row for row in rows}
    assert by_id[identifier("ru1")]["body"].startswith("Стороны обсудили")
    assert by_id["0" * 64]["body"] is None
    assert {row["sample"] for row in rows} == {True}


def test_csv_cannot_run_formulas_and_is_read_by_spreadsheets(stored: EmbeddedStore) -> None:
    raw = written(stored, "csv", sample=True)
    assert raw.startswith(b"\xef\xbb\xbfid,sample,")
    *_others, odd = csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""))
    assert odd["title"] == '\'=HYPERLINK("http://x.example")'
    assert odd["lead"] == '\'+1\n"two"'
    assert odd["outlet"] == "'-minus"
    assert odd["topics"] == "'@at | b"
    assert odd["sample"] == "true"
    assert odd["relevance"] == ""


def test_parquet_has_the_same_rows_and_types(stored: EmbeddedStore) -> None:
    from pyarrow import parquet

    table = parquet.read_table(io.BytesIO(written(stored, "parquet")))
    assert tuple(table.column_names) == columns()
    lines = [json.loads(line) for line in written(stored, "jsonl").splitlines()]
    assert table.to_pylist() == lines
    assert str(table.schema.field("topics").type).startswith("list")


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet"])
def test_nothing_found_is_an_empty_export(stored: EmbeddedStore, form: str) -> None:
    out = io.BytesIO()
    assert export(stored, Filters(q="nosuchword"), form, out) == 0
    if form == "csv":
        assert out.getvalue().decode("utf-8-sig").split(",")[0] == "id"


def test_any_day_can_be_an_end(stored: EmbeddedStore) -> None:
    """The store counts from 1677 to 2262; one of the nine articles has no day."""
    whole = Filters(since=date.min, until=date.max)
    assert len(written(stored, "jsonl", filters=whole).splitlines()) == 8
    assert written(stored, "jsonl", filters=Filters(since=date.max)) == b""
    assert written(stored, "jsonl", filters=Filters(until=date.min)) == b""


@pytest.mark.parametrize("text", [" =1", "\u3000＝1", "＋1", "－1", "＠a", "\n=1", "\u200b@a"])
def test_no_disguise_makes_a_formula(text: str) -> None:
    assert inert(text) == f"'{text}"


@pytest.mark.parametrize("text", ["a=1", "газ — 1", " a", "", "天然气＋"])
def test_plain_text_stays(text: str) -> None:
    assert inert(text) == text


def test_filters_choose(stored: EmbeddedStore) -> None:
    rows = written(stored, "jsonl", filters=Filters(q="газопровод", langs=("ru",))).splitlines()
    assert set(named(json.loads(r)["id"] for r in rows)) == {"ru1", "ru2"}


def test_wrong_use_is_told(stored: EmbeddedStore) -> None:
    with pytest.raises(UsageError, match="xlsx"):
        export(stored, Filters(), "xlsx", io.BytesIO())
    with pytest.raises(QuerySyntaxError):
        export(stored, Filters(q="topic:nothing"), "jsonl", io.BytesIO())


SEARCH_FIELDS = (
    "id",
    "url",
    "title",
    "lang",
    "published",
    "outlet",
    "camp",
    "topics",
    "entities",
    "story",
    "family",
    "score",
)


@pytest.mark.parametrize("q", ["", "gas OR 天然气"])
def test_search_results_follow_their_schema(stored: EmbeddedStore, q: str) -> None:
    validator = Draft202012Validator(json.loads((SCHEMAS / "search.schema.json").read_text()))
    page = answers.search(stored, Filters(q=q))
    articles = [{name: getattr(hit, name) for name in SEARCH_FIELDS} for hit in page.hits]
    printed = json.loads(json.dumps({"total": page.total, "articles": articles}))
    assert list(validator.iter_errors(printed)) == []
    assert {a["camp"] for a in articles} - {""} <= {*CAMPS.values()}
    assert len(articles) == (9 if not q else 3)


def test_the_sample_rows_are_of_known_outlets() -> None:
    assert {source(row[1]).name for row in ROWS} == set(CAMPS)
