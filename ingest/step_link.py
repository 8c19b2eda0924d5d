"""link: families and stories over the window around what changed, the same whatever came first.

Linking goes through articles in order of (published, id), and an article's links depend on what lies within the
windows of ingest.linking before it and on the whole of the stories that reach into that time. So a change is worked
out from there on, and forward only until nothing that changed reaches into the last days looked at: the cost is that
of the change, and the result that of linking everything.
"""

import time as clock
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from ingest.ledger import Ledger
from ingest.ledger_links import Linkable, Moved
from ingest.ledger_marks import Mark
from ingest.model import Links, Source
from ingest.steps_base import Counts, Worker, instant

if TYPE_CHECKING:
    from ingest.linking import Linked, LinkItem

DAY = 86400.0
# A local publication day and its UTC instants are at most this far apart.
ZONE_DAYS = 1
# Marked days farther apart than this are worked out as windows of their own.
APART_DAYS = 60
LEASE = "link"
TURN_SECONDS = 0.2


def link(ledger: Ledger, sources: Mapping[str, Source], worker: Worker) -> Counts:
    """Link again where articles came, changed or went. Counts: `days` that were marked, `relinked` articles.

    One process links at a time; another waits for it, and then finds little or nothing left.
    """
    token = _turn(ledger, worker)
    try:
        counts = Counts(days=0)
        for marks in _groups(ledger.links.marks()):
            links, moved = _at_rest(ledger, sources, marks)
            changed = ledger.links.apply(links, moved, marks, token)
            counts += Counts(days=len(marks), relinked=changed)
        return counts
    finally:
        ledger.unlease(LEASE, token)


def _turn(ledger: Ledger, worker: Worker) -> int:
    while (token := ledger.lease(LEASE, worker.name, worker.lease)) is None:
        clock.sleep(TURN_SECONDS)
    return token


def _groups(marks: Sequence[Mark]) -> Iterator[list[Mark]]:
    group: list[Mark] = []
    for mark in marks:
        if group and _start(mark) - _start(group[-1]) > APART_DAYS * DAY:
            yield group
            group = []
        group.append(mark)
    if group:
        yield group


def _at_rest(ledger: Ledger, sources: Mapping[str, Source], marks: Sequence[Mark]) -> tuple[tuple[Links, ...], Moved]:
    """Links of the smallest window after whose end nothing can change, and the ids that lead to others now."""
    from ingest.linking import FAMILY_DAYS
    from ingest.linking_stories import WINDOW

    reach = max(FAMILY_DAYS, WINDOW).total_seconds() + ZONE_DAYS * DAY
    first, last = _start(marks[0]) - reach, _start(marks[-1]) + (1 + ZONE_DAYS) * DAY
    days, span, newest = {mark.day for mark in marks}, 2 * reach, ledger.links.newest()
    while True:
        until = last + span
        rows = ledger.links.window(first, until)
        linked = _decide(rows, sources)
        if until > newest or not _reaches(rows, linked, days, until - reach):
            return linked.links, linked.redirects
        span *= 2


def _decide(rows: Sequence[Linkable], sources: Mapping[str, Source]) -> "Linked":
    from ingest.linking import link_incremental

    return link_incremental([link_item(row, sources) for row in rows], [row.links for row in rows if row.links])


def _reaches(rows: Sequence[Linkable], linked: "Linked", days: set[str], since: float) -> bool:
    """Whether a story with an article that is new or linked anew has members after an instant."""
    now, after = {links.id: links for links in linked.links}, {row.id for row in rows if row.published >= since}
    moved = [row for row in rows if row.links != now[row.id] or row.day in days]
    changed = {now[row.id].story for row in moved} | {row.links.story for row in moved if row.links}
    was = {row.id: row.links.story for row in rows if row.links}
    return any(now[i].story in changed or was.get(i) in changed for i in after)


def _start(mark: Mark) -> float:
    return datetime.combine(date.fromisoformat(mark.day), time(), UTC).timestamp()


def link_item(row: Linkable, sources: Mapping[str, Source]) -> "LinkItem":
    from ingest.linking import LinkItem

    published, source = instant(row.published), sources.get(row.source)
    return LinkItem(
        id=row.id, lang=row.lang, published=published, source=row.source,
        owner=source.ownership_in(published.year) if source else "unknown",
        signature=tuple(row.data["signature"]), embedding=tuple(row.data["embedding"]),
        entities=frozenset(row.data["entities"]), numbers=frozenset(row.data["numbers"]), title=row.data["title"],
        wire=row.data["wire"],
    )  # fmt: skip
