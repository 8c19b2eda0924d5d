"""Things with a place in a text, in order, so that a look at one stretch never walks through all of them."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from typing import Generic, Protocol, TypeVar


class Spanned(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


S = TypeVar("S", bound=Spanned)


class Ordered(Generic[S]):
    """Spans by start. Look-ups take logarithmic time and what they return."""

    def __init__(self, spans: Iterable[S]) -> None:
        self.spans = sorted(spans, key=lambda s: s.start)
        self.starts = [s.start for s in self.spans]

    def between(self, start: int, end: int) -> list[S]:
        """Spans that begin at `start` or later and before `end`."""
        return self.spans[bisect_left(self.starts, start) : bisect_left(self.starts, end)]

    def until(self, at: int) -> int:
        """How many spans begin at `at` or before it."""
        return bisect_right(self.starts, at)

    def last(self, at: int) -> S | None:
        """The last span that begins at `at` or before it."""
        number = self.until(at)
        return self.spans[number - 1] if number else None

    def around(self, at: int) -> S | None:
        """The span that holds a code point, where spans do not overlap."""
        found = self.last(at)
        return found if found and at < found.end else None

    def overlapping(self, start: int, end: int) -> list[S]:
        """Spans that share a code point with a stretch, where spans do not overlap each other."""
        first = self.around(start)
        return [*([first] if first else []), *self.between(start + 1, end)]
