"""What the steps of quote finding hand on: the text with its marks, and pieces of speech without speaker yet."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from ingest.enrich.quote_marks import Quoted
from ingest.enrich.spans import Ordered
from ingest.enrich.speakers import NOBODY, Speaker
from ingest.model import Entity, Quote, Sentence

CountryOf = Callable[[str | None], str]


@dataclass
class Context:
    """One text on its way through the steps."""

    text: str
    lang: str
    sentences: Sequence[Sentence]
    entities: Sequence[Entity]
    country: CountryOf
    day: date | None
    marks: tuple[Quoted, ...] = ()
    inert: str = ""
    last: Speaker = NOBODY
    last_end: int = -1
    found: list[Quote] = field(default_factory=list)

    def in_marks(self, at: int) -> bool:
        """Whether a code point stands between outermost marks."""
        return self.outer.around(at) is not None

    @cached_property
    def outer(self) -> Ordered[Quoted]:
        """Outermost marks: no two of them overlap."""
        return Ordered(q for q in self.marks if q.depth == 0)

    @cached_property
    def every_mark(self) -> Ordered[Quoted]:
        return Ordered(self.marks)

    @cached_property
    def named(self) -> Ordered[Entity]:
        return Ordered(self.entities)

    @cached_property
    def people(self) -> Ordered[Entity]:
        return Ordered(e for e in self.entities if e.type == "PER" and e.key)

    @cached_property
    def spans(self) -> Ordered[Sentence]:
        """The sentences."""
        return Ordered(self.sentences)


@dataclass(frozen=True, slots=True)
class Piece:
    start: int
    end: int
    kind: str
    cue: tuple[int, int]
    zone: tuple[int, int]
    rule: str
    confidence: float
