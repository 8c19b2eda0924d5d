"""Reported clauses in Russian: what each cue introduces or follows. One sentence at a time, marks made inert."""

import re
from functools import cache

from ingest.enrich.quote_clause import Clause
from ingest.enrich.quote_cues import cues

_RU_THAT = re.compile(r"[^;:.]{0,110}?,\s*(?:что|будто(?: бы)?|как будто|якобы)\s+")
_RU_HOW = re.compile(r"(?:рассказ|поведа|объясн|поясн)")
_RU_BEFORE = re.compile(
    r"(?:,|[—–-])\s*(?:как\s+)?(?:(?:также|ранее|позднее|затем|позже|тогда|в свою очередь|об этом)\s+)*$", re.IGNORECASE
)
_RU_AS = re.compile(r"(?:^|[—–(«\s])[Кк]ак\s+(?:(?:ранее|также|позднее|уже)\s+)*$")
_RU_UNSAID = re.compile(r"\b(?:не|ни)\s+$")
_RU_READY = re.compile(
    r"(?:выразил[аи]?|заявил[аи]?|заверил[аи]?|подтвердил[аи]?|сообщил[аи]?)\s+(?:[^,;.]{0,40}\s)?(?:о\s+|в\s+)?готовност[ьи]\s+(?=\w+(?:ть|ться|чь|ти)\b)",
    re.IGNORECASE,
)
_RU_CALLED = re.compile(r"\s+(?:[\w«»-]+\s+){1,3}?(?=[«“]?[\w-]+(?:ым|им|ой|ей|ом|ем|ыми|ими)\b)")


@cache
def _source() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{cues('ru').source})(?:\s+|(?=,))", re.IGNORECASE)


@cache
def _end() -> re.Pattern[str]:
    """Where a clause gives way to another cue of the same subject, or to the author."""
    say = cues("ru").say.pattern
    return re.compile(
        rf";|\s[—–]\s(?=так|об этом|сообщ|заяв|сказ)|,?\s+(?:и|а также)\s+(?:\w+\s+)?(?={say}(?:[:,]|\s+(?:о|об)\s))"
        r"|,\s+и\s+(?=(?:назва|подчеркн|поблагодари|призва|выраз|указа|добави|отмети)\w*)",
        re.IGNORECASE,
    )


# In code points, set on the even half of the development items: an attribution after a clause, words before an inserted
# «как», words between a cue and its colon, the naming of a source, and the least clause.
LONGEST_TAIL, LEAST_LEAD, LONGEST_LEAD, LONGEST_SOURCE, LEAST_CLAUSE = 220, 3, 60, 150, 14


def clauses(s: str) -> list[Clause]:
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
        return [
            Clause(
                that.end(),
                _ru_end(s, that.end()),
                cue.span(),
                (0, max(zone_end, cue.start())),
                "clause-after-cue",
                weight,
            )
        ]
    if _RU_BEFORE.search(before) and len(s) - cue.end() <= LONGEST_TAIL:
        comma = _RU_BEFORE.search(before)
        assert comma is not None
        return [Clause(0, comma.start(), cue.span(), (cue.end(), len(s)), "clause-before-cue", weight)]
    return _ru_colon(s, cue, weight)


def _ru_as(s: str, cue: re.Match[str], weight: float) -> list[Clause]:
    comma = s.find(", ", cue.end())
    if comma < 0:
        return []
    lead = re.search(r"[Кк]ак\s+\S*\s*$", s[: cue.start()])
    if lead and lead.start() > LEAST_LEAD and s[: lead.start()].rstrip().endswith(","):
        return [Clause(0, lead.start(), cue.span(), (cue.end(), comma), "clause-before-cue", weight)]
    return [Clause(comma + 2, _ru_end(s, comma + 2), cue.span(), (cue.end(), comma), "source", weight)]


def _ru_colon(s: str, cue: re.Match[str], weight: float) -> list[Clause]:
    colon = s.find(": ", cue.end())
    if 0 <= colon - cue.end() <= LONGEST_LEAD and s[colon + 2 : colon + 3] not in '«“"„':
        return [Clause(colon + 2, len(s), cue.span(), (0, colon), "colon", weight * 0.9)]
    return []


def _ru_end(s: str, start: int) -> int:
    stop = _end().search(s, start)
    return stop.start() if stop else len(s)


def _ru_sources(s: str) -> list[Clause]:
    found: list[Clause] = []
    for cue in _source().finditer(s):
        own = re.search(r"\b(?:его|её|ее|их)\b", cue.group())
        comma = s.find(",", cue.end() - 2 if own else cue.end())
        if comma < 0 or comma - cue.end() > LONGEST_SOURCE:
            continue
        zone = cue.span() if own else (cue.end(), comma)
        lead = s[: cue.start()].rstrip()
        if lead.endswith(",") and len(lead) > LEAST_CLAUSE and len(s) - comma < LEAST_CLAUSE:
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
