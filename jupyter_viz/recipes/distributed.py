"""How the numbers of many columns are distributed: counted in cells where the data is, and by that their quantiles."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .base import Table
from .exact import finite
from .narrowed import narrowed
from .segments import double

if TYPE_CHECKING:
    import numpy as np

_MOST_GROUPS = 20_000
_RANKS = 1 << 40  # more than a table has rows
_FINEST = 4096  # cells of a column: with more, counting takes longer
_PICKED = 8  # of so many numbers of a column one at most is sorted: the engine's own way is faster than most of them
_SORTED = 5_000_000  # numbers of all columns


@dataclass(frozen=True, slots=True)
class Numbers:
    """A column that has two different finite numbers at least.

    Attributes:
        low, high: The least and the greatest of them. Their distance is finite.
        every: Each row has one.
    """

    name: str
    low: float
    high: float
    every: bool

    def values(self, table: Table) -> Any:
        # Looking for what is not finite takes a third of the time: only where there is something.
        return table[self.name].cast("float64") if self.every else only_finite(table[self.name])

    def cell(self, table: Table, cells: int) -> Any:
        """Which cell of this width a row's number is in, from 0; null where it has none. The greatest is in one more.

        Of twice as many cells each is exactly a half: multiplied by two, a number is rounded as before.
        """
        return ((self.values(table) - double(self.low)) / double(self.high - self.low) * double(cells)).floor()


def only_finite(column: Any) -> Any:
    """A column of numbers without NaN and infinities, which have no mean and no place in a histogram."""
    import ibis

    floating = column.type().is_floating()
    column = column.cast("float64")
    return finite(column).ifelse(column, ibis.null("float64")) if floating else column


def one_below_another(source: Table, names: Sequence[str]) -> Table:
    """The numbers of all columns in one: `column`, its place among the names, and `number`, a float64."""
    import ibis

    parts = []
    for place, name in enumerate(names):
        table = narrowed(source, [name])
        parts.append(table.select(column=ibis.literal(place, "int64"), number=table[name].cast("float64")))
    return _union(parts)


def finest(columns: int, bins: int) -> int:
    """Into how many cells a bin can be divided, a power of two, so that all cells of all columns are few enough."""
    most = min(_FINEST, _MOST_GROUPS // max(1, columns) - 1) // bins
    return 1 << max(0, most.bit_length() - 1)


def counted(source: Table, columns: Sequence[Numbers], cells: int, *, each: bool) -> np.ndarray[Any, Any]:
    """How many numbers of each column (a row of the answer) are in each of its cells; the last holds both its ends.

    Args:
        each: Each column is looked at by itself rather than all at once, which is quicker planned, but slower run where
            columns are stored one by one.
    """
    import ibis
    import numpy as np

    parts: list[Table] = []
    if not columns:
        return np.zeros((0, cells), np.int64)
    for some in [[place] for place in range(len(columns))] if each else [range(len(columns))]:
        table = narrowed(source, [columns[place].name for place in some])
        # Cells of all columns are numbered through, and those of a row are a list.
        of_row = [_numbered(place, columns[place].cell(table, cells), cells) for place in some]
        parts.append(table.select(cell=ibis.array(of_row).unnest() if len(of_row) > 1 else of_row[0]))
    listed = _union(parts)
    found = listed.group_by("cell").aggregate(n=listed.count()).to_pyarrow()
    place, n = (found.column(name).to_numpy() for name in ("cell", "n"))
    there = ~np.isnan(place)  # a row without a number is in no cell
    counts = np.zeros((len(columns), cells + 1), np.int64)
    counts.flat[place[there].astype(np.int64)] = n[there]
    counts[:, cells - 1] += counts[:, cells]
    return counts[:, :cells]


def quantiles(
    source: Table, columns: Sequence[Numbers], counts: np.ndarray[Any, Any], shares: Sequence[float]
) -> dict[str, list[float]]:
    """Exact quantiles as NumPy's, by the column's name: only what is in the cells that hold them is sorted.

    Args:
        counts: As `counted` gives them.

    Returns:
        Not of columns where these cells hold many of the numbers: those are better asked of the engine.
    """
    import ibis

    cells = counts.shape[1]
    wanted: dict[int, list[int]] = {}
    picked: list[int] = []
    parts: list[Table] = []
    room = _SORTED
    for place, (column, count) in enumerate(zip(columns, counts, strict=True)):
        these, ranks = _chosen(count, shares)
        if (size := count[these].sum()) > min(room, count.sum() // _PICKED):
            continue
        wanted[place] = ranks
        room -= size
        picked += [_numbered(place, cell, cells) for cell in ([*these, cells] if cells - 1 in these else these)]
        table = narrowed(source, [column.name])
        cell = _numbered(place, column.cell(table, cells), cells)
        parts.append(table.select(column=ibis.literal(place, "int64"), value=column.values(table), cell=cell))
    if not parts:
        return {}
    # Joined: an engine that is given a list looks for the cell of each number twice as long.
    near = _union(parts).semi_join(ibis.array(picked).unnest().name("cell").as_table(), "cell")
    # Column and rank in one number: all of them are found by one look-up.
    both = sorted({place * _RANKS + rank for place, ranks in wanted.items() for rank in ranks})
    near = near.mutate(rank=ibis.row_number().over(group_by="column", order_by="value"))
    near = near.filter((near.column * _RANKS + near.rank).isin(both))
    found = {(row["column"], row["rank"]): row["value"] for row in near.to_pyarrow().to_pylist()}
    made = {}
    for place, ranks in wanted.items():
        # A table that changed in between has other ranks: the engine is asked then too.
        if all((place, rank) in found for rank in ranks):
            beside = [found[place, rank] for rank in ranks]
            made[columns[place].name] = _between(beside, int(counts[place].sum()), shares)
    return made


def _numbered(place: int, cell: Any, cells: int) -> Any:
    """A column's cell in a row of the cells of all columns; each has one more, for its greatest number."""
    return cell + place * (cells + 1)


def _union(parts: Sequence[Table]) -> Table:
    import ibis

    return ibis.union(*parts) if len(parts) > 1 else parts[0]


def _chosen(count: Any, shares: Sequence[float]) -> tuple[list[int], list[int]]:
    """The cells that hold the two numbers beside each quantile, and the ranks of these in all that is in the cells."""
    import numpy as np

    upto = np.cumsum(count)
    ranks = [rank for share in shares for rank in _beside(share, int(upto[-1]))]
    cell_of = np.searchsorted(upto, ranks, side="right")
    cells = np.unique(cell_of)
    # What lies below a cell, less what lies below it in the others of these.
    left_out = (upto - count)[cells] - (np.cumsum(count[cells]) - count[cells])
    return cells.tolist(), (np.array(ranks) - left_out[np.searchsorted(cells, cell_of)]).tolist()


def _beside(share: float, count: int) -> tuple[int, int]:
    """The ranks, from 0, of the numbers that a quantile lies between."""
    at = share * (count - 1)
    return math.floor(at), math.ceil(at)


def _between(values: Sequence[float], count: int, shares: Sequence[float]) -> list[float]:
    """Quantiles of the pairs of numbers beside them."""
    pairs = zip(shares, values[::2], values[1::2], strict=True)
    return [low + (high - low) * (share * (count - 1) % 1) for share, low, high in pairs]
