"""`amur extract`: a page, or lines {id, path or html, url}, into the fields of an article."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from amur.errors import ReadError
from ingest.model import Article
from ingest.pages import extract_article


def extract_file(html: bytes, url: str) -> dict[str, Any]:
    """The article in one page, as `amur extract` prints it. Raises NoText or ReadError."""
    return as_line(extract_article(html, url))


def extract_line(line: Mapping[str, Any], *, folder: Path | None = None) -> dict[str, Any]:
    """{id, path or html, url} -> the article's fields with the id; {"id", "error"} for a line that cannot be read.

    A relative path is looked for in `folder`, where the lines came from, and else from where the program runs.
    """
    ident = line.get("id")
    try:
        html, url = _page_of(line, folder)
        return {"id": ident, **as_line(extract_article(html, url))}
    except (ReadError, OSError, ValueError) as error:
        return {"id": ident, "error": str(error)}


def as_line(article: Article) -> dict[str, Any]:
    """The fields that are printed, ready for JSON."""
    return {
        "url": article.url,
        "canonical_url": article.canonical_url,
        "title": article.title,
        "authors": list(article.authors),
        "published": article.published.isoformat() if article.published else None,
        "published_from": article.published_from,
        "lang": article.lang,
        "site": article.site,
        "text": article.text,
    }


def _page_of(line: Mapping[str, Any], folder: Path | None) -> tuple[bytes | str, str]:
    url, html, path = line.get("url"), line.get("html"), line.get("path")
    if not isinstance(url, str):
        raise ReadError("the line has no `url`")
    if isinstance(html, str):
        return html, url
    if isinstance(path, str):
        return _found(path, folder).read_bytes(), url
    raise ReadError("the line has neither `html` nor `path`")


def _found(path: str, folder: Path | None) -> Path:
    """An absolute path leads out of any folder it is joined to."""
    beside = (folder or Path()) / path
    return beside if beside.is_file() else Path(path)
