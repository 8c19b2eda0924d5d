"""Bytes -> text. What a server declares is evidence, not truth; the bytes themselves are asked as well."""

import codecs
import re
from collections.abc import Iterator

# Labels that mean a wider encoding than they say (WHATWG encoding standard): what real servers send under them.
_WIDER = {
    "gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030", "hz-gb-2312": "gb18030",
    "cp936": "gb18030", "ms936": "gb18030", "big5": "big5hkscs", "big5-hkscs": "big5hkscs", "cn-big5": "big5hkscs",
    "x-x-big5": "big5hkscs", "iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "us-ascii": "cp1252",
    "ascii": "cp1252", "win-1251": "cp1251", "windows1251": "cp1251", "x-cp1251": "cp1251", "win1251": "cp1251",
    "koi8": "koi8-r", "koi8-ru": "koi8-u", "unicode": "utf-16", "x-sjis": "cp932", "shift_jis": "cp932",
    "shift-jis": "cp932", "sjis": "cp932", "ks_c_5601-1987": "cp949", "euc-kr": "cp949", "utf8": "utf-8",
    "unicode-1-1-utf-8": "utf-8", "x-unicode20utf8": "utf-8", "iso-8859-9": "cp1254", "tis-620": "cp874",
}  # fmt: skip
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HEAD = 8192  # bytes in which a declaration is looked for; browsers look at 1,024, real pages are late
_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_.:\-]{2,40})""", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"""^\s*<\?xml[^>]{0,200}encoding\s*=\s*["']([A-Za-z0-9_.:\-]{2,40})""", re.IGNORECASE)
_SAMPLE = 200_000  # bytes that the trial of an encoding looks at
_ERRORS_ALLOWED = 0.005  # share of undecodable characters in a page whose encoding is right but which was cut or pasted
_NUL_SHARE = 0.2  # of the bytes at one parity: UTF-16 without a byte order mark
_CAPITALS_ODD = 0.6  # of Cyrillic letters: KOI8-R read as windows-1251 turns the case of every letter


def decode(body: bytes, content_type: str = "") -> tuple[str, str]:
    """The text and the name of the encoding it was read with. Never raises: what cannot be read becomes U+FFFD."""
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body.decode(name, "replace"), name.removesuffix("-sig")
    if wide := _utf16_without_mark(body):
        return body.decode(wide, "replace"), wide
    sample = body[:_SAMPLE]
    if _is_utf8(sample):
        return body.decode("utf-8", "replace"), "utf-8"
    trials = [(_badness(sample, name), order, name) for order, name in enumerate(_candidates(sample, content_type))]
    good = [trial for trial in trials if trial[0] <= _ERRORS_ALLOWED]
    name = good[0][2] if good else min(trials)[2]
    return body.decode(name, "replace"), name


def known_encoding(label: str) -> str:
    """Python's name of the encoding that a label stands for in practice, or an empty string."""
    plain = label.strip().strip("\"'").lower()
    try:
        name = codecs.lookup(_WIDER.get(plain, plain)).name
        return name if getattr(codecs.lookup(name), "_is_text_encoding", True) else ""
    except (LookupError, ValueError):
        return ""


def _candidates(sample: bytes, content_type: str) -> Iterator[str]:
    """Encodings in order of trust, each once."""
    labels = [m.group(1).decode("ascii") for m in _CHARSET.finditer(content_type.encode("ascii", "replace"))]
    labels += [m.group(1).decode("ascii") for m in _CHARSET.finditer(sample[:_HEAD])]
    labels += [m.group(1).decode("ascii") for m in [_XML_ENCODING.match(sample[:_HEAD])] if m]
    names = [known_encoding(label) for label in labels]
    yield from dict.fromkeys([*(n for n in names if n and "utf-16" not in n and "utf-32" not in n), *_detected(sample)])


def _detected(sample: bytes) -> list[str]:
    from resiliparse.parse.encoding import detect_encoding

    visible = re.sub(rb"(?s)<[^>]{0,500}>|[\x00-\x7f]{40,}", b" ", sample)
    guesses = [known_encoding(detect_encoding(part) or "") for part in (visible, sample)]
    return [*filter(None, guesses), "utf-8", "cp1252"]


def _is_utf8(sample: bytes) -> bool:
    """Valid UTF-8 but for a character cut at the end of the sample or a few damaged bytes.

    Text in another encoding with more than a handful of non-ASCII bytes is never valid, so this beats any declaration.
    """
    text = sample.decode("utf-8", "replace")
    damaged = text.count("\ufffd")
    if damaged == 0:
        return True
    wide = sum(1 for _ in re.finditer(r"[^\x00-\x7f\ufffd]", text))
    return damaged <= wide * _ERRORS_ALLOWED * 4


def _utf16_without_mark(body: bytes) -> str:
    head = body[:4096]
    half = max(1, len(head) // 2)
    even, odd = head[0::2].count(0) / half, head[1::2].count(0) / half
    if max(even, odd) < _NUL_SHARE or len(head) < 4:  # noqa: PLR2004
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _badness(sample: bytes, name: str) -> float:
    """0 for a likely reading; the share of unreadable characters, or 1 for one that turns upper and lower case."""
    try:
        text = sample.decode(name, "replace")
    except (LookupError, ValueError):
        return 2.0
    wide = re.findall(r"[^\x00-\x7f]", text)
    if not wide:
        return 0.0
    bad: float = sum(c == "\ufffd" or "\x80" <= c <= "\x9f" or "\ue000" <= c <= "\uf8ff" for c in wide) / len(wide)
    cyrillic = [c for c in wide if "\u0400" <= c <= "\u04ff"]
    capitals = sum(c.isupper() for c in cyrillic)
    odd_case = len(cyrillic) > 40 and capitals > _CAPITALS_ODD * len(cyrillic)  # noqa: PLR2004
    return max(bad, 1.0 if odd_case else 0.0)
