"""Rows as models: the queries that select them and the functions that read them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from ..clock import from_microseconds
from ..enums import ArtifactKind, Origin, RunStatus, VisualizationStatus
from ..models import OWNER, Artifact, ColumnInfo, Metric, Run, Step, StepInput
from .liveness import Worker, is_alive
from .tables import artifacts, experiments, models, pipelines, projects, runs, steps, visualizations

RUN = (
    sa.select(
        runs,
        pipelines.c.name.label("pipeline"),
        projects.c.name.label("project"),
        experiments.c.name.label("experiment"),
        models.c.name.label("model"),
    )
    .join(pipelines, pipelines.c.id == runs.c.pipeline_id)
    .join(projects, projects.c.id == pipelines.c.project_id)
    .join(experiments, experiments.c.id == runs.c.experiment_id, isouter=True)
    .join(models, models.c.id == runs.c.model_id, isouter=True)
)
_SHOWN = (
    sa.select(sa.func.count())
    .where(
        visualizations.c.artifact_id == artifacts.c.id,
        visualizations.c.status != VisualizationStatus.CANCELLED.value,
        # Of renderings only the viewer's own: how many others made is not for everybody.
        (visualizations.c.origin == Origin.MATERIALIZER.value)
        | (visualizations.c.owner == sa.bindparam("viewer", OWNER)),
    )
    .scalar_subquery()
)
ARTIFACT = (
    sa.select(
        artifacts,
        steps.c.name.label("step"),
        runs.c.id.label("run_id"),
        runs.c.name.label("run"),
        pipelines.c.name.label("pipeline"),
        projects.c.name.label("project"),
        _SHOWN.label("visualization_count"),
    )
    .join(steps, steps.c.id == artifacts.c.step_id)
    .join(runs, runs.c.id == steps.c.run_id)
    .join(pipelines, pipelines.c.id == runs.c.pipeline_id)
    .join(projects, projects.c.id == pipelines.c.project_id)
)


def to_run(row: Any, shown: dict[str, Metric], tags: Iterable[str] = ()) -> Run:
    return Run(
        id=row.id,
        name=row.name,
        project=row.project,
        pipeline=row.pipeline,
        status=current_status(row),
        started_at=from_microseconds(row.started_at),
        ended_at=None if row.ended_at is None else from_microseconds(row.ended_at),
        error=row.error,
        metrics=shown,
        parameters=row.parameters,
        experiment=row.experiment,
        model=row.model,
        tags=tuple(tags),
        warnings=tuple(row.warnings),
        snapshot_id=row.snapshot_id,
    )


def current_status(row: Any) -> RunStatus:
    """The stored status, or `interrupted` where the process that should end the run is gone."""
    status = RunStatus(row.status)
    if status is RunStatus.RUNNING and not is_alive(Worker(row.host, row.pid, row.born), row.beat_at):
        return RunStatus.INTERRUPTED
    return status


def to_step(row: Any, run_status: RunStatus, made: Iterable[Artifact], given: Iterable[StepInput] = ()) -> Step:
    status = RunStatus(row.status)
    if status is RunStatus.RUNNING and run_status is not RunStatus.RUNNING:
        status = RunStatus.INTERRUPTED
    return Step(
        id=row.id,
        name=row.name,
        status=status,
        started_at=from_microseconds(row.started_at),
        ended_at=None if row.ended_at is None else from_microseconds(row.ended_at),
        error=row.error,
        traceback=row.traceback,
        artifacts=tuple(made),
        inputs=tuple(given),
        parameters=row.parameters,
    )


def to_artifact(row: Any) -> Artifact:
    return Artifact(
        id=row.id,
        name=row.name,
        index=row.number,
        project=row.project,
        pipeline=row.pipeline,
        run_id=row.run_id,
        run=row.run,
        step=row.step,
        kind=ArtifactKind(row.kind),
        python_type=row.python_type,
        materializer=row.materializer,
        uri=row.uri,
        size=row.size,
        digest=row.digest,
        rows=row.rows,
        columns=tuple(ColumnInfo(**column) for column in row.columns),
        created_at=from_microseconds(row.created_at),
        visualization_count=row.visualization_count,
        version=row.version,
    )
