"""Set formulas: one line of text for each language, the speaker where it is quoted."""

import re

import pytest

from ingest.enrich.phrases import find_phrases, formulas
from ingest.model import LANGUAGES, Quote


@pytest.mark.parametrize(
    ("lang", "text", "keys"),
    [
        ("en", "A no-limits partnership, and a junior partner.", ["no-limits-partnership", "junior-partner"]),
        ("en", "a multipolar world and indivisible security", ["multipolar-world", "indivisible-security"]),
        ("ru", "Стороны выступают за многополярный мир.", ["multipolar-world"]),
        ("ru", "Поворот на Восток идёт с 2012 года.", ["turn-to-the-east"]),
        ("ru", "о всеобъемлющем партнёрстве и стратегическом взаимодействии, вступающих в новую эпоху",
         ["comprehensive-strategic-partnership-new-era"]),
        ("ru", "Своё слово", []),
        ("zh", "新时代全面战略协作伙伴关系", ["comprehensive-strategic-partnership-new-era"]),
        ("zh", "雙方反對霸權主義和冷戰思維", ["hegemony", "cold-war-mentality"]),
        ("zh", "百年未有之大变局", ["changes-unseen-in-a-century"]),
    ],
)  # fmt: skip
def test_a_formula_is_found_in_its_variants(lang: str, text: str, keys: list[str]) -> None:
    assert [p.key for p in find_phrases(text, lang)] == keys


def test_the_innermost_quote_speaks() -> None:
    text = "He says: a multipolar world is near"
    outer = Quote(text, 0, len(text), "indirect", "Vladimir Putin")
    inner = Quote(text[9:], 9, len(text), "direct", "Xi Jinping")
    assert find_phrases(text, "en", (outer, inner))[0].speaker == "Xi Jinping"


def test_sixty_formulas_with_variants_first_use_and_source() -> None:
    assert len(formulas()) >= 60
    for formula in formulas():
        assert all(formula.variants[lang] for lang in LANGUAGES), formula.key
        assert re.match(r"\d{4}", formula.first), formula.key
        assert len(formula.source) > 10, formula.key
