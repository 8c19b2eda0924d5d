"""Who may look, and what a page may load."""

import base64
from collections.abc import Callable
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from amur.errors import SettingsError
from amur.settings import Settings
from dashboard.security import Guard, SafeHeaders, require_secret

Connect = Callable[..., Any]


def guarded(settings: Settings, host: str = "127.0.0.1") -> Starlette:
    return Starlette(
        routes=[Route("/", lambda _request: PlainTextResponse("in"))],
        middleware=[Middleware(SafeHeaders), Middleware(Guard, settings=settings, host=host)],
    )


def basic(password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"anyone:{password}".encode()).decode()}


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.4", "::", "dash.example.org"])
def test_another_address_than_loopback_demands_a_secret(host: str) -> None:
    with pytest.raises(SettingsError, match="AMUR_PASSWORD"):
        require_secret(Settings(), host)
    require_secret(Settings(password="x"), host)
    require_secret(Settings(token="x"), host)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_loopback_demands_none(host: str) -> None:
    require_secret(Settings(), host)


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("127.0.0.1:8642", 200),
        ("localhost", 200),
        ("LOCALHOST:1", 200),
        ("[::1]:8642", 200),
        ("evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("", 421),
        ("127.0.0.1:8811@evil.com", 421),
        ("localhost:abc", 421),
        ("localhost:", 421),
        ("[::1", 421),
        ("[::1]evil.example", 421),
        ("localhost\n", 421),
    ],
)
def test_a_rebound_name_is_refused_on_loopback(connect: Connect, name: str, status: int) -> None:
    assert connect(guarded(Settings()))("/", {"Host": name}).status == status


def test_elsewhere_any_name_is_answered_to_who_has_the_secret(connect: Connect) -> None:
    outside = connect(guarded(Settings(password="s3cret"), "0.0.0.0"))
    assert outside("/", {"Host": "amur.example"} | basic("s3cret")).status == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        (basic("wrong"), 401),
        (basic(""), 401),
        ({"Authorization": "Basic not-base64"}, 401),
        ({"Authorization": "Bearer пароль".encode().decode("latin-1")}, 401),
        (basic("пароль"), 200),
        ({"Authorization": "Bearer t0ken"}, 200),
        (basic("t0ken"), 200),
        ({"Authorization": "Bearer wrong"}, 401),
    ],
)
def test_password_and_token(connect: Connect, headers: dict[str, str], status: int) -> None:
    reply = connect(guarded(Settings(password="пароль", token="t0ken")))("/", headers)
    assert reply.status == status
    assert ("www-authenticate" in reply.headers) == (status == 401)


def test_an_unset_token_is_not_an_empty_one(connect: Connect) -> None:
    assert connect(guarded(Settings(password="p")))("/", {"Authorization": "Bearer "}).status == 401


@pytest.mark.parametrize("headers", [{}, {"Host": "evil.example"}])
def test_every_response_carries_the_policy(connect: Connect, headers: dict[str, str]) -> None:
    sent = connect(guarded(Settings()))("/", headers).headers
    assert "unsafe" not in sent["content-security-policy"]
    assert "default-src 'none'" in sent["content-security-policy"]
    assert sent["x-content-type-options"] == "nosniff"
    assert sent["referrer-policy"] == "no-referrer"
