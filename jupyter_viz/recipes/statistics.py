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
from .described import MOST_COLUMNS, QUANTILES, described_column, described_table, left_out_columns
from .drift import drifted
from .exact import finite, infinite
from .narrowed import narrowed
from .segments import double

if TYPE_CHECKING:
    import ibis

_TOP = 3
_ONE_QUERY = 50  # columns: a query of very many expressions takes an engine longer to plan than to run
_FEW = 200_000  # rows, which an engine counts as fast as it plans a query of many columns
_HELD = 20_000_000  # numbers an engine may hold for exact quantiles, which take half as long as estimated ones


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

    Distinct values are estimated where the engine can, quantiles only above 20,000,000 rows. Reads the statistics that
    TensorFlow Data Validation (TFDV) counted too, with the extra `tfdv`. Of several tables each column stands below
    that of the first, with the Jensen-Shannon divergence from it.

    Args:
        columns: Which to describe, in this order; by default all, up to 500.
        bins: How many bars the small histograms have; in a file of TFDV they are there already.
    """
    names = list(columns or source.columns)[:MOST_COLUMNS]
    rows = int(source.count().to_pyarrow().as_py())
    exact = rows <= _HELD
    at_once = min(_ONE_QUERY, max(1, _HELD // max(1, rows))) if exact else _ONE_QUERY
    found: list[dict[str, Any]] = []
    for start in range(0, len(names), at_once):
        found += _described(source, names[start : start + at_once], rows, bins, exact)
    left = len(source.columns) - len(names) if columns is None else 0
    return described_table(found, rows, len(source.columns), left_out_columns(left))


def _described(source: Table, names: Sequence[str], rows: int, bins: int, exact: bool) -> list[dict[str, Any]]:
    """A row of the answer for each column; three queries for all of them."""
    kinds = {name: _kind(source.schema()[name]) for name in names}
    sums = _summed(source, kinds, exact)
    histograms = _histograms(source, kinds, sums, bins)
    tops = _tops(source, [name for name in names if kinds[name] == "text"])
    return [_row(source, i, name, kinds[name], sums, histograms.get(i), tops.get(name)) for i, name in enumerate(names)]


def _kind(dtype: Any) -> str:
    if dtype.is_numeric():
        return "number"
    if dtype.is_timestamp() or dtype.is_date():
        return "time"
    return "text" if dtype.is_string() or dtype.is_boolean() else "other"


def _summed(source: Table, kinds: Mapping[str, str], exact: bool) -> dict[str, Any]:
    """One query: by `{what}{position of the column}`.

    Args:
        exact: Whether quantiles are to be exact rather than estimated.
    """
    placed = [(i, name, kind) for i, (name, kind) in enumerate(kinds.items())]
    source = narrowed(source, [name for _, name, _ in placed])
    numbers = {f"finite{i}": _finite(source[name]) for i, name, kind in placed if kind == "number"}
    source = source.select(**{f"column{i}": source[name] for i, name, _ in placed}, **numbers)
    wanted: dict[str, Any] = {"rows": source.count()}
    for i, _, kind in placed:
        column = source[f"column{i}"]
        if column.type().is_floating():
            wanted[f"infinite{i}"] = infinite(column.cast("float64")).sum()
        if kind == "number":
            column = source[f"finite{i}"]
            wanted |= {
                f"mean{i}": column.mean(),
                f"std{i}": column.std(how="sample"),
                f"zeros{i}": (column == 0).sum(),
                f"quantiles{i}": (column.quantile if exact else column.approx_quantile)(list(QUANTILES)),
            }
        wanted[f"present{i}"] = column.count()
        if kind != "other":
            wanted[f"distinct{i}"] = column.approx_nunique()
        if kind in ("number", "time"):
            wanted |= {f"min{i}": column.min(), f"max{i}": column.max()}
    values: dict[str, Any] = source.aggregate(**wanted).to_pyarrow().to_pylist()[0]
    return values


def _finite(column: Any) -> Any:
    """A column of numbers without NaN and infinities, which have no mean and no place in a histogram."""
    import ibis

    if not column.type().is_floating():
        return column.cast("float64")
    column = column.cast("float64")
    return finite(column).ifelse(column, ibis.null("float64"))


def _histograms(source: Table, kinds: Mapping[str, str], sums: Mapping[str, Any], bins: int) -> dict[int, list[int]]:
    """Counts between the least and the largest number, by the column's position."""
    import ibis

    drawn = [
        (i, name)
        for i, (name, kind) in enumerate(kinds.items())
        if kind == "number" and sums[f"present{i}"] and 0 < sums[f"max{i}"] - sums[f"min{i}"] < math.inf
    ]
    if not drawn:
        return {}
    parts: list[ibis.Table] = []
    # Columns of few rows are counted by one query that is quickly planned, of many by those that are quickly run.
    for part in [[each] for each in drawn] if sums["rows"] > _FEW else [drawn]:
        table = narrowed(source, [name for _, name in part])
        # Bins of all columns are numbered through, and those of a row are a list.
        places = []
        for i, name in part:
            low, high = sums[f"min{i}"], sums[f"max{i}"]
            # Looking for what is not finite takes a third of the time: only where there is something.
            known = sums[f"present{i}"] == sums["rows"]
            values = table[name].cast("float64") if known else _finite(table[name])
            place = ((values - double(low)) / double(high - low) * double(bins)).floor().clip(upper=bins - 1)
            places.append((place + double(i * bins)).cast("int64"))
        listed = table.select(place=ibis.array(places).unnest() if len(places) > 1 else places[0])
        parts.append(listed.group_by("place").aggregate(n=listed.count()))
    found: dict[int, list[int]] = {}
    for row in (ibis.union(*parts) if len(parts) > 1 else parts[0]).to_pyarrow().to_pylist():
        if row["place"] is not None:
            i, place = divmod(row["place"], bins)
            found.setdefault(i, [0] * bins)[place] = row["n"]
    return found


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
    source: Table,
    i: int,
    name: str,
    kind: str,
    sums: Mapping[str, Any],
    histogram: Sequence[int] | None,
    top: Sequence[tuple[str, int]] | None,
) -> dict[str, Any]:
    rows, present = sums["rows"], sums[f"present{i}"] + (sums.get(f"infinite{i}") or 0)
    return described_column(
        name,
        str(source.schema()[name]),
        rows,
        rows - present,
        distinct=min(sums[f"distinct{i}"], present) if f"distinct{i}" in sums else None,
        mean=sums.get(f"mean{i}"),
        std=sums.get(f"std{i}"),
        zeros=sums.get(f"zeros{i}") if kind == "number" else None,
        low=sums.get(f"min{i}"),
        quantiles=sums.get(f"quantiles{i}"),
        high=sums.get(f"max{i}"),
        histogram=histogram,
        top=top,
    )
