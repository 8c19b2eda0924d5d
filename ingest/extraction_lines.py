"""The lines of a page as its markup shows them: how much of each is a link, where it stands, what classes say of it."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

from ingest.extraction_phrases import words
from ingest.extraction_tree import BLOCKS, walk
from ingest.textclean import clean_line, plain

Mark = Literal["", "aside", "note"]  # what is none of the article; what is said about it (date, author, source)

_TOKEN = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_DEPTH = 3  # elements, from a line's own block upwards, by whose tags and classes its place is known
_ASIDE_TAGS = frozenset({"nav", "footer"})
_NEVER_TAGS = frozenset({"html", "body", "main", "article"})  # their classes tell of the whole page
# An element that holds one of these is the article, whatever its class is called.
_ARTICLE = "//h1|//article|//*[@itemprop='articleBody']"
_LINKED = 0.5  # share of a line from which on it is a link
_LONGEST_CLASS = 200  # characters of a class that tell one place from another


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    linked: float  # share of its characters that stand in links
    place: tuple[str, ...]  # tag and class of its block and of the elements around that, innermost first
    mark: Mark


@dataclass(frozen=True, slots=True)
class PageLines:
    """What markup says of a text's lines. A text that stands on the page in several places is no link and no aside
    unless it is so in each. Of a line that the page does not have as it is, nothing is known."""

    found: dict[str, Line] = field(default_factory=dict)

    @staticmethod
    def of(tree: Any) -> "PageLines":
        found: dict[str, Line] = {}
        for line in lines_of(tree):
            key = plain(line.text)
            found[key] = _both(found[key], line) if key in found else line
        return PageLines(found)

    def linked(self, text: str) -> float:
        """Share of links in a line, 0..1; 0 where nothing is known."""
        line = self.found.get(plain(text))
        return line.linked if line else 0.0

    def mark(self, text: str) -> Mark:
        line = self.found.get(plain(text))
        return line.mark if line else ""

    def place(self, text: str) -> tuple[str, ...]:
        """Where a line stands; empty where nothing is known."""
        line = self.found.get(plain(text))
        return line.place if line else ()


def _both(one: Line, other: Line) -> Line:
    """What is known of a text that stands in two places: the place is the first that is not marked."""
    place = other.place if one.mark and not other.mark else one.place
    return Line(one.text, min(one.linked, other.linked), place, one.mark if one.mark == other.mark else "")


def lines_of(tree: Any) -> Iterator[Line]:
    """The visible lines of a tree in order. Linear in its size."""
    reading = _Reading(_holders(tree))
    for event, node in walk(tree):
        tag = node.tag if isinstance(node.tag, str) else ""
        if event == "start":
            if tag in BLOCKS:
                yield from reading.end()
            reading.enter(node, tag)
        else:
            if tag in BLOCKS:
                yield from reading.end()
            reading.leave(node, tree)
    yield from reading.end()


class _Reading:
    """The line under way, and the elements that are open around it."""

    def __init__(self, holders: Collection[Any]) -> None:
        self._holders = holders
        self._pieces: list[tuple[str, bool]] = []
        self._open: list[Any] = []
        self._marks: list[Mark] = [""]
        self._links = 0
        self._at: tuple[tuple[str, ...], Mark] = ((), "")

    def enter(self, node: Any, tag: str) -> None:
        self._open.append(node)
        self._marks.append(
            self._marks[-1] if self._marks[-1] == "aside" else mark_of(node, self._holders) or self._marks[-1]
        )
        self._links += tag == "a"
        self._take(node.text)

    def leave(self, node: Any, root: Any) -> None:
        if self._open and self._open[-1] is node:  # a silent element was not entered
            self._open.pop()
            self._marks.pop()
            self._links -= node.tag == "a"
        if node is not root:
            self._take(node.tail)

    def end(self) -> Iterator[Line]:
        text = clean_line("".join(piece for piece, _ in self._pieces))
        if text:
            total = sum(len(piece.strip()) for piece, _ in self._pieces)
            linked = sum(len(piece.strip()) for piece, link in self._pieces if link)
            yield Line(text, linked / max(1, total), *self._at)
        self._pieces = []

    def _take(self, text: str | None) -> None:
        if text and not text.isspace():
            if not self._pieces:
                self._at = (_place(self._open), self._marks[-1])
            self._pieces.append((text, self._links > 0))
        elif text and self._pieces:
            self._pieces.append((" ", False))


def _place(path: Sequence[Any]) -> tuple[str, ...]:
    blocks = [node for node in reversed(path[-12:]) if node.tag in BLOCKS][:_DEPTH]
    return tuple(f"{node.tag}.{(node.get('class') or '')[:_LONGEST_CLASS]}" for node in blocks)


def _holders(tree: Any) -> set[Any]:
    """The elements that hold an article or its headline. Linear: each is climbed to once."""
    holders: set[Any] = set()
    for found in tree.xpath(_ARTICLE):
        node = found.getparent()
        while node is not None and node not in holders:
            holders.add(node)
            node = node.getparent()
    return holders


def mark_of(node: Any, holders: Collection[Any]) -> Mark:
    """What the tag, class and id of an element say of the text in it. `holders` hold the article."""
    if not isinstance(node.tag, str) or node.tag in _NEVER_TAGS:
        return ""
    named = f"{node.get('class') or ''} {node.get('id') or ''}".strip()
    mark: Mark = "aside" if node.tag in _ASIDE_TAGS else _mark_of_name(named) if named else ""
    return "" if mark == "aside" and node in holders else mark


@lru_cache(maxsize=4096)
def _mark_of_name(named: str) -> Mark:
    tokens = {token.lower() for token in _TOKEN.findall(named)}
    if tokens & words("aside_classes"):
        return "aside"
    return "note" if tokens & words("note_classes") else ""


def unlinked(tree: Any) -> str:
    """The lines of a page that are neither links nor in markup for something else: its text where no extractor may be
    asked for it."""
    return "\n".join(line.text for line in lines_of(tree) if line.linked < _LINKED and not line.mark)
