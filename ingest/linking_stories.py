"""Stories: items of one happening in any language, by embeddings within a time window, guarded by what differs."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ingest.linking import LinkItem

WINDOW = timedelta(days=3)  # between two reports of one happening
SAME_LANGUAGE = 0.62  # cosine from which two reports tell one happening (bench linking)
ACROSS = 0.50  # the same across languages, where embeddings lie farther apart (bench linking)


def story_groups(window: Sequence["LinkItem"], family: Mapping[str, str]) -> dict[str, str]:
    """Item id -> id of the earliest item of its story. `window` is sorted by (published, id)."""
    import numpy as np

    vectors = _unit_rows(window)
    stories: list[list[int]] = []
    story_of: dict[str, int] = {}
    of_family: dict[str, int] = {}
    for at, item in enumerate(window):
        best, best_score = of_family.get(family[item.id], -1), 0.0
        if best < 0:
            for number, members in enumerate(stories):
                if item.published - window[members[-1]].published > WINDOW:
                    continue
                score = float(np.mean([_closeness(window, vectors, at, m) for m in members]))
                if score > best_score:
                    best, best_score = number, score
        if best < 0:
            stories.append([])
            best = len(stories) - 1
        stories[best].append(at)
        story_of[item.id] = best
        of_family.setdefault(family[item.id], best)
    return {item.id: window[stories[story_of[item.id]][0]].id for item in window}


def _closeness(window: Sequence["LinkItem"], vectors: Any, one: int, other: int) -> float:
    """Cosine above the threshold of the pair's languages; at most 0 for items of different happenings."""
    least = SAME_LANGUAGE if window[one].lang == window[other].lang else ACROSS
    return float(vectors[one] @ vectors[other]) - least


def _unit_rows(window: Sequence["LinkItem"]) -> Any:
    import numpy as np

    width = max((len(item.embedding) for item in window), default=0)
    rows = np.zeros((len(window), max(width, 1)))
    for at, item in enumerate(window):
        rows[at, : len(item.embedding)] = item.embedding
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(lengths > 0, lengths, 1)
