"""Stance by holder: plain praise, plain alarm, and what an official says of third parties."""

import pytest

from ingest.enrich.sentences import split_sentences
from ingest.enrich.stance import find_stance
from ingest.model import Quote, Stance


def stances(lang: str, text: str, *quotes: Quote, states: dict[str, str] | None = None) -> dict[str, Stance]:
    country = (states or {}).get
    found = find_stance(text, lang, split_sentences(text, lang), quotes, country=lambda key: country(key or "", ""))
    return {s.holder: s for s in found}


@pytest.mark.parametrize(
    ("lang", "text", "value"),
    [
        ("en", "The friendship of the two countries is at its highest level, and mutual trust grows.", 1),
        ("en", "Moscow has become a junior partner, and its dependence on Beijing causes alarm.", -1),
        ("en", "The ministers met in the afternoon.", 0),
        ("ru", "Дружба двух народов крепнет, взаимное доверие растёт.", 1),
        ("ru", "Москва становится младшим партнёром, недоверие и зависимость растут.", -1),
        ("zh", "两国友谊历久弥坚，互利共赢的合作不断深化。", 1),
        ("zh", "俄罗斯沦为小伙伴，对华依赖令人担忧。", -1),
    ],
)
def test_the_author_is_read_from_the_words(lang: str, text: str, value: int) -> None:
    assert stances(lang, text)["author"].value == value


def test_blame_of_a_third_party_is_no_criticism_of_the_partner() -> None:
    text = "China opposes unilateral sanctions"
    quote = Quote(text, 0, len(text), "indirect", "Wang Wenbin")
    assert stances("en", text, quote)["Wang Wenbin"].value == -1
    assert stances("en", text, quote, states={"Wang Wenbin": "CHN"})["Wang Wenbin"].value == 0


def test_every_stance_says_why_and_how_surely() -> None:
    text = "“Our friendship will not waver,” he said."
    quote = Quote(text[1:30], 1, 30, "direct", "Xi Jinping")
    for stance in stances("en", text, quote).values():
        assert stance.rule
        assert 0 < stance.confidence <= 1
        assert stance.closeness in (-1, 0, 1)
