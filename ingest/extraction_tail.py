"""What stands around an article and is none of it, by rules that hold for any outlet; and whether a text is one."""

import re
import tomllib
from functools import lru_cache
from pathlib import Path

from ingest.textclean import letters

PHRASES = Path(__file__).with_name("extraction_phrases.toml")
LEAST_LETTERS = 80  # below, a page holds a caption or a teaser; Chinese letters count threefold
LEAST_LETTERS_WITH_TITLE = 40  # a flash that a feed announced: its title stands for it
_HAN = re.compile("[\u3400-\u9fff]")

_TAIL_FROM = 0.35  # of the text's length: a tail does not start before
_EDGE_REACH = 4  # lines at either end among which edge lines are looked for

_OTHER_FORMATS = re.compile(
    r"%PDF-|PK\x03\x04|\{\\rtf|[\[{]\s*[\"\]}\[{]|(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<(?:rss|feed|urlset|sitemapindex|rdf:rdf)\b",
    re.IGNORECASE | re.DOTALL,
)
UNREADABLE = 0.1  # of the first characters: compressed or binary data has 0.3 and more
_WALL_BELOW = 700  # letters (Chinese threefold) above which a text that speaks of cookies is an article about them
_LIST_LINE = 30  # letters below which a line is a heading or a link
_LIST_SHARE = 0.8  # of lines that short, with no sentence among them: a list of links


def without_tail(text: str) -> str:
    """The text without next stories, sharing and copyright lines and the like at its ends."""
    lines = text.split("\n")
    total, seen, tail = len(text), 0, _phrases("tail")
    for at, line in enumerate(lines):
        if seen > _TAIL_FROM * total and len(line) < 120 and tail.match(line):  # noqa: PLR2004
            lines = lines[:at]
            break
        seen += len(line) + 1
    return "\n".join(_without_edges(lines))


def _without_edges(lines: list[str]) -> list[str]:
    last, edge = len(lines) - _EDGE_REACH, _phrases("edge")
    return [line for at, line in enumerate(lines) if not ((at < _EDGE_REACH or at >= last) and edge.fullmatch(line))]


def what_else(text: str) -> str:
    """What a body is where it is no page at all (a picture, a document, a feed, data), or an empty string."""
    head = text[:2000].lstrip("\ufeff \t\r\n")
    if _OTHER_FORMATS.match(head):
        return "a feed, a document or data"
    unreadable = sum(c == "\ufffd" or (c < " " and c not in "\t\r\n\f") for c in head)
    return "no text" if unreadable > UNREADABLE * len(head) else ""


def weight(text: str) -> int:
    """Length in letters, each Chinese character counting for three: what a text says, whatever its script."""
    return letters(text) + 2 * len(_HAN.findall(text))


def why_no_text(title: str, text: str, *, announced: bool = False) -> str:
    """The reason for which a text is no article, or an empty string. `announced`: a feed entry gave its title."""
    size = weight(text)
    if size < _WALL_BELOW and (_phrases("wall").search(text) or _phrases("wall").search(title)):
        return "the page shows a wall, a script's shell or an error in place of an article"
    if size < (LEAST_LETTERS_WITH_TITLE if announced else LEAST_LETTERS):
        return f"the page holds {size} letters of text"
    lines = text.split("\n")
    short = sum(weight(line) < _LIST_LINE for line in lines)
    if len(lines) > 5 and short > _LIST_SHARE * len(lines) and not re.search(r"[.!?…](?:\s|$)|[。！？]", text):  # noqa: PLR2004
        return "the page is a list of links"
    return ""


@lru_cache(maxsize=3)
def _phrases(kind: str) -> re.Pattern[str]:
    """The patterns of one kind in `extraction_phrases.toml`, as one."""
    patterns = tomllib.loads(PHRASES.read_text(encoding="utf-8"))[kind]
    joined = "|".join(f"(?:{pattern})" for pattern in patterns)
    before, after = {"tail": (r"\W*", ""), "edge": (r"\W*", r"\W*"), "wall": ("", "")}[kind]
    return re.compile(f"{before}(?:{joined}){after}", re.IGNORECASE)
