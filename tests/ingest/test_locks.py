"""Signs of life: a worker that was killed is known to be dead until what it held is free, however often that fails."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from amur.errors import StoreError
from amur.pipeline_parts import working
from ingest.ledger import Ledger
from ingest.locks import SWEPT_AFTER, Alive, is_dead, one_writer, sweep
from ingest.model import FeedEntry

DIES = """
import os, sys
from pathlib import Path
from ingest.ledger import Ledger
from ingest.locks import Alive
alive = Alive(Path(sys.argv[1]), "w")
Ledger.open(sys.argv[2]).claim("fetch", 5, "w", 900.0)
os.kill(os.getpid(), 9)
"""


@pytest.fixture
def left(tmp_path: Path) -> tuple[Path, Ledger]:
    """A folder and a ledger in which a worker was killed while it held an entry."""
    folder, url = tmp_path / "workers", f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    ledger = Ledger.open(url)
    ledger.feeds.add([FeedEntry("a", "http://a.example/rss", "http://a.example/1")])
    subprocess.run([sys.executable, "-c", DIES, str(folder), url], check=False)
    assert ledger.workers() == ["w"]
    return folder, ledger


def test_what_a_killed_worker_held_is_free_for_the_next(left: tuple[Path, Ledger]) -> None:
    folder, ledger = left
    with working(ledger, folder, "next", "collect"):
        assert len(ledger.claim("fetch", 5, "next", 60.0).entries) == 1
    assert list(folder.iterdir()) == []


def test_whoever_is_killed_while_freeing_leaves_the_dead_known_to_be_dead(
    left: tuple[Path, Ledger], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, ledger = left
    monkeypatch.setattr(ledger, "expire_worker", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError), working(ledger, folder, "next", "collect"):
        pass
    monkeypatch.undo()
    with working(ledger, folder, "third", "collect"):
        assert ledger.workers() == []


def test_a_living_worker_is_not_dead_and_an_unknown_one_neither(tmp_path: Path) -> None:
    with Alive(tmp_path, "w"):
        assert not is_dead(tmp_path, "w")
        sweep(tmp_path, [])
        assert list(tmp_path.iterdir())
    assert not is_dead(tmp_path, "w")
    assert not is_dead(tmp_path, "from another machine")


def test_only_old_files_of_the_dead_are_swept(tmp_path: Path) -> None:
    young, old = tmp_path / "a.alive", tmp_path / "b.alive"
    young.touch()
    old.touch()
    os.utime(old, (0, old.stat().st_mtime - 2 * SWEPT_AFTER))
    sweep(tmp_path, [])
    assert (young.exists(), old.exists()) == (True, False)


def test_the_second_writer_waits_and_says_so(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    with one_writer(lock, wait=1.0), pytest.raises(StoreError, match="another process"), one_writer(lock, wait=0.1):
        pass
