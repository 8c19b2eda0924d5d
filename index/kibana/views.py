"""Data views on the four aliases, and saved searches over them."""

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
VIEWS = {  # collection -> (title for people, time field)
    "articles": ("Articles", "published"),
    "events": ("Events", "date"),
    "stories": ("Stories", "first"),
    "coverage": ("Coverage", "day"),
}
ARTICLE_COLUMNS = ("outlet", "camp", "title", "topics", "entities")
EVENT_COLUMNS = ("dyad", "type", "score", "evidence", "outlet")
STORY_COLUMNS = ("title", "articles", "outlets", "camps", "topics")
COVERAGE_COLUMNS = ("outlet", "lang", "polls", "polls_ok", "entries", "decided")
# Pixels of columns whose values are short, so that the title keeps the room.
WIDTHS = {
    "outlet": 140, "camp": 140, "lang": 60, "kind": 110, "dyad": 110, "type": 110, "score": 80, "articles": 80,
    "published_from": 120, "text_from": 90, "polls": 80, "polls_ok": 90, "entries": 80, "decided": 80,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SavedSearch:
    id: str
    title: str
    description: str
    query: str
    collection: str = "articles"
    columns: tuple[str, ...] = ARTICLE_COLUMNS


SEARCHES = (
    SavedSearch("all", "Articles, newest first", "Every article on the relationship", ""),
    SavedSearch("russian-state", "Russian state outlets", "What outlets of the Russian state tell",
                "camp : russian-state", columns=("outlet", "lang", "title", "topics")),
    SavedSearch("chinese-state", "Chinese state outlets", "What outlets of the Chinese state tell",
                "camp : chinese-state", columns=("outlet", "lang", "title", "topics")),
    SavedSearch("neither-state", "Outlets of neither state", "Independent Russian outlets and third countries",
                "not camp : (russian-state or chinese-state)", columns=("outlet", "camp", "lang", "title", "topics")),
    SavedSearch("official", "Official texts", "Ministries, governments and embassies",
                "kind : (ministry or government or embassy)", columns=("outlet", "kind", "title", "topics", "event_types")),
    SavedSearch("energy", "Energy", "Gas, oil, coal, power and the pipelines", "topics : energy"),
    SavedSearch("money", "Money and sanctions", "Payments, currencies, sanctions and export controls",
                "topics : (finance-currency or sanctions-export-controls)"),
    SavedSearch("arms", "Defence and drills", "Exercises, patrols, arms and security", "topics : defence-security"),
    SavedSearch("border", "Border and Far East", "Bridges, crossings, routes, regions on both sides",
                "topics : (border-far-east or transport-arctic)"),
    SavedSearch("leaders", "The two leaders together", "Articles that name both presidents",
                'people : "Vladimir Putin" and people : "Xi Jinping"', columns=("outlet", "camp", "title", "quoted", "phrases")),
    SavedSearch("quotes", "Articles with quotes", "Who is quoted, by whom", "quoted : *",
                columns=("outlet", "camp", "title", "quoted")),
    SavedSearch("phrases", "Set phrases", "Formulas of the two sides and who repeats them", "phrases : *",
                columns=("outlet", "camp", "title", "phrases")),
    SavedSearch("originals", "Originals only", "Without copies of the same text", "original : true"),
    SavedSearch("copies", "Copies of the same text", "Reprints and wire copies, by the text that they copy", "original : false",
                columns=("outlet", "camp", "title", "family", "wire")),
    SavedSearch("from-feed", "Read from the feed alone", "Pages that could not be had", "text_from : feed",
                columns=("outlet", "title", "published_from", "text_from")),
    SavedSearch("acts", "Acts between the two", "What one side did to or with the other",
                'dyad : ("RUS>CHN" or "CHN>RUS")', "events", EVENT_COLUMNS),
    SavedSearch("conflict", "Acts of conflict", "Events with a negative Goldstein score", "score < 0", "events", EVENT_COLUMNS),
    SavedSearch("deeds", "Deeds, not words", "Cooperation and conflict that is more than a statement",
                "quadrant : (material-cooperation or material-conflict)", "events", EVENT_COLUMNS),
    SavedSearch("shared-stories", "Stories that both states tell", "Reported by state outlets of both sides",
                "camps : russian-state and camps : chinese-state", "stories", STORY_COLUMNS),
    SavedSearch("gaps", "Days without full coverage", "Where a missing article may be one that was not collected",
                "covered : false", "coverage", COVERAGE_COLUMNS),
)  # fmt: skip


def data_view(collection: str, prefix: str) -> Json:
    title, time_field = VIEWS[collection]
    attributes = {
        "title": f"{prefix}{collection}", "name": f"Amur: {title}", "timeFieldName": time_field, "fieldAttrs": "{}",
        "fields": "[]", "fieldFormatMap": _formats(collection), "sourceFilters": "[]", "runtimeFieldMap": "{}",
    }  # fmt: skip
    return {"id": view_id(collection), "type": "index-pattern", "attributes": attributes, "references": [],
            "typeMigrationVersion": "8.0.0"}  # fmt: skip


def view_id(collection: str) -> str:
    return f"amur-{collection}-view"


def _formats(collection: str) -> str:
    """URLs open the original."""
    if collection != "articles":
        return "{}"
    link = '{"id":"url","params":{"urlTemplate":"{{rawValue}}","labelTemplate":"{{rawValue}}"}}'
    return f'{{"url":{link},"canonical_url":{link}}}'
