"""A real Airflow on this machine for the tests: api-server, dag-processor and scheduler on a database of their own."""

import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
HTTP_TIMEOUT = 60  # seconds; the api-server of a loaded machine has been seen to stall for 11
FINISHED = {"success", "failed"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(home: Path, database: str, port: int, settings: Mapping[str, str]) -> dict[str, str]:
    kept = {n: v for n, v in os.environ.items() if not n.startswith(("AIRFLOW", "AMUR_"))}
    return kept | {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__API_AUTH__JWT_SECRET": secrets.token_hex(32),
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{port}/execution/",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__PARALLELISM": "4",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": database or f"sqlite:///{home}/airflow.db",
        "AIRFLOW__SCHEDULER__SCHEDULER_HEARTBEAT_SEC": "1",
        "NO_PROXY": "*",
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "ignore",
        **settings,
    }


@dataclass
class Airflow:
    env: dict[str, str]
    port: int
    logs: Path
    token: str = ""

    def command(self, *arguments: str) -> str:
        run = subprocess.run(
            [sys.executable, "-m", "airflow", *arguments], env=self.env, capture_output=True, text=True, check=False
        )
        assert run.returncode == 0, run.stderr[-3000:]
        return run.stdout

    def call(self, method: str, path: str, body: Any = None) -> Any:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"}
            | ({"Authorization": f"Bearer {self.token}"} if self.token else {}),
        )
        with urllib.request.urlopen(request, timeout=HTTP_TIMEOUT) as response:
            return json.loads(response.read() or b"null")

    def trigger(self, dag: str, limit: float = 300, **params: Any) -> dict[str, Any]:
        """Start a run and wait until it is decided. Returns the run."""
        run = self.call("POST", f"/api/v2/dags/{dag}/dagRuns", {"logical_date": None, "conf": params})
        return self.finished(dag, run["dag_run_id"], limit)

    def finished(self, dag: str, run_id: str, limit: float = 300) -> dict[str, Any]:
        until = time.monotonic() + limit
        while time.monotonic() < until:
            run: dict[str, Any] = self.call("GET", f"/api/v2/dags/{dag}/dagRuns/{run_id}")
            if run["state"] in FINISHED:
                return run
            time.sleep(1)
        raise AssertionError(f"{dag} {run_id} was not decided in {limit} s: {self.tasks(dag, run_id)}")

    def tasks(self, dag: str, run_id: str) -> dict[str, str]:
        found = self.call("GET", f"/api/v2/dags/{dag}/dagRuns/{run_id}/taskInstances")
        return {f"{t['task_id']}[{t['map_index']}]": t["state"] for t in found["task_instances"]}

    def returned(self, dag: str, run_id: str, task: str) -> Any:
        path = f"/api/v2/dags/{dag}/dagRuns/{run_id}/taskInstances/{task}/xcomEntries/return_value?deserialize=true"
        return self.call("GET", path)["value"]

    def unpause(self, dag: str, limit: float = 120) -> None:
        """Wait until the dag-processor has read the file, then let the scheduler have it."""
        until = time.monotonic() + limit
        while True:
            try:
                self.call("PATCH", f"/api/v2/dags/{dag}", {"is_paused": False})
                return
            except urllib.error.HTTPError as error:
                if error.code != 404 or time.monotonic() > until:
                    raise
                time.sleep(1)


@contextmanager
def airflow(home: Path, settings: Mapping[str, str], database: str = "") -> Iterator[Airflow]:
    home.mkdir(parents=True, exist_ok=True)
    port = free_port()
    server = Airflow(environment(home, database, port, settings), port, home)
    server.command("db", "migrate")
    with ExitStack() as stack:
        for part in ("api-server", "dag-processor", "scheduler"):
            stack.enter_context(_process(server, part))
        _wait_healthy(server)
        server.token = server.call("GET", "/auth/token")["access_token"]
        server.call("POST", "/api/v2/pools", {"name": "amur_models", "slots": 1})
        yield server


@contextmanager
def _process(server: Airflow, part: str) -> Iterator[None]:
    with (server.logs / f"{part}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "airflow", part], env=server.env, stdout=log, stderr=log, start_new_session=True
        )
        try:
            yield
        finally:
            os.killpg(process.pid, 15)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, 9)
                process.wait()


def _wait_healthy(server: Airflow, limit: float = 180) -> None:
    until = time.monotonic() + limit
    while time.monotonic() < until:
        try:
            health = server.call("GET", "/api/v2/monitor/health")
            if all(health[p]["status"] == "healthy" for p in ("metadatabase", "scheduler", "dag_processor")):
                return
        except (OSError, KeyError, TypeError):
            pass
        time.sleep(1)
    logs = "\n".join(f"--- {p.name}\n{p.read_text()[-1500:]}" for p in server.logs.glob("*.log"))
    raise AssertionError(f"Airflow did not become healthy in {limit} s\n{logs}")
