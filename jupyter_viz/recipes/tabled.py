"""The numbers of a plot with several lines, groups or cells as one table, in the figure itself."""

from __future__ import annotations

from typing import Any

from ..views import FigureColumn


def tabled(*columns: tuple[str, str, list[Any]]) -> tuple[dict[str, Any], tuple[FigureColumn, ...]]:
    """(what is added to the layout, the columns that point at it).

    Args:
        columns: (name, type, values). All have the same length; texts are as they are in the data, no markup.
    """
    pointing = [FigureColumn(name, kind, f"/layout/meta/table/{at}") for at, (name, kind, _) in enumerate(columns)]
    return {"meta": {"table": [values for _, _, values in columns]}}, tuple(pointing)
