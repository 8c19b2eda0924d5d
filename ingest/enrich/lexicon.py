"""The data files of `lexicons/`: tab-separated, one thing a line, provenance in comments at the head of each file.

Columns: key, type, country, names in English, Russian and Chinese (several parted by `;`), QID (optional). The key,
less what stands in brackets, is itself an English name unless the English column begins with `=`. A name marked `~` is
ambiguous: it counts only where the thing, or its country, is also named in the text in another way.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ingest.model import LANGUAGES, EntityType

GAZETTEER_FILES = ("countries", "places", "cities", "people", "organisations", "companies", "projects")


@dataclass(frozen=True, slots=True)
class Entry:
    key: str
    type: EntityType
    country: str  # ISO 3166-1 alpha-3, EUU, NAT, or "" for what belongs to none
    names: dict[str, tuple[str, ...]]  # language -> names, the usual one first
    ambiguous: frozenset[str]  # names that need support in the text
    qid: str | None = None


def rows(name: str) -> Iterator[list[str]]:
    """Cells of each line of a lexicon file, comments and empty lines left out."""
    text = files("ingest.enrich").joinpath("lexicons", f"{name}.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            yield [cell.strip() for cell in line.split("\t")]


@cache
def entries() -> tuple[Entry, ...]:
    """Every entry of the gazetteer; a key that stands in two files is one entry with the names of both."""
    merged: dict[str, Entry] = {}
    for name in GAZETTEER_FILES:
        for row in rows(name):
            entry = _entry(row)
            merged[entry.key] = _join(merged[entry.key], entry) if entry.key in merged else entry
    return tuple(merged.values())


def _entry(row: list[str]) -> Entry:
    key, kind, country, *cells = row + [""] * (7 - len(row))
    names: dict[str, tuple[str, ...]] = {}
    ambiguous: set[str] = set()
    for lang, cell in zip(LANGUAGES, cells, strict=False):
        given = [n.strip() for n in cell.lstrip("=").split(";") if n.strip()]
        if lang == "en" and not cell.startswith("="):
            given = [key.split(" (")[0], *given]
        ambiguous |= {n[1:] for n in given if n.startswith("~")}
        names[lang] = tuple(dict.fromkeys(n.removeprefix("~") for n in given))
    return Entry(key, _type(kind), country, names, frozenset(ambiguous), cells[3] or None)


def _type(kind: str) -> EntityType:
    match kind:
        case "PER" | "ORG" | "LOC" | "MISC":
            return kind
    raise ValueError(f"lexicon type {kind!r}")


def _join(a: Entry, b: Entry) -> Entry:
    names: dict[str, tuple[str, ...]] = {
        lang: tuple(dict.fromkeys((*a.names[lang], *b.names[lang]))) for lang in LANGUAGES
    }
    return Entry(a.key, a.type, a.country or b.country, names, a.ambiguous | b.ambiguous, a.qid or b.qid)
