"""Whether an article tells of dealings, statements or perceptions between Russia and China, or only names them.

Cheap and first: names of both sides by the gazetteer, adjectives and demonyms by pattern, and from them the evidence
of each sentence. An article that does not name both sides is never relevant. The weights were fitted by logistic
regression on one half of the gold items and 1,597 real unrelated texts (`python -m bench reading`), then
rounded, that of neighbouring sentences (`near`) by hand; precision at real prevalence (about one article in 200) set
THRESHOLD.
"""

import math
import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from ingest.enrich.base import Reading
from ingest.enrich.han import simplified
from ingest.enrich.lexicon import rows
from ingest.model import Relevance, Sentence

# Probability from which an article counts as relevant. Of 1,597 real unrelated texts one is above it and none between
# 0.2 and it; gold items that only name both reach 0.34 (`python -m bench reading`).
THRESHOLD = 0.35
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
    "en": r"\b(?:Sino|Chin(?:a|ese)|Beijing)\s?[-–—/]\s?(?:Russo|Russian?|Moscow|Soviet)\b"
    r"|\b(?:Russo|Russian?|Moscow|Soviet)\s?[-–—/]\s?(?:Sino|Chin(?:a|ese)|Beijing)\b"
    r"|\b[Bb]etween (?:China|Beijing|Russia|Moscow|Xi|Putin) and (?:China|Beijing|Russia|Moscow|Xi|Putin)\b",
    "ru": r"\b(?:[Рр]оссийско|[Сс]оветско|[Рр]усско)-китайск\w*|\b[Кк]итайско-(?:российск|советск|русск)\w*"
    r"|\b[Мм]ежду (?:Росси|Москв|РФ|Кита|Пекин|КНР)\w* и (?:Росси|Москв|РФ|Кита|Пекин|КНР)\w*",
    "zh": r"(?<![中美欧日印])(?:中俄|俄中|中苏|苏中)(?![美欧日印朝蒙伊])|(?:对|访|赴|来|在|驻)(?:俄|华)|俄方|中方"
    r"|(?:俄罗斯|莫斯科)(?:同|和|与|跟)(?:中国|北京)|(?:中国|北京)(?:同|和|与|跟)(?:俄罗斯|莫斯科)",
}
# China's money stands for China where the text names both sides: «занял в юанях». Roubles stand for nobody: they are
# what Russian news counts everything in.
_MONEY = {"en": r"\b(?:[Yy]uan|[Rr]enminbi)\b", "ru": r"\b[Юю]ан\w{1,3}\b", "zh": "人民币"}
# A chain of so many countries is a list, not dealings among them; three may be a meeting of three.
ENUMERATED = 4
_BETWEEN = re.compile(r"[\s,;、，；]*(?:and|и|a также|或|和|及|以及|与|同)?[\s,]*(?:the\s)?")

_Named = tuple[int, int, str]  # start, end, country


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
    near: float  # neighbouring sentences of the opening, one of each side, with a word of dealings; at most three


WEIGHTS = Weights(-4.9, 1.1, 1.1, 1.6, 0.3, 2.0, -1.8, -1.5, -1.8, 1.7, 1.0)


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
    near: float = 0.0


@dataclass(frozen=True, slots=True)
class Told:
    """What one sentence tells of the two sides."""

    span: Sentence
    russia: int
    china: int
    others: tuple[str, ...]
    dealing: bool  # both sides and a word of dealings
    deals: bool  # a word of dealings
    paired: int
    named: bool
    listed: bool  # both sides stand in an enumeration of four or more countries

    @property
    def both(self) -> bool:
        return self.russia > 0 and self.china > 0

    @property
    def evidence(self) -> float:
        """0 to 2: both sides, in a phrase or with a word of dealings, not in a list of countries."""
        if not self.both or (self.listed and not self.paired):
            return 0.0
        return 0.5 + (0.75 if self.dealing else 0.0) + (0.75 if self.paired else 0.0)


class RelevanceJudge:
    name = "relevance"
    version = "2"
    reads: tuple[str, ...] = ("article",)
    adds = "relevance"

    def __call__(self, doc: Reading) -> Relevance:
        told = told_of(doc)
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
    z = w.bias + sum(getattr(w, name) * getattr(f, name) for name in Features.__slots__)
    return 1 / (1 + math.exp(-z))


def features(told: list[Told]) -> Features:
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
        near=min(3.0, sum(_near(a, b) for a, b in pairwise(told[: OPENING + 1]))),
    )


def _near(a: Told, b: Told) -> bool:
    """One sentence names one side and its neighbour the other, with a word of dealings, and no list of countries."""
    if a.both or b.both or a.listed or b.listed or len(a.others) + len(b.others) > 1:
        return False
    return bool((a.russia and b.china) or (a.china and b.russia)) and (a.deals or b.deals)


def told_of(doc: Reading) -> list[Told]:
    """`tell`, once for an article."""
    return doc.once("told", lambda: tell(doc))


def tell(doc: Reading) -> list[Told]:
    """What each sentence of the (beginning of the) text tells. Empty where the text names only one side."""
    lang = doc.lang if doc.lang in _SIDES else "en"
    matches = [m for m in doc.matches if m.country and m.start < MAX_CHARACTERS and not m.ambiguous]
    named = [(m.start, m.end, m.country) for m in matches]
    text = simplified(doc.text[:MAX_CHARACTERS]) if lang == "zh" else doc.text[:MAX_CHARACTERS]
    covered = {at for m in matches for at in range(m.start, m.end)}
    for pattern, side in zip(_compiled(*_SIDES[lang]), ("RUS", "CHN"), strict=True):
        named += [(m.start(), m.end(), side) for m in pattern.finditer(text) if m.start() not in covered]
    if not {"RUS", "CHN"} <= {side for _, _, side in named}:
        return []
    money = _compiled(_MONEY[lang])[0].finditer(text)
    named += [(m.start(), m.end(), "CHN") for m in money if m.start() not in covered]
    return _by_sentence(doc, sorted(named), lang)


def _by_sentence(doc: Reading, named: list[_Named], lang: str) -> list[Told]:
    starts = [at for at, _, _ in named]
    told = []
    for span in doc.sentences:
        if span.start >= MAX_CHARACTERS:
            break
        told.append(_tell(doc, span, named[bisect_left(starts, span.start) : bisect_left(starts, span.end)], lang))
    return told


def _tell(doc: Reading, span: Sentence, named: list[_Named], lang: str) -> Told:
    words, sides = doc.words(span), [side for _, _, side in named]
    words = simplified(words) if lang == "zh" else words
    russia, china = sides.count("RUS"), sides.count("CHN")
    both = bool(russia and china)
    deals = bool((russia or china) and _words("dealing", lang).search(words))
    return Told(
        span,
        russia,
        china,
        others=tuple(dict.fromkeys(s for s in sides if s not in {"RUS", "CHN"})),
        dealing=both and deals,
        deals=deals,
        paired=len(_paired(lang).findall(words)) if both else 0,
        named=bool(_words("named", lang).search(words)),
        listed=both and _enumerated(doc.text, named),
    )


def _enumerated(text: str, named: list[_Named]) -> bool:
    """Whether both sides stand in one chain of countries with nothing but commas and conjunctions between them."""
    chain: list[_Named] = []
    for item in named:
        if chain and not _BETWEEN.fullmatch(text[chain[-1][1] : item[0]]):
            chain = []
        chain.append(item)
        sides = {side for _, _, side in chain}
        if len(sides) >= ENUMERATED and {"RUS", "CHN"} <= sides:
            return True
    return False


@cache
def _compiled(*given: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(p) for p in given)


@cache
def _paired(lang: str) -> re.Pattern[str]:
    return re.compile(_PAIRED[lang])


@cache
def _words(kind: str, lang: str) -> re.Pattern[str]:
    """One pattern of the words of a kind (`lexicons/relevance.tsv`)."""
    words = "|".join(row[2] for row in rows("relevance") if row[:2] == [kind, lang])
    pattern = {"en": rf"\b(?:{words})\b", "ru": rf"\b(?:{words})", "zh": words}[lang]
    return re.compile(pattern, re.IGNORECASE)
