"""Two tables column by column: which are new, which are gone, and how far their distributions moved."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..artifacts.source import Source
from ..enums import ArtifactKind
from ..errors import InvalidArgument
from ..views import Rows, View
from .axes import is_missing, listed
from .base import Pair, Table
from .exact import finite
from .style import note_of, short
from .together import merged

_BINS = 20
_COLUMNS = 100
_VALUES = 100  # of a column that holds no numbers; rarer ones count together
_NOTABLE = 0.1
_MEANING = (
    f"that of Jensen and Shannon, 0 for the same distribution, 1 for nothing in common; {_NOTABLE} is worth a look."
)


def column_changes(source: Pair) -> Rows:
    """A row for each column of either table, what moved most first."""
    import pandas as pd

    old, new = source.before.table(), source.after.table()
    kinds = [{name: str(kind) for name, kind in table.schema().items()} for table in (old, new)]
    names = list(dict.fromkeys([*old.columns, *new.columns]))
    both = [name for name in names if name in old.columns and name in new.columns]
    described = [_described(table, both[:_COLUMNS]) for table in (old, new)]
    rows = []
    for name in names:
        kind = [of.get(name) for of in kinds]
        change = "added" if kind[0] is None else "removed" if kind[1] is None else "type" if kind[0] != kind[1] else ""
        row: dict[str, Any] = {
            "column": name,
            "change": change or None,
            "type": " → ".join(dict.fromkeys(filter(None, kind))),
        }
        for label, of in zip(("before", "after"), described, strict=True):
            row[f"missing % {label}"] = of.missing.get(name)
            row[f"mean {label}"] = of.means.get(name)
        rows.append(row)
    measured = _divergences((old, new), both[:_COLUMNS], described)
    for row in rows:
        row["divergence"] = measured.get(row["column"])
    data = pd.DataFrame(rows).sort_values("divergence", ascending=False, na_position="last", kind="stable")
    # What is not in both comes first: no distribution tells more.
    data = data.sort_values("change", key=lambda change: ~change.isin(("added", "removed")), kind="stable")
    counts = {word: sum(row["change"] == word for row in rows) for word in ("added", "removed")}
    moved = [str(name) for name in data.column[(data.divergence >= _NOTABLE).to_numpy()]]
    most = f"; moved most: {listed(moved[:5])}" if moved else "; no distribution moved notably"
    sizes = [of.rows for of in described]
    old_label, new_label = source.labels
    return Rows(
        title=f"{short(new_label)} compared with {short(old_label)}",
        alt=f"Tables {old_label} with {sizes[0]:,} rows and {new_label} with {sizes[1]:,}: {counts['added']} columns "
        f"added, {counts['removed']} removed{most}.",
        data=data.reset_index(drop=True),
        total=len(data),
        metrics={
            "rows_before": sizes[0],
            "rows_after": sizes[1],
            "columns_added": counts["added"],
            "columns_removed": counts["removed"],
            "divergence": max(measured.values(), default=0.0),
        },
        note=note_of(
            f"Divergence: {_MEANING}",
            f"Compares the first {_COLUMNS} of {len(both)} columns." if len(both) > _COLUMNS else None,
        ),
    )


def drifted(labels: Sequence[str], views: Sequence[View], sources: Sequence[Source]) -> View:
    """Statistics of several tables column by column, and how far each is from the first."""
    shown = merged(labels, [view for view in views if isinstance(view, Rows)])
    of = shown.data.columns[0]
    data = shown.data.assign(divergence=math.nan)
    tables = [source.table() if source.kind is ArtifactKind.TABLE else None for source in sources]
    first, farthest = tables[0], 0.0
    for label, table in list(zip(labels, tables, strict=True))[1:]:
        if first is None or table is None:  # counted by another system, whose bins are not ours
            continue
        described = set(data["column"][data[of] == label])
        both = [name for name in first.columns if name in table.columns and name in described]
        found = divergences(first, table, both)
        farthest = max(farthest, *found.values(), 0.0)
        here = data[of] == label
        data.loc[here, "divergence"] = data.loc[here, "column"].map(found)
    # The same column of each source one below the other, in the order of the first table.
    place = {name: at for at, name in enumerate(dict.fromkeys(data["column"]))}
    data = data.sort_values("column", key=lambda names: names.map(place), kind="stable", ignore_index=True)
    data.insert(2, "divergence", data.pop("divergence"))
    return replace(
        shown,
        data=data,
        metrics={**shown.metrics, "divergence": farthest},
        note=note_of(shown.note, f"Divergence from {short(labels[0])}: {_MEANING}"),
    )


def divergences(before: Table, after: Table, names: Sequence[str]) -> dict[str, float]:
    """The Jensen-Shannon divergence of columns that both tables have; not of those without values."""
    tables, named = (before, after), list(names)[:_COLUMNS]
    return _divergences(tables, named, [_described(table, named) for table in tables])


class _Described:
    """What one query says of the columns of a table."""

    def __init__(self, values: Mapping[str, Any], names: Sequence[str]) -> None:
        self.rows: int = values["rows"]
        present = {name: values[f"present{at}"] for at, name in enumerate(names)}
        self.missing = {
            name: round(100 * (self.rows - there) / self.rows, 2) if self.rows else None
            for name, there in present.items()
        }
        self.means = {name: _rounded(values.get(f"mean{at}")) for at, name in enumerate(names)}
        self.ends = {
            name: (float(low), float(high))
            for at, name in enumerate(names)
            if (low := values.get(f"min{at}")) is not None and (high := values.get(f"max{at}")) is not None
        }


def _described(table: Table, names: Sequence[str]) -> _Described:
    wanted: dict[str, Any] = {"rows": table.count()}
    for at, name in enumerate(names):
        wanted[f"present{at}"] = (~is_missing(table[name])).sum()
        if table[name].type().is_numeric():
            values = _numbers(table[name])
            wanted |= {f"mean{at}": values.mean(), f"min{at}": values.min(), f"max{at}": values.max()}
    [found] = table.aggregate(**wanted).to_pyarrow().to_pylist()
    return _Described(
        {name: value or 0 if name.startswith("present") else value for name, value in found.items()}, names
    )


def _numbers(column: Any) -> Any:
    import ibis

    values = column.cast("float64")
    return finite(values).ifelse(values, ibis.null("float64"))


def _divergences(tables: Sequence[Table], names: Sequence[str], described: Sequence[_Described]) -> dict[str, float]:
    found = {}
    for name in names:
        counts = [_counts(table, name, [of.ends.get(name) for of in described]) for table in tables]
        if all(counts):
            found[name] = round(jensen_shannon(*counts), 6)
    return found


def _counts(table: Table, name: str, ends: Sequence[tuple[float, float] | None]) -> dict[Any, int]:
    """Rows by bin or value, the same for both tables; values beyond the most frequent count as None together."""
    import ibis

    column = table[name]
    known = [each for each in ends if each is not None]
    if column.type().is_numeric() and len(known) == 2:
        low, high = min(each[0] for each in known), max(each[1] for each in known)
        size = high - low
        if not math.isfinite(size):
            return {}
        values = _numbers(column)
        place = ((values - low) / size * _BINS).floor().clip(0, _BINS - 1) if size else (values * 0)
    elif column.type().is_nested() or column.type().is_binary():
        return {}
    else:
        place = column.cast("string")
    rows = table.select(place=place).filter(lambda row: row.place.notnull())
    counted = rows.group_by("place").aggregate(n=rows.count()).order_by(ibis.desc("n"), "place").limit(_VALUES)
    found = {row["place"]: int(row["n"]) for row in counted.to_pyarrow().to_pylist()}
    if len(found) == _VALUES and (rest := int(rows.count().to_pyarrow().as_py()) - sum(found.values())):
        found[None] = rest
    return found


def jensen_shannon(before: Mapping[Any, int], after: Mapping[Any, int]) -> float:
    """The divergence of two distributions given as counts, to the base 2: from 0 to 1."""
    totals = sum(before.values()), sum(after.values())
    if not all(totals):
        raise InvalidArgument("A distribution without any value can't be compared.")
    divergence = 0.0
    for key in {**before, **after}:
        p, q = before.get(key, 0) / totals[0], after.get(key, 0) / totals[1]
        middle = (p + q) / 2
        divergence += sum(share * math.log2(share / middle) / 2 for share in (p, q) if share)
    return max(0.0, min(1.0, divergence))


def _rounded(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(f"{value:.6g}")
