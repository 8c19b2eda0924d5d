"""What every component of reading shares: the Enricher protocol and the Reading that is handed from one to the next.

A component declares what it reads and what it adds, and is a pure function of the Reading it is given. Offsets are
Unicode code points in `Reading.text`, which is the article's `read_text` cut at MAX_CHARACTERS.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, runtime_checkable

from ingest.enrich.sentences import split_sentences
from ingest.model import Article, Entity, Event, Phrase, Quote, Relevance, Sentence, Stance, Topic

if TYPE_CHECKING:
    from ingest.enrich.gazetteer import Gazetteer, Match

# Texts are read up to here: the longest real article of the development data is below a third of it.
MAX_CHARACTERS = 100_000

T = TypeVar("T")


@dataclass
class Reading:
    """An article, the annotations made so far, and what components share so that nothing is computed twice."""

    article: Article
    gazetteer: "Gazetteer"
    lang: str = ""  # "en", "ru", "zh"; the article's language where empty
    relevance: Relevance | None = None
    entities: tuple[Entity, ...] = ()
    topics: tuple[Topic, ...] = ()
    quotes: tuple[Quote, ...] = ()
    events: tuple[Event, ...] = ()
    stance: tuple[Stance, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    embedding: tuple[float, ...] = ()
    shared: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.lang = self.lang or self.article.lang

    @cached_property
    def text(self) -> str:
        return self.article.read_text[:MAX_CHARACTERS]

    @property
    def body_start(self) -> int:
        """Where the body begins: the code point after the title's line break."""
        return len(self.article.title) + 1

    @property
    def day(self) -> date | None:
        """The publication day, in the outlet's own zone where it is known."""
        if self.article.local_date:
            return self.article.local_date
        return self.article.published.date() if self.article.published else None

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """The title is the first sentence; the body's follow. They never overlap and leave out surrounding space."""
        return split_sentences(self.text, self.lang)

    @cached_property
    def matches(self) -> "tuple[Match, ...]":
        """The gazetteer's names in the text, longest first, not overlapping, in the order of the text."""
        return self.gazetteer.find(self.text, self.lang, self.day)

    def words(self, span: Sentence) -> str:
        return self.text[span.start : span.end]

    def entities_in(self, span: Sentence) -> tuple[Entity, ...]:
        return tuple(e for e in self.entities if span.start <= e.start and e.end <= span.end)

    def sentence_at(self, offset: int) -> Sentence | None:
        """The sentence that holds a code point, None between sentences."""
        return next((s for s in self.sentences if s.start <= offset < s.end), None)

    def once(self, name: str, make: Callable[[], T]) -> T:
        """A value that several components need (a parse, tokens), made by the first that asks."""
        if name not in self.shared:
            self.shared[name] = make()
        value: T = self.shared[name]
        return value


@runtime_checkable
class Enricher(Protocol):
    """One component. `reads` and `adds` name fields of Reading; `version` changes whenever its output may."""

    name: str
    version: str
    reads: tuple[str, ...]
    adds: str

    def __call__(self, doc: Reading, /) -> Any:
        """What the component adds, as a tuple of records (Relevance alone for relevance). Never edits the Reading."""
        ...
