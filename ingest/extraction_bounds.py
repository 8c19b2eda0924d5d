"""What a hostile page may cost. Every scan here is linear in the page, whatever stands in it.

Extractors and parsers take time quadratic in the depth of elements (resiliparse: 30,000 nested <div>, a minute) and in
the attributes of one element (libxml2: 50,000, five seconds). Real pages are far from both: of the 360 pages of
`bench extraction` the deepest has 36 levels, the largest 3,458 elements, and no product of the two exceeds 80,000.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

MAX_DEPTH = 200  # levels of elements, five times those of the deepest page of bench extraction
MAX_WORK = 500_000  # elements times levels, six times the most of bench extraction
MAX_ELEMENTS = 15_000  # that are read, four times the most of bench extraction; what follows is cut
MAX_ATTRIBUTES = 200  # of one element; above, it loses them
_LONG_TAG = 2 * MAX_ATTRIBUTES  # characters that so many have at least

_NOISE_OPENS = re.compile(r"<!--|<(script|style|svg|noscript|template)\b", re.IGNORECASE)
_CLOSES = {
    kind: re.compile(rf"</{kind}\s*>", re.IGNORECASE) for kind in ("script", "style", "svg", "noscript", "template")
} | {"": re.compile("-->")}
_DATA = re.compile(r"ld\+json", re.IGNORECASE)
# Tags as the HTML standard cuts them, and elements whose content is no markup as a whole. Possessive: no backtracking.
_ATTRIBUTE = (
    r"""[^\t\n\f\r />][^\t\n\f\r />=]*+"""
    r"""(?:[\t\n\f\r ]*+=[\t\n\f\r ]*+(?:"[^"]*+"?|'[^']*+'?|[^\t\n\f\r >"'][^\t\n\f\r >]*+)?)?"""
)
_ATTRIBUTES = rf"(?:[\t\n\f\r /]++|{_ATTRIBUTE})*+>?"
_TAG = re.compile(
    rf"<(?P<raw>title|textarea|xmp|iframe|noembed|noframes|script|style)(?=[\t\n\f\r />]){_ATTRIBUTES}"
    rf"(?P<content>[^<]*+(?:<(?!/(?P=raw))[^<]*+)*+)|<(?P<name>[a-z][^\t\n\f\r />]*+){_ATTRIBUTES}",
    re.IGNORECASE,
)
_STARTS = re.compile(r"<[a-zA-Z]")
_EACH = re.compile(_ATTRIBUTE)


def without_noise(html: str) -> str:
    """Without comments, scripts (but JSON-LD), styles and drawings. What is never closed stays."""
    return "".join(_between(html))


def _between(html: str) -> Iterator[str]:
    closed_from = dict.fromkeys(_CLOSES, True)  # whether a kind is still closed somewhere
    tags = _TagEnds(html)
    at = kept = 0
    while opened := _NOISE_OPENS.search(html, at):
        at = opened.end()
        kind = (opened.group(1) or "").lower()
        if not closed_from[kind] or (kind and not tags.plain_until(at)):
            continue
        closing = _CLOSES[kind].search(html, tags.end + 1 if kind else at)
        if closing is None:
            closed_from[kind] = False
            continue
        yield html[kept : opened.start()]
        at = kept = closing.end()
    yield html[kept:]


class _TagEnds:
    """The end of the tag under way, looked for once however many openings stand before it."""

    def __init__(self, html: str) -> None:
        self._html = html
        self.end = -1
        self._data = -1  # where, in that tag, JSON-LD is last spoken of

    def plain_until(self, at: int) -> bool:
        """Whether a tag whose name ends at `at` is closed and is none of JSON-LD."""
        if self.end < at and self.end < len(self._html):
            found = self._html.find(">", at)
            self.end = found if found >= 0 else len(self._html)
            self._data = max((m.start() for m in _DATA.finditer(self._html, at, self.end)), default=-1)
        return self.end < len(self._html) and self._data < at


def with_few_elements(html: str) -> str:
    """The markup up to its element number MAX_ELEMENTS."""
    after = next(islice(_STARTS.finditer(html), MAX_ELEMENTS, None), None)
    return html[: after.start()] if after else html


def with_few_attributes(html: str) -> str:
    """Tags with a great many attributes are left with their name."""
    return _TAG.sub(_shortened, html)


def _shortened(tag: re.Match[str]) -> str:
    whole = tag.group()
    content = tag.group("content") or ""
    head = whole[: len(whole) - len(content)]
    if len(head) < _LONG_TAG or sum(1 for _ in _EACH.finditer(head)) <= MAX_ATTRIBUTES:
        return whole
    return f"<{tag.group('raw') or tag.group('name')}>{content}"


def is_strained(tree: Any) -> bool:
    """Whether a tree is so deep, or so deep and large, that no extractor may be asked."""
    from lxml import etree

    depth = deepest = elements = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        elements += event == "start"
        deepest = max(deepest, depth)
    return deepest > MAX_DEPTH or deepest * elements > MAX_WORK
