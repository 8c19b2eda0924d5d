"""Sentence boundaries in three languages."""

import pytest

from ingest.enrich.sentences import split_sentences

CASES = [
    ("en", "Title\nMr. Xi met J. D. Vance. They spoke.", ["Title", "Mr. Xi met J. D. Vance.", "They spoke."]),
    ("en", "“I agree!” said she. Done.", ["“I agree!” said she.", "Done."]),
    ("en", "The U.S. said no. Yes.", ["The U.S. said no.", "Yes."]),
    ("ru", "В 2014 г. В. Путин приехал. Всё.", ["В 2014 г. В. Путин приехал.", "Всё."]),
    ("ru", "«Да!» — сказал он. Конец.", ["«Да!» — сказал он.", "Конец."]),
    ("zh", "普京说：“很好。”习近平同意。完", ["普京说：“很好。”", "习近平同意。", "完"]),
]


@pytest.mark.parametrize(("lang", "text", "expected"), CASES)
def test_splits(lang, text, expected):
    assert [text[s.start : s.end] for s in split_sentences(text, lang)] == expected
