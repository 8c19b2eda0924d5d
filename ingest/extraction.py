"""The body of an article out of a page: which extractor, by page and language, as `python -m bench extraction` showed.

readability-lxml does best on pages with plain markup, trafilatura on modern ones (those with JSON-LD); each steps in
where the other's text is doubtful. resiliparse, an order of magnitude faster, is what both are checked against, and the
only one for pages too large for either.
"""

import logging
import re
from collections.abc import Sequence
from typing import Any

from ingest.extraction_tree import parse, slim, text_of
from ingest.textclean import clean_text, plain

SHORT = 100  # characters of the first extractor's text below which the others are asked (bench extraction)
LARGE = 1_500_000  # characters of markup above which only the linear extractor is used: bounds time on a 10 MB page
MANY = 10_000  # tags above which the same: the page with most elements of bench extraction has 3,458
# A first choice is doubted where it holds hardly any word of the page's own titles and another text holds many more, or
# where the linear extractor, whose text is nearly always a superset, has next to nothing of it (bench extraction:
# Russian 0.85 -> 0.88, Chinese 0.91 -> 0.92, English unchanged).
NO_TITLE_WORDS = 0.2
MORE_TITLE_WORDS = 0.3
FOREIGN = 0.3
LEAD = 60  # characters of a line between headline and text that make it a paragraph
LEADS = 2  # such paragraphs that are taken
FAR_LONGER = 2  # times: a text so much longer than the linear extractor's has swallowed other stories
# readability weighs a paragraph by its ASCII commas, of which Chinese has none. A mark that stands for no text makes
# the count right and is taken out again (bench extraction: Chinese 0.88 -> 0.91).
_MARK = "\ue000,"
_COMMAS = "，。、"
_HAN_PAIR = re.compile("[\u3400-\u9fff](?=([\u3400-\u9fff]))")
_STEM = re.compile(r"[^\W\d_]{4,}")
_STEM_LENGTH = 5  # letters that inflection leaves alone
_RUN = 8  # characters in the runs by which two texts are compared


def body_of(html: str, titles: Sequence[str] = ()) -> str:
    """Paragraphs of the main text, one a line; an empty string where no extractor finds any. Never raises.

    `titles` are the page's own headlines: a text that has nothing to do with them is another story's. What stands
    around the article is still to be taken off (`extraction_tail`).
    """
    markup = slim(html)
    linear = clean_text(_resiliparse(markup))
    if len(markup) > LARGE or markup.count("<") > MANY:
        return linear
    first, second = (_trafilatura, _readability) if "ld+json" in html else (_readability, _trafilatura)
    text = clean_text(first(markup))
    if is_doubtful(text, linear, titles):
        text = _better(clean_text(second(markup)), linear, titles) or text
    return _with_lead(text, linear, titles)


def is_doubtful(text: str, linear: str, titles: Sequence[str]) -> bool:
    """Whether a text is too short, foreign to the page's titles, or foreign to what the linear extractor found."""
    if len(text) < SHORT:
        return True
    own, other = title_words(titles, text), title_words(titles, linear)
    if own < NO_TITLE_WORDS and other > own + MORE_TITLE_WORDS:
        return True
    runs = _runs(text)
    return len(linear) > 2 * SHORT and other >= own and len(runs & _runs(linear)) < FOREIGN * len(runs)


def title_words(titles: Sequence[str], text: str) -> float:
    """The share of the words of a headline that a text holds, for the headline it fits best; 1 without headlines."""
    held = _stems(text)
    wanted = [stems for title in titles[:3] if (stems := _stems(title))]
    return max((len(stems & held) / len(stems) for stems in wanted), default=1.0)


def _better(text: str, linear: str, titles: Sequence[str]) -> str:
    """The second extractor's text, or the linear one's where that fits the titles better or is far shorter."""
    own, other = title_words(titles, text), title_words(titles, linear)
    if other > own or (other == own and len(text) > FAR_LONGER * len(linear)):
        return linear
    return text or linear


def _with_lead(text: str, linear: str, titles: Sequence[str]) -> str:
    """The text with the paragraphs that stand between headline and first line on the page, which readability loses
    where they are marked up otherwise than the rest. In Chinese such a line is a summary that repeats the text."""
    lines, before = text.split("\n"), linear.split("\n")
    first, headlines = plain(lines[0]), {plain(title) for title in titles} - {""}
    start = next((at for at, line in enumerate(before) if len(plain(line)) > _RUN and plain(line) == first), 0)
    begin = max((at for at in range(start) if plain(before[at]) in headlines), default=start)
    held = plain(text)
    lead = [line for line in before[begin + 1 : start] if len(line) >= LEAD and plain(line) not in held]
    return text if _HAN_PAIR.search(text[:SHORT]) else "\n".join((*lead[-LEADS:], *lines))


def _stems(text: str) -> set[str]:
    lowered = text.lower()
    pairs = {pair.group() + pair.group(1) for pair in _HAN_PAIR.finditer(lowered)}
    return pairs | {word[:_STEM_LENGTH] for word in _STEM.findall(lowered) if not _HAN_PAIR.match(word)}


def _runs(text: str) -> set[str]:
    letters = plain(text)
    return {letters[i : i + _RUN] for i in range(len(letters) - _RUN + 1)}


def by_selector(tree: Any, selector: str) -> str:
    """The text under the elements that an outlet's own rule names; a bad selector finds nothing."""
    from cssselect import SelectorError

    try:
        found = tree.cssselect(selector)
    except (SelectorError, ValueError):
        return ""
    named = set(found)
    inner = [e for e in found if not any(parent in named for parent in e.iterancestors())]
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
