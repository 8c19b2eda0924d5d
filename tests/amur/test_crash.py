"""The collector killed with SIGKILL at random moments ends where an undisturbed one does: nothing lost, nothing twice.

Each life is a real `amur collect` in a process of its own over the sample web, with enrichers that load no model and
small batches, so that a kill falls into every step. The moments lie within the time that the work takes; a folder
whose work is done makes room for a fresh one, until enough lives were ended in the middle of their work.
"""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from amur.pipeline import Amur
from amur.settings import Settings
from ingest.ledger import Ledger
from ingest.sample_web import SOURCES, SampleServer

LONGEST = 120.0
STARTING = 0.5  # seconds of a life in which Python and its modules load and no work is done
SEED = 20140521
# What depends on when a run was, and not on what it found.
VOLATILE = {"articles": {"revision", "first_seen"}, "events": {"revision", "first_seen"}, "stories": {"revision"},
            "coverage": {"revision", "polls", "polls_ok"}}  # fmt: skip


@dataclass(frozen=True)
class Collector:
    """Starts collectors over one sample web."""

    web: SampleServer

    def settings(self, folder: Path) -> Settings:
        pairs = ",".join(f"{n}={a}:{p}" for n, (a, p) in self.web.hosts.items())
        return replace(Settings(), data=folder, resolve=pairs, readers="lexicon", sources=str(SOURCES), batch=12)

    @contextmanager
    def started(self, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
        settings = self.settings(folder)
        names = ("data", "resolve", "readers", "sources", "batch")
        environment = os.environ | {f"AMUR_{n.upper()}": str(getattr(settings, n)) for n in names}
        command = [sys.executable, "-m", "amur.cli", "collect", "--real"]
        with (
            (folder / "log").open("ab") as log,
            subprocess.Popen(command, env=environment, stdout=log, stderr=log) as life,
        ):
            try:
                yield life
            finally:
                life.kill()

    def undisturbed(self, folder: Path) -> float:
        """Collect to the end; returns the seconds that it took."""
        folder.mkdir(exist_ok=True)
        begun = time.monotonic()
        with self.started(folder) as life:
            assert life.wait(LONGEST) == 0, (folder / "log").read_text()[-3000:]
        return time.monotonic() - begun

    def killed(self, folder: Path, after: float) -> bool:
        """Kill a collector after some seconds; false where it was done before."""
        folder.mkdir(exist_ok=True)
        with self.started(folder) as life:
            try:
                code = life.wait(after)
            except subprocess.TimeoutExpired:
                return True
            assert code == 0, (folder / "log").read_text()[-3000:]
            return False


def work_done(folder: Path) -> tuple[Any, ...]:
    """What changes with every piece of work that a life finished."""
    if not (folder / "ledger.sqlite").exists():
        return ()
    ledger = Ledger.open(f"sqlite:///{folder / 'ledger.sqlite'}")
    try:
        return (sorted(ledger.counts().items()), [feed["next_poll"] for feed in ledger.feeds.all()])
    finally:
        ledger.close()


def at_rest(settings: Settings) -> dict[str, Any]:
    """Everything that a user could see, without what depends on when."""
    with Amur.open(settings) as amur:
        found: dict[str, Any] = {"states": amur.counts(), "links": list(amur.ledger.links.all_linked())}
        for collection, volatile in VOLATILE.items():
            rows = amur.store.scan(collection, {"match_all": {}})
            kept = [{k: v for k, v in row.items() if k not in volatile} for row in rows]
            found[collection] = {row["id"]: row for row in kept if row.get("entries", 1)}
        assert list(amur.archive_verify()) == []
        assert amur.ledger.workers() == []
    return found


def ends_as_undisturbed(tmp_path: Path, kills: int) -> None:
    rng, folders, moments, busy = random.Random(SEED), 1, 0, 0
    with SampleServer(delays=False) as web:
        collector = Collector(web)
        took = collector.undisturbed(tmp_path / "undisturbed")
        folder = tmp_path / "0"
        while moments < kills:
            before = work_done(folder)
            if not collector.killed(folder, STARTING + rng.uniform(0.1, 0.6) * took):
                folder, folders = tmp_path / str(folders), folders + 1
                continue
            moments += 1
            busy += work_done(folder) != before
        for number in range(folders):
            collector.undisturbed(tmp_path / str(number))
        wanted = at_rest(collector.settings(tmp_path / "undisturbed"))
        for number in range(folders):
            found = at_rest(collector.settings(tmp_path / str(number)))
            for name in wanted:
                assert found[name] == wanted[name], f"{name} of folder {number}"
    assert len(wanted["articles"]) >= 60
    assert busy >= kills * 0.6, f"only {busy} of {kills} kills fell into work"


def test_three_kills_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    ends_as_undisturbed(tmp_path, 3)


@pytest.mark.all_tiers
@pytest.mark.timeout(900)
def test_twenty_kills_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    ends_as_undisturbed(tmp_path, 20)
