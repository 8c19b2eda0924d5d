"""An article's document -> what its page shows: every annotation with the sentence behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

from dashboard.localisation import Localisation, _
from dashboard.site import Site
from index.happenings import once

Document = Mapping[str, Any]
KINDS = (("PER", _("People")), ("ORG", _("Organisations")), ("LOC", _("Places")), ("MISC", _("Projects and treaties")))
WEB = ("http", "https")


@dataclass(frozen=True)
class Named:
    key: str
    count: int
    surfaces: str  # how the text has it


@dataclass(frozen=True)
class Shown:
    """One article as its page shows it; `body` only in a private instance."""

    document: Document
    original: str
    body: str
    relevance: Mapping[str, Any]
    entities: tuple[tuple[str, tuple[Named, ...]], ...]
    unlinked: tuple[str, ...]
    topics: tuple[Mapping[str, Any], ...]
    quotes: tuple[Mapping[str, Any], ...]
    events: tuple[Mapping[str, Any], ...]
    stance: tuple[Mapping[str, Any], ...]
    versions: Mapping[str, str] = field(default_factory=dict)
    failed: Mapping[str, str] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        return self.document.get(name, "")

    @property
    def exact(self) -> bool:
        """The publication time is known to the minute, not only to the day."""
        return self.document.get("precision") in {"second", "minute"}


def article(document: Document, site: Site, loc: Localisation, root: str = "") -> Shown:
    """What the page of an article shows."""
    notes: Document = document.get("annotations") or {}
    text = _text(document)
    relevance = notes.get("relevance") or {}
    return Shown(
        document,
        original=original(str(document["url"]), sample=site.parts.sample, root=root),
        body=body(document) if site.parts.settings.private else "",
        relevance={
            "score": relevance.get("score", document.get("relevance") or 0),
            "both_named": relevance.get("both_named", document.get("both_named", False)),
            "sentences": sentences(relevance.get("sentences", ()), text),
        },
        entities=_entities(notes.get("entities", ()), loc),
        unlinked=tuple(dict.fromkeys(e["surface"] for e in notes.get("entities", ()) if not e.get("key"))),
        topics=tuple(_topic(t, text) for t in notes.get("topics", ())),
        quotes=tuple(notes.get("quotes", ())),
        events=once(notes.get("events", ())),
        stance=tuple(notes.get("stance", ())),
        versions=notes.get("versions") or {},
        failed=notes.get("failed") or {},
    )


def original(url: str, *, sample: bool, root: str = "") -> str:
    """Where "read the original" leads: the outlet, or in the sample the pages that ship with Amur. "" where unsafe."""
    parts = urlsplit(url)
    if parts.scheme not in WEB:
        return ""
    if sample:
        query = f"?{parts.query}" if parts.query else ""
        return f"{root}/original/{parts.netloc}{quote(parts.path or '/', safe='/%')}{query}"
    return url


def sentences(found: Sequence[Any], text: str) -> tuple[str, ...]:
    """Evidence as text: it is given as such, or as offsets into the text where the text is at hand."""
    given = (_sentence(s, text) for s in found)
    return tuple(dict.fromkeys(s for s in given if s))


def _sentence(found: Any, text: str) -> str:
    if isinstance(found, str):
        return found
    return str(found.get("text") or text[found["start"] : found["end"]]).strip()


def _text(document: Document) -> str:
    """The text that offsets count in."""
    return f"{document.get('title', '')}\n{body(document)}"


def body(document: Document) -> str:
    return str(document.get("body") or document.get(f"body_{document.get('lang', '')}") or "")


def _topic(topic: Mapping[str, Any], text: str) -> dict[str, Any]:
    return {**topic, "sentences": sentences(topic.get("sentences", ()), text)}


def _entities(found: Sequence[Mapping[str, Any]], loc: Localisation) -> tuple[tuple[str, tuple[Named, ...]], ...]:
    groups = []
    for kind, heading in KINDS:
        surfaces: dict[str, list[str]] = {}
        for entity in found:
            if entity.get("type") == kind and entity.get("key"):
                surfaces.setdefault(entity["key"], []).append(entity["surface"])
        named = [Named(key, len(said), ", ".join(dict.fromkeys(said))) for key, said in surfaces.items()]
        groups.append((loc.text(heading), tuple(sorted(named, key=lambda n: -n.count))))
    return tuple(groups)
