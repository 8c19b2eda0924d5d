"""Quotation marks of three traditions as spans: which stretches of a text stand between marks, and how deep.

Pure and linear: one pass with a stack, no look at meaning. `quotes.py` decides which spans are speech.
"""

from dataclasses import dataclass

PAIRS = {"«": "»", "“": "”", "„": "“", "「": "」", "『": "』", "‹": "›", "‘": "’", "﹁": "﹂"}
CLOSERS = frozenset(PAIRS.values())
STRAIGHT = frozenset("\"'")
# Longer than any quoted passage in the development items (PolNeAR dev: 99.9 % under 900); an unclosed mark ends here.
LONGEST = 1500
# Nobody nests deeper; without a bound a text of opening marks alone would take quadratic time.
DEEPEST = 6


@dataclass(frozen=True, slots=True)
class Quoted:
    """The inside of one pair of marks: offsets without the marks, the opening mark, nesting depth from 0."""

    start: int
    end: int
    mark: str
    depth: int


@dataclass(slots=True)
class _Open:
    mark: str
    close: str
    inner: int


def find_marks(text: str) -> tuple[Quoted, ...]:
    """All closed pairs, by start. Never raises; an unclosed mark is forgotten at the end of its paragraph."""
    stack: list[_Open] = []
    found: list[Quoted] = []
    for at, char in enumerate(text):
        if char == "\n":
            stack.clear()
        elif char in STRAIGHT or char in PAIRS or char in CLOSERS:
            _step(text, at, char, stack, found)
    return tuple(sorted(found, key=lambda q: (q.start, -q.end)))


def _step(text: str, at: int, char: str, stack: list[_Open], found: list[Quoted]) -> None:
    while stack and at - stack[-1].inner > LONGEST:
        stack.pop()
    if _closes(text, at, char, stack):
        _close(at, char, stack, found)
    elif _opens(text, at, char):
        stack.append(_Open(char, _closer(char), at + 1))
        del stack[:-DEEPEST]


def _closer(char: str) -> str:
    return PAIRS.get(char, char)  # a straight mark, and a stray closing mark that opens, close with themselves


def _closes(text: str, at: int, char: str, stack: list[_Open]) -> bool:
    if not any(entry.close == char for entry in stack):
        return False
    if char in "'’":
        return not _latin_or_digit(text, at + 1) and not text[at - 1].isspace()
    return True


def _close(at: int, char: str, stack: list[_Open], found: list[Quoted]) -> None:
    while stack:
        entry = stack.pop()
        if entry.close == char:
            if at > entry.inner:
                found.append(Quoted(entry.inner, at, entry.mark, len(stack)))
            return


def _opens(text: str, at: int, char: str) -> bool:
    if char in "'‘":
        return not _latin_or_digit(text, at - 1) and _letter(text, at + 1)
    if char in "’›»」』﹂":
        return False
    if char in '"”':  # straight, or a closing mark typed where an opening one belongs
        return at + 1 < len(text) and not text[at + 1].isspace() and not _latin_or_digit(text, at - 1)
    return True


def _letter(text: str, at: int) -> bool:
    return 0 <= at < len(text) and text[at].isalpha()


def _latin_or_digit(text: str, at: int) -> bool:
    return 0 <= at < len(text) and text[at].isalnum() and text[at] < "\u2e80"


def masked(text: str, spans: tuple[Quoted, ...]) -> str:
    """The text at the same length, with punctuation inside marks replaced so that it cannot end a clause."""
    chars = list(text)
    for span in spans:
        for at in range(span.start, span.end):
            if not (chars[at].isalnum() or chars[at].isspace()):
                chars[at] = "·"
    return "".join(chars)
