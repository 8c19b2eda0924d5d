"""The real scheduler collects the sample web, twice, with broken feeds in it; and fails the run when too much fails."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from amur.pipeline import Amur
from amur.settings import Settings
from ingest.sample_web import SampleServer
from tests.airflow.airflow_server import Airflow, airflow

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.airflow, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def web() -> Iterator[SampleServer]:
    with SampleServer() as server:
        yield server


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("collection")


@pytest.fixture(scope="module")
def server(web: SampleServer, data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Airflow]:
    resolve = ",".join(f"{name}={address}:{port}" for name, (address, port) in web.hosts.items())
    settings = {
        "AMUR_DATA": str(data),
        "AMUR_SOURCES": str(ROOT / "ingest" / "sources.sample.toml"),
        "AMUR_RESOLVE": resolve,
        "AMUR_READERS": "lexicon",
    }
    with airflow(tmp_path_factory.mktemp("airflow"), settings) as running:
        running.unpause("collect")
        yield running


def states(data: Path) -> dict[str, int]:
    amur = Amur.open(Settings(data=data, sources=str(ROOT / "ingest" / "sources.sample.toml"), readers="lexicon"))
    try:
        return {state: n for state, n in amur.status()["states"].items() if n}
    finally:
        amur.close()


def settled(found: dict[str, int]) -> Counter[str]:
    """The page that answers 410 is asked once more before it is given up."""
    return Counter({"gone" if state == "retry" else state: n for state, n in found.items()})


def test_two_runs_collect_everything_once(server: Airflow, data: Path) -> None:
    # The clock may have started a run of its own just before: together they are the first collection.
    first = server.trigger("collect")
    assert first["state"] == "success", server.tasks("collect", first["dag_run_id"])
    runs = server.call("GET", "/api/v2/dags/collect/dagRuns")["dag_runs"]
    polled = sum((Counter(server.returned("collect", r["dag_run_id"], "poll")) for r in runs), Counter())
    assert polled["feeds-failed"] >= 1, "the sample has a dead feed"
    assert polled["new"] > 60
    collected = states(data)
    assert collected["indexed"] > 50
    assert not set(collected) & {"new", "fetched", "enriched"}

    second = server.trigger("collect", force=True)
    assert second["state"] == "success"
    again = server.returned("collect", second["dag_run_id"], "poll")
    assert again["feeds"] >= 20
    assert again.get("new", 0) == 0
    assert settled(states(data)) == settled(collected)


def test_too_many_failed_feeds_fail_the_run(server: Airflow, web: SampleServer) -> None:
    web.close()
    run = server.trigger("collect", force=True)
    tasks = server.tasks("collect", run["dag_run_id"])
    assert run["state"] == "failed"
    assert tasks["judge[-1]"] == "failed"
    assert tasks["index[-1]"] == "success", "what could be done was done"
