"""The week, its note, and the lists of what was said."""

from typing import Any
from urllib.parse import quote

import pytest

from dashboard.week_note import plain


def missing(page: str, *words: str) -> list[str]:
    return [w for w in words if w not in page]


def test_a_week_says_what_is_usual(get: Any) -> None:
    """26 weeks before of which all outlets but the Chinese one, silent in February, were read."""
    page = get("/week?week=2024-W19&ui=en").text
    assert missing(page, "usually 6 (0 to 6 in 26 covered weeks before)", "Official texts") == []


def test_where_too_few_weeks_are_covered_nothing_is_usual(get: Any) -> None:
    assert missing(get("/week?week=2022-W24&ui=en").text, "usual range unknown") == []


def test_the_note_says_what_the_page_says(get: Any) -> None:
    reply = get("/week.md?week=2024-W22&ui=en")
    assert reply.headers["content-type"].startswith("text/markdown")
    assert 'filename="amur-sample-2024-W22-en.md"' in reply.headers["content-disposition"]
    wanted = (
        "# The week 2024-W22",
        "**SAMPLE DATA**",
        "## Official texts",
        "docs/reading.md",
        "- Articles: ",
        "](http",
    )
    assert missing(reply.text, *wanted) == []
    assert missing(reply.text, "<script", "<img") == ["<script", "<img"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a *b* [c](d)", r"a \*b\* \[c\](d)"), ("<b>\n# x", r"\<b\> \# x"), ("по_ка", r"по\_ка"), (7, "7")],
)
def test_text_of_others_is_no_markup(text: object, shown: str) -> None:
    assert plain(text) == shown


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/quotes?ui=en", ("Xi Jinping", "direct speech", "<blockquote")),
        (f"/quotes?ui=en&speaker={quote('Xi Jinping')}&lang=ru", ("В Пекине возобновились переговоры", "All speakers")),
        ("/quotes?ui=en&speaker=Nobody", ("Nobody known is quoted",)),
        ("/phrases?ui=en", ("multipolar world", "1997-04-23")),
        ("/phrases?ui=en&phrase=multipolar-world&lang=zh", ("中俄在北京恢复管道谈判", "Joint Declaration")),
        ("/events?ui=en", ("Acts by kind", "Verbal cooperation")),
    ],
)
def test_what_was_said_and_done(get: Any, address: str, words: tuple[str, ...]) -> None:
    assert missing(get(address).text, *words) == []


def test_silence_is_said_only_where_it_is_known(get: Any) -> None:
    """All outlets were read after 11 May; the Chinese one was not in February; the last story is a day old."""
    silent, gap = "not found in our collection", "gaps in collection"
    assert missing(get("/stories/alone?ui=en").text, silent, "Harbour Post", "no outlet read", gap) == [gap]
    assert missing(get("/stories/s10?ui=en").text, silent, "no outlet read", gap) == [silent]


def test_a_mutual_act_is_one_reported_act(get: Any) -> None:
    rows = {r["quadrant"]: r for r in get("/api/v1/figures/acts.json").json["rows"]}
    assert rows["verbal-cooperation"] == {"quadrant": "verbal-cooperation", "mutual": 12, "forth": 0, "back": 0}
