"""How the weights of `ingest/linking_stories.py` are fitted, and its mean embeddings made: `bench linking --fit`.

Means are of title and beginning of the labelled items that `bench linking` reads, a language at a time. Weights come
from a logistic regression on all pairs of items of a set within the window of time; pairs of one story are few, so both
classes weigh alike at first and the bias is then moved to the share that was seen.
"""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ingest.linking import LinkItem, families, link
from ingest.linking_stories import COMMON, FREE_DAYS, MEANS, WINDOW, Overlap, centred, number_weight

Labelled = tuple[Sequence[LinkItem], Mapping[str, str]]  # items, and the story of each by its id
SETTINGS = ((-2.0, 0.0), (-1.5, -1.0), (-1.5, 0.0), (-1.0, 0.0), (-1.0, 1.0))  # of JOIN and MEET that are shown


def rebuilt_means(texts: Mapping[str, Sequence[str]], path: Path = MEANS) -> tuple[int, int]:
    """Write the mean vector of the texts of each of en, ru and zh, and return the shape of what was written."""
    import numpy as np

    from ingest.enrich.embedding import MAX_TEXT, embed

    rows = [np.mean(np.array(embed([t[:MAX_TEXT] for t in texts[lang]])), axis=0) for lang in ("en", "ru", "zh")]
    made = np.array(rows, dtype=np.float32)
    np.save(path, made)
    return made.shape[0], made.shape[1]


def weights(sets: Sequence[Labelled]) -> dict[str, float]:
    """Log-odds by likeness of embedding, entities and numbers, and by day; and the bias at even classes and as seen."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    parts = [pairs(items, story) for items, story in sets]
    features, same = np.vstack([x for x, _ in parts]), np.concatenate([y for _, y in parts])
    model = LogisticRegression(class_weight="balanced", max_iter=1000).fit(features, same)
    share = float(same.mean())
    names = ("WEIGHT_EMBEDDING", "WEIGHT_ENTITIES", "WEIGHT_NUMBERS", "PER_DAY")
    found = dict(zip(names, (round(float(w), 2) for w in model.coef_[0]), strict=True))
    even = float(model.intercept_[0])
    return found | {"BIAS": round(even, 2), "BIAS as seen": round(even + math.log(share / (1 - share)), 2)}


def pairs(items: Sequence[LinkItem], story: Mapping[str, str]) -> tuple[Any, Any]:
    """Features and class of every pair within the window; copies of one text count once."""
    import numpy as np

    ordered = sorted(items, key=lambda item: (item.published, item.id))
    first = families(ordered)
    window = [item for item in ordered if first[item.id] == item.id]
    vectors = centred(window)
    entities = Overlap([{e: COMMON.get(e, 1.0) for e in item.entities} for item in window])
    numbers = Overlap([{n: number_weight(n) for n in item.numbers} for item in window])
    rows, same = [], []
    for at, late in enumerate(window):
        likeness = vectors[:at] @ vectors[at], entities.row(at, 0), numbers.row(at, 0)
        for before, early in enumerate(window[:at]):
            days = (late.published - early.published).total_seconds() / 86_400
            if days <= WINDOW.days:
                rows.append([*(float(x[before]) for x in likeness), -max(days - FREE_DAYS, 0)])
                same.append(story[early.id] == story[late.id])
    return np.array(rows), np.array(same)


def thresholds(sets: Mapping[str, Labelled]) -> list[tuple[float, float, dict[str, tuple[float, float, float]]]]:
    """Precision, recall and F1 of each set for several values of JOIN and MEET."""
    from bench.linking import b_cubed
    from ingest import linking_stories

    kept, found = (linking_stories.JOIN, linking_stories.MEET), []
    try:
        for join, meet in SETTINGS:
            linking_stories.JOIN, linking_stories.MEET = join, meet
            got = {name: {x.id: x.story for x in link(items)} for name, (items, _) in sets.items()}
            scores = {name: b_cubed(story, got[name], list(story)) for name, (_, story) in sets.items()}
            found.append((join, meet, scores))
    finally:
        linking_stories.JOIN, linking_stories.MEET = kept
    return found
