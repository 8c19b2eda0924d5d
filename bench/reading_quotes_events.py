"""Scores of quotes, events and stance for `bench reading`; counted once an article, whatever the bootstrap draws."""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from bench import scores

Pair = tuple[dict[str, Any], dict[str, Any]]  # gold, got
Score = Callable[[Sequence[Pair]], float | None]


class _Counts:
    """The summed counts of one annotation over articles, each article compared once."""

    def __init__(self, name: str, count: Callable[[Any, Any], Counter[str]]) -> None:
        self.name, self.count = name, count
        self.seen: dict[tuple[int, int], tuple[Pair, Counter[str]]] = {}

    def __call__(self, pairs: Sequence[Pair]) -> Counter[str]:
        return scores.total(self._one(pair) for pair in pairs)

    def _one(self, pair: Pair) -> Counter[str]:
        key = (id(pair[0]), id(pair[1]))
        if key not in self.seen:  # the pair is kept with its counts, so that its identity is not given away
            self.seen[key] = (pair, self.count(pair[0].get(self.name, ()), pair[1].get(self.name, ())))
        return self.seen[key][1]


def measures() -> list[tuple[str, Score]]:
    """Names and scores in the order of the table; a score is None where nothing in the articles can be scored."""
    quotes = _Counts("quotes", scores.score_quotes)
    events = _Counts("events", scores.score_events)
    stance = _Counts("stance", scores.score_stance)
    return [
        ("quotes F1", partial(_f1, quotes)),
        ("quotes speaker accuracy", partial(_share, quotes, "speaker_right", "matched")),
        ("events F1", partial(_f1, events)),
        ("events direction right", partial(_share, events, "direction_right", "directed")),
        ("events coded in traps (share)", partial(_share, events, "trap", "traps")),
        ("stance macro-F1", partial(_stance, stance)),
    ]


def _f1(counts: _Counts, pairs: Sequence[Pair]) -> float | None:
    found = counts(pairs)
    return scores.prf(found)[2] if found["gold"] + found["got"] else None


def _share(counts: _Counts, part: str, whole: str, pairs: Sequence[Pair]) -> float | None:
    found = counts(pairs)
    return found[part] / found[whole] if found[whole] else None


def _stance(counts: _Counts, pairs: Sequence[Pair]) -> float | None:
    found = counts(pairs)
    return scores.macro_f1(found) if found["holders"] else None
