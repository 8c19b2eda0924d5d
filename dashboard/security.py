"""Who may look, and what a page may load. Two ASGI layers around every route, errors included."""

import base64
import binascii
import hmac
import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from amur.errors import SettingsError
from amur.settings import Settings

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
# The name as a browser sends it, with a port or without; whatever else is in the header is no name of ours.
OWN_HOST = re.compile(r"(?:127\.0\.0\.1|\[::1\]|localhost)(?::\d{1,5})?", re.ASCII | re.IGNORECASE)
# Nothing inline, nothing from outside. Vega runs with its expression interpreter, so no `unsafe-eval` is needed.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}
# Says that the server answers and nothing else, so that a health check needs no secret.
ALIVE = "/healthz"
CHALLENGE = {"WWW-Authenticate": 'Basic realm="Amur", charset="UTF-8"'}


def require_secret(settings: Settings, host: str) -> None:
    """Raise SettingsError where others could reach the dashboard and nothing guards it."""
    if host not in LOOPBACK and not (settings.password or settings.token):
        raise SettingsError(
            f"the dashboard would be open to others at {host}: set AMUR_PASSWORD (for people) or AMUR_TOKEN "
            "(for programs), or bind it to 127.0.0.1"
        )


class SafeHeaders:
    """Adds the policy and its companions to every response that does not set its own."""

    def __init__(self, app: ASGIApp, *, sample: bool = False) -> None:
        self.app = app
        self.extra = HEADERS | ({"X-Amur-Sample": "true"} if sample else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.extra.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, with_headers)


class Guard:
    """Refuses a foreign Host on loopback (DNS rebinding), and who has no secret where there is one."""

    def __init__(self, app: ASGIApp, *, settings: Settings, host: str) -> None:
        self.app = app
        self.settings = settings
        self.loopback = host in LOOPBACK

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = scope["type"] == "http" and scope["path"] != ALIVE
        refusal = self._refusal(Headers(scope=scope)) if asked else None
        await (refusal or self.app)(scope, receive, send)

    def _refusal(self, headers: Headers) -> PlainTextResponse | None:
        if self.loopback and not _is_own(headers.getlist("host")):
            return PlainTextResponse("This dashboard answers only at localhost.\n", 421)
        if not _may_look(headers.get("authorization", ""), self.settings):
            return PlainTextResponse("A password or token is needed.\n", 401, headers=CHALLENGE)
        return None


class Heads:
    """Answers HEAD as GET is answered, without the body: its length and type are those of the page."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        await self.app({**scope, "method": "GET"}, receive, without_body)


def _is_own(hosts: list[str]) -> bool:
    """One Host header that names this machine to itself."""
    return len(hosts) == 1 and bool(OWN_HOST.fullmatch(hosts[0]))


def _may_look(authorization: str, settings: Settings) -> bool:
    """True where no secret is set, or `authorization` carries one; compared in constant time."""
    secrets = [s for s in (settings.password, settings.token) if s]
    if not secrets:
        return True
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return bool(settings.token) and _same(value.strip(), settings.token)
    if scheme.lower() == "basic":
        # Either secret serves as the password, under any user name; every one is compared.
        given = _basic_password(value.strip())
        return sum(_same(given, secret) for secret in secrets) > 0
    return False


def _basic_password(value: str) -> str:
    try:
        return base64.b64decode(value, validate=True).decode("utf-8").partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())
