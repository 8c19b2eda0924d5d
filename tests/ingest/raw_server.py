"""A local server that says exactly the bytes it is told, however wrong: what no HTTP library would send."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Handler = Callable[[str, dict[str, str], asyncio.StreamWriter], Awaitable[None]]


@dataclass
class RawServer:
    """`asked` lists (path, headers) of each request; `answers` maps a path to bytes or to a coroutine that writes."""

    answers: dict[str, bytes | Handler] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    port: int = 0

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                lines = head.decode("latin-1").split("\r\n")
                path = lines[0].split(" ")[1]
                headers = {n.lower(): v.strip() for n, _, v in (line.partition(":") for line in lines[1:] if line)}
                self.asked.append((path, headers))
                answer = self.answers.get(path, answered(404))
                if isinstance(answer, bytes):
                    writer.write(answer)
                else:
                    await answer(path, headers, writer)
                await writer.drain()
                if isinstance(answer, bytes) and b"keep-alive" in answer:
                    continue
                break
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def raw_server(
    answers: dict[str, bytes | Handler], *, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1"
) -> AsyncIterator[RawServer]:
    server = RawServer({"/robots.txt": answered(404), **answers})
    listener = await asyncio.start_server(server.handle, host, 0, ssl=tls)
    server.port = listener.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listener.close()


def answered(status: int = 200, body: bytes = b"", *, length: bool = True, **headers: str) -> bytes:
    """A whole response; header names are given with underscores."""
    lines = [f"HTTP/1.1 {status} X", *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]
    if length:
        lines.append(f"Content-Length: {len(body)}")
    lines.append("Connection: keep-alive" if length else "Connection: close")
    return "\r\n".join([*lines, "", ""]).encode() + body
