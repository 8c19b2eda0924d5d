"""Enriched articles and feed entries as JSON, the form in which they are archived and queued.

Annotations carry the field names of the gold guide (`title`, `body`, `lang`, `published`, `entities`, `topics`,
`quotes`, `events`, `stance`, with `surface`, `type`, `key`, `speaker`, `evidence`, ...). Instants are ISO 8601 in UTC.
"""

from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from amur.errors import ReadError
from ingest.model import EnrichedArticle, FeedEntry

# Grows when a reader of old records must do something; `from_record` reads every form there has been.
FORMAT = 1


@cache
def _articles() -> TypeAdapter[EnrichedArticle]:
    return TypeAdapter(EnrichedArticle)


@cache
def _entries() -> TypeAdapter[FeedEntry]:
    return TypeAdapter(FeedEntry)


def to_record(enriched: EnrichedArticle) -> dict[str, Any]:
    """The record of an enriched article: plain JSON values, `format` first."""
    record: dict[str, Any] = _articles().dump_python(enriched, mode="json")
    record["article"]["body"] = record["article"].pop("text")
    return {"format": FORMAT, **record}


def from_record(record: dict[str, Any]) -> EnrichedArticle:
    """The enriched article of a record. Raises ReadError for one that this version cannot read."""
    try:
        if not 1 <= int(record.get("format", 0)) <= FORMAT:
            raise ReadError(f"record format {record.get('format')!r} is not one of 1 to {FORMAT}: install a newer Amur")
        article = {("text" if k == "body" else k): v for k, v in record["article"].items()}
        rest = {k: v for k, v in record.items() if k not in ("format", "article")}
        return _articles().validate_python({"article": article, **rest})
    except (ValidationError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise ReadError(f"not a record of an enriched article: {error}") from error


def entry_to_json(entry: FeedEntry) -> str:
    return _entries().dump_json(entry, exclude_defaults=True).decode()


def entry_from_json(text: str | bytes) -> FeedEntry:
    """Raises ReadError where the text is not a feed entry."""
    try:
        return _entries().validate_json(text)
    except ValidationError as error:
        raise ReadError(f"not a feed entry: {error}") from error
