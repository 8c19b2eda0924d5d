"""Highlighting for the embedded store: the words of a text that a query wanted, in the form of Elasticsearch.

tantivy's own snippets mark each character of a Chinese phrase wherever it stands, and count in bytes; here a phrase is
marked only where it stands as one.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from index.store.embedded_query import Terms, only, unsupported
from index.store.embedded_schema import analyzer_of, analyzers

Body = dict[str, Any]
Span = tuple[int, int]
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
            name: (analyzers()[analyzer], phrases[name])
            for name in self.fields
            if name in phrases and (analyzer := analyzer_of(collection, name))
        }

    def of(self, source: Body) -> dict[str, list[str]]:
        """Field -> its marked fragment, for the fields in which something was found."""
        found = {}
        for name, (analyzer, phrases) in self.wanted.items():
            text = source.get(name.partition(".")[0])
            if not isinstance(text, str):
                continue
            spans = _spans(analyzer.pre_tokenize(text[: self.longest]).tokens, phrases)
            if spans:
                found[name] = [self._marked(text, spans, whole=self.fields[name] == 0)]
        return found

    def _marked(self, text: str, spans: Sequence[Span], *, whole: bool) -> str:
        start, end = (0, len(text)) if whole else _window(text, spans, self.size)
        made, at = "", start
        for first, last in spans:
            if start <= first and last <= end:
                made += text[at:first] + self.opening + text[first:last] + self.closing
                at = last
        return made + text[at:end]


def _spans(tokens: Sequence[Any], phrases: Iterable[Terms]) -> list[Span]:
    """Where the phrases stand, in order, without overlap."""
    at = {token.position: token for token in tokens}
    starts: dict[str, list[int]] = {}
    for token in tokens:
        starts.setdefault(token.text, []).append(token.position)
    found = set()
    for terms in phrases:
        for position in starts.get(terms[0][1], ()):
            if all((t := at.get(position + gap)) and t.text == term for gap, term in terms[1:]):
                found.add((at[position].char_offset_from, at[position + terms[-1][0]].char_offset_to))
    return _merged(sorted(found))


def _merged(spans: Iterable[Span]) -> list[Span]:
    made: list[Span] = []
    for start, end in spans:
        if made and start < made[-1][1]:
            made[-1] = (made[-1][0], max(end, made[-1][1]))
        else:
            made.append((start, end))
    return made


def _window(text: str, spans: Sequence[Span], size: int) -> Span:
    """About `size` code points with the most marks in them, from the start of a sentence or word where one is near."""
    best = max(spans, key=lambda s: (sum(s[0] <= a and b <= s[0] + size for a, b in spans), -s[0]))
    inside = max(b for a, b in spans if best[0] <= a and b <= max(best[1], best[0] + size))
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
