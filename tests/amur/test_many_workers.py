"""Several collectors on one ledger share the work: two of four are killed, and all is done once."""

import random
import signal
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

SEED = 20240516
WORKERS = 4


@pytest.mark.all_tiers
@pytest.mark.timeout(600)
@pytest.mark.parametrize("ledger", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_four_workers_of_which_two_are_killed_do_everything_once(
    ledger: str, tmp_path: Path, collector: Any, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("postgres_url") if ledger == "postgres" else ""
    took = collector.undisturbed(tmp_path / "alone")
    wanted = collector.at_rest(tmp_path / "alone")
    rng, folder = random.Random(SEED), tmp_path / "shared"
    folder.mkdir()
    with ExitStack() as stack:
        lives = [stack.enter_context(collector.started(folder, ledger=url)) for _ in range(WORKERS)]
        for life in lives[:2]:
            time.sleep(rng.uniform(0.2, 0.5) * took)
            life.send_signal(signal.SIGKILL)
        assert [life.wait(collector.longest) for life in lives[2:]] == [0, 0], (folder / "log").read_text()[-3000:]
    collector.undisturbed(folder, ledger=url)
    found = collector.at_rest(folder, ledger=url)
    for name in wanted:
        assert found[name] == wanted[name], name
