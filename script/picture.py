"""Takes the README's picture from the sample: `.venv/bin/python script/picture.py FOLDER` after `script/run --sample`.

FOLDER is the data folder of the sample. Needs Chromium.
"""

import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

TARGET = Path(__file__).parents[1] / "docs" / "images" / "dashboard.png"
PORT = 8653
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]


def wait(url: str, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(url, timeout=2)
            return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.2)
    raise SystemExit(f"{url} did not answer in {seconds:.0f} s")


def take(url: str, target: Path) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"), args=FLAGS
        )
        page = browser.new_page(viewport={"width": 1280, "height": 1180})
        page.goto(url)
        page.wait_for_selector("svg.marks", timeout=60_000)
        page.wait_for_load_state("networkidle")
        target.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(target))
        browser.close()


def main(folder: str) -> None:
    command = [sys.executable, "-m", "amur.cli", "serve", "--sample", "--data", folder, "--port", str(PORT)]
    server = subprocess.Popen(command)
    try:
        wait(f"http://127.0.0.1:{PORT}/healthz")
        take(f"http://127.0.0.1:{PORT}/", TARGET)
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
