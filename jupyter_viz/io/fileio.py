"""Files and folders by local path or fsspec URL, with the names of ZenML's `fileio`.

A local folder is made when a file in it is written. Object stores have no folders of their own: there, one that holds
no file does not exist. A store that can't be reached or refuses raises `StoreUnavailable`; one whose library is not
installed `MissingExtra`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from fsspec.core import url_to_fs
from fsspec.implementations.local import LocalFileSystem
from fsspec.spec import AbstractFileSystem

from ..uri import is_uri
from .remote import etag, file_system, has_folders, is_remote, open_remote, reaching

Path = str | os.PathLike[str]
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Stat:
    """What is known of a file or folder; `modified` and `etag`, its content's mark, are None where it has none."""

    size: int
    is_folder: bool
    modified: datetime | float | None
    etag: str | None = None


def open(path: Path, mode: str = "r") -> IO[Any]:
    """A file object; text is UTF-8."""
    if is_remote(os.fspath(path)):
        return open_remote(os.fspath(path), mode)
    fs, name = url_to_fs(os.fspath(path))
    if not mode.startswith("r"):
        os.makedirs(os.path.dirname(name), exist_ok=True)
    text = {} if "b" in mode else {"encoding": "utf-8", "newline": ""}
    file: IO[Any] = fs.open(name, mode, **text)
    return file


def read(path: Path) -> bytes:
    """A whole file, in one request where it is in a store: as it was at one moment, whoever replaces it meanwhile."""
    with _located(path) as (fs, name):
        return bytes(fs.cat_file(name))


def read_range(path: Path, start: int, end: int) -> bytes:
    """Bytes `start` to `end` (exclusive) of a file, in one request where it is in a store."""
    with _located(path) as (fs, name):
        return bytes(fs.cat_file(name, start=start, end=end)) if end > start else b""


def exists(path: Path) -> bool:
    with _located(path) as (fs, name):
        return bool(fs.exists(name))


def isdir(path: Path) -> bool:
    with _located(path) as (fs, name):
        return bool(fs.isdir(name))


def size(path: Path) -> int:
    """Bytes of one file."""
    with _located(path) as (fs, name):
        return int(fs.size(name))


def stat(path: Path) -> Stat:
    """Raises `FileNotFoundError` where nothing is."""
    with _located(path) as (fs, name):
        return _stat(fs.info(name))


def listdir(path: Path) -> list[str]:
    """Names, not paths, of what is in a folder, sorted. Raises `FileNotFoundError` where none is."""
    with _located(path) as (fs, name):
        if not fs.isdir(name):
            raise FileNotFoundError(f"There is no folder {os.fspath(path)!r}.")
        return sorted({str(found).rstrip("/").rpartition("/")[2] for found in fs.ls(name, detail=False)})


def find(folder: Path) -> list[str]:
    """Paths of all files below a folder, sorted, in a form `open` takes."""
    with _located(folder) as (fs, name):
        return [_openable(fs, found, folder, name) for found in sorted(fs.find(name))]


def find_stats(folder: Path) -> Iterator[tuple[str, Stat]]:
    """All files below a folder with what is known of each, from one listing; in no order."""
    with _located(folder) as (fs, name):
        for path, about in fs.find(name, detail=True).items():
            yield _openable(fs, path, folder, name), _stat(about)


def glob(pattern: Path) -> list[str]:
    """Paths that match a pattern with `*`, `?`, `[…]` or `**`, sorted, in a form `open` takes."""
    with _located(pattern) as (fs, name):
        return [_openable(fs, found, pattern, name) for found in sorted(fs.glob(name))]


def walk(top: Path, topdown: bool = True) -> Iterator[tuple[str, list[str], list[str]]]:
    """As `os.walk`: (folder, names of folders in it, names of files in it)."""
    with _located(top) as (fs, name):
        for folder, folders, files in fs.walk(name, topdown=topdown):
            yield _openable(fs, folder, top, name), list(folders), list(files)


def mkdir(path: Path) -> None:
    """Make one folder; raises `FileExistsError` where something is already."""
    with _located(path) as (fs, name):
        if fs.exists(name):
            raise FileExistsError(f"There is already something at {os.fspath(path)!r}.")
        if has_folders(os.fspath(path)):
            fs.mkdir(name, create_parents=False)


def makedirs(path: Path) -> None:
    """Make a folder and those above it; one that is there is no error. Never makes a bucket."""
    if has_folders(os.fspath(path)):
        with _located(path) as (fs, name):
            fs.makedirs(name, exist_ok=True)


def remove(path: Path) -> None:
    """Remove one file. Raises `FileNotFoundError` where none is, `IsADirectoryError` for a folder."""
    with _located(path) as (fs, name):
        if fs.isdir(name):
            raise IsADirectoryError(f"{os.fspath(path)!r} is a folder; `rmtree` removes folders.")
        if not fs.exists(name):
            raise FileNotFoundError(f"There is no file {os.fspath(path)!r}.")
        fs.rm_file(name)


def rmtree(folder: Path) -> None:
    """Remove a folder and all in it; none is no error."""
    with _located(folder) as (fs, name):
        if fs.exists(name):
            fs.rm(name, recursive=True)


def copy(source: Path, target: Path, overwrite: bool = False) -> None:
    """Copy one file, also from one store to another. Raises `FileExistsError` unless `overwrite`."""
    _refuse_existing(target, overwrite)
    if is_remote(os.fspath(source)) and not is_uri(os.fspath(target)):
        with _located(source) as (fs, name):
            fs.get_file(name, os.fspath(target))  # in one request
        return
    with open(source, "rb") as reader, open(target, "wb") as writer:
        while block := reader.read(_BLOCK):
            writer.write(block)


def rename(source: Path, target: Path, overwrite: bool = False) -> None:
    """Move a file or folder within one store. Raises `FileExistsError` unless `overwrite`."""
    _refuse_existing(target, overwrite)
    with _located(source) as (fs, name), _located(target) as (other, new_name):
        if not fs.exists(name):
            raise FileNotFoundError(f"There is nothing at {os.fspath(source)!r}.")
        if type(fs) is not type(other):
            raise ValueError(
                f"{os.fspath(target)!r} is in another store than {os.fspath(source)!r}: copy, then remove."
            )
        if isinstance(fs, LocalFileSystem):
            os.makedirs(os.path.dirname(new_name), exist_ok=True)
            os.replace(name, new_name)
        else:
            fs.mv(name, new_name, recursive=fs.isdir(name))


def _stat(about: dict[str, Any]) -> Stat:
    modified = next((about[key] for key in ("mtime", "modified", "LastModified", "created") if about.get(key)), None)
    return Stat(int(about.get("size") or 0), about["type"] == "directory", modified, etag(about))


def _refuse_existing(path: Path, overwrite: bool) -> None:
    if not overwrite and exists(path):
        raise FileExistsError(f"There is already something at {os.fspath(path)!r}; `overwrite=True` replaces it.")


def _openable(fs: AbstractFileSystem, found: str, asked: Path, name: str) -> str:
    """What a store found, in the form in which it was asked."""
    if isinstance(fs, LocalFileSystem):
        return str(found)
    if found.startswith(name):
        return os.fspath(asked).rstrip("/") + found[len(name) :]
    return str(fs.unstrip_protocol(found))


@contextmanager
def _located(path: Path) -> Iterator[tuple[AbstractFileSystem, str]]:
    text = os.fspath(path)
    if not is_remote(text):
        yield url_to_fs(text)
        return
    with reaching(text):
        yield file_system(text)
