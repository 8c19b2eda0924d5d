"""`amur archive verify` and `amur index verify`: does everything that the ledger names exist, and nothing else?"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from amur.errors import ArchiveError
from ingest.archive import Damage
from ingest.ledger_articles import Known

if TYPE_CHECKING:
    from amur.pipeline import Amur

COLLECTIONS = ("articles", "events", "stories", "coverage")
PUBLISHED = ("stories", "coverage")


@dataclass
class Compared:
    """Ledger, records and store beside each other; every list holds document ids."""

    checked: dict[str, int] = field(default_factory=dict)
    waiting: int = 0  # articles that changed and have yet to be indexed: no fault
    missing: dict[str, list[str]] = field(default_factory=dict)  # the store has none, or an older revision
    stray: dict[str, list[str]] = field(default_factory=dict)  # in the store, and not in the ledger
    unreadable: list[str] = field(default_factory=list)  # articles whose record cannot be read
    mended: bool = False

    @property
    def faults(self) -> int:
        return len(self.unreadable) + sum(map(len, [*self.missing.values(), *self.stray.values()]))

    def as_dict(self) -> dict[str, Any]:
        names = ("checked", "waiting", "missing", "stray", "unreadable", "mended")
        return {"faults": self.faults, **{name: getattr(self, name) for name in names}}


def archive_damage(amur: "Amur") -> Iterator[Damage]:
    """Pages and records that the ledger names and the archive cannot give."""
    yield from amur.archive.verify(amur.ledger.mend.raw_locations())
    yield from amur.archive.verify(known.record for known in amur.ledger.articles.records())


def compare(amur: "Amur") -> Compared:
    """Compare; the caller holds the writer's lock, so that nothing is half written."""
    amur.store.ensure()
    amur.store.refresh()
    there = {name: dict(_revisions(amur, name)) for name in COLLECTIONS}
    found = Compared(checked={name: len(kept) for name, kept in there.items()})
    _compare_articles(amur, there, found)
    for name in PUBLISHED:
        named = amur.ledger.mend.published(name)
        current = {key: indexed for key, (revision, indexed) in named.items() if indexed == revision}
        found.missing[name] = sorted(key for key, indexed in current.items() if there[name].get(key, -1) < indexed)
        found.stray[name] = sorted(there[name].keys() - named.keys())
    return found


def _revisions(amur: "Amur", collection: str) -> Iterator[tuple[str, int]]:
    for document in amur.store.scan(collection, {"match_all": {}}, fields=("id", "revision")):
        yield document["id"], document["revision"]


def _compare_articles(amur: "Amur", there: dict[str, dict[str, int]], found: Compared) -> None:
    known = {one.id: one for one in amur.ledger.articles.records()}
    current = [one for one in known.values() if one.indexed == one.revision]
    events = {event for one in known.values() for event in one.events}
    found.waiting = len(known) - len(current)
    found.missing["articles"] = sorted(one.id for one in current if there["articles"].get(one.id, -1) < one.indexed)
    found.missing["events"] = sorted(e for one in current for e in one.events if e not in there["events"])
    found.stray["articles"] = sorted(there["articles"].keys() - known.keys() - amur.ledger.mend.leaving())
    found.stray["events"] = sorted(there["events"].keys() - events)
    found.unreadable = sorted(_unreadable(amur, known.values()))


def _unreadable(amur: "Amur", known: Iterable[Known]) -> Iterator[str]:
    for one in known:
        try:
            amur.archive.read_record(one.record)
        except ArchiveError:
            yield one.id


def mend(amur: "Amur", found: Compared) -> None:
    """Take strays out, and send the rest back to the step that makes it anew; the caller holds the writer's lock."""
    for name, ids in found.stray.items():
        if ids:
            amur.store.delete(name, ids)
    amur.store.refresh()
    lost = set(found.missing["events"])
    of_events = [known.id for known in amur.ledger.articles.records() if lost & set(known.events)] if lost else []
    amur.ledger.mend.index_again(sorted({*found.missing["articles"], *of_events} - {*found.unreadable}))
    amur.ledger.mend.read_again(found.unreadable)
    for name in PUBLISHED:
        amur.ledger.mend.publish_again(name, found.missing[name])
    found.mended = True
