"""Connections to DuckDB that can reach nothing but what they were given."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..config import PREFIX
from ..io.confined import confine, quoted

if TYPE_CHECKING:
    from .ranges import OneFile

_MEMORY = "500MiB"
_ONE_THREAD = 4 << 20  # bytes of files that one thread reads as soon as several have started

_spare: list[Any] = []
_kept: list[Any] = []


def connect_ahead(number: int) -> None:
    """Have connections ready for the next tables of this process: making one takes longer than reading a small file.

    Starts no thread: it may be done before a fork, and each process that comes of it has connections of its own.
    """
    _spare.extend(_threadless() for _ in range(number))


def disconnect() -> None:
    """Close what `connect_ahead` made."""
    while _spare:
        _spare.pop().disconnect()


def connect(paths: Sequence[str], file: OneFile | None = None) -> Any:
    """An Ibis backend of a database in memory, from which nothing else can be reached.

    Args:
        paths: The files that may be read.
        file: What its part of `paths` is read through.
    """
    connection = _spare.pop() if _spare else _threadless()
    if file is not None:
        connection.con.register_filesystem(file)
    if file is not None or not paths or _size(paths) > _ONE_THREAD:
        _use_threads(connection)
    if paths:
        _limit(connection)
    confine(connection.con, paths)
    if (
        PREFIX + "RENDERING" in os.environ
    ):  # it ends with its process, at once; closed, it would keep the answer waiting
        _kept.append(connection)
    return connection


def _limit(connection: Any) -> None:
    """Of a file only a part is in memory at a time, however large it is; what does not fit is put on the disk."""
    place = "." if PREFIX + "RENDERING" in os.environ else tempfile.gettempdir()
    folder = os.path.abspath(os.path.join(place, f"jupyter-viz-{os.getpid()}.spilt"))
    connection.con.execute(f"SET memory_limit = '{_MEMORY}'; SET temp_directory = {quoted(folder)}")


def _threadless() -> Any:
    import duckdb
    import ibis

    try:
        return ibis.duckdb.connect(threads=1, async_threads=0)
    except duckdb.Error:  # before 2.0 there are none of the latter
        return ibis.duckdb.connect(threads=1)


def _use_threads(connection: Any) -> None:
    import duckdb

    connection.con.execute("RESET threads")
    with contextlib.suppress(duckdb.Error):
        connection.con.execute("RESET async_threads")


def _size(paths: Sequence[str]) -> int:
    size = 0
    for path in paths:
        with contextlib.suppress(OSError):  # what is missing shows where it is read
            size += os.stat(path).st_size
    return size
