"""A reported clause as the finders of each language give it."""

from dataclasses import dataclass

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Clause:
    """A reported clause: span, the cue's span, the zone in which to look for the speaker, the rule that found it."""

    start: int
    end: int
    cue: Span
    zone: Span
    rule: str
    confidence: float
