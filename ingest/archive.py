"""Raw responses and enriched records as whole objects on any fsspec path.

An object is written once and never appended to: local files through a temporary name, fsync and rename, others by one
PUT. A location (path, offset, length) is handed out only after that, so whoever commits it commits something durable.
Raw objects are WARC 1.1, one gzip member a record; record objects are JSON lines, one zstd frame a line, so that one
line can be read by offset and the whole by `zstdcat`.
"""

import datetime as dt
import json
import os
import shutil
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from amur.errors import ArchiveError, ReadError
from ingest.archive_warc import RawPage, pages_to_warc, warc_to_page
from ingest.model import EnrichedArticle, Page
from ingest.records import from_record, to_record

# A batch of a hundred pages of two megabytes needs this much before it may be claimed.
MIN_FREE_BYTES = 256 * 1024 * 1024
MARKER = "amur-archive.json"


@dataclass(frozen=True, slots=True)
class Location:
    """Where one record lies: object path under the archive's root, offset and length in bytes."""

    path: str
    offset: int
    length: int

    def __bool__(self) -> bool:
        return bool(self.path)


@dataclass(frozen=True, slots=True)
class Damage:
    """One location that cannot be read, and why."""

    location: Location
    reason: str


class Archive:
    """Whole objects under one root. Objects are immutable, so any number of processes may share it."""

    def __init__(self, fs: Any, root: str, url: str, *, local: bool) -> None:
        self._fs = fs
        self._root = root.rstrip("/")
        self.url = url
        self._local = local
        self._checked: dict[str, float] = {}

    @classmethod
    def open(cls, url: str) -> Self:
        """Open or create the archive at an fsspec path. Raises ArchiveError where it cannot be reached."""
        import fsspec

        try:
            fs, root = fsspec.core.url_to_fs(url)
            archive = cls(fs, root, url, local="file" in _protocols(fs))
            archive._mark()
        except ArchiveError:
            raise
        except Exception as error:  # fsspec back ends raise their own kinds
            raise ArchiveError(f"the archive {url} cannot be opened: {error}") from error
        return archive

    @property
    def id(self) -> str:
        """Name of this archive, given when it was made: the ledger remembers which one it belongs to."""
        try:
            return str(json.loads(self._fs.cat_file(self._full(MARKER)))["id"])
        except Exception as error:
            raise ArchiveError(f"the archive {self.url} cannot be read: {error}") from error

    def check(self, archive_id: str = "") -> None:
        """Fail before anything is claimed: is it there, is it ours, can it be written, is there room?

        Raises ArchiveError.
        """
        found = self.id
        if archive_id and found != archive_id:
            raise ArchiveError(
                f"the archive {self.url} is {found}, but the ledger belongs to {archive_id}: "
                "set AMUR_ARCHIVE to the folder that the ledger was filled with"
            )
        if self._local:
            self._check_disk()

    def _check_disk(self) -> None:
        free = shutil.disk_usage(self._root).free
        if free < MIN_FREE_BYTES:
            raise ArchiveError(
                f"only {free // 2**20} MB free at {self._root}, {MIN_FREE_BYTES // 2**20} MB are needed: "
                "make room or move the archive; nothing was claimed"
            )
        probe = f"probe-{uuid.uuid4().hex}"
        self._put(probe, b"amur")
        self._fs.rm_file(self._full(probe))

    def write_pages(self, pages: Sequence[RawPage | Page]) -> list[Location]:
        """Write one WARC object; the locations come in the order of the pages. Raises ArchiveError."""
        if not pages:
            return []
        blob, spans = pages_to_warc([p if isinstance(p, RawPage) else RawPage(p) for p in pages])
        path = self._new("raw", "warc.gz")
        self._put(path, blob)
        return [Location(path, offset, length) for offset, length in spans]

    def read_page(self, location: Location) -> Page:
        """Raises ArchiveError where the object is missing or damaged."""
        try:
            return warc_to_page(self._cat(location))
        except ReadError as error:
            raise ArchiveError(f"{location.path} at {location.offset}: {error}") from error

    def write_records(self, articles: Sequence[EnrichedArticle]) -> list[Location]:
        """Write one object of JSON lines; the locations come in the order of the articles."""
        if not articles:
            return []
        import zstandard

        pack = zstandard.ZstdCompressor(level=9, write_checksum=True).compress
        frames = [pack(json.dumps(to_record(a), ensure_ascii=False).encode() + b"\n") for a in articles]
        path = self._new("records", "jsonl.zst")
        self._put(path, b"".join(frames))
        ends = [sum(map(len, frames[:i])) for i in range(len(frames))]
        return [Location(path, start, len(f)) for start, f in zip(ends, frames, strict=True)]

    def read_record(self, location: Location) -> EnrichedArticle:
        """Raises ArchiveError where the object is missing or damaged."""
        import zstandard

        try:
            line = zstandard.ZstdDecompressor().decompress(self._cat(location))
            return from_record(json.loads(line))
        except (zstandard.ZstdError, ValueError, ReadError) as error:
            raise ArchiveError(f"{location.path} at {location.offset}: {error}") from error

    def read_records(self, locations: Sequence[Location]) -> list[EnrichedArticle]:
        return [self.read_record(location) for location in locations]

    def verify(self, locations: Iterator[Location]) -> Iterator[Damage]:
        """Read every location, checksums included, and say which cannot be had."""
        for location in locations:
            try:
                read = self.read_page if location.path.startswith("raw/") else self.read_record
                read(location)
            except ArchiveError as error:
                yield Damage(location, str(error))

    def erase(self, location: Location) -> None:
        """Overwrite one record with filler of the same length; the others of its object stay where they are.

        A missing object is no error: there is nothing left to erase. Raises ArchiveError.
        """
        try:
            data = bytearray(self._fs.cat_file(self._full(location.path)))
        except FileNotFoundError:
            return
        except Exception as error:
            raise ArchiveError(f"{location.path} cannot be read from {self.url}: {error}") from error
        filler = gzip_filler if location.path.endswith(".gz") else zstd_filler
        data[location.offset : location.offset + location.length] = filler(location.length)
        self._put(location.path, bytes(data))

    def remove(self, path: str) -> None:
        """Take away one object; a missing one is no error."""
        try:
            self._fs.rm_file(self._full(path))
        except FileNotFoundError:
            return
        except Exception as error:
            raise ArchiveError(f"{path} cannot be removed from {self.url}: {error}") from error

    def objects(self, kind: str) -> list[str]:
        """Paths of all objects of a kind (`raw` or `records`) under the root."""
        try:
            found = self._fs.find(self._full(kind))
        except FileNotFoundError:
            return []
        return sorted(f.removeprefix(self._root).lstrip("/") for f in found if not f.endswith(".part"))

    def _mark(self) -> None:
        if self._fs.exists(self._full(MARKER)):
            return
        self._fs.makedirs(self._root, exist_ok=True)
        name = uuid.uuid4().hex
        self._put(MARKER, json.dumps({"id": name, "made": dt.datetime.now(dt.UTC).isoformat()}).encode(), once=True)

    def _full(self, path: str) -> str:
        return f"{self._root}/{path}"

    def _new(self, kind: str, suffix: str) -> str:
        now = dt.datetime.now(dt.UTC)
        return f"{kind}/{now:%Y/%m/%d}/{now:%H%M%S}-{uuid.uuid4().hex}.{suffix}"

    def _cat(self, location: Location) -> bytes:
        try:
            data = self._fs.cat_file(
                self._full(location.path), start=location.offset, end=location.offset + location.length
            )
        except Exception as error:
            raise ArchiveError(f"{location.path} cannot be read from {self.url}: {error}") from error
        if len(data) != location.length:
            raise ArchiveError(f"{location.path} ends before {location.offset + location.length}: it was cut short")
        return bytes(data)

    def _put(self, path: str, data: bytes, *, once: bool = False) -> None:
        try:
            if self._local:
                _write_durably(Path(self._full(path)), data, once=once)
            else:
                self._fs.pipe_file(self._full(path), data)
        except Exception as error:
            raise ArchiveError(f"{path} cannot be written to {self.url}: {error}") from error


def gzip_filler(length: int) -> bytes:
    """A gzip member of nothing that takes `length` bytes (at least 21), the rest in its comment field."""
    head = b"\x1f\x8b\x08\x10\x00\x00\x00\x00\x00\xff"
    return head + b" " * (length - 21) + b"\x00" + b"\x03\x00" + bytes(8)


def zstd_filler(length: int) -> bytes:
    """A zstd frame of `length` bytes (at least 8) that every reader skips."""
    return b"\x50\x2a\x4d\x18" + (length - 8).to_bytes(4, "little") + bytes(length - 8)


def _protocols(fs: Any) -> tuple[str, ...]:
    return (fs.protocol,) if isinstance(fs.protocol, str) else tuple(fs.protocol)


def _write_durably(path: Path, data: bytes, *, once: bool) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{uuid.uuid4().hex}.part")
    try:
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if once:
            _link_once(part, path)
        else:
            part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _link_once(part: Path, path: Path) -> None:
    """Two processes may make an archive at once: the first to name the file wins, and both read what it wrote."""
    try:
        os.link(part, path)
    except FileExistsError:
        return
