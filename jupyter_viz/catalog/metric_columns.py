"""Metrics as columns of a list of runs: which, over what range, and their values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from ..enums import MetricFormat
from ..errors import NotFound, did_you_mean
from ..models import Metric, MetricColumn
from .selection import pipelines_called
from .tables import experiments, metric_counts, metrics, runs


@dataclass(frozen=True, slots=True)
class Scope:
    """The runs a list is of: all, of a pipeline, of an experiment."""

    pipeline_ids: tuple[str, ...] | None = None
    experiment_id: str | None = None

    @staticmethod
    def of(connection: sa.Connection, pipeline: str | None, experiment: str | None) -> Scope:
        """By name or id. Raises `NotFound` with the nearest."""
        pipeline_ids = None if pipeline is None else tuple(pipelines_called(connection, pipeline))
        if experiment is None:
            return Scope(pipeline_ids)
        either = (experiments.c.name == experiment) | (experiments.c.id == experiment)
        found = connection.scalar(sa.select(experiments.c.id).where(either))
        if found is None:
            names = connection.scalars(sa.select(experiments.c.name).limit(200))
            raise NotFound(f"There is no experiment {experiment!r}.{did_you_mean(experiment, names)}")
        return Scope(pipeline_ids, found)

    @property
    def runs(self) -> sa.ColumnElement[bool]:
        return self._on(runs)

    def _on(self, table: sa.Table) -> sa.ColumnElement[bool]:
        clause: sa.ColumnElement[bool] = sa.true()
        if self.pipeline_ids is not None:
            ids = self.pipeline_ids
            clause = table.c.pipeline_id == ids[0] if len(ids) == 1 else table.c.pipeline_id.in_(ids)
        if self.experiment_id is not None:
            clause = clause & (table.c.experiment_id == self.experiment_id)
        return clause

    def counted(self) -> sa.ColumnElement[bool]:
        return self._on(metric_counts)

    def measured(self) -> sa.ColumnElement[bool]:
        return self._on(metrics)


def metric_columns(
    connection: sa.Connection, scope: Scope, top: int, wanted: Sequence[str] | None
) -> list[MetricColumn]:
    """The columns `wanted`, in that order; without it the `top` by prevalence, then name."""
    count = sa.func.sum(metric_counts.c.runs).label("runs")
    query = sa.select(metric_counts.c.name, count).where(scope.counted()).group_by(metric_counts.c.name)
    if wanted is not None:
        counts = {row.name: row.runs for row in connection.execute(query.where(metric_counts.c.name.in_(wanted)))}
        chosen = {name: counts[name] for name in wanted if name in counts}
    else:
        rows = connection.execute(query.order_by(count.desc(), metric_counts.c.name).limit(top))
        chosen = {row.name: row.runs for row in rows}
    return [_column(connection, scope, name, int(number)) for name, number in chosen.items()]


def _column(connection: sa.Connection, scope: Scope, name: str, count: int) -> MetricColumn:
    mine = (metrics.c.name == name) & scope.measured()
    # Two subqueries, each answered from one end of an index; min and max in one query would read it all.
    lowest, highest = (
        sa.select(metrics.c.value).where(mine).order_by(order).limit(1).scalar_subquery()
        for order in (metrics.c.value.asc(), metrics.c.value.desc())
    )
    look = sa.select(metrics.c.format, metrics.c.goal).where(mine).order_by(metrics.c.value.desc()).limit(1).subquery()
    row = connection.execute(sa.select(lowest.label("low"), highest.label("high"), look.c.format, look.c.goal)).one()
    return MetricColumn(name, MetricFormat(row.format), row.goal, row.low, row.high, count)


def metrics_of(
    connection: sa.Connection, run_ids: Sequence[str], names: Sequence[str] | None = None
) -> dict[str, dict[str, Metric]]:
    """Metrics by run id and name; all, or those of `names`."""
    # Sorted here: asked to order by name, SQLite would take the index that begins with it and read every run's.
    query = sa.select(metrics).where(metrics.c.run_id.in_(run_ids))
    if names is not None:
        query = query.where(metrics.c.name.in_(names))
    found: dict[str, dict[str, Metric]] = {}
    for row in sorted(connection.execute(query), key=lambda row: str(row.name)):
        metric = Metric(row.name, row.value, MetricFormat(row.format), row.goal)
        found.setdefault(row.run_id, {})[row.name] = metric
    return found
