"""The past by the thousand: pages of a WARC looked at, and relevant ones read, per second and core, in flat memory.

The WARC is made of the pages of `$AMUR_BENCH_DATA/data/pages` (what is irrelevant, nearly all) and of the sample web
(what is relevant), repeated with changed text. `--records 50000` is the size that the aim is stated for.
"""

import argparse
import gzip
import io
import json
import os
import random
import resource
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from amur.backfilling import Request, take, total
from amur.pipeline import Amur
from amur.settings import Settings
from bench.collect import bench_data
from ingest.sample.responses import SampleState, respond
from ingest.sample_web import expected
from ingest.steps_base import Counts

# One in so many records of the made WARC is of the sample web; of real news about one in 200 is relevant.
ONE_IN = 50
MEMORY_SECONDS = 0.5


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench backfill", description=__doc__)
    parser.add_argument("--records", type=int, default=1_000, help="pages in the WARC")
    parser.add_argument("--read", type=int, default=40, help="relevant pages that are read afterwards; 0 for none")
    parser.add_argument("--readers", default="all", help="`all` enrichers or `lexicon`")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.warc.gz"
        relevant = make_warc(path, options.records)
        found = measure(Path(folder), path, options)
    result = {"records": options.records, "of the sample": relevant, **found}
    if options.json:
        print(json.dumps(result))
    else:
        print("\n".join(f"{name:<44}{value:>12}" for name, value in result.items() if not isinstance(value, dict)))
        print(", ".join(f"{n} {name}" for name, n in result["counts"].items()))
    return 0


def measure(folder: Path, path: Path, options: argparse.Namespace) -> dict[str, Any]:
    settings = Settings(data=folder / "data", readers=options.readers, contact="bench")
    with Amur.open(settings) as amur:
        request = Request((str(path),))
        take(amur, Request((str(_few(folder)),)), lambda *_: None)  # word lists and tables are loaded once
        with watched() as memory:
            taken = _timed(lambda: take(amur, request, lambda *_: None))
        again = _timed(lambda: take(amur, request, lambda *_: None))
        counts = total(taken["value"])
        read = _read(amur, options.read)
    looked = sum(counts.values()) - counts["not-a-page"]
    return {
        "looked at, pages per second and core": round(looked / taken["cpu"], 1),
        "a second run, seconds": round(again["wall"], 2),
        "relevant pages read per second and core": read,
        "memory at a tenth, MB": memory[len(memory) // 10] if memory else 0,
        "peak memory of looking, MB": max(memory, default=0),
        "peak memory with models, MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "counts": dict(+counts),
    }


def _read(amur: Amur, pages: int) -> float:
    """Enrich so many of the pages that were let through, models warm; pages per second of this process's CPU."""
    from ingest.steps import Worker, enrich

    if not pages:
        return 0.0
    few, many = (Worker(amur.worker.name, n, 900.0) for n in (min(6, pages), pages))
    enrich(amur.ledger, amur.archive, amur.reader, amur.by_name, few)
    run = _timed(lambda: enrich(amur.ledger, amur.archive, amur.reader, amur.by_name, many))
    counts: Counts = run["value"]
    return round(float(counts["claimed"] / run["cpu"]), 1)


def _timed(work: Any) -> dict[str, Any]:
    wall, cpu = time.monotonic(), time.process_time()
    value = work()
    return {"value": value, "wall": time.monotonic() - wall, "cpu": max(time.process_time() - cpu, 1e-9)}


@contextmanager
def watched() -> Iterator[list[int]]:
    """Resident megabytes of this process, every half second while the block runs."""
    seen: list[int] = []
    over = threading.Event()

    def watch() -> None:
        page = os.sysconf("SC_PAGE_SIZE")
        while not over.wait(MEMORY_SECONDS):
            seen.append(int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * page // 2**20)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()


def make_warc(path: Path, records: int) -> int:
    """Write the WARC, record by record; returns how many of its pages are of the sample web."""
    data = bench_data() / "pages"
    rows = [json.loads(line) for line in (data / "index.jsonl").read_text(encoding="utf-8").splitlines()]
    foreign = [(row["host"], gzip.decompress((data / f"{row['id']}.html.gz").read_bytes())) for row in rows]
    own = [(one.url, _answer(one.url)) for one in expected() if one.state == "indexed"]
    of_sample = 0
    with path.open("wb") as out:
        writer = _writer(out)
        for n in range(records):
            if n % ONE_IN == ONE_IN - 1:
                url, body = own[(n // ONE_IN) % len(own)]
                _write(writer, f"{url}/{n}", _changed(body, n))
                of_sample += 1
            else:
                host, body = foreign[n % len(foreign)]
                _write(writer, f"http://{host}/{n}.html", _changed(body, n))
    return of_sample


def _few(folder: Path) -> Path:
    """A small WARC of the sample web alone."""
    path = folder / "few.warc.gz"
    with path.open("wb") as out:
        writer = _writer(out)
        for one in islice(expected(), 12):
            _write(writer, f"{one.url}/warm", _answer(one.url))
    return path


def _answer(url: str) -> bytes:
    host, _, path = url.partition("://")[2].partition("/")
    return respond(host, f"/{path}", "", {}, SampleState()).body


def _changed(body: bytes, n: int) -> bytes:
    """The page with a sentence of its own and two of its paragraphs in another order."""
    parts = body.split(b"<p")
    if len(parts) > 3:
        a, b = random.Random(n).sample(range(1, len(parts) - 1), 2)
        parts[a], parts[b] = parts[b], parts[a]
    return b"<p".join(parts).replace(b"</p>", b" No. %d.</p>" % n, 1)


def _writer(out: Any) -> Any:
    from warcio.warcwriter import WARCWriter

    return WARCWriter(out, gzip=True, warc_version="1.1")


def _write(writer: Any, url: str, body: bytes) -> None:
    from warcio.statusandheaders import StatusAndHeaders

    head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
    date = {"WARC-Date": "2026-10-20T10:00:00Z"}
    writer.write_record(
        writer.create_warc_record(url, "response", payload=io.BytesIO(body), http_headers=head, warc_headers_dict=date)
    )
