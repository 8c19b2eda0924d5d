"""What both stores must do alike. Each test runs on the embedded store and on a real Elasticsearch."""

import json
from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from index_samples import ROWS, documents, identifier, named, resolve

from amur.errors import StoreError
from index import answers
from index.export import export
from index.query import Filters
from index.store import Store


def found(store: Store, q: str = "", **filters: Any) -> set[str]:
    page = answers.search(store, Filters(q=q, **filters), limit=100, resolve=resolve)
    names = named(h.id for h in page.hits)
    assert page.total == len(names)
    return set(names)


ALL = {row[0] for row in ROWS}

QUERIES: list[tuple[str, str]] = [
    ("", "en1 en2 en3 ru1 ru2 zh1 zh2 zh3"),
    # Stems: every case of a Russian noun, plurals and possessives in English.
    ("газопровода", "ru1 ru2"),
    ("газопровод", "ru1 ru2"),
    ("pipeline", "en1"),
    ("PIPELINES", "en1"),
    ("China", "en1"),
    ("China’s", "en1"),
    # ё is е; a stop word is left out where there is another word, and found where it is alone.
    ("еще встреча", "ru1"),
    ("ещё встреча", "ru1"),
    ("the storm", "en1"),
    ("the", "en1 en2 en3"),
    # Chinese: a word within a word, traditional and simplified, one character, never across other characters.
    ("天然气", "zh1 zh2"),
    ("天然氣", "zh1 zh2"),
    ("天然气管道", "zh1"),
    ("会谈", "zh2 zh3"),
    ("會談", "zh2 zh3"),
    ("气", "zh1 zh2 zh3"),
    ("普京", "zh2 zh3"),
    ("中俄天然气管道", "zh1"),
    ("习近平的会谈", "zh2 zh3"),
    ("“习近平的会谈”", ""),
    # Words joined by marks are their parts side by side.
    ("Sino-Russian", "en2"),
    ("U.S.", "en2"),
    # Phrases are unstemmed.
    ('"gas pipeline"', "en1"),
    ('"gas pipelines"', ""),
    ("«новый газопровод»", "ru1"),
    ("«нового газопровода»", ""),
    ("“天然气管道”", "zh1"),
    ('"pipeline gas"', ""),
    # All words, in any field of the article; OR, NOT, parentheses.
    ("gas storm", "en1"),
    ("gas statement", ""),
    ("gas OR statement", "en1 en2"),
    ("gas OR газопровод OR 天然气", "en1 ru1 ru2 zh1 zh2"),
    ("NOT lang:en", "ru1 ru2 zh1 zh2 zh3"),
    ("lang:zh -天然气", "zh3"),
    ("(gas OR soy) NOT pipeline", "en3"),
    ("NOT (topic:energy OR topic:diplomacy)", "en3"),
    ("Пекине OR (topic:energy lang:en)", "ru2 en1"),
    # Fields.
    ("topic:energy", "en1 ru1 ru2 zh1 zh2"),
    ("topic:energy lang:zh", "zh1 zh2"),
    ("country:RUS", "ru1 ru2"),
    ("camp:chinese-state", "zh1 zh2 zh3"),
    ("outlet:harbour_post", "en1 en2 en3"),
    ("from:2024-05-16 to:2024-05-31", "en2 ru2 zh2 zh3"),
    ("from:2024-06", "en3"),
    ("to:2023", ""),
    ("entity:习近平", "en1 en2 ru2 zh2 zh3"),
    ('entity:"Си Цзиньпина"', "en1 en2 ru2 zh2 zh3"),
    ('entity:"Xi Jinping" topic:energy', "en1 ru2 zh2"),
    # A name that the gazetteer does not know is looked for among the names of the articles.
    ("entity:Газпром", "en1 ru1 zh1"),
    ("entity:Nobody", ""),
]


@pytest.mark.parametrize(("q", "expected"), QUERIES, ids=[q or "everything" for q, _ in QUERIES])
def test_queries(shared: Store, q: str, expected: str) -> None:
    assert found(shared, q) == set(expected.split())


FILTERS: list[tuple[dict[str, Any], str]] = [
    ({"langs": ("en", "ru")}, "en1 en2 en3 ru1 ru2"),
    ({"since": date(2024, 5, 15), "until": date(2024, 5, 16)}, "en2 ru2 zh1 zh2"),
    ({"topics": ("energy",), "camps": ("western", "chinese-state")}, "en1 zh1 zh2"),
    ({"entities": ("Gazprom",)}, "en1 ru1 zh1"),
    ({"story": "s2"}, "en2 ru2 zh2 zh3"),
    ({"family": "f7"}, "zh2 zh3"),
    ({"countries": ("GBR",), "outlets": ("neva_wire",)}, ""),
]


@pytest.mark.parametrize(("filters", "expected"), FILTERS)
def test_filters(shared: Store, filters: dict[str, Any], expected: str) -> None:
    assert found(shared, **filters) == set(expected.split())


def test_newest_first_with_ties_by_id(filled: Store) -> None:
    page = answers.search(filled, Filters(), sort="date", limit=3)
    assert named(h.id for h in page.hits) == ["en3", "zh3", *sorted(["en2", "ru2", "zh2"], key=identifier)][:3]
    rest = answers.search(filled, Filters(), sort="date", limit=10, offset=3)
    assert (rest.total, len(rest.hits)) == (8, 5)
    assert {h.id for h in rest.hits} | {h.id for h in page.hits} == {identifier(n) for n in ALL}
    assert answers.newest(filled) == date(2024, 6, 3)


def test_a_hit_says_what_it_is(filled: Store) -> None:
    (hit,) = answers.search(filled, Filters(q="газопровода lang:ru topic:diplomacy")).hits
    assert (hit.outlet, hit.camp, hit.country, hit.lang) == ("neva_wire", "russian-state", "RUS", "ru")
    assert (hit.title, hit.day) == ("Путин и Си Цзиньпин подписали заявление", date(2024, 5, 16))
    assert (hit.published, hit.story, hit.family) == ("2024-05-16T10:00:00Z", "s2", "f5")
    assert hit.topics == ("diplomacy", "energy")
    assert hit.score is not None
    assert hit.score > 0


HIGHLIGHTS = [
    ("storm", "en1", {"body": ["storm"]}),
    ("газопроводах", "ru2", {"body": ["газопроводах"]}),
    ("天然氣", "zh2", {"body": ["天然气"], "lead": ["天然气"]}),
    ("every", "en3", {"body": ["every"]}),
]


@pytest.mark.parametrize(("q", "name", "expected"), HIGHLIGHTS)
def test_highlights_are_plain_text_with_spans(shared: Store, q: str, name: str, expected: dict[str, list[str]]) -> None:
    hits = answers.search(shared, Filters(q=q), highlight=True).hits
    (hit,) = [h for h in hits if h.id == identifier(name)]
    marked = {f.field: [f.text[a:b] for a, b in f.marks] for f in hit.highlight}
    assert {k: v for k, v in marked.items() if k in expected} == expected
    assert not any("\ue000" in f.text or "\ue001" in f.text for f in hit.highlight)


def test_facets_count_and_break_ties_by_value(filled: Store) -> None:
    got = answers.facets(filled, Filters(), ["lang", "topics", "people"], size=3)
    assert got["lang"] == (("en", 3), ("zh", 3), ("ru", 2))
    assert got["topics"] == (("diplomacy", 5), ("energy", 5), ("agriculture-food", 1))
    assert got["people"] == (("Xi Jinping", 5), ("Vladimir Putin", 4))


@pytest.mark.parametrize(
    ("interval", "expected"),
    [
        ("day", [("2024-05-14", 2), ("2024-05-15", 1), ("2024-05-16", 3), ("2024-05-17", 1), ("2024-06-03", 1)]),
        ("week", [("2024-05-13", 7), ("2024-06-03", 1)]),
        ("month", [("2024-05-01", 7), ("2024-06-01", 1)]),
        ("year", [("2024-01-01", 8)]),
    ],
)
def test_series_without_groups(shared: Store, interval: Any, expected: list[tuple[str, int]]) -> None:
    points = answers.series(shared, Filters(), interval=interval, by=None)
    assert [(p.period_start.isoformat(), p.count) for p in points] == expected


@pytest.mark.parametrize("interval", ["week", "month"])
def test_series_by_language(shared: Store, interval: Any) -> None:
    points = answers.series(shared, Filters(topics=("energy",)), interval=interval, by="lang")
    assert sorted((p.group, p.count) for p in points) == [("en", 1), ("ru", 2), ("zh", 2)]


def test_summary_is_totals_series_and_facets(filled: Store) -> None:
    got = answers.summary(filled, Filters(langs=("zh",)), interval="month", by="camp", fields=["topics"])
    assert got.totals == answers.Totals(articles=3, families=2, outlets=1)
    assert got.series == (answers.Point(date(2024, 5, 1), "chinese-state", 3),)
    assert got.facets == {"topics": (("diplomacy", 2), ("energy", 2))}


def coverage_row(outlet: str, day: str, **counts: Any) -> dict[str, Any]:
    base = {"polls": 4, "polls_ok": 4, "entries": 10, "fetched": 9, "decided": 8, "relevant": 2, "families": 1}
    return {
        "id": f"{outlet}-{day}", "revision": 1, "outlet": outlet, "lang": "en", "camp": "western", "country": "GBR",
        "day": day, "covered": True, "backfilled": 0, **base, **counts,
    }  # fmt: skip


def test_coverage_adds_up_by_period(store: Store) -> None:
    rows = [
        coverage_row("a", "2024-05-13"),
        coverage_row("a", "2024-05-14", covered=False, polls_ok=1),
        coverage_row("b", "2024-05-19"),
        coverage_row("b", "2024-05-20"),
    ]
    assert all(w.ok for w in store.write("coverage", rows))
    store.refresh()
    first, second = answers.coverage(store, Filters(topics=("energy",), q="not a denominator"), interval="week")
    assert (first.period_start, first.group, first.outlets, first.outlet_days) == (date(2024, 5, 13), "en", 2, 3)
    assert (first.covered_days, first.polls, first.polls_ok, first.decided, first.relevant) == (2, 12, 9, 24, 6)
    assert (second.period_start, second.covered_share) == (date(2024, 5, 20), 1.0)
    (whole,) = answers.coverage(store, Filters(outlets=("b",)), interval="month", by=None)
    assert (whole.group, whole.outlet_days) == ("", 2)


def test_an_older_revision_never_overwrites_a_newer_one(store: Store) -> None:
    def titled(revision: int, title: str) -> dict[str, Any]:
        return {"id": "a1", "revision": revision, "title": title, "lang": "en"}

    for revision, title in ((2, "second"), (1, "first, late"), (2, "second again"), (3, "third")):
        assert [w.ok for w in store.write("articles", [titled(revision, title)])] == [True]
        store.refresh()
        stored = store.get("articles", "a1")
        assert stored is not None
        assert stored["title"] == ("third" if revision == 3 else "second")
    assert store.count("articles") == 1


def test_one_id_many_times_in_one_batch_is_one_document(store: Store) -> None:
    batch = [{"id": "a1", "revision": n, "lang": "en", "title": str(n)} for n in (1, 3, 2, 3)]
    assert [w.ok for w in store.write("articles", batch)] == [True] * 4
    store.refresh()
    assert store.count("articles") == 1
    assert store.get("articles", "a1") == batch[1]


BAD: list[tuple[dict[str, Any], str]] = [
    ({"id": "b", "revision": 1, "surprise": 1}, "surprise"),
    ({"id": "b", "revision": 1, "relevance": "high"}, "relevance"),
    ({"id": "b", "revision": 1, "published": "yesterday"}, "published"),
    ({"id": "b", "revision": 1, "both_named": "perhaps"}, "both_named"),
    ({"id": "b", "revision": -1}, "revision"),
    ({"id": "", "revision": 1}, "id"),
    ({"revision": 1}, "id"),
    ({"id": "b", "revision": 1, "url": "x" * 40_000}, "url"),
]


@pytest.mark.parametrize(("bad", "word"), BAD, ids=[w for _, w in BAD])
def test_a_bad_document_is_refused_alone_and_with_a_reason(store: Store, bad: dict[str, Any], word: str) -> None:
    good = [{"id": n, "revision": 1, "lang": "en"} for n in ("a", "c")]
    results = list(store.write("articles", [good[0], bad, good[1]]))
    assert [(w.id, w.ok) for w in results] == [("a", True), (str(bad.get("id")), False), ("c", True)]
    assert word in results[1].error
    store.refresh()
    assert store.count("articles") == 2


def test_delete_get_and_count(filled: Store) -> None:
    gone = [identifier("en1"), identifier("zh1"), "never there"]
    assert filled.delete("articles", gone) == 2
    assert filled.delete("articles", gone) == 0
    filled.refresh()
    assert filled.get("articles", gone[0]) is None
    assert answers.article(filled, identifier("en2")) == documents()[1]
    assert filled.count("articles") == 6
    assert filled.count("articles", {"term": {"lang": "ru"}}) == 2
    assert filled.count("events") == len(ROWS)


def test_what_was_deleted_can_be_written_again(store: Store) -> None:
    assert [w.ok for w in store.write("articles", [{"id": "a1", "revision": 5, "lang": "en"}])] == [True]
    store.delete("articles", ["a1"])
    assert [w.ok for w in store.write("articles", [{"id": "a1", "revision": 6, "lang": "ru"}])] == [True]
    store.refresh()
    assert store.get("articles", "a1") == {"id": "a1", "revision": 6, "lang": "ru"}


def test_scan_gives_every_document_once_newest_first(filled: Store) -> None:
    ids = [d["id"] for d in filled.scan("articles", {"match_all": {}}, fields=["id"])]
    page = answers.search(filled, Filters(), sort="date", limit=100)
    assert ids == [h.id for h in page.hits]


def test_an_empty_store_answers(store: Store) -> None:
    assert answers.search(store, Filters(q="gas", langs=("en",)), highlight=True) == answers.Page(0, ())
    assert answers.newest(store) is None
    assert answers.article(store, "x") is None
    assert answers.coverage(store, Filters()) == ()
    summary = answers.summary(store, Filters(), interval="month")
    assert (summary.totals, summary.series) == (answers.Totals(0, 0, 0), ())
    assert set(summary.facets.values()) == {()}


def test_a_generation_replaces_all_collections_at_once(filled: Store) -> None:
    generation = filled.begin_generation()
    assert all(w.ok for w in generation.write("articles", documents(2)[:2]))
    generation.refresh()
    assert (filled.count("articles"), filled.count("events"), generation.count("articles")) == (8, 8, 2)
    generation.swap()
    assert (filled.count("articles"), filled.count("events")) == (2, 0)
    assert [w.ok for w in filled.write("articles", documents(2)[2:3])] == [True]
    filled.refresh()
    assert filled.count("articles") == 3


def test_an_abandoned_generation_leaves_nothing(filled: Store) -> None:
    generation = filled.begin_generation()
    assert all(w.ok for w in generation.write("articles", documents(2)[:2]))
    generation.abandon()
    assert filled.count("articles") == 8
    again = filled.begin_generation()
    assert again.count("articles") == 0
    again.abandon()


def test_export_is_the_same_from_both(filled: Store) -> None:
    out = BytesIO()
    assert export(filled, Filters(q="topic:energy"), "jsonl", out, resolve=resolve) == 5
    rows = [json.loads(line) for line in out.getvalue().splitlines()]
    assert set(named(r["id"] for r in rows)) == {"en1", "ru1", "ru2", "zh1", "zh2"}


def test_an_unknown_collection_is_an_error(store: Store) -> None:
    calls: list[Callable[[], Any]] = [
        lambda: store.count("nothing"),
        lambda: list(store.write("nothing", [{"id": "a", "revision": 1}])),
        lambda: store.get("nothing", "a"),
    ]
    for call in calls:
        with pytest.raises(StoreError, match="nothing"):
            call()
