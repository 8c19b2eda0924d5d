"""Measures against expectations that were computed by hand (tests/data/index/measures.toml)."""

import tomllib
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from index.answers import Acts, Block, OutletDay, Spread
from index.measures import silence, usual, window
from index.measures_events import quadrants
from index.measures_intervals import changes, discoveries, intervals
from index.measures_rising import rising

CASES = tomllib.loads((Path(__file__).parents[1] / "data/index/measures.toml").read_text(encoding="utf-8"))
MAY = date(2024, 5, 6)


def cases(name: str) -> list[Any]:
    return [pytest.param(case, id=case.get("name")) for case in CASES[name]]


def week(name: str) -> date:
    year, number = name.split("-W")
    return date.fromisocalendar(int(year), int(number), 1)


def blocks(weekly: dict[str, list[int]], weeks: int, *, covered: bool = True) -> list[Block]:
    return [
        Block(MAY, "en", outlet, MAY + timedelta(days=7 * n), decided, relevant, covered)
        for outlet, (decided, relevant) in weekly.items()
        for n in range(weeks)
    ]


def filled(expected: dict[str, Any], *names: str) -> dict[str, Any]:
    """TOML has no null: what is not named is None."""
    return {**dict.fromkeys(names), **expected}


@pytest.mark.parametrize("case", cases("usual"))
def test_usual_range(case: dict[str, Any]) -> None:
    got = usual({week(w): n for w, n in case["counts"].items()}, [week(w) for w in case["covered"]])
    assert asdict(got) == filled(case["expected"], "middle", "low", "high")


@pytest.mark.parametrize("case", cases("silence"))
def test_silence(case: dict[str, Any]) -> None:
    told = window(datetime(2024, 3, 1, 9, tzinfo=UTC), datetime(2024, 3, 2, 12, tzinfo=UTC))
    days = [
        OutletDay(outlet, "zh", "western", date(2024, 3, day), day in covered)
        for outlet, covered in case["covered"].items()
        for day in range(1, 10)
    ]
    (got,) = silence(told, {("zh", "western"): case["reports"]}, days, datetime.fromisoformat(case["now"]))
    assert [got.state, got.why, list(got.outlets)] == case["expected"]


@pytest.mark.parametrize("case", cases("quadrants"))
def test_quadrants(case: dict[str, Any]) -> None:
    got = quadrants([Acts(*row) for row in case["acts"]], "RUS", "CHN")
    assert {q.quadrant: [q.mutual, q.forth, q.back, q.all] for q in got} == case["expected"]


@pytest.mark.parametrize("case", cases("rising"))
def test_rising(case: dict[str, Any]) -> None:
    got = rising([Spread(*row) for row in case["now"]], case["before"], tuple(case["totals"]))
    assert [[r.key, *(pytest.approx(x, abs=2e-5) for x in (r.log_odds, r.z, r.p))] for r in got] == case["expected"]


@pytest.mark.parametrize("case", cases("discoveries"))
def test_discoveries(case: dict[str, Any]) -> None:
    assert list(discoveries(case["p"])) == case["expected"]


@pytest.mark.parametrize("case", cases("intervals"))
def test_intervals(case: dict[str, Any]) -> None:
    weekly = {f"outlet{n}": [case["decided"], case["relevant"]] for n in range(case["outlets"])}
    got = intervals(blocks(weekly, case["weeks"]))[(MAY, "en")]
    assert asdict(got) == pytest.approx(filled(case["expected"], "share", "low", "high"))


@pytest.mark.parametrize("case", cases("changes"))
def test_changes(case: dict[str, Any]) -> None:
    after = blocks(case["after"], 3, covered=not case.get("gaps", False))
    (got,) = changes(blocks(case["before"], 3), after)
    expected = {"why": "", "found": False, "group": "en", **case["expected"]}
    assert asdict(got) == filled(expected, "before", "after", "difference", "low", "high", "p")


def test_the_same_question_has_the_same_interval() -> None:
    given = blocks({f"outlet{n}": [100 + n, n] for n in range(10)}, 3)
    assert intervals(given) == intervals(reversed(given))
