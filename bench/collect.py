"""Real pages and Chinese news go the whole way: served over local HTTP as feeds, each must end in a named state.

Reads `$AMUR_BENCH_DATA/data/{pages,news,seed}`. With --keep DIR the collection stays; `amur serve --data DIR` shows it.
"""

import argparse
import gzip
import html
import json
import os
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from amur.errors import UsageError
from amur.settings import Settings

WAITING = {"new", "fetched", "enriched", "retry"}


@dataclass(frozen=True)
class Item:
    path: str
    title: str
    published: datetime | None
    page: bytes


@dataclass(frozen=True)
class Outlet:
    name: str
    lang: str
    zone: str
    items: tuple[Item, ...]

    @property
    def host(self) -> str:
        return f"{self.name.replace('_', '-')}.example"


def bench_data() -> Path:
    folder = os.environ.get("AMUR_BENCH_DATA", "")
    if not folder or not (Path(folder) / "data").is_dir():
        raise UsageError("set AMUR_BENCH_DATA to the folder that holds data/ and gold/")
    return Path(folder) / "data"


def page_outlets(data: Path) -> list[Outlet]:
    rows = [json.loads(line) for line in (data / "pages" / "index.jsonl").read_text(encoding="utf-8").splitlines()]
    found = []
    for lang in ("en", "ru", "zh"):
        items = tuple(
            Item(f"/{row['id']}.html", row["id"], datetime.strptime(row["crawled"], "%Y%m%d").replace(tzinfo=UTC),
                 gzip.decompress((data / "pages" / f"{row['id']}.html.gz").read_bytes()))
            for row in rows if row["lang"] == lang
        )  # fmt: skip
        found.append(Outlet(f"pages_{lang}", lang, "UTC", items))
    return found


def news_outlet(data: Path) -> Outlet:
    lines = (data / "news" / "xinwenlianbo-2025.jsonl").read_text(encoding="utf-8").splitlines()
    return Outlet("evening_news", "zh", "Asia/Shanghai", tuple(_story(json.loads(line)) for line in lines))


def _story(row: dict[str, str]) -> Item:
    day = datetime.strptime(str(row["date"]).replace("-", "")[:8], "%Y%m%d").replace(hour=11, tzinfo=UTC)
    return Item(f"/{day:%Y/%m/%d}/{row['id']}.html", row["title"], day, _page("zh", row["title"], row["content"], day))


def seed_outlet(data: Path) -> Outlet:
    text = (data / "seed" / "article-2023-03.txt").read_text(encoding="utf-8").strip()
    text = text.removeprefix("date 2023-03").strip()
    day = datetime(2023, 3, 21, 15, tzinfo=UTC)
    title = "Xi and Putin hold second day of talks in Moscow"
    page = _page("en", title, text, day)
    return Outlet("seed", "en", "UTC", (Item("/2023/03/21/xi-putin-moscow.html", title, day, page),))


def _page(lang: str, title: str, text: str, day: datetime) -> bytes:
    body = "".join(f"<p>{html.escape(p.strip())}</p>" for p in text.splitlines() if p.strip())
    head = f'<meta charset="utf-8"><title>{html.escape(title)}</title>'
    head += f'<meta property="article:published_time" content="{day.isoformat()}">'
    menu = "<nav><ul>" + "".join(f'<li><a href="/s{n}">{n}</a></li>' for n in range(8)) + "</ul></nav>"
    return (
        f'<!doctype html><html lang="{lang}"><head>{head}</head><body>{menu}<main><article>'
        f"<h1>{html.escape(title)}</h1>{body}</article></main></body></html>"
    ).encode()


def feed(outlet: Outlet) -> bytes:
    items = "".join(
        f"<item><title>{html.escape(i.title)}</title><link>http://{outlet.host}{i.path}</link>"
        + (f"<pubDate>{format_datetime(i.published)}</pubDate>" if i.published else "")
        + "</item>"
        for i in outlet.items
    )
    channel = f"<channel><title>{outlet.name}</title>{items}</channel>"
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0">{channel}</rss>'.encode()


def sources_file(outlets: list[Outlet]) -> str:
    return "\n".join(
        f'[[source]]\nname = "{o.name}"\ntitle = "{o.name}"\nhomepage = "http://{o.host}/"\ncountry = "XXX"\n'
        f'languages = ["{o.lang}"]\ntimezone = "{o.zone}"\nkind = "online"\n'
        f'[[source.ownership]]\nlabel = "unknown"\n'
        f'[[source.feeds]]\nurl = "http://{o.host}/feed.xml"\nscope = "outlet"\n'
        for o in outlets
    )


@contextmanager
def served(outlets: list[Outlet]) -> Iterator[str]:
    """All outlets on one local port, told apart by host name. Yields the value of AMUR_RESOLVE."""
    bodies = {(o.host, i.path): i.page for o in outlets for i in o.items}
    bodies |= {(o.host, "/feed.xml"): feed(o) for o in outlets}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = bodies.get((self.headers.get("Host", "").split(":")[0], self.path))
            kind = "application/rss+xml" if self.path == "/feed.xml" else "text/html; charset=utf-8"
            self.send_response(200 if body is not None else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f".example=127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def collect(outlets: list[Outlet], folder: Path, readers: str) -> tuple[dict[str, int], float]:
    """States of all entries, and the seconds it took."""
    from amur.pipeline import Amur

    sources = folder / "sources.toml"
    sources.write_text(sources_file(outlets), encoding="utf-8")
    began = time.monotonic()
    with served(outlets) as resolve:
        amur = Amur.open(Settings(data=folder, sources=str(sources), resolve=resolve, readers=readers, contact="bench"))
        try:
            amur.collect()
            states: dict[str, int] = amur.status()["states"]
        finally:
            amur.close()
    return {s: n for s, n in states.items() if n}, time.monotonic() - began


KINDS: dict[str, Callable[[Path], list[Outlet]]] = {
    "pages": page_outlets,
    "news": lambda data: [news_outlet(data)],
    "seed": lambda data: [seed_outlet(data)],
}


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bench collect", description=__doc__)
    parser.add_argument("--keep", type=Path, help="folder that keeps the collection")
    parser.add_argument("--only", choices=["pages", "news", "seed"], help="only one kind")
    parser.add_argument("--readers", default="all")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    data = bench_data()
    outlets = [o for kind, make in KINDS.items() if options.only in (None, kind) for o in make(data)]
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        states, seconds = collect(outlets, folder, options.readers)
    served_count = Counter({o.name: len(o.items) for o in outlets})
    waiting = sum(n for s, n in states.items() if s in WAITING)
    result = {"served": dict(served_count), "states": states, "waiting": waiting, "seconds": round(seconds, 1)}
    if options.json:
        print(json.dumps(result, ensure_ascii=False))
    else:
        print(f"{served_count.total()} pages of {len(outlets)} outlets in {seconds:.0f} s")
        for state, n in sorted(states.items(), key=lambda s: -s[1]):
            print(f"  {state:<22}{n:>6}")
        print("every entry ended in a named state" if not waiting else f"{waiting} entries still wait")
    lost = served_count.total() - sum(states.values())
    return 1 if waiting or lost else 0
