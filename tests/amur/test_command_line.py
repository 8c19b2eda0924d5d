"""Wrong use ends with one message and exit code 2, bad input with 3; never a traceback, never a lost file."""

import json
import subprocess
import sys
from pathlib import Path

import pytest


def amur(*arguments: str, input: str | None = None) -> subprocess.CompletedProcess[str]:  # noqa: A002
    command = [sys.executable, "-m", "amur.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, input=input, check=False, timeout=120)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["search", "--nope"], "No such option"),
        (["search", "--sort", "bogus"], "bogus"),
        (["search", "x", "--data", "/etc/passwd"], "/etc/passwd"),
        (["export", "x", "-o", "/nonexistent/file", "--data", "{tmp}"], "/nonexistent"),
        (["kibana", "build", "-o", "/tmp"], "directory"),
        (["quarantine", "show", "abc"], "integer"),
        (["quarantine", "show", "9" * 30], "9223372036854775807"),
        (["enrich", "/nonexistent.jsonl"], "cannot read"),
        (["enrich", "--readers", "bogus"], "bogus"),
        (["extract", "/nonexistent.html", "--url", "http://a.example/"], "cannot read"),
        (["extract", "-"], "--url"),
    ],
    ids=lambda v: " ".join(v)[:40] if isinstance(v, list) else "",
)
def test_wrong_use_is_one_message(arguments: list[str], said: str, tmp_path: Path) -> None:
    run = amur(*(a.replace("{tmp}", str(tmp_path)) for a in arguments), input="")
    assert run.returncode == 2, run.stderr
    assert said in run.stderr
    assert "Traceback" not in run.stderr


def test_an_earlier_export_outlives_a_query_that_fails(tmp_path: Path) -> None:
    kept = tmp_path / "articles.jsonl"
    kept.write_text("kept")
    run = amur("export", "topic:bogus", "-o", str(kept), "--data", str(tmp_path / "data"))
    assert run.returncode == 2
    assert kept.read_text() == "kept"
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith("articles")] == ["articles.jsonl"]


def test_half_a_character_costs_no_other_line() -> None:
    lines = '{"id":"\\ud800","title":"x","body":"Putin \\udfff"}\n[1]\n\x00\n{"id":"b","title":"Gas","body":"China"}\n'
    run = amur("enrich", "-", "--readers", "lexicon", input=lines)
    out = [json.loads(line) for line in run.stdout.splitlines()]
    assert run.returncode == 3
    assert [o["id"] for o in out] == ["\ufffd", None, None, "b"]
    assert ["error" in o for o in out] == [False, True, True, False]


def test_a_reader_that_leaves_early_is_no_fault() -> None:
    command = f"{sys.executable} -m amur.cli sources list --json | head -1"
    run = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")


def test_a_folder_without_a_collection_says_so(tmp_path: Path) -> None:
    run = amur("search", "gas", "--data", str(tmp_path / "none"), "--json")
    assert json.loads(run.stdout) == {"total": 0, "articles": []}
    assert "amur run" in run.stderr
