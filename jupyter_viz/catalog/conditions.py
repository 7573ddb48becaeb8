"""The conditions of a filter as SQL. Every value is a bound parameter.

A list of runs walks along an index in the order asked for and leaves out what does not fit, until the page is full.
That is quick where many runs fit, and reads all of them where few do. So a condition that an index can answer is first
asked whether more than `FEW` runs fit; where they are no more, the list begins with those.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ..enums import RunStatus
from .filter import Comparison, Condition, OneOf, Text, TimeComparison
from .functions import has_text, like
from .liveness import Worker, is_alive
from .tables import metrics, pipelines, projects, run_parameters, run_tags, runs

FEW = 2000
"""Both ways then take about as long over 100,000 runs: fetch and sort so many, or walk past fifty times as many."""

_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    "!=": operator.ne,
}
_TABLES = {"metric": metrics, "parameter": run_parameters}
_TIMES = {
    "started": runs.c.started_at,
    "ended": runs.c.ended_at,
    "duration": runs.c.ended_at - runs.c.started_at,
}


@dataclass(frozen=True, slots=True)
class Looked:
    """A condition, and what was looked up to write it.

    Args:
        few: An index can name the runs that fit, and they are few.
        dead: Ids of the runs that say "running" and are not.
    """

    condition: Condition
    few: bool = False
    dead: tuple[str, ...] = ()


def look(connection: sa.Connection, condition: Condition) -> Looked:
    looked = Looked(condition, dead=_dead(connection) if _is_of_status(condition) else ())
    fitting = None if condition.negated else _fitting(looked)
    if fitting is None:
        return looked
    found = connection.scalar(sa.select(sa.func.count()).select_from(fitting.limit(FEW + 1).subquery()))
    return Looked(condition, (found or 0) <= FEW, looked.dead)


def clause(looked: Looked, walked: tuple[sa.Table, str] | None = None) -> sa.ColumnElement[bool]:
    """What a row of `runs` must fulfil.

    Args:
        walked: A table that is joined, and the name its rows have: a comparison of just that is one of its index.
    """
    condition = looked.condition
    fitting = _fitting(looked) if looked.few else None
    if fitting is not None:
        written: sa.ColumnElement[bool] = runs.c.id.in_(fitting)
    elif isinstance(condition, Comparison):
        table = _TABLES[condition.of]
        if walked == (table, condition.name) and not condition.negated:
            return _holds(table, condition)
        mine = table.alias()  # the query may be joined with the same table, to sort by it
        written = sa.exists().where(mine.c.run_id == runs.c.id, _holds(mine, condition))
    elif isinstance(condition, TimeComparison):
        written = sa.func.coalesce(_OPERATORS[condition.op](_TIMES[condition.field], condition.value), sa.false())
    elif isinstance(condition, OneOf):
        written = _one_of(looked, condition)
    else:
        written = _text(condition)
    return ~written if condition.negated else written


def unindexed(column: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    """A text as an expression, so that no index of it is taken: SQLite chooses without knowing how many rows fit."""
    return sa.func.coalesce(column, "")


def _fitting(looked: Looked) -> sa.Select[tuple[str]] | None:
    """The ids of the runs that fit, where an index has them."""
    condition = looked.condition
    if isinstance(condition, Comparison) and condition.op != "!=":
        table = _TABLES[condition.of].alias()
        return sa.select(table.c.run_id).where(_holds(table, condition))
    if isinstance(condition, OneOf) and condition.key == "tag":
        return sa.select(run_tags.c.run_id).where(run_tags.c.tag.in_(condition.values))
    if isinstance(condition, OneOf) and condition.key == "status":
        other = runs.alias()
        return sa.select(other.c.id).where(_status(other, other.c.status, condition.values, looked.dead))
    return None


def _holds(table: sa.FromClause, condition: Comparison) -> sa.ColumnElement[bool]:
    """What a row of metrics or parameters must fulfil."""
    if condition.of == "metric":
        value = table.c.value
    else:
        value = table.c.text if isinstance(condition.value, str) else table.c.number
    compared: sa.ColumnElement[bool] = _OPERATORS[condition.op](value, condition.value)
    return (table.c.name == condition.name) & compared


def _one_of(looked: Looked, condition: OneOf) -> sa.ColumnElement[bool]:
    values = condition.values
    if condition.key == "status":
        # SQLite would take the index of statuses, and sort all that failed.
        return _status(runs, unindexed(runs.c.status), values, looked.dead)
    if condition.key == "tag":
        return sa.exists().where(run_tags.c.run_id == runs.c.id, run_tags.c.tag.in_(values))
    if condition.key == "id":
        return sa.or_(*(runs.c.id.startswith(value.lower(), autoescape=True) for value in values))
    if condition.key == "name":
        return runs.c.name.in_(values)
    called = sa.select(pipelines.c.id)
    if condition.key == "pipeline":
        return runs.c.pipeline_id.in_(called.where(pipelines.c.name.in_(values)))
    of_project = called.join(projects, projects.c.id == pipelines.c.project_id).where(projects.c.name.in_(values))
    return runs.c.pipeline_id.in_(of_project)


def _is_of_status(condition: Condition) -> bool:
    return isinstance(condition, OneOf) and condition.key == "status"


def _dead(connection: sa.Connection) -> tuple[str, ...]:
    says_so = sa.select(runs.c.id, runs.c.host, runs.c.pid, runs.c.born, runs.c.beat_at)
    rows = connection.execute(says_so.where(runs.c.status == RunStatus.RUNNING.value))
    return tuple(row.id for row in rows if not is_alive(Worker(row.host, row.pid, row.born), row.beat_at))


def _status(
    table: sa.FromClause, status: sa.ColumnElement[str], wanted: Sequence[str], dead: Sequence[str]
) -> sa.ColumnElement[bool]:
    """As people see it: what says "running" but does not live is interrupted."""
    running, interrupted = RunStatus.RUNNING.value, RunStatus.INTERRUPTED.value
    clause: sa.ColumnElement[bool] = status.in_([word for word in wanted if word != running])
    if running in wanted:
        clause |= (status == running) & table.c.id.not_in(dead)
    return clause | table.c.id.in_(dead) if interrupted in wanted else clause


def _text(condition: Text) -> sa.ColumnElement[bool]:
    pattern = like(condition.text)
    called = sa.select(pipelines.c.id).where(has_text(pipelines.c.name, pattern))
    tagged = sa.select(run_tags.c.run_id).where(has_text(run_tags.c.tag, pattern))
    return sa.or_(has_text(runs.c.name, pattern), runs.c.pipeline_id.in_(called), runs.c.id.in_(tagged))
