"""English predicates of naming: "called it a victory", "dismissed the plan as too costly"."""

import re

from ingest.enrich.quote_clause import Clause
from ingest.enrich.quote_cues import cues

# An article or possessive before a form makes it a noun.
DETERMINERS = re.compile(
    r"(?:\bthe|\ba|\ban|\bof|\btwo|\bboth|\bthese|\bUnited|\bmember|\bno|\bto|\bhis|\bher|\btheir|\bits)\s+$",
    re.IGNORECASE,
)
_OBJECT = (
    r"(?:it|this|that|him|her|them|(?:the|its|his|their|these|those|such|any|a|an) (?:[\w'’-]+ )?[\w'’-]+|"
    r"[A-Z][\w'’.-]+(?: [A-Z][\w'’.-]+)?(?:'s|’s)?(?: [\w-]+){0,3}?)"
)
_CALLED = re.compile(rf"\s+{_OBJECT}\s+(?:as\s+)?(?P<pred>(?:an?|the|his|her|their|not|too|very|as|“|\"|[a-z]).+)$")
_AS = re.compile(r"\s+[^,;]{2,60}?\s+as\s+(?P<pred>.+)$")


def called_clauses(s: str) -> list[Clause]:
    found: list[Clause] = []
    for cue in cues("en").call.finditer(s):
        if re.match(r"\s+(?:for|on|off|in|up|by|at)\b", s[cue.end() :]) or DETERMINERS.search(s, 0, cue.start()):
            continue
        needs_as = cue.group().lower()[:4] not in {"call", "deem", "bran", "labe"}
        pred = (_AS if needs_as else _CALLED).match(s, cue.end())
        if pred:
            begin = pred.start("pred")
            found.append(Clause(begin, _en_call_end(s, begin), cue.span(), (0, cue.start()), "predicate", 0.65))
    return found


def _en_call_end(s: str, start: int) -> int:
    stop = re.compile(r"[;,.]|\s(?:and|but) (?:\w+ed|said|moscow|beijing)\b", re.IGNORECASE).search(s, start)
    return stop.start() if stop else len(s)
