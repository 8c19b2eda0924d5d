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
    SavedSearch(
        "russian-state", "Russian state outlets", "What outlets of the Russian state tell",
        "camp : russian-state", columns=("outlet", "lang", "title", "topics"),
    ),
    SavedSearch(
        "chinese-state", "Chinese state outlets", "What outlets of the Chinese state tell",
        "camp : chinese-state", columns=("outlet", "lang", "title", "topics"),
    ),
    SavedSearch("official", "Official texts", "Ministries, governments and embassies", "kind : (ministry or government or embassy)"),
    SavedSearch("energy", "Energy", "Gas, oil, coal, power and the pipelines", "topics : energy"),
    SavedSearch("money", "Money and sanctions", "Payments, currencies, sanctions and export controls",
                "topics : (finance-currency or sanctions-export-controls)"),
    SavedSearch("arms", "Defence and drills", "Exercises, patrols, arms and security", "topics : defence-security"),
    SavedSearch("border", "Border and Far East", "Bridges, crossings, regions on both sides", "topics : (border-far-east or transport-arctic)"),
    SavedSearch("originals", "Originals only", "Without copies of the same text", "original : true"),
    SavedSearch("from-feed", "Read from the feed alone", "Pages that could not be had", "text_from : feed",
                columns=("outlet", "title", "published_from", "text_from")),
    SavedSearch("acts", "Acts between the two", "What one side did to or with the other",
                "dyad : (\"RUS>CHN\" or \"CHN>RUS\")", "events", EVENT_COLUMNS),
    SavedSearch("conflict", "Acts of conflict", "Events with a negative Goldstein score", "score < 0", "events", EVENT_COLUMNS),
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
