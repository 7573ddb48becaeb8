"""pandas' tables as Arrow tables and back, and whether a table survives that."""

from __future__ import annotations

import json
import math
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..io.indexes import with_named_levels
from .readable import one_line

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

_NOTES = b"jupyter_viz"
_COMPARED_ROWS = 100


@dataclass(frozen=True, slots=True)
class Packed:
    """A table as Arrow has it; `exact` where it comes back as it was."""

    table: pa.Table
    exact: bool


def packed(frame: pd.DataFrame, notes: Mapping[str, Any] | None = None) -> Packed:
    """The Arrow table of a DataFrame: its columns first, then its index.

    What parquet can't hold (mixed types, two columns of one name) is in it as text, and it is not exact then.
    """
    import pyarrow as pa

    if len({str(name) for name in frame.columns}) < frame.shape[1]:
        return Packed(_text_columns(with_named_levels(frame)), exact=False)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # attributes that no JSON holds are found below
            table = pa.Table.from_pandas(frame)
    except (pa.ArrowException, ValueError, TypeError, OverflowError, NotImplementedError):
        return Packed(_text_columns(with_named_levels(frame)), exact=False)
    found: dict[str, Any] = {"lists": _lists(frame, table), "freq": getattr(frame.index, "freqstr", None)}
    table = table.replace_schema_metadata(
        {**(table.schema.metadata or {}), _NOTES: json.dumps({**found, **(notes or {})}).encode()}
    )
    return Packed(table, exact=_survives(frame, table))


def restored(table: pa.Table) -> pd.DataFrame:
    """The DataFrame that `packed` was given."""
    import pandas as pd

    frame: pd.DataFrame = table.to_pandas()
    notes = noted(table)
    for position in notes.get("lists", ()):  # Arrow gives arrays for lists
        values = pd.Series(table.column(position).to_pylist(), index=frame.index, dtype=object)
        frame.isetitem(position, values.array)
    if freq := notes.get("freq"):
        frame.index.freq = freq  # type: ignore[attr-defined]
    return frame


def noted(table: pa.Table) -> dict[str, Any]:
    """What pandas' own metadata of a table doesn't say."""
    notes: dict[str, Any] = json.loads((table.schema.metadata or {}).get(_NOTES, b"{}"))
    return notes


def unique(names: Iterable[Any]) -> list[str]:
    """Names for columns, each once: `a`, `a_2`, …"""
    taken: list[str] = []
    for name in map(str, names):
        free, number = name, 1
        while free in taken:
            number += 1
            free = f"{name}_{number}"
        taken.append(free)
    return taken


def as_text(names: Sequence[str], columns: Sequence[Any]) -> pa.Table:
    """An Arrow table of any values: a column that parquet can't hold is text."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    arrays = []
    for column in columns:
        try:
            array = pa.chunked_array([pa.array(column, from_pandas=True)]) if not _is_arrow(column) else column
            pq.write_table(pa.table({"": array.slice(0, 1)}), pa.BufferOutputStream())
        except (pa.ArrowException, ValueError, TypeError, OverflowError, NotImplementedError):
            array = pa.array([None if _missing(value) else one_line(value, 1000) for value in column], pa.string())
        arrays.append(array)
    return pa.table(arrays, names=list(names))


def _is_arrow(column: Any) -> bool:
    return type(column).__module__ == "pyarrow.lib"


def _text_columns(frame: pd.DataFrame) -> pa.Table:
    columns = [frame.iloc[:, position] for position in range(frame.shape[1])]
    return as_text(unique(frame.columns), [column.array for column in columns])


def _lists(frame: pd.DataFrame, table: pa.Table) -> list[int]:
    """Positions of the columns whose values are all Python lists."""
    import pyarrow as pa

    return [
        position
        for position in range(frame.shape[1])
        if pa.types.is_list(table.schema.field(position).type)
        and all(type(value) is list or value is None for value in frame.iloc[:, position])
    ]


def _survives(frame: pd.DataFrame, table: pa.Table) -> bool:
    """Whether the first rows come back as they were; columns of nested values only where they are lists."""
    import pandas as pd
    import pyarrow as pa

    if type(frame) is not pd.DataFrame:
        return False
    lists = noted(table)["lists"]
    for position in range(frame.shape[1]):
        kind = table.schema.field(position).type
        if pa.types.is_nested(kind) and position not in lists:
            return False
    try:
        head, again = frame.iloc[:_COMPARED_ROWS], restored_head(table)
        return (
            again.attrs == frame.attrs
            and list(again.dtypes) == list(frame.dtypes)
            and _same_labels(head.columns, again.columns)
            and _same_labels(head.index, again.index)
            and all(_same_values(head.iloc[:, i], again.iloc[:, i]) for i in range(frame.shape[1]))
        )
    except Exception:  # comparing somebody's objects: if in doubt, it is not the same
        return False


def restored_head(table: pa.Table) -> pd.DataFrame:
    part = table.slice(0, _COMPARED_ROWS)
    return restored(part.replace_schema_metadata(_without_freq(part.schema.metadata)))


def _without_freq(metadata: Mapping[bytes, bytes]) -> dict[bytes, bytes]:
    """A part of an index may be too short for its frequency."""
    return {**metadata, _NOTES: json.dumps({**json.loads(metadata[_NOTES]), "freq": None}).encode()}


def _same_labels(left: pd.Index[Any], right: pd.Index[Any]) -> bool:
    return type(left) is type(right) and left.names == right.names and left.identical(right)


def _same_values(left: pd.Series[Any], right: pd.Series[Any]) -> bool:
    if left.dtype != object:
        return bool(left.equals(right))
    return all(
        (_missing(a) and _missing(b)) or (type(a) is type(b) and a == b) for a, b in zip(left, right, strict=True)
    )


def _missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value)) or type(value).__name__ == "NAType"
