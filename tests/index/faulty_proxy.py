"""A proxy before a real Elasticsearch that answers some requests wrongly, as a busy or failing server does."""

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Proxy(ThreadingHTTPServer):
    """`faults` are used up by bulk requests, one each: a status for the request, or "items" for busy items in it."""

    daemon_threads = True

    def __init__(self, target: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.target = target
        self.faults: list[int | str] = []
        self.bulks = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: Proxy
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fault = None
        if self.path.partition("?")[0].endswith("/_bulk"):
            self.server.bulks += 1
            fault = self.server.faults.pop(0) if self.server.faults else None
        if fault == "items":
            self.answer(200, json.dumps(_busy(body)).encode())
        elif fault == "cut":
            self.close_connection = True
        elif isinstance(fault, int):
            self.answer(
                fault, json.dumps({"error": {"type": "busy", "reason": "queue full"}, "status": fault}).encode()
            )
        else:
            self.forward(body)

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = handle_any  # noqa: N815

    def forward(self, body: bytes) -> None:
        kept = ("content-type", "accept", "authorization")
        headers = {k: v for k, v in self.headers.items() if k.lower() in kept}
        request = urllib.request.Request(
            self.server.target + self.path, data=body or None, headers=headers, method=self.command
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                self.answer(response.status, response.read(), response.headers["Content-Type"])
        except urllib.error.HTTPError as error:
            self.answer(error.code, error.read(), error.headers["Content-Type"])

    def answer(
        self,
        status: int,
        body: bytes,
        content_type: str | None = "application/vnd.elasticsearch+json;compatible-with=9",
    ) -> None:
        self.send_response(status)
        self.send_header("X-Elastic-Product", "Elasticsearch")
        self.send_header("Content-Type", content_type or "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def _busy(body: bytes) -> dict[str, object]:
    """429 for every item: the thread pool's queue is full."""
    actions = [json.loads(line)["index"] for line in body.splitlines() if line.startswith(b'{"index"')]
    error = {"type": "es_rejected_execution_exception", "reason": "queue full"}
    items = [{"index": {"_index": a["_index"], "_id": a["_id"], "status": 429, "error": error}} for a in actions]
    return {"took": 1, "errors": True, "items": items}


@contextmanager
def before(target: str) -> Iterator[Proxy]:
    proxy = Proxy(target)
    thread = threading.Thread(target=proxy.serve_forever, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.shutdown()
        proxy.server_close()
        thread.join()
