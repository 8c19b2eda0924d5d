"""Reading against gold and public sets: relevance, entities, linking, topics, quotes, events, stance, per language.

Dev items whose story has an even number were in sight when rules were written ("seen"); the others were kept for
checking only ("unseen"). Intervals are 95 %, by bootstrap over items.
"""

import argparse
import importlib
import json
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from bench import reading_scores as scores
from bench import reading_texts as texts
from ingest.enrich.lines import enrich_line
from ingest.enrich.reader import Reader
from ingest.model import Article

Row = dict[str, Any]
_GIVEN = ("id", "title", "body", "lang", "published", "voice")


def main(argv: list[str] | None = None) -> int:
    options = _parser().parse_args(argv)
    reader = Reader.load(options.readers)
    rows: list[Row] = []
    for path in texts.gold_files(options.gold):
        rows += _gold_rows(path.name, texts.gold(path), reader)
    if not options.gold_only:
        rows += _unrelated_rows(reader) + _public_rows(reader)
    print(json.dumps(rows, ensure_ascii=False, indent=1) if options.json else _table(rows))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench reading", description=__doc__)
    parser.add_argument("--gold", action="append", default=[], metavar="FILE", help="gold items; may be repeated")
    parser.add_argument("--gold-only", action="store_true", help="leave out the public sets and the unrelated texts")
    parser.add_argument("--readers", choices=("all", "lexicon"), default="all")
    parser.add_argument("--json", action="store_true")
    return parser


def _gold_rows(name: str, items: list[texts.Item], reader: Reader) -> list[Row]:
    pairs = [(item, enrich_line({k: item[k] for k in _GIVEN if k in item}, reader)) for item in items]
    names = scores.identities(pairs)
    rows = []
    for part, chosen in (
        ("seen", [p for p in pairs if texts.tuned(p[0])]),
        ("unseen", [p for p in pairs if not texts.tuned(p[0])]),
    ):
        for lang in ("en", "ru", "zh", "all"):
            some = [p for p in chosen if lang in {"all", p[0]["lang"]}]
            rows += [_row(f"{name} {part}", lang, what, some, score) for what, score in _scores(names)]
    return rows


def _scores(names: dict[str, str]) -> list[tuple[str, Callable[[Sequence[scores.Pair]], float | None]]]:
    own: list[tuple[str, Callable[[Sequence[scores.Pair]], float | None]]] = [
        ("relevance, balanced accuracy", scores.relevance),
        ("entities F1 PER/ORG/LOC", scores.entities),
        ("entities F1 with MISC", lambda p: scores.entities(p, ("PER", "ORG", "LOC", "MISC"))),
        ("linking accuracy", lambda p: scores.linking_accuracy(p, names)),
        ("linking recall", lambda p: scores.linking_recall(p, names)),
        ("topics micro-F1", scores.topics),
    ]
    return own + _others()


def _others() -> list[tuple[str, Callable[[Sequence[scores.Pair]], float | None]]]:
    """Scores of quotes, events and stance, from the module that holds them."""
    try:
        module = importlib.import_module("bench.reading_quotes_events")
    except ImportError:
        return []
    return list(getattr(module, "measures", list)())


def _row(part: str, lang: str, what: str, pairs: Sequence[Any], score: Callable[[Sequence[Any]], float | None]) -> Row:
    value = score(pairs) if pairs else None
    low, high = scores.interval(pairs, score) if value is not None else (0.0, 1.0)
    return {"set": part, "lang": lang, "what": what, "n": len(pairs), "value": value, "low": low, "high": high}


def _article(lang: str, title: str, body: str) -> Article:
    return Article("bench", "", "", "", title, body, lang)


def _unrelated_rows(reader: Reader) -> list[Row]:
    """Share of real texts about other things that would be let in, and how many texts a second are judged."""
    articles = [_article(*t) for t in texts.unrelated()]
    began = time.perf_counter()
    judged = [(article.lang, reader.relevance(article).relevant) for article in articles]
    seconds = time.perf_counter() - began
    rows = [
        _row("real unrelated texts", lang, "false admissions", [r for a, r in judged if lang in {"all", a}], _share)
        for lang in ("en", "ru", "zh", "all")
    ]
    named = [s for s in texts.evening_news() if "俄" in s["title"] + s["content"]]
    admitted = [reader.relevance(_article("zh", s["title"], s["content"])).relevant for s in named]
    rows.append(_row("evening news that names both", "zh", "admitted (share is not precision)", admitted, _share))
    speed = {
        "set": "relevance",
        "lang": "all",
        "what": "texts a second",
        "n": len(articles),
        "value": len(articles) / seconds,
    }
    return [*rows, speed | {"low": None, "high": None}]


def _share(values: Sequence[bool]) -> float | None:
    return sum(values) / len(values) if values else None


def _public_rows(reader: Reader) -> list[Row]:
    rows = []
    for name, lang, marked in (
        ("factRuEval dev", "ru", texts.factrueval()),
        ("People's Daily", "zh", texts.peoples_daily()),
    ):
        found = [(m, _spans(reader, lang, m)) for m in marked]
        rows += [_row(name, lang, f"entities F1 {k}", found, _f1_of(k)) for k in ("PER", "LOC", "ORG")]
        rows.append(_row(name, lang, "entities F1 all", found, _f1_of("PER", "LOC", "ORG")))
    return rows


def _spans(reader: Reader, lang: str, marked: texts.Marked) -> frozenset[texts.Span]:
    """Spans in the text; it is read as the body of an article without title, so offsets move by one."""
    from ingest.enrich.base import Reading

    entities = reader.components[0](Reading(_article(lang, "", marked.text), reader.gazetteer))
    return frozenset((e.start - 1, e.end - 1, e.type) for e in entities)


def _f1_of(*kinds: str) -> Callable[[Sequence[tuple[texts.Marked, frozenset[texts.Span]]]], float | None]:
    def score(found: Sequence[tuple[texts.Marked, frozenset[texts.Span]]]) -> float | None:
        pairs = [({s for s in m.spans if s[2] in kinds}, {s for s in got if s[2] in kinds}) for m, got in found]
        return scores.f1(
            sum(len(a & b) for a, b in pairs), sum(len(b) for _, b in pairs), sum(len(a) for a, _ in pairs)
        )

    return score


def _table(rows: Iterable[Row]) -> str:
    lines = [f"{'set':<28} {'lang':<4} {'what':<34} {'n':>5} {'value':>8}  95 % interval"]
    for r in rows:
        value = "-" if r["value"] is None else f"{r['value']:.3f}" if r["value"] < 10 else f"{r['value']:.0f}"
        between = "" if r["low"] is None or r["value"] is None else f"{r['low']:.3f}-{r['high']:.3f}"
        lines.append(f"{r['set']:<28} {r['lang']:<4} {r['what']:<34} {r['n']:>5} {value:>8}  {between}")
    return "\n".join(lines)
