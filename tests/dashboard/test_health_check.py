"""A health check needs no secret, and learns nothing but that the server answers."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from dashboard.app import create_app
from dashboard.parts import Parts


def test_it_answers_without_a_secret_and_says_nothing_else(connect: Callable[..., Any], parts: Parts) -> None:
    guarded = replace(parts, settings=replace(parts.settings, password="open sesame"))
    get = connect(create_app(guarded, host="0.0.0.0"))
    assert (get("/healthz").status, get("/healthz").text) == (200, "ok\n")
    assert get("/").status == 401
