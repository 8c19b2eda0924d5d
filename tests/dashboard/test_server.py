"""Starts, answers, ends cleanly; refuses what it must."""

import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path

import pytest

from amur.errors import SettingsError, UsageError
from dashboard import charts, serve
from dashboard.bundle import Bundle
from dashboard.parts import Parts

ROOT = Path(__file__).parents[2]
SCRIPT = """
import sys
from pathlib import Path
from dashboard import serve
from tests.dashboard.documents import make_parts
port = int(sys.argv[2])
serve(make_parts(Path(sys.argv[1])), "127.0.0.1", port, lambda: print("ready", flush=True))
print("ended", flush=True)
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_it_is_told_to_end(tmp_path: Path, number: signal.Signals) -> None:
    port = free_port()
    command = [sys.executable, "-c", SCRIPT, str(tmp_path), str(port)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        watchdog = threading.Timer(60, process.kill)
        watchdog.start()
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/collection") as page:
            assert page.status == 200
        process.send_signal(number)
        out, errors = process.communicate()
        watchdog.cancel()
    assert errors == ""
    assert number != signal.SIGINT or (process.returncode, out) == (0, "ended\n")


def test_a_taken_port_is_said_in_one_sentence(parts: Parts) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(UsageError, match="--port"):
            serve(parts, "127.0.0.1", other.getsockname()[1])


@pytest.mark.parametrize(("host", "port"), [("127.0.0.1", 99999), ("127.0.0.1", -1)])
def test_a_port_that_cannot_be_is_said_in_one_sentence(parts: Parts, host: str, port: int) -> None:
    with pytest.raises(UsageError, match="--port"):
        serve(parts, host, port)


def test_charts_are_made_ready_before_anybody_asks(tmp_path: Path) -> None:
    bundle = Bundle(tmp_path)
    bundle.file.write_bytes(b"built before")
    told: list[str] = []
    bundle.warm(lambda: told.append("altair")).join()
    assert (told, bundle.compressed()) == (["altair"], b"built before")
    charts.warm()


def test_it_does_not_open_itself_to_others_without_a_secret(parts: Parts) -> None:
    with pytest.raises(SettingsError, match="AMUR_PASSWORD"):
        serve(parts, "0.0.0.0", free_port())
