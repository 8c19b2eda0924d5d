"""A figure: rows with a stated unit. The chart, its table, its CSV and its JSON are four prints of the same rows."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from index.export import inert

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Column:
    key: str  # in the rows, in CSV and JSON
    label: str  # localised
    show: Callable[[Any], str] = str
    numeric: bool = False


@dataclass(frozen=True)
class Cell:
    text: str
    href: str = ""
    numeric: bool = False


@dataclass(frozen=True)
class Figure:
    """`rows` hold plain values; `groups` are (value, name) in the order of the legend; `by` is what they filter."""

    name: str
    title: str
    unit: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    by: str = ""
    groups: tuple[tuple[str, str], ...] = ()
    how: tuple[str, ...] = ()
    summary: str = ""
    gaps: bool = False
    blank: str = ""  # why there is no chart although there are rows
    chart: Callable[[str], dict[str, Any]] | None = None  # scheme ("light" or "dark") -> Vega-Lite spec
    facts: Mapping[str, Any] = field(default_factory=dict)  # what JSON says beside the rows

    @property
    def shown(self) -> list[list[Cell]]:
        """The table: localised cells, the first of a row linking where the row has an `href`."""
        return [
            [
                Cell(c.show(row[c.key]), row.get("href", "") if not at else "", c.numeric)
                for at, c in enumerate(self.columns)
            ]
            for row in self.rows
        ]

    @property
    def most(self) -> float:
        return max((row["count"] for row in self.rows), default=0)

    def described(self) -> dict[str, Any]:
        """What JSON says beside the rows."""
        return {"figure": self.name, "title": self.title, "unit": self.unit, "how": list(self.how), **self.facts}

    def data(self) -> list[dict[str, Any]]:
        """Rows as CSV and JSON give them: the columns' keys, nothing localised."""
        return [{c.key: _plain(row[c.key]) for c in self.columns} for row in self.rows]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def to_csv(rows: Sequence[Row], columns: Iterable[str], *, sample: bool) -> str:
    """Rows as CSV with a header; in the sample every row says so in a last column."""
    out = io.StringIO()
    names = [*columns, *(["sample"] if sample else [])]
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(names)
    for row in rows:
        writer.writerow([_safe(row.get(name)) for name in names[: len(names) - sample]] + ["SAMPLE DATA"] * sample)
    return out.getvalue()


def _safe(value: Any) -> Any:
    return inert(value) if isinstance(value, str) else value
