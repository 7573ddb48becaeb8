"""Open, list and remove files by local path or fsspec URL. A local folder is made when a file in it is written."""

from __future__ import annotations

import os
from typing import IO, Any

from fsspec.core import url_to_fs
from fsspec.implementations.local import LocalFileSystem
from fsspec.spec import AbstractFileSystem


def open(path: str | os.PathLike[str], mode: str = "r") -> IO[Any]:
    """A file object; text is UTF-8."""
    fs, name = _located(path)
    if isinstance(fs, LocalFileSystem) and not mode.startswith("r"):
        os.makedirs(os.path.dirname(name), exist_ok=True)
    text = {} if "b" in mode else {"encoding": "utf-8", "newline": ""}
    file: IO[Any] = fs.open(name, mode, **text)
    return file


def exists(path: str | os.PathLike[str]) -> bool:
    fs, name = _located(path)
    return bool(fs.exists(name))


def size(path: str | os.PathLike[str]) -> int:
    """Bytes of one file."""
    fs, name = _located(path)
    return int(fs.size(name))


def find(folder: str | os.PathLike[str]) -> list[str]:
    """Paths of all files below a folder, sorted, in a form `open` takes."""
    fs, name = _located(folder)
    return [
        str(path) if isinstance(fs, LocalFileSystem) else fs.unstrip_protocol(path) for path in sorted(fs.find(name))
    ]


def rmtree(folder: str | os.PathLike[str]) -> None:
    """Remove a folder and all in it; none is no error."""
    fs, name = _located(folder)
    if fs.exists(name):
        fs.rm(name, recursive=True)


def _located(path: str | os.PathLike[str]) -> tuple[AbstractFileSystem, str]:
    fs, name = url_to_fs(os.fspath(path))
    return fs, name
