"""Enriched articles for the tests of this room: our own sentences, three languages, a few days."""

from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

from index.document import event_documents, to_document
from ingest.model import (
    Article,
    EnrichedArticle,
    Entity,
    Event,
    Links,
    Ownership,
    Quote,
    Relevance,
    Sentence,
    Source,
    Topic,
)  # fmt: skip

NAMES = {
    "Xi Jinping": ["Xi Jinping", "Си Цзиньпин", "习近平"],
    "Vladimir Putin": ["Vladimir Putin", "Владимир Путин", "普京"],
    "Gazprom": ["Gazprom", "Газпром", "俄罗斯天然气工业股份公司"],
}
KINDS = {"Xi Jinping": "PER", "Vladimir Putin": "PER", "Gazprom": "ORG"}
RESOLVED = {"Xi Jinping": "Xi Jinping", "习近平": "Xi Jinping", "習近平": "Xi Jinping", "Си Цзиньпина": "Xi Jinping"}
OUTLETS = {"neva_wire": ("RUS", "ru"), "lantern_daily": ("CHN", "zh"), "harbour_post": ("GBR", "en")}
CAMPS = {"neva_wire": "russian-state", "lantern_daily": "chinese-state", "harbour_post": "western"}

# Columns: name, outlet, day, title, text, topics, entities, family, story.
ROWS: tuple[tuple[str, str, str, str, str, tuple[str, ...], tuple[str, ...], str, str], ...] = (
    ("en1", "harbour_post", "2024-05-14", "China's gas pipeline talks resume",
     "Gazprom said talks about the pipelines resumed. Xi Jinping was not there. A storm of words followed.",
     ("energy", "diplomacy"), ("Gazprom", "Xi Jinping"), "f1", "s1"),
    ("en2", "harbour_post", "2024-05-16", "Putin arrives in Beijing",
     "Vladimir Putin met Xi Jinping. The Sino-Russian statement was long, and the U.S. took note.",
     ("diplomacy",), ("Vladimir Putin", "Xi Jinping"), "f2", "s2"),
    ("en3", "harbour_post", "2024-06-03", "Soy exports across the river",
     "Traders ship soy over the bridge <b>every</b> day.", ("agriculture-food", "trade-investment"), (), "f3", "s3"),
    ("ru1", "neva_wire", "2024-05-14", "Газпром обсудил строительство газопровода",
     "Стороны обсудили новый газопровод в Китай. Ещё одна встреча будет в июне.",
     ("energy",), ("Gazprom",), "f4", "s1"),
    ("ru2", "neva_wire", "2024-05-16", "Путин и Си Цзиньпин подписали заявление",
     "Заявление подписали в Пекине. О газопроводах речи не было.", ("diplomacy", "energy"),
     ("Vladimir Putin", "Xi Jinping"), "f5", "s2"),
    ("zh1", "lantern_daily", "2024-05-15", "中俄东线天然气管道全线贯通",
     "中俄东线天然气管道累计输气量再创新高。俄罗斯天然气工业股份公司表示满意。", ("energy",), ("Gazprom",), "f6", "s1"),
    ("zh2", "lantern_daily", "2024-05-16", "習近平同普京會談",
     "習近平同普京在北京會談，談及天然氣與貿易。", ("diplomacy", "energy"),
     ("Xi Jinping", "Vladimir Putin"), "f7", "s2"),
    ("zh3", "lantern_daily", "2024-05-17", "习近平同普京会谈成果丰硕",
     "双方签署联合声明。自然条件好，天气也好。", ("diplomacy",), ("Xi Jinping", "Vladimir Putin"), "f7", "s2"),
)  # fmt: skip


def identifier(name: str) -> str:
    return sha256(name.encode()).hexdigest()


def source(name: str) -> Source:
    country, lang = OUTLETS[name]
    return Source(
        name=name, title=name, homepage="http://x.example/", country=country, languages=(lang,), timezone="UTC",
        ownership=(Ownership("state"),), kind="online", feeds=(),
    )  # fmt: skip


def names(key: str) -> list[str]:
    return NAMES.get(key, [])


def resolve(name: str) -> tuple[str, ...]:
    return (RESOLVED[name],) if name in RESOLVED else ()


def enriched(row: tuple[Any, ...]) -> EnrichedArticle:
    name, outlet, day, title, text, topics, keys, _family, _story = row
    hour = 8 + int(name[2])
    article = Article(
        id=identifier(name), source=outlet, url=f"http://{outlet}.example/{name}", lang=name[:2], title=title,
        text=text, canonical_url=f"http://{outlet}.example/{name}",
        published=datetime.fromisoformat(f"{day}T{hour:02d}:00:00+00:00"),
        published_from="page", precision="second", local_date=date.fromisoformat(day), lead=text[:40],
        first_seen=datetime(2024, 6, 5, tzinfo=UTC),
    )  # fmt: skip
    return EnrichedArticle(
        article=article,
        relevance=Relevance(True, 0.9, True, (Sentence(0, len(title)),)),
        entities=tuple(Entity(k, 0, 2, KINDS[k], k) for k in keys),  # type: ignore[arg-type]
        topics=tuple(Topic(t, 0.8, (Sentence(0, len(title)),)) for t in topics),
        quotes=(Quote("q", 0, 1, "direct", "Gazprom"),) if "Gazprom" in keys else (),
        events=(Event("RUS", "CHN", "CONSULT", title, 0, len(title), 1.0, date=date.fromisoformat(day)),),
        versions={"topics": "1"},
    )


def documents(revision: int = 1) -> list[dict[str, Any]]:
    return [to_document(enriched(r), source(r[1]), links(r), CAMPS[r[1]], revision, names=names) for r in ROWS]


def links(row: tuple[Any, ...]) -> Links:
    """The first row of a family is the report that the others copy."""
    first = next(r for r in ROWS if r[7] == row[7])
    return Links(identifier(row[0]), row[7], row[8], original=row is first)


def events(revision: int = 1) -> list[dict[str, Any]]:
    return [
        e
        for r in ROWS
        for e in event_documents(enriched(r), source(r[1]), Links(identifier(r[0]), r[7], r[8]), CAMPS[r[1]], revision)
    ]


def named(ids: Any) -> list[str]:
    """Names of the rows with these ids, in their order."""
    known = {identifier(r[0]): r[0] for r in ROWS}
    return [known[i] for i in ids]
