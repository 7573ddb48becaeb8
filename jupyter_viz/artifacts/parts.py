"""Files as sources by path: one, or all that a pattern matches as one table."""

from __future__ import annotations

import glob
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

from ..config import Configuration
from ..enums import ArtifactKind
from ..errors import BadRequest, NotFound, UnreadableSource
from .source import Source, check_file, checked_path, file_source, is_readable, kind_of, missing_file

_MOST = 10_000


def path_source(text: str, config: Configuration) -> Source:
    """The source a path names: a file, or the table whose parts a pattern such as `parts/*.parquet` matches.

    In a pattern `*`, `?` and `[…]` stand for parts of one name. A file that is called like a pattern is that file.
    Where `config.source_root` is set, files that may not be read are none of the parts.

    Raises:
        BadRequest: It is no path, or a pattern of what is no table.
        NotFound: There is nothing, or nothing that may be read: the same words for both.
        UnreadableSource: It is plainly no table, or has too many parts.
    """
    if not glob.has_magic(text):
        return file_source(text, config)
    with suppress(NotFound):
        return file_source(text, config)
    pattern = checked_path(text, config)
    if kind_of(text) is not ArtifactKind.TABLE or "**" in text:
        raise BadRequest(f"{text!r} is no pattern of tables: folder/*.parquet or folder/2024-*/*.csv is the form.")
    found = list(islice(_matches(pattern, config), _MOST + 1))
    if not found:
        raise missing_file(text, config)
    if len(found) > _MOST:
        raise UnreadableSource(f"{text!r} matches more than {_MOST:,} files.")
    digest = hashlib.sha256()
    for path, about in sorted(found):
        digest.update(f"{path}\0{about.st_size}\0{about.st_mtime_ns}\n".encode(errors="surrogateescape"))
    parts = tuple(path for path, _ in sorted(found))
    check_file(text, Path(parts[0]))
    return Source(text, ArtifactKind.TABLE, parts[0], digest=f"parts {digest.hexdigest()}", parts=parts)


def matched(text: str, config: Configuration) -> list[str]:
    """The files a pattern of pictures or documents matches, each a source of its own, named as the pattern is.

    Anything but a pattern, and a pattern of tables, whose files are one table, is given back as it is.

    Raises:
        NotFound: Nothing matches, or nothing that may be read.
    """
    if not glob.has_magic(text) or kind_of(text) in (ArtifactKind.TABLE, ArtifactKind.BINARY) or "**" in text:
        return [text]
    with suppress(NotFound):  # a file may be called like a pattern
        file_source(text, config)
        return [text]
    pattern = checked_path(text, config)
    found = sorted(path for path, _ in islice(_matches(pattern, config), _MOST))
    if not found:
        raise missing_file(text, config)
    if Path(text).is_absolute() or text.startswith("~"):
        return found
    base = Path(config.source_root or ".").resolve()
    return [os.path.relpath(path, base) for path in found]


def _matches(pattern: Path, config: Configuration) -> Iterator[tuple[str, os.stat_result]]:
    fixed = Path(*(part for part in _before_magic(pattern)))
    if not is_readable(fixed.resolve(), config):
        return  # nothing is looked for outside, whatever it would match
    for match in glob.iglob(str(pattern)):
        with suppress(OSError, RuntimeError):
            path = Path(match).resolve()
            about = path.stat()
            if stat.S_ISREG(about.st_mode) and is_readable(path, config):
                yield str(path), about


def _before_magic(pattern: Path) -> Iterator[str]:
    for part in pattern.parts:
        if glob.has_magic(part):
            return
        yield part
