"""Extraction of article text from real news pages, against trafilatura and readability-lxml in the same run.

Reads `$AMUR_BENCH_DATA/data/pages`. The measure is the mean over pages of the F1 of 4-grams (of words; of characters in
Chinese), counted with their number, between the human text and ours. The human text begins with the headline, so each
row is given without and with the page's title before the text. Pages are split in two by their host: rules were
written on the one half (`tuned`) and never looked at on the other (`untouched`).
"""

import argparse
import gzip
import hashlib
import json
import logging
import os
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

GRAM = 4
Extract = Callable[[str, str], tuple[str, str]]  # (html, url) -> (title, text)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bench extraction", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--only", help="one of: " + ", ".join(PEERS))
    options = parser.parse_args(argv)
    logging.disable(logging.CRITICAL)
    pages = read_pages(Path(os.environ["AMUR_BENCH_DATA"]) / "data" / "pages")
    names = [options.only] if options.only else list(PEERS)
    results = [measure(name, PEERS[name], pages) for name in names]
    print(json.dumps(results, indent=1) if options.json else table(results))
    return 0


def read_pages(folder: Path) -> list[dict[str, Any]]:
    rows = [json.loads(line) for line in (folder / "index.jsonl").read_text(encoding="utf-8").splitlines()]
    for row in rows:
        row["html"] = gzip.decompress((folder / f"{row['id']}.html.gz").read_bytes()).decode("utf-8", "replace")
        human = (folder / f"{row['id']}.txt").read_text(encoding="utf-8")
        row["human"] = re.sub(r"</?p>", "\n", human)
        row["half"] = "tuned" if int(hashlib.sha256(row["host"].encode()).hexdigest(), 16) % 2 == 0 else "untouched"
    return rows


def measure(name: str, extract: Extract, pages: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Scores by language and half, and seconds of CPU per 100 pages."""
    extract(pages[0]["html"], "https://warm.example/up")
    started = time.process_time()
    found = [extract(page["html"], f"https://{page['host']}/{page['id']}.html") for page in pages]
    seconds = (time.process_time() - started) / len(pages) * 100
    scores: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for page, (title, text) in zip(pages, found, strict=True):
        pair = (f1(page["human"], text, page["lang"]), f1(page["human"], f"{title}\n{text}", page["lang"]))
        scores[f"{page['lang']} all"].append(pair)
        scores[f"{page['lang']} {page['half']}"].append(pair)
    means = {
        key: {"n": len(pairs), "text": _mean([a for a, _ in pairs]), "with_title": _mean([b for _, b in pairs])}
        for key, pairs in sorted(scores.items())
    }
    return {"extractor": name, "cpu_seconds_per_100": round(seconds, 2), "f1": means}


def f1(human: str, text: str, lang: str) -> float:
    wanted, given = grams(human, lang), grams(text, lang)
    shared = (wanted & given).total()
    return 2 * shared / (wanted.total() + given.total()) if shared else 0.0


def grams(text: str, lang: str) -> Counter[tuple[str, ...]]:
    pieces = list(re.sub(r"\s+", "", text)) if lang == "zh" else re.findall(r"\w+", text.lower())
    return Counter(tuple(pieces[i : i + GRAM]) for i in range(len(pieces) - GRAM + 1))


def table(results: Sequence[dict[str, Any]]) -> str:
    """One row an extractor and half; cells are F1 of the text / of title and text."""
    lines = [f"{'extractor':20} {'pages':10} {'en':>15} {'ru':>15} {'zh':>15} {'CPU s/100':>10}"]
    for result in results:
        for half in ("all", "tuned", "untouched"):
            cells = [result["f1"][f"{lang} {half}"] for lang in ("en", "ru", "zh")]
            shown = " ".join(f"{c['text']:.3f}/{c['with_title']:.3f} n{c['n']:<3}".rjust(15) for c in cells)
            lines.append(f"{result['extractor']:20} {half:10} {shown} {result['cpu_seconds_per_100']:10.2f}")
    return "\n".join(lines)


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / len(values), 4)


def _amur(html: str, url: str) -> tuple[str, str]:
    from amur.errors import NoText
    from ingest.pages import extract_article

    try:
        article = extract_article(html.encode(), url)
    except NoText:
        return "", ""
    return article.title, article.text


def _trafilatura(html: str, _url: str) -> tuple[str, str]:
    import trafilatura

    found = trafilatura.bare_extraction(html, include_comments=False, with_metadata=True)
    return (found.title or "", found.text or "") if found else ("", "")  # type: ignore[union-attr]


def _readability(html: str, _url: str) -> tuple[str, str]:
    from lxml.html import fromstring
    from readability import Document
    from readability.readability import Unparseable

    from ingest.extraction_tree import text_of

    try:
        document = Document(html)
        return document.short_title(), text_of(fromstring(document.summary()))
    except (Unparseable, ValueError):
        return "", ""


PEERS: dict[str, Extract] = {"amur": _amur, "trafilatura": _trafilatura, "readability-lxml": _readability}

if __name__ == "__main__":
    raise SystemExit(main())
