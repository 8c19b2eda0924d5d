"""Names told by their form: what quotation marks hold after a common noun («газопровод «…»», 台风“…”), storms, offices.

The common noun decides the type: a company's name is an organisation, a ship's, storm's, exercise's, project's is MISC.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from ingest.enrich.base import Reading
from ingest.enrich.lexicon import rows
from ingest.model import EntityType


@dataclass(frozen=True, slots=True)
class Shaped:
    start: int
    end: int
    type: EntityType
    key: str | None = None


def find(doc: Reading) -> list[Shaped]:
    """Names by form, in order of the text."""
    found = [*_storms(doc.text), *(_quoted(doc) if doc.lang in {"ru", "zh"} else ())]
    if doc.lang == "zh":
        found += _offices(doc)
    return sorted(found, key=lambda s: s.start)


_STORM = re.compile(r"\b(Hurricane|Typhoon|Cyclone|Tropical Storm|Storm) ([A-Z][a-z]+)\b")


def _storms(text: str) -> Iterator[Shaped]:
    """A storm's own name; its key has the kind before it."""
    for m in _STORM.finditer(text):
        yield Shaped(*m.span(2), "MISC", f"{m[1]} {m[2]}")


def _quoted(doc: Reading) -> Iterator[Shaped]:
    for m in _heads(doc.lang).finditer(doc.text):
        kind = next(k for k in ("ORG", "MISC") if m[f"{k}"])
        name = m["name"]
        if name and name[0].isalnum() and not name.islower():
            yield Shaped(*m.span("name"), "ORG" if kind == "ORG" else "MISC")


@cache
def _heads(lang: str) -> re.Pattern[str]:
    """Common nouns (`lexicons/heads.tsv`) and a short quoted name: after them in Russian, before them in Chinese."""
    words = {kind: "|".join(r[2] for r in rows("heads") if r[:2] == [kind, lang]) for kind in ("ORG", "MISC")}
    if lang == "ru":
        head = rf"\b(?:(?P<ORG>(?:{words['ORG']})\w*)|(?P<MISC>(?:{words['MISC']})\w*))(?:\s[А-ЯЁа-яё-]+)?"
        return re.compile(head + r"\s[«\"„](?P<name>[^«»\"“”\n]{2,50})[»\"“]")
    after = rf"(?P<ORG>{words['ORG']})|(?P<MISC>{words['MISC']})"
    return re.compile(rf"[“「『](?P<name>[^“”「」『』\n，。]{{2,14}})[”」』](?:号|號)?(?:{after})")


_OFFICE = re.compile(
    "(?:省|市|自治区|州|區|区|县|縣)?(?:人民政府|商务厅|商務廳|商务局|文化和旅游[厅局]|文旅[厅局]|交通运输厅|农业农村厅|"
    "外事办公室|外事办|外办|海关|海關|发展和改革委员会|发改委|教育厅|科学技术厅|卫健委|公安[厅局]|边检站|贸促会|商会|"
    "出入境边防检查站|边防检查站)"
)


def _offices(doc: Reading) -> Iterator[Shaped]:
    """A place and the office of its authorities after it: 黑龙江省商务厅."""
    for match in doc.matches:
        if match.type == "LOC" and len(match.surface) > 1:
            office = _OFFICE.match(doc.text, match.end)
            if office and office.group()[-2:] != "政府":
                yield Shaped(match.start, office.end(), "ORG")
