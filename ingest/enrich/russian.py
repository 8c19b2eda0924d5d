"""Russian names in all their case forms: from pymorphy3's dictionary where it knows the word, else by ending.

Too many forms do little harm (a form that does not exist is never read); a missing one loses a mention.
"""

import re
from functools import cache, lru_cache
from itertools import product
from typing import Any

CASES = ("nomn", "gent", "datv", "accs", "ablt", "loct")
_ALSO = {"loc2": "loct", "loc1": "loct", "gen2": "gent", "gen1": "gent", "acc2": "accs"}
_VOWELS = "аеёиоуыэюя"
_HUSHING = "жшчщц"

# Ending -> endings in the six cases; longest ending first. `|` parts two forms of one case.
_ADJECTIVES = {
    "ский": "ский ского скому ского|ский ским ском",
    "цкий": "цкий цкого цкому цкого|цкий цким цком",
    "ская": "ская ской ской скую ской|скою ской",
    "цкая": "цкая цкой цкой цкую цкой цкой",
    "ское": "ское ского скому ское ским ском",
    "цкое": "цкое цкого цкому цкое цким цком",
    "ые": "ые ых ым ые|ых ыми ых",
    "ие": "ие их им ие|их ими их",
    "ый": "ый ого ому ого|ый ым ом",
    "ая": "ая ой ой ую ой|ою ой",
    "яя": "яя ей ей юю ей ей",
    "ое": "ое ого ому ое ым ом",
    "ее": "ее его ему ее им ем",
    "ой": "ой ого ому ого|ой ым ом",
}
_NOUNS = {
    "ия": "ия ии ии ию ией ии",
    "ий": "ий ия ию ия|ий ием ии",
    "ие": "ие ия ию ие ием ии",
    "ье": "ье ья ью ье ьем ье",
    "ец": "ец ца цу ца|ец цем|цом це",
    "ок": "ок ка|ока ку|оку ка|ока|ок ком|оком ке|оке",
    "ёв": "ёв ёва ёву ёва ёвым|ёвом ёве",
    "ев": "ев ева еву ева|ев евым|евом еве",
    "ов": "ов ова ову ова|ов овым|овом ове",
    "ин": "ин ина ину ина|ин иным|ином ине",
    "ын": "ын ына ыну ына|ын ыным|ыном ыне",
    "ева": "ева евой|евы евой|еве еву евой евой|еве",
    "ова": "ова овой|овы овой|ове ову овой овой|ове",
    "ина": "ина иной|ины иной|ине ину иной иной|ине",
    "я": "я и е ю ей|ёй е",
    "ь": "ь я|и ю|и я|ь ем|ью е|и",
    "й": "й я ю я|й ем е",
}


# Family names that stay as they are in Russian: only the given name after them is declined.
EASTERN_SURNAMES = frozenset(
    re.findall(
        r"\S+",
        """ай ань бай бао бо бянь ван вань вэй вэнь гао гу гуань го гун дай дин ду дун дэн е жао жуань жун жэнь инь ин
        ким кан кун куан лай лань лау ли лин линь ло лоу лу лэй лю лю лян ляо ма мао мин мо му мэн нам не ни нин ню оу
        оуян пак пан пань пу пэй пэн се си син су сун сы сыма сэ сюань сюй сюн сюэ ся сян сяо тан тань тао тун тэн тянь
        у фан фань фу фэй фэн хань хао хоу ху хуан хуа хун хэ хэй цай цао цзи цзинь цзо цзоу цзэн цзюй цзя цзян цзяо
        ци цзу цзун цзы цинь цюй цю цюань цяо цянь цай цуй цен чай чан чао чай чень чэн чэнь чжай чжан чжао чжи чжо
        чжоу чжу чжуан чжун чжэн чу чунь чхве ша шан шао ши шу шэ шэн шэнь шуай ю юань юй юн юнь юэ юй ян янь яо яу то
        ту ху лам чань чжэнь лян""",
    )
)


def fold(text: str) -> str:
    """Lower case with ё as е, of the same length as the text."""
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join(c if len(c.lower()) != 1 else c.lower() for c in text)
    return lowered.replace("ё", "е")


@cache
def analyzer() -> Any:
    """The one pymorphy3 analyzer of the process."""
    import pymorphy3

    return pymorphy3.MorphAnalyzer(lang="ru")


@lru_cache(maxsize=20_000)
def parses(word: str) -> tuple[Any, ...]:
    return tuple(analyzer().parse(word))


def name_forms(name: str, kind: str) -> frozenset[str]:
    """All case forms of a name, folded. `kind` is PER, ORG, LOC or MISC: it decides which words are declined."""
    words = name.split(" ")
    if not re.search("[а-яё]", name.lower()):
        return frozenset({fold(name)})
    tables = [_word_cases(word, kind, first=i == 0) for i, word in enumerate(words)]
    if kind == "PER" and len(words) > 1 and fold(words[0]) in EASTERN_SURNAMES:
        tables = [*map(_fixed, words[:-1]), tables[-1]]
    if kind != "PER":
        tables = [t if i <= _head(words) else _fixed(w) for i, (t, w) in enumerate(zip(tables, words, strict=True))]
    elif len(words) > 1 and _feminine(words):
        tables = [_fixed(w) if fold(w)[-1] not in "ая" else t for w, t in zip(words, tables, strict=True)]
    return frozenset(fold(" ".join(choice)) for case in CASES for choice in product(*(table[case] for table in tables)))


def _fixed(word: str) -> dict[str, tuple[str, ...]]:
    return dict.fromkeys(CASES, (word,))


def _feminine(words: list[str]) -> bool:
    """A woman's name: its given name is feminine in the dictionary or its surname has the feminine ending."""
    given = next((p.tag for p in parses(words[0].lower()) if "Name" in p.tag), None)
    return bool(given and "femn" in given and "masc" not in given) or fold(words[-1]).endswith(("ова", "ева", "ская"))


def _head(words: list[str]) -> int:
    """Index of the head noun: the first word that is no adjective. What follows it keeps its form."""
    for i, word in enumerate(words):
        if not _is_adjective(word):
            return i
    return len(words) - 1


@cache
def _is_adjective(word: str) -> bool:
    tag = parses(word.lower())[0].tag
    return tag.POS in {"ADJF", "PRTF"} or (fold(word).endswith(tuple(_ADJECTIVES)) and tag.POS != "NOUN")


@cache
def _word_cases(word: str, kind: str, *, first: bool) -> dict[str, tuple[str, ...]]:
    """Case -> forms of one word. Abbreviations, initials and foreign words do not change."""
    if word[1:] == "" or word.isupper() or word.endswith(".") or not word[-1].isalpha() or not _cyrillic(word[-1]):
        return _fixed(word)
    if "-" in word and not first and kind == "PER":
        return _fixed(word)
    known = _from_dictionary(word, kind)
    if known and kind in {"ORG", "MISC"}:
        return known
    by_ending = _by_ending(word, kind)
    return {c: tuple(dict.fromkeys((*known.get(c, ()), *by_ending[c]))) for c in CASES} if known else by_ending


def _cyrillic(char: str) -> bool:
    return "а" <= char.lower() <= "я" or char.lower() == "ё"


def _from_dictionary(word: str, kind: str) -> dict[str, tuple[str, ...]]:
    wanted = {"PER": ("Name", "Surn", "Patr"), "LOC": ("Geox", "ADJF", "NOUN")}.get(kind, ("NOUN", "ADJF"))
    for mark in wanted:
        for parse in parses(word.lower()):
            if mark in parse.tag and "nomn" in parse.tag and parse.is_known and parse.word == word.lower():
                return _lexeme(parse)
    return {}


def _lexeme(parse: Any) -> dict[str, tuple[str, ...]]:
    """Forms by case, of the number (and for adjectives the gender) that the nominative has."""
    number, gender = parse.tag.number, parse.tag.gender
    forms: dict[str, list[str]] = {c: [] for c in CASES}
    for form in parse.lexeme:
        case = _ALSO.get(form.tag.case, form.tag.case)
        same = form.tag.number == number and (parse.tag.POS == "NOUN" or form.tag.gender in {gender, None})
        if case in forms and same and "COMP" not in form.tag:
            forms[case].append(form.word)
    return {c: tuple(v) or (parse.word,) for c, v in forms.items()}


def _by_ending(word: str, kind: str) -> dict[str, tuple[str, ...]]:
    low = word.lower()
    for endings in (_ADJECTIVES, _NOUNS):
        for ending in sorted(endings, key=len, reverse=True):
            if low.endswith(ending) and len(low) > len(ending):
                return _with_endings(low[: -len(ending)], endings[ending].split())
    return _with_endings(*_regular(low, kind))


def _with_endings(stem: str, endings: list[str]) -> dict[str, tuple[str, ...]]:
    return {c: tuple(stem + e.strip("_") for e in ending.split("|")) for c, ending in zip(CASES, endings, strict=True)}


def _regular(word: str, kind: str) -> tuple[str, list[str]]:
    last = word[-1]
    if last == "а":
        genitive = "и" if word[-2] in "гкхжшчщ" else "ы"
        soft = "ей" if word[-2] in _HUSHING else "ой"
        return word[:-1], f"а {genitive} е у {soft} е".split()
    if last == "ы":
        return word[:-1], ["ы", "_|ов", "ам", "ы", "ами", "ах"]
    if last == "и" and kind != "PER":
        return word[:-1], ["и", "_|ов|ей", "ам|ям", "и", "ами|ями", "ах|ях"]
    if last == "о" and kind != "PER":
        return word[:-1], ["о", "о|а", "о|у", "о", "о|ом", "о|е"]
    if last in _VOWELS:
        return word, ["_", "_", "_", "_", "_", "_"]
    return word, f"_ _|а _|у _|а _|{'ем' if last in _HUSHING else 'ом'} _|е".split()
