"""Writing what a pipeline does, while it does it. Each method is one transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ..clock import from_microseconds, microseconds
from ..enums import Origin, RunStatus, VisualizationStatus
from ..errors import InvalidMetric, NotFound
from ..models import OWNER, Artifact, Metric, Named, NewRun, SavedVisualization
from .finding import found_or_made, free_name, new_id, snapshot_of
from .liveness import this_worker
from .tables import (
    artifacts,
    deployments,
    experiments,
    metrics,
    models,
    pipelines,
    projects,
    run_parameters,
    run_tags,
    runs,
    step_inputs,
    step_logs,
    steps,
    visualizations,
)

if TYPE_CHECKING:
    from .catalog import Database

_LONGEST_TEXT = 1000
# Written once, as a step of a pipeline executes each of them: to write a statement takes as long as to execute it.
_INSERT_STEP, _INSERT_LOG, _INSERT_ARTIFACT = steps.insert(), step_logs.insert(), artifacts.insert()
_INSERT_INPUT, _INSERT_VISUALIZATION = step_inputs.insert(), visualizations.insert()
_END_RUN, _END_STEP = (table.update().where(table.c.id == sa.bindparam("row_id")) for table in (runs, steps))
_PLACE_OF_ARTIFACT = (
    sa.select(
        runs.c.pipeline_id,
        sa.select(sa.func.max(artifacts.c.version))
        .where(artifacts.c.pipeline_id == runs.c.pipeline_id, artifacts.c.name == sa.bindparam("artifact"))
        .scalar_subquery(),
    )
    .join(steps, steps.c.run_id == runs.c.id)
    .where(steps.c.id == sa.bindparam("step"))
)
METRICS_PER_RUN = 50
"""Kubeflow's limit; it drops the rest without a word, here they are refused."""


class Recording:
    """The writes of a run. Ids are made here; times are taken here."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def start_run(self, new: NewRun) -> tuple[str, str]:
        """Begin a run. Returns its id and its name."""
        now, worker = microseconds(), this_worker()
        with self._database.write() as connection:
            project_id = found_or_made(connection, projects, name=new.project)
            pipeline_id = found_or_made(connection, pipelines, name=new.pipeline, project_id=project_id)
            named = {
                f"{kind}_id": found_or_made(connection, table, name=name, project_id=project_id) if name else None
                for kind, table, name in (
                    ("experiment", experiments, new.experiment),
                    ("model", models, new.model),
                )
            }
            run_id, name = new_id(), free_name(connection, pipeline_id, new.name)
            connection.execute(
                runs.insert().values(
                    id=run_id,
                    pipeline_id=pipeline_id,
                    snapshot_id=snapshot_of(connection, pipeline_id, new.snapshot) if new.snapshot else None,
                    name=name,
                    status=RunStatus.RUNNING.value,
                    started_at=now,
                    parameters=dict(new.parameters),
                    warnings=[],
                    beat_at=now,
                    host=worker.host,
                    pid=worker.pid,
                    born=worker.born,
                    **named,
                )
            )
            if new.tags:
                tags = sorted(set(new.tags))
                connection.execute(run_tags.insert(), [{"run_id": run_id, "tag": tag} for tag in tags])
            if new.parameters:
                connection.execute(run_parameters.insert(), parameter_rows(run_id, new.parameters))
        return run_id, name

    def named(self, kind: str, name: str, project: str | None = None, **of: str) -> Named:
        """The project, model or deployment of that name, made where there is none.

        Args:
            kind: projects, models or deployments.
            of: Further values, which the row takes.
        """
        table = {"projects": projects, "models": models, "deployments": deployments}[kind]
        with self._database.write() as connection:
            key = {"name": name}
            if project is not None:
                key["project_id"] = found_or_made(connection, projects, name=project)
            row_id = found_or_made(connection, table, **key)
            if of:
                connection.execute(table.update().where(table.c.id == row_id).values(**of))
            row = connection.execute(sa.select(table).where(table.c.id == row_id)).one()
            of_pipeline = sa.select(pipelines.c.name).where(pipelines.c.id == getattr(row, "pipeline_id", None))
            pipeline = connection.scalar(of_pipeline)
        return Named(row.id, row.name, project or row.name, from_microseconds(row.created_at), pipeline)

    def delete_run(self, run_id: str) -> list[str]:
        """Forget a run with all that belongs to it. Returns the ids of the renderings of its artifacts.

        Raises `NotFound` where there is none. The bytes stay: whoever calls this removes them after.
        """
        of_run = (
            sa.select(artifacts.c.id).join(steps, steps.c.id == artifacts.c.step_id).where(steps.c.run_id == run_id)
        )
        rendered = sa.select(visualizations.c.id).where(
            visualizations.c.artifact_id.in_(of_run), visualizations.c.origin == Origin.RECIPE.value
        )
        with self._database.write() as connection:
            renderings = [str(row[0]) for row in connection.execute(rendered)]
            pipeline_id = connection.scalar(sa.select(runs.c.pipeline_id).where(runs.c.id == run_id))
            if pipeline_id is None:
                raise NotFound(f"There is no run {run_id!r}.")
            connection.execute(runs.delete().where(runs.c.id == run_id))
            others = sa.exists().where(runs.c.pipeline_id == pipelines.c.id)
            connection.execute(pipelines.delete().where(pipelines.c.id == pipeline_id, ~others))
        return renderings

    def beat(self, run_id: str) -> None:
        """Say that the run's process is alive."""
        with self._database.write() as connection:
            connection.execute(runs.update().where(runs.c.id == run_id).values(beat_at=microseconds()))

    def end_run(self, run_id: str, status: RunStatus, error: str | None = None) -> None:
        self._end(_END_RUN, run_id, status, error=error)

    def warn(self, run_id: str, message: str) -> None:
        """Note on the run what was refused while it went on."""
        with self._database.write() as connection:
            mine = runs.c.id == run_id
            known = connection.scalar(sa.select(runs.c.warnings).where(mine).with_for_update()) or []
            connection.execute(runs.update().where(mine).values(warnings=[*known, message]))

    def start_step(
        self,
        run_id: str,
        name: str,
        position: int,
        parameters: Mapping[str, Any] | None = None,
        inputs: Iterable[tuple[str, str]] = (),
    ) -> str:
        """Begin a step.

        Args:
            parameters: The literals it was called with, by parameter.
            inputs: (parameter, artifact id) of the outputs of other steps it was called with.
        """
        step_id = new_id()
        row = {
            "id": step_id,
            "run_id": run_id,
            "name": name,
            "position": position,
            "status": RunStatus.RUNNING.value,
            "started_at": microseconds(),
            "parameters": dict(parameters or {}),
        }
        edges = [{"step_id": step_id, "name": key, "artifact_id": artifact} for key, artifact in inputs]
        with self._database.write() as connection:
            connection.execute(_INSERT_STEP, row)
            if edges:
                connection.execute(_INSERT_INPUT, edges)
        return step_id

    def log(self, step_id: str, number: int, text: str) -> None:
        """Keep a piece of what a step printed."""
        with self._database.write() as connection:
            connection.execute(_INSERT_LOG, {"step_id": step_id, "number": number, "text": text})

    def end_step(self, step_id: str, status: RunStatus, error: str | None = None, traceback: str | None = None) -> None:
        self._end(_END_STEP, step_id, status, error=error, traceback=traceback)

    def add_artifact(self, step_id: str, artifact: Artifact, shown: Iterable[SavedVisualization]) -> None:
        """Store the rows of an artifact whose bytes are written, with what its materializer made to show of it."""
        now = microseconds()
        row = {
            "id": artifact.id,
            "step_id": step_id,
            "name": artifact.name,
            "number": artifact.index,
            "kind": artifact.kind.value,
            "python_type": artifact.python_type,
            "materializer": artifact.materializer,
            "uri": artifact.uri,
            "size": artifact.size,
            "digest": artifact.digest,
            "rows": artifact.rows,
            "columns": [{"name": column.name, "type": column.type} for column in artifact.columns],
            "created_at": now,
        }
        # One microsecond apart, so that they keep the materializer's order.
        views = [_materialized(artifact.id, item, now + position) for position, item in enumerate(shown)]
        with self._database.write() as connection:
            place = {"step": step_id, "artifact": artifact.name}
            pipeline_id, newest = connection.execute(_PLACE_OF_ARTIFACT, place).one()
            connection.execute(_INSERT_ARTIFACT, {**row, "pipeline_id": pipeline_id, "version": (newest or 0) + 1})
            if views:
                connection.execute(_INSERT_VISUALIZATION, views)

    def log_metrics(self, run_id: str, step_id: str | None, values: Iterable[Metric]) -> None:
        """Store metrics of a run; one logged again takes the new value.

        Raises `InvalidMetric` when the run would have more than 50, and stores none of them then.
        """
        values = list(values)
        with self._database.write() as connection:
            known = set(connection.scalars(sa.select(metrics.c.name).where(metrics.c.run_id == run_id)))
            total = len(known | {metric.name for metric in values})
            if total > METRICS_PER_RUN:
                raise InvalidMetric(
                    f"A run has at most {METRICS_PER_RUN} metrics; with these it would have {total}. Put series and "
                    "tables into an artifact."
                )
            of_run = sa.select(runs.c.pipeline_id, runs.c.experiment_id).where(runs.c.id == run_id)
            pipeline_id, experiment_id = connection.execute(of_run).one()
            place = {"run_id": run_id, "pipeline_id": pipeline_id, "experiment_id": experiment_id or ""}
            for metric in values:
                row = {
                    "value": metric.value,
                    "format": metric.format.value,
                    "goal": metric.goal,
                    "step_id": step_id,
                }
                if metric.name in known:
                    mine = (metrics.c.run_id == run_id) & (metrics.c.name == metric.name)
                    connection.execute(metrics.update().where(mine).values(**row))
                else:
                    connection.execute(metrics.insert().values(name=metric.name, **place, **row))
                    known.add(metric.name)

    def _end(self, ending: sa.Update, row_id: str, status: RunStatus, **values: str | None) -> None:
        row = {"row_id": row_id, "status": status.value, "ended_at": microseconds(), **values}
        with self._database.write() as connection:
            connection.execute(ending, row)


def _materialized(artifact_id: str, item: SavedVisualization, created_at: int) -> dict[str, Any]:
    status = VisualizationStatus.FAILED if item.error else VisualizationStatus.COMPLETED
    return {
        "id": new_id(),
        "artifact_id": artifact_id,
        "name": item.name,
        "format": item.format.value,
        "origin": Origin.MATERIALIZER.value,
        "status": status.value,
        "size": item.size,
        "uri": item.uri,
        "owner": OWNER,
        "arguments": {},
        "metrics": {},
        "provenance": {},
        "error_code": item.error.code if item.error else None,
        "error_message": item.error.message if item.error else None,
        "error_traceback": item.error.traceback if item.error else None,
        "created_at": created_at,
        "beat_at": created_at,
    }


def parameter_rows(run_id: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One row a parameter, to filter and sort by: as text, and as a number where it is one."""
    rows = []
    for name, value in parameters.items():
        number = float(value) if isinstance(value, (int, float)) and abs(value) < 1e300 else None
        text = value if isinstance(value, str) else json.dumps(value)
        rows.append({"run_id": run_id, "name": name, "text": text[:_LONGEST_TEXT], "number": number})
    return rows
