"""The manifest of the sample web: what a pipeline should make of every entry that its feeds give."""

from dataclasses import dataclass
from datetime import datetime

from ingest.model import State
from ingest.sample.responses import SampleState, articles_of
from ingest.sample.texts import SampleArticle


@dataclass(frozen=True, slots=True)
class ExpectedArticle:
    """What a pipeline should make of an entry. `state` is the ledger state it ends in; `text_from` where it reads."""

    id: str
    url: str
    title: str
    story: str
    outlet: str
    lang: str
    published: datetime
    relevant: bool
    state: State
    copy_of: str = ""
    edited: bool = False
    later: bool = False  # not there in edition 0
    text_from: str = "page"


def expected(edition: int = 0, extra: int = 0) -> tuple[ExpectedArticle, ...]:
    """The manifest: one row for every entry that the feeds of an edition give, newest first.

    Of the two entries that lead to one article (its address and its AMP twin) either may be the `duplicate-url`:
    the manifest names the twin.
    """
    return tuple(_expected(article) for article in articles_of(SampleState(edition, extra)))


def _expected(article: SampleArticle) -> ExpectedArticle:
    return ExpectedArticle(
        id=article.id,
        url=article.url,
        title=article.title,
        story=article.story,
        outlet=article.outlet.name,
        lang=article.lang or article.outlet.lang[:2],
        published=article.published,
        relevant=article.relevant,
        state=article.state,
        copy_of=article.copy_of,
        edited=article.edited,
        later=article.later,
        text_from="feed" if article.outlet.robots_closed else "page",
    )
