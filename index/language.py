"""The query language: text -> a frozen tree, and back.

    query  := either
    either := both ("OR" both)*
    both   := one (["AND"] one)*            two things side by side are joined by AND
    one    := ("NOT" | "-") one | "(" either ")" | FIELD ":" value | phrase | word
    value  := phrase | word
    FIELD  := lang | country | camp | outlet | topic | entity | from | to

AND, OR and NOT are written in capitals. Quotation marks of the three languages open a phrase ("…", “…”, «…», 「…」),
and the full-width forms of colon and parentheses stand for the plain ones. `parse` raises nothing but
QuerySyntaxError, whatever it is given.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NoReturn

from amur.errors import QuerySyntaxError
from index.days import day
from ingest.model import LANGUAGES, TOPICS

FIELDS = ("lang", "country", "camp", "outlet", "topic", "entity", "from", "to")
LONGEST_QUERY = 4_000  # code points
MOST_PARTS = 256  # words, phrases and fields of one query; Elasticsearch takes 1024 clauses and a word becomes several
DEEPEST = 40  # parentheses and NOTs within each other

QUOTES = {'"': '"', "“": "”", "„": "“", "«": "»", "「": "」", "『": "』"}
_WIDE = str.maketrans("（）：＂　", '():" ')  # full-width forms, one character each, so that positions stay
_WORD_END = re.compile(r"[\s()\"“„«「『]")
_FIELD = re.compile(r"([A-Za-z]+):(?=[^\s)])|(" + "|".join(FIELDS) + "):")
_MINUS = re.compile(r"-(?=[^\s)-])")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True)
class Everything:
    """The empty query."""


@dataclass(frozen=True)
class Word:
    text: str
    position: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Phrase:
    text: str
    position: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Field:
    """`value` is as it was written, countries in capitals; `from` and `to` are resolved by `day`."""

    name: str
    value: str
    position: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Not:
    part: "Query"


@dataclass(frozen=True)
class And:
    parts: tuple["Query", ...]


@dataclass(frozen=True)
class Or:
    parts: tuple["Query", ...]


Query = Everything | Word | Phrase | Field | Not | And | Or


def parse(text: str) -> Query:
    """Read a query. Raises QuerySyntaxError, whose position is the code point that cannot be understood."""
    if len(text) > LONGEST_QUERY:
        raise QuerySyntaxError(f"the query is longer than {LONGEST_QUERY} characters", text[:LONGEST_QUERY], 0)
    if half := _SURROGATE.search(text):
        raise QuerySyntaxError("this is half of a character", _SURROGATE.sub("?", text), half.start())
    return _Parser(text).whole()


def render(query: Query) -> str:  # noqa: PLR0911
    """The query as text: `parse(render(q)) == q` for whatever `parse` gives."""
    match query:
        case Everything():
            return ""
        case Word(text):
            return text
        case Phrase(text):
            return _quoted(text)
        case Field(name, value):
            return f"{name}:{value if _is_plain(value) else _quoted(value)}"
        case Not(part):
            return f"NOT {_inner(part, And, Or)}"
        case And(parts):
            return " ".join(_inner(p, And, Or) for p in parts)
        case Or(parts):
            return " OR ".join(_inner(p, Or) for p in parts)


def _inner(query: Query, *wrapped: type) -> str:
    return f"({render(query)})" if isinstance(query, wrapped) else render(query)


def _is_plain(value: str) -> bool:
    return bool(value) and not _WORD_END.search(value.translate(_WIDE))


def _quoted(text: str) -> str:
    """In the first pair of marks that the text does not close itself."""
    plain = text.translate(_WIDE)
    opening = next(o for o, c in QUOTES.items() if c not in plain)
    return f"{opening}{text}{QUOTES[opening]}"


class _Parser:
    def __init__(self, query: str) -> None:
        self.query = query
        self.text = query.translate(_WIDE)
        self.at = 0
        self.depth = 0
        self.count = 0

    def fail(self, message: str, position: int) -> NoReturn:
        raise QuerySyntaxError(message, self.query, position)

    def whole(self) -> Query:
        if not self.text.strip():
            return Everything()
        tree = self.either()
        if self.at < len(self.text):
            self.fail("this parenthesis closes nothing", self.at)
        if tree is None:
            self.fail("there is no letter or digit to search for", 0)
        return tree

    def either(self) -> Query | None:
        parts = [self.both()]
        while self.keyword("OR"):
            parts.append(self.both())
        return _joined(Or, parts)

    def both(self) -> Query | None:
        parts = [self.one()]
        while True:
            joined = self.keyword("AND")
            if not joined and (self.ended() or self.upcoming("OR")):
                return self.ordered(_joined(And, parts))
            parts.append(self.one())

    def ordered(self, part: Query | None) -> Query | None:
        """Days that must hold together are in order. Only what is joined directly is looked at."""
        days = [p for p in (part.parts if isinstance(part, And) else ()) if isinstance(p, Field)]
        first = max((d for p in days if p.name == "from" and (d := day(p.value, last=False))), default=None)
        for to in (p for p in days if p.name == "to"):
            last = day(to.value, last=True)
            if first and last and first > last:
                start = self.text.rfind("to:", 0, to.position)
                self.fail(f"to:{to.value} ends before {first}, the day that from: names", start)
        return part

    def one(self) -> Query | None:
        start = self.skip()
        if self.ended() or any(self.upcoming(word) for word in ("AND", "OR")):
            self.fail("something to search for is missing here", start)
        if self.keyword("NOT") or self.minus():
            return self.negated(start)
        if self.text[start] == "(":
            return self.group(start)
        if self.text[start] in QUOTES:
            return self.searchable(Phrase(self.phrase(), start), start)
        found = _FIELD.match(self.text, start)
        return self.fielded(found[1] or found[2], start) if found else self.word(start)

    def negated(self, start: int) -> Query | None:
        part = self.nested(self.one, start)
        return None if part is None else Not(part)

    def group(self, start: int) -> Query | None:
        self.at = start + 1
        part = self.nested(self.either, start)
        self.skip()
        if self.at >= len(self.text):
            self.fail("this parenthesis is never closed", start)
        self.at += 1
        return part

    def nested(self, read: Callable[[], Query | None], start: int) -> Query | None:
        self.depth += 1
        if self.depth > DEEPEST:
            self.fail(f"more than {DEEPEST} parentheses or NOTs within each other", start)
        part = read()
        self.depth -= 1
        return part

    def fielded(self, name: str, start: int) -> Query:
        if name not in FIELDS:
            self.fail(
                f"there is no field {name!r}; the fields are {', '.join(FIELDS)}. Quote it to search the text", start
            )
        self.at = start + len(name) + 1
        position = self.at
        quoted = position < len(self.text) and self.text[position] in QUOTES
        value = (self.phrase() if quoted else self.run(position)).strip()
        if not value:
            self.fail(f"a value is missing after {name}:", position)
        value = value.upper() if name == "country" and value.isascii() else value  # codes are written in capitals
        self.checked(name, value, position + quoted)
        return self.counted(Field(name, value, position + quoted), start)

    def checked(self, name: str, value: str, position: int) -> None:
        if name == "topic" and value not in TOPICS:
            self.fail(f"there is no topic {value!r}; the topics are {', '.join(TOPICS)}", position)
        if name == "lang" and value not in LANGUAGES:
            self.fail(f"there is no language {value!r}; the languages are {', '.join(LANGUAGES)}", position)
        if name in {"from", "to"} and day(value, last=False) is None:
            self.fail(f"{value!r} is not a date of the form 2024, 2024-05 or 2024-05-31", position)

    def word(self, start: int) -> Query | None:
        return self.searchable(Word(self.run(start), start), start)

    def run(self, start: int) -> str:
        """Up to the next blank, parenthesis or quotation mark."""
        end = _WORD_END.search(self.text, start)
        self.at = end.start() if end else len(self.text)
        return self.query[start : self.at]

    def phrase(self) -> str:
        start = self.at
        closing = self.text.find(QUOTES[self.text[start]], start + 1)
        if closing < 0:
            self.fail("this quotation mark is never closed", start)
        self.at = closing + 1
        return self.query[start + 1 : closing]

    def searchable(self, part: Word | Phrase, start: int) -> Query | None:
        """Punctuation that stands alone, as a dash between words, is left out."""
        return self.counted(part, start) if any(c.isalnum() for c in part.text) else None

    def counted(self, part: Query, start: int) -> Query:
        self.count += 1
        if self.count > MOST_PARTS:
            self.fail(f"the query has more than {MOST_PARTS} parts", start)
        return part

    def skip(self) -> int:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1
        return self.at

    def ended(self) -> bool:
        self.skip()
        return self.at >= len(self.text) or self.text[self.at] == ")"

    def upcoming(self, word: str) -> bool:
        end = self.skip() + len(word)
        return self.text.startswith(word, self.at) and (end >= len(self.text) or bool(_WORD_END.match(self.text, end)))

    def keyword(self, word: str) -> bool:
        if not self.upcoming(word):
            return False
        self.at += len(word)
        return True

    def minus(self) -> bool:
        """A minus directly before something is NOT; alone it is a dash."""
        negates = bool(_MINUS.match(self.text, self.at))
        self.at += negates
        return negates


def _joined(kind: type[And] | type[Or], parts: list[Query | None]) -> Query | None:
    """One part stands for itself; parts of the same kind are one level, so that rendering needs no parentheses."""
    kept: list[Query] = []
    for part in parts:
        if part is not None:
            kept += part.parts if isinstance(part, kind) else (part,)
    return kind(tuple(kept)) if len(kept) > 1 else (kept[0] if kept else None)
