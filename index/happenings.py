"""Events, stories, quotes and phrases out of a store -> frozen results: what is reported as done, told and said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from index import query
from index.folding import fold
from index.hits import Hit, hit_of
from index.query import Filters
from index.query_words import Resolve
from index.store.base import Store

Row = dict[str, Any]
# Fields of an event that a question can name, and the field of Filters that names it.
EVENT_FIELDS = {"lang": "langs", "country": "countries", "camp": "camps", "outlet": "outlets", "topics": "topics"}
MOST_STORIES = 40
MOST_DYADS = 200  # ordered pairs of states that are counted; more than any sample had
ENDS = ".!?…。！？\n"  # what a sentence ends with, as far as a line of evidence needs to know
CLOSERS = "\"'”’»」』）)"
LONGEST_SENTENCE = 400  # characters either side of what was found, where no end is near


@dataclass(frozen=True)
class Events:
    """`total` counts rows of the store; `rows` are documents, a mutual act told once with `mutual` set."""

    total: int
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Acts:
    """`reports` rows of one quadrant from `source` to `target`. A mutual act has a row each way in the store."""

    quadrant: str
    source: str
    target: str
    mutual: bool
    reports: int


@dataclass(frozen=True)
class Story:
    """A story's document and `here`, the number of its reports among the articles asked for."""

    document: Mapping[str, Any]
    here: int


@dataclass(frozen=True)
class Quoted:
    """Words that an article quotes, or a set formula in it. `sentence` is what stands around them."""

    hit: Hit
    text: str
    sentence: str
    kind: str  # of a quote: "direct" or "indirect"; "" for a formula
    speaker: str
    key: str = ""  # of a formula


@dataclass(frozen=True)
class Quotes:
    """`total` counts articles with at least one; `rows` are those of the articles of one page."""

    total: int
    rows: tuple[Quoted, ...]


def events(store: Store, filters: Filters, *, dyad: str = "", limit: int = 50, offset: int = 0) -> Events:
    """Events reported in the period, the newest first. Of what an article says only its topics filter."""
    body = {
        "query": {"bool": {"filter": _clauses(filters, dyad)}},
        "size": limit,
        "from": offset,
        "track_total_hits": True,
        "sort": query.newest_first(),
    }
    found = store.search("events", body)["hits"]
    return Events(found["total"]["value"], once([hit["_source"] for hit in found["hits"]]))


def acts(store: Store, filters: Filters) -> tuple[Acts, ...]:
    """How often acts of each quadrant are reported, by direction, mutual ones apart."""
    mutual = {"mutual": {"terms": {"field": "mutual", "size": 2}}}
    dyads = {"dyad": {"terms": {"field": "dyad", "size": MOST_DYADS}, "aggs": mutual}}
    aggs = {"quadrant": {"terms": {"field": "quadrant", "size": 4}, "aggs": dyads}}
    answer = store.search("events", query.counted({"bool": {"filter": _clauses(filters, "")}}, aggs))
    return tuple(
        _act(quadrant["key"], dyad["key"], both)
        for quadrant in answer["aggregations"]["quadrant"]["buckets"]
        for dyad in quadrant["dyad"]["buckets"]
        for both in dyad["mutual"]["buckets"]
    )


def _act(quadrant: str, dyad: str, bucket: Row) -> Acts:
    source, _, target = dyad.partition(">")
    return Acts(quadrant, source, target, bucket["key_as_string"] == "true", bucket["doc_count"])


def events_by_week(store: Store, filters: Filters) -> dict[date, int]:
    """Rows of events by the week in which they were reported: its Monday -> number."""
    aggs = {"series": query.histogram("week", {})}
    answer = store.search("events", query.counted({"bool": {"filter": _clauses(filters, "")}}, aggs))
    return {
        datetime.fromtimestamp(b["key"] / 1000, UTC).date(): b["doc_count"]
        for b in answer["aggregations"]["series"]["buckets"]
    }


def _clauses(filters: Filters, dyad: str) -> list[Row]:
    clauses: list[Row] = [
        {"terms": {field: list(getattr(filters, name))}}
        for field, name in EVENT_FIELDS.items()
        if getattr(filters, name)
    ]
    one = {"story": filters.story, "family": filters.family, "dyad": dyad}
    clauses += [{"terms": {field: [value]}} for field, value in one.items() if value]
    return [*clauses, *query.period(filters)] or [{"match_all": {}}]


def once(rows: Sequence[Row]) -> tuple[Row, ...]:
    """A mutual act is two rows in the data, one each way, and one line on a page."""
    seen: set[Any] = set()
    kept = []
    for row in rows:
        way = (row["source"], row["target"])
        pair = tuple(sorted(way)) if row.get("mutual") else way
        mark = (row.get("article"), row["type"], row.get("evidence"), pair)
        if mark not in seen:
            seen.add(mark)
            kept.append(row)
    return tuple(kept)


def story(store: Store, story_id: str) -> Row | None:
    """The document of a story; None where there is none."""
    return store.get("stories", story_id)


def stories(
    store: Store, filters: Filters, *, least: int = 2, size: int = MOST_STORIES, resolve: Resolve | None = None
) -> tuple[Story, ...]:
    """The stories with the most reports among the articles that the filters find, of at least `least` reports."""
    body = query.facets_body(filters, ("story",), size, resolve=resolve)
    counted = store.search("articles", body)["aggregations"]["story"]["buckets"]
    found = [(store.get("stories", str(b["key"])), b["doc_count"]) for b in counted if b["doc_count"] >= least]
    return tuple(Story(document, here) for document, here in found if document)


def quotes(
    store: Store,
    filters: Filters,
    *,
    speaker: str = "",
    limit: int = 20,
    offset: int = 0,
    resolve: Resolve | None = None,
) -> Quotes:
    """What is quoted, by anybody known or by one speaker (a key), in the newest articles; each wording once a page."""
    wanted = {"term": {"quoted": speaker}} if speaker else {"exists": {"field": "quoted"}}
    total, documents = _annotated(store, filters, wanted, limit, offset, resolve)
    rows = [
        Quoted(hit, q["text"], sentence_around(text, q["text"], q["start"]), q["kind"], q["speaker"])
        for hit, notes, text in documents
        for q in notes.get("quotes", ())
        if q.get("speaker") and (not speaker or q["speaker"] == speaker)
    ]
    return Quotes(total, tuple({r.text: r for r in reversed(rows)}.values())[::-1])


def phrases(
    store: Store, filters: Filters, key: str, *, limit: int = 20, offset: int = 0, resolve: Resolve | None = None
) -> Quotes:
    """Where a set formula stands, the newest articles first; each article once, with the first place in it."""
    total, documents = _annotated(store, filters, {"term": {"phrases": key}}, limit, offset, resolve)
    rows: dict[str, Quoted] = {}
    for hit, notes, text in documents:
        for p in notes.get("phrases", ()):
            if p["key"] == key:
                around = sentence_around(text, p["surface"], p["start"])
                rows.setdefault(hit.id, Quoted(hit, p["surface"], around, "", p.get("speaker") or "", key))
    return Quotes(total, tuple(rows.values()))


def _annotated(
    store: Store, filters: Filters, wanted: Row, limit: int, offset: int, resolve: Resolve | None
) -> tuple[int, list[tuple[Hit, Row, str]]]:
    """Articles, newest first, each with its annotations and its text."""
    body = query.search_body(filters, limit=limit, offset=offset, sort="date", resolve=resolve)
    body["query"] = {"bool": {"filter": [body["query"], wanted]}}
    body["sort"] = query.newest_first()
    body["_source"] = [*query.LIST_FIELDS, "annotations", "body_en", "body_ru", "body_zh"]
    found = store.search("articles", body)["hits"]
    return found["total"]["value"], [_opened(h) for h in found["hits"]]


def _opened(found: Row) -> tuple[Hit, Row, str]:
    document = found["_source"]
    hit = replace(hit_of(found), score=None)
    text = f"{document.get('title', '')}\n{document.get('body_' + document.get('lang', ''), '')}"
    return hit, document.get("annotations") or {}, text


def sentence_around(text: str, found: str, start: int) -> str:
    """The sentences that `found` stands in, at or after `start` or anywhere; `found` itself where the text lacks it.

    The text of an index is folded (index/folding.py), so that an offset may be a little off and letters differ.
    """
    folded = fold(found)
    begin = next((at for at in (text.find(found, start), text.find(folded), text.find(found)) if at >= 0), -1)
    if begin < 0:
        return found
    first, last = begin, begin + len(found)
    while first > 0 and text[first - 1] not in ENDS and begin - first < LONGEST_SENTENCE:
        first -= 1
    while last < len(text) and text[last - 1] not in ENDS and last - begin - len(found) < LONGEST_SENTENCE:
        last += 1
    while last < len(text) and text[last] in CLOSERS:
        last += 1
    return text[first:last].strip().lstrip(CLOSERS).strip()
