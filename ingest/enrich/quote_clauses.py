"""Reported clauses by language: where an attributed clause begins and ends, and where its speaker is named.

Every function looks at one sentence, in which `quote_marks.masked` has made the inside of marks inert, and returns
spans relative to it. Resolution of the speaker and the choice between rival spans happen elsewhere.
"""

from ingest.enrich import quote_clauses_en, quote_clauses_ru, quote_clauses_zh
from ingest.enrich.quote_clause import Clause

# A clause shorter than this is a fragment; longer, a sentence that was not split.
SHORTEST = {"en": 6, "ru": 6, "zh": 3}
LONGEST = 600


def reported_clauses(sentence: str, lang: str) -> list[Clause]:
    """All candidates of one sentence, trimmed; they may overlap and nest."""
    finder = {"ru": quote_clauses_ru, "zh": quote_clauses_zh}.get(lang, quote_clauses_en)
    return [c for c in (_trim(sentence, c, lang) for c in finder.clauses(sentence)) if c is not None]


def _trim(s: str, c: Clause, lang: str) -> Clause | None:
    start, end = c.start, c.end
    while start < end and (s[start].isspace() or s[start] in ",，:：—–-"):
        start += 1
    while end > start and (s[end - 1].isspace() or s[end - 1] in ".。!?…,，;；:：—–"):
        end -= 1
    if not SHORTEST.get(lang, 6) <= end - start <= LONGEST:
        return None
    return Clause(start, end, c.cue, c.zone, c.rule, c.confidence)
