"""The tree of the query language -> clauses of an Elasticsearch body."""

import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from amur.errors import QuerySyntaxError
from index.days import day
from index.folding import fold
from index.language import And, Everything, Field, Not, Or, Phrase, Query, Word
from index.stopwords import STOPWORDS

Body = dict[str, Any]
Resolve = Callable[[str], tuple[str, ...]]  # a name in any script -> keys

# How much more a word in the title or lead says than one in the body. Titles before bodies is common practice; the
# values are not tuned.
BOOSTS = {"title": 3.0, "lead": 1.5, "body": 1.0}
TIE_BREAKER = 0.2  # how much the fields beside the best one add
STEMMED = ("en", "ru")  # cjk bigrams are left to Kibana: on the exact twin a Chinese word is found as it stands
KEYWORDS = {"lang": "lang", "country": "country", "camp": "camp", "outlet": "outlet", "topic": "topics"}
SHORTEST_RUN = 4  # Chinese characters; shorter runs are mostly one word, as 天然气
JOINING = frozenset("的了和与及或在是对将为从向被把而也都")
HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


def filter_clauses(tree: Query, text: str, resolve: Resolve | None) -> tuple[list[Body], list[Body], list[Body]]:
    """Clauses that must match and give the score, those that only filter, and those that must not match."""
    build = _Builder(text, resolve or gazetteer_names)
    scored, kept, barred = [], [], []
    for part in _conjuncts(tree):
        match part:
            case Everything():
                continue
            case Not(inner):
                barred.append(build.clause(inner))
            case Field():
                kept.append(build.clause(part))
            case _:
                scored.append(build.clause(part))
    return scored, kept, barred


def _conjuncts(tree: Query) -> tuple[Query, ...]:
    return _without_stopwords(tree.parts) if isinstance(tree, And) else (tree,)


def _without_stopwords(parts: Iterable[Query]) -> tuple[Query, ...]:
    """The stock analyzers leave such words out of the index, so they are left out of a query that has others."""
    telling = tuple(p for p in parts if not _is_stopword(p))
    return telling if any(isinstance(p, Word | Phrase) for p in telling) else tuple(parts)


def _is_stopword(part: Query) -> bool:
    return isinstance(part, Word) and fold(part.text).lower() in STOPWORDS


@cache
def _gazetteer() -> Any:
    from ingest.enrich.gazetteer import Gazetteer

    return Gazetteer.load()


def gazetteer_names(name: str) -> tuple[str, ...]:
    """The keys that the gazetteer knows for a name; it is loaded at the first question with a name in it."""
    keys: tuple[str, ...] = tuple(_gazetteer().resolve(name))
    return keys


class _Builder:
    def __init__(self, text: str, resolve: Resolve) -> None:
        self.text = text
        self.resolve = resolve

    def clause(self, query: Query) -> Body:  # noqa: PLR0911
        match query:
            case Everything():
                return {"match_all": {}}
            case Word(text):
                return word(text)
            case Phrase(text):
                return phrase(text)
            case Field():
                return {"constant_score": {"filter": self.field(query)}}
            case Not(part):
                return {"bool": {"must_not": [self.clause(part)]}}
            case And(parts):
                return self.both(parts)
            case Or(parts):
                return {"bool": {"should": [self.clause(p) for p in parts], "minimum_should_match": 1}}

    def both(self, parts: tuple[Query, ...]) -> Body:
        kept = _without_stopwords(parts)
        barred = [self.clause(p.part) for p in kept if isinstance(p, Not)]
        wanted = [self.clause(p) for p in kept if not isinstance(p, Not)]
        return {"bool": {k: v for k, v in {"must": wanted, "must_not": barred}.items() if v}}

    def field(self, query: Field) -> Body:
        if query.name in KEYWORDS:
            return {"term": {KEYWORDS[query.name]: query.value}}
        if query.name == "entity":
            return self.entity(query)
        end = "gte" if query.name == "from" else "lte"
        moment = day(query.value, last=query.name == "to")
        if moment is None:
            raise QuerySyntaxError(f"{query.value!r} is not a date", self.text, query.position)
        return {"range": {"day": {end: moment.isoformat()}}}

    def entity(self, query: Field) -> Body:
        """By key where the name is known; else as it stands among the keys or the names of the articles."""
        if not any(c.isalnum() for c in query.value):
            raise QuerySyntaxError("a name has letters or digits", self.text, query.position)
        if keys := self.resolve(query.value):
            return {"terms": {"entities": sorted(keys)}}
        plain: list[Body] = [
            {"term": {"entities": query.value}},
            {"match_phrase": {"entity_names": {"query": fold(query.value)}}},
        ]
        return {"bool": {"should": plain, "minimum_should_match": 1}}


def word(text: str) -> Body:
    """Stemmed, where it is no stopword; a word with marks in it ("Sino-Russian") is its parts side by side.

    Chinese is written without blanks: what stands together is cut into words, which all must be found, and counts for
    more where it stands together.
    """
    if len(pieces := _pieces(text)) > 1:
        return {"bool": {"must": [phrase(p) for p in pieces], "should": [phrase(text)]}}
    if HAN.search(text) or fold(text).lower() in STOPWORDS:
        return phrase(text)
    return _anywhere(text, {lang: "" if lang in STEMMED else ".exact" for lang in ("en", "ru", "zh")})


def _pieces(text: str) -> list[str]:
    """The words of a run of Chinese, without those that only join others. Nothing where it is one word, or none."""
    if len(HAN.findall(text)) < SHORTEST_RUN:
        return []
    import rjieba

    words = [w for w in rjieba.cut(fold(text)) if any(c.isalnum() for c in w)]
    return [w for w in words if w not in JOINING] or words


def phrase(text: str) -> Body:
    """As it is written, but for capitals, and traditional characters for simplified ones."""
    return _anywhere(text, dict.fromkeys(("en", "ru", "zh"), ".exact"))


def _anywhere(text: str, twins: dict[str, str]) -> Body:
    folded = fold(text)
    fields = [(f"{part}_{lang}{twin}", boost) for part, boost in BOOSTS.items() for lang, twin in twins.items()]
    queries = [{"match_phrase": {name: {"query": folded, "boost": boost}}} for name, boost in fields]
    return {"dis_max": {"queries": queries, "tie_breaker": TIE_BREAKER}}
