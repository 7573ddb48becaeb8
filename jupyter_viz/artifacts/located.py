"""Sources by URI: which of them may be read, and what the store says of the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import unquote, urlsplit

from ..config import Configuration
from ..enums import ArtifactKind
from ..errors import BadRequest, NotFound, Unprocessable
from ..io import fileio
from ..models import Artifact
from ..uri import Uri, is_uri
from .databases import database_source
from .source import DATABASES, HEAD, Source, check_head, file_source, kind_of, missing_file

# A database of ours too: where a file lies is the other system's word.
_SERVED = re.compile(r"(mlflow-artifacts|https?|ibis):")


def uri_source(text: str, config: Configuration) -> Source:
    """The source a URI names.

    Where `config.source_root` is set (on a server) only what lies below a URI of `allowed_sources` or in the artifact
    store is found, and nothing else is asked for. The credentials are those of this process. A table of a database,
    `ibis://NAME/TABLE`, is found where the configuration has a connection of that name.

    Raises:
        BadRequest, Unprocessable: It has the wrong form, a credential in it, or a scheme that is not read.
        NotFound: It is not there, or may not be read: the same words for both.
        StoreUnavailable, MissingExtra: Its store can't be reached or refuses; the library for it is not installed.
    """
    if text[:7].lower() == "file://":
        return _local(text, config)
    if text.startswith(DATABASES):
        return database_source(text, config)
    uri = Uri.parse(text)
    if len(uri.parts) < 2 or text.endswith("/"):
        raise BadRequest(f"{text!r} is a folder; name a file.")
    if config.source_root is not None and not any(uri.is_below(root) for root in _roots(config)):
        raise missing_file(text, config)
    with _missing(text, config):
        about = fileio.stat(uri.text)
        if about.is_folder:
            raise FileNotFoundError
        kind = kind_of(uri.name)
        if kind is ArtifactKind.TABLE:
            check_head(text, uri.name, fileio.read_range(uri.text, 0, min(HEAD, about.size)))
    digest = f"etag {about.etag}" if about.etag else f"size {about.size}, modified {about.modified}"
    return Source(text, kind, uri.text, digest=digest)


def foreign_source(artifact: Artifact, config: Configuration) -> Source:
    """The source that a file of another system is: what may be read is looked up anew, whatever the catalog says.

    Raises as `uri_source` and `file_source` do.
    """
    uri = artifact.uri
    if scheme := _SERVED.match(uri):
        raise Unprocessable(
            f"The file {artifact.name!r} of run {artifact.run!r} is behind a server ({scheme[1]}:), from which files "
            "are not read yet. Download it, or have the runs keep their artifacts in a folder or an object store."
        )
    source = uri_source(uri, config) if is_uri(uri) else file_source(uri, config)
    return replace(source, text=artifact.address, kind=artifact.kind, artifact=artifact)


def _local(text: str, config: Configuration) -> Source:
    split = urlsplit(text)
    if split.netloc not in ("", "localhost") or split.query or split.fragment:
        raise BadRequest(f"{text!r} is not a file of this machine: file:///folder/file is the form.")
    try:
        found = file_source(unquote(split.path, errors="strict"), config)
    except UnicodeDecodeError:
        raise BadRequest(f"{text!r} is not a URI: its path is no UTF-8.") from None
    except NotFound:
        raise missing_file(text, config) from None
    return found


def _roots(config: Configuration) -> Iterator[Uri]:
    for each in (*config.allowed_sources, config.artifacts):
        if is_uri(each):
            yield Uri.parse(each, schemes=False)


@contextmanager
def _missing(text: str, config: Configuration) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise missing_file(text, config) from None
