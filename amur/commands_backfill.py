"""backfill: the past, from archives of pages, lists of addresses and sitemaps."""

import signal
from contextlib import nullcontext
from datetime import date, datetime
from typing import Annotated, Any

import typer

from amur.command_options import Data, Json, Sample, SourcesFile, StoreUrl, is_sample, load_settings, opened, sample_web
from amur.output import counts_line, print_json, print_table, progress_display, say
from ingest.backfill_found import Kind

LOSSES_FOUND = 3


def register(app: typer.Typer) -> None:
    app.command()(backfill)


def backfill(
    addresses: Annotated[
        list[str],
        typer.Argument(help="Files, folders, patterns with `*`, addresses of a sitemap, or any address of fsspec."),
    ],
    since: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day.", show_default=False)
    ] = None,
    until: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day.", show_default=False)
    ] = None,
    kind: Annotated[Kind | None, typer.Option(help="What the files are.", show_default="by the name's ending")] = None,
    source: Annotated[
        str, typer.Option(help="Whose the articles are.", show_default="the outlet of the host, else `backfill`")
    ] = "",
    again: Annotated[bool, typer.Option("--again", help="Read files anew that were read to their end.")] = False,
    take_only: Annotated[bool, typer.Option("--take-only", help="Only take in; `amur collect` does the rest.")] = False,
    data: Data = None,
    store: StoreUrl = None,
    sources: SourcesFile = None,
    sample: Sample = None,
    as_json: Json = False,
) -> None:
    """Take in the past: WARC files, lists of addresses, JSON lines, sitemaps.

    A line of JSON is `{"url", "title", "published", "html"}`, with `path` for a page in a file; all but `url` may lack.
    A stop at any time loses nothing, the next call goes on from there; a second one finds nothing new. Several
    processes share the files of one call. Ends with 3 where something was damaged or set aside.

    Example: `amur backfill 'CC-NEWS-202303*.warc.gz' --from 2023-03-01 --to 2023-03-31`
    """
    from amur.backfilling import Request, follow, losses, take, total

    signal.signal(signal.SIGTERM, _interrupt)
    request = Request(tuple(addresses), kind, _day(since), _day(until), source, again)
    settings = load_settings(data, store, sources)
    is_of_sample = is_sample(settings, sample)
    with (
        sample_web(settings) if is_of_sample else nullcontext(settings) as reached,
        opened(reached, is_of_sample) as amur,
        progress_display() as progress,
    ):
        taken = take(amur, request, progress)
        after = {} if take_only else follow(amur, progress)
    _show({address: dict(+counts) for address, counts in taken.items()}, dict(after), as_json)
    if losses(total(taken)) or losses(after):
        raise typer.Exit(LOSSES_FOUND)


def _show(taken: dict[str, dict[str, int]], after: dict[str, int], as_json: bool) -> None:
    if as_json:
        print_json({"files": [{"address": a, "counts": c} for a, c in taken.items()], "steps": after})
        return
    rows: list[tuple[Any, ...]] = [(a, counts_line(c) or "nothing") for a, c in taken.items()]
    print_table(f"{len(rows)} files", ("file", "taken in"), rows)
    say(counts_line(after) or "nothing was due")


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _interrupt(_signal: int, _frame: Any) -> None:
    raise KeyboardInterrupt
