"""Speed of reading: articles a second and core by language and component, cold start, memory, against the bare models.

Gold items are repeated until each language has enough articles; the bare models read the same texts in the same run.
"""

import argparse
import json
import resource
import time
from collections.abc import Callable
from typing import Any

from bench import reading_texts as texts
from ingest.enrich import embedding, ner_chinese, ner_english, ner_russian
from ingest.enrich.base import Reading
from ingest.enrich.reader import Reader
from ingest.enrich.sentences import split_sentences
from ingest.model import Article

Row = dict[str, Any]


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench enrich", description=__doc__)
    parser.add_argument("--articles", type=int, default=60, help="articles of each language")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    reader = Reader.load()
    items = [item for path in texts.gold_files([]) for item in texts.gold(path)]
    rows = [row for lang in ("en", "ru", "zh") for row in _rows(reader, lang, _articles(items, lang, options.articles))]
    rows.append({"lang": "all", "what": "resident memory, MB", "value": _megabytes()})
    print(json.dumps(rows, indent=1) if options.json else _table(rows))
    return 0


def _articles(items: list[texts.Item], lang: str, count: int) -> list[Article]:
    own = [i for i in items if i["lang"] == lang]
    chosen = [own[n % len(own)] for n in range(count)]
    return [Article(str(n), "", "", "", i["title"], i["body"], lang) for n, i in enumerate(chosen)]


def _rows(reader: Reader, lang: str, articles: list[Article]) -> list[Row]:
    cold = _seconds(lambda: reader.read(articles[0], always=True))
    spent = dict.fromkeys((reader.judge.name, *(c.name for c in reader.components)), 0.0)
    for article in articles:
        doc = Reading(article, reader.gazetteer)
        for component in (reader.judge, *reader.components):
            began = time.process_time()
            setattr(doc, component.adds, component(doc))
            spent[component.name] += time.process_time() - began
    began = time.process_time()
    for article in articles:
        _bare(lang, article)
    bare = time.process_time() - began
    whole = sum(spent.values())
    rows = [{"lang": lang, "what": "cold start, s", "value": cold}]
    rows += [
        {"lang": lang, "what": f"{name}, ms an article", "value": 1000 * s / len(articles)} for name, s in spent.items()
    ]
    rows.append({"lang": lang, "what": "articles a second and core", "value": len(articles) / whole})
    return [*rows, {"lang": lang, "what": "all over bare models", "value": whole / bare}]


def _bare(lang: str, article: Article) -> None:
    """The models that reading must run: names and embedding."""
    text = article.read_text
    finders: dict[str, Callable[[], Any]] = {
        "en": lambda: ner_english.find(text),
        "ru": lambda: ner_russian.find(text),
        "zh": lambda: ner_chinese.find(text, split_sentences(text, "zh")),
    }
    finders[lang]()
    embedding.embed([embedding.lead_of(article)])


def _seconds(work: Callable[[], Any]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _table(rows: list[Row]) -> str:
    return "\n".join(f"{r['lang']:<4} {r['what']:<32} {r['value']:>9.2f}" for r in rows)
