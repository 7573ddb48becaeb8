"""Two tables row by row: which were added, removed or changed, told apart by a key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..errors import InvalidArgument, MissingColumn, did_you_mean
from ..views import Rows
from .axes import any_of, is_missing
from .base import Pair, Table
from .style import note_of, short

_MOST_ROWS = 2_000_000
_SHOWN = 1_000
_OLD, _NEW, _SIDE = "old_", "new_", "which table"


def changed_rows(source: Pair, key: Sequence[str]) -> Rows:
    """The rows that are not the same in both; of a changed one what its columns were and are.

    Raises:
        MissingColumn: A column of the key is not in both tables.
        InvalidArgument: The key is not unique, or a table is too large to be joined.
    """
    import pandas as pd

    old, new = source.before.table(), source.after.table()
    for name in key:
        for table, each in ((old, source.before), (new, source.after)):
            if name not in table.columns:
                hint = did_you_mean(name, table.columns)
                raise MissingColumn(f"Argument 'key': {each.text!r} has no column {name!r}.{hint}")
    values = [name for name in old.columns if name in new.columns and name not in key]
    sizes = [_unique(table, key, each.text) for table, each in ((old, source.before), (new, source.after))]
    differences = _joined(old, new, key, values)
    counts = _counts(differences)
    found = differences.order_by(*key).limit(_SHOWN).to_pyarrow().to_pylist()
    shown = [_said(row, key, values) for row in found]
    data = pd.DataFrame(shown, columns=["change", *key, "what"])
    total = sum(counts.values())
    same = sizes[0] - counts["removed"] - counts["changed"]
    left = [name for name in dict.fromkeys([*old.columns, *new.columns]) if name not in (*values, *key)]
    about = ", ".join(f"{number:,} {word}" for word, number in counts.items())
    return Rows(
        title=f"Rows of {short(source.labels[1])} compared with {short(source.labels[0])}",
        alt=f"Rows by {', '.join(key)} from {source.labels[0]} to {source.labels[1]}: {about}, {same:,} are the same.",
        data=data,
        total=total,
        metrics={**counts, "same": same},
        note=note_of(
            f"Shows the first {_SHOWN:,} of {total:,} differences." if total > _SHOWN else None,
            f"Not compared, as they are in one table only: {', '.join(map(short, left[:10]))}." if left else None,
        ),
    )


def _unique(table: Table, key: Sequence[str], text: str) -> int:
    """How many rows there are. Raises `InvalidArgument` where two have the same key."""
    rows = int(table.count().to_pyarrow().as_py())
    if rows > _MOST_ROWS:
        raise InvalidArgument(f"{text!r} has {rows:,} rows; up to {_MOST_ROWS:,} are compared by key.")
    distinct = int(table.select(*key).distinct().count().to_pyarrow().as_py())
    if distinct != rows:
        raise InvalidArgument(
            f"Argument 'key': {', '.join(map(repr, key))} is the same in several of the {rows:,} rows of {text!r}; "
            f"there are {distinct:,} different values. Name more columns."
        )
    return rows


def _joined(old: Table, new: Table, key: Sequence[str], values: Sequence[str]) -> Table:
    """A row for each key, with `was_` and `is_` columns of what is not the same; `change` says what happened to it."""
    import ibis
    import pyarrow as pa

    from ..artifacts.tables import of_value

    # The two may live in different engines: both are handed to one as columns, not as objects of Python.
    parts = []
    for side, (table, other) in enumerate(((old, new), (new, old))):
        columns = {name: _comparable(table[name], other[name]) for name in (*key, *values)}
        parts.append(table.select(**columns, **{_SIDE: ibis.literal(side, type="int64")}).to_pyarrow())
    rows = of_value(pa.concat_tables(parts, promote_options="permissive"), "the two tables")
    both = rows.group_by(list(key)).aggregate(
        was=(rows[_SIDE] == 0).sum(),
        now=(rows[_SIDE] == 1).sum(),
        **{
            f"{when}{at}": rows[name].max(where=rows[_SIDE] == side)
            for at, name in enumerate(values)
            for side, when in enumerate((_OLD, _NEW))
        },
    )
    differs = [~both[f"{_OLD}{at}"].identical_to(both[f"{_NEW}{at}"]) for at in range(len(values))]
    changed = any_of(differs) if differs else ibis.literal(False)
    change = ibis.cases((both.was == 0, "added"), (both.now == 0, "removed"), (changed, "changed"), else_="same")
    return both.mutate(change=change).filter(lambda row: row.change != "same")


def _comparable(column: Any, other: Any) -> Any:
    """Values as both tables can have them: numbers as numbers, moments as such, all else as text, NaN as missing."""
    import ibis

    kinds = column.type(), other.type()
    if all(map(_is_whole, kinds)) and not all(kind.is_boolean() for kind in kinds):
        # Some engines have 0 and 1 for truth values.
        column = column.cast("int64") if column.type().is_boolean() else column
        wide = any(kind.is_decimal() or kind.is_uint64() for kind in kinds)
        return column.cast("decimal(38, 0)" if wide else "int64")
    if all(kind.is_numeric() for kind in kinds):
        values = column.cast("float64")
        return is_missing(values).ifelse(ibis.null("float64"), values)
    if all(kind.is_date() or (kind.is_timestamp() and kind.timezone is None) for kind in kinds):
        return column.cast("timestamp(6)")
    return column.cast("string")


def _is_whole(kind: Any) -> bool:
    return bool(kind.is_integer() or kind.is_boolean() or (kind.is_decimal() and kind.scale == 0))


def _counts(differences: Table) -> dict[str, int]:
    found = differences.group_by("change").aggregate(n=differences.count()).to_pyarrow().to_pylist()
    counts = {row["change"]: int(row["n"]) for row in found}
    return {word: counts.get(word, 0) for word in ("added", "removed", "changed")}


def _said(row: dict[str, Any], key: Sequence[str], values: Sequence[str]) -> tuple[Any, ...]:
    """A row of the answer: what happened, the key, and which columns were what and are what."""
    said = []
    if row["change"] == "changed":
        for at, name in enumerate(values):
            old, new = row[f"{_OLD}{at}"], row[f"{_NEW}{at}"]
            if old != new:
                said.append(f"{short(name)}: {_value(old)} → {_value(new)}")
    return (row["change"], *(row[name] for name in key), "; ".join(said) or None)


def _value(value: Any) -> str:
    return "missing" if value is None else short(value)
