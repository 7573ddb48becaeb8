"""A page of runs: filtered, sorted, continued by key. Every value is a bound parameter."""

from __future__ import annotations

import base64
import json
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ..enums import RunStatus
from ..errors import BadRequest
from .filter import Comparison, Condition, OneOf, Text, TimeComparison
from .liveness import Worker, is_alive
from .rows import RUN
from .tables import metrics, pipelines, projects, run_parameters, run_tags, runs

_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    "!=": operator.ne,
}
_RUN_COLUMNS: dict[str, sa.ColumnElement[Any]] = {
    "started": runs.c.started_at,
    "ended": runs.c.ended_at,
    "name": runs.c.name,
    "status": runs.c.status,
}
PARAMETER = "param."


@dataclass(frozen=True, slots=True)
class Sort:
    """`key` is started, ended, name, status, `param.NAME` or a metric. Runs without a value come last, newest first."""

    key: str = "started"
    descending: bool = True

    @staticmethod
    def parse(text: str | None) -> Sort:
        """`roc_auc` ascending, `-roc_auc` descending; without a text the newest first."""
        if not text or text == "-":
            return Sort()
        return Sort(text.removeprefix("-"), text.startswith("-"))


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page ended: in the part that has a value for the sort key, or in the rest."""

    rest: bool
    value: Any
    run_id: str

    def encode(self) -> str:
        return base64.urlsafe_b64encode(json.dumps([self.rest, self.value, self.run_id]).encode()).decode()

    @staticmethod
    def decode(cursor: str) -> Position:
        try:
            rest, value, run_id = json.loads(base64.urlsafe_b64decode(cursor.encode("ascii")))
        except (ValueError, TypeError, RecursionError):
            rest = None
            value = run_id = ""
        known = isinstance(rest, bool) and isinstance(run_id, str) and isinstance(value, (int, float, str))
        if not known or isinstance(value, bool) or (isinstance(value, int) and not -(2**63) <= value < 2**63):
            raise BadRequest(f"{cursor[:100]!r} is not a cursor: pass `next_cursor` of the page before.")
        return Position(rest, value, run_id)


def search(
    connection: sa.Connection,
    scope: sa.ColumnElement[bool],
    conditions: Sequence[Condition],
    sort: Sort,
    limit: int,
    after: Position | None,
) -> tuple[list[Any], Position | None]:
    """Rows of `rows.RUN` in order, and where the page ended, None where it is the last."""
    where = [scope, *(_clause(connection, condition) for condition in conditions)]
    value, join = _sorted_by(sort)
    found: list[tuple[str, Any]] = []
    if after is None or not after.rest:
        query = sa.select(runs.c.id, value).where(*where, value.is_not(None))
        if join is not None:
            query = query.join_from(runs, *join)
        found = _pairs(connection, _ordered(query, value, sort.descending, limit + 1, after))
    part = len(found)
    if part <= limit and value is not runs.c.started_at:
        rest = sa.select(runs.c.id, runs.c.started_at).where(*where, _without(sort, value))
        at = after if after is not None and after.rest else None
        found += _pairs(connection, _ordered(rest, runs.c.started_at, True, limit + 1 - part, at))
    # The names only now, for a page of ids: with the joins inside, SQLite begins at the projects and sorts all runs.
    page = [run_id for run_id, _ in found[:limit]]
    rows = {row.id: row for row in connection.execute(RUN.where(runs.c.id.in_(page)))}
    end = Position(limit > part, found[limit - 1][1], page[-1]) if len(found) > limit else None
    return [rows[run_id] for run_id in page if run_id in rows], end


def count(connection: sa.Connection, scope: sa.ColumnElement[bool], conditions: Sequence[Condition]) -> int:
    """How many runs there are of a list, on all its pages."""
    where = [scope, *(_clause(connection, condition) for condition in conditions)]
    return connection.scalar(sa.select(sa.func.count()).select_from(runs).where(*where)) or 0


def _pairs(connection: sa.Connection, query: sa.Select[Any]) -> list[tuple[str, Any]]:
    return [(row[0], row[1]) for row in connection.execute(query)]


def _ordered(
    query: sa.Select[Any], value: sa.ColumnElement[Any], descending: bool, limit: int, after: Position | None
) -> sa.Select[Any]:
    # The tie is broken in the same direction, so that one index serves value and id.
    tie = metrics.c.run_id if value is metrics.c.value else runs.c.id
    if after is not None:
        key, at = sa.tuple_(value, tie), sa.tuple_(sa.literal(after.value), sa.literal(after.run_id))
        query = query.where(key < at if descending else key > at)
    order = (value.desc(), tie.desc()) if descending else (value.asc(), tie.asc())
    return query.order_by(*order).limit(limit)


def _sorted_by(sort: Sort) -> tuple[sa.ColumnElement[Any], tuple[Any, Any] | None]:
    if sort.key in _RUN_COLUMNS:
        return _RUN_COLUMNS[sort.key], None
    if sort.key == "duration":
        return runs.c.ended_at - runs.c.started_at, None
    if sort.key.startswith(PARAMETER):
        name = sort.key.removeprefix(PARAMETER)
        return run_parameters.c.number, (
            run_parameters,
            (run_parameters.c.run_id == runs.c.id) & (run_parameters.c.name == name),
        )
    return metrics.c.value, (metrics, (metrics.c.run_id == runs.c.id) & (metrics.c.name == sort.key))


def _without(sort: Sort, value: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """The runs that have no value to sort by."""
    if value is metrics.c.value:
        return ~_has(metrics, sort.key)
    if value is run_parameters.c.number:
        return ~_has(run_parameters, sort.key.removeprefix(PARAMETER), lambda table: table.c.number.is_not(None))
    return value.is_(None)


def _has(
    of: sa.Table, name: str, holds: Callable[[sa.FromClause], sa.ColumnElement[bool]] | None = None
) -> sa.ColumnElement[bool]:
    """Whether a run has a metric or parameter of that name for which `holds` is true."""
    table = of.alias()  # the query itself may be joined with the table, to sort by it
    mine = sa.exists().where(table.c.run_id == runs.c.id, table.c.name == name)
    return mine if holds is None else mine.where(holds(table))


def _clause(connection: sa.Connection, condition: Condition) -> sa.ColumnElement[bool]:
    if isinstance(condition, Comparison):
        clause = _comparison(condition)
    elif isinstance(condition, TimeComparison):
        field = runs.c.ended_at - runs.c.started_at if condition.field == "duration" else _RUN_COLUMNS[condition.field]
        clause = sa.func.coalesce(_OPERATORS[condition.op](field, condition.value), sa.false())
    elif isinstance(condition, OneOf):
        clause = _one_of(connection, condition)
    else:
        clause = _text(condition)
    return ~clause if condition.negated else clause


def _comparison(condition: Comparison) -> sa.ColumnElement[bool]:
    compare, value = _OPERATORS[condition.op], condition.value
    if condition.of == "metric":
        return _has(metrics, condition.name, lambda table: compare(table.c.value, value))
    if isinstance(value, str):
        return _has(run_parameters, condition.name, lambda table: compare(table.c.text, value))
    return _has(run_parameters, condition.name, lambda table: compare(table.c.number, value))


def _one_of(connection: sa.Connection, condition: OneOf) -> sa.ColumnElement[bool]:
    values = condition.values
    if condition.key == "status":
        return _status(connection, values)
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


def _status(connection: sa.Connection, wanted: Sequence[str]) -> sa.ColumnElement[bool]:
    """As people see it: what says "running" but does not live is interrupted."""
    running, interrupted = RunStatus.RUNNING.value, RunStatus.INTERRUPTED.value
    says_so = sa.select(runs.c.id, runs.c.host, runs.c.pid, runs.c.born, runs.c.beat_at).where(runs.c.status == running)
    dead = [
        row.id for row in connection.execute(says_so) if not is_alive(Worker(row.host, row.pid, row.born), row.beat_at)
    ]
    clause: sa.ColumnElement[bool] = runs.c.status.in_([status for status in wanted if status != running])
    if running in wanted:
        clause |= (runs.c.status == running) & runs.c.id.not_in(dead)
    return clause | runs.c.id.in_(dead) if interrupted in wanted else clause


def _text(condition: Text) -> sa.ColumnElement[bool]:
    def has(column: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
        return column.icontains(condition.text, autoescape=True)

    return sa.or_(
        has(runs.c.name),
        runs.c.pipeline_id.in_(sa.select(pipelines.c.id).where(has(pipelines.c.name))),
        sa.exists().where(run_tags.c.run_id == runs.c.id, has(run_tags.c.tag)),
    )
