"""The reader: runs the components over an article and sets aside the one that fails, never the article."""

from dataclasses import fields
from functools import cache
from typing import Literal, Self

import structlog

from ingest.enrich.base import Enricher, Reading
from ingest.enrich.gazetteer import Gazetteer
from ingest.enrich.relevance import RelevanceJudge
from ingest.model import LANGUAGES, Article, EnrichedArticle, Relevance

Kind = Literal["all", "lexicon"]
_log = structlog.get_logger(__name__)
_ANNOTATIONS = {f.name for f in fields(EnrichedArticle)} - {"article", "relevance", "versions", "failed"}


class Reader:
    """Components in the order in which they run. Cheap to make; models load when an article first needs them."""

    def __init__(self, judge: RelevanceJudge, components: tuple[Enricher, ...], gazetteer: Gazetteer) -> None:
        self.judge = judge
        self.components = components
        self.gazetteer = gazetteer

    @classmethod
    def load(cls, kind: Kind = "all") -> Self:
        """`all` reads with models, `lexicon` with the gazetteer and word lists alone."""
        return cls(RelevanceJudge(), _components(kind), Gazetteer.load())

    @property
    def versions(self) -> dict[str, str]:
        return {c.name: c.version for c in (self.judge, *self.components)}

    def relevance(self, article: Article) -> Relevance:
        return self.judge(Reading(article, self.gazetteer))

    def read(self, article: Article, *, always: bool = False) -> EnrichedArticle:
        """Every annotation of an article; only its relevance where it is irrelevant, unless `always`."""
        doc = Reading(article, self.gazetteer)
        doc.relevance = self.judge(doc)
        failed: dict[str, str] = {}
        if always or doc.relevance.relevant:
            for component in self.components if doc.lang in LANGUAGES else ():
                self._add(doc, component, failed)
        ran = {c.name: c.version for c in self.components} if always or doc.relevance.relevant else {}
        return EnrichedArticle(
            article,
            doc.relevance,
            **{name: getattr(doc, name) for name in _ANNOTATIONS},
            versions={self.judge.name: self.judge.version} | ran,
            failed=failed,
        )

    @staticmethod
    def _add(doc: Reading, component: Enricher, failed: dict[str, str]) -> None:
        try:
            setattr(doc, component.adds, component(doc))
        except Exception as error:  # noqa: BLE001  one annotation is lost, and named; the article is still read
            _log.warning("annotation set aside", component=component.name, article=doc.article.id, error=str(error))
            failed[component.name] = f"{type(error).__name__}: {error}"


@cache
def _components(kind: Kind) -> tuple[Enricher, ...]:
    from ingest.enrich.embedding import Embedding
    from ingest.enrich.entities import Entities
    from ingest.enrich.events import EventEnricher
    from ingest.enrich.phrases import PhraseEnricher
    from ingest.enrich.quotes import QuoteEnricher
    from ingest.enrich.stance import StanceEnricher
    from ingest.enrich.topics import Topics

    models = kind == "all"
    parts: tuple[Enricher, ...] = (
        Entities(models=models),
        Topics(),
        QuoteEnricher(),
        EventEnricher(),
        StanceEnricher(),
        PhraseEnricher(),
    )
    return (*parts, Embedding()) if models else parts
