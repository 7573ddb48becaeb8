"""MIME bundles of what a materializer stored as csv, Markdown or JSON, made without a kernel."""

from __future__ import annotations

import csv
import io
import json
import math
from typing import Any

from ..enums import VisualizationType
from ..models import StoredOutputs, Visualization
from .bundles import MIME

READ_AT_MOST = 5 * 1024 * 1024
_ROWS = 1000
_LONGEST_CELL = 1000


def stored_outputs(visualization: Visualization, data: bytes) -> StoredOutputs:
    """The bundle of a stored visualization; no output for html and images, which are framed as they are.

    Args:
        data: Its bytes, read up to `READ_AT_MOST`.
    """
    truncated = (visualization.size or 0) > len(data)
    text = data.decode(errors="replace")
    if visualization.format is VisualizationType.CSV:
        bundle = _csv_bundle(visualization.name, text, truncated)
    elif visualization.format is VisualizationType.MARKDOWN:
        bundle = {"text/markdown": text, "text/plain": text}
    elif visualization.format is VisualizationType.JSON:
        bundle = {"text/plain": _pretty(text)}
    else:
        return StoredOutputs()
    output = {"output_type": "display_data", "data": bundle, "metadata": {}}
    return StoredOutputs((output,), truncated)


def _csv_bundle(name: str, text: str, truncated: bool) -> dict[str, Any]:
    # Python 3.10 reads no line with a NUL.
    reader = csv.reader(io.StringIO(text.replace("\0", "\ufffd"), newline=""))
    header: list[str] = []
    rows: list[list[str]] = []
    total = 0
    try:
        header = next(reader, [])
        for row in reader:
            if not row:
                continue
            total += 1
            if total <= _ROWS:
                rows.append([*row, *[""] * (len(header) - len(row))][: len(header)])
    except csv.Error:  # a field longer than the reader takes: what was read until then is shown
        truncated = True
    columns, shown = [], []
    for position, title in enumerate(header):
        values = [row[position] for row in rows]
        numbers = [_number(value) for value in values]
        numeric = any(value is not None for value in numbers) and all(
            number is not None or not value for number, value in zip(numbers, values, strict=True)
        )
        columns.append({"name": title, "type": "number" if numeric else "text"})
        shown.append(numbers if numeric else [value[:_LONGEST_CELL] or None for value in values])
    cut = total > len(rows) or truncated
    own = {
        "version": 1,
        "kind": "table",
        "title": name,
        "alt": f"Table {name} with {total:,} rows and {len(header):,} columns.",
        "metrics": {},
        "note": f"Shows the first {len(rows):,} rows." if cut else None,
        "provenance": {},
        "table": {
            "columns": columns,
            "rows": [list(row) for row in zip(*shown, strict=True)],
            "total": total,
        },
    }
    return {MIME: own, "text/plain": text[:10_000]}


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    if not math.isfinite(number):
        return None
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def _pretty(text: str) -> str:
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text
