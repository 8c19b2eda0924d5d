import pytest

from amur.errors import SettingsError
from amur.settings import Settings


def test_values_come_from_the_environment_and_overrides_win() -> None:
    settings = Settings.load({"AMUR_PORT": "9000", "AMUR_PRIVATE": "yes"}, port=9001, host=None)
    assert (settings.port, settings.private, settings.host) == (9001, True, "127.0.0.1")


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"AMUR_PORT": "many"}, "AMUR_PORT"),
        ({"AMUR_PRIVATE": "perhaps"}, "AMUR_PRIVATE"),
        ({"AMUR_TIME_ZONE": "Mars/Olympus"}, "AMUR_TIME_ZONE"),
        ({"AMUR_TIME_ZONE": "../etc"}, "AMUR_TIME_ZONE"),
        ({"AMUR_TIME_ZONE": "Europe"}, "AMUR_TIME_ZONE"),
        ({"AMUR_TIME_ZONE": ""}, "AMUR_TIME_ZONE"),
        ({"AMUR_LOG": "loud"}, "AMUR_LOG"),
        ({"AMUR_PROT": "1"}, "unknown setting AMUR_PROT"),
    ],
)
def test_a_wrong_value_names_its_variable(environ: dict[str, str], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        Settings.load(environ)


def test_zones_and_levels_that_there_are() -> None:
    settings = Settings.load({"AMUR_TIME_ZONE": "Asia/Shanghai", "AMUR_LOG": "INFO"})
    assert (settings.time_zone, settings.log) == ("Asia/Shanghai", "info")


def test_secrets_are_not_shown() -> None:
    settings = Settings.load({"AMUR_STORE_PASSWORD": "open sesame", "AMUR_LEDGER": "postgresql://u:hush@h/d"})
    shown = repr(settings) + str(settings.table())
    assert "open sesame" not in shown
    assert "hush" not in shown


def test_local_names() -> None:
    settings = Settings.load({"AMUR_RESOLVE": ".example=127.0.0.1:81, a.test=127.0.0.2:82"})
    assert settings.hosts == {".example": ("127.0.0.1", 81), "a.test": ("127.0.0.2", 82)}
    with pytest.raises(SettingsError, match="NAME=ADDRESS:PORT"):
        Settings.load({"AMUR_RESOLVE": "nonsense"}).hosts  # noqa: B018
