"""The pattern language of events: lines of `lexicons/event_patterns_<lang>.txt` as regular expressions over marks.

A line is `TYPE<tab>pattern`. In a pattern, parted by spaces (Chinese patterns are joined without space):

    S T      source and target: an actor, or a coordinated group of several
    A B      two parties of a mutual act (two events, one each way)
    M        one mark that holds both parties: a coordinated group or "the two countries"
    P        both parties unnamed: the pair that the text speaks of
    L H      a state or a place in it, as target or party; as source
    - _ __   a gap of up to 3, 6 or 14 words without a clause boundary (Chinese: 5, 12 or 26 characters)
    ___      a gap of up to 16 words that may hold other actors (Chinese: 30 characters)
    word     the word; `word*` any word that begins so; `(a|b)` alternatives; `a_b` words parted by one space
    [..]     may be left out
    Q:       at the beginning: only inside a quote, whose speaker's state is the source

A line that begins with S also matches where a conjunction stands in its place ("met Xi and condemned T"): the source
is then the first actor of the sentence.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ingest.enrich.event_marks import ANY_MARK

_ACT = "\ue000-\ue7ff"
_PLACES = "\ue800-\uefff"
_PAIRS = "\uf000-\uf3ff"
_PRONOUNS = "\uf400-\uf7ff"
SLOTS = {
    "S": f"(?P<S>[{_ACT}{_PRONOUNS}{_PAIRS}])",
    "H": f"(?P<S>[{_ACT}{_PLACES}])",
    "T": f"(?P<T>[{_ACT}])",
    "A": f"(?P<A>[{_ACT}{_PRONOUNS}])",
    "B": f"(?P<B>[{_ACT}])",
    "M": f"(?P<M>[{_ACT}{_PAIRS}])",
    "L": f"(?P<L>[{_ACT}{_PLACES}])",
    "P": "",
}
_WORD_GAP = rf"(?:[^\s,;:.!?«»“”\"()—–{ANY_MARK}]+[\s]+){{0,%d}}?"
# A wide gap may pass commas and places, but not into a relative clause, whose subject is another.
_RELATIVE = r"(?!(?:which|whom|that|что|чтобы|котор\w+|якобы)\b)"
_WIDE_GAP = rf"(?:{_RELATIVE}[^\s;:.!?«»“”\"—–{ANY_MARK}]+[\s]+|[{_PLACES}][\s,]+){{0,%d}}?"
_ANY_GAP = r"(?:[^\s;:.!?]+[\s]+){0,%d}?"
_HAN_GAP = rf"[^，。；：！？、“”\s{ANY_MARK}]{{0,%d}}?"
_HAN_WIDE = rf"[^。；：！？“”{_ACT}{_PAIRS}{_PRONOUNS}]{{0,%d}}?"
_HAN_ANY = r"[^。；：！？]{0,%d}?"
GAPS = {"-": 3, "_": 6, "__": 14, "___": 16}
HAN_GAPS = {"-": 5, "_": 12, "__": 26, "___": 30}
CONJOINED = {
    "en": r"(?:\band|\bbut|\bthen|\balso|\bwhile|;|,|\bit)\s+(?:(?:also|again|\w+ly|then|is|was|has|had)\s+)?",
    "ru": r"(?:\bи|\bа|\bно|\bтакже|,)\s+(?:также\s+|затем\s+|вновь\s+)?",
    "zh": r"(?:，|并|还|也|则|同时|随后|、)",
}


# A look around, or alternatives inside a word: no part of what stands in every match.
_ASIDE = re.compile(r"\(\?(?:<?[!=]|:)[^()]*\)")


@dataclass(frozen=True, slots=True)
class Pattern:
    """One compiled line. Of the literal strings `hints` one must stand in the sentence, else it is not tried."""

    type: str
    regex: re.Pattern[str]
    line: int
    quoted: bool
    mutual: bool
    hints: tuple[str, ...]
    source: str
    conjoined: re.Pattern[str] | None = None


@cache
def patterns(lang: str) -> tuple[Pattern, ...]:
    """The patterns of a language in the order of its file, which is the order in which they are tried."""
    return tuple(_compiled(number, kind, text, lang) for number, kind, text in _lines(lang))


def _lines(lang: str) -> Iterator[tuple[int, str, str]]:
    path = files("ingest.enrich") / "lexicons" / f"event_patterns_{lang}.txt"
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            kind, _, text = line.partition("\t")
            yield number, kind.strip(), text.strip()


def _compiled(number: int, kind: str, text: str, lang: str) -> Pattern:
    quoted = text.startswith("Q:")
    body = text[2:].strip() if quoted else text
    tokens = body.split(" ")
    regex = _joined(tokens, lang)
    dropped = CONJOINED[lang] + _joined(_after_source(tokens), lang) if tokens[0] == "S" and not quoted else ""
    mutual = any(t in ("A", "B", "M", "P") for t in tokens) and not {"S", "T"} & set(tokens)
    flags = 0 if lang == "zh" else re.IGNORECASE
    conjoined = re.compile(dropped, flags) if dropped else None
    return Pattern(kind, re.compile(regex, flags), number, quoted, mutual, _hints(tokens), text, conjoined)


def _after_source(tokens: list[str]) -> list[str]:
    return tokens[2:] if tokens[1:2] and tokens[1] in GAPS else tokens[1:]


def _joined(tokens: list[str], lang: str) -> str:
    parts: list[str] = []
    triggered = False
    for token in tokens:
        if token in ("", "P"):
            continue
        optional = token.startswith("[") and token.endswith("]")
        core = token[1:-1] if optional else token
        piece = _token(core, lang)
        if not triggered and core not in SLOTS and core not in GAPS:
            piece, triggered = f"(?P<trigger>{piece})", True
        space = "" if lang == "zh" or core in GAPS else r"[\s,]*" if core in SLOTS else r"[\s]*"
        parts.append(f"(?:{piece}{space})?" if optional else piece + space)
    return "".join(parts)


def _token(token: str, lang: str) -> str:
    if token in SLOTS:
        return SLOTS[token]
    if token in GAPS:
        return _gap(token, lang)
    if lang == "zh":
        return f"(?:{token})" if token.startswith("(") else re.escape(token)
    inner = token[1:-1] if token.startswith("(") else token
    words = "|".join(_word(w) for w in inner.split("|"))
    return rf"(?<!\w)(?:{words})(?!\w)"


def _gap(token: str, lang: str) -> str:
    if lang == "zh":
        return {"__": _HAN_WIDE, "___": _HAN_ANY}.get(token, _HAN_GAP) % HAN_GAPS[token]
    return {"__": _WIDE_GAP, "___": _ANY_GAP}.get(token, _WORD_GAP) % GAPS[token]


def _word(word: str) -> str:
    return re.escape(word).replace(r"\*", r"\w*").replace("_", r"\s+")


def _hints(tokens: list[str]) -> tuple[str, ...]:
    """What the words of the first compulsory literal token begin with, free of regular expression (Chinese)."""
    for token in tokens:
        if token in SLOTS or token in GAPS or not token or token.startswith("["):
            continue
        inner = _ASIDE.sub("", token[1:-1] if token.startswith("(") else token)
        return tuple(re.split(r"[*_.\[({?]", w)[0].lower() for w in inner.split("|"))
    return ()
