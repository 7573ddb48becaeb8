"""Metrics as columns of a list of runs: which, over what range, and their values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from ..enums import MetricFormat
from ..errors import BadRequest, NotFound, did_you_mean
from ..models import Metric, MetricColumn
from .conditions import unindexed
from .selection import pipelines_called
from .tables import experiments, metric_counts, metrics, runs

_AT_ONCE = 500  # parameters of a statement: SQLite takes 32,766, older ones 999
MOST_COLUMNS = 50
"""As many metrics as a run can have."""


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

    def of_runs(self, *, indexed: bool = True) -> sa.ColumnElement[bool]:
        """What a row of `runs` must fulfil; not `indexed` where another condition is to be looked up first."""
        return self._on(runs, indexed)

    def _on(self, table: sa.Table, indexed: bool = True) -> sa.ColumnElement[bool]:
        clause: sa.ColumnElement[bool] = sa.true()
        if self.pipeline_ids is not None:
            ids, column = self.pipeline_ids, table.c.pipeline_id if indexed else unindexed(table.c.pipeline_id)
            clause = column == ids[0] if len(ids) == 1 else column.in_(ids)
        if self.experiment_id is not None:
            column = table.c.experiment_id if indexed else unindexed(table.c.experiment_id)
            clause = clause & (column == self.experiment_id)
        return clause

    def counted(self) -> sa.ColumnElement[bool]:
        return self._on(metric_counts)

    def measured(self) -> sa.ColumnElement[bool]:
        clause = self._on(metrics)
        # Said once more as the index says it, which SQLite would not take otherwise.
        named = metrics.c.experiment_id != sa.literal_column("''")
        return clause if self.experiment_id is None else clause & named


def metric_columns(
    connection: sa.Connection, scope: Scope, top: int, wanted: Sequence[str] | None
) -> list[MetricColumn]:
    """The columns `wanted`, in that order; without it the `top` by prevalence, then name."""
    if wanted is not None and len(wanted) > MOST_COLUMNS:
        raise BadRequest(f"A list of runs shows at most {MOST_COLUMNS} metrics; {len(wanted)} were asked for.")
    names = None if wanted is None else tuple(dict.fromkeys(wanted))
    found = {
        row.name: MetricColumn(row.name, MetricFormat(row.format), row.goal, row.low, row.high, int(row.runs))
        for row in connection.execute(_columns(scope, top, names)).all()
    }
    return list(found.values()) if names is None else [found[name] for name in names if name in found]


@lru_cache(maxsize=64)
def _columns(scope: Scope, top: int, names: tuple[str, ...] | None) -> sa.Select[Any]:
    count = sa.func.sum(metric_counts.c.runs).label("runs")
    counted = sa.select(metric_counts.c.name, count).where(scope.counted()).group_by(metric_counts.c.name)
    if names is None:
        counted = counted.order_by(count.desc(), metric_counts.c.name).limit(top)
    else:
        counted = counted.where(metric_counts.c.name.in_(names))
    chosen = counted.subquery("chosen")

    def of_end(column: sa.ColumnElement[Any], *, highest: bool) -> sa.ScalarSelect[Any]:
        # Each is read from one end of an index; min and max in one query would read all of it.
        value = metrics.c.value
        mine = sa.select(column).where(metrics.c.name == chosen.c.name, scope.measured())
        return mine.order_by(value.desc() if highest else value.asc()).limit(1).scalar_subquery()

    return sa.select(
        chosen.c.name,
        chosen.c.runs,
        of_end(metrics.c.value, highest=False).label("low"),
        of_end(metrics.c.value, highest=True).label("high"),
        of_end(metrics.c.format, highest=True).label("format"),
        of_end(metrics.c.goal, highest=True).label("goal"),
    ).order_by(chosen.c.runs.desc(), chosen.c.name)


def metrics_of(connection: sa.Connection, run_id: str) -> dict[str, Metric]:
    """All metrics of a run by name."""
    return metrics_of_runs(connection, [run_id]).get(run_id, {})


def metrics_of_runs(connection: sa.Connection, run_ids: Sequence[str]) -> dict[str, dict[str, Metric]]:
    """All metrics of some runs, by run and name."""
    found: dict[str, dict[str, Metric]] = {}
    for at in range(0, len(run_ids), _AT_ONCE):
        query = sa.select(metrics).where(metrics.c.run_id.in_(run_ids[at : at + _AT_ONCE]))
        # Sorted here: asked to order by name, SQLite would take the index that begins with it and read every run's.
        for row in sorted(connection.execute(query), key=lambda row: str(row.name)):
            metric = Metric(row.name, row.value, MetricFormat(row.format), row.goal)
            found.setdefault(row.run_id, {})[row.name] = metric
    return found
