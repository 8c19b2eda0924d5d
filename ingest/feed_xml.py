"""The bytes of an XML feed -> text that no XML parser can be hurt by. Pure.

Decoded here, by what the bytes are rather than by what they are called; without document type, so without entities of
its own; with a bounded depth and number of entries.
"""

import re
from html.entities import html5

from amur.errors import FeedError
from ingest.extraction_bytes import decode
from ingest.feed_document import MAX_ENTRIES

MAX_CHARACTERS = 25_000_000
MAX_ENTITIES = 100
MAX_ENTITY_GROWTH = 1_000_000  # characters
MAX_DEPTH = 250  # elements within elements, as libxml2 has it; real feeds stay under 30, XHTML content included
LENIENT = 500_000  # characters of ill-formed XML that feedparser's lenient parser gets; libxml2 repairs what is longer
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,400}\?>", re.IGNORECASE)
_ENTITY = re.compile(r"""<!ENTITY\s+([A-Za-z][\w.-]{0,60})\s+(?:"([^"<&%]{0,300})"|'([^'<&%]{0,300})')\s*>""")
MAX_NAME = 400  # characters of an author
MAX_RUN = 50_000  # characters of text without markup; no more than MAX_FIELD of them are used
_STRAY = re.compile(
    r"<(?![A-Za-z_/!:]|$)|<!(?!\[CDATA\[|--|DOCTYPE|doctype)|<(?=!--|/?\s)|<(?=<|[A-Za-z_/][^<>]{0,2000}<)"
)
# Elements that no entry keeps; feedparser compares each category with all the others.
_UNUSED = re.compile(
    r"<(?:(?:[\w.-]{1,40}:)?(?:category|subject|keywords|enclosure|thumbnail)|media:content)(?:\s[^<>]*)?"
    r"(?:(?<=/)>|>(?:<!\[CDATA\[[^\]]{0,2000}\]\]>|[^<]{0,2000})</[\w.:-]{1,60}\s*>)"
)
_LONG_TAG = re.compile(r"<[A-Za-z_][^<>]{10000,}>?")
_LONG_RUN = re.compile(rf"([^<>]{{{MAX_RUN}}})[^<>]+")
_LONG_NAME = re.compile(
    r"(<(?:[\w.-]{1,40}:)?(?:author|creator|contributor|managingEditor|webMaster|publisher|owner|name|email|credit|source)"
    r"(?:\s[^<>]{0,500})?>\s*(?:<!\[CDATA\[)?)([^<]{400,})",
    re.IGNORECASE,
)
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REFERENCE = re.compile(r"&#(?:x([0-9a-fA-F]{1,8})|([0-9]{1,8}));?")
_AMPERSAND = re.compile(r"&(?:([A-Za-z][A-Za-z0-9]{1,30});|(?![A-Za-z#][A-Za-z0-9]{0,30};))")
_XML_NAMES = {"amp", "lt", "gt", "quot", "apos"}
_XML_CHARACTERS = ((9, 10), (13, 13), (0x20, 0xD7FF), (0xE000, 0xFFFD), (0x10000, 0x10FFFF))
_ENTRY = re.compile(r"<(?:[A-Za-z][\w.-]{0,30}:)?(item|entry|url|sitemap)(?=[\s>/])[^>]*>")
_TAGS = re.compile(r"<(?:!\[CDATA\[.*?(?:\]\]>|\Z)|!--.*?(?:-->|\Z)|(/?)[A-Za-z_][^<>]*?(/?)>)", re.DOTALL)


def safe_text(body: bytes, content_type: str) -> str:
    """Raises FeedError where the body is too large or nested too deep to be read."""
    text = _plain_utf8(body) or _utf32(body) or _surrogates(body) or decode(body, content_type)[0]
    if len(text) > MAX_CHARACTERS:
        raise FeedError(f"the feed has {len(text)} characters, over {MAX_CHARACTERS}")
    text = _NOT_XML.sub("", text.lstrip("\ufeff \t\r\n"))
    text = without_doctype(_DECLARATION.sub("", text, count=1)).lstrip()
    text = _AMPERSAND.sub(_named, _REFERENCE.sub(_valid_reference, _without_traps(text)))
    _check_depth(text)
    return text


def _without_traps(text: str) -> str:
    """Without what makes a lenient parser look ahead again and again: 100 kB of it cost feedparser a minute.

    Comments and processing instructions carry nothing; marks that are never closed, tags of enormous length and
    the length of a name are cut.
    """
    text = _without(_without(text, "<!--", "-->"), "<?", "?>")
    text = _UNUSED.sub("", _STRAY.sub("&lt;", text))
    text = _LONG_TAG.sub("", text)
    text = _LONG_RUN.sub(lambda m: m[1], text)
    return _LONG_NAME.sub(lambda m: m[1] + m[2][:MAX_NAME], text)


def _surrogates(body: bytes) -> str:
    """UTF-8 but for surrogates, which JavaScript and Java write where they cut a character in two."""
    if not re.search(rb"\xed[\xa0-\xbf]", body):
        return ""
    try:
        return re.sub(rb"\xed[\xa0-\xbf][\x80-\xbf]", b"", body).decode("utf-8")
    except UnicodeDecodeError:
        return ""


def _named(match: re.Match[str]) -> str:
    """HTML's names are none in XML, and a bare & is an error there: both are common in feeds."""
    name = match[1]
    if name is None:
        return "&amp;"
    return match.group() if name in _XML_NAMES else html5.get(name + ";", match.group())


def _without(text: str, begin: str, end: str) -> str:
    """Without what stands between two marks. A mark that is never closed stays, and ends the search."""
    kept, position = [], 0
    while (start := text.find(begin, position)) >= 0 and (stop := text.find(end, start)) >= 0:
        kept.append(text[position:start])
        position = stop + len(end)
    return "".join([*kept, text[position:]]) if kept else text


def _plain_utf8(body: bytes) -> str:
    """The quick way for nearly all feeds: what is valid UTF-8 throughout is nothing else, whatever it is called."""
    if b"\0" in body:
        return ""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ""


def _utf32(body: bytes) -> str:
    """The text of an XML document in UTF-32 without a byte order mark, by its first character."""
    wide = {b"\0\0\0<": "utf-32-be", b"<\0\0\0": "utf-32-le"}.get(body[:4])
    return body.decode(wide, "replace") if wide else ""


def without_doctype(text: str) -> str:
    """The text without its document type declaration, internal subset included: the root of all XML bombs."""
    start = text.find("<!DOCTYPE")
    if start < 0:
        start = text.lower().find("<!doctype", 0, 100_000)
    root = re.search(r"<[A-Za-z_]", text)
    if start < 0 or (root and root.start() < start):
        return text
    end = _end_of_doctype(text, start)
    return text[:start] + _with_entities(text[end:], text[start:end])


def repaired(text: str) -> str:
    """Long text that is not well-formed, mended by libxml2, which takes time in proportion to its length.

    Raises FeedError where nothing can be made of it.
    """
    from lxml import etree

    if len(text) <= LENIENT:
        return text
    raw = text.encode("utf-8", "replace")
    try:
        etree.fromstring(raw, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        root = etree.fromstring(raw, etree.XMLParser(resolve_entities=False, no_network=True, recover=True))
        if root is None:
            raise FeedError("a long text that is no XML, and cannot be made XML") from None
        return str(etree.tostring(root, encoding="unicode"))
    return text


def first_entries(text: str, limit: int = MAX_ENTRIES) -> tuple[str, int]:
    """The feed with no more than `limit` entries, and how many were cut out of it."""
    starts = list(_ENTRY.finditer(text))
    if len(starts) <= limit:
        return text, 0
    tail = re.compile(rf"</(?:[\w.-]{{1,30}}:)?{starts[limit].group(1)}\s*>")
    last = starts[limit].start()
    for end in tail.finditer(text, starts[-1].start()):
        last = end.end()
    return text[: starts[limit].start()] + text[last:], len(starts) - limit


def _with_entities(text: str, doctype: str) -> str:
    """Entities that stand for a few plain characters are put in place; those made of others, or from elsewhere, not."""
    plain = {m[1]: m[2] or m[3] or "" for m in list(_ENTITY.finditer(doctype))[:MAX_ENTITIES]}
    if not plain:
        return text
    room = len(text) + MAX_ENTITY_GROWTH

    def put(match: re.Match[str]) -> str:
        nonlocal room
        value = plain.get(match[1])
        room -= len(value or "")
        return match.group() if value is None or room < 0 else value

    return re.sub(r"&([A-Za-z][\w.-]{0,60});", put, text)


def _end_of_doctype(text: str, start: int) -> int:
    """One past the `>` that ends a declaration; quotes and the bracketed subset are passed over."""
    depth, position = 0, start
    for match in re.finditer(r"""\[|\]|>|"[^"]*"|'[^']*'|<!--.*?-->""", text[start:], re.DOTALL):
        mark = match.group()
        depth += {"[": 1, "]": -1}.get(mark, 0)
        position = start + match.end()
        if mark == ">" and depth <= 0:
            return position
    return position if depth <= 0 else len(text)


def _valid_reference(match: re.Match[str]) -> str:
    """Character references that no XML may hold would stop the parser: they are dropped."""
    code = int(match[1], 16) if match[1] else int(match[2])
    allowed = any(first <= code <= last for first, last in _XML_CHARACTERS)
    return match.group() if allowed else ""


def _check_depth(text: str) -> None:
    depth = 0
    if text.count("<") < MAX_DEPTH:
        return
    for match in _TAGS.finditer(text):
        if match[1]:
            depth -= 1
        elif match[1] is not None and not match[2]:
            depth += 1
            if depth > MAX_DEPTH:
                raise FeedError(f"elements are nested over {MAX_DEPTH} deep")
