"""An article explained: every annotation has its mark in the text, and relevance its reasons."""

import json
import re

from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from ingest.enrich.explain import as_text, explain, marked

BODY = 'Russia and China signed a gas agreement after talks. "We are friends," Xi said.'


def test_each_annotation_is_marked_and_has_its_row(lexicon_reader, make_article):
    told = explain(lexicon_reader.read(make_article("en", "Putin hosts Xi in Moscow", BODY)))
    for name in ("entities", "quotes", "events"):
        assert told[name]
        for row in told[name]:
            assert re.search(rf"\b{row['mark']}\b", told["marked"])
            assert row["rule"]
    assert told["relevance"]["relevant"]
    assert told["relevance"]["score"] >= told["relevance"]["threshold"]
    assert {w["feature"] for w in told["relevance"]["weighed"]} >= {"title", "dealing"}
    assert "relevance" in told["versions"]
    assert "Xi Jinping" in as_text(told)
    json.dumps(told)


def test_what_is_irrelevant_says_why(lexicon_reader, make_article):
    told = explain(lexicon_reader.read(make_article("en", "China opens a museum", "It shows bronzes.")))
    assert told["relevance"]["rule"] == "one side unnamed"
    assert "not relevant" in as_text(told)


SPANS = st.lists(st.tuples(st.integers(0, 20), st.integers(1, 6)), max_size=5)


@given(spans=SPANS)
def test_marks_taken_out_give_the_text(spans):
    text = "abcdefghijklmnopqrstuvwxyz"
    rows = [{"mark": f"E{n}", "start": start, "end": start + width} for n, (start, width) in enumerate(spans)]
    shown = marked(text, rows)
    assert re.sub(r"\[E[\d,E]+ |\]", "", shown) == text
    assert shown.count("[") == shown.count("]")


def test_a_file_is_explained(tmp_path, monkeypatch):
    from amur.cli import app

    monkeypatch.setenv("AMUR_READERS", "lexicon")
    page = tmp_path / "note.txt"
    page.write_text(f"Putin hosts Xi in Moscow\n{BODY}", encoding="utf-8")
    done = CliRunner().invoke(app, ["explain", str(page), "--json"])
    assert done.exit_code == 0
    assert json.loads(done.stdout)["relevance"]["relevant"] is True


def test_an_unknown_address_is_wrong_use(tmp_path):
    from amur.cli import app
    from amur.errors import UsageError

    done = CliRunner().invoke(app, ["explain", "https://nowhere.example/1", "--data", str(tmp_path)])
    assert isinstance(done.exception, UsageError)


def test_the_page_of_an_irrelevant_article_is_read_anew(gazetteer):
    from datetime import UTC, datetime
    from types import SimpleNamespace

    from amur.commands_explain import of_collection
    from ingest.archive import Location
    from ingest.enrich.reader import Reader
    from ingest.model import FeedEntry, Page

    url = "https://outlet.example/museum"
    body = "<html><body><article><h1>China opens a museum</h1>" + "<p>It shows bronzes of the old capital.</p>" * 9
    entry = FeedEntry(url=url, source="outlet", feed_url="https://outlet.example/feed")
    page = Page(entry, url, 200, "text/html", f"{body}</article></body></html>".encode(), datetime.now(UTC))
    rows = [SimpleNamespace(raw_path="a", raw_offset=0, raw_length=1)]
    articles = SimpleNamespace(find=lambda _: [], entries_of=lambda *_: rows)
    archive = SimpleNamespace(read_page=lambda place: page if place == Location("a", 0, 1) else None)
    amur = SimpleNamespace(
        ledger=SimpleNamespace(articles=articles), archive=archive, by_name={}, reader=Reader.load("lexicon")
    )
    found = of_collection(amur, url)
    assert found.article.title == "China opens a museum"
    assert not found.relevance.relevant
