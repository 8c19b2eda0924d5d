"""Regular expressions kept as lists in a TOML lexicon: joined by `|`, whole words where the key ends in `_whole`."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def table(name: str) -> dict[str, Any]:
    """The parsed `lexicons/NAME.toml`."""
    return tomllib.loads((files("ingest.enrich") / "lexicons" / f"{name}.toml").read_text(encoding="utf-8"))


def joined(rows: Mapping[str, list[str]], key: str, flags: int = re.IGNORECASE) -> re.Pattern[str]:
    """One pattern of the list `key`, or of `key_whole` between word boundaries."""
    if f"{key}_whole" in rows:
        return re.compile(rf"\b(?:{'|'.join(rows[f'{key}_whole'])})\b", flags)
    return re.compile("|".join(rows[key]), flags)
