"""`amur explain`: an article with all that was read out of it, what made each annotation, and why relevance fell so.

The text is given once with marks (`E1` an entity, `Q1` a quote, `P1` a phrase, `V1` the sentence of an event), and each
mark has its row: rule or model, confidence, offsets in code points of title, line break and text.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from textwrap import shorten
from typing import Any

from ingest.enrich.base import Reading
from ingest.enrich.gazetteer import Gazetteer
from ingest.enrich.lines import annotations
from ingest.enrich.relevance import THRESHOLD, WEIGHTS, features, told_of
from ingest.model import Article, EnrichedArticle, Sentence

Row = dict[str, Any]
RULE = 60
_LETTERS = {"entities": "E", "quotes": "Q", "phrases": "P", "events": "V"}


def explain(enriched: EnrichedArticle) -> Row:
    """Plain data: article, relevance with what each feature added, every annotation with its mark, versions, failures.

    What ran is what the record names: of an irrelevant article only its relevance is known. The features of relevance
    are worked out anew, with the weights of today.
    """
    article, found = enriched.article, annotations(enriched)
    for name, letter in _LETTERS.items():
        found[name] = [{"mark": f"{letter}{n}", **row} for n, row in enumerate(found[name], 1)]
    return {
        "url": article.url,
        "title": article.title,
        "lang": article.lang,
        "published": article.published.isoformat() if article.published else None,
        "relevance": _relevance(enriched),
        "topics": [
            {"name": t.name, "score": t.score, "sentences": _texts(article, t.sentences)} for t in enriched.topics
        ],
        **{name: found[name] for name in (*_LETTERS, "stance")},
        "versions": enriched.versions,
        "failed": enriched.failed,
        "marked": marked(article.read_text, [row for name in _LETTERS for row in found[name]]),
    }


def _texts(article: Article, sentences: Iterable[Sentence]) -> list[str]:
    return [article.read_text[s.start : s.end] for s in sentences]


def _relevance(enriched: EnrichedArticle) -> Row:
    relevance = enriched.relevance
    told = told_of(Reading(enriched.article, Gazetteer.load()))
    values = asdict(features(told)) if told else {}
    weighed = [
        {"feature": name, "value": round(value, 3), "adds": round(value * getattr(WEIGHTS, name), 3)}
        for name, value in values.items()
    ]
    return {
        "relevant": relevance.relevant,
        "score": relevance.score,
        "threshold": THRESHOLD,
        "both_named": relevance.both_named,
        "rule": relevance.rule,
        "bias": WEIGHTS.bias,
        "weighed": sorted(weighed, key=lambda w: -abs(w["adds"])),
        "sentences": _texts(enriched.article, relevance.sentences),
    }


def marked(text: str, rows: Sequence[Mapping[str, Any]]) -> str:
    """The text with `[E1 …]` around what each row (mark, start, end) annotates; wider spans stand outside."""
    opening: dict[int, list[tuple[int, str]]] = {}
    closing: dict[int, int] = {}
    spans: dict[tuple[int, int], list[str]] = {}
    for row in rows:
        spans.setdefault((row["start"], row["end"]), []).append(row["mark"])
    for (start, end), names in spans.items():
        opening.setdefault(start, []).append((-end, ",".join(names)))
        closing[end] = closing.get(end, 0) + 1
    parts, here = [], 0
    for at in sorted({*opening, *closing}):
        parts += [text[here:at], "]" * closing.get(at, 0), *(f"[{name} " for _, name in sorted(opening.get(at, ())))]
        here = at
    return "".join([*parts, text[here:]])


def as_text(told: Mapping[str, Any]) -> str:
    """What `explain` gives, to read in a terminal."""
    relevance = told["relevance"]
    verdict = "relevant" if relevance["relevant"] else "not relevant"
    lines = [
        f"{told['title']}\n{told['url']}  {told['lang']}  {told['published'] or 'undated'}\n",
        f"{verdict}: {relevance['score']} against {relevance['threshold']} ({relevance['rule']})",
        *(f"  {w['feature']:<8} {w['value']:>7} adds {w['adds']:>7}" for w in relevance["weighed"] if w["adds"]),
        *(f"  decided by: {s}" for s in relevance["sentences"]),
        *(f"topic {t['name']} {t['score']}: {' / '.join(t['sentences'])}" for t in told["topics"]),
        f"\n{told['marked']}\n",
        *(f"{e['mark']}: {e['type']} {e['key']}{_made(e)}" for e in told["entities"]),
        *(f"{q['mark']}: {q['kind']} quote, speaker {q['speaker']}{_made(q)}" for q in told["quotes"]),
        *(f"{p['mark']}: phrase {p['key']}, speaker {p['speaker']}" for p in told["phrases"]),
        *(f"{v['mark']}: {v['source']} > {v['target']} {v['type']} {v['score']}{_made(v)}" for v in told["events"]),
        *(f"stance of {s['holder']}: {s['value']:+d}{_made(s)}" for s in told["stance"]),
        "versions: " + ", ".join(f"{k} {v}" for k, v in sorted(told["versions"].items())),
        *(f"set aside: {k}: {v}" for k, v in told["failed"].items()),
    ]
    return "\n".join(lines)


def _made(row: Mapping[str, Any]) -> str:
    """What made a row and how sure it is; the pattern of an event is cut, the JSON has it whole."""
    return f" ({shorten(str(row['rule']), RULE, placeholder=' …')}, {row['confidence']})"
