"""Tables over files and values: Ibis expressions on DuckDB, which can reach nothing but what it was given."""

from __future__ import annotations

import csv
import gzip
import re
from typing import IO, TYPE_CHECKING, Any

from ..errors import UnreadableSource

if TYPE_CHECKING:
    import ibis

_LONGEST_HEADER = 1 << 20


def of_file(path: str, text: str) -> ibis.Table:
    """A csv, tsv or parquet file as a table. `text` is how the user named it, for messages."""
    import duckdb

    connection = _connect([path])
    try:
        if path.endswith(".parquet"):
            return connection.read_parquet(path)
        # All rows are looked at before the types are settled, so that a recipe meets no surprise half-way; and the
        # first one is the header, whatever the others look like.
        reading = {"header": True, "skip": 0, "sample_size": -1, "quote": '"', "strict_mode": True}
        # Told by the header: left to itself DuckDB reads a file with one ragged line as one wide column.
        table = connection.read_csv(path, delim=_delimiter(path), **reading)
        table.head(1).execute()  # a csv that isn't one shows here, not in the middle of a recipe
    except duckdb.Error as error:
        reason = _ragged_line(path) or _first_line(error).replace(path, text)
        raise UnreadableSource(f"{text!r} can't be read as a table: {reason}") from error
    return table


def _delimiter(path: str) -> str:
    """What separates the columns of a csv, by its first line."""
    if ".tsv" in path:
        return "\t"
    with _text_of(path) as file:
        header = re.sub(r'"[^"]*"', "", file.readline(_LONGEST_HEADER))
    found = max(",;\t|", key=header.count)
    return found if found in header else ","


def _text_of(path: str) -> IO[str]:
    opened: IO[str] = (gzip.open if path.endswith(".gz") else open)(
        path, "rt", encoding="utf-8-sig", errors="replace", newline=""
    )
    return opened


def _ragged_line(path: str) -> str | None:
    """Which line of a csv does not fit its header; None where that is not what is wrong."""
    if path.endswith(".parquet"):
        return None
    with _text_of(path) as file:
        rows = csv.reader(file, delimiter=_delimiter(path))
        try:
            width = len(next(rows, []))
            for row in rows:
                if row and len(row) != width:
                    return f"line {rows.line_num} has {len(row)} fields, the header {width}."
        except csv.Error as error:
            return f"line {rows.line_num}: {error}."
    return None


def of_value(value: Any, text: str) -> ibis.Table:
    """A DataFrame, Arrow table, or list of dicts of the notebook as a table."""
    import ibis

    if isinstance(value, ibis.Table):
        return value
    # Bound to a connection of its own, as a file is: the notebook's default backend stays as it is.
    connection = _connect([])
    if isinstance(value, list):
        import pandas as pd

        value = pd.DataFrame(value)
    if hasattr(value, "rename") and not all(isinstance(name, str) for name in getattr(value, "columns", ())):
        value = value.rename(columns=str)  # DuckDB would call column 0 "col0"
    try:
        table = ibis.memtable(value)
        # A column of nothing but None has no type that DuckDB could store.
        untyped = {name: "string" for name, kind in table.schema().items() if kind.is_null()}
        return connection.create_table("source", table.cast(untyped) if untyped else table, temp=True)
    except Exception as error:  # Ibis raises whatever its dispatch meets
        kind = type(value).__name__
        raise UnreadableSource(f"{text!r} is a {kind}, which is no table: {_first_line(error)}") from error


def _connect(paths: list[str]) -> Any:
    import ibis

    connection = ibis.duckdb.connect()
    allowed = ", ".join("'" + path.replace("'", "''") + "'" for path in paths)
    for setting in (
        "autoinstall_known_extensions = false",
        "autoload_known_extensions = false",
        f"allowed_paths = [{allowed}]",
        "enable_external_access = false",
        "lock_configuration = true",
    ):
        connection.raw_sql(f"SET {setting}")
    return connection


def _first_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0] if lines else type(error).__name__
