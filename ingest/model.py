"""Frozen records of the way of an entry. A stage adds a new record and never edits an old one.

Offsets are Unicode code points in `Article.read_text`, that is `title + "\\n" + text`. Times are aware datetimes
in UTC. `key` is the English Wikipedia title of a thing where there is one, else a normal form, else None.
"""

import datetime as dt
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

Language = Literal["en", "ru", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "ru", "zh")

OwnershipLabel = Literal["state", "state-affiliated", "public", "private", "exile", "unknown"]
FeedKind = Literal["feed", "sitemap", "list"]
Scope = Literal["outlet", "section", "query"]
PublishedFrom = Literal["page", "feed", "url", "text", "none"]
Precision = Literal["second", "minute", "day", "month", "none"]
TextFrom = Literal["page", "feed"]
EntityType = Literal["PER", "ORG", "LOC", "MISC"]

# The closed list of states. A waiting entry is picked up again; an ended one is not, but may be looked at once more.
State = Literal[
    "new", "fetched", "enriched", "retry",
    "indexed", "irrelevant", "duplicate-url", "unsupported-language", "gone", "robots-disallowed", "refused",
    "too-large", "no-text", "quarantined",
]  # fmt: skip
WAITING: tuple[State, ...] = ("new", "fetched", "enriched", "retry")
ENDED: tuple[State, ...] = (
    "indexed", "irrelevant", "duplicate-url", "unsupported-language", "gone", "robots-disallowed", "refused",
    "too-large", "no-text", "quarantined",
)  # fmt: skip

TOPICS: tuple[str, ...] = (
    "diplomacy", "energy", "trade-investment", "finance-currency", "defence-security", "ukraine-war",
    "sanctions-export-controls", "technology-space", "transport-arctic", "border-far-east", "multilateral",
    "people-culture", "media-information", "agriculture-food", "history-memory", "law-rights",
)  # fmt: skip

EVENT_TYPES: tuple[str, ...] = (
    "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST", "ACCUSE", "REJECT",
    "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ownership:
    label: OwnershipLabel
    since: int | None = None  # first year of validity, None where it has always been so
    until: int | None = None  # last year of validity
    citation: str = ""


@dataclass(frozen=True, slots=True)
class ListRule:
    """How entries are found on a list page of an outlet without a feed: data, not code."""

    link: str  # regular expression that the absolute link must match
    date: str = ""  # regular expression with groups year, month, day over the link or the text beside it
    encoding: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    url: str
    kind: FeedKind = "feed"
    scope: Scope = "outlet"
    lang: str = ""  # where a source speaks several languages
    found_at: str = ""
    last_confirmed: date | None = None
    list_rule: ListRule | None = None


@dataclass(frozen=True, slots=True)
class Camp:
    """A named grouping of outlets over what is known of them; an empty condition holds for all."""

    name: str
    outlets: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    ownership: tuple[OwnershipLabel, ...] = ()
    languages: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    name: str  # stable identifier: lower case ASCII letters, digits and underscores
    title: str  # the outlet's name as people know it
    homepage: str
    country: str  # ISO 3166-1 alpha-3, or "XXX"
    languages: tuple[str, ...]
    timezone: str  # IANA name; used for dates without a zone
    ownership: tuple[Ownership, ...]
    kind: str  # wire, paper, tv, online, magazine, ministry, embassy, government, think-tank, trade, regional
    feeds: tuple[Feed, ...]
    edition: str = ""
    funding: str = ""
    allow_private: bool = False  # may be reached at a private address (an operator's own aggregator)
    ignore_robots: bool = False  # only for the operator's own hosts; validation refuses it for others
    extract: dict[str, str] = field(default_factory=dict)  # per-outlet rules: `drop`, `body` as CSS selectors
    camps: tuple[Camp, ...] = ()  # those of the sources file, asked before the ones that ship

    def ownership_in(self, year: int) -> OwnershipLabel:
        """The label valid in a year; `unknown` where no period covers it."""
        for period in self.ownership:
            if (period.since or 0) <= year <= (period.until or 9999):
                return period.label
        return "unknown"


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One item of a feed, sitemap or list page, normalised. Markup is stripped from title and summary."""

    source: str
    feed_url: str
    url: str
    guid: str = ""
    title: str = ""
    summary: str = ""
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    precision: Precision = "none"
    updated: datetime | None = None
    lang: str = ""
    backfilled: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A fetched response for an entry. `body` is as sent, after content decoding."""

    entry: FeedEntry
    url: str  # the final address after redirects
    status: int
    content_type: str
    body: bytes
    fetched_at: datetime
    redirects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    id: str  # sha256 of the canonical URL, hexadecimal; frozen in the ledger once given
    source: str
    url: str
    canonical_url: str
    title: str
    text: str
    lang: str  # "en", "ru", "zh", another ISO 639-1 code, or "und"
    published: datetime | None = None
    published_from: PublishedFrom = "none"
    precision: Precision = "none"
    local_date: date | None = None  # the publication day in the outlet's own zone
    authors: tuple[str, ...] = ()
    site: str = ""
    lead: str = ""
    text_from: TextFrom = "page"
    wire: str = ""  # the agency that the text itself credits: "TASS", "Xinhua", "Reuters", ...
    first_seen: datetime | None = None
    backfilled: bool = False
    voice: str = ""  # camp of the outlet where known, as the gold items give it

    @property
    def read_text(self) -> str:
        return f"{self.title}\n{self.text}"


@dataclass(frozen=True, slots=True)
class Entity:
    surface: str
    start: int
    end: int
    type: EntityType
    key: str | None
    qid: str | None = None  # only where it was checked in a source
    confidence: float = 1.0
    rule: str = ""  # what made it: "gazetteer", "model:slovnet", "post", "short-form", ...


@dataclass(frozen=True, slots=True)
class Sentence:
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Topic:
    name: str
    score: float  # 0..1
    sentences: tuple[Sentence, ...] = ()  # those that decided


@dataclass(frozen=True, slots=True)
class Quote:
    text: str
    start: int
    end: int
    kind: Literal["direct", "indirect"]
    speaker: str | None
    cue: str = ""
    confidence: float = 1.0
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    source: str  # ISO 3166-1 alpha-3, EUU, NAT
    target: str
    type: str  # one of EVENT_TYPES
    evidence: str
    start: int
    end: int
    score: float  # Goldstein scale, -10..10
    confidence: float = 1.0
    date: dt.date | None = None
    mutual: bool = False
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Stance:
    holder: str  # a key, or "author"
    value: int  # -1, 0, 1
    closeness: int | None = None
    confidence: float = 1.0
    start: int | None = None
    end: int | None = None
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Phrase:
    key: str  # identifier of the set formula
    surface: str
    start: int
    end: int
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class Relevance:
    relevant: bool
    score: float  # 0..1
    both_named: bool  # the plain series: both countries named in title or lead
    sentences: tuple[Sentence, ...] = ()  # those that decided
    rule: str = ""


@dataclass(frozen=True, slots=True)
class EnrichedArticle:
    article: Article
    relevance: Relevance
    entities: tuple[Entity, ...] = ()
    topics: tuple[Topic, ...] = ()
    quotes: tuple[Quote, ...] = ()
    events: tuple[Event, ...] = ()
    stance: tuple[Stance, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    embedding: tuple[float, ...] = ()
    versions: dict[str, str] = field(default_factory=dict)  # component -> version
    failed: dict[str, str] = field(default_factory=dict)  # component -> error, where one annotation was set aside


@dataclass(frozen=True, slots=True)
class Links:
    """What linking says of one article. `original` is true for the report that the others of its family copy."""

    id: str
    family: str
    story: str
    original: bool = True
    similarity: float = 1.0
