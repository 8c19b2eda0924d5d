"""Quotes: direct and indirect speech in three languages, with the speaker resolved to a key.

Words between marks are speech where a cue, a colon or their own length says so (`direct`); a clause that a cue
introduces, or that an attribution follows, is reported speech (`indirect`). A quote ends where the attributed clause
ends. Scare quotes, titles and names between marks are left out.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from ingest.enrich.base import Reading
from ingest.enrich.han import simplified
from ingest.enrich.quote_context import Context, CountryOf, Piece
from ingest.enrich.quote_direct import direct_pieces
from ingest.enrich.quote_indirect import indirect_pieces
from ingest.enrich.quote_marks import LONGEST, find_marks, masked
from ingest.enrich.speaker_posts import by_post, described_as, state_keys
from ingest.enrich.speakers import NOBODY, Speaker, in_zone, is_the_other, stands_for_last
from ingest.model import Entity, Quote, Sentence

# How far back, in code points, a quote continues the one before, a pronoun remembers a speaker, a sentence its subject.
NEXT, REMEMBERED, LOOKED_BACK = 160, 400, 600
# So many mentions of people before a quote may say whom its pronoun means; few articles name more in all.
MOST_PEOPLE = 200
# Two candidates that share more than this of their union are one.
SAME = 0.55


class QuoteEnricher:
    """`Reading` -> quotes, by start. Reads the entities; offsets are code points of `Reading.text`."""

    name = "quotes"
    version = "1"
    reads: tuple[str, ...] = ("entities",)
    adds = "quotes"

    def __call__(self, doc: Reading, /) -> tuple[Quote, ...]:
        return find_quotes(doc.text, doc.lang, doc.sentences, doc.entities, country=doc.gazetteer.country, day=doc.day)


def find_quotes(
    text: str,
    lang: str,
    sentences: Sequence[Sentence],
    entities: Sequence[Entity],
    *,
    country: CountryOf | None = None,
    day: date | None = None,
) -> tuple[Quote, ...]:
    """All quotes of a text. `country` gives the state of an entity's key, `day` dates the posts that texts name."""
    lang = lang if lang in ("ru", "zh") else "en"
    matched = simplified(text) if lang == "zh" else text  # the same length: offsets stay those of the text
    ctx = Context(matched, lang, sentences, entities, country or (lambda _: ""), day, find_marks(matched))
    ctx.inert = masked(text, ctx.marks)
    pieces: list[Piece] = [*direct_pieces(ctx), *indirect_pieces(ctx)]
    pieces = _without_rivals(pieces)
    for piece in sorted(pieces, key=lambda p: (p.start, -p.end)):
        ctx.found.append(_quote(ctx, piece))
    return tuple(replace(q, text=text[q.start : q.end]) for q in ctx.found)


def _without_rivals(pieces: list[Piece]) -> list[Piece]:
    """Of rivals the surest. Pieces are kept by stretches of the text, so that only neighbours are compared."""
    kept: list[Piece] = []
    near: defaultdict[int, list[Piece]] = defaultdict(list)
    for piece in sorted(pieces, key=lambda p: (p.kind != "direct", -p.confidence, p.start, p.end)):
        stretches = range(piece.start // LONGEST, piece.end // LONGEST + 1)
        if not any(_rivals(piece, other) for stretch in stretches for other in near[stretch]):
            kept.append(piece)
            for stretch in stretches:
                near[stretch].append(piece)
    return kept


def _rivals(a: Piece, b: Piece) -> bool:
    shared = min(a.end, b.end) - max(a.start, b.start)
    if shared <= 0:
        return False
    union = max(a.end, b.end) - min(a.start, b.start)
    if shared / union > SAME or (a.cue == b.cue and a.kind == b.kind and a.rule != "marks+interrupted"):
        return True
    nested = (a.start <= b.start and b.end <= a.end) or (b.start <= a.start and a.end <= b.end)
    return not nested


def _quote(ctx: Context, piece: Piece) -> Quote:
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


def _speaker(ctx: Context, piece: Piece) -> Speaker:
    named = in_zone(ctx.text, piece.zone, piece.cue, ctx.named.between(*piece.zone), ctx.lang)
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


def _near_cue(ctx: Context, piece: Piece) -> str:
    """The words of the zone next to the cue, in which a post would stand."""
    start, end = piece.zone
    wide = 24 if ctx.lang == "zh" else 70
    return ctx.text[start : min(end, start + wide)] if start >= piece.cue[1] else ctx.text[max(start, end - wide) : end]


def _state_for_place(ctx: Context, named: Speaker) -> Speaker:
    """A capital that speaks is its state: "Beijing said" is China."""
    if named.rule != "named-loc":
        return named
    key = state_keys().get(ctx.country(named.key))
    return Speaker(key, named.start, named.rule, named.confidence) if key else named


def _continues(ctx: Context, piece: Piece) -> bool:
    """A quote right after another, without words of its own about who speaks."""
    bare = not ctx.text[piece.zone[0] : piece.zone[1]].strip(' ,，—–-:："“”«»')
    return bare and 0 <= piece.start - ctx.last_end <= NEXT


def _last_person(ctx: Context, piece: Piece) -> Speaker:
    """Whom a pronoun or epithet stands for: one introduced with that title, the speaker before, the last one named."""
    before = _last(ctx.people.spans, ctx.people.until(piece.cue[0]))
    people = [(e.start, e.key) for e in before if e.key and e.end <= piece.cue[0]]
    people = [(start, key) for start, key in people if not piece.zone[0] <= start < piece.zone[1]] or people
    titled = described_as(ctx.text, _near_cue(ctx, piece), ctx.lang, people)
    if titled:
        return Speaker(titled, piece.zone[0], "title", 0.75)
    if is_the_other(ctx.text, piece.zone):
        other = [(start, key) for start, key in people if key != ctx.last.key]
        return Speaker(other[-1][1], other[-1][0], "other", 0.6) if other else NOBODY
    if ctx.last.key and piece.start - ctx.last_end < REMEMBERED:
        return Speaker(ctx.last.key, ctx.last.start, "pronoun", 0.7)
    near = _sentence_subject(ctx, piece, people)
    return Speaker(near[1], near[0], "pronoun", 0.6) if near else NOBODY


def _last(people: list[Entity], count: int) -> list[Entity]:
    """The last few of the first `count`."""
    return people[max(0, count - MOST_PEOPLE) : count]


def _sentence_subject(ctx: Context, piece: Piece, people: list[tuple[int, str]]) -> tuple[int, str] | None:
    """The first person of the nearest earlier sentence that names one."""
    for number in range(ctx.spans.until(piece.zone[0]) - 1, -1, -1):
        sentence = ctx.spans.spans[number]
        if sentence.end <= piece.start - LOOKED_BACK:
            return None
        inside = [p for p in people if sentence.start <= p[0] < sentence.end]
        if inside:
            return inside[0] if piece.start - inside[0][0] < LOOKED_BACK else None
    return None
