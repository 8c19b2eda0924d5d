"""Reported clauses by language: where an attributed clause begins and ends, and where its speaker is named.

Every function looks at one sentence, in which `quote_marks.masked` has made the inside of marks inert, and returns
spans relative to it. Resolution of the speaker and the choice between rival spans happen elsewhere.
"""

import re
from dataclasses import dataclass

from ingest.enrich.quote_cues import cues

Span = tuple[int, int]
# A clause shorter than this is a fragment; longer, a sentence that was not split.
SHORTEST = {"en": 6, "ru": 6, "zh": 3}
LONGEST = 600


@dataclass(frozen=True, slots=True)
class Clause:
    """A reported clause: span, the cue's span, the zone in which to look for the speaker, the rule that found it."""

    start: int
    end: int
    cue: Span
    zone: Span
    rule: str
    confidence: float


def reported_clauses(sentence: str, lang: str) -> list[Clause]:
    """All candidates of one sentence, trimmed; they may overlap and nest."""
    finder = {"ru": _russian, "zh": _chinese}.get(lang, _english)
    return [c for c in (_trim(sentence, c, lang) for c in finder(sentence)) if c is not None]


def _trim(s: str, c: Clause, lang: str) -> Clause | None:
    start, end = c.start, c.end
    while start < end and (s[start].isspace() or s[start] in ",，:：—–-"):
        start += 1
    while end > start and (s[end - 1].isspace() or s[end - 1] in ".。!?…,，;；:：—–"):
        end -= 1
    if not SHORTEST.get(lang, 6) <= end - start <= LONGEST:
        return None
    return Clause(start, end, c.cue, c.zone, c.rule, c.confidence)


# English ------------------------------------------------------------------------------------------------------------

# Forms that are nouns as often as verbs: they report only before "that" or beside marks.
NOUN_FORMS = frozenset(
    "states state reports report claims claim answer answers notes note comments comment remarks rules rule posts post "
    "posted signals signal hints hint points point estimates estimate forecasts forecast fears fear hopes hope doubts "
    "promises promise quotes quote observe maintain maintains maintained agree agrees agreed agreeing see sees "
    "respond responded stress pledge pledges vow answered reports testify worry worries post tweet tweets mention "
    "understand understands consider considers considered reporting posted point pointed write writes wrote "
    "concluded concludes conclude warn warns warned warning caution cautions cautioned hint hints hinted signalled signaled "
    "ruled confirm confirms confirmed propose proposes proposed urged disclosed".split()
)
_TIME = (
    r"(?:(?:on |late |early )?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|earlier|later|last \w+|this \w+|yesterday|"
    r"in (?:an?|his|her|its|their) [\w-]+(?: [\w-]+)?|at (?:a|the) [\w-]+(?: [\w-]+)?|in [A-Z]\w+|again|separately)"
)
_TO = r"(?:reporters|journalists|Reuters|lawmakers|parliament|the [\w-]+(?: [\w-]+)?|[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){0,2}|him|her|them|us|clients|his \w+|her \w+)"
_THAT = re.compile(r"(?:(?:\s+[\w.'’$%-]+){0,8}?(?:,[^,;]{1,60},)?)\s+that\s+")
_BARE = re.compile(rf"(?:\s+to {_TO})?(?:\s+{_TIME})*\s+(?=\S)")
_TELL_BARE = re.compile(rf"\s+{_TO}(?:\s+{_TIME})*\s+(?=\S)")
_CLAUSE_START = re.compile(
    r"(?:he|she|it|they|we|I|you|there|no|nobody|nothing|this|these|those|the|a|an|its|his|her|their|our|both|some|many|most|all|"
    r"any|such|each|only|more|neither|what|if|[A-Z][\w’'.-]*|[a-z][\w-]+s|[a-z]+ing)\b"
)
_FINITE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|could|can|may|might|must|should|did|does|do|isn't|aren't|won't|"
    r"doesn't|didn't|hasn't|cannot|can't|ought|needs?|wants?|makes?|remains?|protects?|gives?|[a-z]{3,}(?:ed|es)|"
    r"saw|made|took|went|came|gave|got|held|led|met|sent|left|became|began|lost|won|told|felt|knew|[a-z]{4,}s)\b"
)
_EN_END = re.compile(
    r";| [—–] |, (?:but|while|whereas|yet)\b|, and (?=(?:[A-Z]\w+|the \w+|he|she|it|they|no one|nobody) (?:has|have|expects|wants|sees|had|said|is|was|are|were|will|also)\b)|"
    r" but \w+ly\b|, (?:citing|according to|[a-z]+ing)\b|,? and (?=(?:added|said|told|stressed|warned|noted|pledged|promised|called|praised|condemned|accused|urged|blamed|asked|thanked|criticised|criticized)\b)"
)
# ", the newspaper reported" after a clause belongs to another attribution.
_EN_OTHER_SOURCE = re.compile(r", (?:[\w’'.-]+ ){1,6}(?:said|says|reported|reports|told|wrote|added|announced)\b[^,;]*(?:,[^,;]*)?$")
_DETERMINERS = re.compile(r"(?:\bthe|\ba|\ban|\bof|\btwo|\bboth|\bthese|\bUnited|\bmember|\bno|\bto|\bhis|\bher|\btheir|\bits)\s+$", re.I)
_ACCORDING = re.compile(r"\b[Aa]ccording to\s+")


def _english(s: str) -> list[Clause]:
    table = cues("en")
    found: list[Clause] = []
    for pattern, weight in ((table.say, 0.85), (table.think, 0.7)):
        for cue in pattern.finditer(s):
            found.extend(_en_following(s, cue, weight))
    found.extend(_en_postposed(s))
    found.extend(_en_according(s))
    found.extend(_en_called(s))
    return found


def _en_following(s: str, cue: re.Match[str], weight: float) -> list[Clause]:
    if _DETERMINERS.search(s, max(0, cue.start() - 12), cue.start()) or (cue.group()[0].isupper() and cue.start()):
        return []
    if _EN_UNSAID.search(s[max(0, cue.start() - 30) : cue.start()]) or _is_singular_noun(s, cue):
        return []
    start = _en_clause_start(s, cue)
    if start is None:
        return []
    return [Clause(start, _en_end(s, start), cue.span(), (0, cue.start()), "clause-after-cue", weight)]


_EN_UNSAID = re.compile(r"\b(?:not|never|n['’]t|without|refused to|declined to|yet to|is|are|was|were|be|been)\s+(?:\w+ly\s+)?$")
_SINGULAR = frozenset("hint claim report signal answer note comment remark rule promise pledge estimate forecast fear hope doubt worry reply vow post tweet quote point state boast joke warning".split())


def _is_singular_noun(s: str, cue: re.Match[str]) -> bool:
    """"the clearest hint yet that": a form that is a verb only after a plural."""
    if cue.group().lower() not in _SINGULAR:
        return False
    before = s[: cue.start()].split()
    return not before or not (before[-1].endswith("s") or before[-1].lower() in {"they", "we", "i", "you", "who"})


def _en_clause_start(s: str, cue: re.Match[str]) -> int | None:
    that = _THAT.match(s, cue.end())
    if that and not cues("en").say.search(s, cue.end(), that.end()):
        return that.end()
    if s[cue.end() : cue.end() + 2] == ": ":
        return cue.end() + 2
    if cue.group().lower() in NOUN_FORMS - {"sees"}:
        return None
    before = (_TELL_BARE,) if cue.group().lower().startswith(("tell", "told")) else (_BARE,)
    for pattern in before:
        bare = pattern.match(s, cue.end())
        if bare and _is_clause(s, bare.end(), cue):
            return bare.end()
    return None


def _is_clause(s: str, start: int, cue: re.Match[str]) -> bool:
    if cue.group().lower() in {"expects", "expected", "sees", "doubts", "doubt", "doubted", "forecasts"}:
        return s[start : start + 3] != "to "
    first = _CLAUSE_START.match(s, start)
    if not first:
        return False
    finite = _FINITE.search(s, first.end(), min(len(s), first.end() + 90))
    return bool(finite)


def _en_end(s: str, start: int) -> int:
    other = _EN_OTHER_SOURCE.search(s, start)
    stops = [m.start() for m in _EN_END.finditer(s, start) if _FINITE.search(s, start, m.start())]
    return min([*stops, *([other.start()] if other else [])], default=len(s))


def _en_postposed(s: str) -> list[Clause]:
    body = s.rstrip(". ")
    commas = [m.start() for m in re.finditer(", ", body)][::-1][:3]
    for comma in commas:
        cue = _en_attribution(s, comma + 2, len(body))
        if cue and comma >= 12 and _FINITE.search(s, 0, comma):
            start = max((m.end() for m in re.finditer(r"; |\. ", s[:comma])), default=0)
            return [Clause(start, comma, cue.span(), (comma + 2, len(body)), "clause-before-cue", 0.85)]
    return []


def _en_attribution(s: str, start: int, end: int) -> re.Match[str] | None:
    """The cue of ", X said on Monday" or ", said X", where what stands from start to end is no more than that."""
    if re.match(r"(?:who|which|where|whose|and|but|as)\b", s[start:end]):
        return None
    cue = cues("en").say.search(s, start, end)
    if not cue or cue.group().lower() in NOUN_FORMS - {"reports", "reported"} or not _short_tail(s, cue):
        return None
    if len(s[start : cue.start()].split()) > 9 or _en_clause_start(s, cue) is not None:
        return None
    return cue


def _short_tail(s: str, cue: re.Match[str]) -> bool:
    tail = s[cue.end() :]
    return len(tail.split()) <= 22 and " that " not in tail and ":" not in tail


def _en_according(s: str) -> list[Clause]:
    found: list[Clause] = []
    for cue in _ACCORDING.finditer(s):
        comma = s.find(", ", cue.end())
        if s[: cue.start()].strip(" ,") == "":
            if comma > 0:
                found.append(Clause(comma + 2, _en_end(s, comma + 2), cue.span(), (cue.end(), comma), "source", 0.85))
        elif s[: cue.start()].rstrip().endswith(","):
            zone = (cue.end(), comma if comma > 0 else len(s))
            found.append(Clause(0, cue.start(), cue.span(), zone, "source", 0.8))
    return found


_OBJECT = r"(?:it|this|that|him|her|them|(?:the|its|his|their|these|those|such|any|a|an) (?:[\w'’-]+ )?[\w'’-]+|[A-Z][\w'’.-]+(?: [A-Z][\w'’.-]+)?(?:'s|’s)?(?: [\w-]+){0,3}?)"
_CALLED = re.compile(rf"\s+{_OBJECT}\s+(?:as\s+)?(?P<pred>(?:an?|the|his|her|their|not|too|very|as|“|\"|[a-z]).+)$")
_AS = re.compile(r"\s+[^,;]{2,60}?\s+as\s+(?P<pred>.+)$")


def _en_called(s: str) -> list[Clause]:
    found: list[Clause] = []
    for cue in cues("en").call.finditer(s):
        if re.match(r"\s+(?:for|on|off|in|up|by|at)\b", s[cue.end() :]) or _DETERMINERS.search(s, 0, cue.start()):
            continue
        needs_as = cue.group().lower()[:4] not in {"call", "deem", "bran", "labe"}
        pred = (_AS if needs_as else _CALLED).match(s, cue.end())
        if pred:
            begin = pred.start("pred")
            found.append(Clause(begin, _en_call_end(s, begin), cue.span(), (0, cue.start()), "predicate", 0.65))
    return found


def _en_call_end(s: str, start: int) -> int:
    stop = re.compile(r"[;,.]|\s(?:and|but) (?:\w+ed|said|moscow|beijing)\b", re.I).search(s, start)
    return stop.start() if stop else len(s)


# Russian ------------------------------------------------------------------------------------------------------------

_RU_THAT = re.compile(r"[^;:.]{0,110}?,\s*(?:что|будто(?: бы)?|как будто|якобы)\s+")
_RU_HOW = re.compile(r"(?:рассказ|поведа|объясн|поясн)")
_RU_BEFORE = re.compile(r"(?:,|[—–-])\s*(?:как\s+)?(?:(?:также|ранее|позднее|затем|позже|тогда|в свою очередь|об этом)\s+)*$", re.I)
_RU_AS = re.compile(r"(?:^|[—–(«\s])[Кк]ак\s+(?:(?:ранее|также|позднее|уже)\s+)*$")
_RU_SOURCE = re.compile(rf"\b(?:{cues('ru').source})(?:\s+|(?=,))", re.I)
_RU_END = re.compile(
    rf";|\s[—–]\s(?=так|об этом|сообщ|заяв|сказ)|,?\s+(?:и|а также)\s+(?:\w+\s+)?(?={cues('ru').say.pattern}(?:[:,]|\s+(?:о|об)\s))"
    r"|,\s+и\s+(?=(?:назва|подчеркн|поблагодари|призва|выраз|указа|добави|отмети)\w*)",
    re.I,
)
_RU_UNSAID = re.compile(r"\b(?:не|ни)\s+$")
_RU_READY = re.compile(r"(?:выразил[аи]?|заявил[аи]?|заверил[аи]?|подтвердил[аи]?|сообщил[аи]?)\s+(?:[^,;.]{0,40}\s)?(?:о\s+|в\s+)?готовност[ьи]\s+(?=\w+(?:ть|ться|чь|ти)\b)", re.I)
_RU_CALLED = re.compile(r"\s+(?:[\w«»-]+\s+){1,3}?(?=[«“]?[\w-]+(?:ым|им|ой|ей|ом|ем|ыми|ими)\b)")


def _russian(s: str) -> list[Clause]:
    table = cues("ru")
    found: list[Clause] = []
    for pattern, weight in ((table.say, 0.85), (table.think, 0.7)):
        for cue in pattern.finditer(s):
            found.extend(_ru_cue(s, cue, weight))
    found.extend(_ru_sources(s))
    found.extend(_ru_others(s))
    return found


def _ru_cue(s: str, cue: re.Match[str], weight: float) -> list[Clause]:
    before = s[: cue.start()]
    if _RU_UNSAID.search(before):
        return []
    if _RU_AS.search(before):
        return _ru_as(s, cue, weight)
    that = _RU_THAT.match(s, cue.end())
    if that and not cues("ru").say.search(s, cue.end(), that.end()):
        zone_end = that.end() if _RU_BEFORE.search(before) else cue.start()
        return [Clause(that.end(), _ru_end(s, that.end()), cue.span(), (0, max(zone_end, cue.start())), "clause-after-cue", weight)]
    if _RU_BEFORE.search(before) and len(s) - cue.end() <= 220:
        comma = _RU_BEFORE.search(before)
        assert comma is not None
        return [Clause(0, comma.start(), cue.span(), (cue.end(), len(s)), "clause-before-cue", weight)]
    return _ru_colon(s, cue, weight)


def _ru_as(s: str, cue: re.Match[str], weight: float) -> list[Clause]:
    comma = s.find(", ", cue.end())
    if comma < 0:
        return []
    lead = re.search(r"[Кк]ак\s+\S*\s*$", s[: cue.start()])
    if lead and lead.start() > 3 and s[: lead.start()].rstrip().endswith(","):
        return [Clause(0, lead.start(), cue.span(), (cue.end(), comma), "clause-before-cue", weight)]
    return [Clause(comma + 2, _ru_end(s, comma + 2), cue.span(), (cue.end(), comma), "source", weight)]


def _ru_colon(s: str, cue: re.Match[str], weight: float) -> list[Clause]:
    colon = s.find(": ", cue.end())
    if 0 <= colon - cue.end() <= 60 and s[colon + 2 : colon + 3] not in "«“\"„":
        return [Clause(colon + 2, len(s), cue.span(), (0, colon), "colon", weight * 0.9)]
    return []


def _ru_end(s: str, start: int) -> int:
    stop = _RU_END.search(s, start)
    return stop.start() if stop else len(s)


def _ru_sources(s: str) -> list[Clause]:
    found: list[Clause] = []
    for cue in _RU_SOURCE.finditer(s):
        own = re.search(r"\b(?:его|её|ее|их)\b", cue.group())
        comma = s.find(",", cue.end() - 2 if own else cue.end())
        if comma < 0 or comma - cue.end() > 150:
            continue
        zone = cue.span() if own else (cue.end(), comma)
        lead = s[: cue.start()].rstrip()
        if lead.endswith(",") and len(lead) > 20 and len(s) - comma < 12:
            found.append(Clause(0, len(lead) - 1, cue.span(), zone, "source", 0.75))
        else:
            found.append(Clause(comma + 1, _ru_end(s, comma + 1), cue.span(), zone, "source", 0.85))
    return found


def _ru_others(s: str) -> list[Clause]:
    found = [
        Clause(m.end(), _ru_end(s, m.end()), m.span(), (0, m.start()), "readiness", 0.6) for m in _RU_READY.finditer(s)
    ]
    for cue in cues("ru").call.finditer(s):
        object_ = _RU_CALLED.match(s, cue.end())
        if object_:
            stop = re.compile(r"[;.,]|\s(?:и|а)\s").search(s, object_.end())
            end = stop.start() if stop else len(s)
            found.append(Clause(object_.end(), end, cue.span(), (0, cue.start()), "predicate", 0.6))
    return found


# Chinese ------------------------------------------------------------------------------------------------------------

# Words that report only when a comma or colon follows; without one they take an object or describe an act.
COMMA_ONLY = frozenset(
    "回应 回答 说明 表明 申明 宣告 通知 报道 介绍 介紹 抱怨 告诉 告訴 提醒 建议 建議 预计 預計 估计 估計 相信 质疑 承诺 保证 宣布 证实 證實 确认 確認 呼吁 呼籲 主张 通报 通報 披露 预测 預測 爆料 "
    "承认 承認 否认 否認 解释 解釋 感慨 提到 警告 谈到 写道 寫道 反问 希望 期待 担忧 擔憂 忧虑 怀疑 料 预料 推测 分析".split()
)
_ZH_UNSAID = re.compile(r"(?:没有|沒有|未|不|并未|拒绝|没)$")
_ZH_CALLED = re.compile(r"(?:其|之|他|她|这|此)(?:[^，。；]{0,6}?)(?:为|為)")
_ZH_NO_SUBJECT = re.compile(r"^(?:并|還|还|也|同时|則|则|随后|亦|又|再次|再|另外|此外|但|而|仅|僅|就此|对此|對此|当天|此前|日前|\d+日|同时还|接着)*")
_ZH_BREAK = "，；。：！？,;:"
_ZH_END = re.compile(r"[；;。]|，(?:但|不过|不過|惟|未提及|并未|然而)")
_ZH_SOURCE = re.compile(r"(?:据|據|援引|引述)(?P<who>[^，。；]{1,24}?)(?:报道|報道|報導|报导|透露|介绍|介紹|消息|的说法|统计|称|的话说|指出|披露|公布)?，")


def _chinese(s: str) -> list[Clause]:
    table = cues("zh")
    found: list[Clause] = []
    for pattern, weight in ((table.say, 0.85), (table.think, 0.6)):
        for cue in pattern.finditer(s):
            found.extend(_zh_cue(s, cue, weight))
    wire = re.match(r"(?P<who>[^，。]{2,16}?)(?:\d{1,2}月)?(?:\d{1,2}日)?(?:消息|讯|訊|报道|報道|报导|報導)，", s)
    if wire:
        found.append(Clause(wire.end(), _zh_end(s, wire.end()), wire.span("who"), wire.span("who"), "source", 0.7))
    for m in _ZH_SOURCE.finditer(s):
        if m.start() < 2 or s[m.start() - 1] in _ZH_BREAK:
            found.append(Clause(m.end(), _zh_end(s, m.end()), (m.start(), m.start() + 1), m.span("who"), "source", 0.75))
    return found


def _zh_cue(s: str, cue: re.Match[str], weight: float) -> list[Clause]:
    start = cue.end()
    followed = s[start : start + 1]
    if cue.group() in COMMA_ONLY and followed not in "，：:,":
        return []
    if _inside_marks(s, cue.start()) or _ZH_UNSAID.search(s[max(0, cue.start() - 4) : cue.start()]):
        return []
    if cue.group() in ("称", "稱"):
        called = _ZH_CALLED.match(s, cue.end())
        if called:
            begin = called.end()
            return [Clause(begin, _zh_call_end(s, begin), cue.span(), _zh_zone(s, cue), "predicate", 0.65)]
    zone = _zh_zone(s, cue)
    zone_start = max((s.rfind(mark, 0, cue.start()) for mark in _ZH_BREAK), default=-1) + 1
    if not s[start:].strip(" 。！？，；”」』"):
        return _zh_postposed(s, cue, zone_start, weight)
    return [Clause(start, _zh_end(s, start), cue.span(), zone, "clause-after-cue", weight)]


def _zh_zone(s: str, cue: re.Match[str]) -> tuple[int, int]:
    """The clause before the cue; the whole sentence before it where that clause names no subject of its own."""
    start = max((s.rfind(mark, 0, cue.start()) for mark in _ZH_BREAK), default=-1) + 1
    own = _ZH_NO_SUBJECT.sub("", s[start : cue.start()])
    return (start, cue.start()) if own.strip() else (0, cue.start())


def _zh_call_end(s: str, start: int) -> int:
    stops = [at for mark in "，；。、" if (at := s.find(mark, start)) >= 0]
    return min(stops, default=len(s))


def _zh_postposed(s: str, cue: re.Match[str], zone_start: int, weight: float) -> list[Clause]:
    if zone_start < 6:
        return []
    return [Clause(0, zone_start - 1, cue.span(), (zone_start, cue.start()), "clause-before-cue", weight * 0.9)]


def _inside_marks(s: str, at: int) -> bool:
    opened = sum(s.count(mark, 0, at) for mark in "“「『")
    closed = sum(s.count(mark, 0, at) for mark in "”」』")
    return opened > closed


def _zh_end(s: str, start: int) -> int:
    stop = _ZH_END.search(s, start)
    return stop.start() if stop else len(s)
