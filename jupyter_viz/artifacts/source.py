"""Sources: what a recipe reads, and which files it may be.

A text is read in this order: `://` → URI; an unescaped `@` → address; a scheme → URI; a name of the notebook →
variable; else a path (`./x` forces it).
"""

from __future__ import annotations

import codecs
import json
import os
import re
import stat
from collections.abc import Container, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any

from ..config import Configuration
from ..enums import ArtifactKind
from ..errors import BadRequest, BytesGone, NotFound, UnreadableSource
from ..io import fileio
from ..models import Artifact, ColumnInfo
from ..uri import is_uri
from .formats import CSV, PARQUET, PARQUET_BEGINS

if TYPE_CHECKING:
    import ibis

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
_KINDS = {
    ArtifactKind.TABLE: (*CSV, *PARQUET),
    ArtifactKind.JSON: (".json", "mlpipeline-ui-metadata"),  # Kubeflow's has no ending
    ArtifactKind.MARKDOWN: (".md", ".markdown"),
    ArtifactKind.HTML: (".html", ".htm"),
    ArtifactKind.IMAGE: (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg"),
    ArtifactKind.STATISTICS: (".pb", ".pbtxt", ".tfrecord", "stats_tfrecord"),
    ArtifactKind.TEXT: (".txt", ".log", ".py", ".yaml", ".yml"),
}
HEAD = 1 << 16
DATABASES = "ibis://"
"""What sources that are tables of databases begin with."""
TABULAR = ("__arrow_c_stream__", "__dataframe__", "to_pandas", "execute")
"""What tells a table of the notebook: whatever Ibis can take as one has one of these, whatever its class."""


class SourceForm(Enum):
    ADDRESS = "address"
    URI = "uri"
    VARIABLE = "variable"
    PATH = "path"


def form_of(text: str, variables: Container[str] = ()) -> SourceForm:
    """How the text of a source is to be read."""
    if text.startswith(("./", "../", "/")):
        return SourceForm.PATH
    if is_uri(text):  # before the address: the `@` of a URI is no address's
        return SourceForm.URI
    if "@" in text:
        return SourceForm.ADDRESS
    if _SCHEME.match(text) and "::" not in text:
        return SourceForm.URI
    return SourceForm.VARIABLE if text in variables else SourceForm.PATH


def kind_of(path: str) -> ArtifactKind:
    """What a file holds, by its name."""
    lower = path.lower()
    for kind, endings in _KINDS.items():
        if lower.endswith(endings):
            return kind
    return ArtifactKind.BINARY


@dataclass(frozen=True, slots=True)
class Source:
    """What a recipe is given: an artifact's bytes, a file, or a value of the notebook.

    Attributes:
        text: How it was named; an address is pinned to its run.
        kind: What can be done with it.
        path: Of the file that holds it, or its URI in an object store or a database; None for a value of the notebook.
        columns: Of a table, where they are stored already.
        digest: Tells one content from another: of an artifact SHA-256; of a file what its store or disk says of it,
            its etag or its size and time, and which of both; None of a database, which does not say.
        value: Of a variable of the notebook; of a run its `models.Run`, with metrics and parameters.
        absent: Why there is nothing to read, where it is one of several sources; None where there is.
        parts: Of a pattern that several files match: their paths, the first of which is `path`.
    """

    text: str
    kind: ArtifactKind
    path: str | None = None
    columns: tuple[ColumnInfo, ...] = ()
    digest: str | None = None
    artifact: Artifact | None = None
    value: Any = field(default=None, repr=False)
    absent: str | None = None
    parts: tuple[str, ...] = field(default=(), repr=False)

    @property
    def in_database(self) -> bool:
        """Whether it is a table of a database: it may have changed since it was last read, without a trace."""
        return self.path is not None and self.path.startswith(DATABASES)

    def table(self, names: Sequence[str] | None = None) -> ibis.Table:
        """The source as a table: an Ibis expression; `.to_pandas()` gives a DataFrame.

        Args:
            names: Of the columns, instead of its own; the first row of a csv is data then.
        """
        from . import databases, tables

        if self.path is None or self.in_database:
            table = databases.open_table(self.text) if self.in_database else tables.of_value(self.value, self.text)
            return table if names is None else tables.named(table, names, self.text)
        if self.kind is not ArtifactKind.TABLE:
            raise UnreadableSource(f"{self.text!r} is not a table but {self.kind}.")
        if self.parts:
            return tables.of_parts(self.parts, self.text, names)
        return tables.of_file(self.path, self.text, names, self.columns)

    def failures(self) -> AbstractContextManager[None]:
        """Within it, what the engine behind `table` raises is an `UnreadableSource`."""
        from . import databases, failures

        return (databases.database_failures if self.in_database else failures.translated)(self.text)

    def read(self, most: int = -1) -> bytes:
        """The bytes of the file, the first `most` of them where a number is given."""
        if self._is_value:
            data = self._bytes()
            return data if most < 0 else data[:most]
        try:
            with fileio.open(self._file(), "rb") as file:
                read: bytes = file.read(most)
                return read
        except FileNotFoundError:
            raise BytesGone(f"{self.text!r} is no longer there.") from None

    def size(self) -> int:
        """How many bytes the file has."""
        if self._is_value:
            return len(self._bytes())
        try:
            return fileio.size(self._file())
        except FileNotFoundError:
            raise BytesGone(f"{self.text!r} is no longer there.") from None

    def beside(self, name: str) -> Source:
        """Another file of the same folder: what may be read of the one may be read of the other.

        Raises `NotFound` where there is none, or only a link, which may lead elsewhere.
        """
        folder, slash, _ = self._file().rpartition("/" if is_uri(self._file()) else os.sep)
        path = f"{folder}{slash}{name}"
        if not fileio.exists(path) or os.path.islink(path):
            raise NotFound(f"There is no file {name!r} beside {self.text!r}.")
        return Source(f"{name} beside {self.text}", kind_of(name), path)

    @property
    def _is_value(self) -> bool:
        return self.path is None and self.kind not in (ArtifactKind.TABLE, ArtifactKind.RUN)

    def _bytes(self) -> bytes:
        from .values import bytes_of_value

        return bytes_of_value(self.value, self.text)

    def _file(self) -> str:
        if self.path is None or self.in_database:
            what = "a table of a database" if self.in_database else "a variable"
            raise UnreadableSource(f"{self.text!r} is {what}, it has no bytes.")
        return self.path

    def read_text(self) -> str:
        """The file as text in UTF-8."""
        try:
            return self.read().decode()
        except UnicodeDecodeError as error:
            raise UnreadableSource(f"{self.text!r} is not text in UTF-8: {error}.") from None

    def json(self) -> Any:
        """The file as the value its JSON means."""
        try:
            return json.loads(self.read_text())
        except ValueError as error:
            raise UnreadableSource(f"{self.text!r} is not JSON: {error}.") from None
        except RecursionError:
            raise UnreadableSource(f"{self.text!r} is nested too deeply to be read as JSON.") from None

    def value_of_file(self) -> Any:
        """What the file holds: a table as a DataFrame, JSON as what it means, a text as such, all else as bytes."""
        if self.kind is ArtifactKind.TABLE:
            return self.table().to_pandas()
        if self.kind is ArtifactKind.JSON:
            return self.json()
        if self.kind in (ArtifactKind.TEXT, ArtifactKind.MARKDOWN, ArtifactKind.HTML):
            return self.read_text()
        return self.read()


def value_source(text: str, value: Any) -> Source:
    """The source a variable of the notebook is."""
    from .values import kind_of_value

    is_table = isinstance(value, list) or any(hasattr(value, name) for name in TABULAR)
    return Source(text, ArtifactKind.TABLE if is_table else kind_of_value(value), value=value)


def file_source(text: str, config: Configuration) -> Source:
    """The source a path names.

    Where `config.source_root` is set (on a server) only regular files inside it, inside the artifact store or inside
    `allowed_sources` are found. Raises `BadRequest` for what is no path, `NotFound` for what is not there or may not
    be read, in the same words for both.
    """
    path = _real_path(text, config)
    found = os.stat(path)
    digest = f"size {found.st_size}, modified {found.st_mtime_ns}"
    kind = kind_of(str(path))
    if kind is ArtifactKind.TABLE:
        check_file(text, path)
    return Source(text, kind, str(path), digest=digest)


def check_file(text: str, path: Path) -> None:
    """As `check_head`, of a file on a disk."""
    try:
        with path.open("rb") as file:
            check_head(text, path.name, file.read(HEAD))
    except OSError as error:
        raise UnreadableSource(f"{text!r} can't be read: {error.strerror}.") from None


def checked_path(text: str, config: Configuration) -> Path:
    """The path a text means, which may be anywhere. Raises `BadRequest` for what is none."""
    if not text or any(ord(c) < 32 or 0xD800 <= ord(c) < 0xE000 for c in text):
        raise BadRequest(f"{text!r} is not a path.")
    confined = config.source_root is not None
    # `PureWindowsPath` sees drives and UNC shares on every system; neither may reach the disk.
    if text.startswith(("\\\\", "//")) or (confined and PureWindowsPath(text).drive):
        raise BadRequest(f"{text!r} names a drive or a network share; give a path below the root folder.")
    if confined and (".." in PurePosixPath(text).parts or ".." in PureWindowsPath(text).parts):
        raise BadRequest(f"{text!r} has '..' in it; give a path below the root folder.")
    base = Path(config.source_root or ".")
    try:
        return base / text if confined else base / Path(text).expanduser()
    except RuntimeError:  # the home of a user who is none
        raise missing_file(text, config) from None


def is_readable(path: Path, config: Configuration) -> bool:
    """Whether a path without links may be read: on a server what is below the root folder, the store, or allowed."""
    if config.source_root is None:
        return True
    roots = (config.source_root, *config.allowed_sources, config.artifacts)
    return any(path.is_relative_to(Path(root).expanduser().resolve()) for root in roots if not is_uri(root))


def _real_path(text: str, config: Configuration) -> Path:
    missing = missing_file(text, config)
    try:
        path = checked_path(text, config).resolve()
    except (OSError, RuntimeError):  # links in a circle
        raise missing from None
    if not is_readable(path, config):
        raise missing
    try:
        mode = path.stat().st_mode
    except OSError:
        raise missing from None
    if stat.S_ISDIR(mode) and config.source_root is None:
        raise BadRequest(f"{text!r} is a folder; name a file.")
    if not stat.S_ISREG(mode):
        raise missing
    return path


def missing_file(text: str, config: Configuration) -> NotFound:
    """What is said of a file that is not there, and in the same words of one that may not be read."""
    return NotFound(f"There is no file {text!r}{' that may be read from here' if config.source_root else ''}.")


def check_head(text: str, name: str, head: bytes) -> None:
    """Refuse what is plainly no table before anything is started for it.

    Args:
        text: How the user named it, for messages.
        name: Of the file.
        head: Its first `HEAD` bytes, all where it has fewer.
    """
    name = name.lower()
    if name.endswith(PARQUET) or (not name.endswith(CSV) and head.startswith(PARQUET_BEGINS)):
        if not head.startswith(PARQUET_BEGINS):
            raise UnreadableSource(f"{text!r} is not a parquet file: it does not begin with PAR1.")
        return
    if name.endswith(".gz"):
        if head[:2] != b"\x1f\x8b":
            raise UnreadableSource(f"{text!r} is not a gzip file.")
        return
    if not head.strip():
        raise UnreadableSource(f"{text!r} is empty: a csv begins with a row of column names.")
    try:
        # A character may be cut at the end of the head.
        codecs.getincrementaldecoder("utf-8-sig")().decode(head, final=len(head) < HEAD)
    except UnicodeDecodeError as error:
        raise UnreadableSource(f"{text!r} is not a csv in UTF-8: {error.reason} at byte {error.start}.") from None
    if found := {b"<": "HTML", b"{": "JSON"}.get(head.lstrip()[:1]):
        raise UnreadableSource(f"{text!r} is not a csv: it begins like {found}.")
    if b"\0" in head:
        raise UnreadableSource(f"{text!r} is not a csv: it has a NUL byte at {head.index(0)}.")
