"""Reading runs, steps, artifacts and metrics: by page, by id, by address."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ..address import Address
from ..enums import MetricFormat
from ..errors import BadRequest, InvalidAddress, NotFound, did_you_mean
from ..models import Artifact, Metric, MetricColumn, Pipeline, Run, RunPage
from .rows import ARTIFACT, RUN, to_artifact, to_run, to_step
from .selection import addressed_run, of_pipeline, one_run
from .tables import artifacts, metrics, pipelines, projects, runs, steps

if TYPE_CHECKING:
    from .catalog import Database

TOP_METRICS = 2


class Runs:
    """Queries. What is not there raises `NotFound` with a sentence that offers what is."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def projects(self) -> list[tuple[str, str]]:
        """(id, name) of all projects, by name."""
        with self._database.read() as connection:
            rows = connection.execute(sa.select(projects.c.id, projects.c.name).order_by(projects.c.name))
            return [(row.id, row.name) for row in rows]

    def pipelines(self) -> list[Pipeline]:
        """All pipelines, the one that ran last first."""
        query = (
            sa.select(
                pipelines.c.id,
                pipelines.c.name,
                projects.c.name.label("project"),
                sa.func.count(runs.c.id).label("run_count"),
            )
            .join(projects, projects.c.id == pipelines.c.project_id)
            .join(runs, runs.c.pipeline_id == pipelines.c.id, isouter=True)
            .group_by(pipelines.c.id, pipelines.c.name, projects.c.name)
            .order_by(sa.func.max(runs.c.started_at).desc(), pipelines.c.name)
        )
        with self._database.read() as connection:
            return [Pipeline(**row._mapping) for row in connection.execute(query)]

    def page(
        self,
        pipeline: str | None = None,
        limit: int = 50,
        cursor: str | None = None,
        *,
        top: int = TOP_METRICS,
    ) -> RunPage:
        """Runs, newest first, with the `top` metrics that most of them have, then by name.

        Args:
            pipeline: Name or id; all pipelines without it.
            cursor: `next_cursor` of the page before.
        """
        with self._database.read() as connection:
            scope = sa.true() if pipeline is None else of_pipeline(connection, pipeline)
            columns = _metric_columns(connection, scope, top)
            query = RUN.where(scope).order_by(runs.c.started_at.desc(), runs.c.id.desc()).limit(limit + 1)
            if cursor is not None:
                query = query.where(sa.tuple_(runs.c.started_at, runs.c.id) < sa.tuple_(*_position(cursor)))
            rows = connection.execute(query).all()
            shown = _metrics_of(connection, [row.id for row in rows[:limit]], [column.name for column in columns])
            page = tuple(to_run(row, shown.get(row.id, {})) for row in rows[:limit])
            last = rows[limit - 1] if len(rows) > limit else None
        return RunPage(page, tuple(columns), _cursor(last.started_at, last.id) if last else None)

    def run(self, run_id: str) -> Run:
        """A run by id with its metrics, steps and artifacts."""
        with self._database.read() as connection:
            row = connection.execute(RUN.where(runs.c.id == run_id)).one_or_none()
            if row is None:
                raise NotFound(f"There is no run {run_id!r}.")
            return _whole(connection, row)

    def find_run(self, text: str) -> Run:
        """A run by id, id prefix, name (where only one run has it) or address."""
        with self._database.read() as connection:
            if "@" in text:
                return _whole(connection, addressed_run(connection, Address.parse(text)))
            return _whole(connection, one_run(connection, text, sa.true(), "the catalog"))

    def artifact(self, artifact_id: str) -> Artifact:
        with self._database.read() as connection:
            row = connection.execute(ARTIFACT.where(artifacts.c.id == artifact_id)).one_or_none()
        if row is None:
            raise NotFound(f"There is no artifact {artifact_id!r}.")
        return to_artifact(row)

    def find_artifact(self, address: Address) -> Artifact:
        """The artifact an address names. Raises `NotFound` or `InvalidAddress` with what there is instead."""
        if address.artifact is None:
            raise InvalidAddress(f"{str(address)!r} names no artifact: write pipeline@run/step/artifact.")
        with self._database.read() as connection:
            run = addressed_run(connection, address)
            rows = connection.execute(
                ARTIFACT.where(steps.c.run_id == run.id).order_by(steps.c.position, artifacts.c.number)
            ).all()
        there = {f"{row.step}/{row.name}" for row in rows}
        found = [row for row in rows if row.name == address.artifact and address.step in (None, row.step)]
        wanted = "/".join(filter(None, (address.step, address.artifact)))
        where = f"Run {run.name!r} of pipeline {run.pipeline!r}"
        if not found:
            options = {row.name for row in rows} if address.step is None else there
            raise NotFound(f"{where} has no artifact {wanted!r}.{did_you_mean(wanted, options)}")
        if len({row.step for row in found}) > 1:
            raise InvalidAddress(f"{where} has {wanted!r} in several steps.{did_you_mean(wanted, there)}")
        for row in found:
            if row.number == (address.index or 0):
                return to_artifact(row)
        raise NotFound(f"{where} has {len(found)} of {wanted!r}; there is no #{address.index}.")


def _metric_columns(connection: sa.Connection, scope: sa.ColumnElement[bool], top: int) -> list[MetricColumn]:
    count = sa.func.count().label("runs")
    query = (
        sa.select(
            metrics.c.name,
            count,
            sa.func.min(metrics.c.value).label("minimum"),
            sa.func.max(metrics.c.value).label("maximum"),
            sa.func.max(metrics.c.format).label("format"),
            sa.func.max(metrics.c.goal).label("goal"),
        )
        .join(runs, runs.c.id == metrics.c.run_id)
        .where(scope)
        .group_by(metrics.c.name)
        .order_by(count.desc(), metrics.c.name)
        .limit(top)
    )
    return [MetricColumn(**dict(row._mapping, format=MetricFormat(row.format))) for row in connection.execute(query)]


def _metrics_of(
    connection: sa.Connection, run_ids: Sequence[str], names: Sequence[str] | None = None
) -> dict[str, dict[str, Metric]]:
    query = sa.select(metrics).where(metrics.c.run_id.in_(run_ids)).order_by(metrics.c.name)
    if names is not None:
        query = query.where(metrics.c.name.in_(names))
    found: dict[str, dict[str, Metric]] = {}
    for row in connection.execute(query):
        metric = Metric(row.name, row.value, MetricFormat(row.format), row.goal)
        found.setdefault(row.run_id, {})[row.name] = metric
    return found


def _whole(connection: sa.Connection, row: Any) -> Run:
    shown = _metrics_of(connection, [row.id]).get(row.id, {})
    made: dict[str, list[Artifact]] = {}
    query = ARTIFACT.where(steps.c.run_id == row.id).order_by(artifacts.c.created_at, artifacts.c.number)
    for artifact in connection.execute(query):
        made.setdefault(artifact.step_id, []).append(to_artifact(artifact))
    in_order = sa.select(steps).where(steps.c.run_id == row.id).order_by(steps.c.position)
    run = to_run(row, shown)
    parts = [to_step(step, run.status, made.get(step.id, ())) for step in connection.execute(in_order)]
    return to_run(row, shown, tuple(parts))


def _cursor(started_at: int, run_id: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([started_at, run_id]).encode()).decode()


def _position(cursor: str) -> tuple[int, str]:
    try:
        started_at, run_id = json.loads(base64.urlsafe_b64decode(cursor.encode("ascii")))
    except (ValueError, TypeError, RecursionError):
        raise BadRequest(f"{cursor[:100]!r} is not a cursor: pass `next_cursor` of the page before.") from None
    if not isinstance(started_at, int) or not isinstance(run_id, str) or not 0 <= started_at < 2**63:
        raise BadRequest(f"{cursor[:100]!r} is not a cursor: pass `next_cursor` of the page before.")
    return started_at, run_id
