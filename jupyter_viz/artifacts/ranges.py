"""A file of an object store as DuckDB reads it: only the parts it needs, and no other file."""

from __future__ import annotations

import threading
from collections import OrderedDict
from datetime import datetime, timezone
from typing import Any

from fsspec.spec import AbstractFileSystem

from ..errors import VizError
from ..io import fileio

PROTOCOL = "source"
_KEPT = 64 << 20
_WHOLE = 8 << 20  # up to here one request for all is quicker than several for parts


class OneFile(AbstractFileSystem):  # type: ignore[misc]
    """A file system that holds one file, which can be read. Whatever else is asked for is not there.

    What was read is kept, up to 64 MB: a recipe asks for the same columns more than once.

    Attributes:
        failure: What the store's last refusal was; DuckDB hands on its text alone.
    """

    protocol = PROTOCOL
    cachable = False

    def __init__(self, uri: str, name: str) -> None:
        super().__init__()
        self._uri, self._name = uri, name
        self._bytes = fileio.size(uri)
        self._parts: OrderedDict[tuple[int, int], bytes] = OrderedDict()
        self._lock = threading.Lock()
        self.failure: VizError | None = None

    @property
    def path(self) -> str:
        """How DuckDB names the file."""
        return f"{PROTOCOL}://{self._name}"

    def part(self, start: int, end: int) -> bytes:
        """Bytes from `start` to `end`, exclusive."""
        end = min(end, self._bytes)
        if start >= end:
            return b""
        with self._lock:
            for (first, last), data in reversed(self._parts.items()):
                if first <= start and end <= last:
                    self._parts.move_to_end((first, last))
                    return data[start - first : end - first]
        wanted = (0, self._bytes) if self._bytes <= _WHOLE else (start, end)
        try:
            data = fileio.read_range(self._uri, *wanted)
        except VizError as error:
            self.failure = error
            raise
        with self._lock:
            self._parts[wanted] = data
            while len(self._parts) > 1 and sum(map(len, self._parts.values())) > _KEPT:
                self._parts.popitem(last=False)
        return data[start - wanted[0] : end - wanted[0]]

    def info(self, path: str, **_: Any) -> dict[str, Any]:
        self._check(path)
        return {"name": self._name, "size": self._bytes, "type": "file"}

    def exists(self, path: str, **_: Any) -> bool:
        return bool(self._strip_protocol(path) == self._name)

    def glob(self, path: str, **_: Any) -> list[str]:
        return [self._name] if self.exists(path) else []

    def ls(self, path: str, detail: bool = True, **_: Any) -> list[Any]:
        raise FileNotFoundError(path)

    def modified(self, path: str) -> datetime:
        return datetime.fromtimestamp(0, timezone.utc)

    def _open(self, path: str, mode: str = "rb", **_: Any) -> _Reader:
        self._check(path)
        if mode != "rb":
            raise PermissionError(path)
        return _Reader(self, self._bytes)

    def _check(self, path: str) -> None:
        if not self.exists(path):
            raise FileNotFoundError(path)


class _Reader:
    """Where a thread stands in the file is its own: several of DuckDB's threads seek and read through one handle."""

    def __init__(self, of: OneFile, size: int) -> None:
        self._of, self._size = of, size
        self._at: dict[int, int] = {}
        self.closed = False

    def seek(self, offset: int, whence: int = 0) -> int:
        base = {0: 0, 1: self.tell(), 2: self._size}[whence]
        self._at[threading.get_ident()] = base + offset
        return base + offset

    def tell(self) -> int:
        return self._at.get(threading.get_ident(), 0)

    def read(self, size: int = -1) -> bytes:
        start = self.tell()
        data = self._of.part(start, self._size if size < 0 else start + size)
        self._at[threading.get_ident()] = start + len(data)
        return data

    def close(self) -> None:
        self.closed = True

    def flush(self) -> None:
        """Nothing was written."""
