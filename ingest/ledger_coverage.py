"""The denominator in the ledger: what was polled, seen, fetched, decided and relevant per source, language and day.

A feed lists the newest entries of an outlet, so a poll that reaches back to an instant has seen everything since
then. Such stretches are kept as spans per feed; a day counts as covered where a span of a whole-outlet feed holds all
of it. A day is counted again when something of it changed, so the cost is that of the change.
"""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, and_, bindparam, case, func, select, update

from ingest.ledger_engine import alone, reading, writing
from ingest.ledger_marks import Mark, clear_marks, read_marks
from ingest.ledger_schema import articles, coverage, entries, polls, spans
from ingest.ledger_sql import chunks, upsert

DAY_SECONDS = 86400.0
COVERAGE_LOCK = 0x616D7573
COUNTED = ("polls", "polls_ok", "entries", "fetched", "decided", "relevant", "families", "covered", "backfilled")


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """Counts of one source, language and publication day. `covered` is 1 where the whole day was seen."""

    id: str
    source: str
    lang: str
    day: dt.date
    revision: int
    polls: int = 0
    polls_ok: int = 0
    entries: int = 0
    fetched: int = 0
    decided: int = 0
    relevant: int = 0
    families: int = 0
    covered: int = 0
    backfilled: int = 0


class CoverageTable:
    def __init__(self, engine: Engine, clock: Callable[[], float]) -> None:
        self._engine = engine
        self._clock = clock

    def refresh(self, limit: int, languages: Mapping[str, str]) -> int:
        """Count the (source, day) pairs of up to `limit` notes again; returns how many there were.

        `languages` gives the language of a source whose entries have none yet.
        """
        with writing(self._engine) as connection:
            alone(connection, COVERAGE_LOCK)
            marks = read_marks(connection, "coverage", limit)
            for mark in marks:
                self._count(connection, mark, languages.get(mark.source, "und"))
            clear_marks(connection, marks)
        return len(marks)

    def _count(self, connection: Connection, mark: Mark, fallback: str) -> None:
        counts = _count_entries(connection, mark, fallback)
        for lang, families in _count_families(connection, mark):
            counts[lang]["families"] = families
        shared = _count_polls(connection, mark) | {"covered": int(is_covered(connection, mark.source, mark.day))}
        known = dict(_known(connection, mark))
        for lang in set(counts) | set(known) or {fallback}:
            row = dict.fromkeys(COUNTED, 0) | counts[lang] | shared
            self._write(connection, mark, lang, row, known.get(lang))

    def _write(
        self, connection: Connection, mark: Mark, lang: str, row: Mapping[str, int], known: tuple[str, int] | None
    ) -> None:
        text = json.dumps(row, sort_keys=True)
        if known is not None and known[0] == text:
            return
        values = {
            "id": f"{mark.source}.{lang}.{mark.day}", "source": mark.source, "lang": lang, "day": mark.day,
            "counts": text, "revision": (known[1] if known else 0) + 1,
        }  # fmt: skip
        upsert(connection, coverage, [values], ("id",))

    def behind(self, limit: int, after: str = "", *, all_of_them: bool = False) -> list[CoverageRow]:
        """Rows whose document is older than they are, by id; with `all_of_them` every row."""
        which = coverage.c.id > after
        if not all_of_them:
            which = and_(which, coverage.c.indexed < coverage.c.revision)
        with reading(self._engine) as connection:
            rows = connection.execute(select(coverage).where(which).order_by(coverage.c.id).limit(limit)).mappings()
            return [_row(row) for row in rows]

    def indexed(self, done: Mapping[str, int]) -> None:
        with writing(self._engine) as connection:
            for key, revision in done.items():
                mine = and_(coverage.c.id == key, coverage.c.indexed < revision)
                connection.execute(update(coverage).where(mine).values(indexed=revision))


@dataclass(frozen=True, slots=True)
class Seen:
    """What a good poll of a feed has seen: back to `reach`, its oldest dated entry in seconds since 1970.

    `whole` says that the feed is of the whole outlet; `overlaps` that it named an entry known before, or nothing new
    at all, so that nothing can lie between it and the poll before.
    """

    url: str
    source: str
    whole: bool
    reach: float | None
    overlaps: bool


def extend_spans(connection: Connection, seen: Sequence[Seen], now: float) -> None:
    """Note what good polls have seen, each of another feed."""
    wanted = select(spans.c.feed_url, spans.c.since, spans.c.until).order_by(spans.c.until)
    for part in chunks(seen):
        rows = connection.execute(wanted.where(spans.c.feed_url.in_([one.url for one in part])))
        last: dict[str, tuple[float, float]] = {url: (since, until) for url, since, until in rows}
        starts = {one.url: _start(one, last.get(one.url), now) for one in part}
        gone = [{"url": url, "was": last[url][0]} for url in starts if url in last and starts[url] < last[url][0]]
        if gone:
            mine = and_(spans.c.feed_url == bindparam("url"), spans.c.since == bindparam("was"))
            connection.execute(spans.delete().where(mine), gone)
        upsert(connection, spans, [_span(one, starts[one.url], now) for one in part], ("feed_url", "since"))


def _span(one: Seen, start: float, now: float) -> dict[str, Any]:
    return {"feed_url": one.url, "since": start, "source": one.source, "whole": one.whole, "until": now}


def _start(one: Seen, last: tuple[float, float] | None, now: float) -> float:
    """Where the span that a poll continues or begins starts. `last` is (since, until) of the feed's newest span."""
    start = now if one.reach is None else min(one.reach, now)
    if last is None or not (one.overlaps or start <= last[1]):
        return start
    return last[0] if one.reach is None else min(start, last[0])


def is_covered(connection: Connection, source: str, day: str) -> bool:
    """Whether some whole-outlet feed of a source was seen without gap for all of a UTC day."""
    start = dt.datetime.combine(dt.date.fromisoformat(day), dt.time(), dt.UTC).timestamp()
    which = and_(spans.c.source == source, spans.c.whole, spans.c.since <= start, spans.c.until >= start + DAY_SECONDS)
    return connection.execute(select(spans.c.feed_url).where(which).limit(1)).first() is not None


def _count_entries(connection: Connection, mark: Mark, fallback: str) -> defaultdict[str, dict[str, int]]:
    def count(condition: Any) -> Any:
        return func.sum(case((condition, 1), else_=0))

    lang = case((entries.c.lang == "", fallback), else_=entries.c.lang)
    relevant = and_(articles.c.relevant, articles.c.owner == entries.c.id)
    own = entries.c.state != "duplicate-url"
    wanted = (
        select(
            lang,
            func.count(),
            count(entries.c.raw_path != ""),
            count(and_(entries.c.decided, own)),
            count(relevant),
            count(entries.c.backfilled),
        )
        .select_from(entries.outerjoin(articles, articles.c.id == entries.c.article))
        .where(entries.c.source == mark.source, entries.c.day == mark.day)
        .group_by(lang)
    )
    names = ("entries", "fetched", "decided", "relevant", "backfilled")
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for key, *numbers in connection.execute(wanted):
        found[key] = dict(zip(names, (int(n or 0) for n in numbers), strict=True))
    return found


def _count_families(connection: Connection, mark: Mark) -> Sequence[tuple[str, int]]:
    which = and_(articles.c.source == mark.source, articles.c.day == mark.day, articles.c.relevant)
    wanted = select(articles.c.lang, func.count(articles.c.family.distinct())).where(which, articles.c.family != "")
    return [(lang, int(n)) for lang, n in connection.execute(wanted.group_by(articles.c.lang))]


def _count_polls(connection: Connection, mark: Mark) -> dict[str, int]:
    which = and_(polls.c.source == mark.source, polls.c.day == mark.day)
    row = connection.execute(select(func.sum(polls.c.polls), func.sum(polls.c.ok)).where(which)).one()
    return {"polls": int(row[0] or 0), "polls_ok": int(row[1] or 0)}


def _known(connection: Connection, mark: Mark) -> dict[str, tuple[str, int]]:
    which = and_(coverage.c.source == mark.source, coverage.c.day == mark.day)
    rows = connection.execute(select(coverage.c.lang, coverage.c.counts, coverage.c.revision).where(which))
    return {lang: (counts, revision) for lang, counts, revision in rows}


def _row(row: Mapping[Any, Any]) -> CoverageRow:
    return CoverageRow(
        id=row["id"], source=row["source"], lang=row["lang"], day=dt.date.fromisoformat(row["day"]),
        revision=row["revision"], **json.loads(row["counts"]),
    )  # fmt: skip
