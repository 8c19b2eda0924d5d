"""Days as questions name them: a year, a month or a day, within what every store can compare."""

import re
from datetime import date

_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
YEARS = range(1900, 2200)  # of days that can be asked for; the embedded store counts from 1677 to 2262


def day(value: str, *, last: bool) -> date | None:
    """The first or last day of YYYY, YYYY-MM or YYYY-MM-DD; None where it is no such date."""
    match = _DAY.fullmatch(value)
    if not match or int(match[1]) not in YEARS:
        return None
    year, month, number = int(match[1]), int(match[2] or (12 if last else 1)), int(match[3] or 0)
    try:
        if number:
            return date(year, month, number)
        first = date(year, month, 1)
        return _month_end(year, month) if last else first
    except ValueError:
        return None


def _month_end(year: int, month: int) -> date:
    following = date(year + month // 12, month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)
