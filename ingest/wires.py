"""Which agency a text itself credits: in its dateline, its byline, its last line, or its first sentence."""

import re
from collections.abc import Iterable

# Names as they are credited, with the name we keep. Longer forms first where one holds another.
_NAMES: tuple[tuple[str, str], ...] = (
    ("TASS", r"ТАСС|ИТАР-ТАСС|ITAR-TASS|TASS|塔斯社|俄通社[-－—]塔斯社"),
    ("RIA Novosti", r"РИА «?Новости»?|РИА Новости|RIA Novosti|俄新社"),
    ("Interfax", r"«?(?:Интерфакс|ИНТЕРФАКС)»?(?:-[А-Я][а-я]+)?|Interfax|INTERFAX|国际文传电讯社|國際文傳電訊社"),
    ("Sputnik", r"Sputnik|俄罗斯卫星(?:通讯|新闻)社|俄羅斯衛星通訊社|卫星社"),
    ("Xinhua", r"Xinhua(?: News Agency)?|Синьхуа|新华(?:社|网)|新華(?:社|網)"),
    ("China News Service", r"China News Service|中新(?:社|网)|中新(?:社|網)|中国新闻(?:社|网)|ЧНС"),
    ("CCTV", r"央视新闻|央視新聞|CCTV\+?"),
    ("Central News Agency", r"中央社"),
    ("Reuters", r"Reuters|Рейтер(?:с)?|路透(?:社|中文网)?"),
    ("AFP", r"AFP|Agence France-Presse|法新社|АФП"),
    ("AP", r"AP|Associated Press|美联社|美聯社|Ассошиэйтед Пресс"),
    ("Bloomberg", r"Bloomberg|Блумберг|彭博(?:社)?"),
    ("Kyodo", r"Kyodo(?: News)?|共同社|Киодо"),
    ("Yonhap", r"Yonhap|韩联社|韓聯社|Ёнхап"),
    ("DPA", r"dpa|DPA|德新社"),
    ("EFE", r"EFE"),
    ("UPI", r"UPI"),
    ("Ukrinform", r"Укринформ|Ukrinform|Укрінформ|乌通社"),
    ("Interfax-Ukraine", r"Интерфакс-Украина|Interfax-Ukraine"),
    ("Kazinform", r"Казинформ|Kazinform"),
    ("BelTA", r"БЕЛТА|BelTA"),
    ("PTI", r"PTI"),
    ("ANI", r"ANI"),
    ("IANS", r"IANS"),
)
_ANY = "|".join(f"(?:{pattern})" for _, pattern in _NAMES)
_HEAD, _LEAD, _TAIL = 160, 400, 240  # characters at either end in which a credit stands

# Dateline: the name within the first line, in brackets, between dashes or before "电", "讯".
_DATELINE = re.compile(
    rf"[（(/\[【]\s*(?P<a>{_ANY})\s*[）)/\]】]|^[^.。!?\n]{{0,60}}?[—–-]\s*(?P<b>{_ANY})\s*[.．—–:-]"
    rf"|^[（(【\s]*(?:据)?(?P<c>{_ANY})[^，。\n]{{0,24}}?(?:电|電|讯|訊)|^(?P<d>{_ANY})\s*[—–:：]"
    rf"|\d\s+\w+\.\s+(?P<e>{_ANY})(?:\.RU)?\s*[—–-]"
)
_CREDIT = re.compile(
    rf"(?:Источник|Source|来源|來源|稿源|文章来源|По материалам|Originally published by)\s*[:：]?\s*(?P<a>{_ANY})"
    rf"|[（(]\s*(?P<b>{_ANY})\s*[）)]\s*$|(?P<c>{_ANY})\s*$|\bwith\s+(?P<d>{_ANY})\b|[（(](?:with|с)\s+(?P<e>{_ANY})[）)]"
)
_SAID = re.compile(
    rf"(?:сообщает|передаёт|передает|сообщило|передало|пишет|сообщили в|according to|reported by|reports|据|據)\s*"
    rf"(?:агентств[оу]|корреспондент|news agency|state news agency)?\s*«?(?P<a>{_ANY})"
    rf"|(?P<b>{_ANY})\s*(?:сообщает|reports|reported|报道|報道|消息|报导|報導)"
)


_PICTURE = re.compile(r"фото|иллюстрац|photo|image|picture|getty|图|圖|摄|攝", re.IGNORECASE)


def credited_wire(text: str, byline: str = "", notes: Iterable[str] = ()) -> str:
    """The agency's name (`TASS`, `Xinhua`, `Reuters`, ...) or an empty string.

    `notes` are lines that were taken off the text for being about it, such as its source; those of pictures do not
    count. Order of trust: byline, notes, dateline, closing credit, "X reports" in the first sentences. A name
    that merely occurs is no credit.
    """
    if byline and (found := re.search(rf"(?<!\w)(?:{_ANY})(?!\w)", byline)):
        return _name(found.group())
    told = [(_CREDIT, note) for note in notes if len(note) < _TAIL and not _PICTURE.search(note)]
    own = [(_DATELINE, text[:_HEAD]), (_CREDIT, text[-_TAIL:]), (_SAID, text[:_LEAD])]
    for pattern, part in (*told, *own):
        for match in pattern.finditer(part):
            credit = next(filter(None, match.groupdict().values()), "")
            if credit and _stands_alone(part, match, credit):
                return _name(credit)
    return ""


def _stands_alone(part: str, match: re.Match[str], credit: str) -> bool:
    """Latin and Cyrillic names must not be a piece of a longer word."""
    at = part.index(credit, match.start())
    before, after = part[at - 1 : at], part[at + len(credit) : at + len(credit) + 1]
    wordlike = re.compile(r"[A-Za-zА-Яа-яЁё]")
    is_alphabetic = bool(wordlike.match(credit[0]))
    return not (is_alphabetic and (wordlike.match(before) or wordlike.match(after)))


def _name(credit: str) -> str:
    return next(name for name, pattern in reversed(_NAMES) if re.fullmatch(pattern, credit))
