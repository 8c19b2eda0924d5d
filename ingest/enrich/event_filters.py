"""What makes a matched act no event: negation, plan, hope, condition, denial, question; and the date of an act.

The look goes from the beginning of the clause to the trigger, and a few words past the match for a future or a
cancellation. Words are data of the language, kept here because each list has its own place in the sentence.
"""

import datetime as dt
import re

_CLAUSE = {
    "en": re.compile(
        r"[;:—–]|\.\s|, (?:but|while|which|and|as|after|although|though|whereas)\s|\s(?:but|while|after|because)\s"
    ),
    "ru": re.compile(r"[;:—–]|,\s(?:но|а|и|который|которая|которые|хотя|поскольку|после)\s"),
    "zh": re.compile(r"[；：。，]"),
}
# In the clause before the trigger.
_BEFORE = {
    "en": re.compile(
        r"\b(?:not|never|no|nobody|nothing|none|neither|nor|without|cannot|\w+n['’]t|has yet to|have yet to|yet to|fail\w*|declin\w+|refus\w+|"
        r"den(?:y|ies|ied|ying)|would|could|may|might|should|shall|will|must|if|unless|whether|plan\w*|hop(?:e|es|ed|ing)|expect\w*|intend\w*|aims?|aimed|"
        r"seek\w*|want\w*|wish\w*|ready|willing|prepar\w+|likely|possib\w+|potential|hypothetical|poised|about to|due to|set to|is to|are to|were to|was to|supposed|"
        r"propos\w+|consider\w*|discuss\w* whether|urg\w+|call(?:s|ed)? (?:on|for)|ask\w*|demand\w*|rumou?r\w*|alleged\w*|purported\w*|barred|stopped short|"
        r"avoid\w*|postpon\w+|cancel\w+|rul\w+ out|(?:ahead of|before)(?=[^,]*$)|upcoming|forthcoming|next (?:week|month|year)|tomorrow|eventual\w*|dream\w*|talk of)\b",
        re.I,
    ),
    "ru": re.compile(
        r"\b(?:не|ни|нет|без|никогда|никто|никаких|бы|если|ли|может|могут|мог|могла|могли|сможет|смогут|планиру\w+|намерен\w*|собира\w+|готов\w*|наде\w+|рассчитыва\w+|"
        r"ожида\w+|предстоит|предсто\w+|будет|будут|должн\w+|следует|хочет|хотят|хотел\w*|стрем\w+|обеща\w+|пообеща\w+|якобы|предполагаем\w+|возможн\w+|вероятн\w+|потенциальн\w+|отрица\w+|опроверг\w*|"
        r"отказ\w+|призыва\w+|призва\w+|предлага\w+|предложи\w+|чтобы|накануне|перед|отмен\w+|отлож\w+|перенес\w+|запланирован\w*|рассматрива\w+|обсужда\w+|завтра|в случае|вопрос о|слух\w*|едва ли|вряд ли)\b",
        re.I,
    ),
    "zh": re.compile(
        r"不(?!仅|僅|断|斷|久|顾|满|滿)|未(?!来|來|经)|没有|沒有|没|沒|无意|無意|从未|從未|并非|並非|将(?!军|其|中|美|俄|多|\S{1,8}列入)|將(?!軍)|拟|擬|计划|計劃|打算|希望|期待|愿(?!意支持)|願|盼|"
        r"若|如果|如(?=\S{0,6}则)|一旦|倘|假如|可能|或将|或會|或会|或许|也许|预计|預計|料将|有望|有意|准备|準備|考虑|考慮|否认|否認|据称|據稱|所谓|所謂|传言|传闻|拒绝|拒絕|能否|是否|会不会|建议|呼吁|应当|应该|應該|需要|避免|尚|下周|明年|明天|即将|有传|会(?=向|对|在|与|同|继续|进一步)|即將|推迟|取消|未能|难以"
    ),
}
# Right after the match, in the same clause.
_AFTER = {
    "en": re.compile(
        r"^[^.;]{0,40}\b(?:next (?:week|month|year)|tomorrow|later this (?:month|year|week)|(?:was|were|has been|have been) (?:cancelled|canceled|postponed|called off|delayed)|is (?:planned|expected|scheduled)|are (?:planned|expected|scheduled))\b",
        re.I,
    ),
    "ru": re.compile(
        r"^\s*(?:\w+\s+){0,2}не\b|^[^.;]{0,40}\b(?:завтра|на следующей неделе|в следующем (?:году|месяце)|(?:был[аио]?|были) (?:отмен|отлож|перенес)\w+|отменен\w*|отложен\w*|не состоял\w*|запланирован\w*|планиру\w+|не подпис\w+|не был\w*)\b",
        re.I,
    ),
    "zh": re.compile(
        r"^[^。；]{0,16}(?:被取消|被推迟|推遲|的可能|的?[”」]?传言|的傳言|的计划|的意愿|计划|未果|取消|的提问|的问题|提问)"
    ),
}
# Anywhere in the sentence: what follows is asked, denied or imagined.
_WHOLE = {
    "en": re.compile(
        r"\?\s*[\"”’']?$|\b(?:denied|denies|dismissed (?:the )?(?:reports|claims)|rejected (?:the )?(?:reports|claims|accusations)|no evidence|no sign|on condition|hypothetical)\b",
        re.I,
    ),
    "ru": re.compile(r"\?\s*[»”]?$|\b(?:опроверг\w*|отрица\w+|нет доказательств|не подтвердил\w*)\b", re.I),
    "zh": re.compile(r"[？?][”」]?$|否认|否認|没有证据|沒有證據|纯属谣言|纯属虚假|没有迹象|沒有跡象|反诬"),
}
# Hearsay: what stands after it in the sentence is not told as a fact.
_HEARSAY = {
    "en": re.compile(
        r"\b(?:(?:after|following|to|about|unconfirmed|media|press) reports\b[^.]{0,60}\bthat|reportedly|allegations? that|claims? that|rumou?rs? that|accusations? that)\b",
        re.I,
    ),
    "ru": re.compile(
        r"\b(?:слух\w+ о том|обвинени\w+ в том|сообщени\w+ о том|утверждени\w+ о том|предположени\w+)\b", re.I
    ),
    "zh": re.compile(r"传言|谣言称|据称|疑似|涉嫌"),
}
REACH = {"en": 90, "ru": 90, "zh": 30}


def doubtful(marked: str, match: re.Match[str], lang: str, sentence: str) -> bool:
    """Whether the words around a match say that the act did not take place, or only may."""
    if _WHOLE[lang].search(sentence):
        return True
    hearsay = _HEARSAY[lang].search(marked, 0, match.start())
    if hearsay:
        return True
    groups = match.re.groupindex
    trigger = match.start("trigger") if "trigger" in groups and match.start("trigger") >= 0 else match.start()
    before = marked[_clause_start(marked, match.start(), lang) : trigger]
    veto = _BEFORE[lang].search(before[-REACH[lang] :])
    if veto:
        return True
    inside = marked[trigger : match.end()]
    if _inner_doubt(inside, lang):
        return True
    return bool(_AFTER[lang].search(marked[match.end() :]))


def _inner_doubt(inside: str, lang: str) -> bool:
    """Negation between the trigger and the end of the match: "signed no agreement", «подписали не»."""
    found = {"en": r"\b(?:no|not|never|without)\b", "ru": r"\bне\b", "zh": r"没有|沒有|未能"}[lang]
    return bool(re.search(found, inside[1:]))


def _clause_start(marked: str, at: int, lang: str) -> int:
    starts = [m.end() for m in _CLAUSE[lang].finditer(marked, 0, at)]
    return starts[-1] if starts else 0


# Date ---------------------------------------------------------------------------------------------------------------

_MONTHS = {
    "en": "january february march april may june july august september october november december".split(),
    "ru": "январ феврал март апрел ма июн июл август сентябр октябр ноябр декабр".split(),
}
_DAYS = {
    "en": "monday tuesday wednesday thursday friday saturday sunday".split(),
    "ru": "понедельник вторник сред четверг пятниц суббот воскресен".split(),
}
_EN_DATE = re.compile(
    r"\b(?:(\d{1,2})(?:st|nd|rd|th)? ([A-Z][a-z]+)|([A-Z][a-z]+) (\d{1,2})(?:st|nd|rd|th)?)\b(?:,? (\d{4}))?"
)
_RU_DATE = re.compile(
    r"\b(\d{1,2})(?:-го)? (январ|феврал|март|апрел|ма(?=[йяе])|июн|июл|август|сентябр|октябр|ноябр|декабр)\w*(?: (\d{4}))?"
)
_ZH_DATE = re.compile(r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})[日号號](?!至|、)")
_RELATIVE = {
    "en": ((re.compile(r"\byesterday\b|\ba day earlier\b", re.I), 1), (re.compile(r"\btoday\b", re.I), 0)),
    "ru": ((re.compile(r"\b(?:вчера|накануне|днём ранее)\b", re.I), 1), (re.compile(r"\bсегодня\b", re.I), 0)),
    "zh": ((re.compile("昨天|昨日"), 1), (re.compile("今天|今日|当天|當天"), 0)),
}


def event_date(sentence: str, lang: str, day: dt.date | None) -> dt.date | None:
    """The day of an act as its sentence gives it, read against the publication day; that day itself where it says none.

    A date without a year is the nearest one not more than two months after publication.
    """
    if day is None:
        return None
    try:
        return _stated(sentence, lang, day) or _relative(sentence, lang, day) or _weekday(sentence, lang, day) or day
    except (ValueError, OverflowError):
        return day


def _stated(sentence: str, lang: str, day: dt.date) -> dt.date | None:
    if lang == "zh":
        m = _ZH_DATE.search(sentence)
        return _nearest(m[1], int(m[2]) if m[2] else None, int(m[3]), day) if m else None
    if lang == "ru":
        m = _RU_DATE.search(sentence)
        return _nearest(m[3], _MONTHS["ru"].index(m[2]) + 1, int(m[1]), day) if m else None
    for m in _EN_DATE.finditer(sentence):
        name = (m[2] or m[3]).lower()
        if name in _MONTHS["en"]:
            return _nearest(m[5], _MONTHS["en"].index(name) + 1, int(m[1] or m[4]), day)
    return None


def _nearest(year: str | None, month: int | None, number: int, day: dt.date) -> dt.date | None:
    if month is None:
        this = (
            day.replace(day=number)
            if number <= day.day + 1
            else (day.replace(day=1) - dt.timedelta(days=1)).replace(day=number)
        )
        return this
    if year:
        return dt.date(int(year), month, number)
    found = dt.date(day.year, month, number)
    return found if found <= day + dt.timedelta(days=60) else dt.date(day.year - 1, month, number)


def _relative(sentence: str, lang: str, day: dt.date) -> dt.date | None:
    for pattern, back in _RELATIVE[lang]:
        if pattern.search(sentence):
            return day - dt.timedelta(days=back)
    return None


def _weekday(sentence: str, lang: str, day: dt.date) -> dt.date | None:
    """The last such weekday up to the publication day."""
    for number, name in enumerate(_DAYS.get(lang, ())):
        if re.search(rf"\b{name}\w*\b" if lang == "ru" else rf"\b{name}\b", sentence, re.I):
            return day - dt.timedelta(days=(day.weekday() - number) % 7)
    return None
