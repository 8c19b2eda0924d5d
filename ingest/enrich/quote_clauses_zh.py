"""Reported clauses in Chinese: what each cue introduces or follows. One sentence at a time, marks made inert."""

import re

from ingest.enrich.quote_clause import Clause
from ingest.enrich.quote_cues import cues

# Words that report only when a comma or colon follows; without one they take an object or describe an act.
COMMA_ONLY = frozenset(
    [
        "回应",
        "回答",
        "说明",
        "表明",
        "申明",
        "宣告",
        "通知",
        "报道",
        "介绍",
        "介紹",
        "抱怨",
        "告诉",
        "告訴",
        "提醒",
        "建议",
        "建議",
        "预计",
        "預計",
        "估计",
        "估計",
        "相信",
        "质疑",
        "承诺",
        "保证",
        "宣布",
        "证实",
        "證實",
        "确认",
        "確認",
        "呼吁",
        "呼籲",
        "主张",
        "通报",
        "通報",
        "披露",
        "预测",
        "預測",
        "爆料",
        "承认",
        "承認",
        "否认",
        "否認",
        "解释",
        "解釋",
        "感慨",
        "提到",
        "警告",
        "谈到",
        "写道",
        "寫道",
        "反问",
        "希望",
        "期待",
        "担忧",
        "擔憂",
        "忧虑",
        "怀疑",
        "料",
        "预料",
        "推测",
        "分析",
    ]
)
_ZH_UNSAID = re.compile(r"(?:没有|沒有|未|不|并未|拒绝|没)$")
_ZH_CALLED = re.compile(r"(?:其|之|他|她|这|此)(?:[^，。；]{0,6}?)(?:为|為)")
_ZH_NO_SUBJECT = re.compile(
    r"^(?:并|還|还|也|同时|則|则|随后|亦|又|再次|再|另外|此外|但|而|仅|僅|就此|对此|對此|当天|此前|日前|\d+日|同时还|接着)*"
)
_ZH_BREAK = "，；。：！？,;:"
_ZH_END = re.compile(r"[；;。]|，(?:但|不过|不過|惟|未提及|并未|然而)")
_ZH_SOURCE = re.compile(
    r"(?:据|據|援引|引述)(?P<who>[^，。；]{1,24}?)(?:报道|報道|報導|报导|透露|介绍|介紹|消息|的说法|统计|称|的话说|指出|披露|公布)?，"
)


# A clause before an attribution has at least this many characters.
LEAST_CLAUSE = 6


def clauses(s: str) -> list[Clause]:
    table = cues("zh")
    found: list[Clause] = []
    for pattern, weight in ((table.say, 0.85), (table.think, 0.6)):
        for cue in pattern.finditer(s):
            found.extend(_zh_cue(s, cue, weight))
    wire = re.match(r"(?P<who>[^，。]{2,16}?)(?:\d{1,2}月)?(?:\d{1,2}日)?(?:消息|讯|訊|报道|報道|报导|報導)，", s)
    if wire:
        found.append(Clause(wire.end(), _zh_end(s, wire.end()), wire.span("who"), wire.span("who"), "source", 0.7))
    return found + [
        Clause(m.end(), _zh_end(s, m.end()), (m.start(), m.start() + 1), m.span("who"), "source", 0.75)
        for m in _ZH_SOURCE.finditer(s)
        if m.start() <= 1 or s[m.start() - 1] in _ZH_BREAK
    ]


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
        return _zh_postposed(cue, zone_start, weight)
    return [Clause(start, _zh_end(s, start), cue.span(), zone, "clause-after-cue", weight)]


def _zh_zone(s: str, cue: re.Match[str]) -> tuple[int, int]:
    """The clause before the cue; the whole sentence before it where that clause names no subject of its own."""
    start = max((s.rfind(mark, 0, cue.start()) for mark in _ZH_BREAK), default=-1) + 1
    own = _ZH_NO_SUBJECT.sub("", s[start : cue.start()])
    return (start, cue.start()) if own.strip() else (0, cue.start())


def _zh_call_end(s: str, start: int) -> int:
    stops = [at for mark in "，；。、" if (at := s.find(mark, start)) >= 0]
    return min(stops, default=len(s))


def _zh_postposed(cue: re.Match[str], zone_start: int, weight: float) -> list[Clause]:
    if zone_start < LEAST_CLAUSE:
        return []
    return [Clause(0, zone_start - 1, cue.span(), (zone_start, cue.start()), "clause-before-cue", weight * 0.9)]


def _inside_marks(s: str, at: int) -> bool:
    opened = sum(s.count(mark, 0, at) for mark in "“「『")
    closed = sum(s.count(mark, 0, at) for mark in "”」』")
    return opened > closed


def _zh_end(s: str, start: int) -> int:
    stop = _ZH_END.search(s, start)
    return stop.start() if stop else len(s)
