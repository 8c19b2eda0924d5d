"""`amur enrich`: one item a line in, the same item with its annotations out, in the field names of the gold guide."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ingest.enrich.reader import Reader
from ingest.language import detect_language
from ingest.model import Article, EnrichedArticle, Entity, Event, Quote, Stance


def enrich_line(item: Mapping[str, Any], reader: Reader) -> dict[str, Any]:
    """The item with annotations; `{"id", "error"}` where it is no item. Every item is annotated, relevant or not.

    Offsets `start` and `end` are Unicode code points in `title + "\\n" + body`.
    """
    try:
        article = _article(item)
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        given = item.get("id") if isinstance(item, Mapping) else None
        return {"id": given, "error": str(error)}
    return {**item, **annotations(reader.read(article, always=True))}


def annotations(read: EnrichedArticle) -> dict[str, Any]:
    """The annotations of an article as plain data."""
    out: dict[str, Any] = {
        "lang": read.article.lang,
        "relevant": read.relevance.relevant,
        "relevance": {
            "score": read.relevance.score,
            "both_named": read.relevance.both_named,
            "rule": read.relevance.rule,
        },
        "topics": [t.name for t in read.topics],
        "topic_scores": {t.name: t.score for t in read.topics},
        "entities": _entities(read),
        "quotes": [_quote(q) for q in read.quotes],
        "events": [_event(e) for e in read.events],
        "stance": [_stance(s) for s in read.stance],
        "phrases": [
            {"key": p.key, "surface": p.surface, "start": p.start, "end": p.end, "speaker": p.speaker}
            for p in read.phrases
        ],
        "versions": read.versions,
    }
    return out | ({"failed": read.failed} if read.failed else {})


def _article(item: Mapping[str, Any]) -> Article:
    if not isinstance(item, Mapping):
        raise TypeError("a line holds one JSON object")
    if not isinstance(item.get("id"), str | int) or isinstance(item.get("id"), bool):
        raise ValueError("'id' must be text or a number")
    missing = [name for name in ("title", "body") if not isinstance(item.get(name), str)]
    if missing:
        raise ValueError(f"{missing[0]!r} must be text")
    lang = item.get("lang") or detect_language(f"{item['title']}\n{item['body']}")
    if not isinstance(lang, str):
        raise TypeError("'lang' must be text")
    url = str(item.get("url") or "")
    return Article(
        str(item["id"]), "", url, url, item["title"], item["body"], lang,
        published=_published(item.get("published")), voice=str(item.get("voice") or ""),
    )  # fmt: skip


def _published(given: Any) -> datetime | None:
    """A time as ISO 8601; a day alone, or a time without a zone, counts as UTC."""
    if not given:
        return None
    when = datetime.fromisoformat(str(given))
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _entities(read: EnrichedArticle) -> list[dict[str, Any]]:
    text = read.article.read_text
    return [_entity(e, text) for e in read.entities]


def _entity(e: Entity, text: str) -> dict[str, Any]:
    return {
        "surface": e.surface,
        "nth": _nth(e, text),
        "type": e.type,
        "key": e.key,
        "qid": e.qid,
        "start": e.start,
        "end": e.end,
        "confidence": e.confidence,
        "rule": e.rule,
    }


def _nth(e: Entity, text: str) -> int:
    """Which occurrence of the surface in the text the mention is, from 1, counted without overlap as str.count does."""
    return text.count(e.surface, 0, e.start + len(e.surface)) if e.surface else 1


def _quote(q: Quote) -> dict[str, Any]:
    return {
        "text": q.text,
        "start": q.start,
        "end": q.end,
        "kind": q.kind,
        "speaker": q.speaker,
        "cue": q.cue,
        "confidence": q.confidence,
        "rule": q.rule,
    }


def _event(e: Event) -> dict[str, Any]:
    return {
        "source": e.source,
        "target": e.target,
        "type": e.type,
        "evidence": e.evidence,
        "start": e.start,
        "end": e.end,
        "score": e.score,
        "confidence": e.confidence,
        "date": e.date.isoformat() if e.date else None,
        "mutual": e.mutual,
        "rule": e.rule,
    }


def _stance(s: Stance) -> dict[str, Any]:
    out: dict[str, Any] = {"holder": s.holder, "value": s.value, "confidence": s.confidence, "rule": s.rule}
    return out | ({} if s.closeness is None else {"closeness": s.closeness})
