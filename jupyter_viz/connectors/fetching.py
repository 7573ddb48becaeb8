"""The bytes of another system: read where they lie, or fetched once by its connector and kept while they are used."""

from __future__ import annotations

import hashlib
import os
import re
import threading
import uuid
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..artifacts.located import foreign_source
from ..artifacts.source import Source, check_file
from ..config import Configuration
from ..enums import ArtifactKind
from ..errors import BytesGone, ConnectorFailed, StoreUnavailable
from ..foreign import FETCHED
from ..models import Artifact
from ..uri import is_uri
from .places import Place, folder_of, lies_openly_in, with_credentials
from .process import Connector

if TYPE_CHECKING:
    from ..catalog import Catalog

PREFIX = "fetched-"
"""What the names of kept files begin with, in the cache of the home."""
_UNFIT = re.compile(r"[^\w.-]+", re.ASCII)
_LONGEST_NAME = 80
_locks = [threading.Lock() for _ in range(64)]
"""Each is for some of the files: which one, tells their digest."""


def is_fetched(uri: str) -> bool:
    """Whether a URI is a connector's own."""
    return uri.startswith(FETCHED)


def source_there(
    catalog: Catalog, artifact: Artifact, config: Configuration, uri: str | None = None, *, bring: bool = True
) -> Source:
    """The source that an artifact of another system is: where it lies, or brought here where only a connector reads it.

    Of this machine's files those may be read that lie openly in the folder of the place the run was read from, whoever
    wrote their paths: naming the place gave the word for that. Others as every source: see `foreign_source`.

    Args:
        uri: Of one of the artifact's visualizations, instead of its own.
        bring: Whether what only a connector reads is brought here; else the source only tells what it is.

    Raises:
        BytesGone: The place it was read from is no longer known.
        StoreUnavailable: The other system can't be asked, or refuses.
    """
    artifact = artifact if uri is None else replace(artifact, uri=uri)
    if is_fetched(artifact.uri):
        return _fetched(catalog, artifact, config, checked=uri is None, bring=bring)
    if config.source_root is not None and not is_uri(artifact.uri):
        known = catalog.imported.of_run(artifact.run_id)
        folder = known and folder_of(known[0].location)
        if folder and lies_openly_in(folder, artifact.uri):
            config = replace(config, allowed_sources=(*config.allowed_sources, folder))
    return foreign_source(artifact, config)


def _fetched(catalog: Catalog, artifact: Artifact, config: Configuration, *, checked: bool, bring: bool) -> Source:
    known = catalog.imported.of_run(artifact.run_id)
    if known is None:
        raise BytesGone(f"{artifact.address!r} is no longer there: nobody knows where its run was read from.")
    sync, mark = known
    # The run's mark is another one as soon as anything of it is: what was kept of an older state is not taken then.
    known_by = "\0".join((sync.system, sync.location, sync.store, artifact.uri, mark))
    digest = hashlib.sha256(known_by.encode()).hexdigest()
    name = _UNFIT.sub("-", artifact.uri.rpartition("/")[2])
    path = config.home_path / "cache" / f"{PREFIX}{digest[:24]}-{name[-_LONGEST_NAME:]}"
    source = Source(artifact.address, artifact.kind, str(path), digest=f"fetched {digest}", artifact=artifact)
    if not bring:
        return source
    with _locks[int(digest, 16) % len(_locks)]:  # two who look at the same: one fetches
        if not path.exists():
            place = with_credentials(Place(sync.system, sync.location, sync.python), config)
            _fetch(place, sync.store, artifact.uri.removeprefix(FETCHED), path, artifact)
        with suppress(OSError):
            os.utime(path)  # `gc` removes what was not used for long
    if checked and artifact.kind is ArtifactKind.TABLE:
        check_file(artifact.address, path)
    return source


def _fetch(place: Place, store: str, uri: str, path: Path, artifact: Artifact) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{PREFIX}{uuid.uuid4()}.part")
    try:
        Connector(place).fetch(uri, part, store)
        os.replace(part, path)
    except ConnectorFailed as error:
        raise StoreUnavailable(f"{artifact.address!r} can't be read now: {error}") from None
    except FileNotFoundError:
        raise StoreUnavailable(
            f"{artifact.address!r} can't be read: the connector {place.system!r} wrote nothing."
        ) from None
    finally:
        part.unlink(missing_ok=True)
