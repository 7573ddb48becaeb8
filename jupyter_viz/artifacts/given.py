"""Sources that were found before this process began: a rendering's kernel is handed its own and needs no catalog."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from ..enums import ArtifactKind
from ..models import Artifact, ColumnInfo
from .source import Source

_given: dict[str, Source] = {}


def give(source: Mapping[str, Any]) -> None:
    """From now on `given` finds this source by its text."""
    found = from_plain(source)
    _given[found.text] = found


def given(text: str) -> Source | None:
    return _given.get(text)


def to_plain(source: Source) -> dict[str, Any]:
    """A source of an artifact or a file as JSON holds it."""
    artifact = None
    if source.artifact is not None:
        artifact = asdict(source.artifact) | {"created_at": source.artifact.created_at.isoformat()}
    return {
        "text": source.text,
        "kind": source.kind.value,
        "path": source.path,
        "columns": [asdict(column) for column in source.columns],
        "digest": source.digest,
        "artifact": artifact,
    }


def from_plain(values: Mapping[str, Any]) -> Source:
    artifact = values["artifact"]
    return Source(
        values["text"],
        ArtifactKind(values["kind"]),
        values["path"],
        _columns(values["columns"]),
        values["digest"],
        None if artifact is None else _artifact(artifact),
    )


def _artifact(values: Mapping[str, Any]) -> Artifact:
    typed = {
        "kind": ArtifactKind(values["kind"]),
        "columns": _columns(values["columns"]),
        "created_at": datetime.fromisoformat(values["created_at"]),
    }
    return Artifact(**{**values, **typed})


def _columns(values: Any) -> tuple[ColumnInfo, ...]:
    return tuple(ColumnInfo(**column) for column in values)
