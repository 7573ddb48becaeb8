"""What a table holds, column by column."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

from ..views import Rows
from .base import Bounds, Column, Table, recipe
from .style import short

if TYPE_CHECKING:
    import ibis

_COLUMNS = 500
_QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
_BARS = "▁▂▃▄▅▆▇█"
_TOP = 3
_ONE_QUERY = 50  # columns: a query of very many expressions takes an engine longer to plan than to run


@recipe(title="Data statistics")
def data_statistics(
    source: Table,
    *,
    columns: list[Column] | None = None,
    bins: Annotated[int, Bounds(2, 40)] = 12,
) -> Rows:
    """Each column's count, missing and distinct values, mean, quantiles, extremes, histogram and most frequent values.

    Quantiles and distinct values are approximate where the engine only estimates them for large tables.

    Args:
        columns: Which to describe, in this order; by default all, up to 500.
        bins: How many bars the small histograms have.
    """
    import pandas as pd

    names = list(columns or source.columns)[:_COLUMNS]
    found: list[dict[str, Any]] = []
    for start in range(0, len(names), _ONE_QUERY):
        found += _described(source, names[start : start + _ONE_QUERY], bins)
    rows = int(source.count().to_pyarrow().as_py())
    data = pd.DataFrame(found, columns=list(found[0]) if found else ["column"])
    data = data.astype({name: "Int64" for name in ("distinct", "zeros") if name in data})  # whole, and some are missing
    cells = rows * len(names)
    missing = int(sum(row["missing"] for row in found))
    left = len(source.columns) - len(names) if columns is None else 0
    worst = max(found, key=lambda row: row["missing"], default=None)
    most = f", most of them in {short(worst['column'])}" if worst and missing else ""
    share = _share(missing, cells)
    return Rows(
        title="Data statistics",
        alt=f"Statistics of {len(names):,} columns over {rows:,} rows; {share} of all values are missing{most}.",
        data=data,
        total=len(found),
        metrics={"rows": rows, "columns": len(source.columns), "missing": missing},
        note=f"{left:,} further columns are left out; name those you want." if left else None,
    )


def _described(source: Table, names: Sequence[str], bins: int) -> list[dict[str, Any]]:
    """A row of the answer for each column; three queries for all of them."""
    kinds = {name: _kind(source.schema()[name]) for name in names}
    sums = _summed(source, kinds)
    histograms = _histograms(source, kinds, sums, bins)
    tops = _tops(source, [name for name in names if kinds[name] == "text"])
    return [_row(source, i, name, kinds[name], sums, histograms.get(i), tops.get(name)) for i, name in enumerate(names)]


def _kind(dtype: Any) -> str:
    if dtype.is_numeric():
        return "number"
    if dtype.is_timestamp() or dtype.is_date():
        return "time"
    return "text" if dtype.is_string() or dtype.is_boolean() else "other"


def _summed(source: Table, kinds: Mapping[str, str]) -> dict[str, Any]:
    """One pass: by `{what}{position of the column}`."""
    wanted: dict[str, Any] = {"rows": source.count()}
    for i, (name, kind) in enumerate(kinds.items()):
        column = source[name]
        if kind == "number":
            column = _finite(column)
            wanted |= {
                f"mean{i}": column.mean(),
                f"std{i}": column.std(how="sample"),
                f"zeros{i}": (column == 0).sum(),
                f"quantiles{i}": column.approx_quantile(list(_QUANTILES)),
            }
        if source[name].type().is_floating():
            wanted[f"infinite{i}"] = source[name].isinf().sum()
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
    return ibis.ifelse(column.isnan() | column.isinf(), ibis.null("float64"), column)


def _histograms(source: Table, kinds: Mapping[str, str], sums: Mapping[str, Any], bins: int) -> dict[int, list[int]]:
    """Counts between the least and the largest number, by the column's position."""
    import ibis

    parts = []
    for i, (name, kind) in enumerate(kinds.items()):
        low, high = sums.get(f"min{i}"), sums.get(f"max{i}")
        if kind != "number" or low is None or not low < high or not math.isfinite(high - low):
            continue
        place = ((_finite(source[name]) - low) / (high - low) * bins).floor().clip(0, bins - 1)
        parts.append(source.group_by(column=ibis.literal(i, type="int64"), place=place).aggregate(n=source.count()))
    found: dict[int, list[int]] = {}
    if parts:
        for row in ibis.union(*parts).to_pyarrow().to_pylist() if len(parts) > 1 else parts[0].to_pyarrow().to_pylist():
            if row["place"] is not None:
                found.setdefault(row["column"], [0] * bins)[int(row["place"])] = row["n"]
    return found


def _tops(source: Table, names: Sequence[str]) -> dict[str, list[tuple[str, int]]]:
    """The most frequent values of columns of text, with how often they are there."""
    import ibis

    parts: list[ibis.Table] = []
    for i, name in enumerate(names):
        values = source.select(value=source[name].cast("string")).filter(lambda row: row.value.notnull())
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
    quantiles = sums.get(f"quantiles{i}") or [None] * len(_QUANTILES)
    return {
        "column": name,
        "type": str(source.schema()[name]),
        "missing": rows - present,
        "missing %": round(100 * (rows - present) / rows, 2) if rows else None,
        "distinct": min(sums[f"distinct{i}"], present) if f"distinct{i}" in sums else None,
        "mean": _number(sums.get(f"mean{i}")),
        "std": _number(sums.get(f"std{i}")),
        "zeros": sums.get(f"zeros{i}") if kind == "number" else None,
        "min": _shown(sums.get(f"min{i}")),
        **{f"{share:.0%}": _number(value) for share, value in zip(_QUANTILES, quantiles, strict=True)},
        "max": _shown(sums.get(f"max{i}")),
        "histogram": sparkline(histogram) if histogram else None,
        "most frequent": ", ".join(f"{short(value, 20)} ({_share(n, rows)})" for value, n in top or ()) or None,
    }


def sparkline(counts: Sequence[int]) -> str:
    """Counts as a row of bars, readable wherever text is: nothing is a space, the most a full block."""
    most = max(counts)
    return "".join(_BARS[math.ceil(count / most * len(_BARS)) - 1] if count else " " for count in counts)


def _share(part: float, whole: float) -> str:
    return f"{part / whole:.1%}" if whole else "0%"


def _number(value: Any) -> float | None:
    return None if value is None or not math.isfinite(value) else float(f"{value:.6g}")


def _shown(value: Any) -> Any:
    return _number(value) if isinstance(value, (int, float)) else None if value is None else str(value)
