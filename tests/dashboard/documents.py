"""A small collection of our own: two years, three languages, six outlets, one of them silent for a month."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from amur.settings import Settings
from dashboard.parts import Parts
from index.store.base import open_store
from ingest.model import Ownership, Source

Document = dict[str, Any]
NEWEST = date(2024, 5, 31)
SILENT = date(2024, 2, 1)  # the Chinese outlet is not read in this month
OUTLETS = (
    # name, language, camp, country
    ("daily_globe", "en", "western", "GBR"),
    ("harbour_post", "en", "other", "SGP"),
    ("prairie_times", "en", "western", "CAN"),
    ("nevsky_vestnik", "ru", "russian-state", "RUS"),
    ("svobodny_list", "ru", "russian-independent", "LVA"),
    ("jianghe_ribao", "zh", "chinese-state", "CHN"),
)
TEXTS = {
    "en": ("Pipeline talks resume in Beijing", "Officials met to discuss the gas pipeline. No date was set."),
    "ru": ("В Пекине возобновились переговоры о газопроводе", "Стороны обсудили цену газа. Срок не назван."),
    "zh": ("中俄在北京恢复管道谈判", "双方讨论了天然气价格。没有公布日期。"),
}
ALONE = "alone"  # a story that one outlet alone told, on 11 May
HOSTILE = '<script>alert("x")</script><img src=x onerror=alert(1)>'
TOPICS = ("energy", "diplomacy", "trade-investment")


def article_id(n: int) -> str:
    return f"{n:064x}"


def article(n: int, outlet: tuple[str, str, str, str], day: date, **changes: Any) -> Document:
    name, lang, camp, country = outlet
    title, lead = TEXTS[lang]
    sentence = lead.partition("." if lang != "zh" else "。")[0]
    return {
        "id": article_id(n),
        "revision": 1,
        "url": f"http://{name}.example/{n}.html",
        "canonical_url": f"http://{name}.example/{n}.html",
        "title": title,
        "lead": lead,
        f"title_{lang}": title,
        f"lead_{lang}": lead,
        f"body_{lang}": lead,
        "lang": lang,
        "published": f"{day}T08:30:00Z",
        "first_seen": f"{day}T09:00:00Z",
        "day": day.isoformat(),
        "published_from": "page",
        "precision": "minute",
        "outlet": name,
        "country": country,
        "camp": camp,
        "ownership": "state",
        "kind": "ministry" if name == "nevsky_vestnik" else "paper",
        "text_from": "page",
        "backfilled": False,
        "both_named": True,
        "relevance": 0.9,
        "topics": [TOPICS[n % 3]],
        "entities": ["Russia", "China", "Xi Jinping"],
        "people": ["Xi Jinping"],
        "places": ["Russia", "China"],
        "entity_names": ["xi jinping", "си цзиньпин", "习近平"],
        "family": f"f{n // 2}",
        "story": f"s{n // 6}",
        "original": n % 2 == 0,
        "quoted": ["Xi Jinping"],
        "phrases": ["multipolar-world"],
        "event_types": ["CONSULT"],
        "dyads": ["RUS>CHN", "CHN>RUS"],
        "annotations": annotations(n, sentence, title),
        **changes,
    }


def annotations(n: int, sentence: str, title: str) -> Document:
    event = {"source": "RUS", "target": "CHN", "type": "CONSULT", "evidence": sentence, "score": 1.0, "mutual": True}
    return {
        "relevance": {"score": 0.9, "both_named": True, "sentences": [{"start": 0, "end": 9, "text": sentence}]},
        "entities": [{"surface": "Xi", "start": 0, "end": 2, "type": "PER", "key": "Xi Jinping"}],
        "topics": [{"name": TOPICS[n % 3], "score": 0.8, "sentences": [{"start": 0, "end": 9, "text": sentence}]}],
        "quotes": [{"text": title, "start": 0, "end": 9, "kind": "direct", "speaker": "Xi Jinping", "cue": "said"}],
        "events": [event, event | {"source": "CHN", "target": "RUS"}],
        "phrases": [{"key": "multipolar-world", "surface": title, "start": 0, "end": 9, "speaker": None}],
        "stance": [{"holder": "author", "value": 0}],
        "versions": {"topics": "1"},
        "failed": {},
    }


def articles() -> list[Document]:
    """One article an outlet every tenth day for two years; the last one has a hostile title."""
    found = []
    for back in range(0, 730, 10):
        day = NEWEST - timedelta(days=back)
        for outlet in OUTLETS:
            if outlet[1] == "zh" and day.replace(day=1) == SILENT:
                continue
            alone = {"story": ALONE} if len(found) == 12 else {}
            found.append(article(len(found), outlet, day, **alone))
    hostile = article(len(found), OUTLETS[0], NEWEST - timedelta(days=1), title=HOSTILE, title_en=HOSTILE, lead=HOSTILE)
    return [*found, hostile | {"url": "javascript:alert(1)", "topics": []}]


def coverage() -> list[Document]:
    """Each outlet is read every day and decides 20 articles, but for the silent month."""
    found = []
    for back in range(730):
        day = NEWEST - timedelta(days=back)
        for name, lang, camp, country in OUTLETS:
            read = not (lang == "zh" and day.replace(day=1) == SILENT)
            counts = {"polls": 4, "polls_ok": 4 * read, "entries": 20, "fetched": 20 * read, "decided": 20 * read}
            found.append(
                {
                    "id": f"{name}-{day}",
                    "revision": 1,
                    "outlet": name,
                    "lang": lang,
                    "camp": camp,
                    "country": country,
                    "day": day.isoformat(),
                    "covered": read,
                    "relevant": int(read and back % 10 == 0),
                    "families": 0,
                    "backfilled": 0,
                    **counts,
                }
            )
    return found


def events() -> list[Document]:
    """A mutual act of each of the first twelve articles: two rows."""
    shared = ("published", "day", "lang", "camp", "country", "outlet", "topics", "family", "story", "revision")
    return [
        {
            **{name: found[name] for name in shared},
            "id": f"{found['id'][-8:]}-{source}",
            "article": found["id"],
            "date": found["day"],
            "source": source,
            "target": target,
            "dyad": f"{source}>{target}",
            "type": "CONSULT",
            "score": 1.0,
            "quadrant": "verbal-cooperation",
            "mutual": True,
            "confidence": 0.9,
            "evidence": found["lead"],
        }
        for found in articles()[:12]
        for source, target in (("RUS", "CHN"), ("CHN", "RUS"))
    ]


def stories() -> list[Document]:
    found: dict[str, list[Document]] = {}
    for one in articles():
        found.setdefault(one["story"], []).append(one)
    return [
        {
            "id": story,
            "revision": 1,
            "title": members[0]["title"],
            "first": min(m["published"] for m in members),
            "last": max(m["published"] for m in members),
            "articles": len(members),
            "families": len({m["family"] for m in members}),
            "members": [m["id"] for m in members],
            "langs": sorted({m["lang"] for m in members}),
            "camps": sorted({m["camp"] for m in members}),
            "outlets": sorted({m["outlet"] for m in members}),
            "topics": ["energy"],
            "entities": ["Xi Jinping"],
        }
        for story, members in found.items()
    ]


def status() -> Document:
    health = ("ok", "ok", "late", "failing", "never", "ok")
    return {
        "sample": True,
        "entries": 500,
        "states": {"indexed": 360, "irrelevant": 130, "gone": 10},
        "sources": [
            {
                "name": outlet[0],
                "last_success": "2024-05-31T10:00:00Z" if state != "never" else None,
                "next_poll": "2024-05-31T11:00:00Z",
                "health": state,
            }
            for outlet, state in zip(OUTLETS, health, strict=True)
        ],
        "store": {"url": "embedded", "documents": 360},
    }


def make_parts(folder: Path, **settings: Any) -> Parts:
    """The collection in an embedded store, with what else the dashboard is given."""
    store = open_store(f"embedded://{folder / 'store'}", prefix="amur-sample-")
    store.ensure()
    for collection, found in (
        ("articles", articles()),
        ("coverage", coverage()),
        ("events", events()),
        ("stories", stories()),
    ):
        written = list(store.write(collection, found))
        assert all(w.ok for w in written), next(w.error for w in written if not w.ok)
    store.refresh()
    sources = tuple(
        Source(name, name.replace("_", " ").title(), "", country, (lang,), "UTC", (Ownership("private"),), "paper", ())
        for name, lang, _camp, country in OUTLETS
    )
    return Parts(store, status, Settings(data=folder, **settings), sample=True, gazetteer=None, sources=sources)
