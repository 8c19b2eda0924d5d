"""Where the store is and who asks: safe, or refused with the setting that overrides it."""

import ipaddress
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from amur.errors import SettingsError
from amur.settings import Settings

REQUEST_SECONDS = 60.0
RETRIES = 3  # of a request whose connection was lost; of bulk requests too, which external versions make repeatable


def client_options(url: str, settings: Settings) -> dict[str, Any]:
    """Keyword arguments of the client. Raises SettingsError where secrets or documents would travel in the open."""
    parts = urlsplit(url)
    if not parts.hostname:
        raise SettingsError(f"the store's address {without_secrets(url)} names no host")
    user = _user(url, settings)
    _check(url, settings, known=bool(user or settings.store_api_key))
    options: dict[str, Any] = {
        "hosts": [_with_port(url)],
        "request_timeout": REQUEST_SECONDS,
        "retry_on_timeout": True,
        "max_retries": RETRIES,
        "retry_on_status": (502, 503, 504),
    }
    if settings.store_api_key:
        options["api_key"] = settings.store_api_key
    elif user:
        options["basic_auth"] = user
    if settings.store_ca:
        options["ca_certs"] = settings.store_ca
    return options


def _user(url: str, settings: Settings) -> tuple[str, str] | None:
    parts = urlsplit(url)
    if settings.store_user:
        return settings.store_user, settings.store_password
    return (parts.username, parts.password or "") if parts.username else None


def _check(url: str, settings: Settings, *, known: bool) -> None:
    parts = urlsplit(url)
    if settings.store_insecure or is_local(parts.hostname or ""):
        return
    where = f"the store at {without_secrets(url)} is on another machine"
    override = "AMUR_STORE_INSECURE=1 allows it in a network that you trust"
    if parts.scheme != "https":
        raise SettingsError(f"{where} and would be reached without encryption: use https://. {override}")
    if not known:
        raise SettingsError(
            f"{where} and no user is set: set AMUR_STORE_USER and AMUR_STORE_PASSWORD, or AMUR_STORE_API_KEY. "
            f"{override}"
        )


def is_local(host: str) -> bool:
    """Loopback only: a private address is another machine's."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def without_secrets(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, _host(url), parts.path.rstrip("/"), "", ""))


def _host(url: str) -> str:
    parts = urlsplit(url)
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    return f"{host}:{parts.port}" if parts.port else host


def _with_port(url: str) -> str:
    """The client wants a port in every address."""
    parts = urlsplit(url)
    standard = 443 if parts.scheme == "https" else 9200
    host = _host(url) if parts.port else f"{_host(url)}:{standard}"
    return urlunsplit((parts.scheme, host, parts.path.rstrip("/"), "", ""))
