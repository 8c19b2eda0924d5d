"""Answers -> what people see: pages and `/api/v1`, on any Store."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dashboard.parts import Parts


def serve(parts: "Parts", host: str, port: int, ready: Callable[[], None] | None = None) -> None:
    """Serve until interrupted; `ready` is called once the port answers. See dashboard.server."""
    from dashboard.server import serve as run

    run(parts, host, port, ready)
