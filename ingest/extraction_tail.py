"""What stands around and within an article and is none of it, by rules that hold for any outlet.

Four things tell it: where a line stands, how much of it is a link, what the classes of its markup say, and phrases in
three languages (`extraction_phrases.toml`). No rule names an outlet.
"""

import re
from collections import Counter
from collections.abc import Collection, Sequence

from ingest.dates import without_dates
from ingest.extraction_lines import PageLines
from ingest.extraction_phrases import phrases
from ingest.textclean import clean_line, plain, weight

_TAIL_FROM = 0.35  # of the text's length: a tail does not start before
_EDGE_REACH = 4  # lines at either end among which edge lines are looked for
_LONGEST_TAIL_LINE = 120  # characters of a line that opens a tail,
_LONGEST_TAIL_WEIGHT = 100  # or letters (Chinese threefold)
_LONGEST_INSET = 220  # characters of an inset that is no link in what is known of the page
_LONGEST_NOTE = 300  # characters and letters (Chinese threefold) of a line that is about the article
_PROSE = 60  # the same, from which on a line that ends as a sentence does is a paragraph
_LITTLE = 9  # the same, left of a line when all that is about the article is taken out
_LINK = 0.5  # share of a line that stands in links, from which on it is a link
_ALL_LINK = 0.9
_LEAST_LEFT = 0.25  # of a text that must remain when asides go; where less does, the page's classes mislead
_SENTENCE_END = re.compile(r"[.!?…。！？；;:：][\W\d]{0,6}$")


def trimmed(text: str, page: PageLines, titles: Collection[str] = (), names: Collection[str] = ()) -> str:
    """The text without what is around it on its page.

    `titles` are the page's headlines; `names` those of its authors, its site and the outlet, which make a line one
    that is about the article.
    """
    lines = text.split("\n")
    lines = _without_asides(lines, page, titles)
    lines = _without_tail(_from_title(lines, titles), page)
    return "\n".join(_without_notes(lines, page, names))


def without_tail(text: str) -> str:
    """The text without next stories, sharing and copyright lines and the like, where nothing is known of its page."""
    return trimmed(text, PageLines())


def is_prose(line: str) -> bool:
    """Whether a line is a paragraph: of some length, and ending as a sentence does."""
    return weight(line) >= _PROSE and bool(_SENTENCE_END.search(line))


def is_note(line: str, names: Collection[str] = ()) -> bool:
    """Whether a line is about the article: its date, author, source, the way to it, the size of its type."""
    if len(line) > _LONGEST_NOTE or weight(line) > _LONGEST_NOTE:
        return False
    if phrases("edge").fullmatch(line):
        return True
    rest = line
    for name in names:
        rest = rest.replace(name, " ")
    rest, dates = without_dates(rest)
    rest, labels = phrases("label").subn(" ", rest)
    told = dates or (labels and 2 * weight(rest) <= weight(line))
    if weight(rest) <= _LITTLE and (told or rest != line) and not any(map(str.isdigit, rest)):
        return True
    return bool(told) and weight(rest) < _PROSE and not _SENTENCE_END.search(line)


def _without_asides(lines: list[str], page: PageLines, titles: Collection[str]) -> list[str]:
    """Without lines in markup that is for comments, sharing, advertising and so on, and without the words that stand
    where an advertisement would. Markup that holds the headline too is for the whole page, whatever its class says."""
    kept = [line for line in lines if page.mark(line) != "aside"]
    misled = sum(map(len, kept)) < _LEAST_LEFT * sum(map(len, lines))
    if misled or any(page.mark(title) == "aside" for title in titles):
        kept = lines
    return [line for line in kept if not phrases("placeholder").fullmatch(line)] or kept


def _from_title(lines: list[str], titles: Collection[str]) -> list[str]:
    """From the headline on, without it. What stands before it, if no paragraph, is the way to it."""
    wanted = {plain(title) for title in titles} - {""}
    start = 0
    for at, line in enumerate(lines[: 2 * _EDGE_REACH]):
        if plain(line) in wanted:
            start = at + 1
        elif is_prose(line):
            break
    return lines[start:] or lines


def _without_tail(lines: list[str], page: PageLines) -> list[str]:
    """Without what follows the article, and without the hints at other stories within it."""
    total, body = sum(map(len, lines)) + len(lines), _place_of_prose(lines, page)
    resumes = _resumes(lines, page, body)
    kept: list[str] = []
    seen = at = 0
    while at < len(lines):
        line, late = lines[at], seen > _TAIL_FROM * total
        until = at + 1
        if not _opens(line, page, late):
            kept.append(line)
        elif phrases("inset").match(line) and resumes[until]:
            until = resumes[until]
            kept += [x for x in lines[at + 1 : until] if _is_heading(x, page, body)]
        elif late and not (_is_inset(line, page) and _goes_on(lines, until, page)):
            break
        seen += sum(map(len, lines[at:until])) + until - at
        at = until
    return kept or lines


def _opens(line: str, page: PageLines, late: bool) -> bool:
    """Whether a line opens what is none of the article. A long one does only where it is a link or the like."""
    if _is_long(line):
        return _is_inset(line, page)
    return bool(phrases("inset").match(line) or (late and phrases("tail").match(line)))


def _is_long(line: str) -> bool:
    return len(line) >= _LONGEST_TAIL_LINE or weight(line) >= _LONGEST_TAIL_WEIGHT


def _is_inset(line: str, page: PageLines) -> bool:
    """Whether a line that begins as a hint at another story is one as a whole: mostly a link, or phrase and title."""
    match = None if len(line) > _LONGEST_INSET else phrases("inset").match(line)
    if not match:
        return False
    return page.linked(line) >= _LINK or (weight(line[match.end() :]) > _LITTLE and not page.place(line))


def _goes_on(lines: Sequence[str], begin: int, page: PageLines) -> bool:
    """Whether a paragraph follows at once after an inset, where nothing is known of its place."""
    return begin < len(lines) and is_prose(lines[begin]) and not page.place(lines[begin])


def _place_of_prose(lines: Sequence[str], page: PageLines) -> tuple[str, ...]:
    """Where on the page most of the text stands."""
    found: Counter[tuple[str, ...]] = Counter()
    for line in lines:
        if is_prose(line) and page.linked(line) < _LINK:
            found[page.place(line)] += weight(line)
    found.pop((), None)
    return found.most_common(1)[0][0] if found else ()


def _resumes(lines: Sequence[str], page: PageLines, body: tuple[str, ...]) -> list[int]:
    """For each place the next line from there that is a paragraph of the article, standing where its paragraphs stand;
    0 where none is, or where what surely follows an article comes before it."""
    after = [0] * (len(lines) + 1)
    for at in range(len(lines) - 1, -1, -1):
        line = lines[at]
        if not _is_long(line) and phrases("tail").match(line):
            continue
        here = body and page.place(line) == body and is_prose(line) and page.linked(line) < _LINK
        after[at] = at if here else after[at + 1]
    return after


def _is_heading(line: str, page: PageLines, body: tuple[str, ...]) -> bool:
    place = page.place(line)
    return bool(place) and place[0][:2] in {"h2", "h3", "h4"} and place[1:] == body[1:] and not page.linked(line)


def _without_notes(lines: list[str], page: PageLines, names: Collection[str]) -> list[str]:
    """Without lines about the article at its ends: before its first paragraph, and after its last."""
    prose = [at for at, line in enumerate(lines) if is_prose(line)]
    first, last = (prose[0], prose[-1]) if prose else (len(lines), -1)
    head, tail = min(first, 2 * _EDGE_REACH), max(last, len(lines) - 2 * _EDGE_REACH - 1)
    near = (*range(_EDGE_REACH), *range(max(0, len(lines) - _EDGE_REACH), len(lines)))
    gone = {at for at in (*range(head), *range(tail + 1, len(lines))) if _is_note_there(lines[at], page, names)}
    gone |= {
        at
        for at in near
        if at < len(lines) and len(lines[at]) <= _LONGEST_NOTE and phrases("edge").fullmatch(lines[at])
    }
    return [line for at, line in enumerate(lines) if at not in gone]


def _is_note_there(line: str, page: PageLines, names: Collection[str]) -> bool:
    """Whether a line at an end of the text is about it, by its words, its markup, or for being nothing but links."""
    if is_note(clean_line(line), names):
        return True
    short = weight(line) < _LONGEST_NOTE and not is_prose(line)
    return short and (page.mark(line) == "note" or page.linked(line) >= _ALL_LINK)
