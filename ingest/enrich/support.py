"""Which of the gazetteer's matches count: an ambiguous name needs support, a name of several things a choice."""

import re
from collections import Counter
from dataclasses import replace

from ingest.enrich.base import Reading
from ingest.enrich.gazetteer import Match

# A word in capitals beside an ambiguous English or Russian name makes it part of another name ("West Side").
_WINDOW = 24


# Animals are not places: Amur tigers, Siberian cranes.
_NO_PLACE = re.compile(r" (?:tigers?|leopards?|falcons?|sturgeons?|тигр|леопард)")


def supported(doc: Reading) -> list[Match]:
    """Matches that count, each with the key that fits the text best."""
    sure = {m.key for m in doc.matches if not m.ambiguous}
    sides = Counter(m.country for m in doc.matches if m.country and not m.ambiguous)
    kept = []
    for match in doc.matches:
        if _NO_PLACE.match(doc.text, match.end):
            continue
        if match.ambiguous and not _has_support(doc, match, sure, sides):
            continue
        kept.append(_chosen(doc, match, sure, sides))
    return kept


def _has_support(doc: Reading, match: Match, sure: set[str], sides: Counter[str]) -> bool:
    if match.key in sure:
        return True
    if match.key == "Western world":
        return _stands_alone(doc.text, match)
    if doc.lang == "zh":
        return False
    return bool(match.country and sides[match.country] and match.type != "LOC" and _stands_alone(doc.text, match))


def _stands_alone(text: str, match: Match) -> bool:
    """Not part of a longer capitalised name, and not merely the first word of a sentence."""
    after = text[match.end : match.end + _WINDOW].lstrip(" ")
    before = text[max(0, match.start - _WINDOW) : match.start].rstrip(" ")
    starts_sentence = not before or before[-1] in '.!?\n"“«'
    return not (after[:1].isupper() or starts_sentence)


def _chosen(doc: Reading, match: Match, sure: set[str], sides: Counter[str]) -> Match:
    """Among things of one name: the one named in full elsewhere, else the one whose country the text names most."""
    if not match.others:
        return match
    keys = (match.key, *match.others)
    best = max(keys, key=lambda k: (k in sure and k != match.key, sides[doc.gazetteer.country(k)], -keys.index(k)))
    entry = doc.gazetteer.entry(best)
    return replace(match, key=best, type=entry.type, country=entry.country) if entry else match
