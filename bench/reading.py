"""Reading against gold and public sets: relevance, entities, linking, topics, quotes, events, stance, per language.

The development items (gold/dev.jsonl of AMUR_BENCH_DATA): those whose story has an even number were in sight when rules
were written ("dev seen"), the others were kept for checking ("dev unseen"). The project's own (tests/data/gold): rules
may be tuned on some ("tuned"), the others are only ever scored ("untouched"). Intervals are 95 %, by bootstrap over
items.
"""

import argparse
import json
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from bench import reading_quotes_events
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
    for name, items in texts.gold_sets(options.gold).items():
        rows += _gold_rows(name, items, reader)
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
    measures = _scores(scores.identities(pairs))
    rows = []
    for lang in ("en", "ru", "zh", "all"):
        some = [p for p in pairs if lang in {"all", p[0]["lang"]}]
        rows += [_row(name, lang, what, some, score) for what, score in measures]
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
    return own + reading_quotes_events.measures()


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
        found = [(m.spans, _spans(reader, lang, m)) for m in marked]
        for kinds in (("PER",), ("LOC",), ("ORG",), ("PER", "LOC", "ORG")):
            counts = [_counted(gold, got, kinds) for gold, got in found]
            what = f"entities F1 {kinds[0] if len(kinds) == 1 else 'all'}"
            rows.append(_row(name, lang, what, counts, _f1_of_counts))
    return rows


def _spans(reader: Reader, lang: str, marked: texts.Marked) -> frozenset[texts.Span]:
    """Spans in the text; it is read as the body of an article without title, so offsets move by one."""
    from ingest.enrich.base import Reading

    entities = reader.components[0](Reading(_article(lang, "", marked.text), reader.gazetteer))
    return frozenset((e.start - 1, e.end - 1, e.type) for e in entities)


def _counted(gold: frozenset[texts.Span], got: frozenset[texts.Span], kinds: tuple[str, ...]) -> tuple[int, int, int]:
    """Right, got and gold spans of one text."""
    a, b = ({s for s in spans if s[2] in kinds} for spans in (gold, got))
    return len(a & b), len(b), len(a)


def _f1_of_counts(counts: Sequence[tuple[int, int, int]]) -> float | None:
    right, got, gold = (sum(c[n] for c in counts) for n in range(3))
    return scores.f1(right, got, gold)


def _table(rows: Iterable[Row]) -> str:
    lines = [f"{'set':<28} {'lang':<4} {'what':<34} {'n':>5} {'value':>8}  95 % interval"]
    for r in rows:
        value = "-" if r["value"] is None else f"{r['value']:.3f}" if r["value"] < 10 else f"{r['value']:.0f}"
        between = "" if r["low"] is None or r["value"] is None else f"{r['low']:.3f}-{r['high']:.3f}"
        lines.append(f"{r['set']:<28} {r['lang']:<4} {r['what']:<34} {r['n']:>5} {value:>8}  {between}")
    return "\n".join(lines)
