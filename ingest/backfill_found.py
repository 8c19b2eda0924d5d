"""What backfill reads, whatever the file: addresses with what is known of them, and pages where the file holds them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from ingest.model import Precision

Kind = Literal["warc", "urls", "jsonl", "sitemap"]
# The largest page that is read, as in fetching: news pages of 10 MB exist.
MAX_BODY = 10_500_000


@dataclass(frozen=True, slots=True)
class Captured:
    """A response that somebody fetched before us. `body` is after content decoding."""

    status: int
    content_type: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """One record of a file. `at` is the byte offset at which it begins: reading can begin anew there.

    `skipped` says why the record gives no entry: `not-a-page`, `damaged`, `bad`; `fault` is what is wrong with one
    that has an address but cannot be read.
    """

    at: int
    url: str = ""
    title: str = ""
    published: datetime | None = None
    precision: Precision = "none"
    captured: Captured | None = None
    skipped: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Window:
    """Days from `since` to `until`, both included; None is without bound."""

    since: date | None = None
    until: date | None = None

    def holds(self, day: date | None) -> bool:
        """Whether a day lies inside. A day that is not known may."""
        if day is None:
            return True
        return (self.since is None or day >= self.since) and (self.until is None or day <= self.until)

    def __str__(self) -> str:
        return f"{self.since or ''}..{self.until or ''}"
