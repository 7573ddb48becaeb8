"""The numbers of a plot with several lines, groups or cells as one table, in the figure itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..views import FigureColumn


def of_traces(
    traces: Sequence[int], groups: tuple[str, Sequence[str | None]] | None, *columns: tuple[str, str, str]
) -> tuple[dict[str, Any], tuple[FigureColumn, ...]]:
    """The same of numbers that are in traces, one below the other.

    Args:
        traces: Their places in the figure.
        groups: Name of a first column, and what it says of each trace.
        columns: (name, type, the traces' `x` or `y`).
    """
    pointing = [FigureColumn(name, kind, [f"/data/{at}/{axis}" for at in traces]) for name, kind, axis in columns]
    if groups is None:
        return {}, tuple(pointing)
    name, said = groups
    each = [(f"/layout/meta/groups/{place}", f"/data/{at}/x") for place, at in enumerate(traces)]
    return {"meta": {"groups": list(said)}}, (FigureColumn(name, "text", each), *pointing)


def tabled(*columns: tuple[str, str, list[Any]]) -> tuple[dict[str, Any], tuple[FigureColumn, ...]]:
    """(what is added to the layout, the columns that point at it).

    Args:
        columns: (name, type, values). All have the same length; texts are as they are in the data, no markup.
    """
    pointing = [FigureColumn(name, kind, f"/layout/meta/table/{at}") for at, (name, kind, _) in enumerate(columns)]
    return {"meta": {"table": [values for _, _, values in columns]}}, tuple(pointing)
