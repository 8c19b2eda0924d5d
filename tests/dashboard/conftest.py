"""A client that speaks ASGI to an app, without a server and without a browser."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import pytest
from starlette.types import ASGIApp, Message

from dashboard.app import create_app
from dashboard.parts import Parts
from tests.dashboard.documents import make_parts


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


Get = Callable[..., Reply]


def client(app: ASGIApp, host: str = "127.0.0.1:8642") -> Get:
    """`get(address, name=value...)` -> Reply; an address is a path with or without a query."""

    def get(address: str, headers: dict[str, str] | None = None, method: str = "GET") -> Reply:
        sent: list[Message] = []
        given = {"host": host} | {k.lower(): v for k, v in (headers or {}).items()}
        path, _, query = address.partition("?")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": unquote(path),
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(k.encode("latin-1"), v.encode("latin-1")) for k, v in given.items()],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 8642),
        }

        asked = iter([{"type": "http.request", "body": b"", "more_body": False}])

        async def receive() -> Message:
            # After the request there is only waiting: for a disconnect that does not come.
            return next(asked, None) or await asyncio.Future()

        async def send(message: Message) -> None:
            sent.append(message)

        async def call() -> None:
            # A fault of the app is re-raised after its page was sent: the page is what is tested.
            await app(scope, receive, send)

        try:
            asyncio.run(call())
        except Exception:
            if not sent:
                raise
        start = sent[0]
        body = b"".join(m.get("body", b"") for m in sent[1:])
        return Reply(start["status"], {k.decode(): v.decode() for k, v in start["headers"]}, body)

    return get


@pytest.fixture
def connect() -> Callable[..., Get]:
    return client


@pytest.fixture(scope="session")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Parts:
    return make_parts(tmp_path_factory.mktemp("dashboard"))


@pytest.fixture(scope="session")
def get(parts: Parts) -> Get:
    return client(create_app(parts))
