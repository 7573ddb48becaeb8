"""What the index of a pandas frame is in a table: a column where it names something, and else nothing.

A frame that was split or filtered keeps the numbers of its rows: as a column they would be taken for a feature. An
index that has a name, or the names of rows as `describe()` gives them, or moments, says what is in no other column.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import ibis

_UNNAMED = re.compile(r"__index_level_\d+__")
"""What Arrow calls the column of an index without a name."""
NAMES = "index"
"""What a column of names of rows, or of their moments, is called."""


def without_row_numbers(table: ibis.Table) -> ibis.Table:
    """A table that pandas wrote: names of rows and moments are its column `index`, numbers of rows are left out."""
    levels = [name for name in table.columns if _UNNAMED.fullmatch(name)]
    kinds = table.schema()
    telling = [name for name in levels if kinds[name].is_string() or kinds[name].is_timestamp()]
    if len(levels) == len(table.columns):
        return table
    if len(levels) == len(telling) == 1 and NAMES not in table.columns:
        table = table.rename({NAMES: telling[0]})
    left = [name for name in levels if name in table.columns]
    return table.drop(*left) if left else table


def named_levels(frame: Any) -> dict[int, str]:
    """What columns the levels of a pandas frame's index are, by their place; as `without_row_numbers` leaves them."""
    import pandas as pd

    index, columns = frame.index, set(map(str, frame.columns))
    if isinstance(index, pd.RangeIndex):
        return {}
    names = {at: name if name is None else str(name) for at, name in enumerate(index.names)}
    unnamed = [at for at, name in names.items() if name is None]
    if len(unnamed) == 1 and _is_telling(index.get_level_values(unnamed[0])):
        names[unnamed[0]] = NAMES
    return {at: name for at, name in names.items() if name is not None and name not in columns}


def _is_telling(values: Any) -> bool:
    import pandas as pd

    kinds = values.categories if isinstance(values, pd.CategoricalIndex) else values
    if kinds.dtype == object and not kinds.size:
        return False
    return pd.api.types.is_string_dtype(kinds) or pd.api.types.is_datetime64_any_dtype(kinds)


def with_named_levels(frame: Any) -> Any:
    """A pandas frame whose columns are followed by those of its index."""
    levels = named_levels(frame)
    if not levels:
        return frame
    return frame.assign(**{name: frame.index.get_level_values(at) for at, name in levels.items()})
