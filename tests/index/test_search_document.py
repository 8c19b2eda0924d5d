"""docs/search.md: its fields, limits and examples are those of the code."""

import re
from pathlib import Path

import pytest

from index.language import DEEPEST, FIELDS, LONGEST_QUERY, MOST_PARTS, parse, render
from index.store.embedded_query import CLAUSES

TEXT = (Path(__file__).parents[2] / "docs" / "search.md").read_text(encoding="utf-8")


def examples() -> list[str]:
    """The indented examples, and the first column of the tables of queries."""
    first = re.search(r"Three examples:\n\n((?:    .+\n)+)", TEXT)
    assert first
    queries = [line.strip() for line in first[1].splitlines()]
    for row in re.findall(r"^\| (`.+?) \| .+ \|$", TEXT.split("## Fields")[0], re.MULTILINE):
        queries += re.findall(r"`([^`]+)`", row)
    for row in re.findall(r"^\| `\w+:`.*?\| (`.+?`) \| ", TEXT, re.MULTILINE):
        queries += re.findall(r"`([^`]+)`", row)
    return queries


@pytest.mark.parametrize("query", examples())
def test_every_example_is_a_query(query: str) -> None:
    tree = parse(query)
    assert parse(render(tree)) == tree


def test_examples_are_in_three_scripts_and_many() -> None:
    text = " ".join(examples())
    assert len(examples()) >= 15
    assert re.search("[а-я]", text)
    assert re.search("[一-鿿]", text)


def test_fields_clauses_and_limits_are_named() -> None:
    for name in FIELDS:
        assert f"`{name}:`" in TEXT
    for clause in CLAUSES:
        assert f"`{clause}`" in TEXT
    for number in (LONGEST_QUERY, MOST_PARTS, DEEPEST):
        assert str(number) in TEXT
