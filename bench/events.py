"""The event coder on PETRARCH2's unit sentences and half of PLOVER's records, English, as a regression: scores printed.

Actors are given as the records name them, so that only the patterns are tried. CAMEO codes are compared by the PLOVER
type of their root. Neither set has a Russia-China dyad, and the unit sentences speak of invented states, so that the
scores say how general the patterns are and no more.
"""

import argparse
import json
import os
import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from amur.errors import UsageError
from bench.scores import prf, score_events, total
from ingest.enrich.events import find_events
from ingest.enrich.sentences import split_sentences
from ingest.model import Entity

# CAMEO roots and the names of PLOVER's earlier draft, as types of draft 0.8.
ROOTS = {
    "03": "AGREE", "04": "CONSULT", "05": "SUPPORT", "06": "COOPERATE", "07": "AID", "08": "CONCEDE", "09": "ACCUSE",
    "10": "REQUEST", "11": "ACCUSE", "12": "REJECT", "13": "THREATEN", "14": "PROTEST", "15": "MOBILIZE",
    "16": "SANCTION", "17": "COERCE", "18": "ASSAULT", "19": "ASSAULT", "20": "ASSAULT",
}  # fmt: skip
RENAMED = {"DEMAND": "REQUEST", "DISAPPROVE": "ACCUSE", "FIGHT": "ASSAULT", "INVESTIGATE": "ACCUSE"}
_CAPITAL = re.compile(r"[A-Z][a-z]{3,}")


@dataclass(frozen=True, slots=True)
class Record:
    """One sentence, the events it should give, and where its actors stand: (start, end, state)."""

    text: str
    events: tuple[dict[str, str], ...]
    actors: tuple[tuple[int, int, str], ...]


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench events", description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--misses", action="store_true", help="list the sentences that are coded otherwise")
    options = parser.parse_args(argv)
    folder = _folder()
    sets = {
        "plover": plover(folder / "plover_gold_half.json"),
        "petrarch2": petrarch(folder / "PETR.UnitTest.records.xml"),
    }
    results = {name: score(records, list_misses=options.misses) for name, records in sets.items()}
    print(json.dumps(results) if options.json else _table(results))
    return 0


def _folder() -> Path:
    data = os.environ.get("AMUR_BENCH_DATA", "")
    if not data:
        raise UsageError("set AMUR_BENCH_DATA to the folder that holds data/ and gold/")
    return Path(data) / "data" / "events"


def score(records: Iterable[Record], *, list_misses: bool = False) -> dict[str, float]:
    parts: list[Counter[str]] = []
    for record in records:
        got = code(record)
        parts.append(score_events(record.events, got))
        if list_misses and _triples(got) != _triples(record.events):
            print(f"{record.text}\n  gold {sorted(_triples(record.events))}\n  got  {sorted(_triples(got))}")
    counts = total(parts)
    precision, recall, f1 = prf(counts)
    return {
        "sentences": len(parts), "events": counts["gold"], "coded": counts["got"], "precision": precision,
        "recall": recall, "f1": f1, "direction": counts["direction_right"] / max(1, counts["directed"]),
        "traps": counts["traps"], "traps_coded": counts["trap"],
    }  # fmt: skip


def code(record: Record) -> list[dict[str, str]]:
    entities = [Entity(record.text[s:e], s, e, "ORG", state) for s, e, state in record.actors]
    sentences = split_sentences(record.text, "en")
    events = find_events(record.text, "en", sentences, entities, (), country=lambda key: key or "")
    return [{"source": e.source, "target": e.target, "type": e.type} for e in events]


def _triples(events: Iterable[dict[str, str]]) -> set[tuple[str, str, str]]:
    return {(e["source"], e["target"], e["type"]) for e in events}


def plover(path: Path) -> Iterator[Record]:
    for row in json.loads(path.read_text(encoding="utf-8")):
        kind = RENAMED.get(row["event"], row["event"])
        if row.get("text") and kind != "DOCUMENT":
            yield _plover_record(row, kind)


def _plover_record(row: dict[str, Any], kind: str) -> Record:
    text = " ".join(row["text"].split())
    sources, targets = _parties(row.get("source")), _parties(row.get("target"))
    pairs = [(s, t) for s in sources for t in targets] or [(s, t) for s in sources for t in sources]
    events = tuple({"source": s, "target": t, "type": kind} for (_, s), (_, t) in pairs if s != t)
    actors = [
        (at, at + len(name), state) for name, state in (*sources, *targets) if name and (at := text.find(name)) >= 0
    ]
    return Record(text, events, tuple(sorted(set(actors))))


def _parties(given: Any) -> list[tuple[str, str]]:
    rows = given if isinstance(given, list) else []
    return [(r.get("actorText", ""), r["code"][:3]) for r in rows if r.get("code")]


def petrarch(path: Path) -> Iterator[Record]:
    for node in ET.fromstring(path.read_text(encoding="utf-8")).iter("Sentence"):  # noqa: S314  a fixed file
        text = " ".join((node.findtext("Text") or "").split())
        codings = [c.attrib for c in node.iter("EventCoding") if c.get("sourcecode") and c.get("targetcode")]
        if text:
            events = [_coding(c) for c in codings]
            states = {e[side] for e in events for side in ("source", "target")} if events else set()
            yield Record(
                text, tuple(e for e in events if e["type"] and e["source"] != e["target"]), _named(text, states)
            )


def _coding(given: dict[str, str]) -> dict[str, str]:
    root = ROOTS.get(given.get("eventcode", "")[:2], "")
    return {"source": given["sourcecode"][:3], "target": given["targetcode"][:3], "type": root}


def _named(text: str, states: set[str]) -> tuple[tuple[int, int, str], ...]:
    """Invented states are told by their code, which begins as their name does."""
    found = ((m.start(), m.end(), m.group()[:3].upper()) for m in _CAPITAL.finditer(text))
    return tuple(f for f in found if f[2] in states)


def _table(results: dict[str, dict[str, float]]) -> str:
    lines = [
        f"{'set':<10} {'n':>4} {'events':>6} {'coded':>6} {'P':>6} {'R':>6} {'F1':>6} {'direction':>9} traps coded"
    ]
    for name, r in results.items():
        lines.append(
            f"{name:<10} {r['sentences']:>4} {r['events']:>6} {r['coded']:>6} "
            f"{r['precision']:>6.3f} {r['recall']:>6.3f} "
            f"{r['f1']:>6.3f} {r['direction']:>9.3f} {r['traps_coded']:>5.0f} of {r['traps']:.0f}"
        )
    return "\n".join(lines)
