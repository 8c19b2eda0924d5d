"""The sources file as it comes from outside: its shape, its rules, and the line on which each fault stands."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Annotated, Any, Literal, Self, get_args
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from amur.errors import ReadError, SourcesError
from ingest.model import Camp, Feed, FeedKind, ListRule, Ownership, OwnershipLabel, Scope, Source
from ingest.urls import canonical_url

Kind = Literal[
    "wire", "paper", "tv", "radio", "online", "magazine", "ministry", "embassy", "government", "think-tank", "trade",
    "regional",
]  # fmt: skip
KINDS: tuple[str, ...] = get_args(Kind)
_HEADER = re.compile(r"^\s*(\[\[?)\s*([A-Za-z_.\s]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"^\s*([A-Za-z_\-]+)\s*=")

Path = tuple[str | int, ...]


def _web_address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or " " in url:
        raise ValueError(f"{url!r} is not a whole http or https address")
    if parts.username is not None:
        raise ValueError(f"{url!r} holds a user name; addresses are shown to everyone")
    return url


def _regex(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"{pattern!r} is not a regular expression: {error}") from error
    return pattern


def _date_regex(pattern: str) -> str:
    missing = {"year", "month", "day"} - set(re.compile(_regex(pattern)).groupindex)
    if missing:
        raise ValueError(f"{pattern!r} needs the named groups year, month and day")
    return pattern


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"{name!r} is not an IANA time zone such as Europe/Moscow")
    return name


def _country(code: str) -> str:
    from babel.core import get_global

    known = re.fullmatch(r"[A-PR-WYZ][A-Z]{2}", code) and code in get_global("territory_aliases")
    if not known and code not in {"XXX", "XKX"}:
        raise ValueError(f"{code!r} is not an ISO 3166-1 alpha-3 code such as RUS, nor XXX")
    return code


def _selectors(rules: dict[str, str]) -> dict[str, str]:
    from lxml.cssselect import CSSSelector

    for selector in rules.values():
        try:
            CSSSelector(selector)
        except Exception as error:
            raise ValueError(f"{selector!r} is not a CSS selector: {error}") from error
    return rules


WebAddress = Annotated[str, AfterValidator(_web_address)]
Language = Annotated[str, Field(pattern=r"^[a-z]{2}$")]
Country = Annotated[str, AfterValidator(_country)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
Year = Annotated[int, Field(ge=1600, le=2200)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class OwnershipIn(_Table):
    label: OwnershipLabel
    since: Year | None = None
    until: Year | None = None
    citation: str = ""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.label != "unknown" and not self.citation:
            raise ValueError(f"label {self.label!r} needs a citation; what nobody says is unknown")
        if self.since and self.until and self.since > self.until:
            raise ValueError(f"the period ends ({self.until}) before it begins ({self.since})")
        return self


class ListRuleIn(_Table):
    link: Annotated[str, AfterValidator(_regex)]
    date: Annotated[str, AfterValidator(_date_regex)] = ""
    encoding: str = ""


class FeedIn(_Table):
    url: WebAddress
    kind: FeedKind = "feed"
    scope: Scope = "outlet"
    lang: Language | Literal[""] = ""
    found_at: str = ""
    last_confirmed: date | None = None
    list_rule: ListRuleIn | None = None

    @model_validator(mode="after")
    def _rule_with_list(self) -> Self:
        if (self.kind == "list") != (self.list_rule is not None):
            raise ValueError('kind = "list" and a list_rule table belong together')
        return self

    def record(self) -> Feed:
        rule = ListRule(**self.list_rule.model_dump()) if self.list_rule else None
        return Feed(**{**dict(self), "list_rule": rule})


class SourceIn(_Table):
    name: Name
    title: Annotated[str, Field(min_length=1)]
    homepage: WebAddress
    country: Country
    languages: Annotated[list[Language], Field(min_length=1)]
    timezone: Annotated[str, AfterValidator(_zone)]
    kind: Kind
    edition: str = ""
    funding: str = ""
    allow_private: bool = False
    ignore_robots: bool = False
    ownership: Annotated[list[OwnershipIn], Field(min_length=1)]
    feeds: Annotated[list[FeedIn], Field(min_length=1)]
    extract: Annotated[dict[Literal["body", "drop"], str], AfterValidator(_selectors)] = {}

    @model_validator(mode="after")
    def _robots(self) -> Self:
        if self.ignore_robots and not self.allow_private:
            raise ValueError("ignore_robots is only for your own hosts, together with allow_private")
        return self

    def record(self, camps: tuple[Camp, ...]) -> Source:
        periods = tuple(Ownership(**dict(period)) for period in self.ownership)
        feeds = tuple(feed.record() for feed in self.feeds)
        made = {"ownership": periods, "feeds": feeds, "languages": tuple(self.languages), "camps": camps}
        return Source(**{**dict(self), "extract": dict(self.extract), **made})


class CampIn(_Table):
    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9\-]{0,39}$")]
    outlets: list[str] = []
    countries: list[Country] = []
    ownership: list[OwnershipLabel] = []
    languages: list[Language] = []
    kinds: list[Kind] = []

    def record(self) -> Camp:
        return Camp(self.name, **{k: tuple(v) for k, v in dict(self).items() if k != "name"})


class SourcesIn(_Table):
    source: Annotated[list[SourceIn], Field(min_length=1)]
    camp: list[CampIn] = []

    @property
    def camps(self) -> tuple[Camp, ...]:
        return tuple(camp.record() for camp in self.camp)


def read_toml(text: str, name: str) -> SourcesIn:
    """The checked content of a sources file; `name` stands in messages.

    Raises SourcesError that lists every fault as `name:line: what is wrong`.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SourcesError(f"{name}: not TOML: {error}") from error
    lines = line_numbers(text)
    try:
        document = SourcesIn.model_validate(raw)
    except ValidationError as error:
        faults = [(_line(lines, e["loc"]), _sentence(e)) for e in error.errors(include_url=False)]
        raise _fault(name, faults) from error
    if faults := list(_across(document, lines)):
        raise _fault(name, faults)
    return document


def line_numbers(text: str) -> dict[Path, int]:
    """Line, from 1, on which each table and key of a TOML text begins; keyed as ("source", 0, "feeds", 1, "url")."""
    found: dict[Path, int] = {(): 1}
    count: Counter[Path] = Counter()
    table: Path = ()
    quoted = False
    for number, line in enumerate(text.splitlines(), start=1):
        inside = quoted
        quoted ^= (line.count('"""') + line.count("'''")) % 2 == 1
        if inside:
            continue
        if header := _HEADER.match(line):
            table = _table(header[2].replace(" ", "").split("."), header[1] == "[[", count)
            found.setdefault(table, number)
        elif key := _KEY.match(line):
            found.setdefault((*table, key[1]), number)
    return found


def _table(names: list[str], is_array: bool, count: Counter[Path]) -> Path:
    """The path of a table header, with the index of the newest element of each array on the way."""
    path: Path = ()
    for position, name in enumerate(names):
        path = (*path, name)
        if position == len(names) - 1 and is_array:
            count[path] += 1
        if count[path]:
            path = (*path, count[path] - 1)
    return path


def _line(lines: dict[Path, int], where: tuple[int | str, ...]) -> int:
    """The line of the nearest known table or key around a place."""
    return next(lines[where[:n]] for n in range(len(where), -1, -1) if where[:n] in lines)


def _sentence(error: Any) -> str:
    place = ".".join(str(part) for part in error["loc"] if isinstance(part, str))
    what = {"extra_forbidden": "unknown field", "missing": "is missing"}.get(error["type"])
    return f"{place}: {what or error['msg'].removeprefix('Value error, ')}"


def _across(document: SourcesIn, lines: dict[Path, int]) -> Iterator[tuple[int, str]]:
    """Faults that only show between tables."""
    names: dict[str, int] = {}
    addresses: dict[str, int] = {}
    for i, source in enumerate(document.source):
        line = _line(lines, ("source", i, "name"))
        if (first := names.setdefault(source.name, line)) != line:
            yield line, f"source.name: {source.name!r} is the name of another source, on line {first}"
        for j, feed in enumerate(source.feeds):
            line = _line(lines, ("source", i, "feeds", j, "url"))
            if (first := addresses.setdefault(_same_feed(feed.url), line)) != line:
                yield line, f"source.feeds.url: {feed.url} is already on line {first}"
        yield from _overlaps(source, i, lines)


def _overlaps(source: SourceIn, i: int, lines: dict[Path, int]) -> Iterator[tuple[int, str]]:
    order = sorted(range(len(source.ownership)), key=lambda j: source.ownership[j].since or 0)
    for before, after in pairwise(order):
        first, second = source.ownership[before], source.ownership[after]
        if (first.until or 9999) >= (second.since or 0):
            line = _line(lines, ("source", i, "ownership", after))
            yield (
                line,
                f"source.ownership: {source.name!r} has two labels in one year, {first.label} and {second.label}",
            )


def _same_feed(url: str) -> str:
    """One spelling for addresses that surely lead to one feed."""
    try:
        return canonical_url(url).partition("://")[2].removeprefix("www.").rstrip("/")
    except ReadError:
        return url


def _fault(name: str, faults: list[tuple[int, str]]) -> SourcesError:
    return SourcesError("\n".join(f"{name}:{line}: {text}" for line, text in sorted(faults)))
