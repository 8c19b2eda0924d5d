"""Whether an article tells of dealings, statements or perceptions between Russia and China, or only names them.

Cheap and first: names of both sides by the gazetteer, adjectives and demonyms by pattern, and from them the evidence of
each sentence. An article that does not name both sides is never relevant. The weights were fitted by logistic regression
on one half of the gold items and thousands of real unrelated texts (`python -m bench reading`), then rounded; precision at
real prevalence (about one article in 200) set THRESHOLD.
"""

import math
import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from functools import cache

from ingest.enrich.base import Reading
from ingest.enrich.lexicon import rows
from ingest.model import Relevance, Sentence

# Probability from which an article counts as relevant.
THRESHOLD = 0.5
# The opening: the title and so many sentences after it.
OPENING = 4
# Only the beginning of a long text is weighed: what is relevant says so early.
MAX_CHARACTERS = 12_000

_SIDES = {
    "en": (r"\b(?:Russians?|Russo|Putin|Soviets?)\b", r"\b(?:Chinese|Sino)\b"),
    "ru": (
        r"\b(?:[Рр]оссийск|[Рр]оссиян|[Рр]усск|[Сс]оветск)\w*",
        r"\b(?:[Кк]итайск|[Кк]итайц|[Кк]итаец|[Кк]итаянк)\w*",
    ),
    "zh": (r"俄罗斯|俄语|苏联|俄籍", r"中国|中企|中资|华人|华侨"),
}
_PAIRED = {
    "en": r"\b(?:Sino|Chin(?:a|ese)|Beijing)['’]?s?\s?(?:[-–—/]|and|with)\s?(?:Russo|Russian?|Moscow)\b"
    r"|\b(?:Russo|Russian?|Moscow)['’]?s?\s?(?:[-–—/]|and|with)\s?(?:Sino|Chin(?:a|ese)|Beijing)\b",
    "ru": r"\b[Рр]оссийско-китайск\w*|\b[Кк]итайско-российск\w*|\b[Сс]оветско-китайск\w*"
    r"|\b(?:Росси|Москв|РФ)\w*\s(?:и|с)\s(?:Кита|Пекин|КНР)\w*|\b(?:Кита|Пекин|КНР)\w*\s(?:и|с)\s(?:Росси|Москв|РФ)\w*",
    "zh": r"(?<![中美欧日印])(?:中俄|俄中|中苏|苏中)(?![美欧日印朝蒙伊])|(?:对|访|赴|来|在|驻)(?:俄|华)|俄罗斯(?:同|和|与|跟)中国|中国(?:同|和|与|跟)俄罗斯|俄方|中方",
}


@dataclass(frozen=True, slots=True)
class Weights:
    bias: float
    title: float  # both sides in the title
    opening: float  # evidence of the opening's sentences, at most three
    dealing: float  # sentences with both sides and a word of dealings, per square root of sentences
    paired: float  # both sides joined in a phrase (Sino-Russian, 中俄), logarithm
    balance: float  # share of the less named side among all countries named
    crowd: float  # share of other countries
    listed: float  # sentences that name both among three or more others, share
    named: float  # share of sentences with words of sport, weather, markets
    lesser: float  # logarithm of the times the less named side is named


WEIGHTS = Weights(-3.6, 1.0, 0.8, 1.0, 0.9, 4.0, -2.5, -3.0, -2.5, 0.4)


@dataclass(frozen=True, slots=True)
class Features:
    title: float = 0.0
    opening: float = 0.0
    dealing: float = 0.0
    paired: float = 0.0
    balance: float = 0.0
    crowd: float = 0.0
    listed: float = 0.0
    named: float = 0.0
    lesser: float = 0.0


@dataclass(frozen=True, slots=True)
class _Told:
    """What one sentence tells of the two sides."""

    span: Sentence
    russia: int
    china: int
    others: tuple[str, ...]
    dealing: bool
    paired: int
    named: bool

    @property
    def both(self) -> bool:
        return self.russia > 0 and self.china > 0

    @property
    def listed(self) -> bool:
        return self.both and not self.paired and len(self.others) >= 3

    @property
    def evidence(self) -> float:
        """0 to 2: both sides, in a phrase or with a word of dealings, not in a list of countries."""
        if not self.both or self.listed:
            return 0.0
        return 0.5 + (0.75 if self.dealing else 0.0) + (0.75 if self.paired else 0.0)


class RelevanceJudge:
    name = "relevance"
    version = "1"
    reads: tuple[str, ...] = ("article",)
    adds = "relevance"

    def __call__(self, doc: Reading) -> Relevance:
        told = tell(doc)
        opening = told[:OPENING]
        both_named = any(t.russia for t in opening) and any(t.china for t in opening)
        if not (any(t.russia for t in told) and any(t.china for t in told)):
            return Relevance(False, 0.0, False, (), "one side unnamed")
        score = probability(features(told))
        decided = tuple(t.span for t in sorted(told, key=lambda t: -t.evidence)[:3] if t.evidence > 0)
        return Relevance(
            score >= THRESHOLD, round(score, 4), both_named, tuple(sorted(decided, key=lambda s: s.start)), "weights"
        )


def probability(f: Features) -> float:
    w = WEIGHTS
    z = w.bias + sum(
        getattr(w, name) * getattr(f, name)
        for name in ("title", "opening", "dealing", "paired", "balance", "crowd", "listed", "named", "lesser")
    )
    return 1 / (1 + math.exp(-z))


def features(told: list[_Told]) -> Features:
    countries: Counter[str] = Counter()
    for t in told:
        countries.update({"RUS": t.russia, "CHN": t.china})
        countries.update(t.others)
    lesser = min(countries["RUS"], countries["CHN"])
    total = countries.total() or 1
    both = sum(t.both for t in told) or 1
    opening = told[:OPENING]
    return Features(
        title=float(bool(told) and told[0].both),
        opening=min(3.0, sum(t.evidence for t in opening)),
        dealing=sum(t.both and t.dealing and not t.listed for t in told) / math.sqrt(len(told)),
        paired=math.log1p(sum(t.paired for t in told)),
        balance=lesser / total,
        crowd=1 - (countries["RUS"] + countries["CHN"]) / total,
        listed=sum(t.listed for t in told) / both,
        named=sum(t.named for t in told) / len(told),
        lesser=math.log1p(lesser),
    )


def tell(doc: Reading) -> list[_Told]:
    """What each sentence of the (beginning of the) text tells. Empty where the text names only one side."""
    lang = doc.lang if doc.lang in _SIDES else "en"
    matches = [m for m in doc.matches if m.country and m.start < MAX_CHARACTERS and not m.ambiguous]
    named = [(m.start, m.country) for m in matches]
    text = doc.text[:MAX_CHARACTERS]
    covered = {at for m in matches for at in range(m.start, m.end)}
    for pattern, side in zip(_sides(lang), ("RUS", "CHN"), strict=True):
        named += [(m.start(), side) for m in pattern.finditer(text) if m.start() not in covered]
    if not {"RUS", "CHN"} <= {side for _, side in named}:
        return []
    return _by_sentence(doc, sorted(named), lang)


def _by_sentence(doc: Reading, named: list[tuple[int, str]], lang: str) -> list[_Told]:
    starts = [at for at, _ in named]
    told = []
    for span in doc.sentences:
        if span.start >= MAX_CHARACTERS:
            break
        sides = [side for _, side in named[bisect_left(starts, span.start) : bisect_left(starts, span.end)]]
        told.append(_tell(doc.words(span), span, sides, lang))
    return told


def _tell(words: str, span: Sentence, sides: list[str], lang: str) -> _Told:
    russia, china = sides.count("RUS"), sides.count("CHN")
    others = tuple(dict.fromkeys(s for s in sides if s not in {"RUS", "CHN"}))
    dealing = bool(russia and china and _words("dealing", lang).search(words))
    paired = len(_paired(lang).findall(words)) if russia or china else 0
    return _Told(span, russia, china, others, dealing, paired, bool(_words("named", lang).search(words)))


@cache
def _sides(lang: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(p) for p in _SIDES[lang])


@cache
def _paired(lang: str) -> re.Pattern[str]:
    return re.compile(_PAIRED[lang])


@cache
def _words(kind: str, lang: str) -> re.Pattern[str]:
    """One pattern of the words of a kind (`lexicons/relevance.tsv`)."""
    words = "|".join(row[2] for row in rows("relevance") if row[:2] == [kind, lang])
    pattern = {"en": rf"\b(?:{words})\b", "ru": rf"\b(?:{words})", "zh": words}[lang]
    return re.compile(pattern, re.IGNORECASE)
