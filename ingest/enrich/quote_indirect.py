"""Reported clauses of a text as pieces of speech, those that are no more than a direct quote left out."""

import re

from ingest.enrich.quote_clause import Clause
from ingest.enrich.quote_clauses import reported_clauses
from ingest.enrich.quote_context import Context, Piece
from ingest.model import Sentence

# A longer sentence is a list or a page without marks.
LONGEST_SENTENCE = 3000
# A clause that marks cover to this share is the direct quote itself.
COVERED = 0.75


def indirect_pieces(ctx: Context) -> list[Piece]:
    pieces: list[Piece] = []
    for sentence in ctx.sentences:
        if sentence.end - sentence.start > LONGEST_SENTENCE:
            continue
        body = ctx.inert[sentence.start : sentence.end]
        for clause in reported_clauses(body, ctx.lang):
            piece = _indirect(ctx, clause, sentence.start)
            if piece:
                pieces.append(piece)
        pieces.extend(_headline(ctx, sentence))
    return pieces


def _indirect(ctx: Context, clause: Clause, base: int) -> Piece | None:
    start, end = base + clause.start, base + clause.end
    cue = (base + clause.cue[0], base + clause.cue[1])
    if ctx.in_marks(cue[0]) or (ctx.in_marks(start) != ctx.in_marks(end - 1) and not _opens_at(ctx, start, end)):
        return None
    if _share_in_marks(ctx, start, end) >= COVERED:
        return None
    zone = (base + clause.zone[0], base + clause.zone[1])
    return Piece(start, end, "indirect", cue, zone, clause.rule, clause.confidence)


def _opens_at(ctx: Context, start: int, end: int) -> bool:
    return any(q.end <= end + 1 for q in ctx.every_mark.between(start, end + 1))


def _share_in_marks(ctx: Context, start: int, end: int) -> float:
    inside = sum(max(0, min(end, q.end) - max(start, q.start)) for q in ctx.outer.overlapping(start, end))
    return inside / max(1, end - start)


_HEAD = re.compile(r"^(?P<who>[^:：«“\"]{2,40})[:：]\s*(?P<clause>[^:：]{6,})$")


def _headline(ctx: Context, sentence: Sentence) -> list[Piece]:
    """«Песков: Россия не просила …»: a headline that begins with a speaker and a colon."""
    if sentence.start > 0:
        return []
    found = _HEAD.match(ctx.text[sentence.start : sentence.end])
    if not found or not any(e.end <= found.end("who") and e.type in ("PER", "ORG") for e in ctx.entities):
        return []
    if ctx.lang != "zh" and re.search(r"\s(?:in|at|on|в|на|и|and|как|how)\s|\d", found["who"]):
        return []
    if ctx.text[found.start("clause")] in '«“"「':
        return []
    cue = (found.end("who"), found.end("who") + 1)
    return [Piece(found.start("clause"), sentence.end, "indirect", cue, (0, found.end("who")), "headline", 0.7)]
