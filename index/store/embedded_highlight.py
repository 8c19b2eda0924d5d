"""Highlighting for the embedded store: the words of a text that a query wanted, in the form of Elasticsearch.

tantivy's own snippets mark each character of a Chinese phrase wherever it stands, and count in bytes; here a phrase is
marked only where it stands as one.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from index.store.embedded_query import Terms, only, unsupported
from index.store.embedded_schema import analyzer_of, analyzers
from index.store.embedded_words import spans, words_of

Body = dict[str, Any]
Span = tuple[int, int]
MOST_KNOWN = 200_000  # words of one analyzer that are kept: about 30 MB
KEYS = {"pre_tags", "post_tags", "fragment_size", "max_analyzed_offset", "fields"}


class Highlighter:
    """For one search. `phrases` are the wanted terms of each field."""

    def __init__(self, collection: str, body: Any, phrases: dict[str, set[Terms]]) -> None:
        only(body, KEYS, "highlight")
        self.opening, self.closing = (body.get(k, [d])[0] for k, d in (("pre_tags", "<em>"), ("post_tags", "</em>")))
        self.size = int(body.get("fragment_size", 100))
        self.longest = int(body.get("max_analyzed_offset", 1_000_000))
        self.fields: dict[str, int] = {}
        for name, options in body.get("fields", {}).items():
            only(options, {"number_of_fragments"}, "highlight")
            fragments = options.get("number_of_fragments", 5)
            if fragments not in (0, 1):
                unsupported("highlight with number_of_fragments other than 0 (the whole text) or 1")
            self.fields[name] = fragments
        self.wanted = {
            name: (_known(analyzer), phrases[name])
            for name in self.fields
            if name in phrases and (analyzer := analyzer_of(collection, name))
        }

    def of(self, source: Body) -> dict[str, list[str]]:
        """Field -> its marked fragment, for the fields in which something was found."""
        found = {}
        for name, (known, phrases) in self.wanted.items():
            text = source.get(name.partition(".")[0])
            if not isinstance(text, str):
                continue
            if marks := _marks(known, text[: self.longest], phrases):
                found[name] = [self._marked(text, marks, whole=self.fields[name] == 0)]
        return found

    def _marked(self, text: str, marks: Sequence[Span], *, whole: bool) -> str:
        start, end = (0, len(text)) if whole else _window(text, marks, self.size)
        made, at = "", start
        for first, last in marks:
            if start <= first and last <= end:
                made += text[at:first] + self.opening + text[first:last] + self.closing
                at = last
        return made + text[at:end]


class _Known(dict[str, str]):
    """Word -> its term, "" for a stop word. Most words of a text have been seen before: asking tantivy costs 50 times
    a look-up."""

    def __init__(self, analyzer: str) -> None:
        super().__init__()
        self.analyze = analyzers()[analyzer].analyze

    def __missing__(self, word: str) -> str:
        if len(self) > MOST_KNOWN:
            self.clear()
        term = self[word] = next(iter(self.analyze(word)), "")
        return term


@cache
def _known(analyzer: str) -> _Known:
    return _Known(analyzer)


def _marks(known: _Known, text: str, phrases: Iterable[Terms]) -> list[Span]:
    """Where the phrases stand, in order, without overlap."""
    words = words_of(text)
    terms = list(map(known.__getitem__, words))
    found = {(first, first + phrase[-1][0]) for phrase in phrases for first in _starts(terms, phrase)}
    if not found:
        return []
    where = spans(text, words, max(last for _first, last in found))
    return _merged(sorted((where[first][0], where[last][1]) for first, last in found))


def _starts(terms: Sequence[str], phrase: Terms) -> list[int]:
    end = len(terms) - phrase[-1][0]
    starts = [i for i, term in enumerate(terms) if term == phrase[0][1]]
    return [i for i in starts if i < end and all(terms[i + gap] == term for gap, term in phrase[1:])]


def _merged(found: Iterable[Span]) -> list[Span]:
    made: list[Span] = []
    for start, end in found:
        if made and start < made[-1][1]:
            made[-1] = (made[-1][0], max(end, made[-1][1]))
        else:
            made.append((start, end))
    return made


def _window(text: str, marks: Sequence[Span], size: int) -> Span:
    """About `size` code points with the most marks in them, from the start of a sentence or word where one is near."""
    best = max(marks, key=lambda s: (sum(s[0] <= a and b <= s[0] + size for a, b in marks), -s[0]))
    inside = max(b for a, b in marks if best[0] <= a and b <= max(best[1], best[0] + size))
    room = max(0, size - (inside - best[0]))
    start = _begin(text, max(0, best[0] - room // 2), best[0])
    end = min(len(text), max(inside, start + size))
    while end > inside and end < len(text) and text[end - 1].isalnum() and text[end].isalnum() and end > start + 1:
        end -= 1
    return start, end


def _begin(text: str, earliest: int, latest: int) -> int:
    """The first sentence that begins in between, else the first word, else as early as may be."""
    if earliest == 0:
        return 0
    sentences = [i + 1 for i in range(earliest, latest) if text[i] in ".!?。！？\n"]
    words = [i + 1 for i in range(earliest, latest) if text[i].isspace()]
    start = (sentences or words or [earliest])[0]
    while start < latest and text[start].isspace():
        start += 1
    return start
