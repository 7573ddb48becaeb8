"""The heatmap of correlations."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

from ..errors import InvalidArgument
from ..views import Figure
from .axes import all_of, axis_of, listed, names_of, only_row, settled
from .base import Table
from .moments import pearson, ranges_of, scaled, spearman
from .style import DIVERGING, layout, note_of, rounded, short
from .tabled import tabled

if TYPE_CHECKING:
    import numpy as np

_MOST_COLUMNS = 40
_WRITTEN_UP_TO = 12  # columns: more have no room for numbers in the cells


def numeric_columns(source: Table) -> list[str]:
    return [name for name, kind in source.schema().items() if kind.is_numeric()]


def correlation_of(source: Table, columns: list[str] | None, method: str) -> Figure:
    import numpy as np
    import pandas as pd

    wanted = list(dict.fromkeys(numeric_columns(source) if columns is None else columns))
    if columns is not None and len(wanted) > _MOST_COLUMNS:
        raise InvalidArgument(f"Argument 'columns': {len(wanted)} columns; name {_MOST_COLUMNS} at most.")
    chosen, unshown = wanted[:_MOST_COLUMNS], wanted[_MOST_COLUMNS:]
    if len(chosen) < 2:
        raise InvalidArgument(f"A correlation needs two columns of numbers; there is {listed(chosen) or 'none'}.")
    axes = {f"c{at}": axis_of(source, name, "columns", dates=False) for at, name in enumerate(chosen)}
    rows = source.select(**{key: axis.values for key, axis in axes.items()})
    infinite = source.aggregate(**{key: axis.infinite.sum() for key, axis in axes.items()})
    several = sum(n or 0 for n in only_row(infinite))
    every, complete = only_row(
        rows.aggregate(every=rows.count(), complete=rows.count(where=all_of([rows[key].notnull() for key in axes])))
    )
    ranges = ranges_of(rows, list(axes))
    names = {key: name for key, name in zip(axes, chosen, strict=True) if key in ranges}
    constant = [name for key, name in zip(axes, chosen, strict=True) if key not in ranges]
    if len(names) < 2:
        raise InvalidArgument(f"Nothing to draw: two columns that vary are needed, {listed(constant)} do not.")
    rows = scaled(rows.select(*names), ranges)
    matrix = (pearson if method == "pearson" else spearman)(rows, list(names))
    notes = []
    if complete < every:
        notes.append(f"{every - complete:,} of {every:,} rows lack a value; each pair is over the rows that have both.")
    if several:
        notes.append(f"{several:,} infinite values count as missing.")
    if constant:
        notes.append(f"Not shown, for they do not vary: {listed(constant)}.")
    if unshown:
        notes.append(f"Shows the first {_MOST_COLUMNS} columns of numbers, not {listed(unshown)}.")
    shown = list(names.values())
    pairs = [(a, b) for a, b in combinations(range(len(shown)), 2)]
    values = [float(matrix[pair]) for pair in pairs]
    known = [at for at, value in enumerate(values) if not np.isnan(value)]
    title = f"{method.capitalize()} correlation of {len(shown)} columns"
    alt = f"{title} over {every:,} rows. "
    metrics: dict[str, float] = {"rows": every, "columns": len(shown)}
    if known:
        best = max(known, key=lambda at: settled(abs(values[at])))
        first, second = (short(shown[at]) for at in pairs[best])
        alt += f"Strongest: {first} and {second}, {values[best]:.3f}. "
        metrics["strongest_correlation"] = settled(values[best])
        opposed = min(known, key=lambda at: settled(values[at]))
        if values[opposed] < 0 and opposed != best:
            first, second = (short(shown[at]) for at in pairs[opposed])
            alt += f"Most opposed: {first} and {second}, {values[opposed]:.3f}. "
    table = pd.DataFrame(
        {
            "column": [shown[a] for a, _ in pairs],
            "other column": [shown[b] for _, b in pairs],
            "correlation": values,
        }
    )
    added, pointing = tabled(
        ("column", "text", list(table["column"])),
        ("other column", "text", list(table["other column"])),
        ("correlation", "number", rounded(values)),
    )
    about = layout(title, "column", "column", **added)
    spec = {"data": [_heatmap(names_of(shown), matrix)], "layout": about}
    about["xaxis"] |= {"type": "category", "tickangle": -45 if len(shown) > 4 else 0}
    about["yaxis"] |= {"type": "category", "autorange": "reversed"}
    return Figure(title, alt.strip(), spec, pointing, table, metrics, note_of(*notes))


def _heatmap(names: list[str], matrix: np.ndarray[Any, Any]) -> dict[str, Any]:
    trace = {
        "type": "heatmap",
        "x": names,
        "y": names,
        "z": [rounded(row) for row in matrix],
        "zmin": -1,
        "zmax": 1,
        "colorscale": [list(stop) for stop in DIVERGING],
        "colorbar": {"title": {"text": "r"}},
        "hoverongaps": False,
        "hovertemplate": "%{x}<br>%{y}<br>%{z:.3f}<extra></extra>",
    }
    if len(names) > _WRITTEN_UP_TO:
        return trace
    text = [["" if value != value else f"{value:.2f}" for value in row] for row in matrix]
    return trace | {"text": text, "texttemplate": "%{text}"}
