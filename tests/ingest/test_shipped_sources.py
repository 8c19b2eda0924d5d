"""The outlets that ship: enough of them, balanced, each with where it was found and who says what it is."""

import re
from collections import Counter
from urllib.parse import urlsplit

import pytest

from ingest.model import Feed, Source
from ingest.sources import CAMPS, OTHER, camp_of, load_sources
from ingest.urls import registrable_domain

YEAR = 2026
# A link to one article of each list page, as the outlet writes such links.
EXAMPLES = {
    "https://amurmedia.ru/news/": "https://amurmedia.ru/news/1923456/",
    "https://neftegaz.ru/news/": (
        "https://neftegaz.ru/news/incidental/758949-bespilotnik-podorval-neftebazu-v-orlovskoy-oblasti/"
    ),
    "https://www.news.cn/world/jsxw/index.html": (
        "https://www.news.cn/world/20260515/8f0a1b2c3d4e5f60718293a4b5c6d7e8/c.html"
    ),
    "http://russian.people.com.cn/31521/index.html": "http://russian.people.com.cn/n3/2024/0408/c31521-20154321.html",
    "https://russian.cgtn.com/": "https://russian.cgtn.com/news/2026-03-02/2028389396766744578/index.html",
    "https://news.cctv.com/world/": "https://news.cctv.com/2021/08/17/ARTIckJsaSn9knfB4KVh9ONQ210817.shtml",
    "https://world.huanqiu.com/": "https://world.huanqiu.com/article/4TV0wJzeItF",
    "http://russian.china.org.cn/": "http://russian.china.org.cn/china/txt/2018-02/26/content_50600613.htm",
    "https://www.thepaper.cn/channel_122908": "https://www.thepaper.cn/newsDetail_forward_27234567",
    "https://www.thepaper.cn/channel_25950": "https://www.thepaper.cn/newsDetail_forward_27234567",
    "https://www.dbw.cn/": "https://wmw.dbw.cn/system/2018/09/25/001298805.shtml",
    "https://www.mfa.gov.cn/web/wjdt_674879/fyrbt_674889/": (
        "https://www.mfa.gov.cn/web/fyrbt_673021/jzhsl_673025/202609/t20260922_12028748.shtml"
    ),
    "https://www.mfa.gov.cn/web/wjdt_674879/wjbxw_674885/": (
        "https://www.mfa.gov.cn/web/wjdt_674879/wjbxw_674885/202609/t20260920_12026001.shtml"
    ),
    "https://www.mfa.gov.cn/eng/xw/fyrbt/lxjzh/": (
        "https://www.mfa.gov.cn/eng/xw/fyrbt/lxjzh/202608/t20260828_12012299.html"
    ),
    "https://ru.china-embassy.gov.cn/rus/": (
        "https://ru.china-embassy.gov.cn/rus/lsfw_143010/zytz_142816/202605/t20260520_11914284.htm"
    ),
    "https://ru.china-embassy.gov.cn/": (
        "https://ru.china-embassy.gov.cn/lsfw/zytz_142816/202607/t20260721_11989093.htm"
    ),
    "https://www.gov.cn/yaowen/index.htm": "https://www.gov.cn/yaowen/liebiao/202609/content_7081860.htm",
    "https://www.gov.cn/lianbo/bumen/index.htm": "https://www.gov.cn/lianbo/bumen/202401/content_6925000.htm",
    "https://www.mofcom.gov.cn/xwfb/xwfyrth/index.html": (
        "https://www.mofcom.gov.cn/xwfb/bldhd/art/2026/art_3c9cf44ef54744279950e0221e8fedeb.html"
    ),
    "https://www.mofcom.gov.cn/xwfb/rcxwfb/index.html": (
        "https://www.mofcom.gov.cn/xwfb/rcxwfb/art/2026/art_3c9cf44ef54744279950e0221e8fedeb.html"
    ),
    "http://www.customs.gov.cn/customs/xwfb34/302425/index.html": (
        "http://www.customs.gov.cn/customs/xwfb34/302425/636122/index.html"
    ),
    "https://www.ndrc.gov.cn/xwdt/xwfb/": "https://www.ndrc.gov.cn/xwdt/xwfb/202610/t20261009_1408037.html",
    "http://www.mod.gov.cn/gfbw/xwfyr/index.html": "http://www.mod.gov.cn/gfbw/xwfyr/yzxwfb/16479365.html",
    "http://www.hlj.gov.cn/": "https://www.hlj.gov.cn/hlj/c107856/202609/c00_31963411.shtml",
    "https://international.caixin.com/": "https://china.caixin.com/2020-06-22/101571035.html",
    "https://www.caixinglobal.com/": (
        "https://www.caixinglobal.com/2025-10-29/china-amends-cybersecurity-law-to-add-first-ever-ai-clause-102376988.html"
    ),
    "https://www.guancha.cn/GuanChaZheTouTiao/list_1.shtml": (
        "https://www.guancha.cn/internation/2026_05_14_817008.shtml"
    ),
    "https://www.yicai.com/news/": "https://www.yicai.com/news/103331444.html",
    "https://news.ifeng.com/": "https://news.ifeng.com/c/8qnzjAl3cU5",
    "http://www.ce.cn/xwzx/gnsz/gdxw/": "http://www.ce.cn/xwzx/gnsz/gdxw/202607/t20260725_3106681.shtml",
    "https://www.zaobao.com/realtime/china": "https://www.zaobao.com.sg/realtime/china/story20260512-6789012",
    "https://carnegieendowment.org/russia-eurasia/politika": (
        "https://carnegieendowment.org/russia-eurasia/politika/2026/05/china-russia-no-pipeline"
    ),
}


@pytest.fixture(scope="module")
def sources() -> tuple[Source, ...]:
    return load_sources(None)


@pytest.fixture(scope="module")
def feeds(sources: tuple[Source, ...]) -> tuple[Feed, ...]:
    return tuple(feed for source in sources for feed in source.feeds)


@pytest.fixture(scope="module")
def lists(feeds: tuple[Feed, ...]) -> tuple[Feed, ...]:
    return tuple(feed for feed in feeds if feed.kind == "list")


def _is_address(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in {"http", "https"} and "." in parts.netloc and not re.search(r"[\s<>\"]", url)


def test_that_there_are_enough_outlets(sources: tuple[Source, ...]) -> None:
    assert len(sources) >= 80


def test_that_each_language_has_about_a_third(sources: tuple[Source, ...]) -> None:
    count = Counter(language for source in sources for language in source.languages)

    assert set(count) == {"en", "ru", "zh"}
    assert min(count.values()) >= 25
    assert max(count.values()) <= 0.4 * len(sources)


def test_that_every_camp_has_outlets(sources: tuple[Source, ...]) -> None:
    count = Counter(camp_of(source, YEAR) for source in sources)

    assert set(count) == {*(camp.name for camp in CAMPS), OTHER}
    assert min(count.values()) >= 3


def test_that_every_known_owner_is_cited(sources: tuple[Source, ...]) -> None:
    known = [period for source in sources for period in source.ownership if period.label != "unknown"]

    assert all(_is_address(period.citation) for period in known)


def test_that_every_feed_says_where_it_was_found(feeds: tuple[Feed, ...]) -> None:
    assert all(_is_address(feed.found_at) and feed.found_at != feed.url for feed in feeds)


def test_that_no_feed_claims_to_have_been_seen(feeds: tuple[Feed, ...]) -> None:
    assert not [feed.url for feed in feeds if feed.last_confirmed]


def test_that_feeds_are_unique(feeds: tuple[Feed, ...]) -> None:
    assert len({feed.url for feed in feeds}) == len(feeds)


def test_that_editions_of_a_house_are_told_apart(sources: tuple[Source, ...]) -> None:
    names = Counter((source.title, source.languages) for source in sources)

    assert max(names.values()) == 1


def test_that_every_list_page_has_an_example(lists: tuple[Feed, ...]) -> None:
    assert {feed.url for feed in lists} == set(EXAMPLES)


@pytest.mark.parametrize("url", EXAMPLES)
def test_that_a_list_rule_takes_an_article_and_not_the_page_itself(url: str, lists: tuple[Feed, ...]) -> None:
    rule = next(feed.list_rule for feed in lists if feed.url == url)

    assert rule is not None
    assert re.search(rule.link, EXAMPLES[url])
    assert not re.search(rule.link, url)
    assert registrable_domain(urlsplit(EXAMPLES[url]).netloc).split(".")[0] in url


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://www.mfa.gov.cn/web/wjdt_674879/fyrbt_674889/", ("2026", "09", "22")),
        ("https://russian.cgtn.com/", ("2026", "03", "02")),
        ("http://russian.people.com.cn/31521/index.html", ("2024", "04", "08")),
        ("https://www.dbw.cn/", ("2018", "09", "25")),
        ("https://www.guancha.cn/GuanChaZheTouTiao/list_1.shtml", ("2026", "05", "14")),
        ("http://russian.china.org.cn/", ("2018", "02", "26")),
    ],
)
def test_that_a_day_is_read_from_the_link(url: str, day: tuple[str, str, str], lists: tuple[Feed, ...]) -> None:
    rule = next(feed.list_rule for feed in lists if feed.url == url)

    match = re.search(rule.date if rule else "", EXAMPLES[url])

    assert match is not None
    assert match.group("year", "month", "day") == day


def test_that_history_is_kept(sources: tuple[Source, ...]) -> None:
    times = next(source for source in sources if source.name == "moscowtimes_en")

    assert [times.ownership_in(year) for year in (2015, 2021, 2022)] == ["private", "private", "exile"]
    assert camp_of(times, 2021) == "other"
    assert camp_of(times, 2023) == "russian-independent"
