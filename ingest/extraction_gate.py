"""Whether what came of a page is an article, and if not, what it is instead."""

import re

from ingest.extraction_phrases import phrases
from ingest.textclean import weight

LEAST_LETTERS = 80  # below, a page holds a caption or a teaser; Chinese letters count threefold
LEAST_LETTERS_WITH_TITLE = 40  # a flash that a feed announced: its title stands for it

_OTHER_FORMATS = re.compile(
    r"%PDF-|PK\x03\x04|\{\\rtf|[\[{]\s*[\"\]}\[{]|(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<(?:rss|feed|urlset|sitemapindex|rdf:rdf)\b",
    re.IGNORECASE | re.DOTALL,
)
UNREADABLE = 0.1  # of the first characters: compressed or binary data has 0.3 and more
_WALL_BELOW = 700  # letters (Chinese threefold) above which a text that speaks of cookies is an article about them
_LIST_LINE = 30  # letters below which a line is a heading or a link
_LIST_SHARE = 0.8  # of lines that short, with no sentence among them: a list of links


def what_else(text: str) -> str:
    """What a body is where it is no page at all (a picture, a document, a feed, data), or an empty string."""
    head = text[:2000].lstrip("\ufeff \t\r\n")
    if _OTHER_FORMATS.match(head):
        return "a feed, a document or data"
    unreadable = sum(c == "\ufffd" or (c < " " and c not in "\t\r\n\f") for c in head)
    return "no text" if unreadable > UNREADABLE * len(head) else ""


def why_no_text(title: str, text: str, *, announced: bool = False) -> str:
    """The reason for which a text is no article, or an empty string. `announced`: a feed entry gave its title."""
    size = weight(text)
    if size < _WALL_BELOW and (phrases("wall").search(text) or phrases("wall").search(title)):
        return "the page shows a wall, a script's shell or an error in place of an article"
    if size < (LEAST_LETTERS_WITH_TITLE if announced else LEAST_LETTERS):
        return f"the page holds {size} letters of text"
    lines = text.split("\n")
    short = sum(weight(line) < _LIST_LINE for line in lines)
    if len(lines) > 5 and short > _LIST_SHARE * len(lines) and not re.search(r"[.!?…](?:\s|$)|[。！？]", text):  # noqa: PLR2004
        return "the page is a list of links"
    return ""
