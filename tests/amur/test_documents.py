"""The documents that a newcomer meets say what is true."""

import re
import sys
from pathlib import Path

import yaml

import amur

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "script"))


def test_the_settings_page_is_the_settings() -> None:
    import settings_page

    assert (ROOT / "docs" / "settings.md").read_text(encoding="utf-8") == settings_page.page()


def test_the_version_is_the_same_everywhere() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    project = re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    image = re.search(r"image: amur:(\S+)", (ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    assert project is not None
    assert image is not None
    assert {citation["version"], project[1], image[1]} == {amur.__version__}


def test_links_between_documents_lead_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert broken == []


def test_commands_named_in_the_readme_exist() -> None:
    from typer.main import get_command

    from amur.cli import app

    names = set(get_command(app).commands)  # type: ignore[attr-defined]
    used = set(re.findall(r"`amur ([a-z]+)", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert used - names == set()


def test_every_command_shows_an_example() -> None:
    from typer.main import get_command

    from amur.cli import app

    def leaves(command: object, path: str) -> list[str]:
        inner = getattr(command, "commands", None)
        if inner:
            return [x for name, c in inner.items() for x in leaves(c, f"{path} {name}")]
        text = getattr(command, "help", "") or ""
        return [] if "Example: `amur" in text else [path]

    assert leaves(get_command(app), "amur") == []
