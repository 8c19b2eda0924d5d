"""Whole objects: what is written is read back, damage is told, nothing is half there, one record can be erased."""

import datetime as dt
import gzip
import io
import os
from pathlib import Path

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from amur.errors import ArchiveError
from ingest.archive import Archive, Location, gzip_filler, zstd_filler
from ingest.archive_warc import RawPage
from ingest.model import Article, EnrichedArticle, FeedEntry, Page, Relevance

WHEN = dt.datetime(2024, 5, 16, 12, 0, 0, 123456, dt.UTC)


def page(number: int = 1, body: bytes = "中俄边境".encode("gb18030"), status: int = 200) -> Page:
    entry = FeedEntry(
        "wire", "http://wire.example/rss", f"http://wire.example/{number}", title="Граница", published=WHEN
    )
    return Page(entry, entry.url, status, "text/html; charset=gb2312", body, WHEN, ("http://wire.example/old",))


def article(number: int = 1) -> EnrichedArticle:
    return EnrichedArticle(
        Article(f"{number:064x}", "wire", "u", "c", "Титул", "Текст 文", "ru"), Relevance(True, 0.9, True)
    )


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive.open(str(tmp_path / "archive"))


def test_pages_come_back_byte_for_byte(archive: Archive) -> None:
    pages = [page(n, os.urandom(n * 1000)) for n in range(4)]
    places = archive.write_pages(pages)
    assert [archive.read_page(place) for place in places] == pages
    assert len({place.path for place in places}) == 1


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(title=st.text(), url=st.text(min_size=1), body=st.binary(), kind=st.text())
def test_no_header_text_breaks_an_object(archive: Archive, title: str, url: str, body: bytes, kind: str) -> None:
    title, url, kind = (t.encode("utf-8", "replace").decode() for t in (title, f"http://h/{url}", kind))
    odd = Page(FeedEntry("s", "f", url, title=title), url, 200, kind, body, WHEN)
    assert archive.read_page(archive.write_pages([odd])[0]) == odd


def test_a_page_that_could_not_be_had_keeps_its_entry(archive: Archive) -> None:
    missing = page(status=0, body=b"")
    assert archive.read_page(archive.write_pages([missing])[0]) == missing


def test_raw_objects_are_warc_that_others_read(archive: Archive, tmp_path: Path) -> None:
    headers = (("Content-Type", "text/html"), ("Content-Encoding", "br"), ("X-Odd", "a\r\nb"), ("Set-Cookie", "id=1"))
    place = archive.write_pages([RawPage(page(), headers)])[0]
    with (tmp_path / "archive" / place.path).open("rb") as file:
        kinds = [
            (r.rec_type, r.http_headers and sorted(n for n, _ in r.http_headers.headers)) for r in ArchiveIterator(file)
        ]
    assert kinds == [
        ("warcinfo", None),
        ("response", ["Content-Length", "Content-Type", "X-Odd"]),
        ("metadata", None),
    ]


def test_records_come_back_and_the_object_is_plain_zstd_lines(archive: Archive, tmp_path: Path) -> None:
    articles = [article(n) for n in range(3)]
    places = archive.write_records(articles)
    assert archive.read_records(places) == articles
    with (tmp_path / "archive" / places[0].path).open("rb") as file:
        text = zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True).read()
    assert text.count(b"\n") == 3


@pytest.mark.parametrize("kind", ["raw", "records"])
@pytest.mark.parametrize("harm", ["flip", "cut", "gone"])
def test_damage_is_found_and_named(archive: Archive, tmp_path: Path, kind: str, harm: str) -> None:
    places = (
        archive.write_pages([page(1), page(2)]) if kind == "raw" else archive.write_records([article(1), article(2)])
    )
    path = tmp_path / "archive" / places[0].path
    data = bytearray(path.read_bytes())
    if harm == "flip":
        middle = places[1].offset + places[1].length // 2
        data[middle] ^= 0xFF
        path.write_bytes(data)
    elif harm == "cut":
        path.write_bytes(data[:-5])
    else:
        path.unlink()
    damaged = {damage.location for damage in archive.verify(iter(places))}
    assert damaged == (set(places) if harm == "gone" else {places[1]})


def test_an_erased_record_is_gone_and_its_neighbours_stay(archive: Archive, tmp_path: Path) -> None:
    raw, records = (
        archive.write_pages([page(n) for n in range(3)]),
        archive.write_records([article(n) for n in range(3)]),
    )
    archive.erase(raw[1])
    archive.erase(records[1])
    assert archive.read_page(raw[0]) == page(0)
    assert archive.read_page(raw[2]) == page(2)
    assert archive.read_record(records[2]) == article(2)
    for place in (raw[1], records[1]):
        assert [d.location for d in archive.verify(iter([place]))] == [place]
    assert b"wire.example/1" not in gzip.decompress((tmp_path / "archive" / raw[0].path).read_bytes())
    archive.erase(Location("raw/none.warc.gz", 0, 100))


@pytest.mark.parametrize("length", [21, 22, 100, 70_000])
def test_fillers_are_valid_members_of_any_length(length: int) -> None:
    assert len(gzip_filler(length)) == length
    assert gzip.decompress(gzip_filler(length) + gzip.compress(b"after")) == b"after"
    assert len(zstd_filler(length)) == length
    stream = zstd_filler(length) + zstandard.compress(b"after")
    assert zstandard.ZstdDecompressor().stream_reader(io.BytesIO(stream), read_across_frames=True).read() == b"after"


def test_an_object_is_there_whole_or_not_at_all(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(ArchiveError, match="No space"):
        archive.write_pages([page()])
    assert archive.objects("raw") == []
    assert list(tmp_path.rglob("*.part")) == []


def test_a_full_disk_is_told_before_anything_is_claimed(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.archive.MIN_FREE_BYTES", 1 << 62)
    with pytest.raises(ArchiveError, match="nothing was claimed"):
        archive.check()


def test_another_archive_than_the_ledgers_is_refused(archive: Archive) -> None:
    archive.check(archive.id)
    with pytest.raises(ArchiveError, match="belongs to"):
        archive.check("0" * 32)


def test_an_archive_may_lie_on_any_fsspec_path() -> None:
    remote = Archive.open("memory://amur-archive-test")
    place = remote.write_pages([page()])[0]
    assert remote.read_page(place) == page()
    assert Archive.open("memory://amur-archive-test").id == remote.id
    with pytest.raises(ArchiveError):
        Archive.open("nosuch://anywhere")
