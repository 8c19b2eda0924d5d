"""Set formulas of the relationship in three languages, from `lexicons/phrases.toml`, with the speaker where quoted."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ingest.enrich.base import Reading
from ingest.enrich.han import simplified
from ingest.model import LANGUAGES, Phrase, Quote


@dataclass(frozen=True, slots=True)
class Formula:
    """A set formula: variants by language, first known use (year, month or day) and the public document it is from."""

    key: str
    variants: dict[str, tuple[str, ...]]
    first: str
    source: str


@cache
def formulas() -> tuple[Formula, ...]:
    """All formulas in the order of the file."""
    text = (files("ingest.enrich") / "lexicons" / "phrases.toml").read_text(encoding="utf-8")
    return tuple(
        Formula(key, {lang: tuple(row[lang]) for lang in LANGUAGES}, row["first"], row["source"])
        for key, row in tomllib.loads(text).items()
    )


class PhraseEnricher:
    """`Reading` -> phrases, by start. Reads the quotes for the speaker."""

    name = "phrases"
    version = "1"
    reads: tuple[str, ...] = ("quotes",)
    adds = "phrases"

    def __call__(self, doc: Reading, /) -> tuple[Phrase, ...]:
        return find_phrases(doc.text, doc.lang, doc.quotes)


def find_phrases(text: str, lang: str, quotes: Sequence[Quote] = ()) -> tuple[Phrase, ...]:
    """Formulas of a text without overlap, the longest first; traditional Chinese matches simplified variants."""
    lang = lang if lang in ("ru", "zh") else "en"
    body = simplified(text) if lang == "zh" else text
    lowered = _plain(body)
    found = [
        (m.start(), m.end(), key)
        for key, pattern, hints in _patterns(lang)
        if any(hint in lowered for hint in hints)
        for m in pattern.finditer(body)
        if not _is_exact_miss(m.group(), key, lang)
    ]
    return tuple(Phrase(key, text[s:e], s, e, _speaker(s, e, quotes)) for s, e, key in _longest(found))


def _is_exact_miss(surface: str, key: str, lang: str) -> bool:
    # The Russian abbreviation is also the end of a pronoun in lower case.
    return key == "special-military-operation" and lang == "ru" and surface.upper() == "СВО" != surface


@cache
def _patterns(lang: str) -> tuple[tuple[str, re.Pattern[str], tuple[str, ...]], ...]:
    """Key, pattern, and for each variant its longest literal word: where none stands in a text, nothing is searched."""
    return tuple(
        (f.key, _compiled(f.variants[lang], lang), tuple({_hint(v, lang) for v in f.variants[lang]}))
        for f in formulas()
    )


def _plain(text: str) -> str:
    return text.lower().replace("ё", "е").replace("’", "'")


def _hint(variant: str, lang: str) -> str:
    if lang == "zh":
        return simplified(variant).lower()
    return _plain(max(re.split(r"[\s*~]+", variant), key=len))


def _compiled(variants: Sequence[str], lang: str) -> re.Pattern[str]:
    ordered = sorted(variants, key=lambda v: (-len(v), v))
    if lang == "zh":
        return re.compile("|".join(re.escape(simplified(v)) for v in ordered))
    return re.compile("|".join(rf"(?<!\w){_words(v)}(?!\w)" for v in ordered), re.IGNORECASE)


def _words(variant: str) -> str:
    parts = [r"(?:[\w-]{1,30}\s{1,3}){0,3}?" if w == "~" else _word(w) + r"\s+" for w in variant.split()]
    return "".join(parts).removesuffix(r"\s+")


def _word(word: str) -> str:
    folded = re.escape(word).replace(r"\*", r"\w*")
    return folded.replace("ё", "[её]").replace("'", "['’]")


def _longest(found: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    kept: list[tuple[int, int, str]] = []
    end = -1
    for start, stop, key in sorted(found, key=lambda f: (f[0], -f[1], f[2])):
        if start >= end:
            kept.append((start, stop, key))
            end = stop
    return kept


def _speaker(start: int, end: int, quotes: Sequence[Quote]) -> str | None:
    """The speaker of the innermost quote around a phrase."""
    around = [q for q in quotes if q.start <= start and end <= q.end]
    return min(around, key=lambda q: q.end - q.start).speaker if around else None
