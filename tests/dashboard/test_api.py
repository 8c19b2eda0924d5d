"""The API says the same as the pages."""

import csv
import io
from typing import Any

import pytest

from dashboard.figures import FIGURES


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


@pytest.mark.parametrize("name", sorted(FIGURES))
@pytest.mark.parametrize("question", ["", "period=all&by=camp", "q=gas&show=share", "lang=zh&show=share&interval=week"])
def test_csv_and_json_say_the_same(get: Any, name: str, question: str) -> None:
    data = get(f"/api/v1/figures/{name}.json?{question}").json
    table = rows(get(f"/api/v1/figures/{name}.csv?{question}").text)
    assert data["sample"] is True
    assert data["unit"]
    assert len(table) == len(data["rows"])
    for line, row in zip(table, data["rows"], strict=True):
        assert line.pop("sample") == "SAMPLE DATA"
        assert line == {k: "" if v is None else str(v) for k, v in row.items()}


@pytest.mark.parametrize("name", ["attention", "topics"])
@pytest.mark.parametrize("show", ["count", "share"])
def test_a_chart_draws_the_rows(get: Any, name: str, show: str) -> None:
    data = get(f"/api/v1/figures/{name}.json?show={show}").json
    chart = get(f"/api/v1/figures/{name}.chart?show={show}&ui=ru&scheme=dark").json
    spec = chart["spec"]
    data_of = [part["data"]["values"] for part in (spec, *spec["layer"]) if "data" in part]
    drawn = max(len(values) for values in data_of)
    assert drawn == len(data["rows"])
    assert chart["times"]["shortMonths"][0] == "янв."


def test_a_gap_is_a_gap_and_a_thin_share_is_not_shown(get: Any) -> None:
    found = get("/api/v1/figures/attention.json").json["rows"]
    february = {r["group"]: r for r in found if r["period"] == "2024-02-01"}
    assert february["zh"]["covered"] is False
    assert february["en"]["covered"] is True
    # 3 English outlets, 29 days, 20 decided a day each; every tenth day one of them relevant.
    assert february["en"]["decided"] == 3 * 29 * 20
    assert february["en"]["share"] == pytest.approx(9 / 1740)
    assert february["ru"]["why"] == "few-outlets"


def test_articles_as_a_program_reads_them(get: Any) -> None:
    found = get("/api/v1/articles.json?lang=ru&limit=3").json
    assert found["question"]["langs"] == ["ru"]
    assert len(found["articles"]) == 3
    assert found["total"] == len(get("/api/v1/articles.json?lang=ru&limit=1000").json["articles"])
    line = rows(get("/api/v1/articles.csv?lang=ru&limit=3").text)[0]
    assert line["entities"] == "Russia|China|Xi Jinping"


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/v1/articles.json?from=yesterday", 400),
        ("/api/v1/articles.json?limit=0", 422),
        ("/api/v1/articles.xml", 422),
        ("/api/v1/figures/nothing.json", 404),
        ("/api/v1/figures/people.chart", 404),
        ("/api/v1/articles/none", 404),
        ("/api/v1/nothing", 404),
    ],
)
def test_a_wrong_question_is_said_to_be_wrong(get: Any, address: str, status: int) -> None:
    reply = get(address)
    assert reply.status == status
    assert reply.json


@pytest.mark.parametrize("text", ["=1+1", "＝1+1", "＠a", "  =1+1", "\u3000－1", "\ufeff+1"])
def test_a_cell_is_not_a_formula(text: str) -> None:
    from dashboard.figure import to_csv

    assert to_csv([{"title": text}], ["title"], sample=False) == f"title\r\n'{text}\r\n"


@pytest.mark.parametrize("address", ["/", "/articles.atom", "/api/v1/status", "/healthz", "/assets/charts.js", "/none"])
def test_head_is_answered_like_get(get: Any, address: str) -> None:
    head, page = get(address, method="HEAD"), get(address)
    assert (head.status, head.body) == (page.status, b"")
    assert head.headers["content-type"] == page.headers["content-type"]


def test_status_and_description(get: Any) -> None:
    assert get("/api/v1/status").json["healthy"] == 3
    paths = get("/api/v1/openapi.json").json["paths"]
    assert "/api/v1/figures/{name}.{form}" in paths


@pytest.mark.parametrize("name", ["attention", "topics", "people", "topics-total", "all-outlets"])
def test_families_count_each_text_once(get: Any, name: str) -> None:
    """Every other article of the collection is a copy of the one before."""
    articles = get(f"/api/v1/figures/{name}.json?period=all").json
    families = get(f"/api/v1/figures/{name}.json?period=all&unit=families").json
    assert (articles["counted"], families["counted"]) == ("articles", "families")
    assert families["unit"].startswith("Separate texts")
    key = "count" if "count" in families["rows"][0] else "families"
    copied = sum(row.get(key, row.get("articles")) for row in articles["rows"])
    texts = sum(row[key] for row in families["rows"])
    assert abs(2 * texts - copied) <= 1


def test_a_number_of_families_opens_onto_them(get: Any) -> None:
    chart = get("/api/v1/figures/topics.chart?period=all&unit=families").json["spec"]
    values = next(p["data"]["values"] for p in (chart, *chart["layer"]) if "data" in p)
    mark = next(v for v in values if v["value"])
    assert "unit=families" in mark["href"]
    assert get(mark["href"].replace("/articles?", "/api/v1/articles.json?")).json["total"] == mark["value"]


def test_shares_have_their_interval_in_the_table(get: Any) -> None:
    rows_of = get("/api/v1/figures/attention.json?period=all&show=share").json["rows"]
    known = [r for r in rows_of if r["share"] is not None and r["low"] is not None]
    assert known
    assert all(0 <= r["low"] <= r["share"] <= r["high"] for r in known)
    assert {r["group"] for r in known} == {"en"}  # the others have too few outlets for a share


def test_a_change_is_said_only_of_outlets_covered_in_both_periods(get: Any) -> None:
    """Half a year against the one before: nothing changed in English, the others have fewer than three outlets."""
    found = get("/api/v1/figures/changes.json?from=2023-12-01&to=2024-05-31&show=share").json["rows"]
    assert {r["group"]: r["verdict"] for r in found} == {"en": "", "ru": "few-outlets", "zh": "few-outlets"}
    (english,) = (r for r in found if r["group"] == "en")
    assert english["low"] <= english["difference"] <= english["high"]
    assert get("/api/v1/figures/changes.json?period=all&show=share").json["rows"] == []
