"""The sources file: what ships is valid, each fault names its line, camps follow from what is known."""

from pathlib import Path

import pytest

from amur.errors import SourcesError
from ingest.model import Feed, Ownership, OwnershipLabel, Source
from ingest.sources import camp_names, camp_of, load_sources
from ingest.sources_toml import line_numbers

GOOD = """# an outlet
[[source]]
name = "news_ru"
title = "Новости"
homepage = "https://news.example/"
country = "RUS"
languages = ["ru"]
timezone = "Europe/Moscow"
kind = "wire"

[[source.ownership]]
label = "private"
until = 2016
citation = "https://who.example/owns"

[[source.ownership]]
label = "state"
since = 2017
citation = "https://who.example/owns"

[[source.feeds]]
url = "https://news.example/rss"

[[source.feeds]]
url = "https://news.example/list/"
kind = "list"
last_confirmed = 2026-01-02

[source.feeds.list_rule]
link = '/\\d+\\.html$'

[source.extract]
drop = "div.related, p.copyright"
"""


def load(tmp_path: Path, text: str) -> tuple[Source, ...]:
    file = tmp_path / "mine.toml"
    file.write_text(text, encoding="utf-8")
    return load_sources(file)


def test_a_good_file_becomes_records(tmp_path: Path) -> None:
    (source,) = load(tmp_path, GOOD)
    assert (source.name, source.title, source.languages) == ("news_ru", "Новости", ("ru",))
    assert [source.ownership_in(year) for year in (2015, 2016, 2017, 2030)] == ["private", "private", "state", "state"]
    assert [feed.kind for feed in source.feeds] == ["feed", "list"]
    assert source.feeds[1].list_rule is not None
    assert str(source.feeds[1].last_confirmed) == "2026-01-02"
    assert source.extract == {"drop": "div.related, p.copyright"}


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('kind = "wire"', 'kind = "wire"\ncolour = "red"', 10, "unknown field"),
        ('kind = "wire"', "", 2, "kind: is missing"),
        ('kind = "wire"', 'kind = "blog"', 9, "kind"),
        ('country = "RUS"', 'country = "Russia"', 6, "alpha-3"),
        ('country = "RUS"', 'country = "QQQ"', 6, "alpha-3"),
        ('"Europe/Moscow"', '"Moscow"', 8, "time zone"),
        ('languages = ["ru"]', 'languages = ["rus"]', 7, "languages"),
        ('languages = ["ru"]', "languages = []", 7, "languages"),
        ('name = "news_ru"', 'name = "News RU"', 3, "name"),
        ('"https://news.example/rss"', '"news.example/rss"', 22, "whole http or https address"),
        ('"https://news.example/rss"', '"ftp://news.example/rss"', 22, "whole http or https address"),
        ('"https://news.example/rss"', '"https://me:secret@news.example/rss"', 22, "user name"),
        ('"https://news.example/rss"', '"https://www.news.example/list"', 25, "already on line 22"),
        ("until = 2016", "until = 2018", 16, "two labels in one year"),
        ("until = 2016", "", 16, "two labels in one year"),
        ("since = 2017", "since = 2017\nuntil = 2010", 16, "before it begins"),
        ('label = "state"', 'label = "independent"', 17, "label"),
        ('label = "private"\nuntil = 2016\ncitation = "https://who.example/owns"',
        'label = "private"\nuntil = 2016', 11, "citation"),
        ('kind = "list"', 'kind = "feed"', 24, "belong together"),
        ("link = '/\\d+\\.html$'", "link = '('", 30, "regular expression"),
        ("link = '/\\d+\\.html$'", "link = 'a'\ndate = '(?P<year>1)'", 31, "groups year, month and day"),
        ('drop = "div.related, p.copyright"', 'drop = "div["', 32, "CSS selector"),
        ('kind = "wire"', 'kind = "wire"\nignore_robots = true', 2, "allow_private"),
        ("until = 2016", 'until = "2016"', 13, "until"),
    ],
)  # fmt: skip
def test_each_fault_names_its_line(tmp_path: Path, old: str, new: str, line: int, words: str) -> None:
    assert old in GOOD
    with pytest.raises(SourcesError) as caught:
        load(tmp_path, GOOD.replace(old, new, 1))
    message = next(m for m in str(caught.value).splitlines() if words in m)
    assert f"mine.toml:{line}: " in message


def test_all_faults_are_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = GOOD.replace('kind = "wire"', 'kind = "blog"').replace('country = "RUS"', 'country = "x"')
    with pytest.raises(SourcesError) as caught:
        load(tmp_path, text)
    assert [int(m.split(":")[1]) for m in str(caught.value).replace(str(tmp_path), "").splitlines()] == [6, 9]


def test_two_sources_of_one_name_and_one_feed(tmp_path: Path) -> None:
    with pytest.raises(SourcesError) as caught:
        load(tmp_path, GOOD + GOOD)
    assert "the name of another source, on line 3" in str(caught.value)
    assert "already on line 22" in str(caught.value)


@pytest.mark.parametrize("text", ["", "[[source]]\n", "source = 3\n", 'name = "x"\n', "[[source]\n", "a = \x01\n"])
def test_what_is_no_sources_file_is_an_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(SourcesError, match=r"mine\.toml"):
        load(tmp_path, text)


def test_a_file_that_is_not_there_or_not_text_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourcesError, match="--sources"):
        load_sources(tmp_path / "none.toml")
    (tmp_path / "b.toml").write_bytes("# Новости".encode("cp1251"))
    with pytest.raises(SourcesError, match="UTF-8"):
        load_sources(tmp_path / "b.toml")


def test_lines_are_found_past_strings_of_several_lines() -> None:
    text = 'a = """\n[[source]]\nb = 1\n"""\n[[source]]\nname = "x"\n'
    text += '  [[ source . feeds ]] # one\n  url = "u"\n[[source.feeds]]\nurl="v"\n'
    lines = line_numbers(text)
    assert lines["source", 0] == 5
    assert lines["source", 0, "name"] == 6
    assert lines["source", 0, "feeds", 0, "url"] == 8
    assert lines["source", 0, "feeds", 1, "url"] == 10


def test_what_ships_is_valid_and_says_where_each_address_is_from() -> None:
    sources = load_sources(None)
    assert len(sources) >= 10
    assert {lang for s in sources for lang in s.languages} >= {"en", "ru", "zh"}
    assert all(feed.found_at for s in sources for feed in s.feeds)
    assert load_sources("") == sources


def outlet(country: str, label: OwnershipLabel, **more: object) -> Source:
    feed = (Feed("https://a.example/"),)
    made = Source(
        "a", "A", "https://a.example/", country, ("ru",), "UTC", (Ownership(label, since=2000),), "paper", feed
    )
    from dataclasses import replace

    return replace(made, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("country", "label", "camp"),
    [
        ("RUS", "state", "russian-state"), ("RUS", "state-affiliated", "russian-state"), ("RUS", "exile",
        "russian-independent"),
        ("RUS", "private", "other"), ("RUS", "unknown", "other"), ("CHN", "state", "chinese-state"), ("HKG",
        "state", "chinese-state"),
        ("CHN", "private", "other"), ("USA", "private", "western"), ("GBR", "public", "western"), ("KAZ", "state",
        "other"),
        ("TWN", "private", "other"), ("XXX", "unknown", "other"),
    ],
)  # fmt: skip
def test_camps_follow_from_country_and_ownership_and_what_is_unknown_is_other(
    country: str, label: OwnershipLabel, camp: str
) -> None:
    assert camp_of(outlet(country, label), 2023) == camp


def test_before_a_known_period_the_owner_is_unknown() -> None:
    assert camp_of(outlet("RUS", "state"), 1995) == "other"


def test_own_camps_are_asked_first(tmp_path: Path) -> None:
    own = '[[camp]]\nname = "wires"\nkinds = ["wire"]\nlanguages = ["ru"]\n\n'
    (source,) = load(tmp_path, own + GOOD)
    assert camp_of(source, 2020) == "wires"
    assert camp_of(source, 2020, "zh") == "russian-state"
    assert camp_names((source,)) == (
        "wires",
        "russian-state",
        "chinese-state",
        "russian-independent",
        "western",
        "other",
    )
