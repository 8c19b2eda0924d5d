"""Copies and non-copies, by the labelled pairs and by the properties that the ledger relies on."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.duplicate_pairs import LANGUAGES, pairs
from bench.duplicates import judge
from ingest.duplicates import BANDS, bands, numbers_of, same_text, shingles, signature, similarity

TEXT = "Переговоры о газопроводе завершились, сообщили в министерстве, стороны встретятся в ноябре в Харбине."


def test_labelled_pairs_reach_the_aims_in_each_language() -> None:
    judged = [(pair, judge(pair)[0]) for pair in pairs()]
    assert len(judged) >= 150
    for lang in LANGUAGES:
        count = Counter((pair.copy, found) for pair, found in judged if pair.one.lang == lang)
        assert count[True, True] / (count[True, True] + count[False, True]) >= 0.98
        assert count[True, True] / (count[True, True] + count[True, False]) >= 0.95


def test_a_signature_never_changes() -> None:
    """Ledgers hold signatures: a change of library or seed that alters them must be noticed."""
    assert signature("one two three four", "en")[:3] == signature("One, two three FOUR!", "en")[:3]
    assert bands(signature("one two three four", "en"))[0] == -7803580847506140345


def test_bands_are_signed_64_bit_numbers_and_differ_by_place() -> None:
    keys = bands(signature(TEXT, "ru"))
    assert len(keys) == len(set(keys)) == BANDS
    assert all(-(2**63) <= key < 2**63 for key in keys)
    assert bands(()) == ()


def test_script_case_and_punctuation_do_not_count() -> None:
    assert signature("國家主席習近平訪問莫斯科", "zh") == signature("国家主席，习近平，访问莫斯科。", "zh")
    assert signature("Ещё одна “новость” дня", "ru") == signature("еще одна «новость» ДНЯ", "ru")


@pytest.mark.parametrize("text", ["", "two words", "…", "习近平"])
def test_a_text_too_short_to_compare_is_like_nothing(text: str) -> None:
    values = signature(text, "zh" if "习" in text else "en")
    assert values == ()
    assert not same_text(values, values)


def test_numbers_guard() -> None:
    values = signature(TEXT, "ru")
    assert same_text(values, values, frozenset({"1", "2"}), frozenset({"1", "2", "3"}))
    assert not same_text(values, values, frozenset({"11.42", "81.1"}), frozenset({"11.47", "80.9"}))
    assert numbers_of("1,500 roubles, 11.42 and 20:30") == {"1500", "11.42", "20:30"}


@given(st.text(max_size=200), st.sampled_from(["en", "ru", "zh", "und"]))
def test_any_text_has_a_signature_that_is_like_itself(text: str, lang: str) -> None:
    values = signature(text, lang)
    assert values == signature(text, lang)
    assert similarity(values, values) == (1.0 if shingles(text, lang) else 0.0)
