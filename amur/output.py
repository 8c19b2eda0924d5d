"""How commands print: tables for people, JSON for programs, progress on standard error."""

import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

Progress = Callable[[str, int, int | None], None]


def print_json(value: Any) -> None:
    _write(json.dumps(value, ensure_ascii=False, indent=1, default=_plain))


def print_line(value: Any) -> None:
    """One JSON line, written at once so that a pipe sees it."""
    _write(json.dumps(value, ensure_ascii=False, default=_plain))
    sys.stdout.flush()


def _write(text: str) -> None:
    """A lone surrogate, which UTF-8 cannot say, is written as JSON's own escape."""
    try:
        sys.stdout.write(text + "\n")
    except UnicodeEncodeError:
        sys.stdout.write(re.sub("[\ud800-\udfff]", lambda m: f"\\u{ord(m[0]):04x}", text) + "\n")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, set | frozenset | tuple):
        return list(value)
    return str(value)


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(escape(_cell(v)) for v in row))
    Console().print(table)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return str(value)


def say(text: str) -> None:
    print(text.encode("utf-8", "backslashreplace").decode(), file=sys.stderr, flush=True)


def counts_line(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{n} {name}" for name, n in sorted(counts.items(), key=lambda c: (-c[1], c[0])) if n)


@contextmanager
def progress_display() -> Iterator[Progress]:
    """Bars on a terminal; elsewhere a line as each stage begins and ends."""
    if sys.stderr.isatty():
        with _bars() as update:
            yield update
    else:
        yield _Lines()


class _Lines:
    def __init__(self) -> None:
        self._stage = ""

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        if stage != self._stage:
            self._stage = stage
            say(f"{stage} ...")
        elif total and done >= total:
            say(f"{stage}: {done} of {total}")


@contextmanager
def _bars() -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<8}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as display:
        tasks: dict[str, Any] = {}

        def update(stage: str, done: int, total: int | None) -> None:
            if stage not in tasks:
                tasks[stage] = display.add_task(stage, total=total)
            display.update(tasks[stage], completed=done, total=total)

        yield update
