"""One frozen settings object. Each field has its variable's name, default and help in one place.

Nothing here reads the environment on import: `Settings.load(os.environ)` does, once, at the edge.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Self

from amur.errors import SettingsError

PREFIX = "AMUR_"
LOG_LEVELS = ("debug", "info", "warning", "error")


def _setting(default: Any, help: str, *, secret: bool = False) -> Any:  # noqa: A002
    return field(default=default, metadata={"help": help, "secret": secret}, repr=not secret)


@dataclass(frozen=True)
class Settings:
    data: Path = _setting(Path("amur-data"), "folder that holds ledger, archive and embedded store")
    store: str = _setting("", "search store: https://HOST:9200, or empty for the embedded one in the data folder")
    store_user: str = _setting("", "user of the search store")
    store_password: str = _setting("", "password of the search store", secret=True)
    store_api_key: str = _setting("", "API key of the search store, instead of user and password", secret=True)
    store_ca: str = _setting("", "file of the certificate authority that signed the store's certificate")
    store_insecure: bool = _setting(False, "allow plain http or no user to a store on another machine")
    sources: str = _setting("", "sources file, or empty for the one that ships with Amur")
    ledger: str = _setting("", "SQLAlchemy URL of the ledger, or empty for SQLite in the data folder", secret=True)
    archive: str = _setting("", "any fsspec path for raw and enriched objects, or empty for the data folder")
    contact: str = _setting("", "address or page that the User-Agent names, so that outlets can reach you")
    host: str = _setting("127.0.0.1", "address that the dashboard binds to")
    port: int = _setting(8642, "port of the dashboard")
    password: str = _setting("", "password of the dashboard; needed to bind to another address", secret=True)
    token: str = _setting("", "bearer token of the dashboard's API", secret=True)
    private: bool = _setting(False, "private instance: pages and exports may carry whole article bodies")
    time_zone: str = _setting("UTC", "IANA zone in which days and weeks are counted")
    readers: str = _setting("all", "`all` enrichers, or `lexicon` for those that load no model")
    batch: int = _setting(100, "entries that one step claims at a time")
    connections: int = _setting(32, "addresses in flight at once")
    lease: int = _setting(900, "seconds after which a claimed batch may be claimed by another worker")
    failure_share: float = _setting(0.5, "share of failed feeds above which a scheduled run counts as failed")
    resolve: str = _setting("", "names answered by a local server, as in `.example=127.0.0.1:8080`; several by commas")
    log: str = _setting("warning", "least level that is logged: debug, info, warning, error")

    @classmethod
    def load(cls, environ: Mapping[str, str], **overrides: Any) -> Self:
        """Read AMUR_* variables, then apply overrides that are not None.

        Raises SettingsError for an unknown AMUR_* name, a value of the wrong type, or one that names nothing.
        """
        known = {PREFIX + f.name.upper(): f for f in fields(cls)}
        unknown = sorted(n for n in environ if n.startswith(PREFIX) and n not in known and not _foreign(n))
        if unknown:
            raise SettingsError(f"unknown setting {unknown[0]}; docs/settings.md lists those there are")
        values = {f.name: _read(name, environ[name], f.default) for name, f in known.items() if name in environ}
        values |= {k: v for k, v in overrides.items() if v is not None}
        if "time_zone" in values:
            _check_zone(values["time_zone"])
        if "log" in values:
            values["log"] = _log_level(values["log"])
        return replace(cls(), **values)

    @property
    def ledger_url(self) -> str:
        return self.ledger or f"sqlite:///{self.data.absolute() / 'ledger.sqlite'}"

    @property
    def archive_url(self) -> str:
        return self.archive or str(self.data.absolute() / "archive")

    @property
    def store_url(self) -> str:
        return self.store or f"embedded://{self.data.absolute() / 'store'}"

    @property
    def hosts(self) -> dict[str, tuple[str, int]]:
        """`resolve` as a mapping: host name or suffix -> (address, port)."""
        return dict(_host(pair) for pair in self.resolve.split(",") if pair.strip())

    def table(self) -> list[dict[str, str]]:
        """Name, value (secrets hidden), default and help of every setting."""
        return [
            {
                "name": PREFIX + f.name.upper(),
                "value": "***" if f.metadata["secret"] and getattr(self, f.name) else str(getattr(self, f.name)),
                "default": str(f.default),
                "help": f.metadata["help"],
            }
            for f in fields(self)
        ]


def _foreign(name: str) -> bool:
    """Variables of tests and benchmarks, which the program itself does not read."""
    return name.startswith((PREFIX + "TEST_", PREFIX + "BENCH_"))


def _check_zone(name: str) -> None:
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:  # unknown, no name at all, a folder of zones
        raise SettingsError(
            f"{PREFIX}TIME_ZONE={name!r} is not an IANA time zone, such as UTC or Asia/Shanghai"
        ) from error


def _log_level(name: str) -> str:
    if name.lower() not in LOG_LEVELS:
        raise SettingsError(f"{PREFIX}LOG={name!r} is not a level; the levels are {', '.join(LOG_LEVELS)}")
    return name.lower()


def _host(pair: str) -> tuple[str, tuple[str, int]]:
    name, _, target = pair.strip().partition("=")
    address, _, port = target.rpartition(":")
    if not (name and address and port.isdigit()):
        raise SettingsError(f"AMUR_RESOLVE: {pair!r} is not of the form NAME=ADDRESS:PORT")
    return name, (address, int(port))


def _read(name: str, text: str, default: Any) -> Any:
    try:
        if isinstance(default, bool):
            return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "": False}[
                text.strip().lower()
            ]
        return type(default)(text)
    except (KeyError, ValueError) as error:
        raise SettingsError(f"{name}={text!r} is not a {type(default).__name__}; the default is {default}") from error
