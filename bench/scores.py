"""Pure scoring of quotes, events and stance against annotated items in the form of the gold guide.

Each function takes lists of plain dictionaries (one article's annotations) and returns counts that `total` adds up:
matched, gold and got give precision, recall and F1. A quote matches where at least OVERLAP of the longer of the two
texts is shared, characters compared without space and punctuation.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

OVERLAP = 0.8
Item = Mapping[str, Any]


def score_quotes(gold: Sequence[Item], got: Sequence[Item]) -> Counter[str]:
    """Counts gold, got, matched, and `speaker_right` among the matched. One to one, best overlap first."""
    counts = Counter(gold=len(gold), got=len(got), matched=0, speaker_right=0)
    for wanted, given in _pairs(gold, got):
        counts["matched"] += 1
        counts["speaker_right"] += same_key(wanted.get("speaker"), given.get("speaker"))
    return counts


def _pairs(gold: Sequence[Item], got: Sequence[Item]) -> list[tuple[Item, Item]]:
    rated = [
        (overlap(str(a["text"]), str(b["text"])) + 0.001 * (a.get("kind") == b.get("kind")), i, j)
        for i, a in enumerate(gold)
        for j, b in enumerate(got)
    ]
    used_gold: set[int] = set()
    used_got: set[int] = set()
    pairs: list[tuple[Item, Item]] = []
    for rate, i, j in sorted(rated, reverse=True):
        if rate >= OVERLAP and i not in used_gold and j not in used_got:
            used_gold.add(i)
            used_got.add(j)
            pairs.append((gold[i], got[j]))
    return pairs


def overlap(a: str, b: str) -> float:
    """Shared characters over the longer text, letters and digits only; 0 where either is empty."""
    left, right = _letters(a), _letters(b)
    if not left or not right:
        return 0.0
    if left in right or right in left:
        return min(len(left), len(right)) / max(len(left), len(right))
    block = SequenceMatcher(None, left, right, autojunk=False).find_longest_match()
    return block.size / max(len(left), len(right))


def _letters(text: str) -> str:
    return "".join(c for c in text.lower() if c.isalnum())


def same_key(wanted: Any, given: Any) -> bool:
    """Keys are compared without case and punctuation; None only equals None.

    What stands in brackets to tell namesakes apart counts only where both have it: "Lin Jian (diplomat)" is "Lin Jian".
    """
    if wanted is None or given is None:
        return wanted is None and given is None
    a, b = str(wanted), str(given)
    if ("(" in a) != ("(" in b):
        a, b = a.split(" (", maxsplit=1)[0], b.split(" (", maxsplit=1)[0]
    return _letters(a) == _letters(b)


def score_events(gold: Sequence[Item], got: Sequence[Item]) -> Counter[str]:
    """Counts over (source, target, type); `directed` and `direction_right` over one-sided acts found.

    `trap` is 1 where the article has no event and one was coded; `traps` is 1 where it has none.
    """
    wanted = {(e["source"], e["target"], e["type"]) for e in gold}
    given = {(e["source"], e["target"], e["type"]) for e in got}
    one_sided = {(s, t, k) for s, t, k in wanted if (t, s, k) not in wanted}
    counts = Counter(gold=len(wanted), got=len(given), matched=len(wanted & given))
    counts["direction_right"] = len(one_sided & given)
    counts["directed"] = counts["direction_right"] + len({(t, s, k) for s, t, k in one_sided} & (given - wanted))
    counts["traps"] = int(not wanted)
    counts["trap"] = int(not wanted and bool(given))
    return counts


def score_stance(gold: Sequence[Item], got: Sequence[Item]) -> Counter[str]:
    """Confusion counts `gold>got` over holders that both name (`shared`); those missed are `gold>none`."""
    wanted = {_letters(str(s["holder"])): int(s["value"]) for s in gold}
    given = {_letters(str(s["holder"])): int(s["value"]) for s in got}
    counts: Counter[str] = Counter(holders=len(wanted), named=len(given), shared=len(wanted.keys() & given.keys()))
    for holder, value in wanted.items():
        if holder in given:
            counts[f"{value}>{given[holder]}"] += 1
        else:
            counts[f"{value}>none"] += 1
    return counts


def total(parts: Iterable[Counter[str]]) -> Counter[str]:
    """The sum of counts, zero entries kept."""
    summed: Counter[str] = Counter()
    for part in parts:
        summed.update(part)
    return summed


def prf(counts: Mapping[str, int]) -> tuple[float, float, float]:
    """Precision, recall and F1 of `matched` against `got` and `gold`; 0 where undefined."""
    precision = counts["matched"] / counts["got"] if counts["got"] else 0.0
    recall = counts["matched"] / counts["gold"] if counts["gold"] else 0.0
    return precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def macro_f1(counts: Mapping[str, int], *, missing_as_neutral: bool = True) -> float:
    """Macro F1 over -1, 0, 1 of summed stance counts; a holder that was not named counts as neutral or as missed."""
    scores = []
    for label in (-1, 0, 1):
        cells = {(g, p): _cell(counts, g, p, missing_as_neutral) for g in (-1, 0, 1) for p in (-1, 0, 1)}
        right = cells[label, label]
        predicted = sum(cells[g, label] for g in (-1, 0, 1))
        actual = sum(cells[label, p] for p in (-1, 0, 1)) + (
            0 if missing_as_neutral else counts.get(f"{label}>none", 0)
        )
        scores.append(2 * right / (predicted + actual) if predicted + actual else 0.0)
    return sum(scores) / 3


def _cell(counts: Mapping[str, int], gold: int, got: int, missing_as_neutral: bool) -> int:
    extra = counts.get(f"{gold}>none", 0) if got == 0 and missing_as_neutral else 0
    return counts.get(f"{gold}>{got}", 0) + extra
