"""Query clauses of an Elasticsearch body -> a tantivy query. What is not in the subset raises UnsupportedQuery.

    {"match_all": {}}                    {"ids": {"values": [...]}}
    {"term": {field: value}}             {"terms": {field: [values]}}
    {"exists": {"field": field}}         {"range": {field: {gt, gte, lt, lte}}}        dates and numbers
    {"match_phrase": {field: {"query": text, "boost": b}}}                             text fields
    {"bool": {must, filter, should, must_not, minimum_should_match}}
    {"dis_max": {"queries": [...], "tie_breaker": t}}
    {"constant_score": {"filter": clause, "boost": b}}

`term` and `terms` are for keywords, numbers, dates and booleans; the values may also be given as {"value": v}.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

from amur.errors import UnsupportedQuery
from index.collections import field_types
from index.store.embedded_schema import READERS, analyzer_of, analyzers, schema
from index.store.embedded_words import spaced

if TYPE_CHECKING:
    import tantivy

Body = dict[str, Any]
Terms = tuple[tuple[int, str], ...]  # (position, term) of a phrase
DEEPEST = 60  # clauses within each other; a tree of the query language is less than 50 deep


def unsupported(what: str) -> NoReturn:
    raise UnsupportedQuery(f"the embedded store does not answer {what}; docs/search.md lists what it answers")


def only(body: Any, allowed: set[str], where: str) -> Body:
    """`body`, if it is an object that has no other keys. tantivy itself would pass over them in silence."""
    if not isinstance(body, dict):
        unsupported(f"{where} that is not an object")
    if unknown := sorted(set(body) - allowed):
        unsupported(f"{unknown[0]!r} in {where}")
    return body


class Translation:
    """One query. `phrases` are the terms of each text field that are wanted, for highlighting."""

    def __init__(self, collection: str) -> None:
        self.collection = collection
        self.schema = schema(collection)
        self.fields = field_types(collection)
        self.phrases: defaultdict[str, set[Terms]] = defaultdict(set)
        self._barred = 0
        self._depth = 0

    def query(self, body: Any) -> "tantivy.Query":
        if not isinstance(body, dict) or len(body) != 1:
            unsupported("a clause that does not have exactly one name")
        ((name, inner),) = body.items()
        build: Callable[[Any], tantivy.Query] | None = getattr(self, f"_{name}", None) if name in CLAUSES else None
        if build is None:
            unsupported(f"the clause {name!r}")
        self._depth += 1
        if self._depth > DEEPEST:
            unsupported(f"clauses more than {DEEPEST} deep")
        try:
            return build(inner)
        finally:
            self._depth -= 1

    def kind(self, field: str) -> str:
        """Of a field. tantivy would find nothing in one that it does not know, and say nothing."""
        if field not in self.fields:
            unsupported(f"the field {field!r}, which {self.collection} do not have")
        return self.fields[field]

    def value(self, field: str, value: Any) -> Any:
        kind = self.kind(field)
        if kind == "text":
            unsupported(f"term or range on the text field {field!r}")
        try:
            return READERS[kind](value)
        except (ValueError, TypeError) as error:
            unsupported(f"the value {value!r} for {field!r}: {error}")

    def _match_all(self, body: Any) -> "tantivy.Query":
        from tantivy import Query

        only(body, set(), "match_all")
        return Query.all_query()

    def _ids(self, body: Any) -> "tantivy.Query":
        values = only(body, {"values"}, "ids").get("values", [])
        return self._terms({"id": values})

    def _term(self, body: Any) -> "tantivy.Query":
        from tantivy import Query

        field, value = _one_field(body, "term")
        value = only(value, {"value"}, "term").get("value") if isinstance(value, dict) else value
        return Query.term_query(self.schema, field, self.value(field, value))

    def _terms(self, body: Any) -> "tantivy.Query":
        from tantivy import Query

        field, values = _one_field(body, "terms")
        if not isinstance(values, list | tuple):
            unsupported("terms that are no list")
        read = [self.value(field, v) for v in values]
        found = Query.term_set_query(self.schema, field, read) if read else Query.empty_query()
        return Query.const_score_query(found, 1.0)

    def _exists(self, body: Any) -> "tantivy.Query":
        from tantivy import Query

        field = only(body, {"field"}, "exists").get("field", "")
        if self.kind(field) == "text":
            unsupported("exists on a text field")
        return Query.const_score_query(Query.exists_query(field), 1.0)

    def _range(self, body: Any) -> "tantivy.Query":
        from tantivy import FieldType, Query

        field, ends = _one_field(body, "range")
        kind = self.kind(field)
        types = {"date": FieldType.Date, "long": FieldType.Integer, "double": FieldType.Float}
        if kind not in types:
            unsupported(f"range on the {kind} field {field!r}")
        given = {k: self.value(field, v) for k, v in only(ends, {"gt", "gte", "lt", "lte"}, "range").items()}
        if {"gt", "gte"} <= set(given) or {"lt", "lte"} <= set(given) or not given:
            unsupported("range with two lower or two upper ends, or none")
        found = Query.range_query(
            self.schema, field, types[kind],
            given.get("gte", given.get("gt")), given.get("lte", given.get("lt")),
            include_lower="gt" not in given, include_upper="lt" not in given,
        )  # fmt: skip
        return Query.const_score_query(found, 1.0)

    def _match_phrase(self, body: Any) -> "tantivy.Query":
        from tantivy import Query

        field, asked = _one_field(body, "match_phrase")
        asked = {"query": asked} if isinstance(asked, str) else only(asked, {"query", "boost"}, "match_phrase")
        terms = self._analyzed(field, asked.get("query"))
        if not terms:
            return Query.empty_query()
        if not self._barred:
            self.phrases[field].add(terms)
        if len(terms) == 1:
            found = Query.term_query(self.schema, field, terms[0][1])
        else:
            found = Query.phrase_query(self.schema, field, list(terms))
        return Query.boost_query(found, float(asked.get("boost", 1.0)))

    def _analyzed(self, field: str, text: Any) -> Terms:
        """Terms with their distances from the first, as a stop word leaves a gap."""
        self.kind(field)
        name = analyzer_of(self.collection, field)
        if name is None or not isinstance(text, str):
            unsupported(f"match_phrase on {field!r}, which is not searched as text")
        tokens = analyzers()[name].pre_tokenize(spaced(text)).tokens
        return tuple((t.position - tokens[0].position, t.text) for t in tokens)

    def _bool(self, body: Any) -> "tantivy.Query":
        from tantivy import Occur, Query

        only(body, {"must", "filter", "should", "must_not", "minimum_should_match"}, "bool")
        must, should = self._all(body, "must"), self._all(body, "should")
        kept = [Query.const_score_query(q, 0.0) for q in self._all(body, "filter")]
        self._barred += 1
        barred = self._all(body, "must_not")
        self._barred -= 1
        needed = body.get("minimum_should_match", 1 if should and not (must or kept) else 0)
        if not isinstance(needed, int) or needed < 0:
            unsupported("minimum_should_match that is not a whole number")
        if not (must or kept or should):
            kept = [Query.const_score_query(Query.all_query(), 0.0 if barred else 1.0)]
        clauses = [(Occur.Must, q) for q in (*must, *kept)] + [(Occur.MustNot, q) for q in barred]
        clauses += [(Occur.Should, q) for q in should]
        if needed > len(should):
            return Query.empty_query()
        return Query.boolean_query(clauses, minimum_number_should_match=needed if should else None)

    def _all(self, body: Body, name: str) -> "list[tantivy.Query]":
        inner = body.get(name, [])
        return [self.query(one) for one in (inner if isinstance(inner, list | tuple) else [inner])]

    def _dis_max(self, body: Any) -> "tantivy.Query":
        from tantivy import Query

        only(body, {"queries", "tie_breaker"}, "dis_max")
        queries = self._all(body, "queries")
        if not queries:
            return Query.empty_query()
        return Query.disjunction_max_query(queries, tie_breaker=float(body.get("tie_breaker", 0.0)))

    def _constant_score(self, body: Any) -> "tantivy.Query":
        from tantivy import Query

        only(body, {"filter", "boost"}, "constant_score")
        return Query.const_score_query(self.query(body.get("filter")), float(body.get("boost", 1.0)))


CLAUSES = frozenset(
    {"match_all", "ids", "term", "terms", "exists", "range", "match_phrase", "bool", "dis_max", "constant_score"}
)


def _one_field(body: Any, clause: str) -> tuple[str, Any]:
    if not isinstance(body, dict) or len(body) != 1:
        unsupported(f"{clause} on other than one field")
    ((field, value),) = body.items()
    return field, value
