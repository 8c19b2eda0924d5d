"""HTML text -> tree -> plain paragraphs, with a bound on size at every step."""

import re
from itertools import islice
from typing import Any

from ingest.extraction_bounds import with_few_attributes, with_few_elements, without_noise
from ingest.textclean import clean_text

LARGEST = 2_000_000  # characters of markup, after scripts and styles are gone, that are parsed; the rest is cut
# Elements that start a line of their own. Anything else runs on in its line.
BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "body", "br", "center", "dd", "details", "dialog", "div", "dl", "dt"}
    | {"fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html"}
    | {"legend", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th"}
    | {"thead", "tr", "ul"}
)
_SILENT = frozenset(
    {"script", "style", "noscript", "template", "svg", "iframe", "object", "embed", "canvas", "audio", "video", "head"}
    | {"title", "button", "select", "option", "textarea", "input", "map"}
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>", re.IGNORECASE)


def slim(html: str) -> str:
    """Markup without scripts (but JSON-LD), styles, comments and characters that no parser accepts."""
    plain = _XML_DECLARATION.sub("", _CONTROL.sub("", html))
    return with_few_attributes(with_few_elements(without_noise(plain)[:LARGEST]))


def parse(html: str) -> Any:
    """An lxml tree, or None where there is nothing to parse. `html` comes from `slim`."""
    from lxml import etree
    from lxml import html as lxml_html

    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        return lxml_html.document_fromstring(html.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None


def text_of(element: Any, most: int | None = None) -> str:
    """The visible text under an element, one block a line; of its first `most` starts and ends of elements."""
    pieces: list[str] = []
    for event, node in islice(walk(element), most):
        tag = node.tag if isinstance(node.tag, str) else ""
        if event == "start":
            if tag in BLOCKS:
                pieces.append("\n")
            if node.text and tag:
                pieces.append(_in_line(node.text))
        else:
            if tag in BLOCKS:
                pieces.append("\n")
            if node.tail and node is not element:
                pieces.append(_in_line(node.tail))
    return clean_text("".join(pieces))


def _in_line(text: str) -> str:
    return text.replace("\r", " ").replace("\n", " ")


def walk(element: Any) -> Any:
    """Start and end events in document order without recursion; silent elements give their end only."""
    from lxml import etree

    walker = etree.iterwalk(element, events=("start", "end"))
    for event, node in walker:
        if event == "start" and (not isinstance(node.tag, str) or node.tag in _SILENT):
            walker.skip_subtree()
            continue
        yield event, node
