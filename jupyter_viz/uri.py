"""URIs of sources and stores: parsed once, compared part by part, never with a credential in them.

s3://bucket/folder/file.parquet
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from .errors import BadRequest, Unprocessable

SCHEMES = {"s3": "s3", "s3a": "s3", "gs": "gs", "gcs": "gs", "az": "abfs", "abfs": "abfs", "abfss": "abfs"}
"""Object stores whose files are read as sources, by the schemes they go by."""

_FORM = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://([^/]*)(?:/(.*))?", re.DOTALL)
_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
# Azure's way to name a container with its account; no credential.
_CONTAINER = re.compile(r"[A-Za-z0-9$][A-Za-z0-9-]*@[A-Za-z0-9][A-Za-z0-9.-]*")
_SEPARATOR = re.compile(r"[/\\]")
_DECODINGS = 3


@dataclass(frozen=True, slots=True)
class Uri:
    """A place in an object store.

    Attributes:
        text: As it was given, its scheme in lower case.
        scheme: One name for a store that goes by several: `s3` for `s3a`.
        parts: The bucket, then the names between the slashes.
    """

    text: str
    scheme: str
    parts: tuple[str, ...]

    @classmethod
    def parse(cls, text: str, schemes: bool = True) -> Uri:
        """Read a URI.

        Args:
            schemes: Whether it must be of one of `SCHEMES`.

        Raises:
            BadRequest: It has the wrong form: `..`, a chain, a query, a credential.
            Unprocessable: Files of that scheme are not read.
        """
        if any(ord(c) < 32 or ord(c) == 127 or 0xD800 <= ord(c) < 0xE000 for c in text):
            raise BadRequest(f"{_short(text)} is not a URI.")
        match = _FORM.fullmatch(text)
        scheme = match[1].lower() if match else text.partition(":")[0]
        bucket = match[2] if match else ""
        # Before anything that repeats the text: an error, a log, a page must not show a secret.
        user = bucket.rpartition("@")[0]
        is_container = SCHEMES.get(scheme) == "abfs" and _CONTAINER.fullmatch(bucket)
        if user and not is_container and (schemes or ":" in user):
            raise BadRequest(
                f"A URI {scheme}://… may hold no credentials. Put them into the environment or the "
                "configuration of that store."
            )
        if "::" in text or text.count("://") > 1:
            raise BadRequest(f"{_short(text)} is a chain of URIs; give the one of the file itself.")
        if schemes and scheme not in SCHEMES:
            known = ", ".join(f"{name}://" for name in ("s3", "gs", "abfs", "file"))
            raise Unprocessable(
                f"Sources by {scheme!r} are not read. There is {known}; or give an address, or a file: {_short(text)}."
            )
        if match is None or not (_BUCKET.fullmatch(bucket) or "@" in bucket or not schemes):
            raise BadRequest(f"{_short(text)} is not a URI: {scheme}://bucket/folder/file is the form.")
        if "?" in text or "#" in text or "\\" in text:
            raise BadRequest(f"{_short(text)} has a '?', '#' or '\\' in it, which no name of a file may have here.")
        names = (match[3] or "").rstrip("/").split("/")
        if any(piece in (".", "..") for name in names for piece in _SEPARATOR.split(_decoded(name))):
            raise BadRequest(f"{_short(text)} has '.' or '..' in it; give the name itself.")
        parts = (bucket, *names) if names != [""] else (bucket,)
        return cls(f"{scheme}{text[len(scheme) :]}", SCHEMES.get(scheme, scheme), parts)

    @property
    def bucket(self) -> str:
        """Scheme and bucket, for people."""
        return f"{self.scheme}://{self.parts[0]}"

    @property
    def name(self) -> str:
        return self.parts[-1]

    def is_below(self, folder: Uri) -> bool:
        """Whether it lies in a folder: compared name by name, so that `root-evil` is not in `root`."""
        here, there = (self.scheme, *self.parts), (folder.scheme, *folder.parts)
        return len(here) > len(there) and here[: len(there)] == there


def is_uri(text: str) -> bool:
    return "://" in text


def _decoded(name: str) -> str:
    """A name as a server might read it that decodes once too often."""
    for _ in range(_DECODINGS):
        name = unquote(name)
    return name


def _short(text: str) -> str:
    """For messages: cut where it is long, without what may be a credential."""
    return repr(re.sub(r"//[^/@]*@", "//…@", text)[:200])
