"""Recipes for columns against each other: two, all pairs, or all at once in a plane."""

from __future__ import annotations

from typing import Annotated, Literal

from ..views import Figure
from .base import Bounds, Column, Table, recipe
from .correlated import correlation_of
from .projected import projection_of
from .scattered import scatter_of


@recipe(title="Scatter plot")
def scatter(source: Table, *, x: Column, y: Column, by: Column | None = None) -> Figure:
    """Two numbers or dates of each row against each other; of more than 1,200 rows how many there are in each cell.

    Args:
        x: Column of the horizontal axis, numbers or dates.
        y: Column of the vertical axis, numbers or dates.
        by: A colour for each group of this column; up to 8, the rest as "other". Only up to 1,200 rows.
    """
    return scatter_of(source, x, y, by)


@recipe
def correlation(
    source: Table, *, columns: list[Column] | None = None, method: Literal["pearson", "spearman"] = "pearson"
) -> Figure:
    """How strongly columns of numbers go together, each with each, from -1 to 1.

    Args:
        columns: Which; by default all columns of numbers, up to 40.
        method: Of the values (pearson), or of their ranks (spearman), which any increasing relation makes 1.
    """
    return correlation_of(source, columns, method)


@recipe
def embedding_projection(
    source: Table,
    *,
    columns: list[Column] | None = None,
    by: Column | None = None,
    sample: Annotated[int, Bounds(10, 5000)] = 1200,
    seed: int = 0,
) -> Figure:
    """Rows of many numbers in a plane: the first two principal components (PCA) of the standardized columns.

    Args:
        columns: Columns of numbers, such as the dimensions of an embedding, or one column of vectors; by default all
            of numbers, or where there are none the first of vectors.
        by: A colour for each group of this column; up to 8, the rest as "other".
        sample: How many rows are drawn at most; the components are those of all rows, of more than 40 columns those of
            up to 20,000 rows.
        seed: Another seed draws another sample.
    """
    return projection_of(source, columns, by, sample, seed)
