"""What only another system's own library reads, as a file of this machine: fetched once, kept while it is used."""

from __future__ import annotations

import hashlib
import os
import re
import threading
import uuid
from collections import defaultdict
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ..artifacts.source import Source, check_file
from ..config import Configuration
from ..enums import ArtifactKind
from ..errors import BytesGone, ConnectorFailed, StoreUnavailable
from ..foreign import FETCHED
from ..models import Artifact
from .places import Place, with_credentials
from .process import Connector

if TYPE_CHECKING:
    from ..catalog import Catalog

PREFIX = "fetched-"
"""What the names of kept files begin with, in the cache of the home."""
_UNFIT = re.compile(r"[^\w.-]+", re.ASCII)
_LONGEST_NAME = 80
_locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)


def is_fetched(uri: str) -> bool:
    """Whether a URI is a connector's own."""
    return uri.startswith(FETCHED)


def fetched_source(catalog: Catalog, artifact: Artifact, config: Configuration, uri: str | None = None) -> Source:
    """The source that an artifact is whose bytes the connector gives; they are brought here where they are not yet.

    Args:
        uri: Of one of the artifact's visualizations, instead of its own.

    Raises:
        BytesGone: The place it was read from is no longer known.
        StoreUnavailable: The other system can't be asked, or refuses.
    """
    known = catalog.imported.of_run(artifact.run_id)
    if known is None:
        raise BytesGone(f"{artifact.address!r} is no longer there: nobody knows where its run was read from.")
    sync, mark = known
    uri = uri or artifact.uri
    # The run's mark is another one as soon as anything of it is: what was kept of an older state is not taken then.
    digest = hashlib.sha256("\0".join((sync.system, sync.location, uri, mark)).encode()).hexdigest()
    name = _UNFIT.sub("-", uri.rpartition("/")[2])
    path = config.home_path / "cache" / f"{PREFIX}{digest[:24]}-{name[-_LONGEST_NAME:]}"
    with _locks[digest]:  # two who look at the same: one fetches
        if not path.exists():
            place = with_credentials(Place(sync.system, sync.location, sync.python), config)
            _fetch(place, uri.removeprefix(FETCHED), path, artifact)
        with suppress(OSError):
            os.utime(path)  # `gc` removes what was not used for long
    if artifact.kind is ArtifactKind.TABLE and uri == artifact.uri:
        check_file(artifact.address, path)
    return Source(artifact.address, artifact.kind, str(path), digest=f"fetched {digest}", artifact=artifact)


def _fetch(place: Place, uri: str, path: Path, artifact: Artifact) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{PREFIX}{uuid.uuid4()}.part")
    try:
        Connector(place).fetch(uri, part)
        os.replace(part, path)
    except ConnectorFailed as error:
        raise StoreUnavailable(f"{artifact.address!r} can't be read now: {error}") from None
    except FileNotFoundError:
        raise StoreUnavailable(
            f"{artifact.address!r} can't be read: the connector {place.system!r} wrote nothing."
        ) from None
    finally:
        part.unlink(missing_ok=True)
