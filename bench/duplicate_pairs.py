"""Labelled pairs of copies and non-copies in three languages, made from our own texts by hand-written recipes."""

import itertools
import json
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent.parent / "tests" / "data" / "ingest_pages"
LANGUAGES = ("en", "ru", "zh")
# Days of a template: day of the month and five figures.
FILLS = (
    {"day": 4, "a": "11.42", "b": "3", "c": "81.15", "d": "93.6", "e": "118"},
    {"day": 5, "a": "11.47", "b": "5", "c": "80.88", "d": "93.1", "e": "127"},
    {"day": 6, "a": "11.39", "b": "8", "c": "80.73", "d": "92.7", "e": "104"},
    {"day": 12, "a": "11.61", "b": "2", "c": "82.02", "d": "95.4", "e": "140"},
)


@dataclass(frozen=True, slots=True)
class Text:
    lang: str
    title: str
    paragraphs: tuple[str, ...]

    @property
    def body(self) -> str:
        return "\n".join(self.paragraphs)


@dataclass(frozen=True, slots=True)
class Pair:
    one: Text
    other: Text
    copy: bool
    kind: str


def pairs() -> list[Pair]:
    """Every labelled pair, copies first, in an order that never changes."""
    recipes = tomllib.loads((DATA / "recipes.toml").read_text(encoding="utf-8"))
    lines = (DATA / "tellings.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    found: list[Pair] = []
    for lang in LANGUAGES:
        own = {(r["event"], r["telling"]): _text(r) for r in rows if r["lang"] == lang}
        found += _copies(own, recipes[lang])
        found += _others(own, recipes[lang])
    return sorted(found, key=lambda pair: not pair.copy)


def _text(row: dict[str, Any]) -> Text:
    return Text(row["lang"], row["title"], tuple(row["paragraphs"]))


def _copies(own: dict[tuple[str, str], Text], recipe: dict[str, Any]) -> Iterator[Pair]:
    for number, text in enumerate(own.values()):
        for edit in EDITS:
            yield Pair(text, edit(text, recipe, number), True, edit.__name__.strip("_"))


def _others(own: dict[tuple[str, str], Text], recipe: dict[str, Any]) -> Iterator[Pair]:
    events = sorted({event for event, _ in own})
    for event in events:
        a, b = own[event, "a"], own[event, "b"]
        yield Pair(a, b, False, "told separately")
        for edit in (_boilerplate, _background, _words):
            yield Pair(edit(a, recipe, 0), edit(b, recipe, 0), False, f"told separately, {edit.__name__.strip('_')}")
    for (one, other), telling in itertools.product(itertools.combinations(events, 2), "ab"):
        edit = _background if telling == "a" else _boilerplate
        yield Pair(edit(own[one, telling], recipe, 0), edit(own[other, telling], recipe, 0), False, "shared background")
    for template in recipe["templates"]:
        filled = [Text(own[events[0], "a"].lang, template["title"], (template["body"].format(**f),)) for f in FILLS]
        for one_day, other_day in itertools.combinations(filled, 2):
            yield Pair(one_day, other_day, False, "template")


def _retitle(text: Text, recipe: dict[str, Any], number: int) -> Text:
    return Text(text.lang, recipe["titles"][number % 3], text.paragraphs)


def _dateline(text: Text, recipe: dict[str, Any], number: int) -> Text:
    bare = re.sub(r"^[^.—–]{3,30}?(?:[.—–-]\s+|电 )", "", text.paragraphs[0], count=1)
    return Text(text.lang, text.title, (recipe["datelines"][number % 3] + bare, *text.paragraphs[1:]))


def _cut_one(text: Text, _recipe: dict[str, Any], _number: int) -> Text:
    return Text(text.lang, text.title, text.paragraphs[:-1])


def _cut_two(text: Text, _recipe: dict[str, Any], _number: int) -> Text:
    return Text(text.lang, text.title, text.paragraphs[:-2])


def _boilerplate(text: Text, recipe: dict[str, Any], _number: int) -> Text:
    return Text(text.lang, text.title, (*recipe["lead_in"], *text.paragraphs, *recipe["tail"]))


def _reorder(text: Text, _recipe: dict[str, Any], _number: int) -> Text:
    a, b, c, d, e = text.paragraphs
    return Text(text.lang, text.title, (a, c, d, b, e))


def _words(text: Text, recipe: dict[str, Any], _number: int) -> Text:
    changed = list(text.paragraphs)
    for old, new in recipe["words"]:
        changed = [paragraph.replace(old, new) for paragraph in changed]
    return Text(text.lang, text.title, tuple(changed))


def _background(text: Text, recipe: dict[str, Any], _number: int) -> Text:
    return Text(text.lang, text.title, (*text.paragraphs, recipe["background"]))


def _style(text: Text, _recipe: dict[str, Any], _number: int) -> Text:
    """Another typography; the other script in Chinese."""
    if text.lang == "zh":
        return Text(text.lang, text.title, tuple(_traditional(p) for p in text.paragraphs))
    table = str.maketrans({"ё": "е", "«": '"', "»": '"', "-": "–", "'": "’"})
    return Text(text.lang, text.title.upper(), tuple(p.translate(table) for p in text.paragraphs))


def _traditional(text: str) -> str:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the import of pkg_resources
        from zhconv import convert
    return str(convert(text, "zh-hant"))


def _mixed(text: Text, recipe: dict[str, Any], number: int) -> Text:
    for edit in (_cut_one, _dateline, _words, _boilerplate):
        text = edit(text, recipe, number)
    return text


Edit = Callable[[Text, dict[str, Any], int], Text]
EDITS: tuple[Any, ...] = (
    _retitle, _dateline, _cut_one, _cut_two, _boilerplate, _reorder, _words, _background, _style, _mixed,
)  # fmt: skip
