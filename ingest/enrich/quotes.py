"""Quotes: direct and indirect speech in three languages, with the speaker resolved to a key.

Words between marks are speech where a cue, a colon or their own length says so (`direct`); a clause that a cue
introduces, or that an attribution follows, is reported speech (`indirect`). A quote ends where the attributed clause
ends. Scare quotes, titles and names between marks are left out.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from ingest.enrich.base import Reading
from ingest.enrich.han import simplified
from ingest.enrich.quote_clauses import Clause, reported_clauses
from ingest.enrich.quote_cues import cues
from ingest.enrich.quote_marks import Quoted, find_marks, masked
from ingest.enrich.speaker_posts import by_post, described_as, state_keys
from ingest.enrich.speakers import NOBODY, Speaker, in_zone, is_the_other, stands_for_last
from ingest.model import Entity, Quote, Sentence

CountryOf = Callable[[str | None], str]
# Words (Chinese: characters) from which marks alone speak, and below which only a cue beside them does.
# Set on the even half of the development items and PolNeAR dev.
LONG = {"en": 7, "ru": 6, "zh": 12}
SHORT = {"en": 2, "ru": 2, "zh": 3}
# How far a cue may stand from the words it attributes, in code points.
REACH = {"en": 110, "ru": 130, "zh": 40}
# A clause that marks cover to this share is the direct quote itself.
COVERED = 0.75
# Two candidates that share more than this of their union are one.
SAME = 0.55
_ENDS = ".!?…。！？"


@dataclass(slots=True)
class _Context:
    """One text on its way through the steps."""

    text: str
    lang: str
    sentences: Sequence[Sentence]
    entities: Sequence[Entity]
    country: CountryOf
    day: date | None
    marks: tuple[Quoted, ...] = ()
    inert: str = ""
    last: Speaker = NOBODY
    last_end: int = -1
    found: list[Quote] = field(default_factory=list)


class QuoteEnricher:
    """`Reading` -> quotes, by start. Reads the entities; offsets are code points of `Reading.text`."""

    name = "quotes"
    version = "1"
    reads: tuple[str, ...] = ("entities",)
    adds = "quotes"

    def __call__(self, doc: Reading, /) -> tuple[Quote, ...]:
        return find_quotes(
            doc.text, doc.lang, doc.sentences, doc.entities, country=doc.gazetteer.country, day=doc.day
        )


def find_quotes(
    text: str,
    lang: str,
    sentences: Sequence[Sentence],
    entities: Sequence[Entity],
    *,
    country: CountryOf | None = None,
    day: date | None = None,
) -> tuple[Quote, ...]:
    """All quotes of a text. `country` gives the state of an entity's key, `day` dates the posts that stand for names."""
    lang = lang if lang in ("ru", "zh") else "en"
    matched = simplified(text) if lang == "zh" else text  # the same length: offsets stay those of the text
    ctx = _Context(matched, lang, sentences, entities, country or (lambda _: ""), day, find_marks(matched))
    ctx.inert = masked(text, ctx.marks)
    pieces: list[_Piece] = [*_direct_pieces(ctx), *_indirect_pieces(ctx)]
    pieces = _without_rivals(pieces)
    for piece in sorted(pieces, key=lambda p: (p.start, -p.end)):
        ctx.found.append(_quote(ctx, piece))
    return tuple(replace(q, text=text[q.start : q.end]) for q in ctx.found)


@dataclass(frozen=True, slots=True)
class _Piece:
    start: int
    end: int
    kind: str
    cue: tuple[int, int]
    zone: tuple[int, int]
    rule: str
    confidence: float


# Direct -------------------------------------------------------------------------------------------------------------


def _direct_pieces(ctx: _Context) -> list[_Piece]:
    pieces: list[_Piece] = []
    for span in ctx.marks:
        if span.depth == 0:
            piece = _direct(ctx, span)
            if piece:
                pieces.extend(_interrupted(ctx, piece))
    return pieces


def _direct(ctx: _Context, span: Quoted) -> _Piece | None:
    size = _size(ctx, span.start, span.end)
    if size < SHORT[ctx.lang] or _is_name(ctx, span):
        return None
    around = _surroundings(ctx, span)
    cue = _nearest_cue(ctx, span, around)
    long = size >= LONG[ctx.lang]
    colon = ctx.text[max(0, span.start - 3) : span.start - 1].rstrip().endswith((":", "："))
    if cue and (long or _governs(ctx, cue, span)):
        return _Piece(span.start, span.end, "direct", cue, _zone(ctx, cue, span, around), "marks+cue", 0.95 if long else 0.7)
    if colon and size > SHORT[ctx.lang]:
        return _Piece(span.start, span.end, "direct", (span.start - 1,) * 2, (around[0], span.start - 1), "marks+colon", 0.85)
    if long and _sounds_spoken(ctx, span):
        return _Piece(span.start, span.end, "direct", (span.start - 1,) * 2, (0, 0), "marks", 0.6)
    return None


def _size(ctx: _Context, start: int, end: int) -> int:
    words = ctx.text[start:end]
    return sum(c.isalnum() for c in words) if ctx.lang == "zh" else len(words.split())


def _is_name(ctx: _Context, span: Quoted) -> bool:
    width = span.end - span.start
    if any(e.start <= span.start + 1 and e.end >= span.end - 1 for e in ctx.entities):
        return True
    words = ctx.text[span.start : span.end].split()
    followed = ctx.text[span.end + 1 : span.end + 5].strip()
    capital = sum(w[:1].isupper() for w in words)
    named = ctx.lang != "zh" and len(words) <= 6 and capital >= max(2, len(words) - 1)
    return width > 0 and named and not followed.startswith((",", "—", "–"))


def _surroundings(ctx: _Context, span: Quoted) -> tuple[int, int]:
    """From the start of the sentence that opens the span to the end of the one that closes it, or of the attribution after it."""
    start, end = span.start, span.end
    for at, sentence in enumerate(ctx.sentences):
        if sentence.start <= span.start < sentence.end:
            start = sentence.start
        if sentence.start < span.end <= sentence.end:
            end = sentence.end
            if end - span.end <= 2 and at + 1 < len(ctx.sentences):
                end = _attribution_end(ctx, span, ctx.sentences[at + 1], end)
    return start, max(end, span.end)


def _attribution_end(ctx: _Context, span: Quoted, following: Sentence, otherwise: int) -> int:
    """A sentence that only says who spoke (“…。”一位负责人坦言。) belongs to the quote before it."""
    width = following.end - following.start
    if width > REACH[ctx.lang] or ctx.text[span.end - 1] not in _ENDS + ",，":
        return otherwise
    cue = cues(ctx.lang).say.search(ctx.inert, following.start, following.end)
    return following.end if cue and (ctx.lang != "zh" or following.end - cue.end() <= 3) else otherwise


def _nearest_cue(ctx: _Context, span: Quoted, around: tuple[int, int]) -> tuple[int, int] | None:
    reach = REACH[ctx.lang]
    low, high = max(around[0], span.start - reach), min(around[1], span.end + reach)
    best: tuple[int, tuple[int, int]] | None = None
    for begin, stop, after in ((low, span.start - 1, False), (span.end + 1, high, True)):
        for cue in cues(ctx.lang).any.finditer(ctx.text, begin, max(begin, stop)):
            if _in_marks(ctx, cue.start()) or _noun(ctx, cue, span):
                continue
            distance = cue.start() - span.end if after else span.start - cue.end()
            distance -= 25 if after and _attributes(ctx, span) else 0
            if best is None or distance < best[0]:
                best = (distance, cue.span())
    return best[1] if best else None


def _noun(ctx: _Context, cue: re.Match[str], span: Quoted) -> bool:
    before = ctx.text[max(0, cue.start() - 8) : cue.start()].lower()
    return ctx.lang == "en" and before.endswith((" the ", " a ", " an ", " of ", "united ", " to ", " two ")) and cue.end() < span.start


def _attributes(ctx: _Context, span: Quoted) -> bool:
    """Whether what follows the marks looks like an attribution: a comma or dash inside or after them."""
    inside, after = ctx.text[span.end - 1 : span.end], ctx.text[span.end + 1 : span.end + 3]
    return inside in ",，!?" or after.lstrip().startswith((",", "—", "–", "，"))


def _in_marks(ctx: _Context, at: int) -> bool:
    return any(q.start <= at < q.end for q in ctx.marks if q.depth == 0)


def _governs(ctx: _Context, cue: tuple[int, int], span: Quoted) -> bool:
    """For short words between marks: the cue stands before them in the same clause, or is the attribution after them."""
    if cue[1] <= span.start:
        between = ctx.text[cue[1] : span.start - 1]
        limit = 9 if ctx.lang == "zh" else 60
        return len(between) <= limit and not re.search(r"[;；。]|\. ", between)
    return _attributes(ctx, span) or ctx.text[span.end - 1] in _ENDS


def _sounds_spoken(ctx: _Context, span: Quoted) -> bool:
    inside = ctx.text[span.start : span.end]
    return inside[-1:] in _ENDS + ",，" or bool(re.search(r"\b(?:we|I|our|мы|нас|наш\w*|я)\b|我们|我們|我", inside))


def _zone(ctx: _Context, cue: tuple[int, int], span: Quoted, around: tuple[int, int]) -> tuple[int, int]:
    """Where the speaker is named: beside the cue, on the side of the marks where the cue stands."""
    if cue[0] >= span.end:
        stop = _zone_stop(ctx, cue, around[1])
        return (span.end + 1, stop)
    return (around[0], span.start - 1)


def _zone_stop(ctx: _Context, cue: tuple[int, int], end: int) -> int:
    reopened = [q.start - 1 for q in ctx.marks if q.depth == 0 and q.start > cue[1] and q.end - q.start > 40]
    return min([end, *reopened])


def _interrupted(ctx: _Context, piece: _Piece) -> list[_Piece]:
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
    first = _Piece(piece.start, piece.start + cut.start(), "direct", at, zone, "marks+interrupted", 0.85)
    rest = _Piece(piece.start + cut.end(), piece.end, "direct", at, zone, "marks+interrupted", 0.85)
    return [first, rest]


# Indirect -----------------------------------------------------------------------------------------------------------


def _indirect_pieces(ctx: _Context) -> list[_Piece]:
    pieces: list[_Piece] = []
    for sentence in ctx.sentences:
        if sentence.end - sentence.start > 3000:
            continue
        body = ctx.inert[sentence.start : sentence.end]
        for clause in reported_clauses(body, ctx.lang):
            piece = _indirect(ctx, clause, sentence.start)
            if piece:
                pieces.append(piece)
        pieces.extend(_headline(ctx, sentence))
    return pieces


def _indirect(ctx: _Context, clause: Clause, base: int) -> _Piece | None:
    start, end = base + clause.start, base + clause.end
    cue = (base + clause.cue[0], base + clause.cue[1])
    if _in_marks(ctx, cue[0]) or _in_marks(ctx, start) != _in_marks(ctx, end - 1) and not _opens_at(ctx, start, end):
        return None
    if _share_in_marks(ctx, start, end) >= COVERED:
        return None
    zone = (base + clause.zone[0], base + clause.zone[1])
    return _Piece(start, end, "indirect", cue, zone, clause.rule, clause.confidence)


def _opens_at(ctx: _Context, start: int, end: int) -> bool:
    return any(start <= q.start <= end and q.end <= end + 1 for q in ctx.marks)


def _share_in_marks(ctx: _Context, start: int, end: int) -> float:
    inside = sum(max(0, min(end, q.end) - max(start, q.start)) for q in ctx.marks if q.depth == 0)
    return inside / max(1, end - start)


_HEAD = re.compile(r"^(?P<who>[^:：«“\"]{2,40})[:：]\s*(?P<clause>[^:：]{6,})$")


def _headline(ctx: _Context, sentence: Sentence) -> list[_Piece]:
    """«Песков: Россия не просила …»: a headline that begins with a speaker and a colon."""
    if sentence.start > 0:
        return []
    found = _HEAD.match(ctx.text[sentence.start : sentence.end])
    if not found or not any(e.end <= found.end("who") and e.type in ("PER", "ORG") for e in ctx.entities):
        return []
    if ctx.lang != "zh" and re.search(r"\s(?:in|at|on|в|на|и|and|как|how)\s|\d", found["who"]):
        return []
    if ctx.text[found.start("clause")] in "«“\"「":
        return []
    cue = (found.end("who"), found.end("who") + 1)
    return [_Piece(found.start("clause"), sentence.end, "indirect", cue, (0, found.end("who")), "headline", 0.7)]


# Choice and speakers ------------------------------------------------------------------------------------------------


def _without_rivals(pieces: list[_Piece]) -> list[_Piece]:
    kept: list[_Piece] = []
    for piece in sorted(pieces, key=lambda p: (p.kind != "direct", -p.confidence, p.start, p.end)):
        if not any(_rivals(piece, other) for other in kept):
            kept.append(piece)
    return kept


def _rivals(a: _Piece, b: _Piece) -> bool:
    shared = min(a.end, b.end) - max(a.start, b.start)
    if shared <= 0:
        return False
    union = max(a.end, b.end) - min(a.start, b.start)
    if shared / union > SAME or a.cue == b.cue and a.kind == b.kind and a.rule != "marks+interrupted":
        return True
    nested = (a.start <= b.start and b.end <= a.end) or (b.start <= a.start and a.end <= b.end)
    return not nested


def _quote(ctx: _Context, piece: _Piece) -> Quote:
    speaker = _speaker(ctx, piece)
    if speaker.key:
        ctx.last, ctx.last_end = speaker, piece.end
    return Quote(
        text=ctx.text[piece.start : piece.end],
        start=piece.start,
        end=piece.end,
        kind="direct" if piece.kind == "direct" else "indirect",
        speaker=speaker.key,
        cue=ctx.text[piece.cue[0] : piece.cue[1]],
        confidence=round(piece.confidence * (0.5 + speaker.confidence / 2), 3),
        rule=f"{piece.rule}; {speaker.rule}",
    )


def _speaker(ctx: _Context, piece: _Piece) -> Speaker:
    named = in_zone(ctx.text, piece.zone, piece.cue, ctx.entities, ctx.lang)
    if named.rule == "named-per":
        return named
    by_office = by_post(_near_cue(ctx, piece), ctx.lang, ctx.day)
    if by_office:
        return Speaker(by_office, piece.zone[0], "post", 0.8)
    if named.key:
        return _state_for_place(ctx, named)
    role = stands_for_last(ctx.text, piece.zone, ctx.lang)
    if role == "group":
        return ctx.last
    if role or _continues(ctx, piece):
        return _last_person(ctx, piece)
    return NOBODY


def _near_cue(ctx: _Context, piece: _Piece) -> str:
    """The words of the zone next to the cue, in which a post would stand."""
    start, end = piece.zone
    wide = 24 if ctx.lang == "zh" else 70
    return ctx.text[start : min(end, start + wide)] if start >= piece.cue[1] else ctx.text[max(start, end - wide) : end]


def _state_for_place(ctx: _Context, named: Speaker) -> Speaker:
    """A capital that speaks is its state: "Beijing said" is China."""
    if named.rule != "named-loc":
        return named
    key = state_keys().get(ctx.country(named.key))
    return Speaker(key, named.start, named.rule, named.confidence) if key else named


def _continues(ctx: _Context, piece: _Piece) -> bool:
    """A quote right after another, without words of its own about who speaks."""
    bare = not ctx.text[piece.zone[0] : piece.zone[1]].strip(" ,，—–-:：\"“”«»")
    return bare and 0 <= piece.start - ctx.last_end <= 160


def _last_person(ctx: _Context, piece: _Piece) -> Speaker:
    """Whom a pronoun or epithet stands for: one introduced with that title, the speaker before, the last one named."""
    people = [(e.start, e.key) for e in ctx.entities if e.type == "PER" and e.key and e.end <= piece.cue[0]]
    people = [(start, key) for start, key in people if not piece.zone[0] <= start < piece.zone[1]] or people
    titled = described_as(ctx.text, _near_cue(ctx, piece), ctx.lang, people)
    if titled:
        return Speaker(titled, piece.zone[0], "title", 0.75)
    if is_the_other(ctx.text, piece.zone):
        other = [(start, key) for start, key in people if key != ctx.last.key]
        return Speaker(other[-1][1], other[-1][0], "other", 0.6) if other else NOBODY
    if ctx.last.key and piece.start - ctx.last_end < 400:
        return Speaker(ctx.last.key, ctx.last.start, "pronoun", 0.7)
    near = _sentence_subject(ctx, piece, people)
    return Speaker(near[1], near[0], "pronoun", 0.6) if near else NOBODY


def _sentence_subject(ctx: _Context, piece: _Piece, people: list[tuple[int, str]]) -> tuple[int, str] | None:
    """The first person of the nearest earlier sentence that names one."""
    for sentence in reversed([s for s in ctx.sentences if s.start <= piece.zone[0]]):
        inside = [p for p in people if sentence.start <= p[0] < sentence.end]
        if inside:
            return inside[0] if piece.start - inside[0][0] < 600 else None
    return None
