"""Three languages, complete: words, numbers, dates."""

import re
from datetime import date

import pytest

from dashboard import catalogues, labels
from dashboard.localisation import choose, localisation
from ingest.model import ENDED, EVENT_TYPES, TOPICS, WAITING

PLACE = re.compile(r"%\(\w+\)s|%s")


@pytest.mark.parametrize("code", catalogues.languages())
def test_every_message_is_translated(code: str) -> None:
    catalog = catalogues.read(code)
    wanted = {m.id for m in catalogues.messages() if m.id}
    assert wanted == {m.id for m in catalog if m.id}, "run python -m dashboard.catalogues"
    assert catalogues.missing(catalog) == []


@pytest.mark.parametrize("code", catalogues.languages())
def test_the_compiled_catalogue_is_that_of_the_source(code: str) -> None:
    mo = catalogues.po_file(code).with_suffix(".mo")
    assert mo.read_bytes() == catalogues.compiled(catalogues.read(code)), "run python -m dashboard.catalogues"


@pytest.mark.parametrize("code", catalogues.languages())
def test_translations_keep_the_places_of_values(code: str) -> None:
    wrong = []
    for message in catalogues.read(code):
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.id and any(sorted(PLACE.findall(s)) != sorted(PLACE.findall(ids[-1])) for s in strings):
            wrong.append(message.id)
    assert wrong == []


def test_closed_lists_have_words() -> None:
    assert set(labels.TOPICS) == set(TOPICS)
    assert set(labels.STATES) == {*WAITING, *ENDED}
    assert set(labels.EVENTS) == set(EVENT_TYPES)


@pytest.mark.parametrize(
    ("asked", "accepted", "code"),
    [
        ("", "", "en"),
        ("", "de-DE,ru;q=0.8,en;q=0.5", "ru"),
        ("", "zh-TW,zh;q=0.9", "zh"),
        ("en", "ru", "en"),
        ("xx", "ru", "ru"),
        ("../../etc", "*", "en"),
    ],
)
def test_choice_of_language(asked: str, accepted: str, code: str) -> None:
    assert choose(asked, accepted) == code


@pytest.mark.parametrize(
    ("code", "number", "percent", "day", "month", "country"),
    [
        ("en", "12,345.6", "4.6%", "May 9, 2024", "May 2024", "Kazakhstan"),
        ("ru", "12\xa0345,6", "4,6\xa0%", "9 мая 2024\u202fг.", "май 2024\u202fг.", "Казахстан"),
        ("zh", "12,345.6", "4.6%", "2024年5月9日", "2024年5月", "哈萨克斯坦"),
    ],
)
def test_numbers_dates_and_names(code: str, number: str, percent: str, day: str, month: str, country: str) -> None:
    loc = localisation(code)
    assert loc.number(12345.6) == number
    assert loc.percent(0.0456) == percent
    assert loc.day(date(2024, 5, 9)) == day
    assert loc.period(date(2024, 5, 1), "month") == month
    assert loc.country("KAZ") == country


def test_times_name_their_zone() -> None:
    assert localisation("en", "Asia/Shanghai").moment("2024-05-09T20:30:00+00:00") == "10 May 2024, 04:30 Asia/Shanghai"
    assert localisation("zh").moment(None) == "–"


def test_iso_weeks() -> None:
    assert localisation("en").period(date(2024, 12, 30), "week") == "2025-W01"
