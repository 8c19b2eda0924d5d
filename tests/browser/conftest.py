"""A real Chromium on a real server; whatever leaves the machine is refused and fails the test."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from dashboard.app import create_app
from dashboard.server import _listen
from tests.dashboard.documents import make_parts

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_chromium() -> str:
    """The path of a browser, or a loud skip; under AMUR_TEST_STRICT a failure."""
    found = os.environ.get("AMUR_TEST_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), "")
    if not found:
        say = pytest.fail if os.environ.get("AMUR_TEST_STRICT") == "1" else pytest.skip
        say("no Chromium found: install it (Debian: apt-get install chromium) or set AMUR_TEST_CHROMIUM")
    return found


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The dashboard with the small collection, served in a thread."""
    parts = make_parts(tmp_path_factory.mktemp("served"))
    listener = _listen("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(create_app(parts), log_level="error", lifespan="on"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """One browser a module: Playwright's event loop runs as long, and no other test may start one meanwhile."""
    path = find_chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


class Watch:
    """What a page must not do: ask elsewhere, complain in the console, fail."""

    def __init__(self) -> None:
        self.outside: list[str] = []
        self.complaints: list[str] = []


@pytest.fixture
def open_page(chromium: Any, address: str) -> Iterator[Callable[..., Any]]:
    """`open_page(**options of the context)` -> (page, watch); what was watched is checked at the end."""
    opened: list[tuple[Any, Watch]] = []

    def open_page(**options: Any) -> tuple[Any, Watch]:
        context = chromium.new_context(base_url=address, locale="en-GB", **options)
        context.set_default_timeout(20_000)
        watch = Watch()
        context.route("**/*", lambda route: _only(address, route, watch))
        page = context.new_page()
        page.on("console", lambda m: watch.complaints.append(m.text) if m.type in {"error", "warning"} else None)
        page.on("pageerror", lambda e: watch.complaints.append(str(e)))
        opened.append((context, watch))
        return page, watch

    yield open_page
    for context, _watch in opened:
        context.close()
    assert [w.outside for _c, w in opened if w.outside] == []
    assert [w.complaints for _c, w in opened if w.complaints] == []


def _only(address: str, route: Any, watch: Watch) -> None:
    if route.request.url.startswith(address + "/"):
        route.continue_()
    else:
        watch.outside.append(route.request.url)
        route.abort()


@pytest.fixture(scope="session")
def pictures() -> Path | None:
    """Where screenshots go, where AMUR_TEST_PICTURES names a folder."""
    folder = os.environ.get("AMUR_TEST_PICTURES")
    return Path(folder) if folder else None
