"""Files of a backfill wherever fsspec reaches: which there are, of what kind, and their records from an offset on."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from amur.errors import ReadError, UsageError
from ingest.backfill_found import MAX_BODY, Found, Kind

_ENDINGS: tuple[tuple[str, Kind], ...] = (
    (".warc", "warc"), (".jsonl", "jsonl"), (".ndjson", "jsonl"), (".xml", "sitemap"), (".txt", "urls"),
    (".urls", "urls"), (".csv", "urls"),
)  # fmt: skip
_PACKED = (".gz", ".bz2", ".xz", ".zst")


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that is being read. `size` is -1 where it is not known."""

    address: str
    size: int
    records: Callable[[int], Iterator[Found]]


def kind_of(address: str) -> Kind | None:
    """The kind that a name's ending tells, None where it tells none."""
    name = urlsplit(address).path if "://" in address else address
    for packed in _PACKED:
        name = name.removesuffix(packed)
    return next((kind for ending, kind in _ENDINGS if name.lower().endswith(ending)), None)


def expand(addresses: Sequence[str]) -> list[str]:
    """Every file that the addresses name, in order: patterns with * and folders give what is in them.

    Raises UsageError for a local path that is not there.
    """
    return list(dict.fromkeys(one for address in addresses for one in _expanded(absolute(address))))


def absolute(address: str) -> str:
    """A local path in full, so that a file is the same one from whatever folder it is named."""
    return address if "://" in address else os.path.abspath(address)  # noqa: PTH100 - patterns stay as they are


def _expanded(address: str) -> list[str]:
    if address.startswith(("http://", "https://")):
        return [address]
    fs, path = _filesystem(address)
    prefix = address.partition("://")[0] + "://" if "://" in address else ""
    try:
        if "*" in path:
            found = sorted(str(one) for one in fs.glob(path))
        elif fs.isdir(path):
            found = sorted(str(one) for one in fs.find(path) if kind_of(str(one)))
        else:
            found = [path] if fs.exists(path) else []
    except Exception as error:  # fsspec back ends raise their own kinds
        raise ReadError(f"{address} cannot be listed: {error}") from error
    if not found:
        raise UsageError(f"nothing to read at {address}")
    return [prefix + one.removeprefix(prefix) for one in found]


def _filesystem(address: str) -> tuple[Any, str]:
    import fsspec

    try:
        fs, path = fsspec.core.url_to_fs(address)
    except (ValueError, ImportError) as error:
        raise UsageError(f"{address} cannot be reached: {error}") from error
    return fs, str(path)


@contextmanager
def open_file(address: str, kind: Kind) -> Iterator[Opened]:
    """Open a WARC, a list of addresses or JSON lines. Raises UsageError where there is none, ReadError otherwise."""
    from ingest import backfill_lines, backfill_warc

    fs, path = _filesystem(address)
    packed = None if kind == "warc" else "infer"
    with _opened(fs, path, address, packed) as stream:
        size = _size(fs, path)
        if kind == "warc":
            yield Opened(address, size, lambda at: backfill_warc.read_warc(stream, at))
        elif kind == "jsonl":
            beside = _beside(fs, path)
            now = backfill_lines.today()
            yield Opened(address, size, lambda at: backfill_lines.read_json_lines(stream, at, now, beside))
        else:
            yield Opened(address, size, lambda at: backfill_lines.read_urls(stream, at))


@contextmanager
def _opened(fs: Any, path: str, address: str, packed: str | None) -> Iterator[Any]:
    try:
        stream = fs.open(path, "rb", compression=packed)
    except FileNotFoundError as error:
        raise UsageError(f"there is no file {address}") from error
    except Exception as error:  # the same
        raise ReadError(f"{address} cannot be opened: {error}") from error
    with stream:
        yield stream


def _size(fs: Any, path: str) -> int:
    try:
        size = fs.size(path)
    except Exception:  # noqa: BLE001 - a server that does not tell is no fault
        return -1
    return -1 if size is None else int(size)


def _beside(fs: Any, path: str) -> Callable[[str], bytes]:
    folder = path.rpartition("/")[0]

    def read(name: str) -> bytes:
        with fs.open(f"{folder}/{name}", "rb", compression="infer") as file:
            return bytes(file.read(MAX_BODY + 1))

    return read


def read_whole(address: str, limit: int) -> bytes:
    """A small file, unpacked. Raises UsageError where there is none, ReadError where it is larger than `limit`."""
    fs, path = _filesystem(address)
    with _opened(fs, path, address, "infer") as stream:
        body = bytes(stream.read(limit + 1))
    if len(body) > limit:
        raise ReadError(f"{address} has over {limit} bytes")
    return body
