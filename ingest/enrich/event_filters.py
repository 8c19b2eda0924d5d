"""What makes a matched act no event: negation, plan, hope, condition, denial, question; and the date of an act.

The look goes from the beginning of the clause to the trigger, and a few words past the match for a future or a
cancellation. Words are data of the language, kept here because each list has its own place in the sentence.
"""

import datetime as dt
import re
from dataclasses import dataclass
from functools import cache

from ingest.enrich.regex_lists import joined, table


@dataclass(frozen=True, slots=True)
class _Filters:
    clause: re.Pattern[str]
    before: re.Pattern[str]
    after: re.Pattern[str]
    sentence: re.Pattern[str]
    hearsay: re.Pattern[str]


@cache
def _filters(lang: str) -> _Filters:
    rows = table("event_filters")[lang]
    return _Filters(**{name: joined(rows, name) for name in _Filters.__slots__})


REACH = {"en": 90, "ru": 90, "zh": 30}


def doubtful(marked: str, match: re.Match[str], lang: str, sentence: str) -> bool:
    """Whether the words around a match say that the act did not take place, or only may."""
    if _filters(lang).sentence.search(sentence):
        return True
    hearsay = _filters(lang).hearsay.search(marked, 0, match.start())
    if hearsay:
        return True
    groups = match.re.groupindex
    trigger = match.start("trigger") if "trigger" in groups and match.start("trigger") >= 0 else match.start()
    before = marked[_clause_start(marked, match.start(), lang) : trigger]
    veto = _filters(lang).before.search(before[-REACH[lang] :])
    if veto:
        return True
    inside = marked[trigger : match.end()]
    if _inner_doubt(inside, lang):
        return True
    return bool(_filters(lang).after.search(marked[match.end() :]))


def _inner_doubt(inside: str, lang: str) -> bool:
    """Negation or a plan between the trigger and the end of the match: "signed no agreement", 应邀将访问."""
    found = {
        "en": r"\b(?:no|not|never|without)\b",
        "ru": r"\bне\b|\bбуд(?:ет|ут)\b",
        "zh": r"没有|未能|尚未|预计|有望|将(?!军)|拟于",
    }[lang]
    return bool(re.search(found, inside[1:]))


def _clause_start(marked: str, at: int, lang: str) -> int:
    starts = [m.end() for m in _filters(lang).clause.finditer(marked, 0, at)]
    return starts[-1] if starts else 0


# Date ---------------------------------------------------------------------------------------------------------------

_MONTHS = {
    "en": [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ],
    "ru": ["январ", "феврал", "март", "апрел", "ма", "июн", "июл", "август", "сентябр", "октябр", "ноябр", "декабр"],
}
_DAYS = {
    "en": ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"],
    "ru": ["понедельник", "вторник", "сред", "четверг", "пятниц", "суббот", "воскресен"],
}
_EN_DATE = re.compile(
    r"\b(?:(\d{1,2})(?:st|nd|rd|th)? ([A-Z][a-z]+)|([A-Z][a-z]+) (\d{1,2})(?:st|nd|rd|th)?)\b(?:,? (\d{4}))?"
)
_RU_DATE = re.compile(
    r"\b(\d{1,2})(?:-го)? (январ|феврал|март|апрел|ма(?=[йяе])|июн|июл|август|сентябр|октябр|ноябр|декабр)\w*"
    r"(?: (\d{4}))?"
)
_ZH_DATE = re.compile(r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})[日号號](?!至|、)")
_RELATIVE = {
    "en": (
        (re.compile(r"\byesterday\b|\ba day earlier\b", re.IGNORECASE), 1),
        (re.compile(r"\btoday\b", re.IGNORECASE), 0),
    ),
    "ru": (
        (re.compile(r"\b(?:вчера|накануне|днём ранее)\b", re.IGNORECASE), 1),
        (re.compile(r"\bсегодня\b", re.IGNORECASE), 0),
    ),
    "zh": ((re.compile("昨天|昨日"), 1), (re.compile("今天|今日|当天|當天"), 0)),
}


def event_date(sentence: str, lang: str, day: dt.date | None) -> dt.date | None:
    """The day of an act as its sentence gives it, read against the publication day; that day itself where it says none.

    A date without a year is the nearest one not more than two months after publication.
    """
    if day is None:
        return None
    try:
        return _stated(sentence, lang, day) or _relative(sentence, lang, day) or _weekday(sentence, lang, day) or day
    except (ValueError, OverflowError):
        return day


def _stated(sentence: str, lang: str, day: dt.date) -> dt.date | None:
    if lang == "zh":
        m = _ZH_DATE.search(sentence)
        return _nearest(m[1], int(m[2]) if m[2] else None, int(m[3]), day) if m else None
    if lang == "ru":
        m = _RU_DATE.search(sentence)
        return _nearest(m[3], _MONTHS["ru"].index(m[2]) + 1, int(m[1]), day) if m else None
    for m in _EN_DATE.finditer(sentence):
        name = (m[2] or m[3]).lower()
        if name in _MONTHS["en"]:
            return _nearest(m[5], _MONTHS["en"].index(name) + 1, int(m[1] or m[4]), day)
    return None


def _nearest(year: str | None, month: int | None, number: int, day: dt.date) -> dt.date | None:
    if month is None:
        return (
            day.replace(day=number)
            if number <= day.day + 1
            else (day.replace(day=1) - dt.timedelta(days=1)).replace(day=number)
        )
    if year:
        return dt.date(int(year), month, number)
    found = dt.date(day.year, month, number)
    return found if found <= day + dt.timedelta(days=60) else dt.date(day.year - 1, month, number)


def _relative(sentence: str, lang: str, day: dt.date) -> dt.date | None:
    for pattern, back in _RELATIVE[lang]:
        if pattern.search(sentence):
            return day - dt.timedelta(days=back)
    return None


def _weekday(sentence: str, lang: str, day: dt.date) -> dt.date | None:
    """The last such weekday up to the publication day."""
    for number, name in enumerate(_DAYS.get(lang, ())):
        if re.search(rf"\b{name}\w*\b" if lang == "ru" else rf"\b{name}\b", sentence, re.IGNORECASE):
            return day - dt.timedelta(days=(day.weekday() - number) % 7)
    return None
