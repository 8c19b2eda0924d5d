"""Numbers of a text in one form for three languages: amounts with their magnitude, ordinals as ordinals."""

import re

_MAGNITUDES: tuple[tuple[str, int], ...] = (
    (r"трлн|триллион\w*|trillion", 10**12),
    (r"млрд|миллиард\w*|billion|bn", 10**9),
    (r"млн|миллион\w*|million|mn", 10**6),
    (r"тыс|тысяч\w*|thousand", 10**3),
    (r"万亿|萬億|兆", 10**12),
    (r"千亿|千億", 10**11),
    (r"百亿|百億", 10**10),
    (r"亿|億", 10**8),
    (r"千万|千萬", 10**7),
    (r"百万|百萬", 10**6),
    (r"万|萬", 10**4),
    (r"千", 10**3),
)
_AMOUNT = re.compile(
    r"(?<![\w.])(?P<figure>\d{1,3}(?:[ \u00a0\u202f,]\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?)[ \u00a0-]?"
    rf"(?P<unit>{'|'.join(unit for unit, _ in _MAGNITUDES)})?(?!\d|(?:st|nd|rd|th)\b|-?(?:й|я|е|го|му|ая|ый|ой|ую)\b)",
    re.IGNORECASE,
)
_ORDINAL = re.compile(
    r"\b(?P<en>\d{1,3})(?:st|nd|rd|th)\b|\b(?P<ru>\d{1,3})-(?:й|я|е|го|му|м|ая|ый|ой|ю|ом|ую)\b|第(?P<zh>\d{1,3}|[一二三四五六七八九十百]{1,5})"
    r"(?![年月日])"
)
_WORDS = {
    word: number
    for number, words in enumerate(
        (
            "first перв", "second втор", "third трет", "fourth четверт", "fifth пят", "sixth шест", "seventh седьм",
            "eighth восьм", "ninth девят", "tenth десят", "eleventh одиннадцат", "twelfth двенадцат",
            "thirteenth тринадцат", "fourteenth четырнадцат", "fifteenth пятнадцат", "sixteenth шестнадцат",
            "seventeenth семнадцат", "eighteenth восемнадцат", "nineteenth девятнадцат", "twentieth двадцат",
        ),
        start=1,
    )
    for word in words.split()
}  # fmt: skip
_ENGLISH_WORD = re.compile(r"\b(" + "|".join(w for w in _WORDS if w.isascii()) + r")\b", re.IGNORECASE)
_RUSSIAN_WORD = re.compile(
    r"\b(" + "|".join(sorted((w for w in _WORDS if not w.isascii()), key=len, reverse=True)) + r")"
    r"(?:ый|ий|ой|ая|ое|ого|ому|ом|ым|ую|ья|ье|ьего|ьему|ьем|ьим|ью|ьей|ей)\b",
    re.IGNORECASE,
)
_HAN = {c: n for n, c in enumerate("一二三四五六七八九", start=1)}
_LEAST_ORDINAL = 3  # "first" and "second" are said of anything


def numbers_of(text: str) -> frozenset[str]:
    """The figures of a text, `50 billion`, `50 млрд` and `500亿` alike as `50000000000`; ordinals as `12th`."""
    return frozenset(filter(None, map(_amount, _AMOUNT.finditer(text)))) | ordinals_of(text)


def ordinals_of(text: str) -> frozenset[str]:
    """Ordinals from the third on: `12th`, `двенадцатый` and `第十二` alike as `12th`."""
    found = [_ordinal(match) for match in _ORDINAL.finditer(text)]
    found += [_WORDS[match.group(1).lower()] for match in _ENGLISH_WORD.finditer(text)]
    found += [_WORDS[match.group(1).lower()] for match in _RUSSIAN_WORD.finditer(text)]
    return frozenset(f"{number}th" for number in found if number >= _LEAST_ORDINAL)


def _amount(match: re.Match[str]) -> str:
    figure = re.sub(r"[ \u00a0\u202f]|,(?=\d{3}(?!\d))", "", match["figure"]).replace(",", ".")
    value = float(figure)
    if unit := match["unit"]:
        value *= next(size for pattern, size in _MAGNITUDES if re.fullmatch(pattern, unit, re.IGNORECASE))
    return f"{value:.10g}" if value < 10**15 else figure


def _ordinal(match: re.Match[str]) -> int:
    if figure := match["en"] or match["ru"]:
        return int(figure)
    return int(match["zh"]) if match["zh"].isdigit() else _chinese(match["zh"])


def _chinese(text: str) -> int:
    """一 .. 九百九十九."""
    total, digit = 0, 0
    for character in text:
        if character in _HAN:
            digit = _HAN[character]
        else:
            total += (digit or 1) * (100 if character == "百" else 10)
            digit = 0
    return total + digit
