"""Runs of another system become rows: those of one transaction together, as most statements cost the same for all."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from ..clock import microseconds
from ..enums import ArtifactKind, Freshness, Origin, VisualizationStatus
from ..foreign import ForeignArtifact, ForeignRun, ForeignStep, ForeignVisualization
from ..models import OWNER
from .finding import found_or_made, free_name, new_id, snapshot_of
from .recording import parameter_rows
from .tables import (
    artifacts,
    metrics,
    models,
    pipelines,
    projects,
    run_parameters,
    run_tags,
    runs,
    steps,
    visualizations,
)

LOADED_AS = {
    ArtifactKind.TABLE: "pandas.DataFrame",
    ArtifactKind.JSON: "object",
    ArtifactKind.TEXT: "str",
    ArtifactKind.MARKDOWN: "str",
    ArtifactKind.HTML: "str",
}
"""What `load` gives of a file of another system; `bytes` of the kinds that are not here."""
_NUMBERED = re.compile(r"-\d+\Z")
_AT_ONCE = 500
_IN_ORDER = (runs, run_tags, run_parameters, metrics, steps, artifacts, visualizations)  # what refers to another later


@dataclass(frozen=True, slots=True)
class _Known:
    """A run that is there already."""

    id: str
    name: str
    pipeline_id: str


@dataclass(slots=True)
class Taking:
    """Takes in runs in a transaction; nothing new is there before `flush`.

    Args:
        system, sync_id: Of all of them.
        project_id: Of those that do not say.
    """

    connection: sa.Connection
    system: str
    sync_id: str
    project_id: str
    _known: dict[str, _Known] = field(default_factory=dict)  # runs by the id there
    _found: dict[tuple[str, str, str], str] = field(default_factory=dict)  # ids by table, name and project
    _waiting: set[str] = field(default_factory=set)  # ids there of the runs that are not inserted yet
    _names: set[tuple[str, str]] = field(default_factory=set)  # theirs, with and without a number, each with a pipeline
    _versions: dict[tuple[str, str], int] = field(default_factory=dict)  # the last, by pipeline and artifact
    _rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))

    def all(self, found: Sequence[ForeignRun]) -> int:
        """Take in runs; returns how many were new."""
        ids = [run.id for run in found]
        query = sa.select(runs.c.external_id, runs.c.id, runs.c.name, runs.c.pipeline_id)
        rows = self.connection.execute(query.where(runs.c.system == self.system, runs.c.external_id.in_(ids)))
        self._known = {row.external_id: _Known(row.id, row.name, row.pipeline_id) for row in rows}
        new = sum(self._put(run) for run in found)
        self.flush()
        return new

    def flush(self) -> None:
        """Insert what waits."""
        for table in _IN_ORDER:
            if rows := self._rows.pop(table.name, None):
                self.connection.execute(table.insert(), rows)
        self._names.clear()
        self._waiting.clear()

    def _put(self, run: ForeignRun) -> bool:
        if run.id in self._waiting:  # named twice: the later word counts
            self.flush()
        known = self._known.get(run.id)
        project_id = self._project(run.project)
        pipeline_id = self._id_of(pipelines, run.pipeline, project_id)
        name = self._name(run, pipeline_id, known)
        values = {
            "pipeline_id": pipeline_id,
            "name": name,
            "status": run.status.value,
            "started_at": run.started_at,
            "ended_at": run.ended_at,
            "error": run.error,
            "parameters": dict(run.parameters),
            "warnings": list(run.warnings),
            "beat_at": microseconds(),
            "mark": run.mark,
            "sync_id": self.sync_id,
        }
        if run.snapshot is not None:
            values["snapshot_id"] = snapshot_of(self.connection, pipeline_id, run.snapshot)
        if run.model or not run.partial:
            values["model_id"] = self._id_of(models, run.model, project_id) if run.model else None
        if known is None:
            run_id = new_id()
            self._rows[runs.name].append({"id": run_id, "system": self.system, "external_id": run.id, **values})
            self._waiting.add(run.id)
            self._names |= {(pipeline_id, name), (pipeline_id, _NUMBERED.sub("", name))}
        else:
            run_id = known.id
            self.connection.execute(runs.update().where(runs.c.id == run_id).values(values))
            for table in (run_tags, run_parameters, metrics):
                self.connection.execute(table.delete().where(table.c.run_id == run_id))
        self._rows[run_tags.name] += [{"run_id": run_id, "tag": tag} for tag in sorted(set(run.tags))]
        self._rows[run_parameters.name] += parameter_rows(run_id, run.parameters)
        place = {"run_id": run_id, "pipeline_id": pipeline_id, "experiment_id": ""}
        self._rows[metrics.name] += [
            {**place, "name": each.name, "value": each.value, "format": each.format.value, "goal": each.goal}
            for each in run.metrics
        ]
        self._steps(run_id, pipeline_id, run, new=known is None)
        if known is not None and known.pipeline_id != pipeline_id:
            self._moved(known.pipeline_id)
        self._known[run.id] = _Known(run_id, name, pipeline_id)
        return known is None

    def _project(self, name: str | None) -> str:
        if name is None:
            return self.project_id
        key = (projects.name, name, "")
        if key not in self._found:
            self._found[key] = found_or_made(self.connection, projects, name=name)
        return self._found[key]

    def _id_of(self, table: sa.Table, name: str, project_id: str) -> str:
        key = (table.name, name, project_id)
        if key not in self._found:
            self._found[key] = found_or_made(self.connection, table, name=name, project_id=project_id)
        return self._found[key]

    def _name(self, run: ForeignRun, pipeline_id: str, known: _Known | None) -> str:
        """Its name there, with a number where another run of the pipeline has it: the same one each time."""
        mine = known if known is not None and known.pipeline_id == pipeline_id else None
        if mine is not None and mine.name == run.name:
            return mine.name
        if (pipeline_id, run.name) in self._names:
            self.flush()
        if mine is not None and run.name == _NUMBERED.sub("", mine.name):
            # Its number is ours as long as another run has the name; else it is from there, where it was renamed.
            is_taken = (runs.c.pipeline_id == pipeline_id) & (runs.c.name == run.name)
            return mine.name if self.connection.scalar(sa.select(runs.c.id).where(is_taken)) else run.name
        return free_name(self.connection, pipeline_id, run.name)

    def _moved(self, old_pipeline: str) -> None:
        """A pipeline that has no run any more goes, as when its last run is deleted."""
        self.flush()
        others = sa.exists().where(runs.c.pipeline_id == pipelines.c.id)
        self.connection.execute(pipelines.delete().where(pipelines.c.id == old_pipeline, ~others))
        self._found = {key: found for key, found in self._found.items() if found != old_pipeline}

    def _steps(self, run_id: str, pipeline_id: str, run: ForeignRun, *, new: bool) -> None:
        mine = sa.select(steps.c.name, steps.c.id).where(steps.c.run_id == run_id)
        known: dict[str, str] = {} if new else {row.name: row.id for row in self.connection.execute(mine)}
        for position, step in enumerate(run.steps):
            values = {
                "position": position,
                "status": step.status.value,
                "started_at": step.started_at,
                "ended_at": step.ended_at,
                "error": step.error,
                "parameters": dict(step.parameters),
            }
            step_id = known.pop(step.name, None)
            if is_new := step_id is None:
                step_id = new_id()
                self._rows[steps.name].append({"id": step_id, "run_id": run_id, "name": step.name, **values})
            else:
                self.connection.execute(steps.update().where(steps.c.id == step_id).values(values))
            self._artifacts(step_id, pipeline_id, step, new=is_new, partial=run.partial)
        if not run.partial:
            self._delete(steps, known.values())

    def _artifacts(self, step_id: str, pipeline_id: str, step: ForeignStep, *, new: bool, partial: bool) -> None:
        """Those that are known keep their ids, and with them what was rendered of them."""
        of = artifacts.c.step_id == step_id
        mine = sa.select(artifacts.c.name, artifacts.c.id, artifacts.c.pipeline_id).where(of)
        known: dict[str, Any] = {} if new else {row.name: row for row in self.connection.execute(mine)}
        for position, artifact in enumerate(step.artifacts):
            values = {**_file(artifact), "created_at": step.started_at + position, "pipeline_id": pipeline_id}
            row = known.pop(artifact.name, None)
            if row is None or row.pipeline_id != pipeline_id:
                values["version"] = self._version(pipeline_id, artifact.name)
            if row is None:
                artifact_id = new_id()
                key = {"id": artifact_id, "step_id": step_id, "name": artifact.name, "number": 0}
                self._rows[artifacts.name].append({**key, **values})
            else:
                artifact_id = row.id
                self.connection.execute(artifacts.update().where(artifacts.c.id == artifact_id).values(values))
            self._shown(artifact_id, artifact.visualizations, step.started_at, new=row is None)
        if not partial:
            self._delete(artifacts, [row.id for row in known.values()])

    def _shown(self, artifact_id: str, found: Sequence[ForeignVisualization], created_at: int, *, new: bool) -> None:
        """Those that are known keep their ids too: they may be pinned."""
        of = (visualizations.c.artifact_id == artifact_id) & (visualizations.c.origin == Origin.MATERIALIZER.value)
        mine = sa.select(visualizations.c.name, visualizations.c.id).where(of)
        known: dict[str, str] = {} if new else {row.name: row.id for row in self.connection.execute(mine)}
        for each in found:
            values = {"format": each.format.value, "uri": each.uri, "size": each.size or None}
            if known_id := known.pop(each.name, None):
                self.connection.execute(visualizations.update().where(visualizations.c.id == known_id).values(values))
                continue
            key = {"id": new_id(), "artifact_id": artifact_id, "name": each.name, "owner": OWNER}
            self._rows[visualizations.name].append({**key, **_made_there(created_at), **values})
        self._delete(visualizations, known.values())

    def _version(self, pipeline_id: str, name: str) -> int:
        key = (pipeline_id, name)
        if key not in self._versions:
            of = (artifacts.c.pipeline_id == pipeline_id) & (artifacts.c.name == name)
            self._versions[key] = self.connection.scalar(sa.select(sa.func.max(artifacts.c.version)).where(of)) or 0
        self._versions[key] += 1
        return self._versions[key]

    def _delete(self, table: sa.Table, ids: Iterable[str]) -> None:
        left = list(ids)
        for at in range(0, len(left), _AT_ONCE):
            self.connection.execute(table.delete().where(table.c.id.in_(left[at : at + _AT_ONCE])))


def _file(artifact: ForeignArtifact) -> dict[str, Any]:
    return {
        "kind": artifact.kind.value,
        "python_type": LOADED_AS.get(artifact.kind, "bytes"),
        "materializer": "",
        "uri": artifact.uri,
        "size": artifact.size,
        "digest": "",
        "rows": None,
        "columns": [],
    }


def _made_there(created_at: int) -> Mapping[str, Any]:
    return {
        "origin": Origin.MATERIALIZER.value,
        "status": VisualizationStatus.COMPLETED.value,
        "freshness": Freshness.NEW.value,
        "arguments": {},
        "metrics": {},
        "provenance": {},
        "created_at": created_at,
        "beat_at": created_at,
    }
