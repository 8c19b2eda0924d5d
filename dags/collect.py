"""Every quarter of an hour: poll, fetch, enrich, index, link; then judge whether too much failed.

The tasks call the same steps as `amur collect`, and hand on counts only: what waits is in the ledger.
"""

from datetime import datetime, timedelta

from airflow.sdk import Asset, Param, dag, get_current_context, task

from amur import airflow_steps

ARTICLES = Asset("amur://articles")
ARGS = {
    "owner": "amur",
    "retries": 2,
    "retry_delay": timedelta(seconds=20),
    "retry_exponential_backoff": True,
    "max_retry_delay": timedelta(minutes=5),
    "execution_timeout": timedelta(minutes=30),
}


@dag(
    schedule="*/15 * * * *",
    start_date=datetime(2026, 1, 1),  # noqa: DTZ001 - Airflow reads a naive date in its own zone, UTC
    catchup=False,
    max_active_runs=1,
    default_args=ARGS,
    params={"force": Param(False, type="boolean", title="Poll every feed", description="whether due or not")},
    tags=["amur"],
    doc_md=__doc__,
)
def collect() -> None:
    @task
    def poll() -> dict[str, int]:
        """Ask every feed that is due; a feed that fails is counted, not raised."""
        return airflow_steps.step("poll", force=get_current_context()["params"]["force"])

    @task(max_active_tis_per_dag=2)
    def fetch(worker: int) -> dict[str, int]:
        """Fetch pages in bounded batches until none waits; workers share the ledger and its budgets."""
        return airflow_steps.step("fetch", worker=worker)

    @task(pool="amur_models")
    def enrich() -> dict[str, int]:
        """Read what was fetched. The pool has one slot, since the models take most of a gigabyte."""
        return airflow_steps.step("enrich")

    @task
    def link() -> dict[str, int]:
        """Join copies into families and reports of one happening into stories."""
        return airflow_steps.step("link")

    @task(outlets=[ARTICLES])
    def index() -> dict[str, int]:
        """Write to the store; one that is down fails the task, and the ledger repeats the batch."""
        counts = airflow_steps.step("index")
        get_current_context()["outlet_events"][ARTICLES].extra = counts
        return counts

    @task(trigger_rule="all_done", retries=0)
    def judge(polled: dict[str, int] | None) -> str:
        """Fail the run where a step failed, or more than the set share of feeds did."""
        return airflow_steps.judge(polled, get_current_context())

    polled = poll()
    fetched = fetch.expand(worker=airflow_steps.workers())
    enriched, indexed, linked = enrich(), index(), link()
    verdict = judge(polled)
    polled >> fetched >> enriched >> linked >> indexed >> verdict  # type: ignore[operator]


collect()
