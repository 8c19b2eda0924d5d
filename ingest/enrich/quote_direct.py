"""Words between marks: which are speech, which are names, titles and scare quotes."""

import re
from dataclasses import replace

from ingest.enrich.quote_context import Context, Piece
from ingest.enrich.quote_cues import cues
from ingest.enrich.quote_marks import LONGEST, Quoted
from ingest.model import Sentence

# Words (Chinese: characters) from which marks alone speak, and below which only a cue beside them does.
# Set on the even half of the development items and PolNeAR dev.
LONG = {"en": 7, "ru": 6, "zh": 12}
SHORT = {"en": 2, "ru": 2, "zh": 3}
# How far a cue may stand from the words it attributes, in code points.
REACH = {"en": 110, "ru": 130, "zh": 40}
# A text of 100,000 characters with a quote in every second sentence has about so many.
MOST_MARKS = 1000
# A name between marks has at most so many words; marks reopened after a cue end its zone where they hold this much.
LONGEST_NAME, LONGEST_APART = 6, 40
_ENDS = ".!?…。！？"


def direct_pieces(ctx: Context) -> list[Piece]:
    pieces: list[Piece] = []
    for span in ctx.marks[:MOST_MARKS]:
        if span.depth == 0:
            piece = _direct(ctx, span)
            if piece:
                pieces.extend(_without_comma(ctx, part) for part in _interrupted(ctx, piece))
    return pieces


def _without_comma(ctx: Context, piece: Piece) -> Piece:
    """The comma before a closing mark is the attribution's, not the speaker's."""
    return replace(piece, end=piece.end - 1) if ctx.text[piece.end - 1] in ",，" else piece


# What stands before the words makes them a name or a sneer.
_SO_CALLED = re.compile(
    r"(?:so-called|dubbed|nicknamed|known as|titled|entitled|так называем\w+|т\. ?н\.|под названием|所谓(?:的)?|"
    r"题为|名为)\s*$",
    re.IGNORECASE,
)


def _direct(ctx: Context, span: Quoted) -> Piece | None:
    size = _size(ctx, span.start, span.end)
    if (
        size < SHORT[ctx.lang]
        or _is_name(ctx, span)
        or _SO_CALLED.search(ctx.text[max(0, span.start - 25) : span.start - 1])
    ):
        return None
    around = _surroundings(ctx, span)
    cue = _nearest_cue(ctx, span, around)
    long = size >= LONG[ctx.lang]
    colon = ctx.text[max(0, span.start - 3) : span.start - 1].rstrip().endswith((":", "："))
    if cue and (long or _governs(ctx, cue, span)):
        return Piece(
            span.start, span.end, "direct", cue, _zone(ctx, cue, span, around), "marks+cue", 0.95 if long else 0.7
        )
    if colon and size > SHORT[ctx.lang]:
        return Piece(
            span.start, span.end, "direct", (span.start - 1,) * 2, (around[0], span.start - 1), "marks+colon", 0.85
        )
    if long and _sounds_spoken(ctx, span):
        return Piece(span.start, span.end, "direct", (span.start - 1,) * 2, (0, 0), "marks", 0.6)
    return None


def _size(ctx: Context, start: int, end: int) -> int:
    words = ctx.text[start:end]
    return sum(c.isalnum() for c in words) if ctx.lang == "zh" else len(words.split())


def _is_name(ctx: Context, span: Quoted) -> bool:
    width = span.end - span.start
    around = ctx.named.last(span.start + 1)
    if around and around.end >= span.end - 1:
        return True
    words = ctx.text[span.start : span.end].split()
    followed = ctx.text[span.end + 1 : span.end + 5].strip()
    capital = sum(w[:1].isupper() for w in words)
    named = ctx.lang != "zh" and len(words) <= LONGEST_NAME and capital >= max(2, len(words) - 1)
    return width > 0 and named and not followed.startswith((",", "—", "–"))


def _surroundings(ctx: Context, span: Quoted) -> tuple[int, int]:
    """From the start of the sentence that opens the span to the end of the one that closes it, attribution included."""
    opening, closing = ctx.spans.around(span.start), ctx.spans.around(span.end - 1)
    start, end = opening.start if opening else span.start, span.end
    if closing and closing.start < span.end <= closing.end:
        end, following = closing.end, ctx.spans.until(closing.start)
        if end - span.end <= len("”。") and following < len(ctx.spans.spans):
            end = _attribution_end(ctx, span, ctx.spans.spans[following], end)
    # A page without sentence ends is one sentence: nobody is named that far from his words.
    return max(start, span.start - LONGEST), min(max(end, span.end), span.end + LONGEST)


def _attribution_end(ctx: Context, span: Quoted, following: Sentence, otherwise: int) -> int:
    """A sentence that only says who spoke (“…。”一位负责人坦言。) belongs to the quote before it."""
    width = following.end - following.start
    if width > REACH[ctx.lang] or ctx.text[span.end - 1] not in _ENDS + ",，":
        return otherwise
    cue = cues(ctx.lang).say.search(ctx.inert, following.start, following.end)
    return following.end if cue and (ctx.lang != "zh" or following.end - cue.end() <= len("道。”")) else otherwise


def _nearest_cue(ctx: Context, span: Quoted, around: tuple[int, int]) -> tuple[int, int] | None:
    reach = REACH[ctx.lang]
    low, high = max(around[0], span.start - reach), min(around[1], span.end + reach)
    best: tuple[int, tuple[int, int]] | None = None
    for begin, stop, after in ((low, span.start - 1, False), (span.end + 1, high, True)):
        for cue in cues(ctx.lang).any.finditer(ctx.text, begin, max(begin, stop)):
            if ctx.in_marks(cue.start()) or _noun(ctx, cue, span):
                continue
            distance = cue.start() - span.end if after else span.start - cue.end()
            distance -= 25 if after and _attributes(ctx, span) else 0
            if best is None or distance < best[0]:
                best = (distance, cue.span())
    return best[1] if best else None


def _noun(ctx: Context, cue: re.Match[str], span: Quoted) -> bool:
    before = ctx.text[max(0, cue.start() - 8) : cue.start()].lower()
    return (
        ctx.lang == "en"
        and before.endswith((" the ", " a ", " an ", " of ", "united ", " to ", " two "))
        and cue.end() < span.start
    )


def _attributes(ctx: Context, span: Quoted) -> bool:
    """Whether what follows the marks looks like an attribution: a comma or dash inside or after them."""
    inside, after = ctx.text[span.end - 1 : span.end], ctx.text[span.end + 1 : span.end + 3]
    return inside in ",，!?" or after.lstrip().startswith((",", "—", "–", "，"))


def _governs(ctx: Context, cue: tuple[int, int], span: Quoted) -> bool:
    """For short words between marks: the cue stands before them in the same clause, or attributes them after."""
    if cue[1] <= span.start:
        between = ctx.text[cue[1] : span.start - 1]
        limit = 9 if ctx.lang == "zh" else 60
        return len(between) <= limit and not re.search(r"[;；。]|\. ", between)
    return _attributes(ctx, span) or ctx.text[span.end - 1] in _ENDS


def _sounds_spoken(ctx: Context, span: Quoted) -> bool:
    inside = ctx.text[span.start : span.end]
    return inside[-1:] in _ENDS + ",，" or bool(re.search(r"\b(?:we|I|our|мы|нас|наш\w*|я)\b|我们|我們|我", inside))


def _zone(ctx: Context, cue: tuple[int, int], span: Quoted, around: tuple[int, int]) -> tuple[int, int]:
    """Where the speaker is named: beside the cue, on the side of the marks where the cue stands."""
    if cue[0] >= span.end:
        stop = _zone_stop(ctx, cue, around[1])
        return (span.end + 1, stop)
    return (around[0], span.start - 1)


def _zone_stop(ctx: Context, cue: tuple[int, int], end: int) -> int:
    near = ctx.outer.between(cue[1] + 1, min(end + 1, cue[1] + LONGEST))
    return next((q.start - 1 for q in near if q.end - q.start > LONGEST_APART), end)


def _interrupted(ctx: Context, piece: Piece) -> list[Piece]:
    """«Слова, — сказал он, — слова» between one pair of marks is two pieces of speech."""
    if ctx.lang != "ru":
        return [piece]
    inside = ctx.text[piece.start : piece.end]
    cut = re.search(r"[,.!?…]\s[—–-]\s(?P<who>[^—–«»]{4,120}?)[,.]\s[—–-]\s", inside)
    if not cut:
        return [piece]
    cue = cues("ru").say.search(inside, cut.start("who"), cut.end("who"))
    if not cue:
        return [piece]
    at = (piece.start + cue.start(), piece.start + cue.end())
    zone = (piece.start + cut.start("who"), piece.start + cut.end("who"))
    first = Piece(piece.start, piece.start + cut.start(), "direct", at, zone, "marks+interrupted", 0.85)
    rest = Piece(piece.start + cut.end(), piece.end, "direct", at, zone, "marks+interrupted", 0.85)
    return [first, rest]
