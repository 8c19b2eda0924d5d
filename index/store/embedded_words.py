"""Where words begin and end, for the embedded store.

tantivy's own tokenizers take a run of Chinese for one word or cut "China's" in two, and its regular expressions take
15 microseconds a word. So the words are found here, with the boundaries of Unicode (UAX 29), which Lucene's standard
tokenizer follows, and tantivy is given a text in which they stand between blanks.
"""

import re
from collections.abc import Sequence

LONGEST_WORD = 255  # as Lucene's standard tokenizer, which cuts a longer one

_ALONE = "\u3040-\u309f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Chinese, and Japanese kana
_LETTER = rf"[^\W\d_{_ALONE}]"
# A run of letters may hold accents and marks inside, as in "China's" and "U.S.", a number its separators.
_LETTERS = rf"{_LETTER}+(?:[\u0300-\u036f]+{_LETTER}*|[.:·']{_LETTER}+)*"
_WORD = re.compile(rf"[{_ALONE}]|(?:{_LETTERS}|\d+(?:[.,;']\d+)*|_+)+")


def spaced(text: str) -> str:
    """The words of a text between single blanks, as the analyzers take it."""
    return " ".join(words_of(text))


def words_of(text: str) -> list[str]:
    """The words of a text, in order. The position of an analyzed word is an index into this list."""
    words = _WORD.findall(text)
    if max(map(len, words), default=0) > LONGEST_WORD:
        words = [piece for word in words for piece in _cut(word)]
    return words


def _cut(word: str) -> list[str]:
    return [word[i : i + LONGEST_WORD] for i in range(0, len(word), LONGEST_WORD)]


def spans(text: str, words: Sequence[str], last: int) -> list[tuple[int, int]]:
    """Where the words stand in their text, up to the word number `last`."""
    found, at = [], 0
    for word in words[: last + 1]:
        start = text.index(word, at)
        at = start + len(word)
        found.append((start, at))
    return found
