"""Sources that were found before this process began: a rendering's kernel is handed its own and needs no catalog."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from ..enums import ArtifactKind, MetricFormat, RunStatus
from ..models import Artifact, ColumnInfo, Metric, Run
from .source import Source

_given: dict[str, Source] = {}


def give(source: Mapping[str, Any]) -> None:
    """From now on `given` finds this source by its text."""
    found = from_plain(source)
    _given[found.text] = found


def given(text: str) -> Source | None:
    return _given.get(text)


def to_plain(source: Source) -> dict[str, Any]:
    """A source of an artifact, a file or a run as JSON holds it."""
    artifact = run = None
    if source.kind is ArtifactKind.RUN:
        run = run_to_plain(source.value)
    if source.artifact is not None:
        artifact = asdict(source.artifact) | {"created_at": source.artifact.created_at.isoformat()}
    return {
        "text": source.text,
        "kind": source.kind.value,
        "path": source.path,
        "columns": [asdict(column) for column in source.columns],
        "digest": source.digest,
        "artifact": artifact,
        "run": run,
        "absent": source.absent,
        "parts": list(source.parts),
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
        None if values["run"] is None else _run(values["run"]),
        values["absent"],
        tuple(values["parts"]),
    )


def run_to_plain(run: Run) -> dict[str, Any]:
    """What is known of a run without its steps, as JSON holds it."""
    ended = run.ended_at and run.ended_at.isoformat()
    return {**asdict(replace(run, steps=())), "started_at": run.started_at.isoformat(), "ended_at": ended}


def _run(values: Mapping[str, Any]) -> Run:
    typed = {
        "status": RunStatus(values["status"]),
        "started_at": datetime.fromisoformat(values["started_at"]),
        "ended_at": values["ended_at"] and datetime.fromisoformat(values["ended_at"]),
        "metrics": {
            name: Metric(**{**metric, "format": MetricFormat(metric["format"])})
            for name, metric in values["metrics"].items()
        },
        "steps": (),
        "tags": tuple(values["tags"]),
        "warnings": tuple(values["warnings"]),
    }
    return Run(**{**values, **typed})


def _artifact(values: Mapping[str, Any]) -> Artifact:
    typed = {
        "kind": ArtifactKind(values["kind"]),
        "columns": _columns(values["columns"]),
        "created_at": datetime.fromisoformat(values["created_at"]),
    }
    return Artifact(**{**values, **typed})


def _columns(values: Any) -> tuple[ColumnInfo, ...]:
    return tuple(ColumnInfo(**column) for column in values)
