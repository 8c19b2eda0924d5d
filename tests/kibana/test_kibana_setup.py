"""The stack imports the objects itself: the service of the compose file, its command run against the stand-in."""

import os
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from index.kibana import build
from tests.kibana.test_push import kibana

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def service() -> dict[str, Any]:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
    return services["kibana-setup"]  # type: ignore[no-any-return]


def test_it_runs_once_after_kibana_is_healthy_and_keeps_no_data(service: dict[str, Any]) -> None:
    assert service["restart"] == "no"
    assert service["depends_on"] == {"kibana": {"condition": "service_healthy"}}
    assert service["volumes"] == []


def test_its_user_may_save_in_kibana_and_only_read_the_store(service: dict[str, Any]) -> None:
    user = service["environment"]["AMUR_STORE_USER"]
    setup = (ROOT / "script" / "store_setup.sh").read_text(encoding="utf-8")
    role = setup.split("_security/role/amur_analyst", 1)[1].split("put PUT", 1)[0]
    assert f"_security/user/{user} " in setup
    assert '"roles\\": [\\"amur_analyst\\"]' in setup.split(f"_security/user/{user} ", 1)[1]
    assert '"space_all"' in role
    assert '"privileges": ["read", "view_index_metadata"]' in role


def test_its_command_imports_everything(service: dict[str, Any]) -> None:
    from amur.cli import app

    seen: list[str] = []

    def take(objects: list[dict[str, object]], headers: dict[str, str]) -> tuple[int, object]:
        seen.append(headers["authorization"])
        return 200, {"success": True, "successCount": len(objects)}

    *command, address = service["command"]
    assert address == "http://kibana:5601"
    environment = {name: value.replace("${ANALYST_PASSWORD}", "pass") for name, value in service["environment"].items()}
    with kibana(take) as url:
        result = CliRunner().invoke(app, [*command, url], env={**os.environ, **environment})
    assert (result.exit_code, seen) == (0, ["Basic YW5hbHlzdDpwYXNz"])
    assert f"{len(build.saved_objects())} objects imported" in result.output
