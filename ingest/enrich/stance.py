"""Stance toward the relationship between Russia and China, by holder: author and quoted officials. Experimental.

A lexicon of approval and alarm is weighed over the sentences that speak of both sides, negation turns a word round.
How good (value) and how close (closeness) are read apart. No comparison between camps should rest on it without
hand-coded items: the classifier's errors differ by language.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from ingest.enrich.base import Reading
from ingest.enrich.regex_lists import joined, table
from ingest.model import Event, Quote, Sentence, Stance

CountryOf = Callable[[str | None], str]

# Net weight per ten words (Chinese: twenty characters) from which a holder is not neutral; set on the even half of
# the development items.
AUTHOR_EDGE = 0.18
HOLDER_EDGE = 0.3
CLOSENESS_EDGE = 0.4
# An article that was judged irrelevant must speak this many times as plainly.
DOUBT = 2.5


@dataclass(frozen=True, slots=True)
class _Lexicon:
    patterns: tuple[tuple[re.Pattern[str], float], ...]
    closeness: tuple[tuple[re.Pattern[str], float], ...]
    negators: re.Pattern[str]
    third: re.Pattern[str]
    common: re.Pattern[str]
    complaint: re.Pattern[str]


@cache
def _lexicon(lang: str) -> _Lexicon:
    rows = table("stance")[lang]
    return _Lexicon(
        patterns=_weighed(rows, lang, (("positive", 1), ("negative", -1))),
        closeness=_weighed(rows, lang, (("closer", 1), ("looser", -1))),
        **{name: joined(rows["officials"], name) for name in ("negators", "third", "common", "complaint")},
    )


def _weighed(
    rows: dict[str, dict[str, str]], lang: str, signs: Sequence[tuple[str, int]]
) -> tuple[tuple[re.Pattern[str], float], ...]:
    return tuple((_compiled(words, lang), sign * float(n)) for name, sign in signs for n, words in rows[name].items())


def _compiled(words: str, lang: str) -> re.Pattern[str]:
    items = sorted({w.strip() for w in words.replace("\n", "").split("|") if w.strip()}, key=lambda w: (-len(w), w))
    if lang == "zh":
        return re.compile("|".join(map(re.escape, items)))
    # A Russian entry of several stems: each stem may be followed by an ending.
    built = [r"\w*\s+".join(map(re.escape, w.split(" "))) + (r"\w*" if lang == "ru" else "") for w in items]
    if lang == "en":
        built = [
            re.escape(w).replace(r"\ ", r"\s+") + (r"\w*" if w in ("humiliat", "sinophob", "decoupl") else "")
            for w in items
        ]
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
            folded, doc.lang, doc.sentences, doc.quotes, doc.events, relevant=relevant, country=doc.gazetteer.country
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
    quotes: Sequence[Quote],
    events: Sequence[Event] = (),
    *,
    relevant: bool = True,
    country: CountryOf | None = None,
) -> tuple[Stance, ...]:
    """Stances of a text (Chinese folded to simplified), the author's first. `country` gives a holder's state.

    The outlet is not looked at: a value that came from its camp could not be used to compare camps.
    """
    lang = lang if lang in ("ru", "zh") else "en"
    author = _author(text, lang, sentences, quotes, events, relevant=relevant)
    return (author, *(_holders(text, lang, quotes, country or (lambda _: ""), relevant=relevant)))


def _author(
    text: str,
    lang: str,
    sentences: Sequence[Sentence],
    quotes: Sequence[Quote],
    events: Sequence[Event],
    *,
    relevant: bool,
) -> Stance:
    own = _outside(text, sentences, quotes)
    net = _net(own, lang) + _acts(events)
    near = _net(own, lang, closeness=True)
    value = _sign(net, AUTHOR_EDGE if relevant else AUTHOR_EDGE * DOUBT)
    return Stance(
        "author", value, _sign(near, CLOSENESS_EDGE), _confidence(net, AUTHOR_EDGE), 0, len(text), f"lexicon {net:+.2f}"
    )


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


def _holders(text: str, lang: str, quotes: Sequence[Quote], country: CountryOf, *, relevant: bool) -> list[Stance]:
    words: dict[str, list[Quote]] = {}
    for quote in quotes:
        if quote.speaker:
            words.setdefault(quote.speaker, []).append(quote)
    return [_holder(text, lang, holder, said, country(holder), relevant=relevant) for holder, said in words.items()]


def _between_partners(spoken: str, lang: str, net: float) -> float:
    """An official of one of the two who blames a third party, or speaks of the common without complaint, favours it."""
    if net < 0 and _lexicon(lang).third.search(spoken) and not _lexicon(lang).complaint.search(spoken):
        return 0.0
    if (
        -HOLDER_EDGE < net < HOLDER_EDGE
        and _lexicon(lang).common.search(spoken)
        and not _lexicon(lang).complaint.search(spoken)
    ):
        return HOLDER_EDGE
    return net


def _holder(text: str, lang: str, holder: str, said: list[Quote], state: str, *, relevant: bool) -> Stance:
    spoken = "\n".join(text[q.start : q.end] for q in said)
    net = _net(spoken, lang) / (1.0 if relevant else DOUBT)
    if state in ("RUS", "CHN") and relevant:
        net = _between_partners(spoken, lang, net)
    near = _net(spoken, lang, closeness=True)
    first = min(said, key=lambda q: q.start)
    return Stance(
        holder,
        _sign(net, HOLDER_EDGE),
        _sign(near, CLOSENESS_EDGE),
        _confidence(net, HOLDER_EDGE),
        first.start,
        first.end,
        f"lexicon {net:+.2f}",
    )


def _net(text: str, lang: str, *, closeness: bool = False) -> float:
    """Weight of approving less alarmed words, per ten words (Chinese: twenty characters), damped for long texts."""
    lexicon = _lexicon(lang)
    total = 0.0
    for pattern, weight in lexicon.closeness if closeness else lexicon.patterns:
        for found in pattern.finditer(text):
            turned = lexicon.negators.search(text, max(0, found.start() - 25), found.start())
            total += -0.5 * weight if turned else weight
    size = len(text) / 20 if lang == "zh" else len(text.split()) / 10
    return float(total / max(1.0, size) ** 0.7)


def _sign(net: float, edge: float) -> int:
    return 1 if net >= edge else -1 if net <= -edge else 0


def _confidence(net: float, edge: float) -> float:
    return round(min(0.9, 0.4 + abs(abs(net) - edge) / 4), 3)
