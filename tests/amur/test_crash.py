"""The collector killed with SIGKILL at random moments ends where an undisturbed one does: nothing lost, nothing twice.

Each life is a real `amur collect` in a process of its own over the sample web, with enrichers that load no model and
small batches, so that a kill falls into every step. It ends a moment after a random number of writes to its ledger; a
folder whose work is done makes room for a fresh one, until enough lives were ended in the middle of their work.
"""

import random
import time
from pathlib import Path
from typing import Any

import pytest

PASSES = 1.0  # how often the kills lead through the whole work, about
PAUSE = 0.02  # longest wait after a write, as a share of an undisturbed life: kills fall between writes too
SEED = 20140521


def ends_as_undisturbed(tmp_path: Path, kills: int, collector: Any) -> None:
    rng, folders, moments, busy = random.Random(SEED), 1, 0, 0
    begun = time.monotonic()
    writes, _ = collector.live(tmp_path / "undisturbed")
    took = time.monotonic() - begun
    folder = tmp_path / "0"
    while moments < kills:
        before = collector.work_done(folder)
        after = 1 + rng.randrange(max(1, int(2 * PASSES * writes / kills)))
        _, killed = collector.live(folder, after, rng.uniform(0, PAUSE * took))
        if not killed:
            folder, folders = tmp_path / str(folders), folders + 1
            continue
        moments += 1
        busy += collector.work_done(folder) != before
    for number in range(folders):
        collector.undisturbed(tmp_path / str(number))
    wanted = collector.at_rest(tmp_path / "undisturbed")
    for number in range(folders):
        found = collector.at_rest(tmp_path / str(number))
        for name in wanted:
            assert found[name] == wanted[name], f"{name} of folder {number}"
    assert len(wanted["articles"]) >= 60
    assert busy >= kills * 0.6, f"only {busy} of {kills} kills fell into work"


@pytest.mark.timeout(900)
def test_three_kills_lose_nothing_and_double_nothing(tmp_path: Path, collector: Any) -> None:
    ends_as_undisturbed(tmp_path, 3, collector)


@pytest.mark.all_tiers
@pytest.mark.timeout(3600)
def test_twenty_kills_lose_nothing_and_double_nothing(tmp_path: Path, collector: Any) -> None:
    ends_as_undisturbed(tmp_path, 20, collector)
