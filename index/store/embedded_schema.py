"""The mapping -> a tantivy schema, analyzers and documents.

tantivy takes what it does not understand without a word: unknown fields are dropped, terms too long for it are left
out. So every document is checked against the mapping first, with Elasticsearch's own limits.
"""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from index.collections import field_types, mapping
from index.stopwords import ENGLISH, RUSSIAN
from index.store.embedded_words import spaced

if TYPE_CHECKING:
    import tantivy

Document = dict[str, Any]
SOURCE = "_source"  # the document as it was given, JSON
ORDER = "_order"  # sorts by publication, then id: see `order_key`
LONGEST_TERM = 32_766  # bytes; Lucene refuses a longer one, tantivy would leave it out in silence
NOT_BIGRAMS = frozenset({"cjk"})  # Chinese is searched on the exact twin; bigrams would cost a third of the index


class Refused(Exception):
    """A document does not fit; the message is the reason."""


@cache
def analyzers() -> "dict[str, tantivy.TextAnalyzer]":
    """Elasticsearch's stock analyzers by name, as near as tantivy comes: Porter 2 stands for Porter.

    They are for the texts of `index.store.embedded_words.spaced`, whose words stand between blanks.
    """
    from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

    def build(*filters: Any) -> "tantivy.TextAnalyzer":
        builder = TextAnalyzerBuilder(Tokenizer.whitespace()).filter(Filter.lowercase())
        for one in filters:
            builder = builder.filter(one)
        return builder.build()

    return {
        "standard": build(),
        "english": build(Filter.custom_stopword(sorted(ENGLISH)), Filter.stemmer("english")),
        "russian": build(Filter.custom_stopword(sorted(RUSSIAN)), Filter.stemmer("russian")),
    }


@cache
def analyzer_of(collection: str, field: str) -> str | None:
    """The analyzer of a text field or twin; None where the field is no text that is searched here."""
    name, _, twin = field.partition(".")
    spec = mapping(collection)["properties"].get(name, {})
    spec = spec.get("fields", {}).get(twin, {}) if twin else spec
    if spec.get("type") != "text" or spec.get("index") is False or spec.get("analyzer") in NOT_BIGRAMS:
        return None
    return str(spec.get("analyzer", "standard"))


@cache
def schema(collection: str) -> "tantivy.Schema":
    from tantivy import SchemaBuilder

    builder = SchemaBuilder()
    builder.add_bytes_field(SOURCE, stored=True)
    builder.add_integer_field(ORDER, fast=True)
    for name, kind in field_types(collection).items():
        if kind == "text":
            if analyzer := analyzer_of(collection, name):
                builder.add_text_field(name, tokenizer_name=analyzer)
        elif kind == "keyword":
            builder.add_text_field(name, tokenizer_name="raw", fast=True, index_option="basic")
        else:
            getattr(builder, _ADD_FIELD[kind])(name, indexed=True, fast=True)
    return builder.build()


_ADD_FIELD = {
    "long": "add_integer_field",
    "double": "add_float_field",
    "boolean": "add_boolean_field",
    "date": "add_date_field",
}


def instant(value: Any) -> datetime:
    """A date as documents and queries give it, in UTC. Raises ValueError for anything else."""
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is not a date")
    moment = datetime.fromisoformat(value)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def order_key(document: Document) -> int:
    """Grows with the time of publication, then against the id, in one number: tantivy sorts by one field only.

    34 bits of seconds since 1900 and 29 bits of the id, whose hexadecimal digits are uniform. A document without a
    time comes last, as Elasticsearch is asked to put it.
    """
    seconds = int((instant(document["published"]) - _CENTURY).total_seconds()) if document.get("published") else 0
    return max(0, seconds) << 29 | (2**29 - 1 - _digits(str(document["id"])))


_CENTURY = datetime(1900, 1, 1, tzinfo=UTC)


def _digits(identifier: str) -> int:
    try:
        return int(identifier[:8], 16) >> 3
    except ValueError:
        return 0


def to_tantivy(collection: str, document: Document) -> "tantivy.Document":
    """Raises Refused with the reason where the document does not fit the mapping."""
    import tantivy

    made = tantivy.Document()
    properties = mapping(collection)["properties"]
    for name, value in document.items():
        if name not in properties:
            raise Refused(f"strict_dynamic_mapping_exception: the mapping has no field [{name}]")
        _add(made, name, properties[name], value)
    try:
        made.add_integer(ORDER, order_key(document))
        made.add_bytes(SOURCE, json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode())
    except (ValueError, TypeError) as error:
        raise Refused(f"document_parsing_exception: {error}") from error
    return made


def _add(made: "tantivy.Document", name: str, spec: dict[str, Any], value: Any) -> None:
    if spec.get("enabled") is False:
        if not isinstance(value, dict):
            raise Refused(f"document_parsing_exception: [{name}] is not an object")
        return
    read, add = _KINDS[spec["type"]]
    twins = [f"{name}.{twin}" for twin in spec.get("fields", {})]
    searched = [n for n in (name, *twins) if spec["type"] != "text" or _is_searched(spec, n)]
    for one in _values(value):
        try:
            checked = read(one)
        except (ValueError, TypeError) as error:
            raise Refused(f"document_parsing_exception: failed to parse field [{name}]: {error}") from error
        if spec["type"] == "text" and searched and spec.get("index") is not False:
            checked = spaced(checked)
        for field in searched if spec.get("index") is not False else ():
            getattr(made, add)(field, checked)


def _is_searched(spec: dict[str, Any], name: str) -> bool:
    return "." in name or spec.get("analyzer") not in NOT_BIGRAMS


def _values(value: Any) -> Iterator[Any]:
    for one in value if isinstance(value, list | tuple) else (value,):
        if one is not None:
            yield one


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not a text")
    value.encode()  # half of a character raises ValueError here
    return value


def _keyword(value: Any) -> str:
    if len(_text(value).encode()) > LONGEST_TERM:
        raise ValueError(f"a value of more than {LONGEST_TERM} bytes")
    return str(value)


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{value!r} is not a whole number")
    if not -(2**63) <= value < 2**63:
        raise ValueError(f"{value!r} is out of range")
    return value


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{value!r} is not a number")
    if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124 -- NaN is not itself
        raise ValueError(f"{value!r} is not finite")
    return float(value)


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{value!r} is not true or false")
    return value


_KINDS: dict[str, tuple[Callable[[Any], Any], str]] = {
    "text": (_text, "add_text"),
    "keyword": (_keyword, "add_text"),
    "long": (_whole, "add_integer"),
    "double": (_number, "add_float"),
    "boolean": (_truth, "add_boolean"),
    "date": (instant, "add_date"),
}
READERS = {kind: read for kind, (read, _add_name) in _KINDS.items()}
