"""The browser's chart library, out of the vl-convert wheel: built once a version, kept compressed."""

import gzip
import os
import tempfile
import threading
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

SNIPPET = "window.vegaEmbed = vegaEmbed;"
GZIP_LEVEL = 9
ROUTE = "/assets/charts.js"


def bundle_version() -> str:
    return version("vl-convert-python")


class Bundle:
    """Builds in a background thread, so that pages are served at once. The build takes 2 to 4 s on one core."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / f"charts-{bundle_version()}.js.gz"
        self._lock = threading.Lock()
        self._bytes: bytes | None = None

    def warm(self, *first: Callable[[], object]) -> threading.Thread:
        """Start building, unless it was built before; `first` is called before, in the same thread."""
        steps = (*first, self.compressed)
        thread = threading.Thread(target=lambda: [step() for step in steps], name="chart-bundle", daemon=True)
        thread.start()
        return thread

    def compressed(self) -> bytes:
        """The script, gzipped; waits for a build under way."""
        with self._lock:
            if self._bytes is None:
                self._bytes = self._read() or self._build()
            return self._bytes

    def _read(self) -> bytes | None:
        try:
            return self.file.read_bytes()
        except OSError:
            return None

    def _build(self) -> bytes:
        import vl_convert

        built = gzip.compress(vl_convert.javascript_bundle(SNIPPET).encode(), GZIP_LEVEL, mtime=0)
        _keep(self.file, built)
        return built


def _keep(file: Path, content: bytes) -> None:
    """Write a whole file or none. A folder that cannot be written only costs the next start some seconds."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=file.parent)
        with os.fdopen(handle, "wb") as out:
            out.write(content)
        Path(name).replace(file)
    except OSError:
        return
