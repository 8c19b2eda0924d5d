"""Stance toward the relationship between Russia and China, by holder: the author and each quoted official. Experimental.

A lexicon of approval and alarm is weighed over the sentences that speak of both sides, negation turns a word round.
How good (value) and how close (closeness) are read apart. No comparison between camps should rest on it without
hand-coded items: the classifier's errors differ by language.
"""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ingest.enrich.base import Reading
from ingest.model import Article, Entity, Event, Quote, Sentence, Stance

# Net weight per ten words (Chinese: twenty characters) from which a holder is not neutral; set on the even half of
# the development items.
AUTHOR_EDGE = 0.35
HOLDER_EDGE = 0.5
CLOSENESS_EDGE = 0.4
# A first look at the manner of outlets: added to an author's net weight, in the same unit.
_NEGATORS = {
    "en": re.compile(r"\b(?:no|not|never|without|hardly|\w+n['’]t)\s+(?:\w+\s+){0,2}$", re.I),
    "ru": re.compile(r"\b(?:не|нет|без|ни)\s+(?:\w+\s+){0,1}$", re.I),
    "zh": re.compile(r"(?:不|没有|未|无|非|并非)$"),
}


@dataclass(frozen=True, slots=True)
class _Lexicon:
    patterns: tuple[tuple[re.Pattern[str], float], ...]
    closeness: tuple[tuple[re.Pattern[str], float], ...]


@cache
def _lexicon(lang: str) -> _Lexicon:
    table = tomllib.loads((files("ingest.enrich") / "lexicons" / "stance.toml").read_text(encoding="utf-8"))[lang]
    good = [(_compiled(words, lang), sign * float(weight)) for name, sign in (("positive", 1), ("negative", -1)) for weight, words in table[name].items()]
    near = [(_compiled(words, lang), sign * float(weight)) for name, sign in (("closer", 1), ("looser", -1)) for weight, words in table[name].items()]
    return _Lexicon(tuple(good), tuple(near))


def _compiled(words: str, lang: str) -> re.Pattern[str]:
    items = sorted({w.strip() for w in words.replace("\n", "").split("|") if w.strip()}, key=lambda w: (-len(w), w))
    if lang == "zh":
        return re.compile("|".join(map(re.escape, items)))
    # A Russian entry of several stems: each stem may be followed by an ending.
    built = [r"\w*\s+".join(map(re.escape, w.split(" "))) + (r"\w*" if lang == "ru" else "") for w in items]
    if lang == "en":
        built = [re.escape(w).replace(r"\ ", r"\s+") + (r"\w*" if w in ("humiliat", "sinophob", "decoupl") else "") for w in items]
    return re.compile(rf"\b(?:{'|'.join(built)})\b", re.IGNORECASE)


class StanceEnricher:
    """`Reading` -> stances: the author's first, then one for each quoted official or institution."""

    name = "stance"
    version = "1"
    reads: tuple[str, ...] = ("relevance", "entities", "quotes", "events")
    adds = "stance"

    def __call__(self, doc: Reading, /) -> tuple[Stance, ...]:
        relevant = doc.relevance.relevant if doc.relevance else True
        folded = _folded(doc.text, doc.lang)
        return find_stance(
            folded, doc.lang, doc.sentences, doc.entities, doc.quotes, doc.events, relevant=relevant, article=doc.article
        )


def _folded(text: str, lang: str) -> str:
    if lang != "zh":
        return text
    from ingest.enrich.han import simplified

    return simplified(text)


def find_stance(
    text: str,
    lang: str,
    sentences: Sequence[Sentence],
    entities: Sequence[Entity],
    quotes: Sequence[Quote],
    events: Sequence[Event] = (),
    *,
    relevant: bool = True,
    article: Article | None = None,
) -> tuple[Stance, ...]:
    """Stances of a text (Chinese folded to simplified). `value` is 0 for all of an irrelevant article."""
    del article
    lang = lang if lang in ("ru", "zh") else "en"
    author = _author(text, lang, sentences, quotes, events) if relevant else Stance("author", 0, rule="irrelevant")
    return (author, *(_holders(text, lang, entities, quotes, relevant=relevant)))


def _author(text: str, lang: str, sentences: Sequence[Sentence], quotes: Sequence[Quote], events: Sequence[Event]) -> Stance:
    own = _outside(text, sentences, quotes)
    net = _net(own, lang) + _acts(events)
    near = _net(own, lang, closeness=True)
    value = _sign(net, AUTHOR_EDGE)
    return Stance("author", value, _sign(near, CLOSENESS_EDGE), _confidence(net, AUTHOR_EDGE), 0, len(text), f"lexicon {net:+.2f}")


def _acts(events: Sequence[Event]) -> float:
    """What the two did to each other leans on how the author tells it: a tenth of the mean Goldstein score."""
    scores = [e.score for e in events if {e.source, e.target} == {"RUS", "CHN"}]
    return sum(scores) / len(scores) / 20 if scores else 0.0


def _outside(text: str, sentences: Sequence[Sentence], quotes: Sequence[Quote]) -> str:
    """The author's own words: what no direct quote holds."""
    chars = list(text)
    for quote in quotes:
        if quote.kind == "direct":
            chars[quote.start : quote.end] = " " * (quote.end - quote.start)
    return "\n".join("".join(chars[s.start : s.end]) for s in sentences)


def _holders(
    text: str, lang: str, entities: Sequence[Entity], quotes: Sequence[Quote], *, relevant: bool
) -> list[Stance]:
    words: dict[str, list[Quote]] = {}
    for quote in quotes:
        if quote.speaker:
            words.setdefault(quote.speaker, []).append(quote)
    return [_holder(text, lang, holder, said, relevant=relevant) for holder, said in words.items()]


def _holder(text: str, lang: str, holder: str, said: list[Quote], *, relevant: bool) -> Stance:
    spoken = "\n".join(text[q.start : q.end] for q in said)
    net = _net(spoken, lang) if relevant else 0.0
    near = _net(spoken, lang, closeness=True)
    first = min(said, key=lambda q: q.start)
    return Stance(holder, _sign(net, HOLDER_EDGE), _sign(near, CLOSENESS_EDGE), _confidence(net, HOLDER_EDGE), first.start, first.end, f"lexicon {net:+.2f}")


def _net(text: str, lang: str, *, closeness: bool = False) -> float:
    """Weight of approving less alarmed words, per ten words (Chinese: twenty characters), longer texts less than in proportion."""
    lexicon = _lexicon(lang)
    total = 0.0
    for pattern, weight in lexicon.closeness if closeness else lexicon.patterns:
        for found in pattern.finditer(text):
            turned = _NEGATORS[lang].search(text, max(0, found.start() - 25), found.start())
            total += -0.5 * weight if turned else weight
    size = len(text) / 20 if lang == "zh" else len(text.split()) / 10
    return float(total / max(1.0, size) ** 0.7)


def _sign(net: float, edge: float) -> int:
    return 1 if net >= edge else -1 if net <= -edge else 0


def _confidence(net: float, edge: float) -> float:
    return round(min(0.9, 0.4 + abs(abs(net) - edge) / 4), 3)
