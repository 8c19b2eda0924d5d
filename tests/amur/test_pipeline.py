"""The whole way over the sample web: every entry ends in a named state, repeats change nothing, losses are named."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from amur.errors import ArchiveError, StoreUnavailable, UsageError
from amur.pipeline import Amur
from amur.settings import Settings
from ingest.model import ENDED, WAITING
from ingest.sample_web import ExpectedArticle, SampleServer, expected
from ingest.urls import article_id, canonical_url


def id_of(article: ExpectedArticle) -> str:
    return article_id(canonical_url(article.url))


def documents(amur: Amur, collection: str = "articles") -> dict[str, Any]:
    found: dict[str, Any] = amur.store.documents.get(collection, {})  # type: ignore[attr-defined]
    return found


def test_every_entry_ends_in_the_state_that_the_sample_says(collected: Amur) -> None:
    states = collected.counts()
    assert set(states) <= {*ENDED, *WAITING}
    assert sum(states.values()) == collected.status()["entries"] == len([e for e in expected() if not e.later])
    assert states["indexed"] == len(documents(collected)) >= 60
    assert {document["lang"] for document in documents(collected).values()} == {"en", "ru", "zh"}


def test_a_page_behind_robots_is_known_by_what_its_feed_says(collected: Amur) -> None:
    wanted = {id_of(e) for e in expected() if e.text_from == "feed" and e.relevant}
    assert wanted
    assert wanted <= {key for key, document in documents(collected).items() if document["text_from"] == "feed"}


def test_a_second_run_finds_nothing_new_and_writes_nothing_again(collected: Amur) -> None:
    before, states = {k: d["revision"] for k, d in documents(collected).items()}, collected.counts()
    counts = collected.collect(force=True)
    assert counts["feeds"] == sum(len(source.feeds) for source in collected.sources)
    assert counts["new"] == counts["changed"] == 0
    assert {k: d["revision"] for k, d in documents(collected).items()} == before
    assert sum(collected.counts().values()) == sum(states.values())


def test_one_broken_feed_is_counted_and_stops_no_other(collected: Amur) -> None:
    sources = {source["name"]: source for source in collected.status()["sources"]}
    failed = [name for name, source in sources.items() if any(feed["error"] for feed in source["feeds"])]
    assert 1 <= len(failed) <= 2
    assert all(source["last_success"] for name, source in sources.items() if name not in failed)


def test_an_edited_page_is_a_new_version_of_the_same_article(
    settings: Settings, stand_ins: Callable[[Amur], None]
) -> None:
    with SampleServer(delays=False) as web:
        pairs = ",".join(f"{n}={a}:{p}" for n, (a, p) in web.hosts.items())
        with Amur.open(replace(settings, resolve=pairs), sample=True) as amur:
            stand_ins(amur)
            amur.collect()
            before = documents(amur).copy()
            web.edition = 1
            amur.collect(force=True)
            amur.collect(force=True)
            edited = [e for e in expected(1) if e.edited and len(amur.ledger.articles.history(id_of(e))) > 1]
            for article in edited:
                history = amur.ledger.articles.history(id_of(article))
                assert [row["version"] for row in history] == [1, 2]
                assert "\n+" in history[1]["diff"]
                assert documents(amur)[id_of(article)]["revision"] > before[id_of(article)]["revision"]
            assert len(edited) >= 2  # one outlet edits without a word in its feed
            assert not [k for k, d in documents(amur).items() if k in before and d["id"] != before[k]["id"]]


def test_a_store_that_is_away_fails_the_step_and_loses_nothing(amur: Amur) -> None:
    amur.store.down = StoreUnavailable("no answer")  # type: ignore[attr-defined]
    with pytest.raises(StoreUnavailable):
        amur.collect()
    waiting = amur.counts()["enriched"]
    assert waiting >= 60
    amur.store.down = None  # type: ignore[attr-defined]
    assert amur.collect()["indexed"] == waiting


def test_a_refused_document_is_set_aside_with_the_stores_reason_and_replayed(amur: Amur) -> None:
    bad = next(id_of(e) for e in expected() if e.relevant and e.state == "indexed")
    amur.store.refuse[bad] = "mapper_parsing_exception"  # type: ignore[attr-defined]
    assert amur.collect()["quarantined"] == 1
    (row,) = amur.quarantine_list()
    assert (row["stage"], "mapper_parsing_exception" in row["error"]) == ("index", True)
    shown, body = amur.quarantine_show(row["entry"])
    assert shown == row
    assert body
    amur.store.refuse.clear()  # type: ignore[attr-defined]
    assert amur.quarantine_replay() == 1
    amur.collect()
    assert bad in documents(amur)
    with pytest.raises(UsageError, match="not in quarantine"):
        amur.quarantine_show(row["entry"])


def test_an_article_that_its_reader_stumbles_over_is_set_aside(amur: Amur, monkeypatch: pytest.MonkeyPatch) -> None:
    read, bad = amur.reader.read, next(e for e in expected() if e.relevant and e.text_from == "page")

    def stumble(article: Any, **kwargs: Any) -> Any:
        if article.id == id_of(bad):
            raise ValueError("odd article")
        return read(article, **kwargs)

    monkeypatch.setattr(amur.reader, "read", stumble)
    amur.collect()
    (row,) = amur.quarantine_list()
    assert (row["stage"], row["error"]) == ("enrich", "ValueError: odd article")
    monkeypatch.undo()
    amur.quarantine_replay([row["entry"]])
    amur.collect()
    assert id_of(bad) in documents(amur)


def test_a_full_disk_ends_the_run_before_anything_is_claimed(amur: Amur, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.archive.MIN_FREE_BYTES", 1 << 62)
    with pytest.raises(ArchiveError, match="free"):
        amur.collect()
    assert set(amur.counts()) == {"new"}
    monkeypatch.undo()
    assert amur.collect()["fetched"] > 60


def test_a_ledger_with_anothers_archive_is_refused(collected: Amur, settings: Settings, tmp_path: Path) -> None:
    moved = replace(settings, archive=str(tmp_path / "other"), ledger=collected.settings.ledger_url)
    with Amur.open(moved) as amur:
        amur.ledger.entries.hasten(ended=True)
        with pytest.raises(ArchiveError, match="belongs to"):
            amur.collect(only="fetch")


def test_forgetting_leaves_no_trace_and_no_way_back(collected: Amur) -> None:
    key, document = next(iter(documents(collected).items()))
    found = collected.forget(document["url"])
    assert (found["known"], found["articles"]) == (True, [key])
    assert key not in documents(collected)
    assert all(key not in story["members"] for story in documents(collected, "stories").values())
    assert not list(collected.archive_verify())
    entries = sum(collected.counts().values())
    collected.ledger.feeds.hasten()
    collected.collect(force=True)
    assert sum(collected.counts().values()) == entries
    assert key not in documents(collected)
    with pytest.raises(UsageError):
        collected.forget("javascript:alert(1)")


@pytest.mark.parametrize("how", [{}, {"raw": True}, {"component": "topics"}])
def test_reprocessing_gives_the_same_articles_in_a_new_generation(collected: Amur, how: dict[str, Any]) -> None:
    before = {name: set(documents(collected, name)) for name in ("articles", "stories", "coverage")}
    states = collected.counts()
    collected.reader.version = "2"  # type: ignore[attr-defined]
    collected.reprocess(**how)
    assert {name: set(documents(collected, name)) for name in before} == before
    assert collected.counts() == states
    versions = Counter(d["annotations"]["versions"].get("word") for d in documents(collected).values())
    assert set(versions) == ({"2"} if how.get("raw") else {"1"})
    with pytest.raises(UsageError, match="no component"):
        collected.reprocess(component="astrology")


def test_coverage_counts_what_there_is(collected: Amur) -> None:
    rows = documents(collected, "coverage").values()
    assert sum(row["entries"] for row in rows) == sum(collected.counts().values())
    assert sum(row["relevant"] for row in rows) == len(documents(collected))
    assert all(row["relevant"] <= row["decided"] <= row["entries"] for row in rows)
    assert any(row["covered"] for row in rows)


def test_stories_hold_their_articles(collected: Amur) -> None:
    stories = documents(collected, "stories")
    members = Counter(member for story in stories.values() for member in story["members"])
    assert set(members.values()) == {1}
    assert members.keys() == documents(collected).keys()
    assert {document["story"] for document in documents(collected).values()} == stories.keys()


def test_a_whole_collection_has_no_faults(collected: Amur) -> None:
    found = collected.index_verify()
    assert (found["faults"], found["waiting"], found["mended"]) == (0, 0, False)
    assert found["checked"]["articles"] == len(documents(collected))
    assert collected.archive_verify() == []


def test_what_the_store_lost_or_has_too_much_is_named_and_mended(collected: Amur) -> None:
    before = {name: set(documents(collected, name)) for name in ("articles", "events", "stories", "coverage")}
    lost = {name: documents(collected, name).popitem()[0] for name in before if before[name]}
    documents(collected)["f" * 64] = {"id": "f" * 64, "revision": 1}
    old = next(iter(documents(collected)))
    documents(collected)[old] = {**documents(collected)[old], "revision": 0}
    found = collected.index_verify()
    assert found["missing"]["articles"] == sorted((lost["articles"], old))
    assert [found["missing"][name] for name in ("stories", "coverage")] == [[lost["stories"]], [lost["coverage"]]]
    assert found["stray"]["articles"] == ["f" * 64]
    assert collected.index_verify(mend=True)["mended"]
    assert {name: set(documents(collected, name)) for name in before} == before
    assert collected.index_verify()["faults"] == 0


def test_a_lost_record_is_read_anew_from_its_page(collected: Amur) -> None:
    before, known = set(documents(collected)), next(collected.ledger.articles.records())
    collected.archive.remove(known.record.path)
    found = collected.index_verify(mend=True)
    assert known.id in found["unreadable"]
    assert collected.index_verify()["faults"] == 0
    assert set(documents(collected)) == before
    assert collected.archive_verify() == []
