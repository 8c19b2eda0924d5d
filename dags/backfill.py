"""By hand: take in the past from WARC files, lists of addresses, JSON lines or sitemaps, then read what they gave.

Files are read from where the last try stopped; a second run finds nothing new. What comes of it is marked as
backfilled.
"""

from datetime import datetime, timedelta

from airflow.sdk import Asset, Param, dag, get_current_context, task

from amur import airflow_steps

ARTICLES = Asset("amur://articles")
ARGS = {
    "owner": "amur",
    "retries": 3,
    "retry_delay": timedelta(minutes=1),
    "retry_exponential_backoff": True,
    "max_retry_delay": timedelta(minutes=15),
    "execution_timeout": timedelta(hours=12),
}
PARAMS = {
    "addresses": Param(
        [],
        type="array",
        items={"type": "string"},
        minItems=1,
        title="Files or addresses",
        description="one a line: paths, patterns with *, any fsspec address, or the address of a sitemap",
    ),
    "kind": Param(
        "auto",
        type="string",
        enum=["auto", "warc", "urls", "jsonl", "sitemap"],
        title="What they are",
        description="auto: told by the ending of the name",
    ),
    "from": Param(None, type=["null", "string"], format="date", title="First day"),
    "to": Param(None, type=["null", "string"], format="date", title="Last day"),
    "source": Param(
        None, type=["null", "string"], title="Outlet", description="whose the articles are; empty: by the host"
    ),
    "again": Param(False, type="boolean", title="Read anew", description="files that were read to their end, too"),
}


@dag(
    schedule=None,
    start_date=datetime(2026, 1, 1),  # noqa: DTZ001 - Airflow reads a naive date in its own zone, UTC
    catchup=False,
    max_active_runs=1,
    default_args=ARGS,
    params=PARAMS,
    tags=["amur"],
    doc_md=__doc__,
)
def backfill() -> None:
    @task
    def take() -> dict[str, int]:
        """Look at every record cheaply; archive what may be relevant and queue what must be fetched."""
        return airflow_steps.backfill(get_current_context()["params"])

    @task(max_active_tis_per_dag=2)
    def fetch(worker: int) -> dict[str, int]:
        """Fetch what lists and sitemaps name, within the budgets that all workers share."""
        return airflow_steps.step("fetch", worker=worker)

    @task(pool="amur_models")
    def enrich() -> dict[str, int]:
        """Read what was taken in. The pool has one slot, since the models take most of a gigabyte."""
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

    taken, enriched, linked, indexed = take(), enrich(), link(), index()
    fetched = fetch.expand(worker=airflow_steps.workers())
    taken >> fetched >> enriched >> linked >> indexed


backfill()
