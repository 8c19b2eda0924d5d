"""What a status or a failure of the network means for what we do next. Pure."""

import socket
import ssl
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp
from yarl import URL

from amur.errors import FetchError, Outcome
from ingest.addresses import RefusedAddress

# A wall, a login, a limit, a law: often lifted, seldom our fault.
_SOFT = {401, 402, 403, 405, 406, 407, 418, 421, 423, 451, 999}
_TEMPORARY = {408, 409, 423, 425, 429, 440, 460}
LONGEST_WAIT = 86_400.0  # Media Cloud's fetcher caps Retry-After at a day, too


def outcome_of(status: int) -> Outcome | None:
    """None for a usable answer: 2xx with a body that may be read, and 304."""
    if 200 <= status < 300 or status == 304:  # noqa: PLR2004
        return None if status not in {204, 205} else "soft"
    if status == 410:  # noqa: PLR2004
        return "gone"
    if status in _TEMPORARY or status >= 500:  # noqa: PLR2004
        return "temporary"
    return "soft" if status in _SOFT or status < 400 else "hard"  # noqa: PLR2004


def retry_after(text: str, now: datetime | None = None) -> float | None:
    """Seconds that a Retry-After header asks for (number or date), at most a day; None where it says nothing."""
    value = text.strip()
    if value.isascii() and value.isdigit():
        return min(LONGEST_WAIT, float(value[:9]))
    try:
        when = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    aware = when if when.tzinfo else when.replace(tzinfo=UTC)
    return min(LONGEST_WAIT, max(0.0, (aware - (now or datetime.now(UTC))).total_seconds()))


def named(error: Exception, url: URL) -> FetchError:  # noqa: PLR0911 - one line for each kind of failure
    """The FetchError that an exception of the client or the network stands for."""
    host = url.raw_host
    cause = _root(error)
    if isinstance(cause, RefusedAddress):
        return FetchError(str(cause), "refused")
    if isinstance(error, aiohttp.ClientConnectorCertificateError | ssl.SSLCertVerificationError):
        return FetchError(f"{host} shows a certificate that is not valid: {cause}", "soft")
    if isinstance(error, aiohttp.ClientSSLError | ssl.SSLError):
        return FetchError(f"no safe connection with {host}: {cause}", "soft")
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        unknown = getattr(cause, "errno", None) == socket.EAI_NONAME
        return FetchError(f"{host} has no address: {cause}", "soft" if unknown else "temporary")
    if isinstance(error, aiohttp.InvalidURL | aiohttp.NonHttpUrlClientError):
        return FetchError(f"{str(url)[:200]} is not an address that can be fetched", "refused")
    if isinstance(error, aiohttp.ClientResponseError):
        return FetchError(f"{host} does not speak HTTP: {_short(error.message)}", "soft")
    if isinstance(error, aiohttp.ClientError | OSError):
        return FetchError(f"{host} could not be read: {_short(error)}", "temporary")
    return FetchError(f"{host} sent what cannot be understood: {_short(error)}", "soft")


def _root(error: BaseException) -> BaseException:
    """The first RefusedAddress on the way down, else the innermost cause."""
    seen: set[int] = set()
    while id(error) not in seen and not isinstance(error, RefusedAddress):
        seen.add(id(error))
        below = getattr(error, "os_error", None) or getattr(error, "certificate_error", None) or error.__cause__
        if not isinstance(below, BaseException):
            break
        error = below
    return error


def _short(error: object) -> str:
    return " ".join((str(error) or type(error).__name__).split())[:200]
