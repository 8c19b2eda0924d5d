"""What stands around and within an article is taken off, by place, links, classes and words; the article stays."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from amur.errors import NoText
from ingest.extraction_tail import is_note, is_prose, without_tail
from ingest.model import Article, FeedEntry
from ingest.pages import LONGEST_LEAD, extract_article, read_feed_text

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
URL = "https://outlet.example/visit"
DATA = tomllib.loads((Path(__file__).parents[1] / "data" / "ingest_pages" / "surroundings.toml").read_text("utf-8"))
LANGS = ("en", "ru", "zh")
TITLES = {lang: DATA[lang]["title"] for lang in LANGS}
BODY = {lang: DATA[lang]["body"] for lang in LANGS}
OTHER = {
    "en": "Bridge toll to rise next year",
    "ru": "Проезд по мосту подорожает в следующем году",
    "zh": "明年大桥通行费将上调",
}
PHRASE = {"en": "Read also", "ru": "Читайте также", "zh": "延伸阅读"}


def page(lang: str, *, body: str = "", head: str = "", before: str = "", after: str = "") -> str:
    body = body or "".join(f"<p>{p}</p>" for p in BODY[lang])
    return (
        f"<html><head><title>{TITLES[lang]} - The Outlet</title>{head}</head><body><div class='wrap'>{before}"
        f"<h1>{TITLES[lang]}</h1>{body}{after}</div></body></html>"
    )


def with_inset(lang: str, inset: str, at: int) -> str:
    parts = [f"<p>{p}</p>" for p in BODY[lang]]
    return "".join([*parts[:at], inset, *parts[at:]])


def read(html: str) -> Article:
    return extract_article(html, URL, now=NOW)


INSETS = {
    "a link after bold words": "<div><b>{phrase}:</b> <a href='/x'>{other}</a></div>",
    "a paragraph": "<p><strong>{phrase}: </strong><a href='/x'>{other}</a></p>",
    "one link": "<p><a href='/x'>{phrase}: {other}</a></p>",
    "a heading and links": "<h4>{phrase}</h4><ul><li><a>{other}</a></li><li><a href='/y'>{other} 2</a></li></ul>",
    "plain words": "<p>{phrase}: {other}</p>",
    "markup that says so": "<div class='b-inset'><p>{other}</p></div>",
}
HEADS = {"plain": "", "with data": '<script type="application/ld+json">{"@type": "NewsArticle"}</script>'}


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("at", [1, 2, 3])
@pytest.mark.parametrize("inset", INSETS)
@pytest.mark.parametrize("lang", LANGS)
def test_a_hint_at_another_story_goes_and_what_follows_it_stays(lang: str, inset: str, at: int, head: str) -> None:
    markup = INSETS[inset].format(phrase=PHRASE[lang], other=OTHER[lang])
    got = read(page(lang, body=with_inset(lang, markup, at), head=HEADS[head]))
    assert got.text.split("\n") == BODY[lang]


@pytest.mark.parametrize("lang", LANGS)
def test_a_paragraph_that_has_a_link_or_such_words_in_it_stays(lang: str) -> None:
    said = {
        "en": "Related parties are to meet again in <a href='/x'>the town hall</a> before summer, they said.",
        "ru": "По теме тарифов стороны <a href='/x'>встретятся ещё раз</a> до начала лета, сообщили в мэрии города.",
        "zh": "相关新闻发布会将于<a href='/x'>下周</a>在市政厅举行，双方代表届时将再次会面并回答记者提问。",
    }
    got = read(page(lang, body=with_inset(lang, f"<p>{said[lang]}</p>", 2)))
    assert len(got.text.split("\n")) == len(BODY[lang]) + 1


AROUND = {
    "en": (
        "<div class='crumbs'><a href='/'>Home</a> &gt; <a href='/w'>World</a></div>",
        "<div class='line'>5 December 2025, 10:18 | The Outlet | By Dana Whitlock</div>",
        "<p>Advertisement</p><div class='foot'>Sign up for our newsletter</div><p class='author'>Dana Whitlock</p>",
    ),
    "ru": (
        "<div>Главная / <a href='/w'>В мире</a></div>",
        "<div class='line'>The Outlet, 5 декабря 2025, 10:18</div><div>Автор: Вера Омутова</div>",
        "<div>Понравился текст? Подпишитесь на рассылку: одно письмо в неделю, без рекламы.</div><p>Реклама</p>",
    ),
    "zh": (
        "<div>当前位置：<a href='/'>首页</a> &gt; <a href='/w'>国际</a></div>",
        "<div class='line'>2025年12月05日 10:18　来源：墨竹网　<a>参与互动</a>　字号：<a>大</a><a>中</a></div>",
        "<div>【责任编辑：王某】</div><div>广告位招租</div>",
    ),
}


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("lang", LANGS)
def test_lines_about_the_article_are_no_part_of_it(lang: str, head: str) -> None:
    before, under, after = AROUND[lang]
    body = under + "".join(f"<p>{p}</p>" for p in BODY[lang])
    got = read(page(lang, body=body, before=before, after=after, head=HEADS[head]))
    assert got.text.split("\n") == BODY[lang]
    assert got.lead == BODY[lang][0]


@pytest.mark.parametrize(
    ("lang", "under", "wire"),
    [
        ("zh", "<div class='info'>2025年12月05日 10:18　来源：新华社</div>", "Xinhua"),
        ("ru", "<div>5 декабря 2025, 10:18</div><div>Источник: ТАСС</div>", "TASS"),
        ("en", "<div>5 December 2025, 10:18 | Source: Reuters</div>", "Reuters"),
        ("ru", "<div>Фото: РИА Новости</div>", ""),
    ],
)
def test_a_wire_credited_beside_the_text_is_known(lang: str, under: str, wire: str) -> None:
    got = read(page(lang, body=under + "".join(f"<p>{p}</p>" for p in BODY[lang])))
    assert got.text.split("\n") == BODY[lang]
    assert got.wire == wire


@pytest.mark.parametrize("named", ["comments", "b-comment-list", "commentsBlock"])
@pytest.mark.parametrize("lang", LANGS)
def test_comments_are_known_by_their_markup(lang: str, named: str) -> None:
    said = f"<p>{BODY[lang][1].replace('8', '9')} !!</p>" * 2
    got = read(page(lang, after=f"<div class='{named}'><div><b>riverwatcher</b>{said}</div></div>"))
    assert "riverwatcher" not in got.text
    assert "!!" not in got.text


def test_markup_called_after_comments_that_holds_the_article_is_the_article() -> None:
    html = page("en").replace("class='wrap'", "id='comments_page'").replace("h1>", "h3>")
    assert read(html).text.split("\n") == BODY["en"]


@pytest.mark.parametrize(
    "line",
    [
        "2026年10月12日 10:18 来源：墨竹新闻网 参与互动 字号：大中小", "当前位置：首页 > 国际",
        "September 2, 2026 — Dana Whitlock",
        "7 октября 2026, 14:00", "Mon, 5 Jan 2026 10:00 GMT", "By Dana Whitlock and Joost Wiersma", "12月3日 08:30",
        "Источник: Кедр-Пресс", "責任編輯：許若晴", "Опубликовано 5 декабря, 10:15 | Просмотров: 214",
    ],
)  # fmt: skip
def test_a_line_about_an_article_is_known(line: str) -> None:
    assert is_note(line)


@pytest.mark.parametrize(
    "line",
    [
        "On 2 September 2026 the two governments signed a memorandum.",
        "7 октября 2026 года стороны подписали договор.",
        "2026年9月2日，双方签署备忘录。", "Home prices fell in May", "Источник газа",
        *BODY["en"], *BODY["ru"], *BODY["zh"],
    ],
)  # fmt: skip
def test_a_line_of_an_article_is_none_about_it(line: str) -> None:
    assert not is_note(line)


@pytest.mark.parametrize("lang", LANGS)
def test_a_lead_is_the_first_paragraph_and_bounded(lang: str) -> None:
    long = BODY[lang][0] * 20
    got = read(page(lang, body=f"<p>{TITLES[lang]}</p><p>{long}</p><p>{BODY[lang][1]}</p>"))
    assert BODY[lang][0][:20] in got.lead
    assert len(got.lead) <= LONGEST_LEAD
    entry = FeedEntry("outlet", "", URL, title=TITLES[lang], summary=f"{PHRASE[lang]}: {OTHER[lang]}\n{BODY[lang][0]}")
    assert read_feed_text(entry, None, now=NOW).lead == BODY[lang][0]


@pytest.mark.parametrize(
    "line", ["The post Ferries return appeared first on The Outlet.", "Continue reading", "Читать далее", "阅读全文"]
)
def test_what_a_feed_says_after_a_summary_goes(line: str) -> None:
    entry = FeedEntry("outlet", "", URL, title=TITLES["en"], summary="\n".join([*BODY["en"][:2], line]))
    assert read_feed_text(entry, None, now=NOW).text.split("\n") == BODY["en"][:2]


def test_a_text_of_hints_alone_is_read_in_bounded_time() -> None:
    lines = "\n".join(["Read also: one", "© one", "Comments (2)"] * 30_000)
    assert len(without_tail(lines)) <= len(lines)
    assert not is_prose("." * 100_000)
    assert not is_note("5 December 2025 " * 10_000)


@pytest.mark.parametrize("announced", [False, True])
@pytest.mark.parametrize("kind", DATA["no_article"])
def test_walls_shells_and_soft_errors_are_no_text_with_a_reason(kind: str, announced: bool) -> None:
    menu = "<ul class='menu'><li><a href='/'>News</a></li><li><a href='/w'>World</a></li></ul>"
    html = (
        f"<html><head></head><body>{menu}{DATA['no_article'][kind]}<div class='footer'>© The Outlet</div></body></html>"
    )
    with pytest.raises(NoText, match=r"page (?:shows|holds|is)"):
        extract_article(html, URL, now=NOW, title=TITLES["en"] if announced else "")


@pytest.mark.parametrize(
    "said",
    [
        "The regulator fined the firm because its pages use cookies without asking. ",
        "Суд признал, что сайт использует файлы cookie без согласия читателей. ",
        "法院认定，该网站未经同意使用Cookie收集用户信息，应当承担责任。",
    ],
)
def test_an_article_about_cookies_is_an_article(said: str) -> None:
    html = f"<html><body><h1>{said[:30]}</h1>" + f"<p>{said * 4}</p>" * 6 + "</body></html>"
    assert said.strip() in read(html).text
