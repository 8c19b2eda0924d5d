"""search and export: questions to the store."""

import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from amur.command_options import Data, Json, Sample, SourcesFile, StoreUrl, is_sample, load_settings, opened
from amur.output import print_json, print_table, say

if TYPE_CHECKING:
    from index.query import Filters

QUERY_HELP = (
    'Words, "phrases", AND OR NOT, parentheses, and lang: country: camp: outlet: topic: entity: from: to:. '
    "An entity may be named in any script."
)
Sort = Literal["relevance", "date"]
Form = Literal["jsonl", "csv", "parquet"]
Query = Annotated[str, typer.Argument(help=QUERY_HELP)]


def register(app: typer.Typer) -> None:
    app.command()(search)
    app.command()(export)


def _filters(query: str) -> "Filters":
    from index.query import Filters

    return Filters(q=query)


def search(
    query: Query = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Articles to print.")] = 20,
    sort: Annotated[Sort, typer.Option(help="Best first, or newest first.")] = "relevance",
    data: Data = None,
    store: StoreUrl = None,
    sample: Sample = None,
    as_json: Json = False,
) -> None:
    """Search the articles, best first.

    Example: `amur search 'entity:"Xi Jinping" topic:energy from:2024-01-01'`
    """
    from index import answers

    with opened(load_settings(data, store), sample) as amur:
        page = answers.search(amur.store, _filters(query), limit=limit, sort=sort)
        mark = "SAMPLE DATA: " if amur.sample else ""
    if as_json:
        print_json({"total": page.total, "articles": [_hit(h) for h in page.hits]})
        return
    rows = [(_day(h.published), h.outlet, h.lang, h.title, h.url) for h in page.hits]
    print_table(f"{mark}{page.total} articles", ("published", "outlet", "lang", "title", "url"), rows)


FIELDS = (
    "id",
    "url",
    "title",
    "lang",
    "published",
    "outlet",
    "camp",
    "topics",
    "entities",
    "story",
    "family",
    "score",
)


def _hit(hit: Any) -> dict[str, Any]:
    values = asdict(hit)
    return {name: values[name] for name in FIELDS}


def _day(value: datetime | date | str | None) -> str:
    return str(value or "")[:10]


def export(
    query: Query = "",
    form: Annotated[Form, typer.Option("--format", help="What to write.")] = "jsonl",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file; standard output without it.")] = None,
    bodies: Annotated[bool, typer.Option("--bodies", help="With whole texts (only in a private instance).")] = False,
    data: Data = None,
    store: StoreUrl = None,
    sources: SourcesFile = None,
    sample: Sample = None,
    as_json: Json = False,
) -> None:
    """Write the articles that a query finds to a file, one a line or row, `id` first, without bodies.

    Example: `amur export 'camp:chinese-state topic:energy' --format csv -o energy.csv`
    """
    from amur.errors import UsageError
    from index.export import export as write

    settings = load_settings(data, store, sources)
    if bodies and not settings.private:
        raise UsageError("--bodies needs a private instance: set AMUR_PRIVATE=1 if only you and your team can read it")
    if form == "parquet" and output is None and sys.stdout.isatty():
        raise UsageError("parquet is not for a terminal: name a file with --output")
    with opened(settings, sample) as amur:
        flag = is_sample(settings, sample)
        if output is None:
            count = write(amur.store, _filters(query), form, sys.stdout.buffer, bodies=bodies, sample=flag)
        else:
            # Beside it and then in its place: a query that fails costs no earlier export.
            part = output.with_name(output.name + ".part")
            try:
                with part.open("wb") as out:
                    count = write(amur.store, _filters(query), form, out, bodies=bodies, sample=flag)
                part.replace(output)
            finally:
                part.unlink(missing_ok=True)
    _report(count, output, as_json)


def _report(count: int, output: Path | None, as_json: bool) -> None:
    if output is not None and as_json:
        print_json({"articles": count, "output": str(output)})
    else:
        say(f"{count} articles written" + (f" to {output}" if output else ""))


__all__: Sequence[str] = ("register",)
