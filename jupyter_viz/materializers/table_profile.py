"""Statistics of a table, column by column: exact where that is cheap, else from a sample, and it says which."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .readable import one_line

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

COLUMNS = 200
SAMPLE_ROWS = 100_000
_ALL_CELLS = 50_000_000  # up to here, what one pass over all rows gives is taken from all rows
_LARGEST_COLUMN = 64 << 20
_BINS = 24
_TOP = 6
_FEW = 8
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(slots=True)
class ColumnProfile:
    """What is known of one column.

    Attributes:
        group: number, time, text, or other (of which only nulls are counted).
        nulls: Missing values, NaN among them.
        distinct, top, quantiles: Of the rows that were looked at; `top` are (text, count), most frequent first.
        bins: Counts between `edges` of equal distance.
        clipped: The bins leave out the outermost hundredth at each end.
    """

    name: str
    type: str
    group: str = "other"
    nulls: int = 0
    infinite: int = 0
    distinct: int | None = None
    minimum: Any = None
    maximum: Any = None
    mean: Any = None
    deviation: float | None = None
    quantiles: tuple[Any, ...] = ()
    top: tuple[tuple[str, int], ...] = ()
    bins: tuple[int, ...] = ()
    edges: tuple[Any, Any] = ("", "")
    clipped: bool = False


@dataclass(slots=True)
class TableProfile:
    """`looked_at` rows gave what needs sorting or counting; `passed` rows gave nulls, extremes and means."""

    rows: int
    looked_at: int
    passed: int
    column_count: int
    columns: list[ColumnProfile]

    @property
    def basis(self) -> str:
        if self.looked_at == self.rows:
            return "all rows"
        sample = f"{self.looked_at:,} of {self.rows:,} rows, drawn at random"
        return sample if self.passed < self.rows else f"nulls, min, max, mean: all rows; the rest: {sample}"


def profiled(table: pa.Table, names: Sequence[str], types: Sequence[str]) -> TableProfile:
    """Statistics of the first 200 columns.

    Args:
        table: The columns, in order; others after them are not looked at.
        names, types: What the columns are called, and what their types are called, by whoever made the table.
    """
    import numpy as np
    import pyarrow as pa

    shown = range(min(len(names), COLUMNS))
    table = table.select(list(shown))
    part = table
    if table.num_rows > SAMPLE_ROWS:
        chosen = np.random.default_rng(0).choice(table.num_rows, SAMPLE_ROWS, replace=False)
        part = table.take(pa.array(np.sort(chosen)))
    whole = table if table.num_rows * max(1, len(names)) <= _ALL_CELLS else part
    columns = [_column(names[i], types[i], whole.column(i), part.column(i)) for i in shown]
    return TableProfile(table.num_rows, part.num_rows, whole.num_rows, len(names), columns)


def _column(name: str, type_name: str, whole: pa.ChunkedArray, part: pa.ChunkedArray) -> ColumnProfile:
    import pyarrow as pa

    column = ColumnProfile(name, type_name, nulls=whole.null_count)
    try:
        if pa.types.is_dictionary(part.type):
            whole, part = whole.cast(part.type.value_type), part.cast(part.type.value_type)
        kind = part.type
        if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
            _numbers(column, _floats(whole), _floats(part), pa.types.is_integer(kind))
            if not pa.types.is_floating(kind):  # what a float would round
                _extremes(column, whole)
            _count(column, part, by_value=True)
        elif pa.types.is_temporal(kind):
            _times(column, whole, part)
        elif pa.types.is_boolean(kind) or pa.types.is_string(kind) or pa.types.is_large_string(kind):
            column.group = "text"
            _count(column, part)
        elif str(kind) == "string_view":
            column.group = "text"
            _count(column, part.cast(pa.large_string()))
    except (pa.ArrowException, ArithmeticError, ValueError, TypeError):
        column.group = "other"  # a value no statistic takes; its nulls and type are known
    return column


def _floats(values: pa.ChunkedArray) -> np.ndarray[Any, Any]:
    import pyarrow as pa

    if pa.types.is_decimal(values.type) or pa.types.is_float16(values.type):
        values = values.cast(pa.float64())
    found: np.ndarray[Any, Any] = values.drop_null().to_numpy().astype("float64", copy=False)
    return found


def _numbers(
    column: ColumnProfile, whole: np.ndarray[Any, Any], part: np.ndarray[Any, Any], whole_numbers: bool
) -> None:
    import numpy as np

    column.group = "number"
    finite = np.isfinite(whole)
    if not finite.all():
        missing = int(np.isnan(whole).sum())
        column.nulls += missing
        column.infinite = len(whole) - int(finite.sum()) - missing
        whole, part = whole[finite], part[np.isfinite(part)]
    if not len(whole):
        return
    column.minimum, column.maximum = float(whole.min()), float(whole.max())
    with np.errstate(all="ignore"):  # the sum of the largest floats is infinite: shown as unknown
        mean, deviation = float(whole.mean()), float(whole.std(ddof=1)) if len(whole) > 1 else math.nan
    column.mean = mean if math.isfinite(mean) else None
    column.deviation = deviation if math.isfinite(deviation) else None
    _bins(column, part, whole_numbers)


def _bins(column: ColumnProfile, values: np.ndarray[Any, Any], whole_numbers: bool = False) -> None:
    """Quantiles and histogram of finite numbers."""
    import numpy as np

    if not len(values):
        return
    with np.errstate(all="ignore"):
        column.quantiles = tuple(float(value) for value in np.quantile(values, QUANTILES))
        low, high, inner_low, inner_high = np.quantile(values, (0, 1, 0.01, 0.99))
        if high - low > 10 * (inner_high - inner_low) > 0:
            low, high, column.clipped = inner_low, inner_high, True
            if whole_numbers:
                low, high = math.floor(low), math.ceil(high)
        if not math.isfinite(high - low):
            return
        try:
            if whole_numbers and high > low:  # bins of equal many integers, or they look like gaps
                step = math.ceil((high - low + 1) / _BINS)
                high = low + step * math.ceil((high - low + 1) / step)
                counts, _ = np.histogram(values, round((high - low) / step), (low, high))
                high -= 1
            else:
                counts, _ = np.histogram(values, _BINS, (low, high))
        except (ValueError, IndexError):  # a range too narrow for so many bins of floats
            counts = np.array([len(values)])
    column.bins, column.edges = tuple(int(count) for count in counts), (float(low), float(high))


def _times(column: ColumnProfile, whole: pa.ChunkedArray, part: pa.ChunkedArray) -> None:
    import pyarrow as pa
    import pyarrow.compute as pc

    column.group = "time"
    column.distinct = pc.count_distinct(part, mode="only_valid").as_py()
    _extremes(column, whole)
    kind = part.type
    wide = pa.int32() if kind.bit_width == 32 else pa.int64()
    _bins(column, _floats(part.cast(wide)))
    as_time = [pa.scalar(int(edge), wide).cast(kind) for edge in (*column.quantiles, *column.edges) if edge != ""]
    texts = [_text(value) for value in as_time]
    if texts:
        column.quantiles, column.edges = tuple(texts[:-2]), (texts[-2], texts[-1])


def _extremes(column: ColumnProfile, values: pa.ChunkedArray) -> None:
    import pyarrow.compute as pc

    found = pc.min_max(values)
    column.minimum, column.maximum = _text(found["min"]), _text(found["max"])
    if column.group == "number" and column.minimum is not None:
        column.minimum, column.maximum = found["min"].as_py(), found["max"].as_py()


def _count(column: ColumnProfile, values: pa.ChunkedArray, by_value: bool = False) -> None:
    """The distinct values and the most frequent of them; of numbers only where there are few."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if values.nbytes > _LARGEST_COLUMN:  # documents in cells: some hundred of them tell as much
        values = values.slice(0, max(100, len(values) * _LARGEST_COLUMN // values.nbytes))
    if pa.types.is_floating(values.type):
        values = values.filter(pc.is_finite(values))
    counts = pc.value_counts(values.drop_null())
    column.distinct = len(counts)
    if not len(counts) or (by_value and len(counts) > _FEW):
        return
    order = pc.array_sort_indices(counts.field("counts"), order="descending")[: _FEW if by_value else _TOP]
    top = [(item["values"], item["counts"]) for item in counts.take(order).to_pylist()]
    if by_value:
        top.sort(key=lambda pair: pair[0])
    elif top[0][1] == 1 and len(counts) > _FEW:
        return  # each value once: nothing is frequent
    column.top = tuple((one_line(str(value), 40), count) for value, count in top)


def _text(value: Any) -> str | None:
    """A moment as text; in the precision it has."""
    if value.as_py() is None:
        return None
    text = str(value.as_py())
    return text.removesuffix(" 00:00:00")
