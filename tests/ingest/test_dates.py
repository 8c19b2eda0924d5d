"""Dates as pages write them, and which of several to believe."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.dates import Moment, choose, date_in_url, parse_date, written_dates

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "zone", "instant", "precision"),
    [
        ("2023-03-21T15:04:05Z", "UTC", utc(2023, 3, 21, 15, 4, 5), "second"),
        ("2023-03-21T15:04:05.123+03:00", "UTC", utc(2023, 3, 21, 12, 4, 5), "second"),
        ("2023-03-21 15:04", "Asia/Shanghai", utc(2023, 3, 21, 7, 4), "minute"),
        ("Tue, 21 Mar 2023 12:00:00 GMT", "Asia/Shanghai", utc(2023, 3, 21, 12), "second"),
        ("Tue, 21 Mar 2023 12:00:00 +0300", "UTC", utc(2023, 3, 21, 9), "second"),
        ("2023年3月21日", "Asia/Shanghai", utc(2023, 3, 20, 16), "day"),
        ("2023年03月21日 08:05 来源：新华网", "Asia/Shanghai", utc(2023, 3, 21, 0, 5), "minute"),
        ("二〇二三年三月二十一日", "Asia/Shanghai", utc(2023, 3, 20, 16), "day"),
        ("21 марта 2023", "Europe/Moscow", utc(2023, 3, 20, 21), "day"),
        ("21 марта 2023, 15:04", "Europe/Moscow", utc(2023, 3, 21, 12, 4), "minute"),
        ("21 марта 2023 года в 15:04 МСК", "UTC", utc(2023, 3, 21, 12, 4), "minute"),
        ("5 мая 2023 г.", "UTC", utc(2023, 5, 5), "day"),
        ("21.03.2023 15:04", "Europe/Moscow", utc(2023, 3, 21, 12, 4), "minute"),
        ("March 21, 2023 3:04 PM", "UTC", utc(2023, 3, 21, 15, 4), "minute"),
        ("12:30 AM? no: Mar. 21, 2023 at 12:30 am EST", "UTC", utc(2023, 3, 21, 5, 30), "minute"),
        ("21st March 2023", "UTC", utc(2023, 3, 21), "day"),
        ("20230321", "UTC", utc(2023, 3, 21), "day"),
        ("1679400000", "UTC", utc(2023, 3, 21, 12), "second"),
        ("1679400000123", "UTC", utc(2023, 3, 21, 12), "second"),
    ],
)
def test_written_dates(text: str, zone: str, instant: datetime, precision: str) -> None:
    moment = parse_date(text, zone)
    assert moment is not None
    assert (moment.instant, moment.precision) == (instant, precision)


@pytest.mark.parametrize("text", ["", "soon", "31 февраля 2023", "2023年13月1日", "99.99.2023", "2023-02-30", "12345"])
def test_no_date(text: str) -> None:
    assert parse_date(text) is None


def test_the_local_day_is_that_of_the_outlet() -> None:
    moment = parse_date("2023-03-21T22:00:00Z", "Asia/Vladivostok")
    assert moment is not None
    assert moment.local == date(2023, 3, 22)


def test_several_dates_come_in_their_order() -> None:
    found = [m.local.day for m in written_dates("С 3 мая 2023 по 5 мая 2023, обновлено 07.05.2023")]
    assert found == [3, 5, 7]


@pytest.mark.parametrize(
    ("url", "day", "precision"),
    [
        ("https://lenta.ru/news/2023/03/21/visit/", date(2023, 3, 21), "day"),
        ("https://ria.ru/20230321/visit-1859.html", date(2023, 3, 21), "day"),
        ("http://news.cn/world/2023-03/21/c_1129.htm", date(2023, 3, 21), "day"),
        ("http://mfa.example/a/202303/t20230321_110.shtml", date(2023, 3, 21), "day"),
        ("https://a.example/2023/3/5/x", date(2023, 3, 5), "day"),
        ("https://a.example/news/202303/x.html", date(2023, 3, 1), "month"),
    ],
)
def test_dates_in_addresses(url: str, day: date, precision: str) -> None:
    moment = date_in_url(url, "Asia/Shanghai")
    assert moment is not None
    assert (moment.local, moment.precision) == (day, precision)


@pytest.mark.parametrize(
    "url", ["https://tass.ru/politika/17323981", "https://20230321.example/x", "https://a.example/"]
)
def test_addresses_without_a_date(url: str) -> None:
    assert date_in_url(url) is None


def at(text: str) -> list[Moment]:
    return list(written_dates(text))


def test_page_before_feed_before_url_before_text() -> None:
    page, feed, url, text = at("2026-01-01"), at("2026-01-02"), at("2026-01-03"), at("2026-01-04")
    assert choose(page, feed, url, text, now=NOW).source == "page"
    assert choose([], feed, url, text, now=NOW).source == "feed"
    assert choose([], [], url, text, now=NOW).source == "url"
    assert choose([], [], [], text, now=NOW).source == "text"
    assert choose([], [], [], [], now=NOW) == choose(at("2999-01-01"), at("1970-01-01"), [], [], now=NOW)


def test_a_day_takes_the_hour_of_a_lesser_source_that_agrees() -> None:
    dated = choose(at("2026-01-02"), at("2026-01-02T15:00:00Z"), [], [], now=NOW)
    assert dated.moment is not None
    assert (dated.source, dated.moment.instant, dated.moment.precision) == ("page", utc(2026, 1, 2, 15), "second")


def test_a_date_just_ahead_is_a_wrong_zone_and_is_clamped() -> None:
    ahead = Moment(NOW + timedelta(hours=8), "second", NOW.date())
    dated = choose([ahead], [], [], [], now=NOW)
    assert dated.moment is not None
    assert dated.moment.instant == NOW


@given(st.text(max_size=60) | st.from_regex(r"\d{1,4}[-./年 ]\d{1,2}[-./月 ]\d{1,4}[ T]?\d{0,2}:?\d{0,2}[+-]?\d{0,4}"))
def test_any_text_gives_dates_or_none(text: str) -> None:
    for moment in written_dates(text, "Asia/Shanghai"):
        assert moment.instant.tzinfo is UTC
