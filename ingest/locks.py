"""Locks between processes of one machine: the one writer of the embedded store, and signs of life of workers.

The operating system gives them up when a process ends, however it ends; nothing is ever stale.
"""

import fcntl
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

from amur.errors import StoreError

POLL_SECONDS = 0.05
# A file that was just made may not be locked yet.
SWEPT_AFTER = 86400.0


@contextmanager
def one_writer(path: Path, *, wait: float) -> Iterator[None]:
    """Hold the exclusive lock of a file for the block. Raises StoreError after `wait` seconds."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        until = time.monotonic() + wait
        while not _taken(handle):
            if time.monotonic() > until:
                raise StoreError(f"another process has been writing to {path.parent} for {wait:.0f} s; try again later")
            time.sleep(POLL_SECONDS)
        yield
    finally:
        os.close(handle)


def _taken(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


class Alive:
    """A worker's sign of life: a locked file named after it, for as long as its process lives."""

    def __init__(self, folder: Path, worker: str) -> None:
        self._folder = folder
        self._path = folder / _file_name(worker)
        folder.mkdir(parents=True, exist_ok=True)
        self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        fcntl.flock(self._handle, fcntl.LOCK_EX)

    def close(self) -> None:
        self._path.unlink(missing_ok=True)
        os.close(self._handle)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def is_dead(folder: Path, worker: str) -> bool:
    """True only where the worker left its file here and no process holds it; false where nothing is known."""
    return _left(folder / _file_name(worker))


def _left(path: Path) -> bool:
    try:
        handle = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        return _taken(handle)
    finally:
        os.close(handle)


def sweep(folder: Path, dead: Sequence[str]) -> None:
    """Remove the files of dead workers. Only after their leases were given up: without its file a worker is not
    known to be dead, and what it holds waits until its lease ends. Old ones that held nothing go as well.
    """
    paths = {folder / _file_name(worker) for worker in dead}
    for path in folder.glob("*.alive"):
        with suppress(FileNotFoundError):
            old = time.time() - path.stat().st_mtime > SWEPT_AFTER
            if path in paths or (old and _left(path)):
                path.unlink(missing_ok=True)


def _file_name(worker: str) -> str:
    return worker.replace("/", "_").replace(":", "-") + ".alive"
