"""Polling 1,000 local feeds beside the PyPI package `reader`: feeds per CPU second, first, unchanged and changed.

A server of its own process serves feeds of 30 entries on 200 loopback addresses with 20 ms latency. Each client runs in
its own process, and its CPU time is what counts. Amur polls with robots.txt, address checks and its ledger in it.
`--reader PYTHON` names an interpreter with `reader` (and sgmllib3k); without it, one is made in a temporary folder.
"""

import argparse
import asyncio
import contextlib
import json
import resource
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import venv
from pathlib import Path
from typing import Any

ENTRIES, ADDRESSES, LATENCY = 30, 200, 0.02
PHASES = ("first", "unchanged", "changed")
AIMS = {"first": 1.5, "unchanged": 3.0, "changed": 1.3}
WORDS = (
    *("Россия", "Китай", "обсудили", "поставки", "газа", "по", "трубопроводу", "Сила", "Сибири"),
    *("and", "the", "ministers", "agreed", "to", "meet", "again", "中俄", "两国", "合作"),
)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench poll", description=__doc__)
    parser.add_argument("--feeds", type=int, default=1_000)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--reader", default="", help="Python interpreter that has reader; `none` leaves it out")
    parser.add_argument("--ledger-entries", type=int, default=0, help="entries that the ledger holds beforehand")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--client", default="", help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    if options.serve:
        asyncio.run(_serve())
    elif options.client:
        print(json.dumps(asyncio.run(_amur(int(options.client), options.feeds, options.ledger_entries))))
    else:
        _compare(options)
    return 0


def _compare(options: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as folder:
        python = options.reader or _reader_environment(Path(folder))
        rows = {"amur": _run([sys.executable, "-m", "bench", "poll", "--feeds", str(options.feeds),
                              "--ledger-entries", str(options.ledger_entries)], True)}  # fmt: skip
        if python != "none":
            script = Path(folder) / "client.py"
            script.write_text(READER, encoding="utf-8")
            rows["reader"] = _run([python, str(script), str(options.feeds), folder], False)
    _report(rows, options)


def _run(command: list[str], is_own: bool) -> dict[str, Any]:
    """Run a client against a fresh server; its figures."""
    server = subprocess.Popen([sys.executable, "-m", "bench", "poll", "--serve"], stdout=subprocess.PIPE, text=True)
    try:
        port = server.stdout.readline().strip() if server.stdout else ""
        extra = ["--client", port] if is_own else [port]
        done = subprocess.run([*command, *extra], capture_output=True, text=True, check=True)
        result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return result
    finally:
        server.kill()
        server.wait()


def _reader_environment(folder: Path) -> str:
    venv.create(folder / "reader", with_pip=True)
    python = str(folder / "reader" / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "-q", "reader", "sgmllib3k"], check=True)
    return python


def _report(rows: dict[str, dict[str, Any]], options: argparse.Namespace) -> None:
    if options.json:
        print(json.dumps({"feeds": options.feeds, "clients": rows}))
        return
    print(f"{'feeds per CPU second':<24}" + "".join(f"{name:>10}" for name in rows) + f"{'ratio':>8}{'aim':>6}")
    for phase in PHASES:
        rates = [options.feeds / row[phase]["cpu"] for row in rows.values()]
        ratio = f"{rates[0] / rates[1]:>8.2f}" if len(rates) > 1 else f"{'-':>8}"
        print(f"{phase:<24}" + "".join(f"{rate:>10.0f}" for rate in rates) + ratio + f"{AIMS[phase]:>6}")
    for phase in PHASES:
        print(f"{phase + ', wall seconds':<24}" + "".join(f"{row[phase]['wall']:>10.1f}" for row in rows.values()))
    print(f"{'entries known':<24}" + "".join(f"{row['entries']:>10}" for row in rows.values()))
    print(f"{'peak MB':<24}" + "".join(f"{row['peak_mb']:>10}" for row in rows.values()))


# ---- the server


def body_of(feed: int, phase: int) -> bytes:
    """A feed of 30 entries; from phase 2 a tenth of the feeds have one more at the top."""
    is_newer = phase >= 2 and feed % 10 == 0
    items = "".join(_item(feed, i) for i in range(ENTRIES + is_newer, is_newer, -1))
    head = f"<title>Feed {feed}</title><link>http://{address(feed)}/</link><language>ru</language>"
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{head}{items}</channel></rss>'.encode()


def _item(feed: int, i: int) -> str:
    words = " ".join(WORDS[(feed + i * k) % len(WORDS)] for k in range(1, 60))
    return (
        f"<item><title>{words[:80]} {i}</title><link>http://{address(feed)}/news/{feed}/{i}.html</link>"
        f'<guid isPermaLink="false">{feed}-{i}</guid><pubDate>Tue, 21 Mar 2023 10:{i:02}:00 +0300</pubDate>'
        f"<description><![CDATA[<p>{words}</p><p><a href='/x'>more</a></p>]]></description></item>"
    )


def address(feed: int) -> str:
    return f"127.0.{1 + feed % ADDRESSES // 100}.{1 + feed % 100}"


async def _serve() -> None:
    state = {"phase": 0}

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                path = head.split(" ")[1]
                if path.startswith("/phase/"):
                    state["phase"] = int(path.rpartition("/")[2])
                else:
                    await asyncio.sleep(LATENCY)
                writer.write(_answer(path, head, state["phase"]))
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(handle, "0.0.0.0", 0, backlog=2_000)  # noqa: S104 - all of 127.0.0.0/8
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def _answer(path: str, head: str, phase: int) -> bytes:
    if not path.startswith("/feed/"):
        return b"HTTP/1.1 404 X\r\nContent-Length: 0\r\n\r\n"
    feed = int(path.rpartition("/")[2])
    tag = f'"{feed}-{phase >= 2 and feed % 10 == 0}"'
    if f"if-none-match: {tag}".lower() in head.lower():
        return b"HTTP/1.1 304 X\r\nETag: " + tag.encode() + b"\r\n\r\n"
    body = body_of(feed, phase)
    head = f"Content-Type: application/rss+xml\r\nETag: {tag}\r\nContent-Length: {len(body)}\r\n\r\n"
    return b"HTTP/1.1 200 X\r\n" + head.encode() + body


# ---- Amur as a client


async def _amur(port: int, feeds: int, known: int) -> dict[str, Any]:
    import feedparser  # noqa: F401 - loading modules is no part of polling, for neither client

    import ingest.extraction_bytes
    import ingest.feeds
    from ingest.budget import SharedBudget
    from ingest.fetch import Fetcher, Limits
    from ingest.ledger import Ledger
    from ingest.model import Feed, Ownership, Source
    from ingest.robots import RobotsCache
    from ingest.steps import poll
    from ingest.steps_base import Worker

    urls = [f"http://{address(i)}:{port}/feed/{i}" for i in range(feeds)]
    source = Source("bench", "Bench", urls[0], "XXX", ("ru",), "UTC", (Ownership("unknown"),), "wire",
                    tuple(Feed(url) for url in urls), allow_private=True)  # fmt: skip
    private = frozenset(address(i) for i in range(feeds))
    result: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        ledger = Ledger.open(f"sqlite:///{folder}/ledger.sqlite")
        if known:
            _fill(Path(folder) / "ledger.sqlite", known)
        ledger.feeds.sync((url, "bench") for url in urls)
        ingest.extraction_bytes.decode("это проба".encode("cp1251"))
        for number, phase in enumerate(PHASES):
            _set_phase(port, number)
            ledger.feeds.hasten()
            async with Fetcher(
                "Amur bench", Limits(), SharedBudget(ledger.domains), RobotsCache(), {}, private
            ) as fetcher:
                begun, cpu = time.monotonic(), _cpu()
                worker = Worker("bench", limit=feeds)
                while (await poll(ledger, fetcher, {"bench": source}, worker))["feeds"]:
                    pass
                result[phase] = {"cpu": _cpu() - cpu, "wall": time.monotonic() - begun}
        result["entries"] = sum(ledger.counts().values())
        ledger.close()
    result["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return result


def _fill(path: Path, count: int) -> None:
    """Entries of other feeds, as the ledger holds them after months."""
    import sqlite3

    with sqlite3.connect(path) as connection:
        connection.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) "
            "INSERT INTO entries (key, source, feed_url, url, domain, entry, day, first_seen, state, stage) "
            "SELECT lower(hex(randomblob(32))), 'old' || (i % 100), 'http://old.example/' || (i % 100), "
            "'http://old.example/' || i, 'old.example', '{}', '2025-01-01', 1735689600.0, 'irrelevant', '' FROM n",
            (count,),
        )
    connection.close()


def _set_phase(port: int, number: int) -> None:
    with contextlib.suppress(urllib.error.HTTPError):  # it answers 404, and has changed
        urllib.request.urlopen(f"http://127.0.0.1:{port}/phase/{number}").close()


def _cpu() -> float:
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


# ---- reader as a client: run by an interpreter of its own, which has neither this module nor Amur

READER = """
import json, resource, sys, time, urllib.error, urllib.request
from reader import make_reader

feeds, folder, port = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
reader = make_reader(folder + "/reader.sqlite")
for i in range(feeds):
    reader.add_feed(f"http://127.0.{1 + i % 200 // 100}.{1 + i % 100}:{port}/feed/{i}")
result = {}
for number, phase in enumerate(("first", "unchanged", "changed")):
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/phase/{number}")
    except urllib.error.HTTPError:
        pass
    begun, before = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF)
    reader.update_feeds(workers=32, scheduled=False)
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    result[phase] = {"cpu": cpu, "wall": time.monotonic() - begun}
result["entries"] = reader.get_entry_counts().total
result["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(json.dumps(result))
"""
