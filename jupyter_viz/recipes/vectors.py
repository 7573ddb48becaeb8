"""Rows of many numbers as vectors: counted where the data is, and a part of them, drawn by chance, brought here.

An engine is asked for hundreds of columns as one list. An expression for each of them would take longer to be written
than everything else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .axes import group_of, only_row
from .base import Table
from .exact import finite, infinite
from .scored import numbers_of

if TYPE_CHECKING:
    import numpy as np

_MOST_ROWS = 20_000
_MOST_NUMBERS = 4_000_000


@dataclass(frozen=True, slots=True)
class Vectors:
    """The vectors of a table.

    Attributes:
        rows: Table of those that have a finite number in each place: `vector`, and `group` where one was asked for,
            which holds no null.
        names: What each place is called.
        every: How many rows the source has.
        kept: How many of them `rows` has.
        infinite: How many infinite numbers there are.
    """

    rows: Table
    names: list[str]
    every: int
    kept: int
    infinite: int

    def drawn(self, seed: int) -> tuple[np.ndarray[Any, Any], list[str | None]]:
        """(a row for each vector drawn, their groups): which is decided by seed and values, not by the rows' order."""
        import ibis

        most = min(_MOST_ROWS, _MOST_NUMBERS // len(self.names))
        # Of a number that only the values decide, and the seed: whatever is first by it is there by chance.
        text = ibis.literal(f"{seed}|") + _number_of(self.rows)
        order = (text + self.rows.group if "group" in self.rows.columns else text).hash()
        chosen = self.rows.mutate(order=order).order_by("order").limit(most).drop("order").to_pyarrow()
        values = chosen.column("vector").combine_chunks().flatten().to_numpy(zero_copy_only=False)
        groups = chosen.column("group").to_pylist() if "group" in chosen.column_names else []
        return values.reshape(-1, len(self.names)), groups


def vectors_of(source: Table, columns: Sequence[str], by: str | None) -> Vectors:
    """A vector of each row.

    Args:
        columns: Of numbers, or one of vectors.

    Raises:
        InvalidArgument: One of them holds no numbers.
    """
    import ibis

    if holds_vectors(source, columns):
        [name] = columns
        vector: Any = source[name].cast("array<float64>")
        size = only_row(source.aggregate(size=vector.length().max()))[0] or 0
        names = [f"{name}[{place}]" for place in range(size)]
    else:
        vector = ibis.array([numbers_of(source, name, "columns") for name in columns])
        names = list(columns)
    rows = source.select(vector=vector, **({"group": group_of(source, by)} if by else {}))
    whole = rows.vector.filter(finite).length() == len(names)
    if by:
        whole = whole & rows.group.notnull()
    every, kept = only_row(rows.aggregate(every=rows.count(), kept=whole.sum()))
    if every == kept:  # each look into lists takes longer than reading them
        return Vectors(rows, names, every, kept, 0)
    beyond = only_row(rows.aggregate(n=rows.vector.filter(infinite).length().sum()))[0]
    return Vectors(rows.filter(whole), names, every, kept or 0, beyond or 0)


def _number_of(rows: Table) -> Any:
    """A hash of each vector, as text: of the list where an engine has one, as that of its text takes twenty times as
    long."""
    from ibis.common.exceptions import UnsupportedOperationError

    hashed = rows.vector.hash()
    try:
        rows.select(hashed=hashed).compile()
    except UnsupportedOperationError:
        hashed = rows.vector.cast("string").hash()
    return hashed.cast("string")


def holds_vectors(source: Table, columns: Sequence[str]) -> bool:
    """Whether they are one column whose values are lists of numbers."""
    kinds = [source[name].type() for name in columns]
    return len(kinds) == 1 and kinds[0].is_array() and kinds[0].value_type.is_numeric()
