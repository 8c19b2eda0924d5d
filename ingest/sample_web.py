"""The sample web: fictional outlets with texts of our own, served with the manners of the real web.

`respond` is a pure function from a request to a response, so that the dashboard can show an original without a server.
`SampleServer` serves the same over HTTP on 127.0.0.1; its `.hosts` tells the fetcher where names under `.example` are.
`expected` is the manifest that tests hold a pipeline against. `python -m ingest.sample_web --port 8765` lets a person
look at it.
"""

import argparse
import sys
import threading
import time
from collections.abc import Sequence
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self

from ingest.sample.manifest import ExpectedArticle, expected
from ingest.sample.responses import SUFFIX, SampleResponse, SampleState, answer, respond

__all__ = [
    "GROWTH_SOURCES", "SOURCES", "SUFFIX", "ExpectedArticle", "SampleResponse", "SampleServer", "SampleState",
    "expected", "respond",
]  # fmt: skip

SOURCES = Path(__file__).parent / "sources.sample.toml"
GROWTH_SOURCES = Path(__file__).parent / "sample" / "growth.toml"  # to be added to SOURCES where `extra` is used


class SampleServer:
    """A real local HTTP server for all outlets. A context manager; `edition` may be set while it runs."""

    def __init__(self, *, port: int = 0, edition: int = 0, extra: int = 0, delays: bool = True) -> None:
        self.edition, self.extra, self.delays = edition, extra, delays
        self._server = _Server(("127.0.0.1", port), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def hosts(self) -> dict[str, tuple[str, int]]:
        return {SUFFIX: ("127.0.0.1", self.port)}

    @property
    def state(self) -> SampleState:
        return SampleState(self.edition, self.extra)

    def start(self) -> Self:
        self._thread.start()
        return self

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128  # a collector opens connections to all outlets at once

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away in the middle is no event here; anything else is told as usual."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


def _handler(web: SampleServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server_version = "sample-web"
        sys_version = ""

        def do_GET(self) -> None:
            self._answer(body=True)

        def do_HEAD(self) -> None:
            self._answer(body=False)

        def _answer(self, *, body: bool) -> None:
            made = answer(self.headers.get("Host", ""), self.path, dict(self.headers), web.state)
            if web.delays and made.delay:
                time.sleep(made.delay)
            self.send_response(made.status)
            for name, value in made.headers:
                self.send_header(name, value)
            if made.status != HTTPStatus.NOT_MODIFIED:
                self.send_header("Content-Length", str(len(made.body)))
            self.end_headers()
            if body:
                self.wfile.write(made.body)

        def log_message(self, *args: object) -> None:
            """Quiet: the collector keeps its own record."""

    return Handler


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m ingest.sample_web", description="Serve the sample web.")
    parser.add_argument("--port", type=int, default=8765)
    parser.add_argument("--edition", type=int, choices=(0, 1), default=0, help="1: edited and later articles too")
    parser.add_argument("--extra", type=int, default=0, help="generated articles of one more outlet")
    options = parser.parse_args(argv)
    try:
        server = SampleServer(port=options.port, edition=options.edition, extra=options.extra)
    except OSError as error:
        print(f"cannot serve on 127.0.0.1:{options.port}: {error.strerror}", file=sys.stderr)
        return 1
    print(HOW_TO_LOOK.format(port=server.port), flush=True)
    with server:
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return 0
    return 0


HOW_TO_LOOK = """The sample web is on http://127.0.0.1:{port}/ (Ctrl-C ends it). Ways to look at it:
  in a browser:  http://127.0.0.1:{port}/ lists the outlets
  as the web:    chromium --host-resolver-rules="MAP *.example 127.0.0.1:{port}" http://kedrpress.example/
  a feed:        curl -H 'Host: kedrpress.example' http://127.0.0.1:{port}/rss.xml"""

if __name__ == "__main__":
    raise SystemExit(main())
