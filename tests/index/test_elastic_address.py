"""Where a store may be, and that no secret is told."""

from typing import Any

import pytest

from amur.errors import SettingsError, StoreUnavailable
from amur.settings import Settings
from index.store import open_store
from index.store.elastic_address import client_options, is_local, without_secrets

USER = {"store_user": "amur", "store_password": "hidden-word"}

REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("http://search.example:9200", USER, "https"),
    ("http://10.0.0.5:9200", USER, "https"),
    ("http://192.168.1.5:9200", USER, "https"),
    ("https://search.example:9200", {}, "AMUR_STORE_USER"),
    ("https://10.0.0.5:9200", {}, "AMUR_STORE_USER"),
    ("http://amur:hidden-word@search.example", {}, "https"),
    ("https://", {}, "host"),
    ("ftp://search.example", {}, "embedded"),
    ("search.example:9200", {}, "embedded"),
]


@pytest.mark.parametrize(("url", "settings", "word"), REFUSED, ids=[u for u, _, _ in REFUSED])
def test_an_address_that_is_not_safe_is_refused(url: str, settings: dict[str, Any], word: str) -> None:
    with pytest.raises(SettingsError, match=word) as caught:
        open_store(url, settings=Settings(**settings))
    assert "hidden-word" not in str(caught.value)
    if word in {"https", "AMUR_STORE_USER"}:
        assert "AMUR_STORE_INSECURE" in str(caught.value)


ALLOWED: list[tuple[str, dict[str, Any]]] = [
    ("http://127.0.0.1:9200", {}),
    ("http://localhost:9200", {}),
    ("http://[::1]:9200", {}),
    ("https://search.example:9200", USER),
    ("https://search.example", {"store_api_key": "hidden-word"}),
    ("https://amur:hidden-word@search.example", {}),
    ("http://elasticsearch:9200", {"store_insecure": True}),
]


@pytest.mark.parametrize(("url", "settings"), ALLOWED, ids=[u for u, _ in ALLOWED])
def test_an_address_that_is_safe_or_allowed(url: str, settings: dict[str, Any]) -> None:
    options = client_options(url, Settings(**settings))
    assert "hidden-word" not in str(options["hosts"])
    assert options["hosts"][0].count(":") >= 2


def test_a_private_address_is_not_this_machine() -> None:
    assert [is_local(h) for h in ("127.0.0.9", "::1", "localhost", "10.0.0.1", "0.0.0.0", "example")] == [
        True, True, True, False, False, False,
    ]  # fmt: skip


def test_a_url_is_shown_without_secrets() -> None:
    assert without_secrets("https://u:p@h.example:9200/?key=p") == "https://h.example:9200"


def test_a_server_that_is_not_there_is_unavailable_and_the_message_has_no_secret() -> None:
    store = open_store("http://amur:hidden-word@127.0.0.1:1", settings=Settings())
    assert store.url == "http://127.0.0.1:1"
    with pytest.raises(StoreUnavailable, match=r"127\.0\.0\.1:1") as caught:
        store.ensure()
    assert "hidden-word" not in str(caught.value)
