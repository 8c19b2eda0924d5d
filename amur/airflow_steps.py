"""What the DAGs' tasks call. Thin: settings from the environment, one step of the pipeline, counts back."""

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from amur.errors import AmurError
from amur.settings import Settings

if TYPE_CHECKING:
    from amur.pipeline import Step

BROKEN = ("failed", "upstream_failed")
FETCH_WORKERS = 2  # mapped fetch tasks; each holds up to AMUR_CONNECTIONS addresses in flight


class RunFailed(AmurError):
    """A step failed, or more than the set share of feeds did."""


def workers() -> list[int]:
    return list(range(FETCH_WORKERS))


def step(name: "Step", *, worker: int = 0, force: bool = False) -> dict[str, int]:
    """Run one step to its end and return its counts by outcome."""
    from amur.pipeline import Amur

    amur = Amur.open(Settings.load(os.environ), sample=False)
    try:
        counts = amur.collect(only=name, force=force)
    finally:
        amur.close()
    print(f"{name} (worker {worker}): {dict(counts)}")
    return dict(counts)


def backfill(params: Mapping[str, Any]) -> dict[str, int]:
    """Take in the past as the trigger form asks; a repeated try goes on where the last one stopped."""
    from amur.backfilling import request_of, take, total
    from amur.pipeline import Amur

    with Amur.open(Settings.load(os.environ), sample=False) as amur:
        counts = total(take(amur, request_of(params), lambda *_: None))
    print(f"backfill: {dict(counts)}")
    return dict(counts)


def failed_share(polled: Mapping[str, int]) -> float:
    """Share of the polled feeds that failed, 0 where none was due."""
    feeds = polled.get("feeds", 0)
    return polled.get("feeds-failed", 0) / feeds if feeds else 0.0


def judge(polled: Mapping[str, int] | None, context: Mapping[str, Any]) -> str:
    """The run's verdict. Raises RunFailed, so that a run is red whenever work was lost or late."""
    states = context["ti"].get_task_states(context["dag_run"].dag_id, run_ids=[context["dag_run"].run_id])
    broken = sorted({name for run in states.values() for name, state in run.items() if state in BROKEN})
    if polled is None or broken:
        raise RunFailed(f"steps failed: {', '.join(broken) or 'poll'}; their logs say why")
    share, bound = failed_share(polled), Settings.load(os.environ).failure_share
    if share > bound:
        raise RunFailed(
            f"{share:.0%} of the feeds failed, more than the {bound:.0%} of AMUR_FAILURE_SHARE; see amur status"
        )
    return f"{share:.0%} of the feeds failed"
