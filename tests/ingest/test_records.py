"""Records are JSON with the gold guide's names, come back as they went, and say so when they cannot be read."""

import datetime as dt
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amur.errors import ReadError
from ingest.model import (
    Article,
    EnrichedArticle,
    Entity,
    Event,
    FeedEntry,
    Phrase,
    Quote,
    Relevance,
    Sentence,
    Stance,
    Topic,
)
from ingest.records import entry_from_json, entry_to_json, from_record, to_record

WHEN = dt.datetime(2023, 3, 21, 9, 30, tzinfo=dt.UTC)
FULL = EnrichedArticle(
    Article(
        "a" * 64,
        "wire",
        "u",
        "c",
        "标题",
        "Текст",
        "zh",
        WHEN,
        "page",
        "minute",
        WHEN.date(),
        ("А. Б.",),
        first_seen=WHEN,
    ),
    Relevance(True, 0.9, True, (Sentence(0, 5),)),
    entities=(Entity("习近平", 0, 3, "PER", "Xi Jinping", "Q15031", 0.8, "gazetteer"),),
    topics=(Topic("diplomacy", 0.7, (Sentence(0, 5),)),),
    quotes=(Quote("да", 1, 3, "direct", None, "сказал"),),
    events=(Event("RUS", "CHN", "AGREE", "e", 0, 1, 4.0, 0.5, WHEN.date(), True),),
    stance=(Stance("author", -1, 1, 0.6, 0, 4),),
    phrases=(Phrase("no-limits", "без границ", 0, 10, "Vladimir Putin"),),
    embedding=(0.1, -0.25, 1e-8),
    versions={"entities": "3"},
    failed={"events": "ValueError: odd"},
)


def test_a_full_record_comes_back_through_json() -> None:
    record = json.loads(json.dumps(to_record(FULL), ensure_ascii=False))
    assert from_record(record) == FULL
    assert record["article"]["body"] == "Текст"
    assert record["entities"][0]["key"] == "Xi Jinping"
    assert record["article"]["published"].startswith("2023-03-21T09:30:00")


@settings(max_examples=50, deadline=None)
@given(
    st.builds(Article, *[st.text()] * 7, lead=st.text(), published=st.none() | st.datetimes(timezones=st.just(dt.UTC)))
)
def test_any_text_comes_back(article: Article) -> None:
    plain = EnrichedArticle(article, Relevance(False, 0.0, False))
    assert from_record(json.loads(json.dumps(to_record(plain)))) == plain


@pytest.mark.parametrize("record", [{}, {"format": 1}, {"format": 99, "article": {}}, {"format": "x"},
                                    {"format": 1, "article": {"id": 5}}])  # fmt: skip
def test_what_is_no_record_is_named(record: dict[str, Any]) -> None:
    with pytest.raises(ReadError):
        from_record(record)


def test_feed_entries_come_back() -> None:
    entry = FeedEntry("wire", "f", "u", "g", "заголовок", "summary", ("a", "b"), WHEN, "second", WHEN, "ru", True)
    assert entry_from_json(entry_to_json(entry)) == entry
    with pytest.raises(ReadError):
        entry_from_json("{")
