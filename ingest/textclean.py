"""Plain text as it should be kept: one kind of space, no invisible characters, no lone surrogates."""

import re
import unicodedata

# Characters that steer display or carry nothing: C0 and C1 controls, bidi controls, zero width, byte order marks,
# tags and noncharacters. Tab and line feed are handled as space before.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f"
    "\ufeff\ufff0-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)
_BREAKS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile(r"[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_HAN = re.compile("[\u3400-\u9fff]")


def clean_line(text: str) -> str:
    """One line: whitespace folded to single spaces, invisible characters gone."""
    return _SPACES.sub(" ", _INVISIBLE.sub("", _BREAKS.sub(" ", text).replace("\n", " "))).strip()


def clean_text(text: str) -> str:
    """Paragraphs, one a line, none empty; canonically composed (NFC)."""
    lines = _INVISIBLE.sub("", _BREAKS.sub("\n", text)).split("\n")
    kept = (_SPACES.sub(" ", line).strip() for line in lines)
    return unicodedata.normalize("NFC", "\n".join(line for line in kept if line))


def plain(text: str) -> str:
    """Letters and figures alone, in lower case: what two writings of one line share."""
    return "".join(filter(str.isalnum, text)).lower()


def letters(text: str) -> int:
    """How many characters are letters in any script."""
    return sum(map(str.isalpha, text))


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, cut after a sentence or else a word, with an ellipsis where cut."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    ends = [m.end() for m in re.finditer(r"[.!?…](?=\s)|[。！？]", head)]
    if ends and ends[-1] > limit // 2:
        return head[: ends[-1]]
    space = head.rfind(" ")
    return (head[:space] if space > limit // 2 else head).rstrip() + "…"


def weight(text: str) -> int:
    """Length in letters, each Chinese character counting for three: what a text says, whatever its script."""
    return letters(text) + 2 * len(_HAN.findall(text))
