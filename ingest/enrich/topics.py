"""The sixteen topics, none to three of them an article, each with the sentences that decided.

Each sentence adds the weights of the words it holds (`lexicons/topics.tsv`); the title counts most and later
sentences less, so that what an article is about outweighs what it mentions. A topic is given where its weight and its
share of the best topic's weight reach the thresholds below, which `python -m bench reading` set on one half of the
gold items. What the two sides deal in also counts where it is told late: a visit in the lead does not hide the energy
supplies agreed on it.
"""

import math
import re
from dataclasses import dataclass
from functools import cache

from ingest.enrich.base import Reading
from ingest.enrich.han import simplified
from ingest.enrich.lexicon import rows
from ingest.enrich.relevance import told_of
from ingest.model import TOPICS, Sentence, Topic

MOST = 3
TITLE_WEIGHT = 2.0
STRONG, WEAK = 1.0, 0.35
# Least score of a topic, and least share of the best topic's score.
LEAST = 1.6
SHARE = 0.42
# Topics that two states deal in. Such a topic needs no share of the best: it counts where so many sentences speak of it
# in strong words and in one of them the two sides deal. Set on dev gold (`python -m bench reading`): three adds nothing
# wrong there; two does.
GOODS = frozenset(
    [
        "energy",
        "trade-investment",
        "finance-currency",
        "defence-security",
        "technology-space",
        "transport-arctic",
        "agriculture-food",
    ]
)
DEALT_SENTENCES = 3
# Score that counts as certain; below it the score given is a share of it.
CERTAIN = 6.0
# Only the beginning of a long text decides.
MAX_SENTENCES = 60
LONGEST_SENTENCE = 2000


@dataclass(frozen=True, slots=True)
class _Words:
    strong: re.Pattern[str]
    weak: re.Pattern[str]


class Topics:
    name = "topics"
    version = "2"
    reads: tuple[str, ...] = ("article", "entities")
    adds = "topics"

    def __call__(self, doc: Reading) -> tuple[Topic, ...]:
        tellers = {topic: _tellers(doc, topic) for topic in TOPICS}
        scores = {topic: sum(math.sqrt(w) for _, w in found) for topic, found in tellers.items()}
        best = max(scores.values(), default=0.0)
        ranked = sorted(scores, key=lambda t: -scores[t])
        given = [t for t in ranked if scores[t] >= (LEAST if _dealt(doc, t) else max(LEAST, SHARE * best))][:MOST]
        return tuple(Topic(t, round(min(1.0, scores[t] / CERTAIN), 3), _deciding(tellers[t])) for t in given)


def _deciding(found: list[tuple[Sentence, float]]) -> tuple[Sentence, ...]:
    best = sorted(found, key=lambda f: -f[1])[:3]
    return tuple(sorted((s for s, _ in best), key=lambda s: s.start))


def _dealt(doc: Reading, topic: str) -> bool:
    """Whether several sentences speak of goods in strong words, in one of them as a dealing between the two sides."""
    if topic not in GOODS:
        return False
    pattern = _words(topic, doc.lang if doc.lang in {"ru", "zh"} else "en").strong
    told = told_of(doc)[:MAX_SENTENCES]
    spoken = [t for t in told if pattern.search(_matched(doc, t.span))]
    return len(spoken) >= DEALT_SENTENCES and any(t.dealing and not t.listed for t in spoken)


def _matched(doc: Reading, sentence: Sentence) -> str:
    words = doc.text[sentence.start : min(sentence.end, sentence.start + LONGEST_SENTENCE)]
    return simplified(words) if doc.lang == "zh" else words


def _tellers(doc: Reading, topic: str) -> list[tuple[Sentence, float]]:
    """Sentences that speak of a topic, with their weights."""
    words = _words(topic, doc.lang if doc.lang in {"ru", "zh"} else "en")
    found = []
    for number, sentence in enumerate(doc.sentences[:MAX_SENTENCES]):
        text = _matched(doc, sentence)
        hits = STRONG * len({m.lower() for m in words.strong.findall(text)})
        hits += WEAK * len({m.lower() for m in words.weak.findall(text)})
        if topic == "diplomacy" and len(_sides_of_people(doc, sentence)) > 1:
            hits += STRONG
        if hits:
            found.append((sentence, hits * (TITLE_WEIGHT if number == 0 else 1.0 / (1 + number / 12))))
    return found


def _sides_of_people(doc: Reading, sentence: Sentence) -> set[str]:
    """Countries whose people a sentence names: a Russian and a Chinese official in one sentence are diplomacy."""
    people = {e.key for e in doc.entities_in(sentence) if e.type == "PER"}
    return {doc.gazetteer.country(key) for key in people} - {""}


@cache
def _words(topic: str, lang: str) -> _Words:
    for row in rows("topics"):
        if row[:2] == [topic, lang]:
            return _Words(_pattern(row[2], lang), _pattern(row[3], lang))
    raise KeyError(f"no words for topic {topic} in {lang}")


def _pattern(words: str, lang: str) -> re.Pattern[str]:
    items = sorted(words.split("|"), key=len, reverse=True)
    if lang == "zh":
        return re.compile("|".join(map(re.escape, items)))
    if lang == "en":
        return re.compile(
            r"\b(?:" + "|".join(re.escape(w).replace(r"\*", r"\w*") for w in items) + r")\b", re.IGNORECASE
        )
    # «железн дорог»: each word of a phrase is the beginning of one.
    return re.compile(
        r"\b(?:" + "|".join(r"\w*\s".join(map(re.escape, w.split(" "))) for w in items) + r")", re.IGNORECASE
    )
