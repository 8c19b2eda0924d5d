"""The folder of the embedded store: generations side by side, and a file that names the one in use.

ROOT/CURRENT                      the name of the generation that is searched, replaced atomically
ROOT/LOCK                         held while a generation is begun or swapped
ROOT/000001/LOCK                  held by the one writer of the generation
ROOT/000001/articles/ ...         one tantivy index a collection
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from amur.errors import StoreError, StoreUnavailable
from ingest.locks import one_writer

WAIT_SECONDS = 120.0  # for another writer; a batch of 2 000 documents takes one to two seconds
FIRST = "000001"


class Folder:
    def __init__(self, root: Path, *, wait: float = WAIT_SECONDS) -> None:
        self.root = root
        self.wait = wait
        self._seen: tuple[tuple[int, int], str] | None = None

    def current(self) -> str:
        """Name of the generation in use, "" where there is none. Costs one `stat` where nothing changed."""
        path = self.root / "CURRENT"
        try:
            status = path.stat()
            mark = (status.st_ino, status.st_mtime_ns)
            if self._seen is None or self._seen[0] != mark:
                self._seen = (mark, path.read_text(encoding="ascii").strip())
        except FileNotFoundError:
            return ""
        except OSError as error:
            raise StoreError(f"the store's folder cannot be read: {error}") from error
        return self._seen[1]

    def set_current(self, name: str) -> None:
        """Put the name in place as a whole and on disk, so that no reader and no power cut sees half of it."""
        path, written = self.root / "CURRENT", self.root / f"CURRENT.{os.getpid()}"
        with written.open("w", encoding="ascii") as file:
            file.write(name)
            file.flush()
            os.fsync(file.fileno())
        written.replace(path)
        _sync(self.root)

    def generations(self) -> list[str]:
        return sorted(p.name for p in self.root.glob("[0-9]*") if p.is_dir() and p.name.isdigit())

    def begin(self) -> str:
        """An empty folder for a new generation."""
        with self.changing():
            name = f"{int((self.generations() or ['0'])[-1]) + 1:06d}"
            (self.root / name).mkdir()
        return name

    def remove(self, name: str) -> None:
        """Readers that have the files open keep them until they look again."""
        shutil.rmtree(self.root / name, ignore_errors=True)

    @contextmanager
    def changing(self) -> Iterator[None]:
        with _held(self.root / "LOCK", self.wait):
            yield

    @contextmanager
    def writing(self, name: str) -> Iterator[None]:
        with _held(self.root / name / "LOCK", self.wait):
            yield


@contextmanager
def _held(path: Path, wait: float) -> Iterator[None]:
    """An operating system's lock: given up when its holder ends, however it ends."""
    lock = one_writer(path, wait=wait)
    try:
        lock.__enter__()
    except StoreError as error:
        raise StoreUnavailable(str(error)) from error
    except OSError as error:
        raise StoreError(f"the store's folder cannot be written: {error}") from error
    try:
        yield
    finally:
        lock.__exit__(None, None, None)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
