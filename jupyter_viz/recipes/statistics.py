"""What a table holds, column by column."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

from ..enums import ArtifactKind
from ..views import Rows
from . import tfdv
from .adapted import Adapter
from .base import Bounds, Column, Table, recipe
from .described import EXACT, MOST_COLUMNS, QUANTILES, described_column, described_table, left_out_columns
from .distributed import Numbers, counted, finest, one_below_another, only_finite, quantiles
from .drift import drifted
from .exact import infinite
from .narrowed import is_parsed, narrowed

if TYPE_CHECKING:
    import ibis

_TOP = 3
_ONE_QUERY = 50  # columns: a query of very many expressions takes an engine longer to plan than to run
_FEW = 200_000  # rows, which an engine counts as fast as it plans a query of many columns
_HELD = 20_000_000  # numbers an engine may hold to tell exact quantiles, which take half as long as estimated ones


@recipe(
    title="Data statistics",
    together=drifted,
    adapter=Adapter(tfdv.statistics_file, "TFDV", (ArtifactKind.STATISTICS.value,)),
)
def data_statistics(
    source: Table,
    *,
    columns: list[Column] | None = None,
    bins: Annotated[int, Bounds(2, 40)] = 12,
) -> Rows:
    """Each column's count, missing and distinct values, mean, quantiles, extremes, histogram and most frequent values.

    Distinct values are estimated above 200,000 rows, quantiles above 20,000,000, and there of skewed columns. Reads the
    statistics that TensorFlow Data Validation (TFDV) counted too, with the extra `tfdv`. Of several tables each column
    stands below that of the first, with the Jensen-Shannon divergence from it.

    Args:
        columns: Which to describe, in this order; by default all, up to 500.
        bins: How many bars the small histograms have; in a file of TFDV they are there already.
    """
    names = list(columns or source.columns)[:MOST_COLUMNS]
    rows = int(source.count().to_pyarrow().as_py())
    at_once = min(_ONE_QUERY, max(1, _HELD // max(1, rows))) if is_parsed(source) and rows <= _HELD else _ONE_QUERY
    found: list[dict[str, Any]] = []
    for start in range(0, len(names), at_once):
        found += _described(source, names[start : start + at_once], rows, bins, finest(len(names), bins))
    left = len(source.columns) - len(names) if columns is None else 0
    estimated = f"More than {_FEW:,} rows: distinct values are estimated, a few percent off." if rows > _FEW else None
    return described_table(found, rows, len(source.columns), left_out_columns(left), estimated)


def _described(source: Table, names: Sequence[str], rows: int, bins: int, finer: int) -> list[dict[str, Any]]:
    """A row of the answer for each column; some queries for all of them.

    Args:
        finer: Into how many cells a bin may be divided.
    """
    kinds = {name: _kind(source.schema()[name]) for name in names}
    # Few rows are counted as fast as queries are planned, so that few of these is best; many are looked at column by
    # column, but where each look reads all columns.
    each = rows > _FEW and not is_parsed(source)
    sums = _summed(source, kinds, None if each else _quantile_of(rows), each=each, exact=rows <= _FEW)
    for name, of in sums.items():
        if source.schema()[name].is_integer() and of["present"] and max(-of["min"], of["max"]) > EXACT:
            of |= _beyond_floats(source, name, exact=rows <= _FEW)
    ends = {name: (float(of["min"]), float(of["max"])) for name, of in sums.items() if _has_numbers(kinds[name], of)}
    columns = [
        Numbers(name, low, high, every=sums[name]["present"] == sums[name]["rows"])
        for name, (low, high) in ends.items()
        if 0 < high - low < math.inf
    ]
    finer = finer if each else 1
    counts = counted(source, columns, bins * finer, each=each)
    for column, count in zip(columns, counts, strict=True):
        sums[column.name]["histogram"] = count.reshape(bins, finer).sum(1).tolist()
    if each:
        found = quantiles(source, columns, counts, QUANTILES)
        left = [name for name in names if kinds[name] == "number" and name not in found]
        for name, values in (found | _asked_quantiles(source, left, rows)).items():
            sums[name]["quantiles"] = values
    tops = _tops(source, [name for name in names if kinds[name] == "text"])
    return [_row(source, name, kinds[name], sums[name], tops.get(name)) for name in names]


def _has_numbers(kind: str, of: Mapping[str, Any]) -> bool:
    return kind == "number" and of["present"] > 0


def _beyond_floats(source: Table, name: str, *, exact: bool) -> dict[str, Any]:
    """What is asked again of a column of whole numbers that floats can't tell apart.

    Args:
        exact: As in `_summed`.
    """
    column = source[name]
    distinct = column.nunique() if exact else column.approx_nunique()
    [found] = source.aggregate(min=column.min(), max=column.max(), distinct=distinct).to_pyarrow().to_pylist()
    if found["max"] - found["min"] <= EXACT:
        found["std"] = (column - found["min"]).cast("float64").std(how="sample").to_pyarrow().as_py()
    return dict(found)


def _quantile_of(rows: int) -> str:
    """The name of the way in which an engine tells quantiles."""
    return "quantile" if rows <= _HELD else "approx_quantile"


def _asked_quantiles(source: Table, names: Sequence[str], rows: int) -> dict[str, list[float]]:
    """Of columns of numbers, by name: asked of the engine, in as many queries as it can hold the numbers for."""
    found: dict[str, list[float]] = {}
    at_once = max(1, _HELD // rows) if rows <= _HELD else _ONE_QUERY
    for start in range(0, len(names), at_once):
        some = names[start : start + at_once]
        table = narrowed(source, some)
        wanted = {
            f"quantiles{i}": getattr(only_finite(table[name]), _quantile_of(rows))(list(QUANTILES))
            for i, name in enumerate(some)
        }
        [row] = table.aggregate(**wanted).to_pyarrow().to_pylist()
        found.update(zip(some, row.values(), strict=True))
    return found


def _kind(dtype: Any) -> str:
    if dtype.is_numeric():
        return "number"
    if dtype.is_timestamp() or dtype.is_date():
        return "time"
    return "text" if dtype.is_string() or dtype.is_boolean() else "other"


def _summed(
    source: Table, kinds: Mapping[str, str], quantile: str | None, *, each: bool, exact: bool
) -> dict[str, dict[str, Any]]:
    """Of each column what `_sums` asks, by one or two queries.

    Args:
        quantile: How quantiles are told; None where they are found in another way.
        each: Columns of numbers are looked at one by one: what is in one piece, for one processor, is then at least
            several columns, for several. It is also planned in a fraction of the time.
        exact: Distinct values are counted; else they are estimated.
    """
    apart = [name for name, kind in kinds.items() if kind == "number"] if each else []
    found: dict[str, dict[str, Any]] = {}
    if apart:
        numbers = one_below_another(source, apart)
        numbers = numbers.mutate(column0=numbers.number, finite0=only_finite(numbers.number))
        sums = numbers.group_by("column").aggregate(**_sums(numbers, 0, "number", quantile, exact=exact))
        for row in sums.to_pyarrow().to_pylist():
            found[apart[row.pop("column")]] = row
    together = {name: kind for name, kind in kinds.items() if name not in found}
    if together:
        table = _looked_at(source, together)
        wanted = {
            (name, what): sum_
            for place, (name, kind) in enumerate(together.items())
            for what, sum_ in _sums(table, place, kind, quantile, exact=exact).items()
        }
        named = {f"sum{place}": sum_ for place, sum_ in enumerate(wanted.values())}
        [row] = table.aggregate(**named).to_pyarrow().to_pylist()
        for (name, what), value in zip(wanted, row.values(), strict=True):
            found.setdefault(name, {})[what] = value
    return found


def _looked_at(source: Table, kinds: Mapping[str, str]) -> Table:
    """Columns as `column{place}`, of numbers also the finite ones as `finite{place}`."""
    source = narrowed(source, list(kinds))
    placed = list(enumerate(kinds.items()))
    numbers = {f"finite{place}": only_finite(source[name]) for place, (name, kind) in placed if kind == "number"}
    return source.select(**{f"column{place}": source[name] for place, (name, _) in placed}, **numbers)


def _sums(table: Table, place: int, kind: str, quantile: str | None, *, exact: bool) -> dict[str, Any]:
    """What is asked of a column; of every column of numbers the same."""
    import ibis

    column = own = table[f"column{place}"]
    wanted: dict[str, Any] = {"rows": table.count()}
    if kind == "number":
        floating = column.type().is_floating()
        wanted["infinite"] = infinite(column.cast("float64")).sum() if floating else ibis.literal(0, "int64")
        column = table[f"finite{place}"]
        wanted |= {"mean": column.mean(), "std": column.std(how="sample"), "zeros": (column == 0).sum()}
        if quantile:
            wanted["quantiles"] = getattr(column, quantile)(list(QUANTILES))
    wanted["present"] = column.count()
    if own.type().is_integer():  # of which float64 has not every one
        column = own
    if kind != "other":
        wanted["distinct"] = column.nunique() if exact else column.approx_nunique()
    if kind in ("number", "time"):
        wanted |= {"min": column.min(), "max": column.max()}
    return wanted


def _tops(source: Table, names: Sequence[str]) -> dict[str, list[tuple[str, int]]]:
    """The most frequent values of columns of text, with how often they are there."""
    import ibis

    parts: list[ibis.Table] = []
    for i, name in enumerate(names):
        column = narrowed(source, [name])
        values = column.select(value=column[name].cast("string")).filter(lambda row: row.value.notnull())
        counted = values.group_by("value").aggregate(n=values.count())
        most = counted.order_by(ibis.desc("n"), "value").limit(_TOP)
        parts.append(most.select(column=ibis.literal(i, type="int64"), value="value", n="n"))
    found: dict[str, list[tuple[str, int]]] = {}
    if parts:
        rows = (ibis.union(*parts) if len(parts) > 1 else parts[0]).to_pyarrow().to_pylist()
        for row in sorted(rows, key=lambda row: (-row["n"], row["value"])):
            found.setdefault(names[row["column"]], []).append((row["value"], row["n"]))
    return found


def _row(
    source: Table, name: str, kind: str, sums: Mapping[str, Any], top: Sequence[tuple[str, int]] | None
) -> dict[str, Any]:
    rows, present = sums["rows"], sums["present"] + (sums.get("infinite") or 0)
    whole = source.schema()[name].is_integer() and sums["present"] > 0
    low, high = (int(sums[end]) if whole else sums.get(end) for end in ("min", "max"))
    return described_column(
        name,
        str(source.schema()[name]),
        rows,
        rows - present,
        distinct=min(sums["distinct"], present) if "distinct" in sums else None,
        mean=sums.get("mean"),
        std=sums.get("std"),
        zeros=sums.get("zeros"),
        low=low,
        quantiles=sums.get("quantiles"),
        high=high,
        histogram=sums.get("histogram"),
        top=top,
    )
