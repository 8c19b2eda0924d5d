"""Russian names by slovnet's news model, with the vectors that natasha ships; natasha itself is never imported."""

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ingest.model import EntityType

_TYPES: dict[str, EntityType] = {"PER": "PER", "ORG": "ORG", "LOC": "LOC"}
_VECTORS = "emb/navec_news_v1_1B_250K_300d_100q.tar"


def data(name: str) -> str:
    """Path of a model file in natasha's package, found without running its code (it needs pymorphy2)."""
    spec = find_spec("natasha")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("natasha is not installed: it holds the Russian models")
    return str(Path(spec.origin).parent / "data" / name)


@cache
def vectors() -> Any:
    """navec's word vectors, shared by every slovnet model of the process."""
    from navec import Navec

    return Navec.load(data(_VECTORS))


@cache
def model() -> Any:
    from slovnet import NER

    tagger = NER.load(data("model/slovnet_ner_news_v1.tar"))
    tagger.navec(vectors())
    return tagger


def find(text: str) -> list[tuple[int, int, EntityType]]:
    """(start, end, type) of names in a text, in order."""
    if not re.search("[а-яё]", text):
        return []
    return [(s.start, s.stop, _TYPES[s.type]) for s in model()(text).spans if s.type in _TYPES]
