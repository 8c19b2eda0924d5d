"""Enriched articles, stories and coverage -> documents of the four collections. Pure but for the names of entities.

A field without a value is left out. Times are ISO 8601 in UTC. What is shown is kept as it was written; what is
searched is folded (index/folding.py). A test holds the documents and the mappings together.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from functools import cache
from hashlib import sha256
from typing import Any

from index.collections import mapping
from index.folding import fold
from ingest.model import LANGUAGES, Article, EnrichedArticle, Entity, Event, Links, Source

Document = dict[str, Any]
Names = Callable[[str], Iterable[str]]  # the key of an entity -> its names in all scripts

LONGEST_KEY = 512  # code points of a value; Lucene refuses a term of more than 32 766 bytes
COVERAGE_COUNTS = ("polls", "polls_ok", "entries", "fetched", "decided", "relevant", "families", "backfilled")
# PLOVER's quadrants: what is said or done, with or against the other.
VERBAL_COOPERATION = frozenset({"AGREE", "CONSULT", "SUPPORT", "CONCEDE"})
MATERIAL_COOPERATION = frozenset({"COOPERATE", "AID", "RETREAT"})
VERBAL_CONFLICT = frozenset({"REQUEST", "ACCUSE", "REJECT", "THREATEN"})
MATERIAL_CONFLICT = frozenset({"PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"})
QUADRANTS = {
    "verbal-cooperation": VERBAL_COOPERATION,
    "material-cooperation": MATERIAL_COOPERATION,
    "verbal-conflict": VERBAL_CONFLICT,
    "material-conflict": MATERIAL_CONFLICT,
}
KINDS_OF_ENTITY = {"people": "PER", "organisations": "ORG", "places": "LOC"}


def to_document(
    enriched: EnrichedArticle,
    source: Source | None,
    links: Links | None,
    camp: str,
    revision: int,
    *,
    names: Names | None = None,
) -> Document:
    """The document of an article. `names` gives the names of an entity; None asks the gazetteer."""
    article = enriched.article
    document = {
        **_identity(article, revision),
        **_texts(article),
        **_times(article),
        **_origin(article, source, camp),
        **_reading(enriched, names or gazetteer_names),
        **_linked(links),
        "annotations": _annotations(enriched),
    }
    return {name: value for name, value in document.items() if value not in (None, "", [], ())}


def _identity(article: Article, revision: int) -> Document:
    urls = {"url": _key(article.url), "canonical_url": _key(article.canonical_url)}
    return {"id": article.id, "revision": revision, **urls}


def _texts(article: Article) -> Document:
    """Fields of the three languages only: another language is not indexed as text, but its title is shown."""
    shown = {"title": article.title, "lead": article.lead}
    if article.lang not in LANGUAGES:
        return shown
    parts = {**shown, "body": article.text}
    return shown | {f"{part}_{article.lang}": fold(text) for part, text in parts.items() if text}


def _times(article: Article) -> Document:
    day = article.local_date or (article.published.astimezone(UTC).date() if article.published else None)
    return {
        "published": _instant(article.published),
        "first_seen": _instant(article.first_seen),
        "day": day.isoformat() if day else None,
        "published_from": article.published_from,
        "precision": article.precision,
    }


def _origin(article: Article, source: Source | None, camp: str) -> Document:
    moment = article.published or article.first_seen
    return {
        "lang": article.lang,
        "outlet": article.source,
        "country": source.country if source else "XXX",
        "camp": camp,
        "ownership": source.ownership_in(moment.year) if source and moment else "unknown",
        "kind": source.kind if source else None,
        "text_from": article.text_from,
        "wire": _key(article.wire),
        "backfilled": article.backfilled,
    }


def _reading(enriched: EnrichedArticle, names: Names) -> Document:
    entities = [e for e in enriched.entities if e.key]
    kinds = {name: _keys(e.key for e in entities if e.type == kind) for name, kind in KINDS_OF_ENTITY.items()}
    return {
        "both_named": enriched.relevance.both_named,
        "relevance": enriched.relevance.score,
        "topics": _keys(t.name for t in enriched.topics),
        "entities": _keys(e.key for e in entities),
        **kinds,
        "entity_names": _names(enriched.entities, names),
        "phrases": _keys(p.key for p in enriched.phrases),
        "quoted": _keys(q.speaker for q in enriched.quotes),
        "event_types": _keys(e.type for e in enriched.events),
        "dyads": _keys(_dyad(e) for e in enriched.events),
    }


def _linked(links: Links | None) -> Document:
    if links is None:
        return {}
    return {"family": links.family, "story": links.story, "original": links.original}


def _annotations(enriched: EnrichedArticle) -> Document:
    """What the article's page shows: everything that was read, with its evidence. Offsets are those of `read_text`."""
    text = enriched.article.read_text
    kept = asdict(enriched)
    for name in ("article", "embedding"):
        del kept[name]
    for topic in kept["topics"]:
        topic["sentences"] = [_sentence(s, text) for s in topic["sentences"]]
    kept["relevance"]["sentences"] = [_sentence(s, text) for s in kept["relevance"]["sentences"]]
    kept["authors"] = list(enriched.article.authors)
    plain: Document = _plain(kept)
    return plain


def _sentence(span: Mapping[str, int], text: str) -> Document:
    return {**span, "text": text[span["start"] : span["end"]]}


def _plain(value: Any) -> Any:
    """Values that JSON knows."""
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if isinstance(value, datetime):
        return _instant(value)
    return value.isoformat() if isinstance(value, date) else value


def event_documents(
    enriched: EnrichedArticle, source: Source | None, links: Links | None, camp: str, revision: int
) -> tuple[Document, ...]:
    """One document for each event. The id is that of the article, the span and what happened, so that it is stable."""
    article = enriched.article
    shared = {
        **_times(article),
        **_origin(article, source, camp),
        **_linked(links),
        "topics": _keys(t.name for t in enriched.topics),
        "article": article.id,
        "revision": revision,
    }
    known = mapping("events")["properties"]
    shared = {k: v for k, v in shared.items() if k in known and v not in (None, "", [])}
    found = {document["id"]: document for document in (_event(e, shared) for e in enriched.events)}
    return tuple(found.values())


def _event(event: Event, shared: Mapping[str, Any]) -> Document:
    what = (shared["article"], event.start, event.end, event.source, event.target, event.type)
    document = {
        **shared,
        "id": sha256("\x00".join(map(str, what)).encode()).hexdigest(),
        "date": event.date.isoformat() if event.date else shared.get("day"),
        "source": event.source,
        "target": event.target,
        "dyad": _dyad(event),
        "type": event.type,
        "score": float(event.score),
        "quadrant": next((q for q, types in QUADRANTS.items() if event.type in types), None),
        "mutual": event.mutual,
        "confidence": float(event.confidence),
        "evidence": event.evidence,
    }
    return {k: v for k, v in document.items() if v is not None}


def story_document(story: str, members: Sequence[Document], revision: int) -> Document:
    """The document of a story from the documents of its articles, of which there is at least one.

    Its title is that of the first original report, in the order of publication.
    """
    ordered = sorted(members, key=lambda d: (d.get("published") or "9999", d["id"]))
    first = next((d for d in ordered if d.get("original", True)), ordered[0])
    times = [d["published"] for d in ordered if d.get("published")]
    document = {
        "id": story,
        "revision": revision,
        "title": first.get("title"),
        "first": times[0] if times else None,
        "last": times[-1] if times else None,
        "articles": len(ordered),
        "families": len({d.get("family") or d["id"] for d in ordered}),
        "members": [d["id"] for d in ordered],
        **{name: _keys(d.get(one) for d in ordered) for name, one in _ONE.items()},
        **{name: _keys(v for d in ordered for v in d.get(name, ())) for name in ("topics", "entities")},
    }
    return {k: v for k, v in document.items() if v not in (None, "", [])}


_ONE = {"langs": "lang", "camps": "camp", "outlets": "outlet"}


def coverage_document(
    counts: Mapping[str, int],
    *,
    id: str,  # noqa: A002
    revision: int,
    outlet: str,
    source: Source | None,
    lang: str,
    day: date,
    camp: str,
) -> Document:
    """One day of one outlet in one language. `counts` has COVERAGE_COUNTS and `covered`; what it lacks is 0."""
    return {
        "id": id,
        "revision": revision,
        "outlet": outlet,
        "lang": lang,
        "camp": camp,
        "country": source.country if source else "XXX",
        "day": day.isoformat(),
        "covered": bool(counts.get("covered", 0)),
        **{name: int(counts.get(name, 0)) for name in COVERAGE_COUNTS},
    }


@cache
def _gazetteer() -> Any:
    from ingest.enrich.gazetteer import Gazetteer

    return Gazetteer.load()


def gazetteer_names(key: str) -> list[str]:
    return [name for found in _gazetteer().names(key).values() for name in found]


def _names(entities: Iterable[Entity], names: Names) -> list[str]:
    """Every name by which the entities are known, as written here and in every script, folded, each once."""
    found = [e.surface for e in entities]
    for key in _keys(e.key for e in entities):
        found += [key, *names(key)]
    return list(dict.fromkeys(fold(name) for name in found))


def _keys(values: Iterable[str | None]) -> list[str]:
    return list(dict.fromkeys(_key(v) for v in values if v))


def _key(value: str) -> str:
    return value[:LONGEST_KEY]


def _dyad(event: Event) -> str:
    return f"{event.source}>{event.target}"


def _instant(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None
