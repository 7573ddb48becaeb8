"""Reading runs, steps, artifacts and metrics: by page, by id, by address."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ..address import Address, RunSelector
from ..clock import from_microseconds
from ..enums import ArtifactKind, MetricFormat, RunStatus, VisualizationStatus
from ..errors import BadRequest, InvalidAddress, NotFound, did_you_mean
from ..models import Artifact, ColumnInfo, Metric, MetricColumn, Pipeline, Run, RunPage, Step
from .liveness import Worker, is_alive
from .tables import artifacts, metrics, pipelines, projects, runs, steps, visualizations

if TYPE_CHECKING:
    from .catalog import Database

TOP_METRICS = 2
_SHORTEST_PREFIX = 4
_NAMES_OFFERED = 200

_RUN = (
    sa.select(runs, pipelines.c.name.label("pipeline"), projects.c.name.label("project"))
    .join(pipelines, pipelines.c.id == runs.c.pipeline_id)
    .join(projects, projects.c.id == pipelines.c.project_id)
)
_SHOWN = (
    sa.select(sa.func.count())
    .where(
        visualizations.c.artifact_id == artifacts.c.id,
        visualizations.c.status != VisualizationStatus.CANCELLED.value,
    )
    .scalar_subquery()
)
_ARTIFACT = (
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
        self, pipeline: str | None = None, limit: int = 50, cursor: str | None = None, *, top: int = TOP_METRICS
    ) -> RunPage:
        """Runs, newest first, with the `top` metrics that most of them have, then by name.

        Args:
            pipeline: Name or id; all pipelines without it.
            cursor: `next_cursor` of the page before.
        """
        with self._database.read() as connection:
            scope = sa.true() if pipeline is None else _of_pipeline(connection, pipeline)
            columns = _metric_columns(connection, scope, top)
            query = _RUN.where(scope).order_by(runs.c.started_at.desc(), runs.c.id.desc()).limit(limit + 1)
            if cursor is not None:
                query = query.where(sa.tuple_(runs.c.started_at, runs.c.id) < sa.tuple_(*_position(cursor)))
            rows = connection.execute(query).all()
            shown = _metrics_of(connection, [row.id for row in rows[:limit]], [column.name for column in columns])
            page = tuple(_run(row, shown.get(row.id, {})) for row in rows[:limit])
            last = rows[limit - 1] if len(rows) > limit else None
        return RunPage(page, tuple(columns), _cursor(last.started_at, last.id) if last else None)

    def run(self, run_id: str) -> Run:
        """A run by id with its metrics, steps and artifacts."""
        with self._database.read() as connection:
            row = connection.execute(_RUN.where(runs.c.id == run_id)).one_or_none()
            if row is None:
                raise NotFound(f"There is no run {run_id!r}.")
            return _whole(connection, row)

    def find_run(self, text: str) -> Run:
        """A run by id, id prefix, name (where only one run has it) or address."""
        with self._database.read() as connection:
            if "@" in text:
                return _whole(connection, _addressed_run(connection, Address.parse(text)))
            return _whole(connection, _one_run(connection, text, sa.true(), "the catalog"))

    def artifact(self, artifact_id: str) -> Artifact:
        with self._database.read() as connection:
            row = connection.execute(_ARTIFACT.where(artifacts.c.id == artifact_id)).one_or_none()
        if row is None:
            raise NotFound(f"There is no artifact {artifact_id!r}.")
        return _artifact(row)

    def find_artifact(self, address: Address) -> Artifact:
        """The artifact an address names. Raises `NotFound` or `InvalidAddress` with what there is instead."""
        if address.artifact is None:
            raise InvalidAddress(f"{str(address)!r} names no artifact: write pipeline@run/step/artifact.")
        with self._database.read() as connection:
            run = _addressed_run(connection, address)
            rows = connection.execute(
                _ARTIFACT.where(steps.c.run_id == run.id).order_by(steps.c.position, artifacts.c.number)
            ).all()
        there = {f"{row.step}/{row.name}" for row in rows}
        found = [row for row in rows if row.name == address.artifact and address.step in (None, row.step)]
        wanted = "/".join(filter(None, (address.step, address.artifact)))
        where = f"Run {run.name!r} of pipeline {run.pipeline!r}"
        if not found:
            raise NotFound(f"{where} has no artifact {wanted!r}.{did_you_mean(wanted, there)}")
        if len({row.step for row in found}) > 1:
            raise InvalidAddress(f"{where} has {wanted!r} in several steps.{did_you_mean(wanted, there)}")
        for row in found:
            if row.number == (address.index or 0):
                return _artifact(row)
        raise NotFound(f"{where} has {len(found)} of {wanted!r}; there is no #{address.index}.")


def _of_pipeline(connection: sa.Connection, text: str) -> sa.ColumnElement[bool]:
    project, _, name = text.rpartition("::")
    known = sa.select(pipelines.c.id).join(projects, projects.c.id == pipelines.c.project_id)
    known = known.where((pipelines.c.name == name) | (pipelines.c.id == text))
    if project:
        known = known.where(projects.c.name == project)
    ids = list(connection.scalars(known))
    if not ids:
        names = connection.scalars(sa.select(pipelines.c.name).limit(_NAMES_OFFERED))
        raise NotFound(f"There is no pipeline {text!r}.{did_you_mean(text, names)}")
    return runs.c.pipeline_id.in_(ids)


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
    return [
        MetricColumn(**dict(row._mapping, format=MetricFormat(row.format))) for row in connection.execute(query)
    ]


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


def _addressed_run(connection: sa.Connection, address: Address) -> Any:
    if address.run is None:
        raise InvalidAddress(f"{str(address)!r} names no run: write pipeline@latest, or pipeline@NAME.")
    named = str(Address(address.pipeline, project=address.project))
    scope = _of_pipeline(connection, "::".join(filter(None, (address.project, address.pipeline))))
    return _selected(connection, address.run, scope, f"pipeline {named!r}")


def _selected(connection: sa.Connection, run: RunSelector, scope: sa.ColumnElement[bool], where: str) -> Any:
    if run.word == "name":
        return _one_run(connection, run.name, scope, where)
    if run.several:
        raise InvalidAddress(f"'{run}' names several runs of {where}; one is needed here.")
    if run.word == "baseline":
        raise NotFound(f"No baseline is set for {where}.")
    query = _RUN.where(scope)
    if run.word != "newest":
        query = query.where(runs.c.status == RunStatus.COMPLETED.value)
    if run.word in ("highest", "lowest"):
        value = metrics.c.value
        query = query.join(metrics, (metrics.c.run_id == runs.c.id) & (metrics.c.name == run.name))
        query = query.order_by(value.desc() if run.word == "highest" else value)
    query = query.order_by(runs.c.started_at.desc(), runs.c.id.desc())
    row = connection.execute(query.offset(run.back).limit(1)).one_or_none()
    if row is not None:
        return row
    if run.word in ("highest", "lowest"):
        names = connection.scalars(
            sa.select(metrics.c.name).distinct().join(runs, runs.c.id == metrics.c.run_id).where(scope)
        )
        raise NotFound(f"No completed run of {where} has a metric {run.name!r}.{did_you_mean(run.name, names)}")
    before = f" and {run.back} before it" if run.back else ""
    kind = "run" if run.word == "newest" else "completed run"
    raise NotFound(f"There is no {kind}{before} of {where}.")


def _one_run(connection: sa.Connection, text: str, scope: sa.ColumnElement[bool], where: str) -> Any:
    newest = _RUN.where(scope).order_by(runs.c.started_at.desc(), runs.c.id.desc())
    found = connection.execute(newest.where(runs.c.name == text).limit(2)).all()
    if not found and len(text) >= _SHORTEST_PREFIX:
        starts = runs.c.id.startswith(text.lower(), autoescape=True)
        found = connection.execute(newest.where(starts).limit(2)).all()
    if len(found) == 1:
        return found[0]
    if found:
        raise InvalidAddress(f"Several runs of {where} are called {text!r}: use more of the id, or an address.")
    names = connection.scalars(
        sa.select(runs.c.name).where(scope).order_by(runs.c.started_at.desc()).limit(_NAMES_OFFERED)
    )
    raise NotFound(f"There is no run {text!r} in {where}.{did_you_mean(text, names)}")


def _whole(connection: sa.Connection, row: Any) -> Run:
    shown = _metrics_of(connection, [row.id]).get(row.id, {})
    made: dict[str, list[Artifact]] = {}
    query = _ARTIFACT.where(steps.c.run_id == row.id).order_by(artifacts.c.created_at, artifacts.c.number)
    for artifact in connection.execute(query):
        made.setdefault(artifact.step_id, []).append(_artifact(artifact))
    in_order = sa.select(steps).where(steps.c.run_id == row.id).order_by(steps.c.position)
    run = _run(row, shown)
    parts = [_step(step, run.status, made.get(step.id, ())) for step in connection.execute(in_order)]
    return _run(row, shown, tuple(parts))


def _run(row: Any, shown: dict[str, Metric], parts: tuple[Step, ...] = ()) -> Run:
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
        steps=parts,
    )


def current_status(row: Any) -> RunStatus:
    """The stored status, or `interrupted` where the process that should end the run is gone."""
    status = RunStatus(row.status)
    if status is RunStatus.RUNNING and not is_alive(Worker(row.host, row.pid, row.born), row.beat_at):
        return RunStatus.INTERRUPTED
    return status


def _step(row: Any, run_status: RunStatus, made: Iterable[Artifact]) -> Step:
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
    )


def _artifact(row: Any) -> Artifact:
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
    )


def _cursor(started_at: int, run_id: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([started_at, run_id]).encode()).decode()


def _position(cursor: str) -> tuple[int, str]:
    try:
        started_at, run_id = json.loads(base64.urlsafe_b64decode(cursor.encode("ascii")))
    except ValueError:
        raise BadRequest(f"{cursor[:100]!r} is not a cursor: pass `next_cursor` of the page before.") from None
    if not isinstance(started_at, int) or not isinstance(run_id, str) or not 0 <= started_at < 2**63:
        raise BadRequest(f"{cursor[:100]!r} is not a cursor: pass `next_cursor` of the page before.")
    return started_at, run_id
