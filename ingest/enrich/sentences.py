"""Sentence boundaries in English, Russian and Chinese. The title is a sentence of its own; so is every line."""

import re

from ingest.model import Sentence

_LINE = re.compile(r"[^\n\r\u2028\u2029]+")
# One try a run of marks, and no way back inside it: a text of marks alone stays linear.
_LATIN_END = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’»)\]]*+(?=\s)")
# A Chinese sentence ends at its mark, with the closing quotation marks and brackets that follow.
_HAN_END = re.compile(r"[。！？!?…]+[”’」』）)》]*")
_WORD_BEFORE = re.compile(r"[\w.&-]+$")
_OPENING = "\"'“‘«(["

_ABBREVIATIONS = frozenset(
    re.findall(
        r"\S+",
        """mr mrs ms dr prof st gen col lt sgt maj capt adm gov sen rep rev hon jr sr vs etc vol fig inc ltd co
        corp dept univ est approx jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun
        u.s u.k u.n e.u p.m a.m i.e e.g ph.d d.c u.s.s.r p.r.c""",
    )
)
_RUSSIAN_ABBREVIATIONS = frozenset(
    re.findall(
        r"\S+",
        """г гг в вв ул им пр просп д стр корп обл р руб коп тыс млн млрд трлн проц акад проф ген полк др т п т.д т.п
        т.е т.к т.н св см ср напр рис табл тел н.э н ст пос дер сел с оз о зам гл нач пред сек мин ч кв куб км м
        кг долл""",
    )
)


def split_sentences(text: str, lang: str) -> tuple[Sentence, ...]:
    """Spans of sentences in order, without the space around them. Linear in the length of the text."""
    ends = _han_ends if lang == "zh" else _latin_ends
    spans: list[Sentence] = []
    for line in _LINE.finditer(text):
        start = line.start()
        for end in (*ends(text, line.start(), line.end()), line.end()):
            spans.extend(_trimmed(text, start, end))
            start = end
    return tuple(spans)


def _trimmed(text: str, start: int, end: int) -> list[Sentence]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return [Sentence(start, end)] if start < end else []


def _han_ends(text: str, start: int, end: int) -> list[int]:
    return [m.end() for m in _HAN_END.finditer(text, start, end)]


def _latin_ends(text: str, start: int, end: int) -> list[int]:
    return [m.end() for m in _LATIN_END.finditer(text, start, end) if _is_end(text, m.start(), m.end(), end)]


def _is_end(text: str, mark: int, after: int, limit: int) -> bool:
    """Whether a mark ends a sentence: not after an abbreviation or initial, and only before what can begin one."""
    following = text[after : min(after + 4, limit)].lstrip()
    first = following[:1]
    # "I agree!" said she; — сказал он: the next word goes on in lower case, so the sentence does too.
    if first and (first.islower() or (first in "—–-" and following[1:].strip()[:1].islower())):
        return False
    if text[mark] != "." or after - mark > 1:
        return True
    return _ends_word(_word_before(text, mark), first)


def _word_before(text: str, mark: int) -> str:
    found = _WORD_BEFORE.search(text[max(0, mark - 24) : mark])
    return found.group() if found else ""


def _ends_word(word: str, first: str) -> bool:
    folded = word.lower().strip("-")
    if len(word) == 1 and word.isalpha() and word.isupper():
        return False
    if folded in _RUSSIAN_ABBREVIATIONS:
        # «в 2014 г. Путин» goes on; «… 5 млрд руб. Об этом» is undecidable by form, and ends more often than not.
        return folded in {"руб", "долл", "тыс", "млн", "млрд", "гг", "др", "т.д", "т.п"} and first.isupper()
    return folded not in _ABBREVIATIONS and not (folded in {"no", "nos"} and first.isdigit())
