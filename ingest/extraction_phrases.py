"""The phrases of `extraction_phrases.toml` as patterns."""

import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

PHRASES = Path(__file__).with_name("extraction_phrases.toml")


@lru_cache(maxsize=16)
def phrases(kind: str) -> re.Pattern[str]:
    """The patterns of one kind as one, without regard to case. Those of `tail`, `inset` and `edge` may have marks
    (bullets, brackets, arrows) before them, those of `edge` also after."""
    joined = "|".join(f"(?:{pattern})" for pattern in _data()[kind])
    before = r"\W*" if kind in {"tail", "inset", "edge"} else ""
    return re.compile(f"{before}(?:{joined})" + (r"\W*" if kind == "edge" else ""), re.IGNORECASE)


@lru_cache(maxsize=16)
def words(kind: str) -> frozenset[str]:
    """A list of plain words."""
    return frozenset(_data()[kind])


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    return tomllib.loads(PHRASES.read_text(encoding="utf-8"))
