"""Dates as news pages write them, in three languages, and which of several to believe. Pure: `now` is passed in."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from ingest.model import Precision, PublishedFrom

OLDEST = datetime(1990, 1, 1, tzinfo=UTC)  # no outlet has pages that are older; a date before is a default value
AHEAD = timedelta(days=1)  # a date up to this far ahead is a wrong zone and is clamped to now; one beyond is no date
_ORDER: tuple[PublishedFrom, ...] = ("page", "feed", "url", "text")

_MONTHS_RU = ("янв", "фев", "мар", "апр", "ма", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
_MONTHS_EN = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_WORD = (
    r"(?P<word>янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    r"[a-zа-яё]*\.?"
)
_CLOCK = (
    r"(?P<hour>[01]?\d|2[0-3])\s*[:：时時](?P<minute>[0-5]\d)(?:[:：分](?P<second>[0-5]\d))?"
    r"(?P<half>\s*[ap]\.?m\b\.?)?"
)
_ZONE = (
    r"(?P<zone>Z|(?:UTC|GMT|МСК|MSK)?\s*[+\-−]\d{1,2}(?::?\d\d)?|UTC|GMT|BST|EST|EDT|PST|PDT|CET|CEST|MSK|мск|МСК|"
    r"HKT|CST|JST|北京时间|北京時間|по московскому времени|по Москве)"
)
_BETWEEN = r"(?:[\s,，|.·•T/@\-–—]|в|at|г\.?|года|星期.|周.|[（(][^）)]{1,4}[）)])*"
_TIME = rf"{_BETWEEN}(?:{_CLOCK})(?:[.,]\d+)?(?:\s*\(?{_ZONE}(?![A-Za-zА-я]))?"
_DAY_FIRST = (
    rf"(?<!\d)(?P<day>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th|-го)?[\s.\-/]+(?:of\s+)?{_MONTH_WORD},?"
    r"[\s.\-/]+(?P<year>(?:19|20)\d\d)"
)
_SHAPES = tuple(
    re.compile(shape + f"(?:{_TIME})?", re.IGNORECASE)
    for shape in (
        r"(?<!\d)(?P<year>(?:19|20|29)\d\d)\s*年\s*(?P<month>1[0-2]|0?[1-9])\s*月\s*(?P<day>3[01]|[12]\d|0?[1-9])\s*[日号號]",
        r"(?<!\d)(?P<year>(?:19|20|29)\d\d)[-/.](?P<month>1[0-2]|0?[1-9])[-/.](?P<day>3[01]|[12]\d|0?[1-9])(?!\d)",
        _DAY_FIRST,
        rf"\b{_MONTH_WORD}\s+(?P<day>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?,?\s+(?P<year>(?:19|20)\d\d)",
        r"(?<!\d)(?P<day>3[01]|[12]\d|0?[1-9])\.(?P<month>1[0-2]|0?[1-9])\.(?P<year>(?:19|20)\d\d|\d\d)(?![.\d])",
        r"(?<!\d)(?P<day>3[01]|[12]\d|0[1-9])/(?P<month>1[0-2]|0[1-9])/(?P<year>(?:19|20)\d\d)(?!\d)",
    )
)
# Dates without a year, and times alone, as they stand beside a headline.
_LOOSE = re.compile(
    rf"(?<!\d)(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?\s+{_MONTH_WORD}|\b{_MONTH_WORD.replace('<word>', '<name>')}\s+"
    r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?\b|(?:1[0-2]|0?[1-9])\s*月\s*(?:3[01]|[12]\d|0?[1-9])\s*[日号號]"
    rf"|(?<![\d.])(?:{_CLOCK})(?:\s*\(?{_ZONE}(?![A-Za-zА-я]))?",
    re.IGNORECASE,
)
_COMPACT = re.compile(
    r"(?<!\d)(?P<year>20\d\d|19\d\d)(?P<month>1[0-2]|0[1-9])(?P<day>3[01]|[12]\d|0[1-9])"
    r"(?:T?(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)(?P<second>[0-5]\d)?)?(?P<zone>Z|[+-]\d{4})?(?!\d)"
)
_EPOCH = re.compile(r"1[0-9]{9}(?:[0-9]{3})?")
_URL_DATES = (
    re.compile(r"/(?P<year>(?:19|20)\d\d)[/_-]?(?P<month>1[0-2]|0[1-9])[/_-]?(?P<day>3[01]|[12]\d|0[1-9])(?![0-9])"),
    re.compile(r"/(?P<year>(?:19|20)\d\d)/(?P<month>[1-9])/(?P<day>3[01]|[12]\d|[1-9])(?=/)"),
    re.compile(r"(?<![0-9])(?P<year>20\d\d)-?(?P<month>1[0-2]|0[1-9])-?(?P<day>3[01]|[12]\d|0[1-9])(?=[-_/.t]|$)"),
    re.compile(r"/(?P<day>3[01]|[12]\d|0[1-9])[-./](?P<month>1[0-2]|0[1-9])[-./](?P<year>20\d\d)(?![0-9])"),
    re.compile(r"/t(?P<year>20\d\d)(?P<month>1[0-2]|0[1-9])(?P<day>3[01]|[12]\d|0[1-9])_"),
)
_URL_MONTH = re.compile(r"/(?P<year>20\d\d)[-/]?(?P<month>1[0-2]|0[1-9])(?=/)")
_HAN_DIGITS = str.maketrans("〇○零一二三四五六七八九０１２３４５６７８９", "0001234567890123456789")
_HAN_DATE = re.compile(
    r"[〇○零一二三四五六七八九]{4}年[一二三四五六七八九十]{1,3}月[一二三四五六七八九十]{1,3}[日号號]"
)
_ZONES = {"msk": 3, "мск": 3, "по московскому времени": 3, "по москве": 3, "北京时间": 8, "北京時間": 8, "hkt": 8,
          "cst": 8, "jst": 9, "bst": 1, "est": -5, "edt": -4, "pst": -8, "pdt": -7, "cet": 1, "cest": 2}  # fmt: skip
_NOON = 12


@dataclass(frozen=True, slots=True)
class Moment:
    """A UTC instant, what it is exact to, and the day in the place that wrote it."""

    instant: datetime
    precision: Precision
    local: date


@dataclass(frozen=True, slots=True)
class Dated:
    """The publication date that was believed. Without one, `moment` is None and `source` is "none"."""

    moment: Moment | None
    source: PublishedFrom


def parse_date(text: str, zone: str | tzinfo = "UTC") -> Moment | None:
    """The first date written in a text: ISO 8601, RFC 5322, English, Russian or Chinese words, Unix time.

    A time without a zone is read in `zone` (an IANA name). A date without a time is the start of that day there.
    """
    return next(written_dates(text, zone), None)


def written_dates(text: str, zone: str | tzinfo = "UTC") -> Iterator[Moment]:
    """Every date in a text, in the order in which they stand. Impossible ones (31 February) are left out."""
    plain = _HAN_DATE.sub(_in_digits, text[:20_000]).strip()
    if _EPOCH.fullmatch(plain):
        yield from _from_epoch(plain, zone)
        return
    found = [m for shape in (*_SHAPES, _COMPACT) for m in shape.finditer(plain)]
    reached = -1
    for match in sorted(found, key=lambda m: (m.start(), -m.end())):
        if match.start() >= reached and (moment := _moment(match, zone)):
            reached = match.end()
            yield moment


def without_dates(text: str) -> tuple[str, int]:
    """A text without the dates and times in it, and how many there were. Of days without a year those count too."""
    found = 0
    for shape in (*_SHAPES, _LOOSE):
        text, times = shape.subn(" ", text)
        found += times
    return text, found


def date_in_url(url: str, zone: str | tzinfo = "UTC") -> Moment | None:
    """A day (or at least a month) that the path of an address names."""
    path = re.sub(r"^[a-z]+://[^/]*", "", url)
    for pattern in _URL_DATES:
        if (match := pattern.search(path)) and (moment := _moment(match, zone)):
            return moment
    if match := _URL_MONTH.search(path):
        first = datetime(int(match["year"]), int(match["month"]), 1, tzinfo=_zone(zone))
        return Moment(first.astimezone(UTC), "month", first.date())
    return None


def choose(
    page: Iterable[Moment], feed: Iterable[Moment], url: Iterable[Moment], text: Iterable[Moment], *, now: datetime
) -> Dated:
    """The date to believe: page before feed before URL before text.

    A date more than a day ahead of `now` or before 1990 is none. A date ahead by less is clamped to `now`. Where the
    most trusted source is exact to the day only, a lesser one that names an hour of that same day gives the hour.
    """
    groups = dict(zip(_ORDER, (list(page), list(feed), list(url), list(text)), strict=True))
    for source, moments in groups.items():
        sane = [clamped for m in moments if (clamped := _clamped(m, now))]
        if sane:
            others = [c for group in groups.values() for m in group if (c := _clamped(m, now))]
            return Dated(_sharpened(sane[0], [*sane, *others]), source)
    return Dated(None, "none")


def from_datetime(value: datetime, precision: Precision, zone: str | tzinfo) -> Moment:
    """A moment from a feed's date, its local day taken in the outlet's zone."""
    aware = value if value.tzinfo else value.replace(tzinfo=_zone(zone))
    return Moment(aware.astimezone(UTC), precision, aware.astimezone(_zone(zone)).date())


def _sharpened(best: Moment, others: Iterable[Moment]) -> Moment:
    if best.precision not in {"day", "month"}:
        return best
    exact = (m for m in others if m.precision in {"minute", "second"} and m.local == best.local)
    return next(exact, best) if best.precision == "day" else best


def _clamped(moment: Moment, now: datetime) -> Moment | None:
    if not OLDEST <= moment.instant <= now + AHEAD:
        return None
    if moment.instant <= now:
        return moment
    return Moment(now.astimezone(UTC), moment.precision, min(moment.local, now.date()))


def _moment(match: re.Match[str], zone: str | tzinfo) -> Moment | None:
    parts = {k: v for k, v in match.groupdict().items() if v}
    place = _named_zone(parts.get("zone", "")) or _zone(zone)
    try:
        day = date(_year(parts["year"]), _month(parts), int(parts["day"]))
        hour = _hour(int(parts.get("hour", 0)), parts.get("half", ""))
        local = datetime(day.year, day.month, day.day, hour, int(parts.get("minute", 0)), int(parts.get("second", 0)),
                         tzinfo=place)  # fmt: skip
        instant = local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    precision: Precision = "second" if "second" in parts else "minute" if "hour" in parts else "day"
    own_day = local.astimezone(_zone(zone)).date() if precision != "day" else day
    return Moment(instant, precision, own_day)


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)  # noqa: PLR2004


def _month(parts: dict[str, str]) -> int:
    if "month" in parts:
        return int(parts["month"])
    word = parts["word"].lower()
    for names in (_MONTHS_EN, _MONTHS_RU):
        for number, name in enumerate(names, start=1):
            if word.startswith(name):
                return number
    raise ValueError(word)


def _hour(hour: int, half: str) -> int:
    if not half.strip():
        return hour
    return hour % _NOON + (_NOON if half.strip().lower().startswith("p") else 0)


def _named_zone(text: str) -> tzinfo | None:
    name = text.strip().lower()
    if not name:
        return None
    if name in {"z", "utc", "gmt"}:
        return UTC
    if name in _ZONES:
        return timezone(timedelta(hours=_ZONES[name]))
    if found := re.search(r"([+\-−])(\d{1,2}):?(\d\d)?$", name):
        minutes = int(found[2]) * 60 + int(found[3] or 0)
        base = 3 * 60 if name.startswith(("msk", "мск")) else 0
        shift = timedelta(minutes=base + (minutes if found[1] == "+" else -minutes))
        return timezone(shift) if abs(shift) < timedelta(hours=24) else None
    return None


def _from_epoch(text: str, zone: str | tzinfo) -> Iterator[Moment]:
    instant = datetime.fromtimestamp(int(text[:10]), UTC)
    yield Moment(instant, "second", instant.astimezone(_zone(zone)).date())


def _in_digits(match: re.Match[str]) -> str:
    """二〇二三年三月二十一日 -> 2023年3月21日."""
    year, rest = match.group().split("年")
    month, day = rest[:-1].split("月")
    return f"{year.translate(_HAN_DIGITS)}年{_tens(month)}月{_tens(day)}日"


def _tens(text: str) -> int:
    high, ten, low = text.rpartition("十")
    if not ten:
        return int(text.translate(_HAN_DIGITS))
    return int(high.translate(_HAN_DIGITS) or 1) * 10 + int(low.translate(_HAN_DIGITS) or 0)


@lru_cache(maxsize=256)
def _zone(zone: str | tzinfo) -> tzinfo:
    """An IANA zone; UTC for a name that is none."""
    if isinstance(zone, tzinfo):
        return zone
    try:
        return ZoneInfo(zone or "UTC")
    except (KeyError, ValueError, OSError):
        return UTC
