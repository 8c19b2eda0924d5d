"""extract, enrich, link: JSON lines in and out. A bad line gives `{"id", "error"}` in its place and exit code 3."""

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from amur.command_options import AlwaysJson
from amur.errors import AmurError, UsageError
from amur.output import print_json, print_line

Line = dict[str, Any]
Readers = Literal["all", "lexicon"]
Input = Annotated[str, typer.Argument(help="A file of JSON lines, or - for standard input.")]
LOSSES = 3
SURROGATE = re.compile("[\ud800-\udfff]")


def register(app: typer.Typer) -> None:
    app.command()(extract)
    app.command()(enrich)
    app.command()(link)


def read_lines(name: str) -> Iterator[tuple[int, Line | None, str]]:
    """(line number, object or None, error) for each line that is not blank."""
    with _open(name) as lines:
        for number, raw in enumerate(lines, 1):
            if not raw.strip():
                continue
            try:
                value = _characters(json.loads(raw.decode("utf-8")))
            except (ValueError, RecursionError) as error:
                yield number, None, f"line {number} is not JSON in UTF-8: {error}"
                continue
            if isinstance(value, dict):
                yield number, value, ""
            else:
                yield number, None, f"line {number} is not a JSON object"


def _characters(value: Any) -> Any:
    """A lone surrogate is half a character: it is read as U+FFFD, so that offsets stay and every model can read on."""
    if isinstance(value, str):
        return SURROGATE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_characters(v) for v in value]
    if isinstance(value, dict):
        return {_characters(k): _characters(v) for k, v in value.items()}
    return value


def _open(name: str) -> Any:
    if name == "-":
        return sys.stdin.buffer
    try:
        return Path(name).open("rb")
    except OSError as error:
        raise UsageError(f"cannot read {name}: {error.strerror}") from error


def convert(name: str, change: Callable[[Line], Line]) -> None:
    """Apply a function to each line in order, one result a line; ends with exit code 3 where a line was bad."""
    losses = 0
    for _, value, problem in read_lines(name):
        result = {"id": None, "error": problem} if value is None else _safely(change, value)
        losses += "error" in result
        print_line(result)
    if losses:
        raise typer.Exit(LOSSES)


def _safely(change: Callable[[Line], Line], value: Line) -> Line:
    try:
        return change(value)
    except AmurError as error:
        return {"id": value.get("id"), "error": str(error)}


def extract(
    file: Annotated[
        str, typer.Argument(help="An HTML file, or with --lines a file of JSON lines; - for standard input.")
    ],
    url: Annotated[str, typer.Option(help="Address of the page: resolves links, dates and the canonical URL.")] = "",
    lines: Annotated[
        bool, typer.Option("--lines", help="Read lines {id, path or html, url}, write an article a line.")
    ] = False,
    _json: AlwaysJson = False,
) -> None:
    """Read the article out of a page.

    Example: `amur extract page.html --url https://example.org/news/1`
    """
    from ingest import extractlines

    if lines:
        folder = None if file == "-" else Path(file).parent
        convert(file, lambda line: extractlines.extract_line(line, folder=folder))
        return
    if not url:
        raise UsageError("--url is needed: dates, links and the canonical URL are read against it")
    with _open(file) as stream:
        print_json(extractlines.extract_file(stream.read(), url))


def enrich(
    file: Input = "-",
    readers: Annotated[Readers, typer.Option(help="all, or lexicon for what loads no model")] = "all",
    _json: AlwaysJson = False,
) -> None:
    """Annotate lines {id, title, body, published?, lang?, url?, voice?}: relevance, entities, topics, quotes, events.

    Example: `amur enrich items.jsonl > annotated.jsonl`
    """
    from ingest.enrich.lines import enrich_line
    from ingest.enrich.reader import Reader

    reader = Reader.load(readers)
    convert(file, lambda line: enrich_line(line, reader))


def link(
    file: Input = "-",
    _json: AlwaysJson = False,
) -> None:
    """Group lines {id, title, body, published?, lang?, url?} into stories and families: {id, story, family}.

    Example: `amur link items.jsonl`
    """
    from ingest.linklines import link_lines

    read = list(read_lines(file))
    good = [value for _, value, _ in read if value is not None]
    linked = iter(link_lines(good))
    _print_all({"id": None, "error": problem} if value is None else next(linked) for _, value, problem in read)


def _print_all(results: Iterable[Line]) -> None:
    losses = 0
    for result in results:
        losses += "error" in result
        print_line(result)
    if losses:
        raise typer.Exit(LOSSES)
