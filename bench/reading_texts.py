"""Texts that `bench reading` measures on: gold items, real unrelated texts, public sets of named entities.

All lie in the folder that AMUR_BENCH_DATA names, except the project's own gold in tests/data.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from amur.errors import UsageError

Item = dict[str, Any]
Span = tuple[int, int, str]
_GOLD = Path(__file__).parents[1] / "tests" / "data" / "gold"


@dataclass(frozen=True, slots=True)
class Marked:
    """A text of a public set with its entities as (start, end, type)."""

    text: str
    spans: frozenset[Span]


# Read by hand: these tell of the relationship (gas price, WTO, first oil by pipeline), so they are not unrelated.
RELATED = frozenset({"zh040", "zh108", "book_99"})


def folder() -> Path:
    """The folder of benchmark data; UsageError where the variable is not set or the folder is missing."""
    root = Path(os.environ.get("AMUR_BENCH_DATA", ""))
    if not os.environ.get("AMUR_BENCH_DATA") or not root.is_dir():
        raise UsageError("set AMUR_BENCH_DATA to the folder that holds gold/ and data/")
    return root


def gold_files(given: list[str]) -> list[Path]:
    """The gold files named, or the development items and the project's own that rules may be tuned on."""
    if given:
        return [Path(name) for name in given]
    dev = Path(os.environ.get("AMUR_BENCH_DATA", "")) / "gold" / "dev.jsonl"
    return [*([dev] if dev.is_file() else []), *sorted(_GOLD.glob("tuning_*.jsonl"))]


def gold_sets(given: list[str]) -> dict[str, list[Item]]:
    """Items by the name of their set: each file given, or dev (seen, unseen), tuned and untouched."""
    if given:
        return {Path(name).name: gold(Path(name)) for name in given}
    dev = [item for path in gold_files([]) if path.parent != _GOLD for item in gold(path)]
    sets = {"dev seen": [i for i in dev if seen(i)], "dev unseen": [i for i in dev if not seen(i)]}
    for name, pattern in (("tuned", "tuning_*.jsonl"), ("untouched", "untouched_*.jsonl")):
        sets[name] = [item for path in sorted(_GOLD.glob(pattern)) for item in gold(path)]
    return {name: items for name, items in sets.items() if items}


def gold(path: Path) -> list[Item]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def seen(item: Item) -> bool:
    """Whether rules were written with a development item in sight: where its story's number is even."""
    return int("".join(c for c in item["story"] if c.isdigit()) or 0) % 2 == 0


def unrelated() -> Iterator[tuple[str, str, str]]:
    """(language, title, body) of real texts: news pages, news wires, evening news that does not name Russia."""
    data = folder() / "data"
    for path in sorted(p for p in (data / "pages").glob("*.txt") if p.stem not in RELATED):
        yield path.name[:2], *_first_line(path.read_text(encoding="utf-8", errors="replace"))
    for path in sorted((data / "ner" / "ru-bsnlp").glob("*/raw/*.txt")):
        yield "ru", *_first_line("\n".join(path.read_text(encoding="utf-8-sig").splitlines()[4:]))
    for path in sorted(p for p in (data / "ner" / "ru-factrueval-dev").glob("*.txt") if p.stem not in RELATED):
        yield "ru", *_first_line(path.read_text(encoding="utf-8"))
    for path in sorted((data / "quotes" / "en-polnear-dev" / "text").rglob("*.txt")):
        yield "en", *_first_line(path.read_text(encoding="utf-8"))
    for story in evening_news():
        if not any(name in story["title"] + story["content"] for name in ("俄", "莫斯科", "普京")):
            yield "zh", story["title"], story["content"]


def evening_news() -> list[Item]:
    return gold(folder() / "data" / "news" / "xinwenlianbo-2025.jsonl")


def _first_line(text: str) -> tuple[str, str]:
    title, _, body = text.strip().partition("\n")
    return title.strip(), body.strip()


def peoples_daily() -> Iterator[Marked]:
    """Sentences of the People's Daily with PER, LOC, ORG."""
    for path in sorted((folder() / "data" / "ner" / "zh-peoples-daily").iterdir()):
        for block in path.read_text(encoding="utf-8").split("\n\n"):
            pairs = [line.split() for line in block.splitlines() if len(line.split()) == 2]
            if pairs:
                yield Marked("".join(c for c, _ in pairs), frozenset(_bio(pairs)))


def _bio(pairs: list[list[str]]) -> Iterator[Span]:
    start = None
    for at, (_, tag) in enumerate([*pairs, ["", "O"]]):
        if start is not None and not tag.startswith("I-"):
            yield start, at, pairs[start][1][2:]
            start = None
        if tag.startswith("B-"):
            start = at


_FACTRU = {"Person": "PER", "Org": "ORG", "LocOrg": "LOC", "Location": "LOC"}


def factrueval() -> Iterator[Marked]:
    """Documents of factRuEval's development part: an object reaches from its first to its last name span."""
    for path in sorted((folder() / "data" / "ner" / "ru-factrueval-dev").glob("*.txt")):
        spans = {}
        for line in path.with_suffix(".spans").read_text(encoding="utf-8").splitlines():
            number, kind, start, length = line.split()[:4]
            spans[number] = (kind, int(start), int(start) + int(length))
        text = path.read_text(encoding="utf-8")
        yield Marked(text, frozenset(_objects(path.with_suffix(".objects"), spans)))


def _objects(path: Path, spans: dict[str, tuple[str, int, int]]) -> Iterator[Span]:
    for line in path.read_text(encoding="utf-8").splitlines():
        _, kind, *numbers = line.split(" # ")[0].split()
        named = [spans[n] for n in numbers if n in spans and "descr" not in spans[n][0]]
        named = named or ([spans[n] for n in numbers if n in spans] if kind == "Org" else [])
        if kind in _FACTRU and named:
            yield min(s for _, s, _ in named), max(e for _, _, e in named), _FACTRU[kind]
