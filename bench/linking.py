"""Stories: B-cubed F1 of `amur link` on labelled items, in each language and across languages.

Sets: `gold` is `$AMUR_BENCH_DATA/gold/dev.jsonl`, on which the weights were fitted (`--items FILE` gives another
file of that form); `gold in 30 days` are the same items with the stories' dates put into one month, at random but the
same in every run, so that many stories share a window; `sample` are the sample web's articles, whose stories were
labelled before linking was written; `tellings` are five happenings of our own, each told twice in three languages with
hardly a word in common, without any date. Intervals are a bootstrap over stories.
"""

import argparse
import json
import os
import random
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.duplicate_pairs import DATA
from ingest.linklines import link_items, link_lines

Item = dict[str, Any]
SAMPLE = Path(__file__).parent.parent / "ingest" / "sample" / "stories"
SHOWN = (("all", None), ("en", "en"), ("ru", "ru"), ("zh", "zh"))
RESAMPLED = 500


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bench linking", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--items", type=Path, help="labelled lines in the form of the gold items, instead of gold")
    parser.add_argument("--fit", action="store_true", help="rebuild the means and print weights and thresholds")
    options = parser.parse_args(argv)
    if options.fit:
        print(fitted(sets(options.items)))
        return 0
    rows = [row for name, items in sets(options.items).items() for row in scores(name, items)]
    print(json.dumps(rows, indent=1) if options.json else table(rows))
    return 0


def sets(given: Path | None) -> dict[str, list[Item]]:
    gold_file = given or Path(os.environ["AMUR_BENCH_DATA"]) / "gold" / "dev.jsonl"
    gold = [json.loads(line) for line in gold_file.read_text(encoding="utf-8").splitlines()]
    return {"gold": gold, "gold in 30 days": crowded(gold, 30), "sample": sample(), "tellings": tellings()}


def crowded(items: Sequence[Item], days: int) -> list[Item]:
    """The items with every story begun on a random day of a period; distances within a story kept up to three days."""
    first: dict[str, datetime] = {}
    for item in items:
        moment = datetime.fromisoformat(item["published"])
        first[item["story"]] = min(first.get(item["story"], moment), moment)
    chance = random.Random(1)
    begin = {
        story: datetime(2024, 3, 1, tzinfo=UTC) + timedelta(days=chance.random() * days) for story in sorted(first)
    }
    moved = []
    for item in items:
        later = min(datetime.fromisoformat(item["published"]) - first[item["story"]], timedelta(days=3))
        moved.append(item | {"published": (begin[item["story"]] + later).isoformat()})
    return moved


def sample() -> list[Item]:
    found: list[Item] = []
    for file in sorted(SAMPLE.glob("*.toml")):
        data = tomllib.loads(file.read_text(encoding="utf-8"))
        for article in data.get("article", []):
            if "text" in article:
                story = (
                    article["id"]
                    if file.stem == "irrelevant"
                    else article.get("story") or data.get("story") or article["id"]
                )
                found.append(
                    {"id": article["id"], "story": story, "title": article["title"], "body": article["text"].strip(),
                     "published": article["published"].isoformat()}
                )  # fmt: skip
    return found


def tellings() -> list[Item]:
    lines = (DATA / "tellings.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return [
        {"id": f"{r['event']}-{r['lang']}-{r['telling']}", "story": r["event"], "lang": r["lang"], "title": r["title"],
         "body": "\n".join(r["paragraphs"])}
        for r in rows
    ]  # fmt: skip


def scores(name: str, items: Sequence[Item]) -> list[dict[str, Any]]:
    from ingest.language import detect_language

    got = {line["id"]: line["story"] for line in link_lines(_asked(items))}
    gold = {item["id"]: item["story"] for item in items}
    lang = {i["id"]: i.get("lang") or detect_language(f"{i['title']} {i['body']}") for i in items}
    rows = []
    for shown, only in SHOWN:
        ids = [i for i in gold if only in {None, lang[i]}]
        precision, recall, f1 = b_cubed(gold, got, ids)
        low, high = interval(gold, got, ids)
        rows.append({"set": name, "lang": shown, "n": len(ids), "precision": precision, "recall": recall, "f1": f1,
                     "low": low, "high": high})  # fmt: skip
    precision, recall, f1 = b_cubed(gold, got, list(gold), across=lang)
    rows.append({"set": name, "lang": "across", "n": len(gold), "precision": precision, "recall": recall, "f1": f1,
                 "low": None, "high": None})  # fmt: skip
    return rows


def b_cubed(
    gold: Mapping[str, str], got: Mapping[str, str], ids: Iterable[str], across: Mapping[str, str] | None = None
) -> tuple[float, float, float]:
    """Mean over items of precision and recall of their group, among `ids`; with `across` only items of other languages
    count beside the item itself."""
    chosen = list(ids)
    wanted, given = _groups(gold, chosen), _groups(got, chosen)
    precision = recall = 0.0
    for item in chosen:
        right, found = _beside(wanted[gold[item]], item, across), _beside(given[got[item]], item, across)
        precision += len(right & found) / len(found)
        recall += len(right & found) / len(right)
    precision, recall = precision / len(chosen), recall / len(chosen)
    return round(precision, 4), round(recall, 4), round(2 * precision * recall / (precision + recall), 4)


def interval(gold: Mapping[str, str], got: Mapping[str, str], ids: Sequence[str]) -> tuple[float, float]:
    """95 % of F1 over stories drawn with replacement, an item's own scores held."""
    by_story: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for item in ids:
        right = {i for i in ids if gold[i] == gold[item]}
        found = {i for i in ids if got[i] == got[item]}
        both = len(right & found)
        by_story[gold[item]].append((both / len(found), both / len(right)))
    chance, names, drawn = random.Random(2), sorted(by_story), []
    for _ in range(RESAMPLED):
        pairs = [pair for name in chance.choices(names, k=len(names)) for pair in by_story[name]]
        p, r = (sum(values) / len(pairs) for values in zip(*pairs, strict=True))
        drawn.append(2 * p * r / (p + r))
    drawn.sort()
    return round(drawn[int(0.025 * RESAMPLED)], 3), round(drawn[int(0.975 * RESAMPLED)], 3)


def fitted(given: Mapping[str, Sequence[Item]]) -> str:
    """Rebuild the mean embeddings; what the regression says of the weights, and what each pair of thresholds gives."""
    from bench.linking_fit import rebuilt_means, thresholds, weights
    from ingest.language import detect_language
    from ingest.linking_stories import MEANS

    texts: dict[str, list[str]] = {"en": [], "ru": [], "zh": []}
    for item in (item for name in ("gold", "sample", "tellings") for item in given[name]):
        lang = item.get("lang") or detect_language(f"{item['title']}\n{item['body']}")
        if lang in texts:
            texts[lang].append(f"{item['title']}. {item['body'].strip()}")
    lines = [f"{MEANS.name}: {rebuilt_means(texts)}", ""]
    labelled = {
        name: (link_items(_asked(items)), {str(item["id"]): item["story"] for item in items})
        for name, items in given.items()
    }
    lines += [f"{name:18}{value:8.2f}" for name, value in weights(list(labelled.values())).items()]
    lines += ["", f"{'JOIN':>6}{'MEET':>6}   precision/recall/F1 of " + ", ".join(labelled)]
    for join, meet, found in thresholds(labelled):
        lines.append(f"{join:6.1f}{meet:6.1f}   " + "  ".join("/".join(f"{x:.3f}" for x in v) for v in found.values()))
    return "\n".join(lines)


def _asked(items: Iterable[Item]) -> list[Item]:
    """The items without their labels."""
    return [{k: v for k, v in item.items() if k in {"id", "title", "body", "published", "lang"}} for item in items]


def _groups(names: Mapping[str, str], ids: Iterable[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for item in ids:
        found[names[item]].add(item)
    return found


def _beside(group: set[str], item: str, across: Mapping[str, str] | None) -> set[str]:
    return group if across is None else {i for i in group if i == item or across[i] != across[item]}


def table(rows: Sequence[dict[str, Any]]) -> str:
    lines = [f"{'set':17}{'lang':8}{'n':>5}{'precision':>11}{'recall':>9}{'F1':>8}   95 %"]
    for r in rows:
        span = f"{r['low']:.3f}-{r['high']:.3f}" if r["low"] is not None else ""
        lines.append(
            f"{r['set']:17}{r['lang']:8}{r['n']:5}{r['precision']:11.3f}{r['recall']:9.3f}{r['f1']:8.3f}   {span}"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    raise SystemExit(main())
