"""Who said it: the speaker of a reported clause or of words between marks, as a key.

Order of evidence: a person named in the zone of the cue, an organisation or country that is the subject there, a post
that the gazetteer's dated table resolves, a pronoun or epithet that stands for the last speaker; else nobody.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from ingest.enrich.regex_lists import joined, table
from ingest.model import Entity


@dataclass(frozen=True, slots=True)
class _Words:
    person: re.Pattern[str]  # pronouns and epithets of one person
    group: re.Pattern[str]
    object: re.Pattern[str]  # what stands before a name that is no subject
    government: re.Pattern[str]  # what may stand between a state's name and its verb


@cache
def _words(lang: str) -> _Words:
    rows = table("cues_speakers")[lang]
    return _Words(**{name: joined(rows, name) for name in _Words.__slots__})


_SPOKES = re.compile(
    r"(?:spokes\w+|head|chief|director|minister|officials?|source|chairman|president|embassy|ministry|representative|deputy|lawmaker|"
    r"secretary|adviser|analyst|office|statement|government)s?\s+(?:of|for|at|from|with|in)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_COMMON_SUBJECT = re.compile(
    r"^(?:a|an|one|some|several|many|two|three|other|most|few|experts?|analysts?|observers?|traders?|residents?|critics?|researchers?|economists?|users?|people|fellow)\b",
    re.IGNORECASE,
)
_ZH_COMMON = re.compile(
    r"(?:一名|一位|有|某|多名|不少|一些|部分)[^，。]{0,14}$|(?:专家|專家|学者|學者|分析员|分析員|网友|業者|业者|商人|记者|記者|人士|负责人|負責人|居民|分析人士|观察人士|外界|媒体)[^，。]{0,4}$"
)
_RU_COMMON = re.compile(
    r"\b(?:эксперт|аналитик|экономист|юрист|активист|жител|собеседник|источник|участни|житель|москвич|пенсионер|капитан|предпринимател|водител|блогер|очевид|наблюдател|ученый|учёный|специалист)\w*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Speaker:
    key: str | None
    start: int  # where the name stands; -1 where there is none
    rule: str
    confidence: float


# Code points between a name and the cue: of a person, and of an organisation by language.
FARTHEST = {"PER": 160, "en": 70, "ru": 90, "zh": 16}
NOBODY = Speaker(None, -1, "unnamed", 0.5)


def in_zone(text: str, zone: tuple[int, int], cue: tuple[int, int], entities: Sequence[Entity], lang: str) -> Speaker:
    """The named subject inside `zone` (absolute offsets); NOBODY where none is fit.

    The one next to the cue speaks, unless a conjunction parts it from the cue ("Li met Medvedev and said"): then the
    first does. In Chinese the first speaks: the subject stands first.
    """
    inside = [e for e in entities if zone[0] <= e.start and e.end <= zone[1] and e.key]
    after = zone[0] >= cue[1]
    fit = [e for e in inside if _fit(text, zone, cue, e, lang, after=after)]
    people = [e for e in fit if e.type == "PER"]
    if people:
        return _spoken(_subject(text, cue, people, lang, after=after), "PER")
    for wanted in ("ORG", "LOC"):
        named = [e for e in fit if e.type == wanted]
        if named:
            return _spoken(named[0] if after or lang == "zh" else named[-1], wanted)
    return NOBODY


def _spoken(entity: Entity, kind: str) -> Speaker:
    return Speaker(entity.key, entity.start, f"named-{kind.lower()}", {"PER": 0.95, "ORG": 0.85}.get(kind, 0.75))


def _subject(text: str, cue: tuple[int, int], people: list[Entity], lang: str, *, after: bool) -> Entity:
    if after or lang == "zh":
        return people[0]
    nearest = people[-1]
    apart = re.search(r"\b(?:and|but|и|а|но)\b|\bwith\b", text[nearest.end : cue[0]])
    return people[0] if apart else nearest


def _fit(text: str, zone: tuple[int, int], cue: tuple[int, int], entity: Entity, lang: str, *, after: bool) -> bool:
    lead = text[max(zone[0], entity.start - 40) : entity.start]
    gap = text[entity.end : cue[0]] if not after else text[cue[1] : entity.start]
    if entity.type == "PER":
        return _fit_person(lead, gap, lang, after=after)
    if entity.type == "ORG":
        return _fit_organisation(lead, gap, lang, after=after)
    if entity.type != "LOC" or (after and lang == "en" and re.match(r"(?:-based)?\s+[a-z]{4,}", text[entity.end :])):
        return False
    return _fit_country(lead, gap, lang)


def _fit_person(lead: str, gap: str, lang: str, *, after: bool) -> bool:
    if lang == "en" and not after and _words("en").object.search(lead) and not re.search(r"\band\s+$", lead):
        return False
    if lang == "zh" and _words("zh").object.search(lead):
        return False
    if lang == "ru":
        return not re.search(r"\b(?:с|со|к|о|об|от|у|для)\s+$", lead)
    return len(gap) < FARTHEST["PER"]


def _fit_organisation(lead: str, gap: str, lang: str, *, after: bool) -> bool:
    if lang == "zh":
        if re.fullmatch(r"(?:有关|新闻|新聞)?(?:负责人|負責人|发言人|發言人|官员)\w{0,6}", gap):
            return True
        return not _ZH_COMMON.search(gap) and not _words("zh").object.search(lead) and len(gap) < FARTHEST["zh"]
    if lang == "ru":
        return not _RU_COMMON.search(gap if after else lead) and len(gap) < FARTHEST["ru"]
    if _words("en").object.search(lead) and not _SPOKES.search(lead):
        return False
    spokes = re.match(r"(?:['’]s)?\s+(?:\w+\s+)?(?:spokes\w+|official|representative|source)", gap)
    return len(gap) < FARTHEST["en"] and (bool(spokes) or not _COMMON_SUBJECT.match(lead.lstrip(", ")))


def _fit_country(lead: str, gap: str, lang: str) -> bool:
    if lang == "ru" and re.search(r"(?:^|[—–«,]\s?)[Вв]\s$", lead) and not gap.strip():
        return True  # «в Пекине заявили»
    if _words(lang).object.search(lead):
        return lang == "en" and bool(re.search(r"\band\s+$", lead))
    return bool(_words(lang).government.match(gap))


_OTHER = re.compile(
    r"\b(?:guest|host|counterpart|interlocutor|гость|гостя|собеседник|коллега|хозяин)\b|客人|对方|對方", re.IGNORECASE
)


def is_the_other(text: str, zone: tuple[int, int]) -> bool:
    """Whether the zone names the other of two people: "the guest answered"."""
    return bool(_OTHER.search(text[zone[0] : zone[1]]))


def stands_for_last(text: str, zone: tuple[int, int], lang: str) -> str:
    """ "person" where the zone holds a pronoun or epithet of a person, "group" for they and it, else ""."""
    words = text[zone[0] : zone[1]]
    if lang == "zh" and _ZH_COMMON.search(words) and not re.search("[该这]位?", words):
        return ""
    if _words(lang).person.search(words):
        return "person"
    if _words(lang).group.search(words):
        return "group"
    return ""
