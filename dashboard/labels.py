"""Words for the closed lists: topics, camps, states, health, event types. Each is a message id of the catalogues."""

from collections.abc import Mapping

from dashboard.localisation import Localisation, _
from dashboard.parts import Names, Parts

TOPICS: Mapping[str, str] = {
    "diplomacy": _("Diplomacy"),
    "energy": _("Energy"),
    "trade-investment": _("Trade and investment"),
    "finance-currency": _("Finance and currency"),
    "defence-security": _("Defence and security"),
    "ukraine-war": _("War in Ukraine"),
    "sanctions-export-controls": _("Sanctions and export controls"),
    "technology-space": _("Technology and space"),
    "transport-arctic": _("Transport and the Arctic"),
    "border-far-east": _("Border and Far East"),
    "multilateral": _("Multilateral bodies"),
    "people-culture": _("People and culture"),
    "media-information": _("Media and information"),
    "agriculture-food": _("Agriculture and food"),
    "history-memory": _("History and memory"),
    "law-rights": _("Law and rights"),
}
CAMPS: Mapping[str, str] = {
    "russian-state": _("Russian state outlets"),
    "chinese-state": _("Chinese state outlets"),
    "russian-independent": _("Russian independent outlets"),
    "western": _("Western outlets"),
    "other": _("Other outlets"),
}
OWNERSHIP: Mapping[str, str] = {
    "state": _("state"),
    "state-affiliated": _("state-affiliated"),
    "public": _("public"),
    "private": _("private"),
    "exile": _("in exile"),
    "unknown": _("unknown"),
}
KINDS: Mapping[str, str] = {
    "wire": _("news agency"),
    "paper": _("newspaper"),
    "tv": _("television"),
    "online": _("online outlet"),
    "magazine": _("magazine"),
    "ministry": _("ministry"),
    "embassy": _("embassy"),
    "government": _("government"),
    "think-tank": _("think tank"),
    "trade": _("trade press"),
    "regional": _("regional press"),
}
HEALTH: Mapping[str, str] = {
    "ok": _("healthy"),
    "late": _("late"),
    "silent": _("silent"),
    "failing": _("failing"),
    "retired": _("retired"),
    "never": _("not yet polled"),
}
STATES: Mapping[str, str] = {
    "new": _("waiting to be fetched"),
    "fetched": _("fetched, waiting to be read"),
    "enriched": _("read, waiting to be indexed"),
    "retry": _("to be tried again"),
    "indexed": _("in the index"),
    "irrelevant": _("not about the relationship"),
    "duplicate-url": _("address seen before"),
    "unsupported-language": _("in another language"),
    "gone": _("gone from the web"),
    "robots-disallowed": _("not allowed to robots"),
    "refused": _("refused address"),
    "too-large": _("too large"),
    "no-text": _("without text"),
    "quarantined": _("set aside with an error"),
}
EVENTS: Mapping[str, str] = {
    "AGREE": _("agrees"),
    "CONSULT": _("consults"),
    "SUPPORT": _("supports"),
    "CONCEDE": _("concedes"),
    "COOPERATE": _("cooperates"),
    "AID": _("gives aid"),
    "RETREAT": _("retreats"),
    "REQUEST": _("requests"),
    "ACCUSE": _("accuses"),
    "REJECT": _("rejects"),
    "THREATEN": _("threatens"),
    "PROTEST": _("protests"),
    "SANCTION": _("sanctions"),
    "MOBILIZE": _("mobilises"),
    "COERCE": _("coerces"),
    "ASSAULT": _("assaults"),
}
QUADRANTS: Mapping[str, str] = {
    "verbal-cooperation": _("Verbal cooperation"),
    "material-cooperation": _("Material cooperation"),
    "verbal-conflict": _("Verbal conflict"),
    "material-conflict": _("Material conflict"),
}
STANCES: Mapping[int, str] = {1: _("favourable"), 0: _("neutral"), -1: _("critical")}
PARAMETERS: Mapping[str, str] = {
    "q": _("Search"),
    "lang": _("Language"),
    "country": _("Outlet's country"),
    "camp": _("Camp"),
    "outlet": _("Outlet"),
    "topic": _("Topic"),
    "entity": _("Named"),
    "story": _("Story"),
    "family": _("Copies"),
}
WORDS: Mapping[str, Mapping[str, str]] = {"topic": TOPICS, "camp": CAMPS}

LONGEST_VALUE = 40  # characters of a value that a chip shows whole; an identifier is cut to its first
SHORT_ID = 12


class Labels:
    """Names of values in one interface language."""

    def __init__(self, parts: Parts, loc: Localisation) -> None:
        self.loc = loc
        self.gazetteer: Names | None = parts.gazetteer
        self.outlets = {s.name: s.title for s in parts.sources}

    def of(self, key: str, value: str) -> str:
        """What a reader sees for `value` of the URL parameter `key`."""
        if key in WORDS:
            return self.word(WORDS[key], value)
        if key == "lang":
            return self.loc.language(value)
        if key == "country":
            return self.loc.country(value)
        if key == "outlet":
            return self.outlets.get(value, value)
        if key == "entity":
            return self.entity(value)
        return value if len(value) <= LONGEST_VALUE else value[:SHORT_ID] + "…"

    def word(self, words: Mapping[str, str], value: str) -> str:
        return self.loc.text(words[value]) if value in words else value

    def entity(self, key: str) -> str:
        """The first known name in the interface's language, else the key itself."""
        names = self.names(key).get(self.loc.code, ())
        return names[0] if names else key

    def names(self, key: str) -> Mapping[str, list[str]]:
        """Known names by language; empty where the gazetteer does not have the key."""
        if self.gazetteer is None:
            return {}
        try:
            return {lang: list(names) for lang, names in self.gazetteer.names(key).items()}
        except KeyError:
            return {}
