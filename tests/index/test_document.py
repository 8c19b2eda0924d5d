"""Documents, and that they fit the mappings: every field is in them, and of the type that they say."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from index_samples import CAMPS, ROWS, documents, enriched, events, identifier, names, source

from index.collections import COLLECTIONS, field_types, mapping
from index.document import QUADRANTS, coverage_document, story_document, to_document
from index.folding import fold
from index.store.embedded_schema import to_tantivy
from ingest.model import EVENT_TYPES, Links


def coverage() -> dict[str, Any]:
    counts = {"polls": 3, "polls_ok": 2, "entries": 9, "decided": 8, "relevant": 1, "covered": 1}
    return coverage_document(
        counts, id="c", revision=1, outlet="neva_wire", source=source("neva_wire"), lang="ru", day=date(2024, 5, 16),
        camp="russian-state",
    )  # fmt: skip


def of(collection: str) -> list[dict[str, Any]]:
    made = {
        "articles": documents(),
        "events": events(),
        "stories": [story_document("s2", [d for d in documents() if d["story"] == "s2"], 4)],
        "coverage": [coverage()],
    }
    return made[collection]


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_documents_fit_the_mapping(collection: str) -> None:
    """`to_tantivy` checks every field and value against the mapping, as strictly as Elasticsearch does."""
    for document in of(collection):
        to_tantivy(collection, document)
        assert json.loads(json.dumps(document)) == document


# What the sample of this test has no value for: the mapping has these fields all the same.
NOT_IN_SAMPLE = {"articles": {"wire", "phrases", "places"}, "events": set(), "stories": set(), "coverage": set()}


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_every_field_of_the_mapping_is_given(collection: str) -> None:
    given_fields = {name for document in of(collection) for name in document}
    assert set(mapping(collection)["properties"]) - given_fields == NOT_IN_SAMPLE[collection]


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_the_mapping_is_strict_and_facets_are_keywords(collection: str) -> None:
    assert mapping(collection)["dynamic"] == "strict"
    kinds = set(field_types(collection).values())
    assert kinds <= {"text", "keyword", "date", "long", "double", "boolean"}


def test_text_goes_to_the_fields_of_its_own_language_only() -> None:
    for document in documents():
        languages = {name.rpartition("_")[2] for name in document if name.startswith(("title_", "lead_", "body_"))}
        assert languages == {document["lang"]}


def test_what_is_shown_is_as_written_and_what_is_searched_is_folded() -> None:
    document = next(d for d in documents() if d["id"] == identifier("zh2"))
    assert (document["title"], document["title_zh"]) == ("習近平同普京會談", "习近平同普京会谈")
    assert "body" not in document


def test_another_language_is_shown_but_not_indexed_as_text() -> None:
    read = enriched(ROWS[0])
    other = to_document(replace(read, article=replace(read.article, lang="de")), None, None, "other", 1, names=names)
    assert other["title"] == read.article.title
    assert not any(name.startswith(("title_", "lead_", "body_")) for name in other)
    assert (other["country"], other["ownership"]) == ("XXX", "unknown")


def test_names_of_every_script_come_with_an_entity() -> None:
    document = documents()[0]
    assert document["entity_names"][:4] == ["Gazprom", "Xi Jinping", "Газпром", "俄罗斯天然气工业股份公司"]
    assert document["people"] == ["Xi Jinping"]
    assert document["organisations"] == ["Gazprom"]


def test_annotations_carry_the_sentences_that_decided() -> None:
    article = documents()[0]
    (sentence,) = article["annotations"]["topics"][0]["sentences"]
    assert sentence["text"] == "China's gas pipeline talks resume"
    assert article["annotations"]["versions"] == {"topics": "1"}
    assert "embedding" not in article["annotations"]


def test_the_day_is_the_outlets_own_else_that_of_utc() -> None:
    read = enriched(ROWS[0])
    late = datetime(2024, 5, 16, 23, 30, tzinfo=UTC)
    own = replace(read.article, published=late, local_date=date(2024, 5, 17))
    days = [
        to_document(replace(read, article=article), None, None, "other", 1, names=names).get("day")
        for article in (own, replace(own, local_date=None), replace(own, local_date=None, published=None))
    ]
    assert days == ["2024-05-17", "2024-05-16", None]


def test_an_event_has_a_stable_id_and_its_articles_filters() -> None:
    first, again = events(1)[0], events(2)[0]
    assert first["id"] == again["id"]
    assert (first["dyad"], first["type"], first["quadrant"]) == ("RUS>CHN", "CONSULT", "verbal-cooperation")
    assert (first["article"], first["outlet"], first["camp"]) == (identifier("en1"), "harbour_post", "western")


def test_every_event_type_has_one_quadrant() -> None:
    assert sorted(t for types in QUADRANTS.values() for t in types) == sorted(EVENT_TYPES)


def test_a_story_is_told_by_its_first_original_report() -> None:
    members = [d for d in documents() if d["story"] == "s2"]
    story = story_document("s2", list(reversed(members)), 4)
    assert story["title"] == "Путин и Си Цзиньпин подписали заявление", "the first of three at the same hour, by id"
    assert (story["articles"], story["families"], story["langs"]) == (4, 3, ["ru", "en", "zh"])
    assert (story["first"], story["last"]) == ("2024-05-16T10:00:00Z", "2024-05-17T11:00:00Z")


def test_links_are_left_out_until_there_are_any() -> None:
    alone = to_document(enriched(ROWS[0]), source("harbour_post"), None, CAMPS["harbour_post"], 1, names=names)
    assert not {"family", "story", "original"} & set(alone)
    linked = to_document(enriched(ROWS[0]), None, Links("x", "f", "s", original=False), "other", 1, names=names)
    assert (linked["family"], linked["story"], linked["original"]) == ("f", "s", False)


@given(st.text())
def test_folding_keeps_every_offset_and_is_done_once(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("習近平與普京會談", "习近平与普京会谈"),
        ("天然氣", "天然气"),
        ("烏克蘭", "乌克兰"),
        ("Ещё Ёлка", "Еще Елка"),
        ("China’s", "China's"),
        ("Ｇ２０", "G20"),
        ("“«»，。", "“«»，。"),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded
