"""The little of Kibana's query language that our objects use -> Elasticsearch clauses, in the form that Kibana gives.

Anything else is refused, so that a new query in a saved object is either translated or seen.
"""

from functools import cache
from typing import Any

from lark import Lark, Token, Transformer, v_args

Clause = dict[str, Any]
GRAMMAR = r"""
    ?start: either
    ?either: both ("or"i both)*
    ?both: single ("and"i single)*
    ?single: "not"i single -> negated
           | "(" either ")"
           | WORD ":" values -> holds
           | WORD COMPARED NUMBER -> compared
    ?values: value | "(" value ("or"i value)* ")" -> any_of
    value: QUOTED | STAR | WORD
    COMPARED: "<=" | ">=" | "<" | ">"
    NUMBER.2: /-?\d+(\.\d+)?/
    STAR: "*"
    QUOTED: /"[^"\\]*"/
    WORD: /(?!(?:and|or|not)\b)[a-z_][\w.-]*/i
    %import common.WS
    %ignore WS
"""
RANGES = {"<": "lt", "<=": "lte", ">": "gt", ">=": "gte"}


def some(clauses: list[Clause]) -> Clause:
    return {"bool": {"should": clauses, "minimum_should_match": 1}}


def is_value(field: str, value: Token) -> Clause:
    if value.type == "STAR":
        return some([{"exists": {"field": field}}])
    if value.type == "QUOTED":
        return some([{"match_phrase": {field: value[1:-1]}}])
    return some([{"match": {field: str(value)}}])


@v_args(inline=True)
class Clauses(Transformer):  # type: ignore[type-arg]
    def value(self, token: Token) -> list[Token]:
        return [token]

    def any_of(self, *values: list[Token]) -> list[Token]:
        return [token for found in values for token in found]

    def holds(self, field: Token, values: list[Token]) -> Clause:
        clauses = [is_value(str(field), value) for value in values]
        return clauses[0] if len(clauses) == 1 else some(clauses)

    def compared(self, field: Token, sign: Token, number: Token) -> Clause:
        return some([{"range": {str(field): {RANGES[sign]: float(number)}}}])

    def negated(self, clause: Clause) -> Clause:
        return {"bool": {"must_not": clause}}

    def both(self, *clauses: Clause) -> Clause:
        return {"bool": {"filter": list(clauses)}}

    def either(self, *clauses: Clause) -> Clause:
        return some(list(clauses))


@cache
def grammar() -> Lark:
    return Lark(GRAMMAR, parser="lalr", transformer=Clauses())


def clause(query: str) -> Clause:
    """Raises lark.UnexpectedInput for what is outside the subset."""
    return grammar().parse(query) if query.strip() else {"match_all": {}}  # type: ignore[return-value]


def fields(found: Any) -> set[str]:
    """Every field that a clause asks for."""
    if isinstance(found, list):
        return {name for one in found for name in fields(one)}
    if not isinstance(found, dict):
        return set()
    here: set[str] = set()
    for name, inner in found.items():
        if name in {"match", "match_phrase", "range"}:
            here |= set(inner)
        elif name == "exists":
            here.add(inner["field"])
        else:
            here |= fields(inner)
    return here
