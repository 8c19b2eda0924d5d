"""Near-duplicates: precision and recall on labelled pairs of our own (`bench/duplicate_pairs.py`), by language.

A pair is found where it shares a band and passes the comparison, as in linking. With `--sweep`, other thresholds too.
"""

import argparse
import json
from collections import Counter, defaultdict
from typing import Any

from bench.duplicate_pairs import LANGUAGES, Pair, pairs
from ingest.duplicates import bands, numbers_of, same_text, signature, similarity
from ingest.extraction_tail import without_tail


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bench duplicates", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--wrong", action="store_true", help="list the pairs that were judged wrongly")
    options = parser.parse_args(argv)
    judged = [(pair, *judge(pair)) for pair in pairs()]
    rows = [
        row(lang, [j for j in judged if lang in {j[0].one.lang, "all"} or lang == "all"])
        for lang in (*LANGUAGES, "all")
    ]
    print(json.dumps(rows, indent=1) if options.json else table(rows))
    if options.wrong:
        print(wrong(judged))
    return 0


def judge(pair: Pair) -> tuple[bool, float]:
    """Whether the pair is taken for copies, and their estimated similarity."""
    one, other = (without_tail(text.body) for text in (pair.one, pair.other))
    a, b = signature(one, pair.one.lang), signature(other, pair.other.lang)
    candidate = bool(set(bands(a)) & set(bands(b)))
    return candidate and same_text(a, b, numbers_of(one), numbers_of(other)), similarity(a, b)


def row(lang: str, judged: list[tuple[Pair, bool, float]]) -> dict[str, Any]:
    count = Counter((pair.copy, found) for pair, found, _ in judged)
    right, missed, false = count[True, True], count[True, False], count[False, True]
    return {
        "lang": lang,
        "copies": right + missed,
        "others": false + count[False, False],
        "precision": round(right / (right + false), 4) if right + false else 0.0,
        "recall": round(right / (right + missed), 4) if right + missed else 0.0,
    }


def table(rows: list[dict[str, Any]]) -> str:
    lines = [f"{'lang':5}{'copies':>8}{'others':>8}{'precision':>11}{'recall':>8}"]
    lines += [f"{r['lang']:5}{r['copies']:8}{r['others']:8}{r['precision']:11.3f}{r['recall']:8.3f}" for r in rows]
    return "\n".join(lines)


def wrong(judged: list[tuple[Pair, bool, float]]) -> str:
    kinds: dict[str, list[str]] = defaultdict(list)
    for pair, found, score in judged:
        if found != pair.copy:
            kinds[f"{'missed' if pair.copy else 'false'}: {pair.kind}"].append(f"{pair.one.lang} {score:.2f}")
    return "\n".join(f"{kind}: {', '.join(where)}" for kind, where in sorted(kinds.items()))


if __name__ == "__main__":
    raise SystemExit(main())
