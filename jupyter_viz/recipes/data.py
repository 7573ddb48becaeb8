"""Recipes for data as it is."""

from __future__ import annotations

from typing import Annotated

from ..views import Rows
from .base import Bounds, Column, Table, recipe

_MOST_ROWS = 10_000


@recipe(title="Table")
def table(
    source: Table,
    *,
    columns: list[Column] | None = None,
    rows: Annotated[int, Bounds(1, _MOST_ROWS)] = 1000,
) -> Rows:
    """The first rows as they are; says how many there are in all.

    Args:
        columns: Which to show, in this order; by default all.
        rows: How many at most, up to 10,000.
    """
    chosen = source.select(*columns) if columns else source
    total = int(source.count().to_pyarrow().as_py())
    shown = chosen.limit(rows).to_pandas()
    cut = f"the first {len(shown):,} of {total:,} rows" if total > len(shown) else f"{total:,} rows"
    names = ", ".join(list(map(str, shown.columns))[:10]) + (", …" if len(shown.columns) > 10 else "")
    return Rows(
        title="Table",
        alt=f"Table with {cut} and {len(shown.columns):,} columns: {names}.",
        data=shown,
        total=total,
        metrics={"rows": total, "columns": len(source.columns)},
        note=f"Shows {cut}." if total > len(shown) else None,
    )
