"""What the steps of quote finding hand on: the text with its marks, and pieces of speech without speaker yet."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from ingest.enrich.quote_marks import Quoted
from ingest.enrich.speakers import NOBODY, Speaker
from ingest.model import Entity, Quote, Sentence

CountryOf = Callable[[str | None], str]


@dataclass(slots=True)
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
        return any(q.start <= at < q.end for q in self.marks if q.depth == 0)


@dataclass(frozen=True, slots=True)
class Piece:
    start: int
    end: int
    kind: str
    cue: tuple[int, int]
    zone: tuple[int, int]
    rule: str
    confidence: float
