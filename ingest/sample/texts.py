"""The articles of the sample web, read from `stories/*.toml`, in both of their editions.

A story file holds `story` (empty for what belongs to none) and a list of `[[article]]`. A copy names `copy_of` and may
change the text by `replace` pairs, `keep` (the first n paragraphs) and a `credit` line; an edited article
lists what its second edition replaces or adds.
"""

import tomllib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from ingest.model import State
from ingest.sample.outlets import HERE, SampleOutlet, outlets_by_name

EDIT_DELAY = timedelta(hours=5)  # how long after publication an edited article says it was changed


@dataclass(frozen=True, slots=True)
class SampleArticle:
    id: str  # also the slug of its address
    story: str
    outlet: SampleOutlet
    published: datetime
    title: str
    paragraphs: tuple[str, ...]
    author: str = ""
    lang: str = ""  # where it is not the outlet's
    credit: str = ""  # a wire's name in the source line
    relevant: bool = True
    copy_of: str = ""
    edited: bool = False
    updated: datetime | None = None
    later: bool = False  # appears only from edition 1 on
    state: State = "indexed"
    page_status: int = 200
    shell: bool = False  # the page is an empty frame filled by JavaScript
    amp_only: bool = False  # a feed entry that gives the AMP address of another article
    extra: bool = False

    @property
    def slug(self) -> str:
        return self.copy_of if self.amp_only else self.id

    @property
    def lead(self) -> str:
        return "" if self.shell else self.paragraphs[0]

    @property
    def path(self) -> str:
        path = self.outlet.path.format(date=self.published, slug=self.slug)
        return "/amp" + path if self.amp_only else path

    @property
    def url(self) -> str:
        return f"http://{self.outlet.host}{self.path}"


@dataclass(frozen=True, slots=True)
class _Row:
    """One article as the file gives it, before copies and editions are worked out."""

    story: str
    data: dict[str, Any]
    changes: tuple[tuple[str, str], ...] = field(default=())


@cache
def articles(edition: int = 0) -> tuple[SampleArticle, ...]:
    """All articles that exist in an edition, newest first."""
    rows = _rows()
    made = [_article(row, rows, edition) for row in rows.values()]
    there = [article for article in made if edition or not article.later]
    return tuple(sorted(there, key=lambda article: (article.published, article.id), reverse=True))


@cache
def _rows() -> dict[str, _Row]:
    rows: dict[str, _Row] = {}
    for path in sorted((HERE / "stories").glob("*.toml")):
        _read_file(path, rows)
    return rows


def _read_file(path: Path, rows: dict[str, _Row]) -> None:
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    for data in document["article"]:
        if data["id"] in rows:
            raise ValueError(f"{path.name}: {data['id']} is used twice")
        rows[data["id"]] = _Row(data.get("story", document["story"]), data)


def _article(row: _Row, rows: dict[str, _Row], edition: int) -> SampleArticle:
    data = dict(row.data)
    original = rows[data["copy_of"]].data if "copy_of" in data else data
    title, text = _edited(data, data.get("title", original["title"]), _text(data, original), edition)
    published = data["published"]
    relevant = data.get("relevant", True)
    return SampleArticle(
        id=data["id"],
        story=row.story,
        outlet=outlets_by_name()[data["outlet"]],
        published=published,
        title=title,
        paragraphs=tuple(text),
        edited="later_replace" in data or "later_add" in data,
        updated=published + EDIT_DELAY if edition and ("later_replace" in data or "later_add" in data) else None,
        relevant=relevant,
        state=data.get("state", "indexed" if relevant else "irrelevant"),
        **{name: data[name] for name in _PLAIN if name in data},
    )


_PLAIN = (
    "author", "lang", "credit", "copy_of", "later", "page_status", "shell", "amp_only",
)  # fmt: skip


def _text(data: dict[str, Any], original: dict[str, Any]) -> list[str]:
    text = data.get("text", original["text"]).strip()
    for old, new in data.get("replace", ()):
        if old not in text:
            raise ValueError(f"{data['id']}: nothing to replace for {old!r}")
        text = text.replace(old, new)
    paragraphs = [" ".join(part.split()) for part in text.split("\n\n")]
    return paragraphs[: data.get("keep", len(paragraphs))]


def _edited(data: dict[str, Any], title: str, text: list[str], edition: int) -> tuple[str, list[str]]:
    if not edition:
        return title, text
    for old, new in data.get("later_replace", ()):
        if not any(old in part for part in (title, *text)):
            raise ValueError(f"{data['id']}: nothing to mend for {old!r}")
        title, text = title.replace(old, new), [part.replace(old, new) for part in text]
    return title, [*text, *data.get("later_add", ())]
