"""Writes docs/settings.md from the settings themselves: `.venv/bin/python script/settings_page.py`."""

from pathlib import Path

from amur.settings import Settings

HEAD = """# Settings

Each is an environment variable, read once at start. Commands take the commonest as options too (`--data`, `--store`,
`--sources`, `--host`, `--port`). `amur doctor` shows what is in force.

| variable | default | what it is |
|---|---|---|
"""


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def page() -> str:
    rows = [f"| `{r['name']}` | {_code(r['default'])} | {r['help']} |" for r in Settings().table()]
    return HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    Path(__file__).parents[1].joinpath("docs", "settings.md").write_text(page(), encoding="utf-8")
