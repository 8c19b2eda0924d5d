"""One spelling for documents and queries: code point for code point, so that offsets stay what they were.

Traditional Chinese characters become simplified ones (table of zhconv), ё becomes е, typographic apostrophes and
full-width Latin letters and digits become plain. Words of several characters are not exchanged: a query has too
little context to choose, and both sides must choose alike.
"""

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from unicodedata import normalize

# "ʼ" and "’" are what keyboards and typesetters make of the apostrophe; the stemmers only know the plain one.
_PLAIN = {ord("ё"): "е", ord("Ё"): "Е", ord("’"): "'", ord("ʼ"): "'", 0x3000: " "}
_WIDE = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if chr(code - 0xFEE0).isalnum()}


def fold(text: str) -> str:
    """`len(fold(text)) == len(text)` for every text."""
    return text.translate(_table())


@cache
def _table() -> dict[int, str]:
    simplified = _simplified()
    unified = {code: simplified.get(ord(char), char) for code, char in _compatibility()}
    return simplified | unified | _WIDE | _PLAIN


def _simplified() -> dict[int, str]:
    """zhconv's table is read without importing zhconv, which loads pkg_resources and warns."""
    found = find_spec("zhconv")
    folder = found.submodule_search_locations[0] if found and found.submodule_search_locations else ""
    table = json.loads((Path(folder) / "zhcdict.json").read_text(encoding="utf-8"))["zh2Hans"]
    return {ord(old): new for old, new in table.items() if len(old) == len(new) == 1}


def _compatibility() -> list[tuple[int, str]]:
    """CJK compatibility ideographs, which look like the unified ones that they stand for."""
    return [(code, char) for code in range(0xF900, 0xFB00) if len(char := normalize("NFC", chr(code))) == 1]
