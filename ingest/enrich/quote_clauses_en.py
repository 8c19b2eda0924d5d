"""Reported clauses in English: what each cue introduces or follows. One sentence at a time, marks made inert."""

import re

from ingest.enrich.quote_clause import Clause
from ingest.enrich.quote_clauses_en_called import DETERMINERS, called_clauses
from ingest.enrich.quote_cues import cues

# Forms that are nouns as often as verbs: they report only before "that" or beside marks.
NOUN_FORMS = frozenset(
    [
        "states",
        "state",
        "reports",
        "report",
        "claims",
        "claim",
        "answer",
        "answers",
        "notes",
        "note",
        "comments",
        "comment",
        "remarks",
        "rules",
        "rule",
        "posts",
        "post",
        "posted",
        "signals",
        "signal",
        "hints",
        "hint",
        "points",
        "point",
        "estimates",
        "estimate",
        "forecasts",
        "forecast",
        "fears",
        "fear",
        "hopes",
        "hope",
        "doubts",
        "promises",
        "promise",
        "quotes",
        "quote",
        "observe",
        "maintain",
        "maintains",
        "maintained",
        "agree",
        "agrees",
        "agreed",
        "agreeing",
        "see",
        "sees",
        "respond",
        "responded",
        "stress",
        "pledge",
        "pledges",
        "vow",
        "answered",
        "reports",
        "testify",
        "worry",
        "worries",
        "post",
        "tweet",
        "tweets",
        "mention",
        "understand",
        "understands",
        "consider",
        "considers",
        "considered",
        "reporting",
        "posted",
        "point",
        "pointed",
        "write",
        "writes",
        "wrote",
        "concluded",
        "concludes",
        "conclude",
        "warn",
        "warns",
        "warned",
        "warning",
        "caution",
        "cautions",
        "cautioned",
        "hint",
        "hints",
        "hinted",
        "signalled",
        "signaled",
        "ruled",
        "confirm",
        "confirms",
        "confirmed",
        "propose",
        "proposes",
        "proposed",
        "urged",
        "disclosed",
    ]
)
_TIME = (
    r"(?:(?:on |late |early )?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|earlier|later|last \w+|this \w+|yesterday|"
    r"in (?:an?|his|her|its|their) [\w-]+(?: [\w-]+)?|at (?:a|the) [\w-]+(?: [\w-]+)?|in [A-Z]\w+|again|separately)"
)
_TO = (
    r"(?:reporters|journalists|Reuters|lawmakers|parliament|the [\w-]+(?: [\w-]+)?|"
    r"[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){0,2}|him|her|them|us|clients|his \w+|her \w+)"
)
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
    r";| [—–] |, (?:but|while|whereas|yet)\b|"
    r", and (?=(?:[A-Z]\w+|the \w+|he|she|it|they|no one|nobody) "
    r"(?:has|have|expects|wants|sees|had|said|is|was|are|were|will|also)\b)|"
    r" but \w+ly\b|, (?:citing|according to|[a-z]+ing)\b|"
    r",? and (?=(?:added|said|told|stressed|warned|noted|pledged|promised|called|praised|condemned|accused|urged|"
    r"blamed|asked|thanked|criticised|criticized)\b)"
)
# ", the newspaper reported" after a clause belongs to another attribution.
_EN_OTHER_SOURCE = re.compile(
    r", (?:[\w’'.-]+ ){1,6}(?:said|says|reported|reports|told|wrote|added|announced)\b[^,;]*(?:,[^,;]*)?$"
)
_ACCORDING = re.compile(r"\b[Aa]ccording to\s+")


# An attribution after a clause: code points of the clause at least, words before and after the cue at most.
# Set on the even half of the development items.
LEAST_CLAUSE, LONGEST_NAMING, LONGEST_TAIL = 12, 9, 22


def clauses(s: str) -> list[Clause]:
    table = cues("en")
    found: list[Clause] = []
    for pattern, weight in ((table.say, 0.85), (table.think, 0.7)):
        for cue in pattern.finditer(s):
            found.extend(_en_following(s, cue, weight))
    found.extend(_en_postposed(s))
    found.extend(_en_according(s))
    found.extend(called_clauses(s))
    return found


def _en_following(s: str, cue: re.Match[str], weight: float) -> list[Clause]:
    if DETERMINERS.search(s, max(0, cue.start() - 12), cue.start()) or (cue.group()[0].isupper() and cue.start()):
        return []
    if s[: cue.start()].rstrip().endswith(("”", '"', "’")) and " that " not in s[cue.end() :]:
        return []  # the cue belongs to the words between the marks
    if _EN_UNSAID.search(s[max(0, cue.start() - 30) : cue.start()]) or _is_singular_noun(s, cue):
        return []
    start = _en_clause_start(s, cue)
    if start is None:
        return []
    return [Clause(start, _en_end(s, start), cue.span(), (0, cue.start()), "clause-after-cue", weight)]


_EN_UNSAID = re.compile(
    r"\b(?:not|never|n['’]t|without|refused to|declined to|yet to|is|are|was|were|be|been)\s+(?:\w+ly\s+)?$"
)
_SINGULAR = frozenset(
    [
        "hint",
        "claim",
        "report",
        "signal",
        "answer",
        "note",
        "comment",
        "remark",
        "rule",
        "promise",
        "pledge",
        "estimate",
        "forecast",
        "fear",
        "hope",
        "doubt",
        "worry",
        "reply",
        "vow",
        "post",
        "tweet",
        "quote",
        "point",
        "state",
        "boast",
        "joke",
        "warning",
    ]
)


def _is_singular_noun(s: str, cue: re.Match[str]) -> bool:
    """ "the clearest hint yet that": a form that is a verb only after a plural."""
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
        if cue and comma >= LEAST_CLAUSE and _FINITE.search(s, 0, comma):
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
    if len(s[start : cue.start()].split()) > LONGEST_NAMING or _en_clause_start(s, cue) is not None:
        return None
    return cue


def _short_tail(s: str, cue: re.Match[str]) -> bool:
    tail = s[cue.end() :]
    return len(tail.split()) <= LONGEST_TAIL and " that " not in tail and ":" not in tail


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
