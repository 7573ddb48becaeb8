"""Rows as models: the queries that select them and the functions that read them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from ..clock import from_microseconds
from ..enums import ArtifactKind, Origin, RunStatus, VisualizationStatus
from ..models import OWNER, Artifact, ColumnInfo, Metric, Run, Step, StepInput
from .functions import array_of
from .liveness import Worker, is_alive
from .tables import artifacts, experiments, models, pipelines, projects, run_tags, runs, steps, visualizations

# What a run's row has itself, in the order in which `to_run` unpacks it; and by what the names beside it are found.
_OWN = (
    *(runs.c.id, runs.c.name, runs.c.status, runs.c.started_at, runs.c.ended_at, runs.c.error, runs.c.parameters),
    *(runs.c.warnings, runs.c.snapshot_id, runs.c.host, runs.c.pid, runs.c.born, runs.c.beat_at, runs.c.system),
)
RUN_COLUMNS = (*_OWN, runs.c.pipeline_id, runs.c.experiment_id, runs.c.model_id)


def _with_names(table: sa.FromClause) -> sa.Select[Any]:
    """Rows of `runs`, or of a page of them, with the names of what they are of; as `to_run` unpacks them.

    All joins are outer ones: SQLite would begin with the projects otherwise.
    """
    tags = sa.select(array_of(run_tags.c.tag)).where(run_tags.c.run_id == table.c.id).scalar_subquery()
    names = [each.c.name.label(each.name.removesuffix("s")) for each in (pipelines, projects, experiments, models)]
    return (
        sa.select(*(table.c[column.name] for column in _OWN), *names, tags.label("tags"))
        .join_from(table, pipelines, pipelines.c.id == table.c.pipeline_id, isouter=True)
        .join(projects, projects.c.id == pipelines.c.project_id, isouter=True)
        .join(experiments, experiments.c.id == table.c.experiment_id, isouter=True)
        .join(models, models.c.id == table.c.model_id, isouter=True)
    )


RUN = _with_names(runs)
_WIDTH = len(RUN.selected_columns)


def runs_of(page: sa.Subquery) -> sa.Select[Any]:
    """As `RUN`, for a page of runs that has the `RUN_COLUMNS`."""
    return _with_names(page)


_STATUSES = {status.value: status for status in RunStatus}
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
        runs.c.system,
        pipelines.c.name.label("pipeline"),
        projects.c.name.label("project"),
        _SHOWN.label("visualization_count"),
    )
    .join(steps, steps.c.id == artifacts.c.step_id)
    .join(runs, runs.c.id == steps.c.run_id)
    .join(pipelines, pipelines.c.id == runs.c.pipeline_id)
    .join(projects, projects.c.id == pipelines.c.project_id)
)


def to_run(row: Sequence[Any], shown: dict[str, Metric]) -> Run:
    """The run of a row that begins as those of `RUN` do."""
    # Unpacked, not asked by name: a page has hundreds of values, and a row looks each name up anew.
    run_id, name, status, started_at, ended_at, error, parameters, warnings, snapshot_id, *rest = row[:_WIDTH]
    host, pid, born, beat_at, system, pipeline, project, experiment, model, tags = rest
    current = _STATUSES[status]
    if current is RunStatus.RUNNING and not is_alive(Worker(host, pid, born), beat_at):
        current = RunStatus.INTERRUPTED  # the process that should have ended the run is gone
    return Run(
        id=run_id,
        name=name,
        project=project,
        pipeline=pipeline,
        status=current,
        started_at=from_microseconds(started_at),
        ended_at=None if ended_at is None else from_microseconds(ended_at),
        error=error,
        metrics=shown,
        parameters=parameters,
        experiment=experiment,
        model=model,
        tags=tuple(sorted(tags or ())),
        warnings=tuple(warnings),
        snapshot_id=snapshot_id,
        system=system,
    )


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
        system=row.system,
    )
