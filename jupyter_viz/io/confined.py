"""A DuckDB that opens no files but those it was given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def confine(connection: Any, paths: Sequence[str] = ()) -> None:
    """From now on it opens no file but these, no network and no extension; and prints nothing."""
    allowed = ", ".join(map(quoted, paths))
    settings = (
        "autoinstall_known_extensions = false",
        "autoload_known_extensions = false",
        f"allowed_paths = [{allowed}]",
        "enable_external_access = false",
        "enable_progress_bar = false",  # it would be printed among what a notebook shows
        "lock_configuration = true",
    )
    connection.execute(";".join(f"SET {setting}" for setting in settings))


def quoted(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """The name of a column as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'
