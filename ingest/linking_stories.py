"""Stories: items of one happening in any language, by embeddings, names and numbers within a time window.

A pair's score is the log-odds that both tell one happening, from three likenesses: of the embeddings (each language's
own mean taken away: what all news of this relationship share says nothing), of the entities named (those that nearly
every item names weigh little), and of the numbers. It falls with the days between the two. Weights were fitted by
logistic regression on pairs of the development items, the sample web and our own tellings, and rounded toward what held
its precision where many stories share a window (`python -m bench linking --fit` rebuilds the means and prints both).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.duplicates import SIMILAR, similarity
from ingest.linking_numbers import ordinals_of

if TYPE_CHECKING:
    from ingest.linking import LinkItem

WINDOW = timedelta(days=14)  # between two reports of one happening, the late ones being follow-ups and comments
WEIGHT_EMBEDDING, WEIGHT_ENTITIES, WEIGHT_NUMBERS, BIAS = 9.7, 7.8, 2.3, -6.7
PER_DAY, FREE_DAYS = 0.4, 1.5  # log-odds lost a day, after the first days in which all papers report
JOIN = -1.5  # mean score with a story's members from which an item joins it (bench linking)
MEET = 0.0  # mean score between two stories from which they become one
OTHER_ORDINAL = 15.0  # log-odds lost where both headlines count, and differently: the 12th and the 13th package
OTHER_FIGURES = 5.0  # the same for two texts of one template with other figures: yesterday's and today's exchange rate
MEANS = Path(__file__).with_name("linking_means.npy")
# Share of its weight that a name keeps: those named in every second item tell nothing of which happening it is.
COMMON = {
    "China": 0.1, "Russia": 0.1, "Beijing": 0.25, "Moscow": 0.25, "United States": 0.3, "Vladimir Putin": 0.35,
    "Xi Jinping": 0.35, "Moscow Kremlin": 0.4, "Kremlin": 0.4, "Ministry of Foreign Affairs (China)": 0.45,
    "Ministry of Foreign Affairs (Russia)": 0.45, "Ukraine": 0.45, "Washington, D.C.": 0.45, "Europe": 0.45,
    "European Union": 0.45, "State Council of the People's Republic of China": 0.5, "Government of Russia": 0.5,
    "Siberia": 0.5, "Russian Far East": 0.5, "Dmitry Peskov": 0.5, "Xinhua News Agency": 0.4, "TASS": 0.4,
}  # fmt: skip


def story_groups(window: Sequence["LinkItem"], family: Mapping[str, str]) -> dict[str, str]:
    """Item id -> id of the earliest item of its story. `window` is sorted by (published, id).

    Items are taken in that order, so that what comes later in time never changes how the earlier ones are grouped,
    but by joining two stories. Copies follow the first of their family.
    """
    from threadpoolctl import threadpool_limits

    # One thread: the products are too small to be shared out, and waiting for each other costs more than they do.
    with threadpool_limits(1):
        stories = _grouped(window, family)
    return {item.id: window[stories.first_of(item.id)].id for item in window}


def _grouped(window: Sequence["LinkItem"], family: Mapping[str, str]) -> "Stories":
    stories = Stories(window, family)
    for at, item in enumerate(window):
        if family[item.id] == item.id:
            stories.add(at)
        else:
            stories.follow(at, family[item.id])
    return stories


class Stories:
    """Stories under construction. Items are named by their place in the window."""

    def __init__(self, window: Sequence["LinkItem"], family: Mapping[str, str]) -> None:
        import numpy as np

        self.pairs = Pairs(window, family)
        self._place = {item.id: at for at, item in enumerate(window)}
        # Of each item its story, named by its first member; -1 for copies, which do not count for a story's likeness.
        self._story = np.full(len(window), -1)
        self._members: dict[int, list[int]] = {}
        self._leader: dict[int, int] = {}  # copy -> first of its family

    def first_of(self, ident: str) -> int:
        place = self._place[ident]
        return int(self._story[self._leader.get(place, place)])

    def follow(self, at: int, first: str) -> None:
        self._leader[at] = self._place[first]

    def add(self, at: int) -> None:
        """Put an item into the story it fits best, or begin one; join two stories that it shows to be one."""
        scores = self._scores(at)
        fitting = sorted((s for s in scores if scores[s] >= JOIN), key=lambda s: (-scores[s], s))
        story = fitting[0] if fitting else at
        self._story[at] = story
        self._members.setdefault(story, []).append(at)
        for other in fitting[1:]:
            if self._between(story, other) >= MEET:
                story = self._merge(story, other)

    def _scores(self, at: int) -> dict[int, float]:
        """Mean score of an item with each story that has a member in its time window."""
        import numpy as np

        row = self.pairs.row(at)
        near = self._story[at - len(row) : at]
        counts = near >= 0
        stories, which = np.unique(near[counts], return_inverse=True)
        means = np.bincount(which, row[counts], len(stories)) / np.maximum(
            np.bincount(which, minlength=len(stories)), 1
        )
        return dict(zip(stories.tolist(), means.tolist(), strict=True))

    def _between(self, one: int, other: int) -> float:
        scores = [self.pairs.score(a, b) for a in self._members[one] for b in self._members[other]]
        return sum(scores) / len(scores)

    def _merge(self, one: int, other: int) -> int:
        keep, gone = sorted((one, other))
        self._members[keep] = sorted(self._members[keep] + self._members.pop(gone))
        for member in self._members[keep]:
            self._story[member] = keep
        return keep


class Pairs:
    """Scores of pairs of a window, a row at a time."""

    def __init__(self, window: Sequence["LinkItem"], family: Mapping[str, str]) -> None:
        import numpy as np

        self._window = window
        self._family = family
        self._days = np.array([item.published.timestamp() / 86_400 for item in window])
        self._vectors = centred(window)
        self._entities = Overlap([{e: COMMON.get(e, 1.0) for e in item.entities} for item in window])
        self._numbers = Overlap([{n: number_weight(n) for n in item.numbers} for item in window])
        self._ordinals = [ordinals_of(item.title) for item in window]
        # The same rows are asked for again where two stories may meet.
        self.row = lru_cache(maxsize=512)(self._row)

    def _row(self, at: int) -> Any:
        """Scores of an item with those before it in the window of time, the nearest last."""
        import numpy as np

        begin = int(np.searchsorted(self._days, self._days[at] - WINDOW.days))
        days = self._days[at] - self._days[begin:at]
        score = WEIGHT_EMBEDDING * (self._vectors[begin:at] @ self._vectors[at]) + BIAS
        score += WEIGHT_ENTITIES * self._entities.row(at, begin) + WEIGHT_NUMBERS * self._numbers.row(at, begin)
        score -= PER_DAY * np.maximum(days - FREE_DAYS, 0)
        for place in np.flatnonzero(score > JOIN):
            score[place] -= self._guards(begin + int(place), at)
        return score

    def _guards(self, one: int, other: int) -> float:
        """What a pair loses that is alike but for what tells one happening of a kind from the next."""
        a, b = self._ordinals[one], self._ordinals[other]
        if a and b and not a & b:
            return OTHER_ORDINAL
        early, late = self._window[one], self._window[other]
        if early.lang != late.lang or self._family[early.id] == self._family[late.id]:
            return 0.0
        return OTHER_FIGURES if similarity(early.signature, late.signature) >= SIMILAR else 0.0

    def score(self, one: int, other: int) -> float:
        """Score of one pair; far below zero outside the window of time."""
        early, late = sorted((one, other))
        row = self.row(late)
        place = early - (late - len(row))
        return float(row[place]) if place >= 0 else BIAS


class Overlap:
    """Weighted overlap of sets, 0..1: shared weight over the geometric mean of the two."""

    def __init__(self, sets: Sequence[Mapping[str, float]]) -> None:
        import numpy as np

        self._sets = sets
        self._total = np.array([sum(weights[m] for m in sorted(weights)) for weights in sets])
        holders: dict[str, list[int]] = defaultdict(list)
        for at, weights in enumerate(sets):
            for member in weights:
                holders[member].append(at)
        self._holders = {member: np.array(places) for member, places in holders.items()}

    def row(self, at: int, begin: int) -> Any:
        """Overlap of one set with each from `begin` up to it."""
        import numpy as np

        shared = np.zeros(at - begin)
        # In a fixed order: sums of floats depend on it.
        for member, weight in sorted(self._sets[at].items()):
            holders = self._holders[member]
            low, high = np.searchsorted(holders, (begin, at))
            shared[holders[low:high] - begin] += weight
        both = self._total[at] * self._total[begin:at]
        return shared / np.sqrt(np.where(both > 0, both, 1.0))


def number_weight(number: str) -> float:
    """Years, days and small counts are shared by chance."""
    value = float(number) if number.replace(".", "", 1).isdigit() else 1e6
    return 0.2 if value <= 31 or 1990 <= value <= 2040 else 1.0  # noqa: PLR2004


def centred(window: Sequence["LinkItem"]) -> Any:
    """Unit rows of the embeddings with the mean of their language taken away; zero where there is none."""
    import numpy as np

    width = max((len(item.embedding) for item in window), default=0) or 1
    rows = np.zeros((len(window), width))
    means = language_means()
    for at, item in enumerate(window):
        if len(item.embedding) == width:
            vector = np.asarray(item.embedding, dtype=float)
            vector = vector / (np.linalg.norm(vector) or 1.0)
            mean = means.get(item.lang)
            rows[at] = vector - mean if mean is not None and len(mean) == width and vector.any() else vector
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(lengths > 0, lengths, 1)


@lru_cache(maxsize=1)
def language_means() -> dict[str, Any]:
    """Mean embedding of news of this relationship in English, Russian and Chinese."""
    import numpy as np

    if not MEANS.exists():
        return {}
    rows = np.load(MEANS)
    return dict(zip(("en", "ru", "zh"), rows, strict=True))
