"""Goldstein scores of PLOVER types, by way of the CAMEO root each stands for (`lexicons/goldstein.tsv`)."""

from functools import cache
from importlib.resources import files


@cache
def _table() -> dict[str, float]:
    text = (files("ingest.enrich") / "lexicons" / "goldstein.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {kind: float(score) for kind, _, score in rows}


def goldstein(kind: str) -> float:
    """Score of a PLOVER type on the scale -10 (conflict) to 10 (cooperation); 0.0 for a type that has none.

    One score for a whole type: coarser than the scores of single CAMEO codes, and comparable only within one coder.
    """
    return _table().get(kind, 0.0)
