"""The body of an article out of a page: which extractor, by page and language, as `python -m bench extraction` showed.

readability-lxml does best on pages with plain markup and is the first choice; trafilatura does better on modern pages
(those with JSON-LD) and steps in where readability finds next to nothing; resiliparse, an order of magnitude faster,
is for pages too large for either.
"""

import logging
from typing import Any

from ingest.extraction_tail import without_tail
from ingest.extraction_tree import parse, slim, text_of

SHORT = 100  # characters of readability's text below which trafilatura is asked as well (bench extraction)
LARGE = 1_500_000  # characters of markup above which only the linear extractor is used: bounds time on a 10 MB page
# readability weighs a paragraph by its ASCII commas, of which Chinese has none. A mark that stands for no text makes the
# count right and is taken out again (bench extraction: Chinese 0.88 -> 0.91).
_MARK = "\ue000,"
_COMMAS = "，。、"


def body_of(html: str) -> str:
    """Paragraphs of the main text, one a line; an empty string where no extractor finds any. Never raises."""
    markup = slim(html)
    if len(markup) > LARGE:
        return without_tail(_resiliparse(markup))
    if "ld+json" in html:
        text = _trafilatura(markup) or _readability(markup)
    else:
        text = _readability(markup)
        if len(text) < SHORT:
            text = max(text, _trafilatura(markup), key=len)
    return without_tail(text)


def by_selector(tree: Any, selector: str) -> str:
    """The text under the elements that an outlet's own rule names; a bad selector finds nothing."""
    from cssselect import SelectorError

    try:
        found = tree.cssselect(selector)
    except (SelectorError, ValueError):
        return ""
    inner = [e for e in found if not any(parent in found for parent in e.iterancestors())]
    return "\n".join(text_of(element) for element in inner)


def drop(tree: Any, selector: str) -> None:
    """Take out what an outlet's own rule names; a bad selector takes out nothing."""
    from cssselect import SelectorError

    try:
        found = tree.cssselect(selector)
    except (SelectorError, ValueError):
        return
    for element in found:
        if element.getparent() is not None:
            element.drop_tree()


def _readability(markup: str) -> str:
    from readability import Document

    logging.getLogger("readability.readability").setLevel(logging.CRITICAL)
    marked = markup
    for comma in _COMMAS:
        marked = marked.replace(comma, comma + _MARK)
    try:
        tree = parse(Document(marked).summary(html_partial=True))
    except Exception:  # noqa: BLE001 - it lets whatever its parser meets pass through
        return ""
    return "" if tree is None else text_of(tree).replace(_MARK, "").replace(_MARK[0], "")


def _trafilatura(markup: str) -> str:
    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        return trafilatura.extract(markup, include_comments=False, include_tables=False) or ""
    except Exception:  # noqa: BLE001 - the same
        return ""


def _resiliparse(markup: str) -> str:
    from resiliparse.extract.html2text import extract_plain_text

    try:
        return str(extract_plain_text(markup, main_content=True))
    except Exception:  # noqa: BLE001 - the same
        return ""
