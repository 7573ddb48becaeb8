"""Small tables and facts that read well in a notebook and in a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any

from ..enums import MetricFormat
from ..models import Metric

_LONGEST_CELL = 200


class Listing:
    """A small table with a text form and an HTML form."""

    def __init__(self, header: Sequence[str], rows: Sequence[Sequence[str]], empty: str) -> None:
        self.header, self.rows, self._empty = header, rows, empty

    def __repr__(self) -> str:
        if not self.rows:
            return self._empty
        lines = [self.header, *self.rows]
        widths = [max(len(line[column]) for line in lines) for column in range(len(self.header))]
        return "\n".join(
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
        )

    def _repr_html_(self) -> str:
        if not self.rows:
            return f"<p>{escape(self._empty)}</p>"
        head = "".join(f'<th style="text-align:left">{escape(cell)}</th>' for cell in self.header)
        body = "".join(
            "<tr>" + "".join(f'<td style="text-align:left">{escape(cell)}</td>' for cell in row) + "</tr>"
            for row in self.rows
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def facts(title: str, known: Mapping[str, Any]) -> str:
    """A title and a table of names and values as HTML; what is None or empty is left out."""
    left = 'style="text-align:left"'
    rows = "".join(
        f"<tr><th {left}>{escape(name)}</th><td {left}>{escape(_cell(value))}</td></tr>"
        for name, value in known.items()
        if value not in (None, "", (), [], {})
    )
    return f"<p><b>{escape(title)}</b></p><table><tbody>{rows}</tbody></table>"


def shown(metric: Metric | None) -> str:
    """A metric for people: three decimals, or one of a percentage; counts whole, and what is tiny not as nothing."""
    if metric is None:
        return "—"
    value = metric.value
    if metric.format is MetricFormat.PERCENTAGE:
        return f"{value:.1%}"
    if value.is_integer() and 1 < abs(value) < 1e7:
        return f"{int(value):,}"
    return f"{value:.2e}" if abs(value) >= 1e7 or 0 < abs(value) < 0.0005 else f"{value:.3f}"


def when(moment: datetime) -> str:
    """A moment in the reader's own time zone."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M:%S")


def _cell(value: Any) -> str:
    if isinstance(value, datetime):
        return when(value)
    text = ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
    return text if len(text) <= _LONGEST_CELL else f"{text[:_LONGEST_CELL]}…"
