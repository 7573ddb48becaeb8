"""Numbers counted in bins where the data is: edges, which bin a number falls into, and a grid over two columns."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

from .base import Table

if TYPE_CHECKING:
    import pandas as pd


def even_edges(least: float, most: float, bins: int) -> list[float]:
    """The `bins` + 1 edges of bins of the same width; around the one value where there is only one."""
    import numpy as np

    if least == most:
        room = abs(least) / 1000 or 0.5
        least, most = least - room, most + room
    # In halves: the distance between the ends may be more than a float holds.
    return [2 * float(edge) for edge in np.linspace(least / 2, most / 2, bins + 1)]


def quantile_edges(table: Table, column: str, bins: int) -> list[float]:
    """The edges of bins with as many rows each as ties allow; fewer bins where edges would be the same.

    The first and last bin may be of one value only, where that has more than its share of the rows.
    """
    shares = [number / bins for number in range(bins + 1)]
    found = table.aggregate(edges=table[column].quantile(shares)).to_pyarrow()
    first, *inner, last = found.column("edges").to_pylist()[0]
    return [first, *sorted(set(inner)), last]


def bin_of(values: Any, edges: Sequence[float], *, closed: Literal["left", "right"] = "right") -> Any:
    """Which bin a number falls into, from 0.

    Args:
        values: An Ibis column of float64.
        edges: All of them, with the two at the ends, beyond which nothing may lie.
        closed: Which of its edges belongs to a bin: the upper one, as in scikit-learn, or the lower one, as in
            histograms. The first and the last bin have both ends.
    """
    import ibis

    def between(first: int, last: int) -> Any:
        # Halved again and again: an expression as deep as the number of bins would be too deep for an engine.
        if first == last:
            return ibis.literal(first, "int64")
        middle = (first + last) // 2
        edge = edges[middle + 1]
        lower = values <= edge if closed == "right" else values < edge
        return ibis.ifelse(lower, between(first, middle), between(middle + 1, last))

    return between(0, max(len(edges) - 2, 0))


def middles(edges: Sequence[float]) -> list[float]:
    return [low / 2 + high / 2 for low, high in pairwise(edges)]


def count_grid(table: Table, x: Sequence[float], y: Sequence[float]) -> pd.DataFrame:
    """How many rows of `x` and `y` fall into each cell of a grid of edges, as columns x, y (middles) and rows.

    Cells without rows are left out, except what it takes for every column and row of the grid to have a cell: drawn
    from their middles alone, the cells beside a gap would grow into it.
    """
    import pandas as pd

    binned = table.select(i=bin_of(table.x, x), j=bin_of(table.y, y))
    counted = binned.group_by("i", "j").aggregate(rows=lambda cells: cells.count())
    cells = {(row["i"], row["j"]): row["rows"] for row in counted.to_pyarrow().to_pylist()}
    columns, rows = {i for i, _ in cells}, {j for _, j in cells}
    cells |= {(i, min(rows)): 0 for i in range(len(x) - 1) if i not in columns}
    cells |= {(min(columns), j): 0 for j in range(len(y) - 1) if j not in rows}
    across, up = middles(x), middles(y)
    return pd.DataFrame(
        [(across[i], up[j], count) for (i, j), count in sorted(cells.items())], columns=["x", "y", "rows"]
    )
