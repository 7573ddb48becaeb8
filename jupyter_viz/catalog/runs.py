"""Reading runs, steps, artifacts and metrics: by page, by id, by address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ..address import Address, path_of
from ..clock import from_microseconds
from ..errors import InvalidAddress, NotFound, did_you_mean
from ..models import OWNER, Artifact, Named, Pipeline, Run, RunPage, Snapshot, StepInput
from .filter import parse_filter
from .metric_columns import Scope, metric_columns, metrics_of, metrics_of_runs
from .rows import ARTIFACT, RUN, to_artifact, to_run, to_step
from .search import Position, Sort, count, search
from .selection import SHORTEST_PREFIX, addressed_run, addressed_runs, one_run
from .tables import (
    artifacts,
    deployments,
    experiments,
    models,
    pipelines,
    projects,
    runs,
    snapshots,
    step_inputs,
    step_logs,
    steps,
)

if TYPE_CHECKING:
    from .catalog import Database

TOP_METRICS = 2
_NAMES_OFFERED = 200
_NAMED = {"experiments": experiments, "models": models, "deployments": deployments}


class Runs:
    """Queries. What is not there raises `NotFound` with a sentence that offers what is."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def projects(self) -> list[tuple[str, str]]:
        """(id, name) of all projects, by name."""
        with self._database.read() as connection:
            rows = connection.execute(sa.select(projects.c.id, projects.c.name).order_by(projects.c.name))
            return [(row.id, row.name) for row in rows]

    def named(self, kind: str) -> list[Named]:
        """All `experiments`, `models` or `deployments`, by name."""
        table = _NAMED[kind]
        query = sa.select(table, projects.c.name.label("project")).join(projects, projects.c.id == table.c.project_id)
        if kind == "deployments":
            query = query.add_columns(pipelines.c.name.label("pipeline"))
            query = query.join(pipelines, pipelines.c.id == table.c.pipeline_id, isouter=True)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(table.c.name))
            return [
                Named(row.id, row.name, row.project, from_microseconds(row.created_at), getattr(row, "pipeline", None))
                for row in rows
            ]

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
        experiment: str | None = None,
        filter: str = "",
        sort: str | None = None,
        columns: Sequence[str] | None = None,
        top: int = TOP_METRICS,
    ) -> RunPage:
        """Runs, the newest first unless sorted otherwise, with values of some metrics.

        Args:
            pipeline: Name or id; all pipelines without it.
            experiment: Name or id.
            cursor: `next_cursor` of the page before.
            filter: As `catalog.filter` reads it.
            sort: started, ended, duration, name, status, `param.NAME` or a metric; with `-` the highest first.
            columns: Metrics by name; without it the `top` that most runs of the pipeline and experiment have, whatever
                the filter leaves of them, then by name (Kubeflow's rule).
        """
        conditions, order = parse_filter(filter), Sort.parse(sort)
        after = Position.decode(cursor, order) if cursor else None
        with self._database.read() as connection:
            scope = Scope.of(connection, pipeline, experiment)
            shown = metric_columns(connection, scope, top, columns)
            found, end = search(connection, scope, conditions, order, limit, after, [column.name for column in shown])
        return RunPage(found, tuple(shown), end.encode() if end else None)

    def count(self, pipeline: str | None = None, *, experiment: str | None = None, filter: str = "") -> int:
        """How many runs `page` gives in all."""
        conditions = parse_filter(filter)
        with self._database.read() as connection:
            return count(connection, Scope.of(connection, pipeline, experiment), conditions)

    def run(self, run_id: str, viewer: str = OWNER) -> Run:
        """A run by id with its metrics, steps and artifacts; `viewer` decides which renderings are counted."""
        with self._database.read() as connection:
            row = connection.execute(RUN.where(runs.c.id == run_id)).one_or_none()
            if row is None:
                raise NotFound(f"There is no run {run_id!r}.")
            return _whole(connection, row, viewer)

    def find_run(self, text: str) -> Run:
        """A run by id, id prefix, name (where only one run has it) or address."""
        with self._database.read() as connection:
            if "@" in text:
                return _whole(connection, addressed_run(connection, Address.parse(text)))
            return _whole(connection, one_run(connection, text, sa.true(), "the catalog"))

    def addressed(self, address: Address) -> list[Run]:
        """The runs an address names, oldest first, with all their metrics but without steps.

        Raises `NotFound` or `InvalidAddress` with what there is instead.
        """
        with self._database.read() as connection:
            rows = addressed_runs(connection, address)
            found = metrics_of_runs(connection, [row.id for row in rows])
            return [to_run(row, found.get(row.id, {})) for row in rows]

    def logs(self, run_id: str) -> dict[str, str]:
        """What each step of a run printed until now, by the step's name."""
        self.run(run_id)
        query = (
            sa.select(steps.c.name, step_logs.c.text)
            .join(step_logs, step_logs.c.step_id == steps.c.id)
            .where(steps.c.run_id == run_id)
            .order_by(steps.c.position, step_logs.c.number)
        )
        texts: dict[str, list[str]] = {}
        with self._database.read() as connection:
            for row in connection.execute(query):
                texts.setdefault(row.name, []).append(row.text)
        return {name: "".join(parts) for name, parts in texts.items()}

    def snapshot(self, snapshot_id: str) -> Snapshot:
        with self._database.read() as connection:
            row = connection.execute(sa.select(snapshots).where(snapshots.c.id == snapshot_id)).one_or_none()
        if row is None:
            raise NotFound(f"There is no snapshot {snapshot_id!r}.")
        values = {name: row._mapping[name] for name in ("id", "pipeline_id", "number", "configuration", "code_digest")}
        return Snapshot(
            **values, packages=row.packages, git_commit=row.git_commit, created_at=from_microseconds(row.created_at)
        )

    def artifact(self, artifact_id: str, viewer: str = OWNER) -> Artifact:
        query = ARTIFACT.where(artifacts.c.id == artifact_id)
        with self._database.read() as connection:
            row = connection.execute(query, {"viewer": viewer}).one_or_none()
        if row is None:
            raise NotFound(f"There is no artifact {artifact_id!r}.")
        return to_artifact(row)

    def artifact_called(self, text: str) -> Artifact:
        """An artifact by id or id prefix, or by its name: then the newest version.

        Raises `NotFound` with the nearest, or `InvalidAddress` where outputs of several pipelines are called so.
        """
        newest = ARTIFACT.order_by(artifacts.c.version.desc())
        by_name = newest.where(artifacts.c.name == text)
        by_prefix = ARTIFACT.where(artifacts.c.id.startswith(text.lower(), autoescape=True)).limit(2)
        with self._database.read() as connection:
            if found := connection.execute(ARTIFACT.where(artifacts.c.id == text)).one_or_none():
                return to_artifact(found)
            of = sa.select(artifacts.c.pipeline_id).where(artifacts.c.name == text).distinct().limit(2)
            if len(connection.execute(of).all()) > 1:
                raise InvalidAddress(f"Several pipelines have an output {text!r}: write pipeline@latest/{text}.")
            if found := connection.execute(by_name.limit(1)).one_or_none():
                return to_artifact(found)
            several = connection.execute(by_prefix).all() if len(text) >= SHORTEST_PREFIX else []
            if len(several) == 1:
                return to_artifact(several[0])
            if several:
                raise InvalidAddress(f"Several artifacts have an id that begins with {text!r}: use more of it.")
            names = connection.scalars(sa.select(artifacts.c.name).distinct().limit(_NAMES_OFFERED))
            raise NotFound(f"There is no artifact {text!r}.{did_you_mean(text, names)}")

    def find_artifact(self, address: Address) -> Artifact:
        """The artifact an address names. Raises `NotFound` or `InvalidAddress` with what there is instead."""
        if address.artifact is None:
            raise InvalidAddress(f"{str(address)!r} names no artifact: write pipeline@run/step/artifact.")
        with self._database.read() as connection:
            run = addressed_run(connection, address)
            rows = connection.execute(
                ARTIFACT.where(steps.c.run_id == run.id).order_by(steps.c.position, artifacts.c.number)
            ).all()
        there = {path_of(row.step, row.name) for row in rows}
        found = [row for row in rows if row.name == address.artifact and address.step in (None, row.step)]
        wanted = "/".join(filter(None, (address.step, address.artifact)))
        where = f"Run {run.name!r} of pipeline {run.pipeline!r}"
        if not found:
            options = {path_of(row.name) for row in rows} if address.step is None else there
            raise NotFound(f"{where} has no artifact {wanted!r}.{did_you_mean(wanted, options)}")
        if len({row.step for row in found}) > 1:
            raise InvalidAddress(f"{where} has {wanted!r} in several steps.{did_you_mean(wanted, there)}")
        for row in found:
            if row.number == (address.index or 0):
                return to_artifact(row)
        raise NotFound(f"{where} has {len(found)} of {wanted!r}; there is no #{address.index}.")


def _whole(connection: sa.Connection, row: Any, viewer: str = OWNER) -> Run:
    made: dict[str, list[Artifact]] = {}
    query = ARTIFACT.where(steps.c.run_id == row.id).order_by(artifacts.c.created_at, artifacts.c.number)
    for artifact in connection.execute(query, {"viewer": viewer}):
        made.setdefault(artifact.step_id, []).append(to_artifact(artifact))
    in_order = sa.select(steps).where(steps.c.run_id == row.id).order_by(steps.c.position)
    given = _inputs_of(connection, row.id)
    run = to_run(row, metrics_of(connection, row.id))
    parts = [
        to_step(step, run.status, made.get(step.id, ()), given.get(step.id, ()))
        for step in connection.execute(in_order)
    ]
    return replace(run, steps=tuple(parts))


def _inputs_of(connection: sa.Connection, run_id: str) -> dict[str, list[StepInput]]:
    """What each step of a run was given, by step id."""
    query = (
        ARTIFACT.add_columns(step_inputs.c.step_id.label("to_step"), step_inputs.c.name.label("parameter"))
        .join(step_inputs, step_inputs.c.artifact_id == artifacts.c.id)
        .where(step_inputs.c.step_id.in_(sa.select(steps.c.id).where(steps.c.run_id == run_id)))
        .order_by(step_inputs.c.name)
    )
    found: dict[str, list[StepInput]] = {}
    for row in connection.execute(query):
        artifact = to_artifact(row)
        found.setdefault(row.to_step, []).append(StepInput(row.parameter, artifact.id, artifact.address))
    return found
