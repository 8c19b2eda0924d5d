"""The past comes in once, whatever stops it: archives of pages, lists, sitemaps, and what may be wrong with them."""

import asyncio
import gzip
import io
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from amur.errors import FetchError, UsageError
from ingest import backfill
from ingest.archive import Archive, Location
from ingest.backfill import Job, take_file
from ingest.backfill_files import expand, kind_of
from ingest.backfill_found import Found, Window
from ingest.backfill_outlets import Outlets
from ingest.backfill_sitemaps import take_sitemap
from ingest.ledger import Ledger
from ingest.model import Article, Feed, Relevance, Source
from ingest.steps_base import Counts, Worker

TALKS = "Russia and China signed an agreement on gas. " * 12
WEATHER = "It rained in the valley for the whole of the week. " * 12
GERMAN = "Der Zug hatte am Morgen eine Stunde Verspätung, weil ein Baum auf den Gleisen lag. " * 12
BUNNY = "http://bunny.example/2023/03/21/"


class Judge:
    """Relevant is what names both; counts what it was shown, and stumbles over one word."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def __call__(self, article: Article) -> Relevance:
        self.seen.append(article.url)
        if "stumble" in article.text:
            raise RuntimeError("stumbled")
        both = "Russia" in article.text and "China" in article.text
        return Relevance(both, float(both), both)


def source(name: str, home: str, *feeds: str) -> Source:
    return Source(name, name, home, "XXX", ("en",), "UTC", (), "online", tuple(Feed(f) for f in feeds))


SOURCES = (
    source("bunny", "http://www.bunny.example/", "http://rss.bunny.example/all"),
    source("paper", "http://paper.example/"),
    source("paper_ru", "http://paper.example/russian", "http://elsewhere.example/feed"),
)


@pytest.fixture
def job(tmp_path: Path) -> Iterator[Job]:
    ledger = Ledger.open(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    archive = Archive.open(str(tmp_path / "archive"))
    yield Job(ledger, archive, Judge(), Outlets(SOURCES), Worker("tester", lease=60.0))
    ledger.close()


def page(body: str, title: str = "A title", head: str = "") -> bytes:
    return (
        f"<html><head><title>{title}</title>{head}</head><body><article><p>{body}</p></article></body></html>".encode()
    )


def warc(
    pages: Sequence[tuple[str, bytes]], *, packed: bool = True, status: str = "200 OK", kind: str = "text/html",
    more: Sequence[tuple[str, str]] = (), captured: str = "2023-03-22",
) -> tuple[bytes, list[int]]:  # fmt: skip
    """A WARC with the offsets of its responses; each has a request before it, as crawlers write them."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    out, offsets = io.BytesIO(), []
    writer = WARCWriter(out, gzip=packed)
    writer.write_record(writer.create_warcinfo_record("a", {"software": "test"}))
    for url, body in pages:
        asked = StatusAndHeaders("GET / HTTP/1.1", [("Host", "x")], is_http_request=True)
        writer.write_record(writer.create_warc_record(url, "request", http_headers=asked))
        offsets.append(out.tell())
        answered = StatusAndHeaders(status, [("Content-Type", kind), *more], protocol="HTTP/1.1")
        writer.write_record(
            writer.create_warc_record(
                url, "response", payload=io.BytesIO(body), http_headers=answered,
                warc_headers_dict={"WARC-Date": f"{captured}T10:00:00Z"},
            )
        )  # fmt: skip
    return out.getvalue(), offsets


def put(folder: Path, name: str, data: bytes) -> str:
    (folder / name).write_bytes(data)
    return str(folder / name)


def silent(_stage: str, _done: int, _total: int | None) -> None:
    return


def take(job: Job, address: str, shown: Callable[[str, int, int | None], None] = silent) -> Counts:
    kind = kind_of(address)
    assert kind is not None
    return +take_file(job, address, kind, shown)


def rows(job: Job) -> list[dict[str, Any]]:
    with job.ledger.engine.connect() as connection:
        return [dict(r) for r in connection.execute(text("SELECT * FROM entries ORDER BY url")).mappings()]


def test_a_warc_gives_what_is_relevant_to_reading_and_counts_the_rest(job: Job, tmp_path: Path) -> None:
    pages = [
        (BUNNY + "talks", page(TALKS)), (BUNNY + "rain", page(WEATHER)), (BUNNY + "zug", page(GERMAN)),
        (BUNNY + "shell", page("")), ("http://nobody.example/deal", page(TALKS)),
    ]  # fmt: skip
    counts = take(job, put(tmp_path, "a.warc.gz", warc(pages)[0]))
    ends = {"fetched": 2, "irrelevant": 1, "unsupported-language": 1, "no-text": 1}
    assert {name: counts[name] for name in ends} == ends
    found = {row["url"].rpartition("/")[2]: row for row in rows(job)}
    assert {name: (row["state"], row["stage"], row["source"]) for name, row in found.items()} == {
        "talks": ("fetched", "enrich", "bunny"), "rain": ("irrelevant", "", "bunny"), "shell": ("no-text", "", "bunny"),
        "zug": ("unsupported-language", "", "bunny"), "deal": ("fetched", "enrich", "backfill"),
    }  # fmt: skip
    assert all(row["backfilled"] for row in found.values())
    assert [bool(found[name]["raw_path"]) for name in ("talks", "rain")] == [True, False]
    assert (found["rain"]["decided"], found["rain"]["day"], found["rain"]["lang"]) == (1, "2023-03-21", "en")
    raw = found["talks"]
    kept = job.archive.read_page(Location(raw["raw_path"], raw["raw_offset"], raw["raw_length"]))
    assert (kept.body, kept.entry.backfilled, kept.fetched_at.date()) == (pages[0][1], True, date(2023, 3, 22))


def test_a_page_that_names_no_day_is_of_the_day_on_which_it_was_captured(job: Job, tmp_path: Path) -> None:
    told = page(TALKS, head='<meta property="article:published_time" content="2023-01-05T08:00:00Z">')
    pages = [("http://bunny.example/undated", page(TALKS)), ("http://bunny.example/told", told)]
    take(job, put(tmp_path, "a.warc.gz", warc(pages)[0]))
    undated, told_row = (next(r for r in rows(job) if r["url"].endswith(name)) for name in ("undated", "told"))
    assert (undated["day"], told_row["day"]) == ("2023-03-22", "2023-01-05")
    assert json.loads(undated["entry"])["published"].startswith("2023-03-22")
    assert "published" not in json.loads(told_row["entry"])


def test_a_second_run_finds_nothing_new(job: Job, tmp_path: Path) -> None:
    pages = [(BUNNY + "talks", page(TALKS)), (BUNNY + "rain", page(WEATHER)), (BUNNY + "talks", page(TALKS))]
    address = put(tmp_path, "a.warc.gz", warc(pages)[0])
    assert take(job, address)["known"] == 1  # the same address twice in one file
    before, seen = rows(job), len(job.judge.seen)  # type: ignore[attr-defined]
    assert take(job, address) == Counts({"read-before": 1})
    again = take(replace(job, again=True), address)
    assert (again["known"], again["fetched"], again["irrelevant"]) == (3, 0, 0)
    assert (rows(job), len(job.judge.seen)) == (before, seen)  # type: ignore[attr-defined]
    assert len(job.archive.objects("raw")) == 1


@pytest.mark.parametrize("packed", [True, False])
def test_a_reading_that_is_killed_goes_on_where_it_was(
    job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, packed: bool
) -> None:
    monkeypatch.setattr(backfill, "BATCH_RECORDS", 5)
    pages = [(f"{BUNNY}{n}", page((TALKS if n % 3 == 0 else WEATHER) + f" {n}")) for n in range(20)]
    address = put(tmp_path, "a.warc.gz" if packed else "a.warc", warc(pages, packed=packed)[0])
    lives = 0

    def killed(_stage: str, _done: int, _total: int | None) -> None:
        raise KeyboardInterrupt

    while lives < 50:
        lives += 1
        try:
            take(job, address, killed)
        except KeyboardInterrupt:
            continue
        break
    assert 5 < lives < 50
    assert take(job, address) == Counts({"read-before": 1})
    assert Counter(job.judge.seen) == Counter(url for url, _ in pages)  # type: ignore[attr-defined]
    assert Counter(row["state"] for row in rows(job)) == {"fetched": 7, "irrelevant": 13}


def test_a_stop_between_archive_and_ledger_repeats_one_batch_and_loses_none(
    job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = put(tmp_path, "a.warc.gz", warc([(BUNNY + "talks", page(TALKS))])[0])
    with monkeypatch.context() as patch:
        patch.setattr(backfill.FileWork, "commit", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            take(job, address)
    assert rows(job) == []
    assert take(job, address)["fetched"] == 1


@pytest.mark.parametrize("packed", [True, False])
def test_a_damaged_record_costs_itself_alone(job: Job, tmp_path: Path, packed: bool) -> None:
    pages = [(f"{BUNNY}{n}", page(WEATHER + str(n))) for n in range(6)]
    data, at = warc(pages, packed=packed)
    broken = bytearray(data)
    broken[at[2] : at[2] + 60] = b"\x99" * 60
    counts = take(job, put(tmp_path, "a.warc.gz" if packed else "a.warc", bytes(broken)))
    assert (counts["irrelevant"], counts["damaged"]) == (5, 1)
    assert {row["url"][-1] for row in rows(job)} == set("01345")


@pytest.mark.parametrize("packed", [True, False])
def test_a_file_that_was_cut_gives_what_is_whole(job: Job, tmp_path: Path, packed: bool) -> None:
    data, at = warc([(f"{BUNNY}{n}", page(WEATHER * 20 + str(n))) for n in range(4)], packed=packed)
    name = "a.warc.gz" if packed else "a.warc"
    counts = take(job, put(tmp_path, name, data[: at[3] + (len(data) - at[3]) // 2]))
    assert (counts["irrelevant"], counts["damaged"]) == (3, 1)
    few = take(job, put(tmp_path, f"few-{name}", data[: at[3] + 12]))  # the cut is in the first bytes of a record
    assert (few["known"], few["damaged"]) == (3, 1)
    again = take(job, put(tmp_path, name, data))  # it was copied whole at last
    assert (again["irrelevant"], again["known"]) == (1, 3)


def test_what_is_no_warc_is_said(job: Job, tmp_path: Path) -> None:
    assert take(job, put(tmp_path, "a.warc.gz", b"hello world" * 99)) == Counts(damaged=1)
    assert take(job, put(tmp_path, "empty.warc", b"")) == Counts()
    with pytest.raises(UsageError, match="there is no file"):
        take(job, str(tmp_path / "none.warc"))


def test_what_is_no_page_is_passed_over(job: Job, tmp_path: Path) -> None:
    for name, options in (("a", {"status": "404 Not Found"}), ("b", {"kind": "image/png"})):
        data, _ = warc([(BUNNY + name, page(TALKS))], **options)  # type: ignore[arg-type]
        assert take(job, put(tmp_path, f"{name}.warc.gz", data)) == Counts({"not-a-page": 3})
    assert rows(job) == []


def test_coded_bodies_are_decoded_and_bombs_are_too_large(job: Job, tmp_path: Path) -> None:
    coded = [("Content-Encoding", "gzip")]
    fine, plain = gzip.compress(page(TALKS)), page(TALKS)  # many archives keep the header of a body stored decoded
    bomb = gzip.compress(b"<p>" + b" " * 40_000_000)
    pages = [(BUNNY + "fine", fine), (BUNNY + "plain", plain), (BUNNY + "bomb", bomb)]
    counts = take(job, put(tmp_path, "a.warc.gz", warc(pages, more=coded)[0]))
    assert (counts["fetched"], counts["too-large"]) == (2, 1)


def test_a_page_that_its_reader_stumbles_over_is_set_aside_with_its_bytes(job: Job, tmp_path: Path) -> None:
    pages = [(BUNNY + "bad", page(WEATHER + " stumble")), (BUNNY + "good", page(TALKS))]
    counts = take(job, put(tmp_path, "a.warc.gz", warc(pages)[0]))
    assert (counts["quarantined"], counts["fetched"]) == (1, 1)
    bad = next(row for row in rows(job) if row["state"] == "quarantined")
    assert (bad["error"], bad["error_stage"]) == ("RuntimeError: stumbled", "enrich")
    assert job.archive.read_page(Location(bad["raw_path"], bad["raw_offset"], bad["raw_length"])).body == pages[0][1]
    assert job.ledger.entries.replay() == 1
    assert job.ledger.entries.waiting("enrich") == 2


def test_a_file_is_read_by_one_at_a_time_and_who_lost_it_commits_nothing(job: Job, tmp_path: Path) -> None:
    address = put(tmp_path, "a.warc.gz", warc([(BUNNY + "talks", page(TALKS))])[0])
    other = replace(job, worker=Worker("other", lease=60.0), judge=Judge())
    met: list[Counts] = []

    class Meeting(Judge):
        def __call__(self, article: Article) -> Relevance:
            met.append(take(other, address))
            job.ledger.expire_worker("tester")
            met.append(take(other, address))
            return super().__call__(article)

    assert take(replace(job, judge=Meeting()), address) == Counts(lost=1)
    assert met[0] == Counts(held=1)
    assert met[1]["fetched"] == 1
    assert len(rows(job)) == 1


def test_only_days_asked_for_are_taken(job: Job, tmp_path: Path) -> None:
    march = replace(job, window=Window(date(2023, 3, 1), date(2023, 3, 31)))
    pages = [(f"http://bunny.example/{day}/a", page(TALKS)) for day in ("2023/02/28", "2023/03/31", "2023/04/01")]
    data = warc(pages, captured="2023-04-02")[0]
    assert take(march, put(tmp_path, "a.warc.gz", data))["outside"] == 2
    lines = "\n".join(url.replace("/a", "/b") for url, _ in pages) + "\nhttp://bunny.example/undated\n"
    assert take(march, put(tmp_path, "b.txt", lines.encode())) == Counts(outside=2, new=2)
    april = replace(job, window=Window(since=date(2023, 4, 1)))  # asked another way, the file is read anew
    assert take(april, put(tmp_path, "a.warc.gz", data)) == Counts(
        {"not-a-page": 4, "outside": 1, "known": 1, "fetched": 1}
    )
    late = replace(job, window=Window(since=date(2024, 1, 1)), judge=Judge())
    assert take(late, put(tmp_path, "c.warc.gz", warc([("http://bunny.example/old", page(TALKS))])[0]))["outside"] == 1
    assert late.judge.seen == []  # type: ignore[attr-defined]  # captured before: published before


def test_json_lines_hold_pages_name_files_or_addresses(job: Job, tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    put(tmp_path / "pages", "one.html", page(TALKS))
    lines = [
        json.dumps({"url": BUNNY + "inline", "title": "T", "published": "2023-03-20", "html": page(WEATHER).decode()}),
        json.dumps({"url": BUNNY + "file", "path": "pages/one.html"}),
        json.dumps({"url": BUNNY + "alone", "title": "Alone", "published": "2023-03-19T10:00:00+03:00"}),
        json.dumps({"url": BUNNY + "lost", "path": "pages/none.html"}),
        json.dumps({"url": BUNNY + "outside", "path": "../../etc/passwd"}),
        "{not json", json.dumps({"title": "no address"}), json.dumps([1]), json.dumps({"url": "javascript:x"}), "",
    ]  # fmt: skip
    counts = take(job, put(tmp_path, "a.jsonl", "\n".join(lines).encode()))
    assert counts == Counts(irrelevant=1, fetched=1, new=1, quarantined=2, bad=4)
    found = {row["url"].rpartition("/")[2]: row for row in rows(job)}
    assert (found["alone"]["stage"], found["alone"]["day"]) == ("fetch", "2023-03-19")
    assert found["inline"]["day"] == "2023-03-20"
    assert "none.html" in found["lost"]["error"]
    assert "outside the list's folder" in found["outside"]["error"]


def test_odd_lines_end_in_counts_and_never_in_errors(job: Job, tmp_path: Path) -> None:
    odd = [
        '{"url": "http://bunny.example/\\ud800"}', '{"url": "http://bunny.example/\\u0000"}', '{"url": 7}', "[" * 5_000,
        '{"url": "http://bunny.example/1", "title": "a\\ud800\\u0000b", "published": 99999999999999}',
        '{"url": "http://bunny.example/2", "title": ["x"], "published": "2999-01-01", "html": 5}',
        '{"url": "http://bunny.example/3", "path": "a\\u0000b"}', "\xff\xfe", '{"url": "http://' + "a" * 5_000 + '/"}',
    ]  # fmt: skip
    counts = take(job, put(tmp_path, "a.jsonl", "\n".join(odd).encode("latin-1")))
    assert (counts["bad"], counts["new"], counts["quarantined"]) == (6, 1, 1)
    assert sum(counts.values()) == len(odd)
    assert max(row["day"] for row in rows(job)) < "2999"
    lines = (
        b"http://bunny.example/a\x00b\nftp://bunny.example/\nno address\n\xff\xff\nhttp://bunny.example/fine extra\n"
    )
    assert take(job, put(tmp_path, "b.txt", lines)) == Counts(bad=4, new=1)


def test_a_packed_list_goes_on_where_it_was(job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backfill, "BATCH_RECORDS", 2)
    lines = "# a list\n\n" + "".join(f"http://bunny.example/{n}\n" for n in range(5))
    address = put(tmp_path, "a.txt.gz", gzip.compress(lines.encode()))
    lives = 0

    def killed(_stage: str, _done: int, _total: int | None) -> None:
        raise KeyboardInterrupt

    for lives in range(1, 9):  # noqa: B007
        try:
            take(job, address, killed)
        except KeyboardInterrupt:
            continue
        break
    assert lives == 4
    assert [row["url"][-1] for row in rows(job)] == list("01234")
    assert {row["stage"] for row in rows(job)} == {"fetch"}


def test_live_entries_are_fetched_before_those_of_the_past(job: Job, tmp_path: Path) -> None:
    from ingest.model import FeedEntry

    take(job, put(tmp_path, "a.txt", b"http://bunny.example/past\n"))
    job.ledger.feeds.add(
        [FeedEntry("bunny", "http://bunny.example/feed", f"http://bunny.example/{n}") for n in range(3)]
    )
    claimed = job.ledger.claim("fetch", 10, "w", 60.0).entries
    assert [held.entry.url[-4:] for held in claimed][-1] == "past"


def test_what_was_forgotten_does_not_come_back(job: Job, tmp_path: Path) -> None:
    from ingest.ledger_rows import entry_key

    job.ledger.articles.mark_forgotten({entry_key(BUNNY + "talks"): BUNNY + "talks"})
    assert take(job, put(tmp_path, "a.warc.gz", warc([(BUNNY + "talks", page(TALKS))])[0]))["forgotten"] == 1
    assert rows(job) == []


def test_outlets_are_told_by_host_and_path() -> None:
    outlets = Outlets(SOURCES)
    told = {
        "http://m.bunny.example/a": "bunny",
        "https://bunny.example/b": "bunny",
        "http://paper.example/russian/c": "paper_ru",
        "http://paper.example/d": "paper",
        "http://elsewhere.example/e": None,
        "http://[bad/": None,
    }
    assert {url: (s.name if (s := outlets.of(url)) else None) for url in told} == told
    only = Outlets(SOURCES, "paper").of("http://nobody.example/")
    assert only is not None
    assert only.name == "paper"
    with pytest.raises(UsageError, match="did you mean paper"):
        Outlets(SOURCES, "papre")


def test_files_are_found_by_folder_and_pattern(tmp_path: Path) -> None:
    for name in ("b.warc.gz", "a.warc", "c.jsonl", "notes.md"):
        put(tmp_path, name, b"")
    assert [Path(one).name for one in expand([str(tmp_path)])] == ["a.warc", "b.warc.gz", "c.jsonl"]
    assert [Path(one).name for one in expand([f"{tmp_path}/*.warc*"])] == ["a.warc", "b.warc.gz"]
    assert expand(["http://a.example/sitemap.xml"]) == ["http://a.example/sitemap.xml"]
    with pytest.raises(UsageError, match="nothing to read"):
        expand([str(tmp_path / "none.warc")])
    assert [kind_of(n) for n in ("x.urls.gz", "http://a/s.xml.gz?x=1", "x.ndjson", "x")] == [
        "urls",
        "sitemap",
        "jsonl",
        None,
    ]


def test_a_file_in_another_store_is_read_too(job: Job) -> None:
    import fsspec

    with fsspec.open("memory://past/a.warc.gz", "wb") as file:
        file.write(warc([(BUNNY + "talks", page(TALKS))])[0])
    (address,) = expand(["memory://past/*.gz"])
    assert take(job, address)["fetched"] == 1


def test_records_are_read_as_they_are_needed() -> None:
    from ingest.backfill_warc import read_warc

    data, _ = warc([(f"{BUNNY}{n}", page(WEATHER)) for n in range(400)])

    class Counting(io.BytesIO):
        taken = 0

        def read(self, size: int | None = -1) -> bytes:
            piece = super().read(size)
            self.taken += len(piece)
            return piece

    stream = Counting(data)
    records: Iterator[Found] = read_warc(stream)
    next(records)
    assert stream.taken < len(data)


SITEMAPS = {
    "http://bunny.example/index.xml": "<sitemapindex>{}</sitemapindex>".format(
        "".join(
            f"<sitemap><loc>http://bunny.example/{name}.xml</loc>{changed}</sitemap>"
            for name, changed in (
                ("news", ""), ("2023-03", ""), ("2022-01", ""), ("old", "<lastmod>2021-05-01</lastmod>"), ("gone", ""),
            )
        )
    ),
    "http://bunny.example/news.xml": (
        "<urlset xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'>"
        "<url><loc>http://bunny.example/a</loc><n:news><n:publication_date>2023-03-21</n:publication_date>"
        "<n:title>In</n:title></n:news></url>"
        "<url><loc>http://bunny.example/b</loc><n:news><n:publication_date>2023-05-01</n:publication_date></n:news></url>"
        "</urlset>"
    ),
    "http://bunny.example/2023-03.xml": (
        "<urlset><url><loc>http://bunny.example/2023/03/05/c</loc></url>"
        "<url><loc>http://bunny.example/2023/02/05/d</loc></url>"
        "<url><loc>http://nobody.example/e</loc><lastmod>2022-01-01</lastmod></url></urlset>"
    ),
}  # fmt: skip


def test_sitemaps_are_followed_to_those_that_may_hold_the_days(job: Job) -> None:
    asked: list[str] = []

    async def get(url: str) -> tuple[bytes, str]:
        asked.append(url.rpartition("/")[2])
        if url not in SITEMAPS:
            raise FetchError("404", "gone")
        return gzip.compress(SITEMAPS[url].encode()), "application/xml"

    march = replace(job, window=Window(date(2023, 3, 1), date(2023, 3, 31)))
    first = asyncio.run(take_sitemap(march, "http://bunny.example/index.xml", get, silent))
    assert asked == ["index.xml", "news.xml", "2023-03.xml", "gone.xml"]
    assert first == Counts({"new": 2, "outside": 3, "sitemaps": 3, "sitemaps-failed": 1})
    assert [(row["url"][-1], row["day"], row["backfilled"], row["stage"]) for row in rows(job)] == [
        ("c", "2023-03-05", 1, "fetch"), ("a", "2023-03-21", 1, "fetch"),
    ]  # fmt: skip
    assert asyncio.run(take_sitemap(march, "http://bunny.example/index.xml", get, silent))["new"] == 0
    with pytest.raises(FetchError):
        asyncio.run(take_sitemap(march, "http://bunny.example/none.xml", get, silent))


def test_a_sitemap_in_a_file_is_read(job: Job, tmp_path: Path) -> None:
    async def get(url: str) -> tuple[bytes, str]:
        raise AssertionError(url)

    address = put(tmp_path, "s.xml.gz", gzip.compress(SITEMAPS["http://bunny.example/news.xml"].encode()))
    counts = asyncio.run(take_sitemap(job, address, get, silent))
    assert counts["new"] == 2
