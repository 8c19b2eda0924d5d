"""Families (copies of one text) and stories (one happening, whatever the words or language). Pure and deterministic.

The result is a function of the set of items and never of their order. A family's or story's id is that of its earliest
member, so that it stays while it grows; where an older member appears or two groups meet, the older id wins and the
other becomes a redirect.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from ingest.duplicates import bands, same_text, similarity
from ingest.linking_stories import story_groups
from ingest.model import Links

Kind = Literal["family", "story"]

FAMILY_DAYS = timedelta(days=10)  # between the first and a later copy of one text


@dataclass(frozen=True, slots=True)
class LinkItem:
    """What linking looks at of one article. `embedding` is that of title and lead, of any length, or empty."""

    id: str
    lang: str
    published: datetime
    source: str = ""
    owner: str = ""
    signature: tuple[int, ...] = ()
    embedding: tuple[float, ...] = ()
    entities: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    title: str = ""
    wire: str = ""


@dataclass(frozen=True, slots=True)
class Linked:
    """Links of a window, and which ids of before lead to which of now."""

    links: tuple[Links, ...]
    redirects: dict[tuple[Kind, str], str] = field(default_factory=dict)


def link(items: Sequence[LinkItem]) -> tuple[Links, ...]:
    """Family and story of each item, in order of (published, id)."""
    window = sorted(items, key=_order)
    family = families(window)
    story = story_groups(window, family)
    by_id = {item.id: item for item in window}
    originals = {f: original_of([by_id[i] for i in ids]) for f, ids in _members(family).items()}
    return tuple(_links(item, by_id[originals[family[item.id]]], family[item.id], story[item.id]) for item in window)


def link_incremental(items: Sequence[LinkItem], before: Iterable[Links]) -> Linked:
    """Links of a window that had some before: an id that names no group any more leads to that of its items."""
    now = link(items)
    current = {links.id: links for links in now}
    moved: dict[tuple[Kind, str], str] = {}
    for old in before:
        if new := current.get(old.id):
            moved |= {("family", old.family): new.family, ("story", old.story): new.story}
    alive = {("family", links.family) for links in now} | {("story", links.story) for links in now}
    return Linked(now, {key: new for key, new in sorted(moved.items()) if key not in alive})


def families(window: Sequence[LinkItem]) -> dict[str, str]:
    """Item id -> id of the earliest item of its family."""
    ordered = sorted(window, key=_order)
    groups = Groups(item.id for item in ordered)
    for one, other in _candidates(ordered):
        if same_text(one.signature, other.signature, one.numbers, other.numbers):
            groups.join(one.id, other.id)
    return {item.id: groups.find(item.id) for item in ordered}


def _candidates(ordered: Sequence[LinkItem]) -> Iterator[tuple[LinkItem, LinkItem]]:
    """Pairs of one language that share a band within FAMILY_DAYS, each once."""
    shared: dict[tuple[str, int], deque[LinkItem]] = defaultdict(deque)
    for item in ordered:
        seen: set[str] = set()
        for key in bands(item.signature):
            bucket = shared[item.lang, key]
            while bucket and item.published - bucket[0].published > FAMILY_DAYS:
                bucket.popleft()
            for earlier in bucket:
                if earlier.id not in seen:
                    seen.add(earlier.id)
                    yield earlier, item
            bucket.append(item)


def original_of(members: Sequence[LinkItem]) -> str:
    """The report that the others copy: the earliest of the wire that most of them credit, else the earliest."""
    credited = [m.wire for m in members if m.wire]
    if credited:
        wire = max(sorted(set(credited)), key=credited.count)
        own = [m for m in members if _is_outlet_of(m, wire)]
        if own:
            return min(own, key=_order).id
    return min(members, key=_order).id


def _is_outlet_of(item: LinkItem, wire: str) -> bool:
    return wire.lower().replace(" ", "") in item.source.lower().replace("_", "")


def _links(item: LinkItem, original: LinkItem, family: str, story: str) -> Links:
    is_original = item.id == original.id
    near = 1.0 if is_original else similarity(item.signature, original.signature)
    return Links(item.id, family, story, is_original, round(near, 4))


def _members(groups: dict[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for member, group in groups.items():
        found.setdefault(group, []).append(member)
    return found


def _order(item: LinkItem) -> tuple[datetime, str]:
    return (item.published, item.id)


class Groups:
    """Disjoint sets whose name is the first of their members in the order in which they were given."""

    def __init__(self, members: Iterable[str]) -> None:
        self._rank = {member: rank for rank, member in enumerate(members)}
        self._parent = {member: member for member in self._rank}

    def find(self, member: str) -> str:
        root = member
        while self._parent[root] != root:
            root = self._parent[root]
        while self._parent[member] != root:
            self._parent[member], member = root, self._parent[member]
        return root

    def join(self, one: str, other: str) -> None:
        first, second = sorted((self.find(one), self.find(other)), key=self._rank.__getitem__)
        self._parent[second] = first
