"""Scores of reading: pure functions of gold and got, and a bootstrap over items for their interval."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

Item = dict[str, Any]
Pair = tuple[Item, Item]  # gold, got
DRAWS = 500


def interval(pairs: Sequence[Any], score: Callable[[Sequence[Any]], float | None]) -> tuple[float, float]:
    """A 95 % interval by drawing items with replacement; (0, 1) where there are too few."""
    draw = random.Random(1)
    values = [score([draw.choice(pairs) for _ in pairs]) for _ in range(DRAWS)] if pairs else []
    known = sorted(v for v in values if v is not None)
    return (known[int(0.025 * len(known))], known[int(0.975 * len(known)) - 1]) if len(known) > 40 else (0.0, 1.0)


def f1(right: int, got: int, gold: int) -> float | None:
    return 2 * right / (got + gold) if got + gold else None


def relevance(pairs: Sequence[Pair]) -> float | None:
    """Balanced accuracy; None where one class is missing."""
    by_class = {
        truth: [got["relevant"] == truth for gold, got in pairs if gold["relevant"] == truth] for truth in (True, False)
    }
    if not all(by_class.values()):
        return None
    shares = [sum(hits) / len(hits) for hits in by_class.values()]
    return float(sum(shares) / len(shares))


def mentions(item: Item) -> dict[tuple[int, int], tuple[str, str | None]]:
    """(start, end) -> (type, key) of an item's entities; gold gives `nth` instead of offsets."""
    text = item["title"] + "\n" + item["body"]
    found = {}
    for e in item["entities"]:
        start = e["start"] if "start" in e else _nth(text, e["surface"], e["nth"])
        found[start, start + len(e["surface"])] = (e["type"], e["key"])
    return found


def _nth(text: str, surface: str, nth: int) -> int:
    at = -1
    for _ in range(nth):
        at = text.find(surface, at + 1)
    return at


def entities(pairs: Sequence[Pair], kinds: tuple[str, ...] = ("PER", "ORG", "LOC")) -> float | None:
    """F1 of mentions: exact span and type."""
    right = got_n = gold_n = 0
    for gold, got in pairs:
        a = {(span, t) for span, (t, _) in mentions(gold).items() if t in kinds}
        b = {(span, t) for span, (t, _) in mentions(got).items() if t in kinds}
        right, got_n, gold_n = right + len(a & b), got_n + len(b), gold_n + len(a)
    return f1(right, got_n, gold_n)


def topics(pairs: Sequence[Pair]) -> float | None:
    right = sum(len(set(a["topics"]) & set(b["topics"])) for a, b in pairs)
    return f1(right, sum(len(b["topics"]) for _, b in pairs), sum(len(a["topics"]) for a, _ in pairs))


def _linked(pairs: Sequence[Pair]) -> list[tuple[str, str | None]]:
    """(gold key, got key) of gold mentions; got key None where the span was not found or has no key."""
    rows = []
    for gold, got in pairs:
        found = mentions(got)
        rows += [(key or "", found.get(span, ("", None))[1]) for span, (_, key) in mentions(gold).items()]
    return rows


def _same(gold: str, got: str, names: dict[str, str]) -> bool:
    return gold.casefold() == got.casefold() or names.get(got) == gold


def _identities(rows: list[tuple[str, str | None]]) -> dict[str, str]:
    """Got key -> gold key where each is the other's most frequent partner: identity, however it is spelt."""
    pairs = Counter((a, b) for a, b in rows if b)
    best_gold: dict[str, str] = {}
    best_got: dict[str, str] = {}
    for (a, b), _ in pairs.most_common():
        best_gold.setdefault(b, a)
        best_got.setdefault(a, b)
    return {b: a for b, a in best_gold.items() if best_got[a] == b}


def linking_accuracy(pairs: Sequence[Pair], names: dict[str, str]) -> float | None:
    """Share of found mentions with a key whose key is the right thing."""
    rows = [(a, b) for a, b in _linked(pairs) if b]
    return sum(_same(a, b, names) for a, b in rows) / len(rows) if rows else None


def linking_recall(pairs: Sequence[Pair], names: dict[str, str]) -> float | None:
    """Share of all gold mentions that were found and given the right key."""
    rows = _linked(pairs)
    return sum(bool(b) and _same(a, b or "", names) for a, b in rows) / len(rows) if rows else None


def identities(pairs: Sequence[Pair]) -> dict[str, str]:
    return _identities(_linked(pairs))
