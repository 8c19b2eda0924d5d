"""Languages of the interface: which one, its words, its numbers and dates.

English strings are the message ids; `locale/LANG/LC_MESSAGES/amur.po` and the compiled `.mo` beside it are both
checked in (`python -m dashboard.catalogues` writes them), so that a wheel needs no build step.
"""

import gettext
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale, dates, numbers
from babel.core import get_global, negotiate_locale

LOCALE_FOLDER = Path(__file__).parent / "locale"
DOMAIN = "amur"
# Code of `ui=` -> the language's own name, in the order of the switch.
INTERFACE_LANGUAGES = {"en": "English", "ru": "Русский", "zh": "中文"}
# Country codes that events use beside ISO 3166-1 alpha-3.
BODIES = {"EUU": "EU", "NAT": "NATO"}


def choose(asked: str, accept_language: str) -> str:
    """`ui=` where it is known, else the browser's first known wish, else English."""
    if asked in INTERFACE_LANGUAGES:
        return asked
    wishes = [part.partition(";")[0].strip() for part in accept_language.split(",")]
    found = negotiate_locale([w.partition("-")[0] for w in wishes], list(INTERFACE_LANGUAGES))
    return found or "en"


def _(message: str) -> str:
    """Marks a message that is translated later, where it is shown."""
    return message


@cache
def localisation(code: str, zone: str = "UTC") -> "Localisation":
    """The shared localisation of one interface language; unknown codes give English."""
    return Localisation(code if code in INTERFACE_LANGUAGES else "en", zone)


@dataclass(frozen=True)
class Localisation:
    """One interface language with the zone in which times are shown."""

    code: str
    zone: str = "UTC"

    @cached_property
    def locale(self) -> Locale:
        return Locale.parse(self.code)

    @cached_property
    def html(self) -> str:
        """Value of the `lang` attribute."""
        return "zh-Hans" if self.code == "zh" else self.code

    @cached_property
    def translations(self) -> gettext.NullTranslations:
        return gettext.translation(DOMAIN, LOCALE_FOLDER, [self.code], fallback=True)

    @property
    def text(self) -> Callable[[str], str]:
        return self.translations.gettext

    def number(self, value: float) -> str:
        return numbers.format_decimal(value, locale=self.locale)

    def percent(self, value: float | None, digits: int = 1) -> str:
        """A share 0..1 as percent; a dash where there is none."""
        if value is None:
            return "–"
        pattern = self.locale.percent_formats[None].pattern.replace("#,##0", f"#,##0.{'0' * digits}")
        return numbers.format_percent(value, format=pattern, locale=self.locale)

    def day(self, value: date | str | None, length: str = "medium") -> str:
        moment = _as_date(value)
        return dates.format_date(moment, length, locale=self.locale) if moment else "–"

    def moment(self, value: datetime | str | None) -> str:
        """An instant in the zone of the settings, with the zone's name."""
        moment = _as_datetime(value)
        if moment is None:
            return "–"
        local = moment.astimezone(ZoneInfo(self.zone))
        text = dates.format_datetime(
            local, "d MMM y, HH:mm" if self.code != "zh" else "y年M月d日 HH:mm", locale=self.locale
        )
        return f"{text} {self.zone}"

    def period(self, start: date, interval: str) -> str:
        """Name of the period that starts at `start`: a day, an ISO week, a month or a year."""
        if interval == "year":
            return dates.format_skeleton("y", start, locale=self.locale)
        if interval == "month":
            return dates.format_skeleton("yMMM", start, locale=self.locale)
        if interval == "week":
            year, week, _weekday = start.isocalendar()
            return f"{year}-W{week:02d}"
        return self.day(start)

    @cached_property
    def d3_numbers(self) -> dict[str, Any]:
        """Number words of this language in the form of d3-format."""
        symbols = self.locale.number_symbols["latn"]
        return {"decimal": symbols["decimal"], "thousands": symbols["group"], "grouping": [3], "currency": ["", ""]}

    @cached_property
    def d3_times(self) -> dict[str, Any]:
        """Date words of this language in the form of d3-time-format; months as they stand alone on an axis."""
        get, alone = self.locale, "stand-alone"
        months, days = get.months[alone], get.days[alone]
        week = (6, 0, 1, 2, 3, 4, 5)  # d3 begins with Sunday, Babel with Monday
        return {
            "dateTime": "%x, %X",
            "date": "%d.%m.%Y",
            "time": "%H:%M:%S",
            "periods": ["AM", "PM"],
            "days": [days["wide"][d] for d in week],
            "shortDays": [days["abbreviated"][d] for d in week],
            "months": [months["wide"][m] for m in range(1, 13)],
            "shortMonths": [months["abbreviated"][m] for m in range(1, 13)],
        }

    def country(self, code: str) -> str:
        """ISO 3166-1 alpha-3 -> the country's name; the code itself where it is unknown."""
        if code in BODIES:
            return BODIES[code]
        short = get_global("territory_aliases").get(code, [code])[0]
        return str(self.locale.territories.get(short, code))

    def language(self, code: str) -> str:
        return str(self.locale.languages.get(code, code))


def _as_date(value: date | str | None) -> date | None:
    if isinstance(value, str):
        return date.fromisoformat(value[:10]) if value else None
    return value.date() if isinstance(value, datetime) else value


def _as_datetime(value: datetime | str | None) -> datetime | None:
    if isinstance(value, str):
        return datetime.fromisoformat(value) if value else None
    return value
