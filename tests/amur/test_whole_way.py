"""The whole way as a user walks it: the command on the sample web, with the real readers and the embedded store."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.models, pytest.mark.timeout(600)]


def amur(*arguments: str, data: Path, input: str | None = None, code: int = 0) -> str:  # noqa: A002
    command = [sys.executable, "-m", "amur.cli", *arguments]
    env = {n: v for n, v in os.environ.items() if not n.startswith("AMUR_")} | {"AMUR_DATA": str(data)}
    run = subprocess.run(command, capture_output=True, text=True, env=env, input=input, check=False, timeout=500)
    assert run.returncode == code, f"{arguments} ended with {run.returncode}\n{run.stderr[-3000:]}"
    return run.stdout


def found(query: str, data: Path, **options: str) -> list[dict[str, Any]]:
    extra = [x for name, value in options.items() for x in (f"--{name}", value)]
    return json.loads(amur("search", query, "--json", "--limit", "100", *extra, data=data))["articles"]  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    amur("run", "--sample", "--once", "--no-serve", data=folder)
    return folder


def test_states_add_up_to_the_entries(data: Path) -> None:
    status = json.loads(amur("status", "--json", data=data))
    assert status["sample"] is True
    assert sum(status["states"].values()) == status["entries"]
    assert status["states"]["indexed"] >= 60
    assert status["store"]["documents"] == status["states"]["indexed"]
    assert {"name", "last_success", "next_poll", "health"} <= set(status["sources"][0])
    assert len({a["lang"] for a in found("", data)}) == 3


def test_a_name_in_any_script_finds_articles_in_three_languages(data: Path) -> None:
    ids = [
        {a["id"] for a in found(f"entity:{name}", data)}
        for name in ('"Xi Jinping"', "习近平", "習近平", '"Си Цзиньпина"')
    ]
    assert ids[0]
    assert ids[0] == ids[1] == ids[2] == ids[3]
    assert {a["lang"] for a in found('entity:"Xi Jinping"', data)} == {"en", "ru", "zh"}


@pytest.mark.parametrize(
    ("query", "as_well_as"),
    [("газопровода", "газопровод"), ("天然氣", "天然气"), ("pipelines", "pipeline")],
)
def test_words_are_found_in_their_other_forms(query: str, as_well_as: str, data: Path) -> None:
    assert {a["id"] for a in found(query, data)} == {a["id"] for a in found(as_well_as, data)} != set()


def test_a_malformed_query_points_at_the_place(data: Path) -> None:
    command = [sys.executable, "-m", "amur.cli", "search", "gas AND (", "--data", str(data)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert "gas AND (" in run.stderr
    assert "^" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_second_run_finds_nothing_new_and_real_data_never_meets_the_sample(data: Path) -> None:
    before = json.loads(amur("status", "--json", data=data))
    amur("run", "--sample", "--once", "--no-serve", data=data)
    after = json.loads(amur("status", "--json", data=data))
    assert after["states"] == before["states"]
    assert (data / "sample" / "ledger.sqlite").exists()
    assert not (data / "ledger.sqlite").exists()


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_exports_have_ids_a_mark_of_the_sample_and_no_bodies(form: str, data: Path) -> None:
    text = amur("export", "lang:ru", "--format", form, data=data)
    first = text.splitlines()[0]
    assert first.lstrip("\ufeff").startswith('{"id"' if form == "jsonl" else "id,")
    assert "sample" in first.lower()
    assert "body" not in first


def test_parquet_reads_back(data: Path, tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    target = tmp_path / "articles.parquet"
    amur("export", "topic:energy", "--format", "parquet", "-o", str(target), data=data)
    table = pq.read_table(target)
    assert table.column_names[0] == "id"
    assert table.num_rows == len(found("topic:energy", data))


def test_bodies_need_a_private_instance(data: Path) -> None:
    amur("export", "--bodies", data=data, code=2)


def test_a_forgotten_article_is_gone_for_good(data: Path) -> None:
    url = found("lang:en", data)[0]["url"]
    assert json.loads(amur("forget", url, "--json", data=data))["known"] is True
    amur("run", "--sample", "--once", "--no-serve", data=data)
    assert url not in {a["url"] for a in found("lang:en", data)}


def test_reprocess_gives_the_same_articles(data: Path) -> None:
    before = {a["id"]: a["entities"] for a in found("", data)}
    amur("reprocess", data=data)
    assert {a["id"]: a["entities"] for a in found("", data)} == before


def test_lines_are_enriched_and_linked_and_bad_ones_named() -> None:
    items = [
        {
            "id": "a",
            "title": "Gazprom and CNPC agree on gas",
            "body": "Gazprom signed a contract with CNPC in Beijing.",
        },
        {
            "id": "b",
            "title": "«Газпром» и CNPC подписали контракт",
            "body": "«Газпром» подписал контракт с CNPC в Пекине.",
        },
    ]
    lines = "".join(json.dumps(i, ensure_ascii=False) + "\n" for i in items) + "not json\n"
    out = [json.loads(x) for x in amur("enrich", "-", data=Path(), input=lines, code=3).splitlines()]
    assert [o["id"] for o in out] == ["a", "b", None]
    assert "error" in out[2]
    text = items[0]["title"] + "\n" + items[0]["body"]
    assert all(text[e["start"] : e["end"]] == e["surface"] for e in out[0]["entities"])
    assert {"relevant", "topics", "entities", "quotes", "events", "stance", "versions"} <= set(out[0])
    linked = [json.loads(x) for x in amur("link", "-", data=Path(), input=lines, code=3).splitlines()]
    assert [set(x) for x in linked[:2]] == [{"id", "story", "family"}] * 2
    assert "error" in linked[2]


def test_what_is_printed_is_what_the_schemas_say(data: Path) -> None:
    from jsonschema import Draft202012Validator

    schemas = Path(__file__).parents[2] / "docs" / "schemas"
    printed = {
        "status": amur("status", "--json", data=data),
        "search": amur("search", "gas", "--json", data=data),
        "export": amur("export", "lang:zh", data=data).splitlines()[0],
    }
    for name, text in printed.items():
        schema = json.loads((schemas / f"{name}.schema.json").read_text(encoding="utf-8"))
        Draft202012Validator(schema).validate(json.loads(text))
