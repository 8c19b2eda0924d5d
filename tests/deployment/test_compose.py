"""The compose file, read by Compose itself (its validation needs no engine), and what the project promises about it."""

import re
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
GIB = 2**30


def compose(*arguments: str, file: Path = ROOT / "docker-compose.yml", env: Path) -> subprocess.CompletedProcess[str]:
    spec = find_spec("compose")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    binary = Path(spec.submodule_search_locations[0]) / "docker-compose"
    command = [str(binary), "--project-directory", str(ROOT), "--env-file", str(env), "-f", str(file), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What script/env writes, in a folder of its own."""
    root = tmp_path_factory.mktemp("installation")
    (root / "script").mkdir()
    (root / "script" / "env").write_text((ROOT / "script" / "env").read_text())
    subprocess.run(["sh", str(root / "script" / "env")], check=True, capture_output=True)
    return root / ".env"


@pytest.fixture(scope="module")
def config(env: Path) -> dict[str, Any]:
    result = compose("config", env=env)
    assert result.returncode == 0, result.stderr
    return yaml.safe_load(result.stdout)  # type: ignore[no-any-return]


def test_it_is_valid_by_the_compose_specification(env: Path) -> None:
    result = compose("config", "--quiet", env=env)
    assert (result.returncode, result.stderr) == (0, "")


def test_a_misspelt_key_is_refused(env: Path, tmp_path: Path) -> None:
    file = tmp_path / "docker-compose.yml"
    file.write_text((ROOT / "docker-compose.yml").read_text().replace("mem_limit", "mem_limt", 1))
    assert "mem_limt" in compose("config", "--quiet", file=file, env=env).stderr


def test_without_secrets_it_says_what_to_run(tmp_path: Path) -> None:
    empty = tmp_path / ".env"
    empty.write_text("")
    assert "run script/env first" in compose("config", "--quiet", env=empty).stderr


def test_the_secrets_are_fresh_and_private(env: Path) -> None:
    values = dict(line.split("=", 1) for line in env.read_text().splitlines() if "=" in line and line[0] != "#")
    secrets = {n: v for n, v in values.items() if n != "AMUR_CONTACT"}
    assert len(set(secrets.values())) == len(secrets) >= 10
    assert all(len(v) >= 40 for v in secrets.values())
    assert env.stat().st_mode & 0o077 == 0


def test_an_existing_file_of_secrets_is_kept(env: Path) -> None:
    before = env.read_text()
    subprocess.run(["sh", str(env.parent / "script" / "env")], check=True, capture_output=True)
    assert env.read_text() == before


def lasting(config: dict[str, Any]) -> dict[str, Any]:
    return {n: s for n, s in config["services"].items() if s.get("restart") == "unless-stopped"}


def test_memory_fits_eight_gigabytes(config: dict[str, Any]) -> None:
    limits = {name: int(service["mem_limit"]) for name, service in lasting(config).items()}
    assert sum(limits.values()) <= 7.6 * GIB, limits


def test_every_lasting_service_has_a_health_check(config: dict[str, Any]) -> None:
    own_image = {"dashboard"}  # its check is in the Dockerfile
    assert {n for n, s in lasting(config).items() if "healthcheck" not in s} == own_image
    assert "HEALTHCHECK" in (ROOT / "Dockerfile").read_text()


def test_ports_are_local_and_images_pinned(config: dict[str, Any]) -> None:
    ports = [p for s in config["services"].values() for p in s.get("ports", [])]
    assert {p["host_ip"] for p in ports} == {"127.0.0.1"}
    images = {s["image"] for s in config["services"].values()}
    assert all(re.search(r":\d+\.\d+", image) for image in images), images


def test_no_password_is_written_down() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    named = re.findall(r"^\s*\w*(?:PASSWORD|SECRET|KEY): *(.+)$", text, re.MULTILINE)
    assert named
    assert all(value.startswith("${") for value in named), named


def test_volumes_that_hold_state_are_named(config: dict[str, Any]) -> None:
    assert {"amur-data", "elasticsearch-data", "postgres-data"} <= set(config["volumes"])
