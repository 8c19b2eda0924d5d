"""Quotes on the development part of PolNeAR: English political news with source, cue and content of each attribution.

PolNeAR annotates more than quotes (beliefs, plans, fragments of clauses), so recall is bounded; direct quotes are told
apart by their marks and scored by themselves. No keys are given there, so the speaker is right where the source named
in the gold holds the name that the coder found. Entities are capitalised sequences: no model runs.
"""

import argparse
import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from amur.errors import UsageError
from bench.scores import overlap, prf, total
from ingest.enrich.quotes import find_quotes
from ingest.enrich.sentences import split_sentences
from ingest.model import Entity, Quote

OVERLAP = 0.8
_NAME = re.compile(
    r"(?:(?:Mr|Mrs|Ms|Dr|Sen|Gov|Rep)\.\s+)?[A-Z][a-zA-Z’'-]+(?:\s+[A-Z][a-zA-Z’'.-]+){1,3}|(?<=[a-z,] )[A-Z][a-z]{3,}"
)
_SPAN = re.compile(r"(\w+) ([\d; ]+)\t")


@dataclass(frozen=True, slots=True)
class Attribution:
    content: str
    source: str
    direct: bool


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench quotes", description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--misses", type=int, default=0, help="list the first N articles' misses")
    options = parser.parse_args(argv)
    parts = {"all": Counter[str](), "direct": Counter[str]()}
    articles = list(polnear(_folder()))
    for number, (text, gold) in enumerate(articles):
        got = quotes_of(text)
        for name, counts in compare(gold, got, listed=number < options.misses).items():
            parts[name] = total([parts[name], counts])
    results = {name: _figures(counts, len(articles)) for name, counts in parts.items()}
    print(json.dumps(results) if options.json else _table(results))
    return 0


def _folder() -> Path:
    data = os.environ.get("AMUR_BENCH_DATA", "")
    if not data:
        raise UsageError("set AMUR_BENCH_DATA to the folder that holds data/ and gold/")
    return Path(data) / "data" / "quotes" / "en-polnear-dev"


def polnear(folder: Path) -> Iterator[tuple[str, list[Attribution]]]:
    for path in sorted((folder / "attributions").glob("*.ann")):
        text_path = folder / "text" / f"{path.stem.rsplit('_', 1)[0]}.txt"
        if text_path.exists():
            text = text_path.read_text(encoding="utf-8")
            yield text, list(_attributions(path.read_text(encoding="utf-8"), text))


def _attributions(annotations: str, text: str) -> Iterator[Attribution]:
    spans: dict[str, str] = {}
    for line in annotations.splitlines():
        name, _, rest = line.partition("\t")
        found = _SPAN.match(rest + "\t") if name.startswith("T") else None
        if found:
            pieces = [tuple(map(int, piece.split())) for piece in found[2].split(";")]
            spans[name] = "\n\n".join(text[p[0] : p[1]] for p in pieces)
        elif name.startswith("E"):
            roles = dict(part.split(":", 1) for part in rest.split() if ":" in part)
            # An interrupted quote is several stretches of words, as the coder gives it.
            for content in filter(None, spans.get(roles.get("Content", ""), "").split("\n\n")):
                yield Attribution(
                    content.removeprefix("that "), spans.get(roles.get("Source", ""), ""), content[0] in '“"‘'
                )


def quotes_of(text: str) -> tuple[Quote, ...]:
    entities = [Entity(m.group(), m.start(), m.end(), "PER", m.group()) for m in _NAME.finditer(text)]
    return find_quotes(text, "en", split_sentences(text, "en"), entities)


def compare(gold: list[Attribution], got: tuple[Quote, ...], *, listed: bool) -> dict[str, Counter[str]]:
    every = Counter(gold=len(gold), got=len(got), matched=0, speaker=0)
    direct = Counter(gold=sum(g.direct for g in gold), got=sum(q.kind == "direct" for q in got), matched=0, speaker=0)
    free = list(got)
    for wanted in gold:
        best = max(free, key=lambda q: overlap(wanted.content, q.text), default=None)
        if best is not None and overlap(wanted.content, best.text) >= OVERLAP:
            free.remove(best)
            name = best.speaker or ""
            named = bool(name) and (name in wanted.source or wanted.source in name)
            for counts in (every, *([direct] if wanted.direct and best.kind == "direct" else [])):
                counts["matched"] += 1
                counts["speaker"] += named
        elif listed:
            print("  missed:", wanted.content[:150].replace("\n", " "), "|", wanted.source)
    for extra in free if listed else []:
        print("  added: ", extra.kind, extra.text[:150].replace("\n", " "), "|", extra.rule)
    return {"all": every, "direct": direct}


def _figures(counts: Counter[str], articles: int) -> dict[str, float]:
    precision, recall, f1 = prf(counts)
    speaker = counts["speaker"] / max(1, counts["matched"])
    found = {"precision": precision, "recall": recall, "f1": f1, "speaker": speaker}
    return {"articles": articles, "gold": counts["gold"], "got": counts["got"], **found}


def _table(results: dict[str, dict[str, float]]) -> str:
    lines = [f"{'quotes':<8} {'articles':>8} {'gold':>6} {'got':>6} {'P':>6} {'R':>6} {'F1':>6} {'named right':>12}"]
    for name, r in results.items():
        lines.append(
            f"{name:<8} {r['articles']:>8} {r['gold']:>6} {r['got']:>6} {r['precision']:>6.3f} {r['recall']:>6.3f} "
            f"{r['f1']:>6.3f} {r['speaker']:>12.3f}"
        )
    return "\n".join(lines)
