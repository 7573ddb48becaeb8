"""Tables over files and values: Ibis expressions on DuckDB, which can reach nothing but what it was given."""

from __future__ import annotations

import os
import tempfile
import weakref
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..config import PREFIX
from ..errors import BytesGone, UnreadableSource
from ..io import delimited, fileio
from ..io.indexes import with_named_levels, without_row_numbers
from ..models import ColumnInfo
from ..uri import is_uri
from .connections import connect
from .failures import reason_of
from .formats import is_parquet
from .ranges import OneFile

if TYPE_CHECKING:
    import ibis

_LARGEST_COPY = 1 << 30
_CHANGED = (
    " The file is not the one that the run stored: run it again, or give the file by its path, which looks at it anew."
)


def of_file(path: str, text: str, names: Sequence[str] | None = None, columns: Sequence[ColumnInfo] = ()) -> ibis.Table:
    """A csv, tsv or parquet file as a table, by its path or its URI in an object store.

    Of a parquet file in a store the parts that are needed are read; anything else is copied first.

    Args:
        text: How the user named it, for messages.
        names: Of the columns; the first row of a csv is data then.
        columns: What was recorded of them: a csv is read as these types if DuckDB told them, and not looked at anew.

    Raises:
        UnreadableSource: It is no table, not the recorded one, has another number of columns, or is too large to be
            copied.
        BytesGone: It is no longer there.
        StoreUnavailable, MissingExtra: Its store can't be reached or refuses; the library for it is not installed.
    """
    if not is_uri(path):
        return _read(connect([path]), [path], text, names, columns=columns)
    try:
        if is_parquet(path):
            file = OneFile(path, "data.parquet")
            return _read(connect([file.path], file), [file.path], text, names, file)
        copy = _copied(path, text)
    except FileNotFoundError:
        raise BytesGone(f"{text!r} is no longer there.") from None
    path = os.path.abspath(os.path.join(copy.name, _copy_name(path)))
    connection = connect([path])
    weakref.finalize(connection, copy.cleanup)
    return _read(connection, [path], text, names, columns=columns)


def of_parts(paths: Sequence[str], text: str, names: Sequence[str] | None = None) -> ibis.Table:
    """Files of one kind on a disk as one table: columns go by name, and are null where a file has none of that name.

    Args, Raises: As `of_file`.
    """
    return _read(connect(paths), paths, text, names)


def _read(
    connection: Any,
    paths: Sequence[str],
    text: str,
    names: Sequence[str] | None,
    file: OneFile | None = None,
    columns: Sequence[ColumnInfo] = (),
) -> ibis.Table:
    import duckdb

    recorded = columns if names is None and delimited.is_described(columns) else ()
    try:
        if is_parquet(paths[0]):
            table = without_row_numbers(connection.read_parquet(list(paths), union_by_name=True))
        else:
            if recorded:
                _check_header(connection.con, paths[0], text, recorded)
            table = connection.table(delimited.opened(connection.con, paths, header=names is None, columns=recorded))
    except duckdb.Error as error:
        if file and file.failure:
            raise file.failure from None
        reason = _ragged(paths) or reason_of(error)
        for path in paths:
            reason = reason.replace(path, text if len(paths) == 1 else os.path.basename(path))
        reason += _CHANGED if recorded else ""
        raise UnreadableSource(f"{text!r} can't be read as a table: {reason}") from None
    return table if names is None else named(table, names, text)


def _check_header(connection: Any, path: str, text: str, columns: Sequence[ColumnInfo]) -> None:
    """The types were found of certain columns, in a certain order."""
    found, known = delimited.header_of(connection, path), [column.name for column in columns]
    if len(found) != len(known):
        raise UnreadableSource(f"{text!r} has {len(found):,} columns, and {len(known):,} were recorded.{_CHANGED}")
    for place, (name, before) in enumerate(zip(found, known, strict=True), 1):
        if name != before:
            raise UnreadableSource(f"Column {place} of {text!r} is {name!r}, and {before!r} was recorded.{_CHANGED}")


def named(table: ibis.Table, names: Sequence[str], text: str) -> ibis.Table:
    """A table with other names for its columns. Raises `UnreadableSource` where it has more or fewer."""
    if len(names) != len(table.columns):
        raise UnreadableSource(
            f"{text!r} has {len(table.columns):,} columns, and {len(names):,} names are given: {', '.join(names)}."
        )
    if twice := [name for place, name in enumerate(names) if name in names[:place]]:
        raise UnreadableSource(f"The columns of {text!r} are to be named, and {twice[0]!r} is given twice.")
    return table.rename(dict(zip(names, table.columns, strict=True)))


def _copied(uri: str, text: str) -> tempfile.TemporaryDirectory[str]:
    """A folder with a copy of a file of a store."""
    size = fileio.size(uri)
    if size > _LARGEST_COPY:
        raise UnreadableSource(
            f"{text!r} has {size:,} bytes; what is not parquet is copied to be read, and that up to {_LARGEST_COPY:,}. "
            "Store it as parquet, of which only the columns that are needed are read."
        )
    # In a rendering's own folder, which is removed even when its kernel is killed.
    place = "." if PREFIX + "RENDERING" in os.environ else None
    folder = tempfile.TemporaryDirectory(prefix="jupyter-viz-", dir=place, ignore_cleanup_errors=True)
    fileio.copy(uri, os.path.join(folder.name, _copy_name(uri)))
    return folder


def _copy_name(uri: str) -> str:
    """`data`, and the ending that tells DuckDB what it is."""
    return "data" + next((end for end in (".csv.gz", ".tsv.gz", ".tsv") if uri.lower().endswith(end)), ".csv")


def _ragged(paths: Sequence[str]) -> str | None:
    """Which line of which csv does not fit its header or is no UTF-8; None where that is not what is wrong."""
    if is_parquet(paths[0]):
        return None
    for path in paths:
        if reason := delimited.ragged_line(path):
            return reason if len(paths) == 1 else f"{os.path.basename(path)}: {reason}"
    return None


def of_value(value: Any, text: str) -> ibis.Table:
    """A DataFrame, Arrow table, or list of dicts of the notebook as a table."""
    import ibis

    if isinstance(value, ibis.Table):
        return value
    # Bound to a connection of its own, as a file is: the notebook's default backend stays as it is.
    connection = connect([])
    if isinstance(value, list):
        import pandas as pd

        value = pd.DataFrame(value)
    if hasattr(value, "collect_schema") and hasattr(value, "collect"):  # polars' plan of a table
        value = value.collect()
    if hasattr(value, "to_frame") and not hasattr(value, "columns"):  # a series is a table of one column
        value = value.to_frame() if value.name else value.to_frame("value")
    if hasattr(value, "rename") and not all(isinstance(name, str) for name in getattr(value, "columns", ())):
        value = value.rename(columns=str)  # DuckDB would call column 0 "col0"
    try:
        if hasattr(value, "index") and hasattr(value, "assign"):
            value = with_named_levels(value)
        try:
            return _stored(connection, _with_nanoseconds(value))
        except Exception:  # Ibis raises whatever its dispatch meets
            if (told := _with_texts(value)) is None:
                raise
            return _stored(connection, _with_nanoseconds(told))
    except Exception as error:
        kind = type(value).__name__
        raise UnreadableSource(f"{text!r} is a {kind}, which is no table: {reason_of(error)}") from error


def _stored(connection: Any, value: Any) -> ibis.Table:
    import ibis

    table = ibis.memtable(value)
    # A column of nothing but None has no type that DuckDB could store.
    untyped = {name: "string" for name, kind in table.schema().items() if kind.is_null()}
    stored: ibis.Table = connection.create_table("source", table.cast(untyped) if untyped else table, temp=True)
    return stored


def _with_texts(value: Any) -> Any:
    """A DataFrame with those columns as texts that no engine has a type for (mixed values, periods, intervals as `cut`
    makes them, complex numbers), so that the others can be looked at. None where there are none of them."""
    kinds = getattr(value, "dtypes", None)
    if kinds is None or not hasattr(kinds, "items") or not value.columns.is_unique:
        return None
    import pandas as pd

    def is_odd(kind: Any) -> bool:
        kind = kind.categories.dtype if isinstance(kind, pd.CategoricalDtype) else kind
        is_untyped = pd.api.types.is_object_dtype(kind) or pd.api.types.is_complex_dtype(kind)
        return is_untyped or isinstance(kind, (pd.PeriodDtype, pd.IntervalDtype))

    odd = [name for name, kind in kinds.items() if is_odd(kind)]
    texts = {name: value[name].astype(object).map(str, na_action="ignore") for name in odd}
    return value.assign(**texts) if odd else None


def _with_nanoseconds(value: Any) -> Any:
    """A DataFrame whose moments are kept to the nanosecond: Ibis asks pandas for microseconds, which refuses to round.

    It makes columns of microseconds of those with a time zone and of durations: they are rounded.
    """
    kinds = getattr(value, "dtypes", None)
    if kinds is None or not hasattr(kinds, "items") or not value.columns.is_unique:
        return value
    import pandas as pd
    import pyarrow as pa

    other: dict[str, Any] = {}
    for name, kind in kinds.items():
        if kind == "timedelta64[ns]":
            other[name] = "timedelta64[us]"
        elif isinstance(kind, pd.DatetimeTZDtype) or kind == "datetime64[ns]":
            zone = str(kind.tz) if isinstance(kind, pd.DatetimeTZDtype) else None
            if (value[name].dt.nanosecond > 0).any():
                other[name] = pd.ArrowDtype(pa.timestamp("ns", tz=zone))
    return value.astype(other) if other else value
