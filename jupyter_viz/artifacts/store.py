"""The artifact store: one folder or fsspec URL below which artifacts and results lie.

<root>/runs/<run id>/<artifact id>/data.<ext>, and what the materializer made to show
<root>/renderings/<visualization id>/result.json.gz, notebook.json.gz
<root>/catalogs/<catalog id>: an empty file for each catalog whose rows speak of what lies here

What is being written has a name that begins with `WRITING`, and takes its own when it is whole.
"""

from __future__ import annotations

import errno
import gzip
import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from ..errors import BadRequest, BytesGone, NotFound, StorageFull, StoreUnavailable
from ..io import fileio
from ..uri import Uri, is_uri

RUNS, RENDERINGS, CLAIMS = "runs", "renderings", "catalogs"
WRITING = ".writing-"
_BLOCK = 1 << 20
_claimed: set[str] = set()
_GONE = "The stored bytes are gone: somebody removed them from the artifact store."
_FULL = (errno.ENOSPC, errno.EDQUOT)


class ArtifactStore:
    """Bytes below a root. What lies elsewhere is never read or removed, whatever a catalog says.

    Reading and writing raise `StoreUnavailable` where an object store can't be reached or refuses, `MissingExtra` where
    the library for it is not installed.
    """

    def __init__(self, root: str) -> None:
        self._remote = Uri.parse(root.rstrip("/"), schemes=False) if is_uri(root) else None
        self.root = self._remote.text if self._remote else str(Path(root).expanduser().absolute())

    def artifact_folder(self, run_id: str, artifact_id: str) -> str:
        return self._join(RUNS, run_id, artifact_id)

    def run_folder(self, run_id: str) -> str:
        return self._join(RUNS, run_id)

    def rendering_folder(self, visualization_id: str) -> str:
        return self._join(RENDERINGS, visualization_id)

    def claim(self, catalog_id: str) -> None:
        """Note that a catalog's rows speak of what lies here: what only another knows is not to be swept away."""
        place = self._join(CLAIMS, catalog_id)
        if place not in _claimed and not fileio.exists(place):
            self.write(place, b"")
        if self._remote:  # there, looking costs a request
            _claimed.add(place)

    def claims(self) -> set[str]:
        """The ids of the catalogs that claimed this store."""
        return {path.rpartition("/")[2] for path in self.files(self._join(CLAIMS))}

    def read(self, uri: str, limit: int | None = None) -> bytes:
        """The bytes of a file of the store, at most `limit` of them.

        Raises `BytesGone` when it is no longer there, `NotFound` when it is not the store's.
        """
        if self._remote and limit is None:
            try:
                return fileio.read(self.checked(uri))
            except FileNotFoundError:
                raise BytesGone(_GONE) from None
        with self.open(uri) as file:
            return file.read() if limit is None else file.read(limit)

    def open(self, uri: str) -> IO[bytes]:
        """A regular file of the store, open for reading. A link, pipe or device that was put there is `NotFound`."""
        path = self.checked(uri)
        try:
            if self._remote:
                remote: IO[bytes] = fileio.open(path, "rb")
                return remote
            # Neither follows a link nor waits for the other end of a pipe; then what was opened is looked at, not
            # what lay there before.
            flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
            handle = os.open(path, flags | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0))
        except FileNotFoundError:
            raise BytesGone(_GONE) from None
        except OSError:
            raise NotFound("That is not a file of the artifact store.") from None
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            raise NotFound("That is not a file of the artifact store.")
        return os.fdopen(handle, "rb")

    def has(self, uri: str) -> bool:
        return fileio.exists(self.checked(uri))

    def write(self, uri: str, data: bytes) -> None:
        """Store a whole file: it is there completely, or not at all. Raises `StorageFull` where no space is left."""
        path = self.checked(uri)
        if self._remote:
            with fileio.open(path, "wb") as file:  # an object store shows an object only once it is complete
                file.write(data)
            return
        folder = Path(path).parent
        with self._told_when_full():
            folder.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=folder, prefix=WRITING)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                os.replace(temporary, path)
            except BaseException:
                Path(temporary).unlink(missing_ok=True)
                raise

    @contextmanager
    def making(self, folder: str) -> Iterator[str]:
        """Write a whole folder: the block is given a folder to write into, which becomes `folder` when the block ends.

        When the block raises, nothing of it stays. An object store can't rename: there it is `folder` itself from the
        beginning, and what a killed process left of it is an orphan. Raises `StorageFull` where no space is left.
        """
        path = self.checked(folder)
        above, _, name = path.rpartition("/")
        place = path if self._remote else f"{above}/{WRITING}{name}"
        with self._told_when_full():
            try:
                fileio.makedirs(place)
                yield place
                if not self._remote:
                    os.replace(place, path)
            except BaseException:
                if self._remote:
                    with suppress(StoreUnavailable):  # it may be what stopped the block
                        fileio.rmtree(place)
                else:
                    shutil.rmtree(place, ignore_errors=True)
                raise

    @contextmanager
    def _told_when_full(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            elsewhere = error.filename and not Path(os.fsdecode(error.filename)).is_relative_to(self.root)
            if error.errno not in _FULL or elsewhere:
                raise
            raise StorageFull(
                f"No space is left in the artifact store {self.root}. What was stored before is whole. Make room "
                "(`jupyter viz gc` removes what nobody needs, `jupyter viz du` says what takes how much) and try again."
            ) from error

    def write_compressed(self, uri: str, data: bytes) -> int:
        """Store a file gzipped; returns how many bytes it takes."""
        packed = gzip.compress(data, compresslevel=1, mtime=0)
        self.write(uri, packed)
        return len(packed)

    def read_compressed(self, uri: str) -> bytes:
        return gzip.decompress(self.read(uri))

    def remove(self, uri: str) -> None:
        """Remove a folder of the store."""
        fileio.rmtree(self.checked(uri))

    def remove_if_empty(self, folder: str) -> None:
        """Remove a folder that holds nothing any more; of an object store there is nothing to remove then."""
        path = self.checked(folder)
        if not self._remote:
            with suppress(OSError):
                os.rmdir(path)

    def main_file(self, folder: str) -> str:
        """The file that holds an artifact's data: `data.<ext>`. Raises `BytesGone` when there is none."""
        found = [path for path in self.files(folder) if path.rpartition("/")[2].startswith("data.")]
        if not found:
            raise BytesGone("The artifact's bytes are gone: somebody removed them from the artifact store.")
        if not self._remote:  # in an object store nothing but files is listed
            self.open(found[0]).close()
        return found[0]

    def files(self, folder: str) -> list[str]:
        checked = self.checked(folder)
        if self._remote:
            try:
                return fileio.find(checked)
            except FileNotFoundError:  # the bucket itself
                return []
        return [path.replace(os.sep, "/") for path in fileio.find(checked)]

    def digest(self, folder: str) -> tuple[str, int]:
        """(SHA-256 over the names and contents of all files of a folder, their bytes in all)."""
        total, digest = 0, hashlib.sha256()
        for path in self.files(folder):
            digest.update(path[len(folder) :].encode() + b"\0")
            with self.open(path) as file:
                while block := file.read(_BLOCK):
                    digest.update(block)
                    total += len(block)
        return digest.hexdigest(), total

    def checked(self, uri: str) -> str:
        """The path of a file of the store; raises `NotFound` for any other, and for one that only looks like it."""
        if not self.holds(uri):
            raise NotFound("That is not in the artifact store.")
        return uri

    def holds(self, uri: str) -> bool:
        """Whether a path is one of the store's, be there something or not."""
        if self._remote:
            try:
                return uri.startswith(self.root) and Uri.parse(uri, schemes=False).is_below(self._remote)
            except BadRequest:
                return False
        # Resolved, so that neither `..` nor a link that was put into the store leads out of it.
        root = Path(self.root).resolve()
        try:
            return "\0" not in uri and "://" not in uri and Path(uri).resolve().is_relative_to(root)
        except (OSError, RuntimeError):  # links in a circle
            return False

    def _join(self, *parts: Any) -> str:
        return "/".join([self.root.rstrip("/"), *map(str, parts)])
