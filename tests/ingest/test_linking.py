"""Families and stories: what joins, what stays apart, and that the order of arrival decides nothing."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bench.duplicate_pairs import pairs
from ingest.duplicates import numbers_of, signature
from ingest.linking import LinkItem, link, link_incremental
from ingest.linking_numbers import numbers_of as amounts_of
from ingest.linking_numbers import ordinals_of
from ingest.linklines import link_lines
from ingest.model import Links

START = datetime(2025, 3, 1, 8, tzinfo=UTC)


def vector(*weights: float) -> tuple[float, ...]:
    return (*weights, *(0.0,) * (4 - len(weights)))


GAS, BRIDGE, DRILL = vector(1, 0, 0), vector(0, 1, 0), vector(0, 0, 1)


def item(
    ident: str, hours: float = 0, embedding: tuple[float, ...] = GAS, lang: str = "en", **more: object
) -> LinkItem:
    return LinkItem(ident, lang, START + timedelta(hours=hours), embedding=embedding, **more)  # type: ignore[arg-type]


def grouped(found: tuple[Links, ...]) -> set[frozenset[str]]:
    stories: dict[str, set[str]] = {}
    for links in found:
        stories.setdefault(links.story, set()).add(links.id)
    return {frozenset(ids) for ids in stories.values()}


def test_reports_of_one_happening_join_across_languages() -> None:
    found = link([item("a"), item("b", 3, lang="ru"), item("c", 20, lang="zh"), item("d", 4, BRIDGE)])
    assert grouped(found) == {frozenset("abc"), frozenset("d")}
    assert {links.story for links in found} == {"a", "d"}


def test_a_story_ends_with_its_window() -> None:
    found = link([item("a"), item("b", 24 * 20)])
    assert grouped(found) == {frozenset("a"), frozenset("b")}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("EU adopts 12th sanctions package", "ЕС принял тринадцатый пакет санкций"),
        ("Twelfth round of talks", "第十三轮会谈举行"),
        ("Принят 12-й пакет", "EU adopts its 13th package"),
    ],
)
def test_ordinals_keep_stories_apart(one: str, other: str) -> None:
    found = link([item("a", title=one), item("b", 5, title=other)])
    assert len(grouped(found)) == 2
    same = link([item("a", title=one), item("b", 5, title=one)])
    assert len(grouped(same)) == 1


def test_yesterdays_and_todays_rates_are_two_stories_and_two_families() -> None:
    templates = [pair for pair in pairs() if pair.kind == "template"]
    for pair in templates[::6]:
        items = [
            item(name, at, title=text.title, signature=signature(text.body, text.lang), numbers=numbers_of(text.body),
                 lang=text.lang)
            for name, at, text in (("a", 0, pair.one), ("b", 24, pair.other))
        ]  # fmt: skip
        found = link(items)
        assert len({links.family for links in found}) == len(grouped(found)) == 2


def copies() -> list[LinkItem]:
    """An agency's text, two copies of it, and a report of the same in other words."""
    pair = next(p for p in pairs() if p.kind == "boilerplate" and p.one.lang == "ru")
    told = next(p for p in pairs() if p.kind == "told separately" and p.one.lang == "ru")
    bodies = {"x": (pair.one, 2, "lenta"), "y": (pair.other, 5, "gazeta"), "tass-1": (pair.one, 3, "tass")}
    found = [
        item(i, at, lang="ru", signature=signature(t.body, "ru"), numbers=numbers_of(t.body), source=s, wire="TASS")
        for i, (t, at, s) in bodies.items()
    ]
    other = told.other.body
    return [*found, item("z", 6, lang="ru", signature=signature(other, "ru"), numbers=numbers_of(other), source="rbc")]


def test_copies_are_a_family_whose_original_is_the_credited_wire() -> None:
    found = {links.id: links for links in link(copies())}
    assert {i: links.family for i, links in found.items()} == {"x": "x", "y": "x", "tass-1": "x", "z": "z"}
    assert [i for i, links in found.items() if links.original] == ["tass-1", "z"]
    assert found["x"].similarity == 1.0
    assert 0.5 < found["y"].similarity < 1
    assert len({links.story for links in found.values()}) == 1


def test_without_a_wire_of_its_own_the_earliest_is_the_original() -> None:
    found = link([replace(i, source="other") for i in copies()])
    assert [links.id for links in found if links.original] == ["x", "z"]


def crowd(seed: int) -> list[LinkItem]:
    chance = random.Random(seed)
    directions = [vector(*(chance.gauss(0, 1) for _ in range(4))) for _ in range(12)]
    names = [f"E{n}" for n in range(15)]
    found = []
    for n in range(60):
        base = chance.choice(directions)
        near = tuple(x + chance.gauss(0, 0.15) for x in base)
        lang, entities = chance.choice(["en", "ru", "zh"]), frozenset(chance.sample(names, 3))
        found.append(item(f"i{n:02}", chance.random() * 400, near, lang, entities=entities))
    return found + copies()


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_arrival_decides_nothing(seed: int) -> None:
    items = crowd(seed)
    expected = link(items)
    for n in range(3):
        random.Random(n).shuffle(items)
        assert link(items) == expected


@pytest.mark.parametrize("seed", range(4))
def test_what_comes_later_in_time_changes_earlier_links_only_by_merging(seed: int) -> None:
    items = sorted(crowd(seed), key=lambda i: (i.published, i.id))
    before = {links.id: links for links in link(items[:40])}
    after = {links.id: links for links in link(items)}
    for story in {links.story for links in before.values()}:
        members = {i for i, links in before.items() if links.story == story}
        assert len({after[i].story for i in members}) == 1


def test_merged_ids_are_redirected() -> None:
    earlier = [item("b", 2), item("c", 3, BRIDGE)]
    before = link(earlier)
    linked = link_incremental([*earlier, item("a", 0)], before)
    assert linked.redirects == {("story", "b"): "a"}
    assert {links.id: links.story for links in linked.links} == {"a": "a", "b": "a", "c": "c"}


def test_items_without_embedding_or_signature_stand_alone() -> None:
    found = link([item("a", embedding=()), item("b", 1, embedding=()), item("c", 1, DRILL)])
    assert len(grouped(found)) == 3
    assert link([]) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("50 billion cubic metres", {"50000000000"}),
        ("50 млрд кубометров", {"50000000000"}),
        ("500亿立方米", {"50000000000"}),
        ("1,500 roubles", {"1500"}),
        ("1 500 рублей", {"1500"}),
        ("2,5 %", {"2.5"}),
        ("1.5万亿元", {"1500000000000"}),
        ("the 12th package", {"12th"}),
        ("тринадцатого пакета", {"13th"}),
        ("第二十一轮", {"21th"}),
        ("the first step", set()),
    ],
)
def test_numbers_have_one_form(text: str, expected: set[str]) -> None:
    assert {n.replace("5e+10", "50000000000").replace("1.5e+12", "1500000000000") for n in amounts_of(text)} == expected


def test_days_are_no_ordinals() -> None:
    assert ordinals_of("第3年 в первый раз") == frozenset()


def embed(texts: list[str]) -> list[tuple[float, ...]]:
    return [GAS if "gas" in text.lower() or "газ" in text.lower() else BRIDGE for text in texts]


def test_lines_are_linked_in_their_order_and_bad_ones_named() -> None:
    lines = [
        {"id": "r", "title": "Газ", "body": "Договор о газе подписан.", "published": "2025-03-02T10:00:00+03:00"},
        {"id": "nothing"},
        {"id": 5, "title": "Gas deal", "body": "A contract for gas was signed in Shanghai.", "published": "2025-03-02"},
        {"title": "no id", "body": "x"},
        {"id": "b", "title": "Bridge", "body": "The bridge was opened.", "lang": "en", "published": "2025-03-02"},
        {"id": "w", "title": ["no"], "body": "text"},
        {"id": "b", "title": "Bridge", "body": "The bridge was opened.", "lang": "en", "published": "2025-03-02"},
    ]  # fmt: skip
    got = link_lines(lines, embed)  # type: ignore[arg-type]
    assert [sorted(line) for line in got] == [
        ["family", "id", "story"], ["error", "id"], ["family", "id", "story"], ["error", "id"],
        ["family", "id", "story"], ["error", "id"], ["family", "id", "story"],
    ]  # fmt: skip
    assert got[0]["story"] == got[2]["story"] == 5
    assert got[4]["story"] == got[6]["story"] == "b"
    assert link_lines([], embed) == []  # type: ignore[arg-type]


PACKAGES = {
    "12-en": (
        "EU adopts twelfth package of sanctions against Russia",
        (
            "The European Union on Monday adopted its 12th package of sanctions against Russia, "
            "with a ban on Russian diamonds and tighter rules for the oil price cap."
        ),
    ),
    "12-ru": (
        "ЕС принял двенадцатый пакет санкций против России",
        (
            "Евросоюз в понедельник утвердил 12-й пакет санкций против России: в "
            "нём запрет на российские алмазы и ужесточение потолка цен на нефть."
        ),
    ),
    "12-zh": (
        "欧盟通过第十二轮对俄制裁",
        "欧盟周一通过第12轮对俄罗斯制裁措施，内容包括禁止进口俄罗斯钻石，并收紧石油价格上限的执行。",
    ),
    "13-en": (
        "EU adopts 13th package of sanctions against Russia",
        (
            "The European Union on Friday adopted its thirteenth package of sanctions "
            "against Russia, listing companies in mainland China for the first time."
        ),
    ),
    "13-ru": (
        "ЕС принял 13-й пакет санкций против России",
        (
            "Евросоюз в пятницу утвердил тринадцатый пакет санкций против России, "
            "впервые включив в список компании из материкового Китая."
        ),
    ),
    "13-zh": (
        "欧盟通过第13轮对俄制裁",
        "欧盟周五通过第十三轮对俄罗斯制裁措施，首次将中国大陆企业列入名单。",
    ),
}


@pytest.mark.models
@pytest.mark.parametrize("days", [None, 0, 4])
def test_the_twelfth_and_the_thirteenth_package_are_two_stories(days: int | None) -> None:
    """Through the real encoder, which holds the two to be nearly one text; near in time, and without any date."""
    later = {"12": START, "13": START + timedelta(days=days or 0)}
    lines = [
        {"id": i, "title": title, "body": body} | ({} if days is None else {"published": later[i[:2]].isoformat()})
        for i, (title, body) in PACKAGES.items()
    ]
    stories: dict[str, set[str]] = {}
    for line in link_lines(lines):
        stories.setdefault(line["story"], set()).add(line["id"])
    assert sorted(map(sorted, stories.values())) == [["12-en", "12-ru", "12-zh"], ["13-en", "13-ru", "13-zh"]]
