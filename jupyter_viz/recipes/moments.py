"""Correlations of many columns, computed where the data is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any

from .axes import only_row
from .base import Table

if TYPE_CHECKING:
    import numpy as np

_PAIRS_AT_ONCE = 500  # in one query: many more take longer to be planned than to be computed


def ranges_of(rows: Table, columns: Sequence[str]) -> dict[str, tuple[float, float]]:
    """(least, greatest) of each column that has two different values."""
    ends = only_row(
        rows.aggregate(
            **{f"low{at}": rows[name].min() for at, name in enumerate(columns)},
            **{f"high{at}": rows[name].max() for at, name in enumerate(columns)},
        )
    )
    pairs = zip(columns, ends[: len(columns)], ends[len(columns) :], strict=True)
    return {name: (low, high) for name, low, high in pairs if low is not None and low < high}


def scaled(rows: Table, ranges: Mapping[str, tuple[float, float]]) -> Table:
    """The columns moved to 0 to 1: squares of very large numbers would not fit, of very near ones cancel out."""
    # Halves: the difference of two floats may be more than a float holds.
    return rows.mutate(
        **{name: (rows[name] / 2 - low / 2) / (high / 2 - low / 2) for name, (low, high) in ranges.items()}
    )


def pearson(rows: Table, columns: Sequence[str]) -> np.ndarray[Any, Any]:
    """The matrix of Pearson's correlations, each over the rows that have both values; NaN where there is none.

    Args:
        columns: Names of `scaled` columns, in which null is what is missing.
    """
    pairs = list(combinations(range(len(columns)), 2))
    found = []
    for start in range(0, len(pairs), _PAIRS_AT_ONCE):
        # Of population or sample: the same number.
        wanted = {
            f"c{a}_{b}": rows[columns[a]].corr(rows[columns[b]], how="pop")
            for a, b in pairs[start : start + _PAIRS_AT_ONCE]
        }
        found += only_row(rows.aggregate(**wanted))
    return _matrix(len(columns), pairs, found)


def spearman(rows: Table, columns: Sequence[str]) -> np.ndarray[Any, Any]:
    """The same of ranks, those of equal values being their mean (Spearman 1904, with ties as in Kendall 1945).

    Ranks are counted among the rows that have both values of a pair: where a column has missing values, the ranks of
    all others against it are their own.
    """
    whole = [name for name, missing in zip(columns, _missing(rows, columns), strict=True) if not missing]
    ranked = rows.mutate(**{name: _rank(rows, name) for name in whole}) if whole else rows
    of_whole = pearson(ranked, whole) if len(whole) > 1 else None
    pairs = list(combinations(range(len(columns)), 2))
    found = []
    for a, b in pairs:
        first, second = columns[a], columns[b]
        if of_whole is not None and first in whole and second in whole:
            found.append(of_whole[whole.index(first), whole.index(second)])
            continue
        both = rows.filter(rows[first].notnull(), rows[second].notnull())
        both = both.select(a=_rank(both, first), b=_rank(both, second))
        found += only_row(both.aggregate(c=both.a.corr(both.b, how="pop")))
    return _matrix(len(columns), pairs, found)


def _missing(rows: Table, columns: Sequence[str]) -> list[int]:
    return only_row(rows.aggregate(**{f"m{at}": rows[name].isnull().sum() for at, name in enumerate(columns)}))


def _rank(rows: Table, column: str) -> Any:
    import ibis

    below = ibis.rank().over(ibis.window(order_by=rows[column]))
    same = rows.count().over(ibis.window(group_by=rows[column]))
    return below + (same - 1) / 2


def _matrix(size: int, pairs: Sequence[tuple[int, int]], values: Sequence[float | None]) -> np.ndarray[Any, Any]:
    import numpy as np

    matrix = np.full((size, size), np.nan)
    np.fill_diagonal(matrix, 1.0)
    for (a, b), value in zip(pairs, values, strict=True):
        # Adding up may end a hair's breadth beyond 1.
        matrix[a, b] = matrix[b, a] = np.nan if value is None else min(max(value, -1.0), 1.0)
    return matrix
