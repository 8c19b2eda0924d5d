"""Stand-ins for what the pipeline's own tests are not about: a store in memory, a reader by one word."""

import copy
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from amur.pipeline import Amur
from amur.settings import Settings
from index.store.base import Written
from ingest.ledger import Ledger
from ingest.model import Article, EnrichedArticle, Relevance, Topic
from ingest.sample_web import SOURCES, SampleServer


class MemoryStore:
    """The Store protocol over dicts, with external versions; collections may be made to refuse or to fail."""

    def __init__(self) -> None:
        self.url = "memory://"
        self.documents: dict[str, dict[str, dict[str, Any]]] = {}
        self.refuse: dict[str, str] = {}
        self.down: Exception | None = None

    def ensure(self) -> None:
        if self.down:
            raise self.down

    def write(self, collection: str, documents: Iterable[dict[str, Any]]) -> Iterator[Written]:
        kept = self.documents.setdefault(collection, {})
        for document in documents:
            key = document["id"]
            if collection == "articles" and key in self.refuse:
                yield Written(key, ok=False, error=self.refuse[key])
                continue
            if key not in kept or kept[key]["revision"] <= document["revision"]:
                kept[key] = document
            yield Written(key, ok=True)

    def delete(self, collection: str, ids: Iterable[str]) -> int:
        kept = self.documents.setdefault(collection, {})
        return sum(kept.pop(key, None) is not None for key in ids)

    def get(self, collection: str, document_id: str) -> dict[str, Any] | None:
        return self.documents.get(collection, {}).get(document_id)

    def scan(self, collection: str, query: Any, *, fields: Sequence[str] = ()) -> Iterator[dict[str, Any]]:
        yield from self.documents.get(collection, {}).values()

    def count(self, collection: str, query: Any = None) -> int:
        return len(self.documents.get(collection, {}))

    def refresh(self) -> None:
        return

    def begin_generation(self) -> "MemoryGeneration":
        return MemoryGeneration(self)

    def close(self) -> None:
        return


class MemoryGeneration(MemoryStore):
    def __init__(self, over: MemoryStore) -> None:
        super().__init__()
        self.over = over

    def swap(self) -> None:
        self.over.documents = self.documents

    def abandon(self) -> None:
        return


class WordReader:
    """Relevant is what names both countries in any of the three languages; no model, one topic."""

    version = "1"

    def read(self, article: Article, *, always: bool = False) -> EnrichedArticle:
        text = article.read_text.lower()
        both = any(w in text for w in ("russia", "росси", "俄", "moscow", "москв")) and any(
            w in text for w in ("chin", "кита", "中", "пекин")
        )
        topics = (Topic("diplomacy", 1.0),) if both else ()
        return EnrichedArticle(
            article, Relevance(both, float(both), both), topics=topics, versions={"word": self.version}
        )


@pytest.fixture(scope="session")
def web() -> Iterator[SampleServer]:
    with SampleServer(delays=False) as server:
        yield server


@pytest.fixture
def settings(tmp_path: Path, web: SampleServer) -> Settings:
    return _settings(tmp_path, web)


def _settings(folder: Path, web: SampleServer) -> Settings:
    pairs = ",".join(f"{name}={address}:{port}" for name, (address, port) in web.hosts.items())
    return replace(Settings(), data=folder, resolve=pairs, readers="lexicon")


def _stand_ins(amur: Amur) -> None:
    amur._store = MemoryStore()
    amur.__dict__["reader"] = WordReader()


@pytest.fixture
def stand_ins() -> Callable[[Amur], None]:
    """Put the store in memory and the reader by one word into an opened Amur."""
    return _stand_ins


@pytest.fixture(scope="session")
def collected_once(tmp_path_factory: pytest.TempPathFactory, web: SampleServer) -> tuple[Path, MemoryStore]:
    """The sample collected once for all tests: data folder and store, to be copied and never changed."""
    folder = tmp_path_factory.mktemp("collected")
    with Amur.open(_settings(folder, web), sample=True) as opened:
        _stand_ins(opened)
        opened.collect()
        return folder, opened._store


@pytest.fixture
def collected(settings: Settings, collected_once: tuple[Path, MemoryStore]) -> Iterator[Amur]:
    """A copy of the collected sample, to do with as a test likes."""
    folder, store = collected_once
    shutil.copytree(folder, settings.data, dirs_exist_ok=True)
    with Amur.open(settings, sample=True) as opened:
        _stand_ins(opened)
        opened._store = copy.deepcopy(store)
        yield opened


@pytest.fixture
def amur(settings: Settings) -> Iterator[Amur]:
    """The sample's collection on stand-ins."""
    with Amur.open(settings, sample=True) as opened:
        _stand_ins(opened)
        yield opened


# What of the ledger is work, and not who holds it.
WORK = (
    "id, state, stage FROM entries",
    "url, next_poll FROM feeds",
    "id, revision, indexed FROM articles",
    "id, revision, indexed FROM stories",
    "id, revision, indexed FROM coverage",
)
# How often it is looked whether a collector has written. A write is a commit or part of one.
WATCH_SECONDS = 0.002
# What depends on when a run was, and not on what it found.
VOLATILE = {
    "articles": {"revision", "first_seen"},
    "events": {"revision", "first_seen"},
    "stories": {"revision"},
    "coverage": {"revision", "polls", "polls_ok"},
}


@dataclass(frozen=True)
class Collector:
    """Runs real collectors in processes of their own over one sample web, with enrichers that load no model."""

    web: SampleServer
    longest: float = 600.0  # seconds of one life: far more than it takes on a machine that others keep busy

    def settings(self, folder: Path, ledger: str = "") -> Settings:
        return replace(_settings(folder, self.web), sources=str(SOURCES), batch=12, ledger=ledger)

    @contextmanager
    def started(self, folder: Path, ledger: str = "") -> Iterator[subprocess.Popen[bytes]]:
        settings = self.settings(folder, ledger)
        names = ("data", "resolve", "readers", "sources", "batch", "ledger")
        environment = os.environ | {f"AMUR_{n.upper()}": str(getattr(settings, n)) for n in names}
        command = [sys.executable, "-m", "amur.cli", "collect", "--real"]
        with (
            (folder / "log").open("ab") as log,
            subprocess.Popen(command, env=environment, stdout=log, stderr=log) as life,
        ):
            try:
                yield life
            finally:
                life.kill()

    def undisturbed(self, folder: Path, ledger: str = "") -> float:
        """Collect to the end; returns the seconds that it took."""
        folder.mkdir(exist_ok=True)
        begun = time.monotonic()
        with self.started(folder, ledger) as life:
            assert life.wait(self.longest) == 0, (folder / "log").read_text()[-3000:]
        return time.monotonic() - begun

    def live(self, folder: Path, writes: int | None = None, pause: float = 0.0) -> tuple[int, bool]:
        """One life, ended with SIGKILL `pause` seconds after it wrote to its ledger for the `writes`-th time.

        Work and not time is counted, so that the moments lie within the work however busy the machine is. Returns how
        often it was seen to write, and whether it was killed before its own end.
        """
        folder.mkdir(exist_ok=True)
        seen, last, until = 0, _last_write(folder), time.monotonic() + self.longest
        with self.started(folder) as life:
            while life.poll() is None and time.monotonic() < until:
                if writes is not None and seen >= writes:
                    time.sleep(pause)
                    if life.poll() is None:
                        return seen, True
                time.sleep(WATCH_SECONDS)
                now = _last_write(folder)
                seen, last = seen + (now != last), now
            assert life.poll() == 0, (folder / "log").read_text()[-3000:]
        return seen, False

    def work_done(self, folder: Path) -> tuple[Any, ...]:
        """What changes with every piece of work that a life finished."""
        if not (folder / "ledger.sqlite").exists():
            return ()
        ledger = Ledger.open(f"sqlite:///{folder / 'ledger.sqlite'}")
        try:
            with ledger.engine.connect() as connection:
                return tuple(connection.execute(text(f"SELECT {what}")).all() for what in WORK)
        finally:
            ledger.close()

    def at_rest(self, folder: Path, ledger: str = "") -> dict[str, Any]:
        """Everything that a user could see, without what depends on when."""
        with Amur.open(self.settings(folder, ledger)) as amur:
            found: dict[str, Any] = {"states": amur.counts(), "links": list(amur.ledger.links.all_linked())}
            for collection, volatile in VOLATILE.items():
                rows = amur.store.scan(collection, {"match_all": {}})
                kept = [{k: v for k, v in row.items() if k not in volatile} for row in rows]
                found[collection] = {row["id"]: row for row in kept if row.get("entries", 1)}
            assert list(amur.archive_verify()) == []
            assert amur.ledger.workers() == []
        return found


def _last_write(folder: Path) -> tuple[int, int]:
    """Changes whenever something is written to the folder's SQLite ledger."""
    try:
        log = (folder / "ledger.sqlite-wal").stat()
    except FileNotFoundError:
        return (0, 0)
    return (log.st_mtime_ns, log.st_size)


@pytest.fixture
def collector(web: SampleServer) -> Collector:
    return Collector(web)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A Postgres server of our own for the session: the URL of its database `postgres`."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        pytest.skip("Postgres is not installed (apt install postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="amur-postgres-"))
    as_user = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
    if as_user:
        shutil.chown(folder, "postgres", "postgres")
    make = [found[-1], "-D", folder / "data", "-U", "amur", "--auth=trust", "--no-sync", "-E", "UTF8"]
    subprocess.run(make, check=True, capture_output=True, cwd=folder, **as_user)
    port = _free_port()
    serve = [found[-1].with_name("postgres"), "-D", folder / "data", "-p", str(port), "-k", folder, "-c", "fsync=off"]
    with subprocess.Popen(serve, stderr=subprocess.DEVNULL, cwd=folder, **as_user) as server:
        try:
            url = f"postgresql+psycopg://amur@127.0.0.1:{port}/postgres"
            _wait_for(url, server)
            yield url
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(30)
            shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres: str) -> str:
    """A fresh database."""
    name = f"amur_{uuid.uuid4().hex[:12]}"
    engine = create_engine(postgres, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return postgres.rsplit("/", 1)[0] + f"/{name}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, server: "subprocess.Popen[bytes]") -> None:
    engine, until = create_engine(url), time.monotonic() + 60
    while time.monotonic() < until and server.poll() is None:
        try:
            engine.connect().close()
        except OperationalError:
            time.sleep(0.1)
        else:
            engine.dispose()
            return
    raise RuntimeError("Postgres did not start")
