"""The fictional outlets and the manners of the web that each of them has."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

HERE = Path(__file__).parent
FeedFormat = Literal["rss", "atom", "json", "sitemap", "list"]


@dataclass(frozen=True, slots=True)
class SampleOutlet:
    name: str  # the `name` of the source in sources.sample.toml
    host: str
    title: str
    lang: str  # as it stands in the pages: en, ru, zh-CN, zh-TW
    template: str
    feed: FeedFormat = "rss"
    feed_path: str = "/rss.xml"
    moved_from: str = ""  # an old feed address that answers 301
    content: Literal["summary", "full", "description"] = "summary"  # `description`: all of the text in the summary
    dates: Literal["zoned", "local", "none"] = "zoned"
    links: Literal["absolute", "tracked", "relative"] = "absolute"
    encoding: str = "utf-8"
    declared: str = ""  # what the headers and pages say, where it is not the encoding
    validators: Literal["both", "etag", "modified", "none"] = "both"
    gzip: bool = False
    robots_closed: bool = False
    feed_status: int = 200
    feed_delay: float = 0.0  # seconds
    amp: bool = False
    path: str = "/{date:%Y/%m/%d}/{slug}"
    editor: str = ""
    slogan: str = ""
    extra: bool = False  # only there when growth is asked for

    @property
    def charset(self) -> str:
        return self.declared or self.encoding


@cache
def outlets() -> dict[str, SampleOutlet]:
    """Every outlet by its host name, in the order of the file."""
    rows = tomllib.loads((HERE / "outlets.toml").read_text(encoding="utf-8"))["outlet"]
    return {row["host"]: SampleOutlet(**row) for row in rows}


@cache
def outlets_by_name() -> dict[str, SampleOutlet]:
    return {outlet.name: outlet for outlet in outlets().values()}
