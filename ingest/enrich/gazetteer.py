"""Names that are known beforehand: found in a text by Aho-Corasick automata, in three languages and three scripts.

English is matched by words, possessives left out; Russian by all case forms; Chinese, simplified or traditional, by the
longest match. The automaton of a language is built when the first text in it is read (about half a second).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from ingest.enrich import han
from ingest.enrich.lexicon import Entry, entries
from ingest.enrich.russian import fold, name_forms
from ingest.model import LANGUAGES, EntityType

# An abbreviation of up to so many letters counts only in capitals; longer names may stand in a headline in capitals.
ABBREVIATION = 6
_HAN = re.compile(r"[\u3400-\u9fff]")
_CYRILLIC = re.compile(r"[а-яёА-ЯЁ]")
_APOSTROPHES = str.maketrans("’‘ʼ\u00a0\u2011", "''' -")


@dataclass(frozen=True, slots=True)
class Match:
    start: int
    end: int
    surface: str
    key: str
    type: EntityType
    country: str
    ambiguous: bool = False
    others: tuple[str, ...] = ()  # other keys of the same name


@dataclass(frozen=True, slots=True)
class _Name:
    keys: tuple[str, ...]
    exact: str = ""  # an abbreviation counts only in capitals
    written: str = ""  # English: the words that the name has in capitals must have them in the text
    ambiguous: bool = False


class Gazetteer:
    """The names of people, organisations, places and projects. Obtain it with `Gazetteer.load()`."""

    def __init__(self, items: Iterable[Entry]) -> None:
        self._entries = {e.key: e for e in items}
        self._automata: dict[str, Any] = {}
        self._names: dict[str, dict[str, _Name]] = {}

    @staticmethod
    @cache
    def load() -> "Gazetteer":
        """The shipped gazetteer, one in a process."""
        return Gazetteer(entries())

    def __len__(self) -> int:
        return len(self._entries)

    def keys(self) -> tuple[str, ...]:
        return tuple(self._entries)

    def entry(self, key: str) -> Entry | None:
        return self._entries.get(key)

    def names(self, key: str) -> dict[str, list[str]]:
        """Language -> names of a thing, the usual one first; traditional Chinese is not listed. Empty if unknown."""
        entry = self._entries.get(key)
        return {lang: list(entry.names[lang]) for lang in LANGUAGES} if entry else {}

    def kind(self, key: str) -> EntityType | None:
        entry = self._entries.get(key)
        return entry.type if entry else None

    def country(self, key: str | None) -> str:
        """ISO 3166-1 alpha-3 of the side a thing belongs to, EUU, NAT, or "" where it belongs to none."""
        entry = self._entries.get(key or "")
        return entry.country if entry else ""

    def qid(self, key: str | None) -> str | None:
        entry = self._entries.get(key or "")
        return entry.qid if entry else None

    def resolve(self, name: str) -> tuple[str, ...]:
        """Keys for a name as a reader types it: any script, inflected Russian, with or without capitals."""
        name = " ".join(name.split())
        if name in self._entries:
            return (name,)
        lang = "zh" if _HAN.search(name) else "ru" if _CYRILLIC.search(name) else "en"
        found = self._table(lang).get(_folded(name, lang))
        if not found and lang == "ru":
            found = self._table("en").get(_folded(name, "en"))
        return found.keys if found else ()

    def find(self, text: str, lang: str, when: date | None = None) -> tuple[Match, ...]:
        """The names in a text, in order, without overlap; the longest wins. `when` is kept for names that date."""
        del when
        found = self._candidates(text, lang)
        return tuple(_longest(found))

    def _candidates(self, text: str, lang: str) -> list[Match]:
        folded = _folded(text, lang)
        found = list(self._hits(text, folded, "zh" if lang == "zh" else lang if lang == "ru" else "en"))
        if lang in {"ru", "zh"} and re.search("[A-Za-z]{2}", text):
            found += self._hits(text, _folded(text, "en"), "en")
        if lang == "zh":
            found += [self._match(text, s, e, _Name((key,))) for s, e, key in han.short_countries(folded)]
        return found

    def _hits(self, text: str, folded: str, lang: str) -> Iterable[Match]:
        automaton = self._automaton(lang)
        if automaton is None:
            return
        for last, (length, name) in automaton.iter(folded):
            start, end = last - length + 1, last + 1
            if lang != "zh" and not _is_whole(text, start, end):
                continue
            if lang == "zh" or _is_written_as_name(text[start:end], name):
                yield self._match(text, start, end, name)

    def _match(self, text: str, start: int, end: int, name: _Name) -> Match:
        entry = self._entries[name.keys[0]]
        return Match(start, end, text[start:end], entry.key, entry.type, entry.country, name.ambiguous, name.keys[1:])

    def _table(self, lang: str) -> dict[str, _Name]:
        """Folded form -> name."""
        if lang not in self._names:
            table: dict[str, _Name] = {}
            for entry in self._entries.values():
                for name in entry.names[lang]:
                    self._add(table, entry, name, lang)
            self._names[lang] = table
        return self._names[lang]

    def _add(self, table: dict[str, _Name], entry: Entry, name: str, lang: str) -> None:
        exact = name if lang != "zh" and name.isupper() and len(name) <= ABBREVIATION else ""
        forms = name_forms(name, entry.type) if lang == "ru" else {_folded(name, lang)}
        for form in forms:
            had = table.get(form)
            if had is None:
                table[form] = _Name((entry.key,), exact, name if lang == "en" else "", name in entry.ambiguous)
            elif entry.key not in had.keys:
                table[form] = replace(had, keys=(*had.keys, entry.key))

    def _automaton(self, lang: str) -> Any:
        if lang not in self._automata:
            import ahocorasick

            automaton = ahocorasick.Automaton()
            for form, name in self._table(lang).items():
                automaton.add_word(form, (len(form), name))
            automaton.make_automaton()
            self._automata[lang] = automaton
        return self._automata[lang]


def _folded(text: str, lang: str) -> str:
    """What is compared: lower case for alphabets, simplified characters for Chinese; always of the same length."""
    if lang == "zh":
        return han.simplified(text)
    return fold(text).translate(_APOSTROPHES)


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether the span is not part of a longer word."""
    before, after = text[start - 1 : start], text[end : end + 1]
    # Chinese runs into Latin letters without a space, so only alphabets bound each other.
    return not (_is_letter(before) or _is_letter(after))


def _is_letter(char: str) -> bool:
    return char.isalnum() and not _HAN.match(char)


def _is_written_as_name(surface: str, name: _Name) -> bool:
    """Names hold a capital; a single word begins with it: «орден Дружбы» and "eBay" are names, "amur" is not."""
    if name.exact:
        return surface == name.exact
    if " " in surface:
        pairs = zip(surface.split(), name.written.split(), strict=False)
        return any(c.isupper() for c in surface) and all(a[0].isupper() or not b[0].isupper() for a, b in pairs)
    return any(c.isupper() for c in surface[:2])


def _longest(found: list[Match]) -> list[Match]:
    """Leftmost-longest choice among overlapping matches: longer first, then earlier."""
    taken: list[Match] = []
    used: set[int] = set()
    for match in sorted(found, key=lambda m: (m.start - m.end, m.start)):
        if match.start in used or match.end - 1 in used:
            continue
        used.update(range(match.start, match.end))
        taken.append(match)
    return sorted(taken, key=lambda m: m.start)
