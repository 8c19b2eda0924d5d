"""One line in, one line out; a bad line is an error in its place."""

import operator
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.enrich.embedding import DIMENSIONS, embed
from ingest.enrich.entities import Entities
from ingest.enrich.lines import enrich_line
from ingest.enrich.reader import Reader
from ingest.enrich.relevance import RelevanceJudge
from ingest.enrich.topics import Topics

ITEM = {
    "id": "1",
    "title": "Путин встретился с Си Цзиньпином",
    "body": "Президент России Владимир Путин и Си Цзиньпин в Москве договорились о поставках газа в Китай "
    "по газопроводу «Сила Сибири». «Мы рады», — сказал Путин.",
    "lang": "ru",
    "published": "2023-03-21T10:00:00+03:00",
}


def test_annotates_with_offsets_that_match(lexicon_reader):
    out = enrich_line(ITEM, lexicon_reader)
    text = ITEM["title"] + "\n" + ITEM["body"]
    assert out["id"] == "1"
    assert out["relevant"]
    assert "energy" in out["topics"]
    assert {e["key"] for e in out["entities"]} >= {"Vladimir Putin", "Xi Jinping", "Moscow", "China", "Russia"}
    assert all(text[e["start"] : e["end"]] == e["surface"] for e in out["entities"])
    assert all(text.count(e["surface"]) >= e["nth"] for e in out["entities"])
    assert out["versions"].keys() >= {"relevance", "entities", "topics"}
    assert "failed" not in out


def test_annotates_what_is_irrelevant(lexicon_reader):
    out = enrich_line(
        {"id": "2", "title": "Beijing opens a zoo", "body": "Pandas live there.", "lang": "en"}, lexicon_reader
    )
    assert out["relevant"] is False
    assert out["entities"][0]["key"] == "Beijing"


def test_detects_a_language_that_is_not_given(lexicon_reader):
    out = enrich_line({"id": "3", "title": "习近平会见普京", "body": "会谈在北京举行，双方签署协议。"}, lexicon_reader)
    assert out["lang"] == "zh"


@pytest.mark.parametrize(
    "bad",
    [
        [],
        "text",
        None,
        {},
        {"id": "x"},
        {"id": "x", "title": 1, "body": ""},
        {"id": "x", "title": "a", "body": "b", "published": "yesterday"},
    ],
)
def test_a_bad_line_gives_an_error_in_its_place(lexicon_reader, bad):
    out = enrich_line(bad, lexicon_reader)
    assert set(out) == {"id", "error"}
    assert out["error"]


TEXT = st.text(alphabet=st.one_of(st.characters(), st.sampled_from("Путин Xi 普京中俄«»“”.!?。\n\u202e\u0000"))).map(
    lambda s: s * 3
)


@settings(deadline=None, max_examples=60)
@given(title=TEXT, body=TEXT, lang=st.sampled_from(["en", "ru", "zh", "uk", "und"]))
def test_any_text_is_read(title, body, lang):
    out = enrich_line({"id": "p", "title": title, "body": body, "lang": lang}, Reader.load("lexicon"))
    text = title + "\n" + body
    assert "error" not in out
    assert "failed" not in out
    for name in ("entities", "quotes", "phrases"):
        for a in out[name]:
            assert text[a["start"] : a["end"]] == a.get("surface", a.get("text"))


@pytest.mark.parametrize("unit", ["a", "Xi Jinping ", "中俄", "Путин сказал, что ", "«", ". ", "\n", "компания «А"])
def test_a_megabyte_is_bounded(gazetteer, make_article, unit):
    """Relevance, entities and topics read the first 100,000 characters, and no pattern in them is quadratic."""
    lang = "zh" if unit == "中俄" else "ru" if re.search("[А-я]", unit) else "en"
    reader = Reader(RelevanceJudge(), (Entities(models=False), Topics()), gazetteer)
    began = time.process_time()
    read = reader.read(make_article(lang, "", unit * (1_000_000 // len(unit))), always=True)
    assert read.failed == {}
    assert time.process_time() - began < 20


@pytest.mark.models
@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        (
            "en",
            "Sergei Petrov of Amur Shipping spoke in Heihe. Petrov left.",
            {"Sergei Petrov": "Sergei Petrov", "Petrov": "Sergei Petrov"},
        ),
        (
            "ru",
            "Об этом сообщила Светлана Акулова. Позже Акулова уточнила.",
            {"Светлана Акулова": "Svetlana Akulova", "Акулова": "Svetlana Akulova"},
        ),
        ("ru", "Чжан Пэнпэна встретили в Чите.", {"Чжан Пэнпэна": "Zhang Pengpeng"}),
        ("zh", "记者张卫国在哈尔滨报道。", {"张卫国": "张卫国", "哈尔滨": "Harbin"}),
    ],
)
def test_models_find_what_the_gazetteer_lacks(make_reading, lang, text, expected):
    found = {e.surface: e.key for e in Entities()(make_reading(lang, "", text))}
    assert expected.items() <= found.items()


@pytest.mark.models
def test_an_embedding_is_of_length_one_and_close_across_languages():
    one, same, other = embed(["Putin met Xi in Moscow", "Путин встретился с Си в Москве", "A recipe for apple cake"])
    assert len(one) == DIMENSIONS
    assert sum(x * x for x in one) == pytest.approx(1, abs=0.01)
    assert sum(map(operator.mul, one, same)) > 0.3 + sum(map(operator.mul, one, other))


def test_a_component_that_raises_is_set_aside_and_named(gazetteer, make_article):
    class Broken:
        name, version, reads, adds = "broken", "1", (), "phrases"

        def __call__(self, doc):
            raise RuntimeError("no")

    read = Reader(RelevanceJudge(), (Broken(), Topics()), gazetteer).read(
        make_article("en", "Gas pipeline", "Gas flows."), always=True
    )
    assert read.failed == {"broken": "RuntimeError: no"}
    assert [t.name for t in read.topics] == ["energy"]
