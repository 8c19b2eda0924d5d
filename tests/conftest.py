"""Tiers, and the rule that a skip is loud: named in one line, and with --no-skips a failure."""

import os

import pytest
from hypothesis import settings


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--all", action="store_true", help="run every tier, not only the everyday one")
    parser.addoption("--no-skips", action="store_true", help="a skipped test is a failure (AMUR_TEST_STRICT=1)")


def pytest_configure(config: pytest.Config) -> None:
    # A loaded machine is slow, not wrong: what must be quick has a bound of its own in its test.
    settings.register_profile("patient", deadline=None)
    settings.load_profile("patient")
    if config.getoption("--no-skips"):
        os.environ["AMUR_TEST_STRICT"] = "1"
    # A developer's own settings must not reach the tests.
    for name in [n for n in os.environ if n.startswith("AMUR_") and not n.startswith(("AMUR_TEST_", "AMUR_BENCH_"))]:
        del os.environ[name]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--all"):
        return
    later = [i for i in items if i.get_closest_marker("all_tiers")]
    if later:
        config.hook.pytest_deselected(items=later)
        items[:] = [i for i in items if not i.get_closest_marker("all_tiers")]


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = len(reporter.stats.get("skipped", [])) if reporter else 0
    if skipped and os.environ.get("AMUR_TEST_STRICT") == "1" and exitstatus == pytest.ExitCode.OK:
        print(f"\n{skipped} skipped under --no-skips: each is a failure")
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
