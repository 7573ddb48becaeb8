"""What lies beside the store: the catalog's files, its backups, the cache."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ..config import Configuration
from ..models import Amount


@dataclass(frozen=True, slots=True)
class File:
    path: Path
    bytes: int
    modified: float


def catalog_files(config: Configuration) -> list[File]:
    """The file of an SQLite catalog with what SQLite keeps beside it; none for a database server."""
    from ..catalog.engine import sqlite_path

    path = sqlite_path(config.catalog)
    return [] if path is None else _files(Path(f"{path}{ending}") for ending in ("", "-wal", "-shm", "-journal"))


def backups(config: Configuration) -> list[File]:
    """Copies of an SQLite catalog that an upgrade made, also those it did not finish."""
    from ..catalog.engine import BACKUP, sqlite_path

    path = sqlite_path(config.catalog)
    return [] if path is None else _files(each for each in _in(path.parent) if each.name.startswith(path.name + BACKUP))


def cache(config: Configuration) -> list[File]:
    return _files(_in(config.home_path / "cache"))


def amount(files: Iterable[File]) -> Amount:
    return sum((Amount(1, file.bytes) for file in files), Amount())


def _in(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _files(paths: Iterable[Path]) -> list[File]:
    found = []
    for path in paths:
        try:
            about = os.stat(path, follow_symlinks=False)
        except OSError:
            continue
        found.append(File(path, about.st_size, about.st_mtime))
    return found
