"""Files of csv and tsv in DuckDB: of which types their columns are, and the lines that fit no table."""

from __future__ import annotations

import csv
import gzip
import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from typing import IO, Any

from ..models import ColumnInfo
from .confined import confine, identifier, quoted

_LONGEST_HEADER = 1 << 20
_FIRST_ROWS = 1000
_SAMPLE = 100_000  # rows
_SMALL = 64 << 20  # bytes of a csv that is read once and kept in memory
_MEMORY = "500MiB"
_TYPES = {"BIGINT", "BOOLEAN", "DATE", "DOUBLE", "HUGEINT", "TIME", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE", "VARCHAR"}
_FORMATTED = re.compile(r"(DATE|TIMESTAMP) (.*%.*)")
# A number as numbers are written, of digits that a double holds; or what stands for none. Not `007`, nor `+49 …`.
_NUMBER = r"\s*(-?(0|[1-9][0-9]{0,14})?(\.[0-9]*)?(e[+-]?[0-9]+)?|[+-]?(nan|inf|infinity))\s*"
_LARGEST = 10**38  # the integers that Ibis has a type for are below
PARSED = "parsed"
"""The name of a view of files that are not kept in memory: each query reads them whole, whatever it asks for."""


def opened(connection: Any, paths: Sequence[str], *, header: bool, columns: Sequence[ColumnInfo] = ()) -> str:
    """Make a table of files whose types are settled: what is wrong with them shows here, not in the middle of a recipe.

    Args:
        connection: DuckDB's own.
        paths: Of files that it may open.
        header: Whether the first row holds the names of the columns.
        columns: With their types, as `described` told them of the one file: they are not looked for again.

    Returns:
        The name of the table or view in it. Raises `duckdb.Error`.
    """
    small = sum(os.stat(path).st_size for path in paths) <= _SMALL
    if columns:
        what = "TABLE source" if small else f"VIEW {PARSED}"
        connection.execute(f"CREATE TEMP {what} AS {_read_as(_call(paths[0]), columns)}")
        return "source" if small else PARSED
    # All rows are looked at before the types are settled, so that a recipe meets no surprise half-way; and whether the
    # first one is the header is not guessed from what the others look like. The delimiter is told by the first line:
    # left to itself DuckDB reads a file with one ragged line as one wide column.
    calls = [_call(path, header=header) for path in paths]
    if small:
        read = " UNION ALL BY NAME ".join(f"(FROM read_csv({call}, sample_size=-1))" for call in calls)
        connection.execute(f"CREATE TEMP TABLE source AS {read}")
    else:
        _settle(connection, calls, (_SAMPLE, -1))
    other = _other_types(connection)
    if small and not other:
        return "source"
    name = "typed" if small else PARSED
    casts = ", ".join(f"CAST({identifier(name)} AS {kind}) AS {identifier(name)}" for name, kind in other.items())
    cast = f"REPLACE ({casts})" if casts else ""
    connection.execute(f"CREATE TEMP VIEW {name} AS SELECT * {cast} FROM source")  # noqa: S608 — quoted
    return name


def described(path: str) -> tuple[int, tuple[ColumnInfo, ...]] | None:
    """How many rows a csv has, and its columns with the types that all of its rows fit; None where it is no table.

    A type is a name of DuckDB's, after which the format of dates stands where it isn't ISO's: `DATE %d/%m/%Y`.
    """
    import duckdb

    spilt = tempfile.TemporaryDirectory(prefix="jupyter-viz-", ignore_cleanup_errors=True)
    with spilt, duckdb.connect() as connection:
        connection.execute(f"SET memory_limit = '{_MEMORY}'; SET temp_directory = {quoted(spilt.name)}")
        confine(connection, [path])
        try:
            small = os.stat(path).st_size <= _SMALL
            [found] = _settle(connection, [_call(path)], (-1,) if small else (_SAMPLE, -1))
            other = _other_types(connection)
            columns = tuple(ColumnInfo(column.name, other.get(column.name, column.type)) for column in found)
            # Read as it will be read.
            counts = ", ".join(["count(*)", *(f"count({identifier(column.name)})" for column in columns)])
            read = f"SELECT {counts} FROM ({_read_as(_call(path), columns)})"  # noqa: S608 — quoted
            [(rows, *_)] = connection.execute(read).fetchall()
        except duckdb.Error:
            return None
    return rows, columns


def is_described(columns: Sequence[ColumnInfo]) -> bool:
    """Whether the types of columns are such as `described` gives."""
    return bool(columns) and all(_type(column)[0] in _TYPES for column in columns)


def header_of(connection: Any, path: str) -> list[str]:
    """What DuckDB calls the columns of a file with a header."""
    sniff = f"SELECT Columns FROM sniff_csv({_call(path)}, sample_size=1)"  # noqa: S608 — quoted
    return [column["name"] for column in connection.execute(sniff).fetchall()[0][0]]


def ragged_line(path: str) -> str | None:
    """Which line of a csv does not fit its header or is no UTF-8; None where that is not what is wrong."""
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


def _call(path: str, *, header: bool = True) -> str:
    delimiter = quoted(_delimiter(path))
    return f"{quoted(path)}, delim={delimiter}, header={header}, skip=0, quote='\"', comment='', strict_mode=true"


def _read_as(call: str, columns: Sequence[ColumnInfo], escape: str = '"') -> str:
    """SQL that reads a file as columns of these types, whatever it looks like."""
    formats, fields = {}, []
    for column in columns:
        kind, form = _type(column)
        fields.append(f"{quoted(column.name)}: {quoted(kind)}")
        if form:
            formats[kind.lower()] = form  # DuckDB finds one for all columns of the type
    options = "".join(f", {kind}format={quoted(form)}" for kind, form in formats.items())
    named = "{" + ", ".join(fields) + "}"
    return f"FROM read_csv({call}, escape={quoted(escape)}, auto_detect=false, columns={named}{options})"


def _type(column: ColumnInfo) -> tuple[str, str]:
    """The type, and the format of its dates or nothing."""
    found = _FORMATTED.fullmatch(column.type)
    return (found[1], found[2]) if found else (column.type, "")


def _sniffed(connection: Any, call: str, sample: int) -> tuple[tuple[ColumnInfo, ...], str]:
    """The columns of a file and what escapes a quote in it, by some of its rows: all for -1."""
    wanted = "Columns, DateFormat, TimestampFormat, Escape"
    sniff = f"SELECT {wanted} FROM sniff_csv({call}, sample_size={sample})"  # noqa: S608 — quoted
    [(columns, date, timestamp, escape)] = connection.execute(sniff).fetchall()
    forms = {"DATE": date if date != "%Y-%m-%d" else None, "TIMESTAMP": timestamp}
    found = tuple(
        ColumnInfo(name, f"{kind} {form}" if (form := forms.get(kind)) else kind)
        for name, kind in ((column["name"], column["type"]) for column in columns)
    )
    return found, "\\" if escape == "\\" else '"'


def _settle(connection: Any, calls: Sequence[str], samples: Sequence[int]) -> list[tuple[ColumnInfo, ...]]:
    """Make a view whose types are written in it: without them every query would look at all rows for the types first.

    DuckDB keeps in memory what it looks at for that, however much it is allowed. So types are told by the first rows,
    and then all rows are read with them; only where that fails are the types told by all rows.
    """
    import duckdb

    for sample in samples:
        found = [_sniffed(connection, call, sample) for call in calls]
        reads = [_read_as(call, columns, escape) for call, (columns, escape) in zip(calls, found, strict=True)]
        connection.execute(
            f"CREATE OR REPLACE TEMP VIEW source AS {' UNION ALL BY NAME '.join(f'({read})' for read in reads)}"
        )
        try:
            connection.execute("SELECT count(COLUMNS(*)) FROM source").fetchall()
            break
        except duckdb.Error:
            if sample == -1:
                raise
    return [columns for columns, _ in found]


def _other_types(connection: Any) -> Mapping[str, str]:
    """The columns that are better of another type than DuckDB finds.

    Those that are text for a `nan` or `inf` among their numbers, or because their first values are missing, are
    numbers; integers that are too large to be counted with are text.
    """
    kinds = {name: kind for name, kind, *_ in connection.execute("DESCRIBE source").fetchall()}
    texts = [name for name, kind in kinds.items() if kind == "VARCHAR"]
    # What is text shows in a few rows: only what may be numbers is looked through.
    for rows in (f"(FROM source LIMIT {_FIRST_ROWS})", "source"):
        if texts:
            counts = ", ".join(
                f"count({name}), count(*) FILTER (regexp_full_match({name}, {quoted(_NUMBER)}, 'i') "
                f"AND TRY_CAST({name} AS DOUBLE) IS NOT NULL)"
                for name in map(identifier, texts)
            )
            [found] = connection.execute(f"SELECT {counts} FROM {rows}").fetchall()  # noqa: S608 — quoted
            pairs = zip(texts, found[::2], found[1::2], strict=True)
            texts = [name for name, given, numbers in pairs if given == numbers and (given or rows != "source")]
    other = dict.fromkeys(texts, "DOUBLE")
    for name, kind in kinds.items():
        if kind == "HUGEINT":
            ends = f"min({identifier(name)}), max({identifier(name)})"
            [(least, most)] = connection.execute(f"SELECT {ends} FROM source").fetchall()  # noqa: S608 — quoted
            if max(-(least or 0), most or 0) < _LARGEST:
                continue
        if kind not in _TYPES or kind == "HUGEINT":
            other[name] = "VARCHAR"
    return other


def _delimiter(path: str) -> str:
    """What separates the columns of a csv, by its first line."""
    if ".tsv" in os.path.basename(path):
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
