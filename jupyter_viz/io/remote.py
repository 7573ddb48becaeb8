"""Files in object stores: one client for each store, time-outs, and errors that name the bucket and the way out."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import fsspec
from fsspec.spec import AbstractFileSystem

from ..errors import BadRequest, MissingExtra, StoreUnavailable
from ..uri import SCHEMES, Uri, is_uri

_EXTRAS = {"s3": "s3", "gs": "gcs", "abfs": "azure"}
_WAYS = {
    "s3": "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE",
    "gs": "GOOGLE_APPLICATION_CREDENTIALS",
    "abfs": "AZURE_STORAGE_ACCOUNT_NAME and AZURE_STORAGE_ACCOUNT_KEY",
}
_VARIABLES = ("AWS_", "AZURE_", "GOOGLE_")
# A dead store is told within seconds: two tries at the most, each with these limits.
_S3_CLIENT = {"connect_timeout": 3, "read_timeout": 8, "retries": {"total_max_attempts": 2, "mode": "standard"}}
_TRIES = 2
_MOST_CLIENTS = 50
_READ_AHEAD = 8 << 20
_UPLOADED_AT_ONCE = 16 << 20

# Whose exceptions tell of a store. The libraries are imported by nobody but fsspec.
_LIBRARIES = ("adlfs", "aiobotocore", "aiohttp", "azure", "botocore", "gcsfs", "google", "s3fs")
_UNREACHABLE = ("Connect", "Timeout", "Proxy", "SSL", "HTTPClient", "ServiceRequest", "Payload", "Disconnected")
_WITHOUT_CREDENTIALS = ("Credential", "Profile", "Token", "SSO")
_CHANGED = ("PreconditionFailed", "FileExpired")  # each part is asked for as one of the file that was opened
_TELLING = (FileNotFoundError, FileExistsError, IsADirectoryError, NotADirectoryError)

_clients: dict[tuple[Any, ...], AbstractFileSystem] = {}


def file_system(url: str) -> tuple[AbstractFileSystem, str]:
    """The client for the store of a URL, and the name of the file within it.

    Raises `MissingExtra` where the library for that store is not installed.
    """
    protocol = url.partition("://")[0].lower()
    credentials = frozenset(item for item in os.environ.items() if item[0].startswith(_VARIABLES))
    # A fork must not use its parent's connections, and whoever changes a credential expects it to be used.
    place = "" if SCHEMES.get(protocol) in ("s3", "gs") else url.split("/")[2]  # one client is for all buckets of these
    key = (os.getpid(), protocol, place, credentials)
    client = _clients.get(key)
    if client is None:
        if len(_clients) >= _MOST_CLIENTS:
            _clients.clear()
        client = _clients[key] = _connected(protocol, url)
    return client, client._strip_protocol(url)


def is_remote(path: str) -> bool:
    """Whether a path is a URL of a store rather than of this machine's disk."""
    return is_uri(path) and not path.startswith(("file://", "local://"))


def has_folders(url: str) -> bool:
    """Whether a store keeps folders of its own; in others one is there when a file is in it."""
    return not is_uri(url) or url.partition("://")[0].lower() not in SCHEMES


def etag(about: dict[str, Any]) -> str | None:
    """The store's own mark of a file's content, None where it gives none."""
    mark = about.get("ETag") or about.get("etag") or about.get("md5Hash") or about.get("content_md5")
    return str(mark).strip('"') if mark else None


@contextmanager
def reaching(url: str, writing: bool = False) -> Iterator[None]:
    """Turn what a store's library raises into `StoreUnavailable`; what is not there stays `FileNotFoundError`."""
    try:
        yield
    except Exception as error:
        if (told := _told(error, url, writing)) is None:
            raise
        raise told from None  # its own text has the request, with headers and signature, in it


class RemoteFile(io.BufferedIOBase):
    """A file in a store. One that was being written when an exception came is thrown away."""

    def __init__(self, url: str, mode: str) -> None:
        self._url, self._writing = url, not mode.startswith("r")
        client, name = file_system(url)
        block = _UPLOADED_AT_ONCE if self._writing else _READ_AHEAD
        with self._reaching():
            self._file = client.open(name, mode, block_size=block)

    @property
    def name(self) -> str:
        return self._url

    @property
    def mode(self) -> str:
        return "wb" if self._writing else "rb"

    @property
    def closed(self) -> bool:
        file = getattr(self, "_file", None)  # None when opening it failed
        return file is None or bool(file.closed)

    def readable(self) -> bool:
        return not self._writing

    def writable(self) -> bool:
        return self._writing

    def seekable(self) -> bool:
        return not self._writing

    def tell(self) -> int:
        return int(self._file.tell())

    def seek(self, offset: int, whence: int = 0) -> int:
        return int(self._file.seek(offset, whence))

    def read(self, size: int | None = -1) -> bytes:
        with self._reaching():
            data: bytes = self._file.read(-1 if size is None else size)
            return data

    def read1(self, size: int = -1) -> bytes:
        return self.read(_READ_AHEAD if size < 0 else size)

    def readline(self, size: int | None = -1) -> bytes:
        with self._reaching():
            line: bytes = self._file.readline()
        if size is not None and 0 <= size < len(line):
            self._file.seek(size - len(line), io.SEEK_CUR)
            line = line[:size]
        return line

    def write(self, data: Any) -> int:
        with self._reaching():
            return int(self._file.write(data))

    def flush(self) -> None:
        """Nothing is stored before all of it is."""

    def close(self) -> None:
        if not self.closed:
            with self._reaching():
                self._file.close()

    def discard(self) -> None:
        """Close without storing what was written."""
        if self._writing and not self.closed:
            self._file.closed = True
            with self._reaching():
                self._file.discard()

    def __exit__(self, kind: Any, *_: Any) -> None:
        if kind is not None:
            self.discard()
        self.close()

    def _reaching(self) -> Any:
        return reaching(self._url, self._writing)


class RemoteText(io.TextIOWrapper):
    """A file of a store as text in UTF-8, no newline translated."""

    def __init__(self, file: RemoteFile) -> None:
        super().__init__(file, encoding="utf-8", newline="")

    def __exit__(self, kind: Any, *_: Any) -> None:
        if kind is not None and isinstance(self.buffer, RemoteFile):
            self.buffer.discard()
        self.close()


def open_remote(url: str, mode: str) -> IO[Any]:
    file: Any = RemoteFile(url, mode.replace("t", "").replace("b", "") + "b")
    return file if "b" in mode else RemoteText(file)


def _connected(protocol: str, url: str) -> AbstractFileSystem:
    options: dict[str, Any] = {"skip_instance_cache": True}
    if protocol in SCHEMES:
        options["use_listings_cache"] = False  # others write into the same bucket
    if SCHEMES.get(protocol) == "s3":
        own = fsspec.config.conf.get("s3", {}).get("config_kwargs", {})
        options["config_kwargs"] = {**_S3_CLIENT, **own}
    try:
        client, _ = fsspec.core.url_to_fs(url, **options)
    except ImportError as error:
        extra = _EXTRAS.get(SCHEMES.get(protocol, ""))
        way = f"pip install 'jupyter_viz[{extra}]'" if extra else str(error)
        raise MissingExtra(f"{protocol}:// needs a library that is not installed here: {way}.") from error
    if SCHEMES.get(protocol) == "s3":
        client.retries = _TRIES
    return client


def _told(error: Exception, url: str, writing: bool) -> StoreUnavailable | None:
    """What to tell of an exception; None where it tells all there is to know."""
    scheme, where = _place(url)
    if isinstance(error, FileNotFoundError) and writing:
        return StoreUnavailable(f"There is no {where} to write to. Make the bucket first, or name another.")
    name = type(error).__name__
    of_library = any(type(each).__module__.partition(".")[0] in _LIBRARIES for each in (error, error.__cause__) if each)
    if isinstance(error, _TELLING) or not (
        of_library or isinstance(error, (PermissionError, TimeoutError, ConnectionError))
    ):
        return None
    ways = _WAYS.get(scheme, "the credentials of that store")
    refused = isinstance(error, PermissionError) or name.startswith("ClientAuthentication")
    if refused or any(word in name for word in _WITHOUT_CREDENTIALS):
        _clients.clear()  # a credential that is put right meanwhile is read again
        if refused:
            return StoreUnavailable(
                f"{where} refused access. Check the credentials of this process ({ways}), and what they may do there."
            )
        return StoreUnavailable(f"There are no credentials for {where}. Set {ways} for this process, or log in.")
    if isinstance(error, (TimeoutError, ConnectionError)) or any(word in name for word in _UNREACHABLE):
        endpoint = ", AWS_ENDPOINT_URL" if scheme == "s3" else ""
        return StoreUnavailable(f"{where} can't be reached. Check network{endpoint} and proxy, then try again.")
    response = getattr(error, "response", None) or getattr(error.__cause__, "response", None)
    code = response.get("Error", {}).get("Code") if isinstance(response, dict) else None
    if code in _CHANGED or name in _CHANGED:
        return StoreUnavailable(f"{url} was replaced while it was read. Try again.")
    return StoreUnavailable(f"{where} could not do this ({code or name}). Try again, or look into its log.")


def _place(url: str) -> tuple[str, str]:
    try:
        uri = Uri.parse(url, schemes=False)
    except BadRequest:
        return "", "The store"
    return uri.scheme, uri.bucket
