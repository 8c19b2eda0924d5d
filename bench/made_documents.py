"""Documents for the benches of the stores: words of our own making, in the proportions of the real thing.

60, 25 and 15 of 100 are English, Russian and Chinese; words follow Zipf's law, outlets and entities are few and
frequent or many and rare, days grow denser toward the present; titles have about 10 words, bodies 300 tokens.
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from hashlib import sha256
from itertools import accumulate
from typing import Any

from ingest.model import TOPICS

LANGUAGES = (("en", 60), ("ru", 25), ("zh", 15))
CAMPS = ("russian-state", "chinese-state", "russian-independent", "western", "other")
FIRST_DAY, DAYS = date(2014, 1, 1), 4_500
OUTLETS, ENTITIES, VOCABULARY = 120, 20_000, 30_000
BODY_TOKENS, TITLE_TOKENS = 300, 10
SEED = 20_240_516
REAL = {
    "en": ["pipeline", "gas", "summit", "trade", "border", "statement", "energy", "bridge"],
    "ru": ["газопровод", "саммит", "торговля", "граница", "заявление", "энергия", "мост", "визит"],
    "zh": ["天然气", "管道", "会谈", "贸易", "边境", "声明", "能源", "大桥"],
}
SYLLABLES = {
    "en": "ba re ti on al ish er con pre de ing men ta lo su vi or an ed ly".split(),  # noqa: SIM905
    "ru": "ба ре ти он ал ни ра кон пре де ова мен та ло су ви ор ан ет ский".split(),  # noqa: SIM905
    "zh": list("的中国俄罗斯经济合作发展关系总统会议战略伙伴两天市场投资项目建设北京莫科"),
}


class Maker:
    """The same documents for the same seed."""

    def __init__(self, seed: int = SEED) -> None:
        self.random = random.Random(seed)
        self.words = {lang: self._vocabulary(lang) for lang in REAL}
        self.zipf = list(accumulate(1 / (n + 3) for n in range(VOCABULARY)))
        self.outlet_weights = list(accumulate(1 / (n + 2) for n in range(OUTLETS)))
        self.entity_weights = list(accumulate(1 / (n + 5) for n in range(ENTITIES)))

    def _vocabulary(self, lang: str) -> list[str]:
        made = dict.fromkeys(REAL[lang])
        while len(made) < VOCABULARY:
            made["".join(self.random.choices(SYLLABLES[lang], k=self.random.randint(2, 4)))] = None
        return list(made)

    def documents(self, count: int, *, first: int = 0, revision: int = 1) -> Iterator[dict[str, Any]]:
        for number in range(first, first + count):
            yield self.document(number, revision)

    def document(self, number: int, revision: int) -> dict[str, Any]:
        pick = self.random
        (lang,) = pick.choices([lang for lang, _ in LANGUAGES], [share for _, share in LANGUAGES])
        (outlet,) = pick.choices(range(OUTLETS), cum_weights=self.outlet_weights)
        keys = [f"Entity {k}" for k in pick.choices(range(ENTITIES), cum_weights=self.entity_weights, k=8)]
        keys = list(dict.fromkeys(keys))
        day = (FIRST_DAY + timedelta(days=int(DAYS * pick.random() ** 0.5))).isoformat()
        title, body = self._text(lang, TITLE_TOKENS), self._text(lang, BODY_TOKENS)
        return {
            "id": sha256(str(number).encode()).hexdigest(),
            "revision": revision,
            "url": f"https://outlet{outlet}.example/{number}",
            "canonical_url": f"https://outlet{outlet}.example/{number}",
            "title": title, "lead": body[:200],
            f"title_{lang}": title, f"lead_{lang}": body[:200], f"body_{lang}": body,
            "lang": lang,
            "published": f"{day}T{pick.randrange(24):02d}:{pick.randrange(60):02d}:00Z", "day": day,
            "published_from": "page", "precision": "minute",
            "outlet": f"outlet_{outlet:03d}", "country": ("RUS", "CHN", "USA", "GBR", "KAZ")[outlet % 5],
            "camp": CAMPS[outlet % 5], "kind": "online", "text_from": "page",
            "both_named": pick.random() < 0.7, "relevance": round(pick.random(), 3),
            "topics": pick.sample(TOPICS, pick.randint(1, 3)),
            "entities": keys, "people": keys[:3], "organisations": keys[3:6], "places": keys[6:],
            "entity_names": keys,
            "family": f"f{number - number % pick.choice((1, 1, 1, 2, 3))}", "story": f"s{number // 9}",
            "original": True,
        }  # fmt: skip

    def _text(self, lang: str, tokens: int) -> str:
        words = self.random.choices(self.words[lang], cum_weights=self.zipf, k=tokens)
        return "".join(words) if lang == "zh" else " ".join(words)
