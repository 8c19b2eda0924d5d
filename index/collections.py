"""The four collections, their mappings and their names. The mapping files are the one source for both stores."""

import json
from functools import cache
from importlib.resources import files
from typing import Any, Literal

Collection = Literal["articles", "events", "stories", "coverage"]
COLLECTIONS: tuple[Collection, ...] = ("articles", "events", "stories", "coverage")
LIVE_PREFIX = "amur-"
SAMPLE_PREFIX = "amur-sample-"


def alias(prefix: str, collection: str) -> str:
    return f"{prefix}{collection}"


def index_name(prefix: str, collection: str, generation: int) -> str:
    """Name of a versioned index behind the alias: amur-articles-000001."""
    return f"{prefix}{collection}-{generation:06d}"


@cache
def mapping(collection: str) -> dict[str, Any]:
    """The mapping of a collection: {"dynamic": "strict", "properties": {...}}. Not to be changed by the caller."""
    text = (files("index") / "mappings" / f"{collection}.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


@cache
def field_types(collection: str) -> dict[str, str]:
    """Every searchable field, twins (`title_en.exact`) included, -> its type. What is only kept is left out."""
    found: dict[str, str] = {}
    for name, spec in mapping(collection)["properties"].items():
        if spec.get("index") is False or spec.get("enabled") is False:
            continue
        found[name] = spec["type"]
        found |= {f"{name}.{twin}": sub["type"] for twin, sub in spec.get("fields", {}).items()}
    return found
