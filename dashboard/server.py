"""Runs the app on uvicorn: one process, an own socket, a quiet end."""

import contextlib
import socket
from collections.abc import Callable

import uvicorn

from amur.errors import UsageError
from dashboard.app import create_app
from dashboard.parts import Parts
from dashboard.security import require_secret

SHUTDOWN_SECONDS = 3  # what open connections get before Ctrl-C closes them
BACKLOG = 128


class _Server(uvicorn.Server):
    """uvicorn's server that tells when it answers."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None] | None) -> None:
        super().__init__(config)
        self.ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and self.ready:
            self.ready()


def serve(parts: Parts, host: str, port: int, ready: Callable[[], None] | None = None) -> None:
    """Serve until SIGINT or SIGTERM. Raises UsageError where the address is taken or not this machine's.

    Raises SettingsError where `host` is open to others and neither password nor token is set.
    """
    require_secret(parts.settings, host)
    listener = _listen(host, port)
    config = uvicorn.Config(
        create_app(parts, host=host),
        log_level=parts.settings.log.lower(),
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
        lifespan="on",
    )
    with contextlib.suppress(KeyboardInterrupt), listener:
        _Server(config, ready).run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except (OSError, OverflowError, ValueError) as error:  # taken, beyond 65 535, no name at all
        listener.close()
        why = getattr(error, "strerror", None) or error
        raise UsageError(
            f"the dashboard cannot have {host} port {port} ({why}): choose another with --port or --host"
        ) from error
    return listener
