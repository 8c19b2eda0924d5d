"""Words are cut where Elasticsearch's standard tokenizer cuts them: the expectations are its answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.store import Store
from index.store.elastic import ElasticStore
from index.store.embedded_words import spaced, spans, words_of

TEXTS = [
    ("China's U.S. gas", "China's U.S gas"),
    ("Sino-Russian G20-summit, 3,000.5!", "Sino Russian G20 summit 3,000.5"),
    ("中俄东线，天然气管道。", "中 俄 东 线 天 然 气 管 道"),
    ("中国Huawei公司5G", "中 国 Huawei 公 司 5G"),
    ("«Сила Сибири» — это", "Сила Сибири это"),
    ("a_b e.g. 12:30 word.next", "a_b e.g 12 30 word.next"),
    ("Пу\u0301тин", "Пу\u0301тин"),
    ("x" * 300, "x" * 255 + " " + "x" * 45),
    ("", ""),
    ("— … !", ""),
]


@pytest.mark.parametrize(("text", "words"), TEXTS)
def test_words(text: str, words: str) -> None:
    assert spaced(text) == words


@pytest.mark.elasticsearch
def test_elasticsearch_cuts_alike(elastic: Store) -> None:
    assert isinstance(elastic, ElasticStore)
    for text, words in TEXTS[:-2]:
        answer = elastic.client.indices.analyze(analyzer="standard", text=text)
        assert [t["token"] for t in answer["tokens"]] == words.lower().split(), text


@given(st.text())
def test_every_word_stands_where_its_span_says(text: str) -> None:
    words = words_of(text)
    assert [text[a:b] for a, b in spans(text, words, len(words))] == words
