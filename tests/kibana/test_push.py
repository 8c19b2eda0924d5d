"""Importing into Kibana, played by a strict stand-in (Kibana itself cannot run here)."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from amur.errors import StoreError, StoreUnavailable
from index.kibana import build
from index.kibana.push import push

Answer = Callable[[list[dict[str, object]], dict[str, str]], tuple[int, object]]


@contextmanager
def kibana(answer: Answer) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            status, reply = self.judge(body)
            self.send_response(status)
            self.end_headers()
            self.wfile.write(reply if isinstance(reply, bytes) else json.dumps(reply).encode())

        def judge(self, body: str) -> tuple[int, object]:
            if self.path != "/api/saved_objects/_import?overwrite=true":
                return 404, {"message": self.path}
            if "kbn-xsrf" not in self.headers:
                return 400, {"message": "Request must contain a kbn-xsrf header."}
            part = re.search(r'name="file"; filename="([^"]+)".*?\r\n\r\n(.*?)\r\n--', body, re.DOTALL)
            if part is None or not part[1].endswith(".ndjson"):
                return 400, {"message": "Invalid file extension"}
            return answer([json.loads(line) for line in part[2].splitlines()], dict(self.headers))

        def log_message(self, *_args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def test_all_objects_arrive_whole() -> None:
    seen: list[dict[str, object]] = []

    def take(objects: list[dict[str, object]], headers: dict[str, str]) -> tuple[int, object]:
        seen.extend(objects)
        assert headers["authorization"].startswith("Basic ")
        return 200, {"success": True, "successCount": len(objects)}

    lines: list[str] = []
    with kibana(take) as url:
        count = push(url, user="elastic", password="secret", progress=lines.append)
    assert count == len(build.saved_objects())
    assert seen == build.saved_objects()
    assert lines == [f"importing 1 tag, 4 data views, 20 saved searches, 2 dashboards into {url}"]


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        ((200, {"success": False, "errors": [{"type": "search", "id": "d", "error": {"type": "missing_references"}}]}),
         "search d: missing_references"),
        ((401, {"message": "no"}), "AMUR_STORE_USER"),
        ((500, {"message": "migration failed"}), "migration failed"),
        ((200, b"<html>a proxy</html>"), "is it Kibana"),
    ],
)  # fmt: skip
def test_a_refusal_is_named(reply: tuple[int, object], said: str) -> None:
    with kibana(lambda _objects, _headers: reply) as url, pytest.raises(StoreError, match=said):
        push(url)


def test_a_kibana_that_starts_is_waited_for_by_who_calls() -> None:
    with (
        kibana(lambda _objects, _headers: (503, b"Kibana server is not ready yet")) as url,
        pytest.raises(StoreUnavailable, match="not ready yet"),
    ):
        push(url)


def test_no_answer_says_so_and_shows_no_secret() -> None:
    with pytest.raises(StoreUnavailable, match="does not answer") as caught:
        push("http://127.0.0.1:9", user="u", password="hush hush")
    assert "hush" not in str(caught.value)
