"""A post stands for who held it on the day."""

from datetime import date
from itertools import pairwise

import pytest

from ingest.enrich.lexicon import rows
from ingest.enrich.posts import find, holder


@pytest.mark.parametrize(
    ("day", "key"),
    [
        (date(2012, 7, 1), "Yang Jiechi"),
        (date(2021, 5, 1), "Wang Yi"),
        (date(2023, 7, 24), "Qin Gang"),
        (date(2023, 7, 25), "Wang Yi"),
        (None, "Wang Yi"),
    ],
)
def test_the_chinese_foreign_minister(day, key):
    assert holder("CHN", "foreign", day) == key


@pytest.mark.parametrize(
    ("lang", "text", "keys"),
    [
        ("en", "The Chinese foreign minister met Russia's defence minister", ["Qin Gang", "Sergei Shoigu"]),
        ("en", "a former Russian president and the Kremlin spokesman", ["Dmitry Peskov"]),
        ("ru", "глава МИД КНР и президент России", ["Qin Gang", "Vladimir Putin"]),
        ("ru", "с главой «Роснефти»", ["Igor Sechin"]),
        ("ru", "заместитель министра обороны РФ", []),
        ("zh", "俄羅斯總統會見中國外長", ["Vladimir Putin", "Qin Gang"]),
        ("zh", "俄副外长", []),
    ],
)
def test_posts_in_text(lang, text, keys):
    assert [p.key for p in find(text, lang, date(2023, 7, 10))] == keys


def test_a_vacant_post_has_no_holder():
    assert holder("CHN", "defence", date(2023, 11, 15)) is None


def test_terms_of_one_post_do_not_overlap():
    terms = sorted((r[0], r[1], r[2], r[3] or "9999") for r in rows("posts"))
    overlaps = [(a, b) for a, b in pairwise(terms) if a[:2] == b[:2] and b[2] < a[3]]
    assert overlaps == []


def test_every_holder_is_in_the_gazetteer(gazetteer):
    assert [r[4] for r in rows("posts") if gazetteer.entry(r[4]) is None] == []
