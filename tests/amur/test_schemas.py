"""What the commands print is what docs/schemas/ says."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from ingest.enrich.lines import enrich_line
from ingest.enrich.reader import Reader
from ingest.extractlines import extract_file, extract_line
from ingest.linklines import link_lines

SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"
ITEM = {
    "id": 7,
    "title": "Газпром подписал контракт с CNPC",
    "body": "Россия и Китай подписали соглашение о поставках газа. «Это большой шаг», — заявил Алексей Миллер.",
    "lang": "ru",
    "published": "2014-05-21T14:05:00+04:00",
}
PAGE = "<html lang=en><title>Gas</title><article><h1>Gas</h1>" + "<p>Russia sells more gas to China each year.</p>" * 9


def validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", sorted(SCHEMAS.glob("*.json")), ids=lambda p: p.name)
def test_each_is_a_schema_of_its_own_name(path: Path) -> None:
    schema = json.loads(path.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    assert schema["$id"].endswith("/" + path.name)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader.load("lexicon")


def test_enriched_lines(reader: Reader) -> None:
    line = json.loads(json.dumps(enrich_line(ITEM, reader)))
    validator("enrich").validate(line)
    assert line["relevant"] is True
    text = f"{ITEM['title']}\n{ITEM['body']}"
    assert line["entities"]
    assert all(text[e["start"] : e["end"]] == e["surface"] for e in line["entities"])


@pytest.mark.parametrize("bad", [{}, {"id": 1, "title": 5, "body": "x"}, {"id": 1, "title": "x"}])
def test_bad_lines_are_named_in_their_place(bad: dict[str, Any], reader: Reader) -> None:
    line = enrich_line(bad, reader)
    assert set(line) == {"id", "error"}
    validator("enrich").validate(line)


def test_extracted_articles() -> None:
    validator("extract").validate(extract_file(PAGE.encode(), "http://a.example/1"))
    validator("extract").validate(extract_line({"id": "x", "html": PAGE, "url": "http://a.example/1"}))
    bad = extract_line({"id": "x", "url": "http://a.example/1"})
    assert set(bad) == {"id", "error"}
    validator("extract").validate(bad)


@pytest.mark.models
def test_linked_lines() -> None:
    for line in link_lines([{"id": "a", "title": "Gas", "body": "Russia sells gas to China."}, {"id": "b"}]):
        validator("link").validate(line)
