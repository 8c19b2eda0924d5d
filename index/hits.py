"""Articles as lists show them: a document that a store found -> a frozen hit."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from index.query import HIGHLIGHT_CLOSE, HIGHLIGHT_OPEN, HIGHLIGHTED


@dataclass(frozen=True)
class Fragment:
    """A piece of text and the code points in it that were searched for. Plain text: whoever shows it escapes it."""

    field: str  # "title", "lead" or "body"
    text: str
    marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Hit:
    id: str
    url: str
    title: str
    lang: str
    published: str | None  # ISO 8601, UTC; see `precision`
    outlet: str
    camp: str
    topics: tuple[str, ...]
    entities: tuple[str, ...]
    story: str | None
    family: str | None
    score: float | None  # None where the newest come first
    lead: str = ""
    day: date | None = None  # publication day where the outlet is
    precision: str = "none"
    country: str = ""
    kind: str = ""
    text_from: str = "page"
    highlight: tuple[Fragment, ...] = ()


@dataclass(frozen=True)
class Page:
    total: int
    hits: tuple[Hit, ...]


def hit_of(hit: dict[str, Any]) -> Hit:
    source = hit["_source"]
    return Hit(
        id=hit["_id"],
        url=source.get("url", ""),
        title=source.get("title", ""),
        lang=source.get("lang", ""),
        published=source.get("published"),
        outlet=source.get("outlet", ""),
        camp=source.get("camp", ""),
        topics=tuple(source.get("topics") or ()),
        entities=tuple(source.get("entities") or ()),
        story=source.get("story"),
        family=source.get("family"),
        score=hit.get("_score"),
        lead=source.get("lead", ""),
        day=date.fromisoformat(source["day"]) if source.get("day") else None,
        precision=source.get("precision", "none"),
        country=source.get("country", ""),
        kind=source.get("kind", ""),
        text_from=source.get("text_from", "page"),
        highlight=_fragments(hit.get("highlight") or {}),
    )


def _fragments(highlight: dict[str, list[str]]) -> tuple[Fragment, ...]:
    """One fragment for each of title, lead and body; the stemmed field and its exact twin mark the same text."""
    chosen: dict[str, Fragment] = {}
    for field, texts in highlight.items():
        name = field.partition("_")[0]
        fragment = _fragment(name, texts[0])
        kept = chosen.get(name)
        if kept is None or len(fragment.marks) > len(kept.marks):
            chosen[name] = fragment
    return tuple(chosen[name] for name in HIGHLIGHTED if name in chosen)


def _fragment(name: str, marked: str) -> Fragment:
    text, marks = "", []
    for piece in marked.split(HIGHLIGHT_OPEN):
        inside, closed, outside = piece.partition(HIGHLIGHT_CLOSE)
        if closed:
            marks.append((len(text), len(text) + len(inside)))
        text += inside + outside
    return Fragment(name, text, tuple(marks))
