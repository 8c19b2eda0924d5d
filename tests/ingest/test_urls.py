"""One article, one address: pairs that must meet, pairs that must not, and what is no address at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amur.errors import ReadError
from ingest.urls import article_id, canonical_url, registrable_domain

SAME = [
    ("https://a.example/x?utm_source=rss&utm_medium=feed", "https://a.example/x"),
    ("https://a.example/x?id=5&fbclid=AbC", "https://a.example/x?id=5"),
    ("https://a.example/x?b=2&a=1", "https://a.example/x?a=1&b=2"),
    ("https://a.example/x?from=rss", "https://a.example/x"),
    ("https://a.example/x?from=timeline&isappinstalled=0", "https://a.example/x"),
    ("https://a.example/x#comments", "https://a.example/x"),
    ("https://A.Example:443/x", "https://a.example/x"),
    ("http://a.example:80/x", "http://a.example/x"),
    ("https://a.example./x", "https://a.example/x"),
    ("https://a.example", "https://a.example/"),
    ("https://a.example/a/./b/../c", "https://a.example/a/c"),
    ("https://a.example/%7euser/%d0%bd", "https://a.example/~user/%D0%BD"),
    ("https://a.example/новости/1", "https://a.example/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8/1"),
    ("https://кремль.рф/1", "https://xn--e1ajeds9e.xn--p1ai/1"),
    ("https://НОВОСТИ.РФ/1", "https://новости.рф/1"),
    ("https://a.example/x;jsessionid=9F?p=1", "https://a.example/x?p=1"),
    ("https://user:secret@a.example/x", "https://a.example/x"),
    ("https://m.a.example/x", "https://a.example/x"),
    ("https://wap.people.com.cn/x", "https://people.com.cn/x"),
    ("https://amp.a.example/x", "https://a.example/x"),
    ("https://a.example/x/amp/", "https://a.example/x/"),
    ("https://a.example/x/amp", "https://a.example/x"),
    ("https://a.example/amp/x", "https://a.example/x"),
    ("https://a.example/news/amp/x-1", "https://a.example/news/x-1"),
    ("https://a.example/x.amp.html", "https://a.example/x.html"),
    ("https://a.example/x?amp=1", "https://a.example/x"),
    ("https://a.example/x?outputType=amp", "https://a.example/x"),
    ("https://www-a-example.cdn.ampproject.org/c/s/www.a.example/x", "https://www.a.example/x"),
    ("https://www.google.com/amp/s/www.a.example/x/amp/", "https://www.a.example/x/"),
    ("  https://a.example/x\n", "https://a.example/x"),
]
DIFFERENT = [
    ("https://a.example/en/x", "https://a.example/ru/x"),
    ("https://en.a.example/x", "https://a.example/x"),
    ("https://a.example/x?lang=zh", "https://a.example/x?lang=en"),
    ("https://a.example/x?id=1", "https://a.example/x?id=2"),
    ("https://a.example/x?from=2024-01-01", "https://a.example/x"),
    ("https://a.example/forum.php?mod=viewthread&tid=4", "https://a.example/forum.php?tid=4"),
    ("https://a.example/X", "https://a.example/x"),
    ("https://a.example/a%2Fb", "https://a.example/a/b"),
    ("https://a.example:8443/x", "https://a.example/x"),
    ("https://a.example/#!/x", "https://a.example/#!/y"),
    ("https://m.com/x", "https://com/x"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_ways_to_one_article_meet(one: str, other: str) -> None:
    assert canonical_url(one) == canonical_url(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_other_articles_stay_apart(one: str, other: str) -> None:
    assert canonical_url(one) != canonical_url(other)


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ("https://www.a.example/story", "https://www.a.example/story"),
        ("/story", "https://m.a.example/story"),
        ("https://other.test/story", None),
        ("https://a.example/", None),
        ("https://a.example/en/x", None),
        ("http://[broken", None),
        ("javascript:alert(1)", None),
        ("", None),
        ("http://a.example/y", "https://a.example/y"),
    ],
)
def test_a_declared_address_counts_within_its_domain_and_language(declared: str, expected: str | None) -> None:
    page = "https://m.a.example/x?p=1"
    assert canonical_url(page, declared=declared) == canonical_url(expected or page)


def test_the_front_page_tells_whether_the_desktop_twin_has_www() -> None:
    assert canonical_url("https://m.a.example/x", home="https://www.a.example/") == "https://www.a.example/x"


@pytest.mark.parametrize(
    "url", ["", "x", "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "http://", "http://[", "//a.b/c",
            "ftp://a.example/x", "http://a.example:99999/"],
)  # fmt: skip
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(ReadError):
        canonical_url(url)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("news.sina.com.cn", "sina.com.cn"),
        ("www.gov.uk", "www.gov.uk"),
        ("a.b.outlet.example", "outlet.example"),
        ("Москва.Кремль.РФ", "xn--e1ajeds9e.xn--p1ai"),
        ("127.0.0.1", "127.0.0.1"),
        ("::1", "::1"),
        ("localhost", "localhost"),
        ("user.github.io.", "user.github.io"),
    ],
)
def test_registrable_domain(host: str, expected: str) -> None:
    assert registrable_domain(host) == expected


def test_the_id_is_the_sha256_of_the_address() -> None:
    assert article_id("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


ADDRESSES = st.builds(
    "{}://{}{}{}{}".format,
    st.sampled_from(["http", "https", "HTTP"]),
    st.sampled_from(
        ["a.example", "m.a.example", "amp.m.a.b.co.uk", "новости.рф", "[::1]:80", "ß.de", "x_y.com", "a..b"]
    ),
    st.text("/a.%;~é中?&=2f5", max_size=20),
    st.sampled_from(["", "/amp", "/amp/amp/", "/..", "?utm_x=1&b&a=%2", "#!/x y", "/x.amp.amp.html", "?%61mp=1"]),
    st.text(max_size=5),
)


@given(ADDRESSES | st.text())
def test_canonicalising_twice_is_canonicalising_once(url: str) -> None:
    try:
        once = canonical_url(url)
    except ReadError:
        return
    assert canonical_url(once) == once
    assert once.isascii()
