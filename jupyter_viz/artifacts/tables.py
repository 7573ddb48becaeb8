"""Tables over files and values: Ibis expressions on DuckDB, which can reach nothing but what it was given."""

from __future__ import annotations

import csv
import gzip
import os
import re
import tempfile
import weakref
from collections.abc import Sequence
from typing import IO, TYPE_CHECKING, Any

from ..config import PREFIX
from ..errors import BytesGone, UnreadableSource
from ..io import fileio
from ..uri import is_uri
from .connections import connect, quoted
from .failures import reason_of
from .formats import is_parquet
from .ranges import OneFile

if TYPE_CHECKING:
    import ibis

_LONGEST_HEADER = 1 << 20
_LARGEST_COPY = 1 << 30
_FIRST_ROWS = 1000
_SAMPLE = 100_000  # rows
_SMALL = 64 << 20  # bytes of a csv that is read once and kept in memory


def of_file(path: str, text: str, names: Sequence[str] | None = None) -> ibis.Table:
    """A csv, tsv or parquet file as a table, by its path or its URI in an object store.

    Of a parquet file in a store the parts that are needed are read; anything else is copied first.

    Args:
        text: How the user named it, for messages.
        names: Of the columns; the first row of a csv is data then.

    Raises:
        UnreadableSource: It is no table, has another number of columns, or is too large to be copied.
        BytesGone: It is no longer there.
        StoreUnavailable, MissingExtra: Its store can't be reached or refuses; the library for it is not installed.
    """
    if not is_uri(path):
        return _read(connect([path]), [path], text, names)
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
    return _read(connection, [path], text, names)


def of_parts(paths: Sequence[str], text: str, names: Sequence[str] | None = None) -> ibis.Table:
    """Files of one kind on a disk as one table: columns go by name, and are null where a file has none of that name.

    Args, Raises: As `of_file`.
    """
    return _read(connect(paths), paths, text, names)


def _read(
    connection: Any, paths: Sequence[str], text: str, names: Sequence[str] | None, file: OneFile | None = None
) -> ibis.Table:
    import duckdb

    try:
        if is_parquet(paths[0]):
            table = connection.read_parquet(list(paths), union_by_name=True)
        else:
            table = _csv(connection, paths, header=names is None)
    except duckdb.Error as error:
        if file and file.failure:
            raise file.failure from None
        reason = _ragged(paths) or reason_of(error)
        for path in paths:
            reason = reason.replace(path, text if len(paths) == 1 else os.path.basename(path))
        raise UnreadableSource(f"{text!r} can't be read as a table: {reason}") from None
    return table if names is None else named(table, names, text)


def named(table: ibis.Table, names: Sequence[str], text: str) -> ibis.Table:
    """A table with other names for its columns. Raises `UnreadableSource` where it has more or fewer."""
    if len(names) != len(table.columns):
        raise UnreadableSource(
            f"{text!r} has {len(table.columns):,} columns, and {len(names):,} names are given: {', '.join(names)}."
        )
    if twice := [name for place, name in enumerate(names) if name in names[:place]]:
        raise UnreadableSource(f"The columns of {text!r} are to be named, and {twice[0]!r} is given twice.")
    return table.rename(dict(zip(names, table.columns, strict=True)))


def _csv(connection: Any, paths: Sequence[str], *, header: bool) -> ibis.Table:
    """A csv whose types are settled: its errors show here, not in the middle of a recipe."""
    # All rows are looked at before the types are settled, so that a recipe meets no surprise half-way; and whether the
    # first one is the header is not guessed from what the others look like. The delimiter is told by the first line:
    # left to itself DuckDB reads a file with one ragged line as one wide column.
    options = f"header={header}, skip=0, quote='\"', strict_mode=true"
    calls = [f"{quoted(path)}, delim={quoted(_delimiter(path))}, {options}" for path in paths]
    if sum(os.stat(path).st_size for path in paths) <= _SMALL:
        read = " UNION ALL BY NAME ".join(f"(FROM read_csv({call}, sample_size=-1))" for call in calls)
        connection.con.execute(f"CREATE TEMP TABLE source AS {read}")
    else:
        _settle(connection.con, calls)
    if not (numbers := _numbers_in_words(connection.con)):
        return connection.table("source")
    casts = ", ".join(f"CAST({name} AS DOUBLE) AS {name}" for name in numbers)
    connection.con.execute(f"CREATE TEMP VIEW numbers AS SELECT * REPLACE ({casts}) FROM source")  # noqa: S608 — quoted
    return connection.table("numbers")


def _settle(connection: Any, calls: Sequence[str]) -> None:
    """Make a view whose types are written in it: without them every query would look at all rows for the types first.

    DuckDB keeps in memory what it looks at for that, however much it is allowed. So types are told by the first rows,
    and then all rows are read with them; only where that fails are the types told by all rows.
    """
    import duckdb

    for sample in (_SAMPLE, -1):
        sniffs = [f"SELECT Prompt FROM sniff_csv({call}, sample_size={sample})" for call in calls]  # noqa: S608 — quoted
        found = [connection.execute(sniff).fetchall()[0][0].rstrip("; ") for sniff in sniffs]
        connection.execute(
            f"CREATE OR REPLACE TEMP VIEW source AS {' UNION ALL BY NAME '.join(f'({of})' for of in found)}"
        )
        try:
            connection.execute("SELECT count(COLUMNS(*)) FROM source").fetchall()
            return
        except duckdb.Error:
            if sample == -1:
                raise


def _numbers_in_words(connection: Any) -> list[str]:
    """Columns, quoted, that are text to DuckDB because of a `nan` or `inf` among their numbers."""
    described = connection.execute("DESCRIBE source").fetchall()
    texts = ['"' + name.replace('"', '""') + '"' for name, kind, *_ in described if kind == "VARCHAR"]
    # What is text shows in a few rows: only what may be numbers is looked through.
    for rows in (f"(FROM source LIMIT {_FIRST_ROWS})", "source"):
        if texts:
            counts = ", ".join(f"count({name}), count(TRY_CAST({name} AS DOUBLE))" for name in texts)
            [found] = connection.execute(f"SELECT {counts} FROM {rows}").fetchall()  # noqa: S608 — quoted
            pairs = zip(texts, found[::2], found[1::2], strict=True)
            texts = [name for name, given, numbers in pairs if given == numbers and (given or rows != "source")]
    return texts


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
        path, "rt", encoding="utf-8-sig", errors="surrogateescape", newline=""
    )
    return opened


def _is_text(value: str) -> bool:
    return value.isascii() or not any("\udc80" <= character <= "\udcff" for character in value)


def _ragged(paths: Sequence[str]) -> str | None:
    """Which line of which csv does not fit its header or is no UTF-8; None where that is not what is wrong."""
    if is_parquet(paths[0]):
        return None
    for path in paths:
        if reason := _ragged_line(path):
            return reason if len(paths) == 1 else f"{os.path.basename(path)}: {reason}"
    return None


def _ragged_line(path: str) -> str | None:
    with _text_of(path) as file:
        rows = csv.reader(file, delimiter=_delimiter(path))
        try:
            width = len(next(rows, []))
            for row in rows:
                if not all(map(_is_text, row)):
                    return f"line {rows.line_num} is not in UTF-8."
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
    connection = connect([])
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
        raise UnreadableSource(f"{text!r} is a {kind}, which is no table: {reason_of(error)}") from error
