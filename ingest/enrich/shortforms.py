"""Short forms: a surname, or a name without its tail, stands for the full name elsewhere in the same text."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.enrich.base import Reading
from ingest.enrich.han import simplified
from ingest.enrich.normal_forms import normal_form
from ingest.enrich.russian import EASTERN_SURNAMES, fold, name_forms

if TYPE_CHECKING:
    from ingest.enrich.entities import Span


# A name of more words than this is a title or a list; a stem shorter than this is too common a beginning of words.
MOST_WORDS = 4
LEAST_STEM = 4


def resolve_short_forms(doc: Reading, spans: "list[Span]") -> "list[Span]":
    """Spans with keys of full names given to their short forms, and short forms that nothing found added."""
    full = _full_names(doc, spans)
    if not full:
        return spans
    resolved = [_resolved(doc, s, full) for s in spans]
    if doc.lang == "zh":
        return resolved
    return resolved + list(_unfound(doc, resolved, full))


def _full_names(doc: Reading, spans: "list[Span]") -> "dict[str, Span]":
    """Folded short form -> the span of the first full name that it can stand for."""
    found: dict[str, Span] = {}
    for span in sorted(spans, key=lambda s: s.start):
        if span.type == "PER":
            for short in _short_forms(doc, span):
                found.setdefault(short, span)
    return found


def _short_forms(doc: Reading, span: "Span") -> set[str]:
    words = doc.text[span.start : span.end].replace("·", " ").replace("•", " ").split()
    if not 1 < len(words) <= MOST_WORDS:
        return {simplified(words[0])} if doc.lang == "zh" and words and len(words[0]) > 1 else set()
    surname = words[0] if _family_first(doc, span, words) else words[-1]
    if surname[1:] == "" or surname.endswith("."):
        return set()
    if doc.lang == "zh":
        return {simplified(words[-1])}
    if doc.lang == "ru":
        return set() if fold(surname) in EASTERN_SURNAMES and len(surname) < LEAST_STEM else _inflected(surname)
    return {surname.lower()}


def _inflected(surname: str) -> set[str]:
    """Forms of a surname that was itself met in some case."""
    base = fold(surname)
    return {base, *name_forms(surname, "PER"), *_stem_forms(base)}


def _stem_forms(word: str) -> set[str]:
    stem = re.sub(r"(?:ого|ому|ым|им|ом|ем|ой|ую|ую|а|у|е|ы|я|ю|и)$", "", word)
    endings = (
        "",
        "а",
        "у",
        "ым",
        "ом",
        "е",
        "ой",
        "ы",
        "ого",
        "ому",
        "ий",
        "ый",
        "им",
        "ем",
        "ая",
        "ую",
        "я",
        "ю",
        "й",
        "и",
    )
    return {stem + e for e in endings} if len(stem) >= LEAST_STEM else set()


def _family_first(doc: Reading, span: "Span", words: list[str]) -> bool:
    country = doc.gazetteer.country(span.key)
    if country in {"CHN", "TWN", "PRK", "KOR", "VNM", "HKG"}:
        return True
    return country == "" and doc.lang == "ru" and fold(words[0]) in EASTERN_SURNAMES


def _resolved(doc: Reading, span: "Span", full: "dict[str, Span]") -> "Span":
    surface = doc.text[span.start : span.end]
    owner = full.get(simplified(surface) if doc.lang == "zh" else fold(surface))
    if owner is None or owner.start == span.start or span.key or span.type not in {"PER", owner.type}:
        return span
    return replace(span, key=_key(doc, owner), type="PER", rule="short-form")


def _key(doc: Reading, owner: "Span") -> str | None:
    return owner.key or normal_form(doc.text[owner.start : owner.end], owner.type, doc.lang)


def _unfound(doc: Reading, spans: "list[Span]", full: "dict[str, Span]") -> "Iterable[Span]":
    taken = {at for s in spans for at in range(s.start, s.end)}
    for word in re.finditer(r"[^\W\d_][\w'’-]*", doc.text):
        surface = re.sub(r"['’]s?$", "", word.group())
        owner = full.get(fold(surface))
        if owner and surface[0].isupper() and word.start() not in taken:
            span = replace(owner, start=word.start(), end=word.start() + len(surface), rule="short-form")
            yield replace(span, key=_key(doc, owner))
