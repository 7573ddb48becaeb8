"""Writing what a pipeline does, while it does it. Each method is one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ..clock import microseconds
from ..enums import Origin, RunStatus, VisualizationStatus
from ..errors import InvalidMetric
from ..models import OWNER, Artifact, Metric, SavedVisualization
from .liveness import this_worker
from .tables import artifacts, metrics, pipelines, projects, runs, steps, visualizations

if TYPE_CHECKING:
    from .catalog import Database

METRICS_PER_RUN = 50
"""Kubeflow's limit; it drops the rest without a word, here they are refused."""


def new_id() -> str:
    return str(uuid.uuid4())


class Recording:
    """The writes of a run. Ids are made here; times are taken here."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def start_run(self, project: str, pipeline: str, name: str, parameters: Mapping[str, Any]) -> tuple[str, str]:
        """Begin a run. Returns its id and its name: `name`, or `name-2`, … where the pipeline has one of that name."""
        now, worker = microseconds(), this_worker()
        with self._database.write() as connection:
            project_id = _found_or_made(connection, projects, name=project)
            pipeline_id = _found_or_made(connection, pipelines, name=pipeline, project_id=project_id)
            name = _free_name(connection, pipeline_id, name)
            run_id = new_id()
            connection.execute(
                runs.insert().values(
                    id=run_id,
                    pipeline_id=pipeline_id,
                    name=name,
                    status=RunStatus.RUNNING.value,
                    started_at=now,
                    parameters=dict(parameters),
                    beat_at=now,
                    host=worker.host,
                    pid=worker.pid,
                    born=worker.born,
                )
            )
        return run_id, name

    def beat(self, run_id: str) -> None:
        """Say that the run's process is alive."""
        with self._database.write() as connection:
            connection.execute(runs.update().where(runs.c.id == run_id).values(beat_at=microseconds()))

    def end_run(self, run_id: str, status: RunStatus, error: str | None = None) -> None:
        self._end(runs, run_id, status, error=error)

    def start_step(self, run_id: str, name: str, position: int) -> str:
        step_id = new_id()
        with self._database.write() as connection:
            connection.execute(
                steps.insert().values(
                    id=step_id,
                    run_id=run_id,
                    name=name,
                    position=position,
                    status=RunStatus.RUNNING.value,
                    started_at=microseconds(),
                )
            )
        return step_id

    def end_step(self, step_id: str, status: RunStatus, error: str | None = None, traceback: str | None = None) -> None:
        self._end(steps, step_id, status, error=error, traceback=traceback)

    def add_artifact(self, step_id: str, artifact: Artifact, shown: Iterable[SavedVisualization]) -> None:
        """Store the rows of an artifact whose bytes are written, with what its materializer made to show of it."""
        now = microseconds()
        columns = [{"name": column.name, "type": column.type} for column in artifact.columns]
        with self._database.write() as connection:
            connection.execute(
                artifacts.insert().values(
                    id=artifact.id,
                    step_id=step_id,
                    name=artifact.name,
                    number=artifact.index,
                    kind=artifact.kind.value,
                    python_type=artifact.python_type,
                    materializer=artifact.materializer,
                    uri=artifact.uri,
                    size=artifact.size,
                    digest=artifact.digest,
                    rows=artifact.rows,
                    columns=columns,
                    created_at=now,
                )
            )
            # One microsecond apart, so that they keep the materializer's order.
            rows = [_materialized(artifact.id, item, now + position) for position, item in enumerate(shown)]
            if rows:
                connection.execute(visualizations.insert(), rows)

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
                    connection.execute(metrics.insert().values(run_id=run_id, name=metric.name, **row))
                    known.add(metric.name)

    def _end(self, table: sa.Table, row_id: str, status: RunStatus, **values: str | None) -> None:
        with self._database.write() as connection:
            connection.execute(
                table.update()
                .where(table.c.id == row_id)
                .values(status=status.value, ended_at=microseconds(), **values)
            )


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


def _found_or_made(connection: sa.Connection, table: sa.Table, **key: str) -> str:
    query = sa.select(table.c.id).filter_by(**key)
    found = connection.scalar(query)
    if found is None:
        found = new_id()
        # PostgreSQL lets two writers in at once; the second one's insert then does nothing.
        insert = _insert(connection, table).values(id=found, created_at=microseconds(), **key)
        connection.execute(insert.on_conflict_do_nothing())
        found = str(connection.scalar(query))
    return found


def _insert(connection: sa.Connection, table: sa.Table) -> Any:
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as postgresql_insert

        return postgresql_insert(table)
    from sqlalchemy.dialects.sqlite import insert as sqlite_insert

    return sqlite_insert(table)


def _free_name(connection: sa.Connection, pipeline_id: str, wanted: str) -> str:
    if connection.dialect.name == "postgresql":
        # Two runs that start at once must not find the same name free.
        lock = sa.select(pipelines.c.id).where(pipelines.c.id == pipeline_id).with_for_update()
        connection.execute(lock)
    name, number = wanted, 1
    while connection.scalar(sa.select(sa.literal(1)).where(runs.c.pipeline_id == pipeline_id, runs.c.name == name)):
        number += 1
        name = f"{wanted}-{number}"
    return name
