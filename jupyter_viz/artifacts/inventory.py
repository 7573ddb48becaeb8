"""What lies in a store, walked once: each artifact and rendering as a whole, and what is neither."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from ..errors import StoreUnavailable, VizError
from ..io import fileio
from .store import CLAIMS, RENDERINGS, RUNS, WRITING, ArtifactStore

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


class Kind(Enum):
    ARTIFACT = "artifact"
    RENDERING = "rendering"
    UNFINISHED = "unfinished"
    OTHER = "other"


@dataclass(slots=True)
class Piece:
    """What belongs together in a store.

    Attributes:
        place: Where it lies.
        id: Of the artifact or rendering; empty for what is neither.
        run_id: Of the artifact's run; also of what a run has not finished writing.
        bytes: In all its files.
        modified: When the newest of it was written, in seconds since 1970; None where the store doesn't say.
    """

    kind: Kind
    place: str
    id: str = ""
    run_id: str = ""
    bytes: int = 0
    modified: float | None = None


def inventory(store: ArtifactStore, folder: str | None = None) -> list[Piece]:
    """All of a store, or of a folder of it; links are not followed.

    Raises `StoreUnavailable` where it can't be listed.
    """
    root = store.root.rstrip("/")
    below = "" if folder is None else folder[len(root) + 1 :]
    pieces: dict[str, Piece] = {}
    try:
        if "://" in root:
            _list(root, below, pieces)
        else:
            _walk(root, below, pieces)
    except VizError:
        raise
    except Exception as error:  # of any library behind fsspec, for any reason
        raise StoreUnavailable(
            f"The artifact store {store.root} could not be listed ({type(error).__name__}: {error}). "
            "`jupyter viz doctor` tells more."
        ) from error
    for piece in pieces.values():
        piece.place = f"{root}/{piece.place}"
    return list(pieces.values())


def _piece(path: str) -> Piece | None:
    """What a file or folder, by its path below the root, is a part of; None for what only holds others."""
    parts = path.split("/")
    for depth, part in enumerate(parts, 1):
        if part.startswith(WRITING):
            of_run = parts[1] if parts[0] == RUNS and depth > 1 else ""
            return Piece(Kind.UNFINISHED, "/".join(parts[:depth]), run_id=of_run)
    if parts[0] == CLAIMS or path in (RUNS, RENDERINGS):
        return None
    if parts[0] == RUNS and _UUID.fullmatch(parts[1]):
        if len(parts) == 2:
            return None
        if _UUID.fullmatch(parts[2]):
            return Piece(Kind.ARTIFACT, "/".join(parts[:3]), parts[2], parts[1])
    if parts[0] == RENDERINGS and _UUID.fullmatch(parts[1]):
        return Piece(Kind.RENDERING, "/".join(parts[:2]), parts[1])
    ours = {RUNS: 3 if len(parts) > 2 and _UUID.fullmatch(parts[1]) else 2, RENDERINGS: 2}
    return Piece(Kind.OTHER, "/".join(parts[: ours.get(parts[0], 1)]))


def _walk(root: str, below: str, pieces: dict[str, Piece]) -> None:
    """Go through a local folder. Folders count with no bytes: one that was just made is new, whatever is in it."""
    stack: list[tuple[str, Piece | None]] = [(below, None)]
    while stack:
        below, piece = stack.pop()  # `piece` is what all of it belongs to, but for what is being written there
        try:
            entries = os.scandir(f"{root}/{below}")
        except FileNotFoundError:  # removed meanwhile, or a store that nothing was written to yet
            continue
        with entries:
            for entry in entries:
                path = f"{below}/{entry.name}" if below else entry.name
                of = piece
                if of is None or (of.kind is not Kind.UNFINISHED and entry.name.startswith(WRITING)):
                    of = _piece(path)
                    if of is not None:
                        of = pieces.setdefault(of.place, of)
                try:
                    about = entry.stat(follow_symlinks=False)
                    folder = entry.is_dir(follow_symlinks=False)
                except FileNotFoundError:
                    continue
                if of is not None:
                    of.bytes += 0 if folder else about.st_size
                    of.modified = about.st_mtime if of.modified is None else max(of.modified, about.st_mtime)
                if folder:
                    stack.append((path, of))


def _list(root: str, below: str, pieces: dict[str, Piece]) -> None:
    """Go through what the store lists of a folder."""
    start = len(root) + 1
    for path, stat in fileio.find_stats(f"{root}/{below}"):
        piece = _piece(path[start:])
        if piece is None:
            continue
        piece = pieces.setdefault(piece.place, piece)
        piece.bytes += stat.size
        modified = stat.modified.timestamp() if isinstance(stat.modified, datetime) else stat.modified
        if modified is not None:
            piece.modified = max(piece.modified or 0.0, modified)
