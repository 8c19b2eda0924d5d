"""The past goes the whole way: the sample web from a list of addresses and from a WARC, by the command and the form."""

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from amur.backfilling import Request, follow, request_of, take, total
from amur.errors import UsageError
from amur.pipeline import Amur
from ingest.enrich.reader import Reader
from ingest.sample_web import SampleState, expected, respond

OUTLETS = ("ninewells", "kedrpress", "jadegate")
READABLE = [e for e in expected() if e.state in ("indexed", "irrelevant") and not e.later]
# Three pages of each, what is irrelevant first.
WANTED = [
    e for outlet in OUTLETS for e in sorted((e for e in READABLE if e.outlet == outlet), key=lambda e: e.relevant)[:3]
]


def silent(_stage: str, _done: int, _total: int | None) -> None:
    return


def body_of(url: str) -> bytes:
    host, _, path = url.partition("://")[2].partition("/")
    return respond(host, f"/{path}", "", {}, SampleState()).body


@pytest.fixture
def addresses(tmp_path: Path) -> str:
    path = tmp_path / "list.txt"
    path.write_text("\n".join(e.url for e in WANTED), encoding="utf-8")
    return str(path)


@pytest.fixture
def archive(tmp_path: Path) -> str:
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    for one in WANTED:
        head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        writer.write_record(
            writer.create_warc_record(one.url, "response", payload=io.BytesIO(body_of(one.url)), http_headers=head)
        )
    (tmp_path / "a.warc.gz").write_bytes(out.getvalue())
    return str(tmp_path / "a.warc.gz")


@pytest.mark.parametrize("kind", ["addresses", "archive"])
def test_the_past_becomes_articles_that_are_marked(amur: Amur, kind: str, request: pytest.FixtureRequest) -> None:
    amur.__dict__["reader"] = Reader.load("lexicon")
    asked = Request((request.getfixturevalue(kind),))
    take(amur, asked, silent)
    follow(amur, silent)
    states = amur.counts()
    assert (states["indexed"], sum(states.values())) == (sum(e.relevant for e in WANTED), len(WANTED))
    found = amur.store.scan("articles", {})  # type: ignore[attr-defined]
    shown = {row["url"]: row for row in found}
    assert {url: (row["backfilled"], row["outlet"]) for url, row in shown.items()} == {
        e.url: (True, e.outlet) for e in WANTED if e.relevant
    }
    assert all(row["published"] for row in shown.values())
    assert total(take(amur, asked, silent)) == {"read-before": 1}
    assert follow(amur, silent)["indexed"] == 0
    assert amur.counts() == states


def test_what_came_live_is_not_taken_again(collected: Amur, archive: str) -> None:
    before = collected.counts()
    assert total(take(collected, Request((archive,)), silent))["known"] == len(WANTED)
    assert collected.counts() == before


def test_a_form_is_read_and_its_faults_are_said(addresses: str) -> None:
    form: dict[str, Any] = {"addresses": [f" {addresses} ", ""], "kind": "auto", "from": "2023-01-02", "to": None}
    read = request_of(form)
    assert (read.addresses, read.kind, str(read.since), read.until) == ((addresses,), None, "2023-01-02", None)
    for wrong in ({"addresses": []}, {"from": "yesterday"}, {"from": "2023-02-01", "to": "2023-01-01"}):
        with pytest.raises(UsageError):
            request_of(form | wrong)


def test_a_name_that_tells_no_kind_needs_one(amur: Amur, tmp_path: Path) -> None:
    (tmp_path / "list").write_text(WANTED[0].url, encoding="utf-8")
    with pytest.raises(UsageError, match="--kind"):
        take(amur, Request((str(tmp_path / "list"),)), silent)
    assert total(take(amur, Request((str(tmp_path / "list"),), "urls"), silent))["new"] == 1


def test_the_command_prints_what_it_took_and_ends_with_3_where_something_was_lost(
    addresses: str, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_text("{not json\n", encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "amur.cli",
        "backfill",
        "--sample",
        "--take-only",
        "--json",
        "--data",
        str(tmp_path),
    ]
    ran = subprocess.run([*command, addresses, str(bad)], capture_output=True, text=True, check=False)
    assert json.loads(ran.stdout)["files"] == [
        {"address": addresses, "counts": {"new": len(WANTED)}},
        {"address": str(bad), "counts": {"bad": 1}},
    ]
    assert (ran.returncode, "Traceback" in ran.stderr) == (3, False)


def test_one_task_of_the_form_does_the_same(addresses: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from amur import airflow_steps

    monkeypatch.setenv("AMUR_DATA", str(settings.data))
    assert airflow_steps.backfill({"addresses": [addresses], "kind": "urls"}) == {"new": len(WANTED)}
    assert airflow_steps.backfill({"addresses": [addresses], "kind": "urls"}) == {"read-before": 1}
