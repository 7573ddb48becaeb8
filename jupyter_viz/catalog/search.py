"""A page of runs: filtered, sorted, continued by key, with the metrics it shows. Every value is a bound parameter."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from ..enums import MetricFormat
from ..errors import BadRequest
from ..models import Metric, Run
from .conditions import Looked, clause, look, unindexed
from .filter import Condition
from .metric_columns import Scope
from .rows import RUN_COLUMNS, runs_of, to_run
from .tables import metrics, run_parameters, runs

_RUN_COLUMNS: dict[str, sa.ColumnElement[Any]] = {
    "started": runs.c.started_at,
    "ended": runs.c.ended_at,
    "duration": runs.c.ended_at - runs.c.started_at,
    "name": runs.c.name,
    "status": runs.c.status,
}
_TEXTS = ("name", "status")
_FORMATS = {each.value: each for each in MetricFormat}
PARAMETER = "param."


@dataclass(frozen=True, slots=True)
class Sort:
    """`key` is started, ended, duration, name, status, `param.NAME` or a metric.

    Runs without a value come last, newest first.
    """

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
    def decode(cursor: str, sort: Sort) -> Position:
        """Raises `BadRequest` for what is no cursor, and for that of a list sorted by something else."""
        try:
            rest, value, run_id = json.loads(base64.urlsafe_b64decode(cursor.encode("ascii")))
        except (ValueError, TypeError, RecursionError):
            rest = None
            value = run_id = ""
        known = isinstance(rest, bool) and isinstance(run_id, str) and isinstance(value, (int, float, str))
        fits = isinstance(value, str) == (sort.key in _TEXTS and not rest)
        if (
            not (known and fits)
            or isinstance(value, bool)
            or (isinstance(value, int) and not -(2**63) <= value < 2**63)
        ):
            raise BadRequest(f"{cursor[:100]!r} is not a cursor: pass `next_cursor` of the page before.")
        return Position(rest, value, run_id)


def search(
    connection: sa.Connection,
    scope: Scope,
    conditions: Sequence[Condition],
    sort: Sort,
    limit: int,
    after: Position | None,
    shown: Sequence[str],
) -> tuple[tuple[Run, ...], Position | None]:
    """Runs in order with the metrics `shown`, and where the page ended, None where it is the last."""
    looked = tuple(look(connection, condition) for condition in conditions)
    names = {f"shown_{number}": name for number, name in enumerate(shown)}

    def part(rest: bool, most: int) -> list[Any]:
        at = after if after is not None and after.rest == rest else None
        values = {"most": most, **names, **({"after_value": at.value, "after_id": at.run_id} if at else {})}
        statement = _page(scope, looked, sort, rest, at is not None, len(shown))
        return list(connection.execute(statement, values).all())

    found = [] if after is not None and after.rest else part(False, limit + 1)
    valued = len(found)
    if valued <= limit and sort.key != "started":
        found += part(True, limit + 1 - valued)
    end = None
    if len(found) > limit:
        end = Position(limit > valued, found[limit - 1].sort_key, found[limit - 1].id)
    return tuple(to_run(row, _metrics(row, shown)) for row in found[:limit]), end


def count(connection: sa.Connection, scope: Scope, conditions: Sequence[Condition]) -> int:
    """How many runs there are of a list, on all its pages."""
    where = (clause(look(connection, condition)) for condition in conditions)
    return connection.scalar(sa.select(sa.func.count()).select_from(runs).where(scope.of_runs(), *where)) or 0


# A list is asked for again and again: writing a statement takes longer than executing it.
@lru_cache(maxsize=128)
def _page(
    scope: Scope, conditions: tuple[Looked, ...], sort: Sort, rest: bool, continued: bool, shown: int
) -> sa.Select[Any]:
    """The statement of a page, or of the rest of it: the runs that have no value to sort by.

    Args:
        continued: It begins after the run that the parameters `after_value` and `after_id` name.
        shown: How many metrics, named by the parameters `shown_0`, …
    """
    few = any(looked.few for looked in conditions)
    key = _Key(runs.c.started_at, runs.c.id) if rest else _key(sort, scope, few)
    descending = rest or sort.descending
    missing = _without(sort) if rest else key.value.is_not(None)
    walked = None if few or key.table is None else (key.table, sort.key.removeprefix(PARAMETER))
    where = (clause(condition, walked) for condition in conditions)
    query = sa.select(*RUN_COLUMNS, key.value.label("sort_key")).where(scope.of_runs(indexed=not few), missing, *where)
    if key.table is not None:
        query = query.join_from(runs, key.table, key.joined)
    if continued:
        end = sa.tuple_(sa.bindparam("after_value", type_=key.value.type), sa.bindparam("after_id"))
        position = sa.tuple_(key.value, key.tie)
        query = query.where(position < end if descending else position > end)

    def ordered(*columns: sa.ColumnElement[Any]) -> list[sa.ColumnElement[Any]]:
        # The tie is broken in the same direction, so that one index serves value and id.
        return [column.desc() if descending else column.asc() for column in columns]

    most = sa.bindparam("most", type_=sa.Integer)
    page = query.order_by(*ordered(key.value, key.tie)).limit(most).subquery("page")
    whole = runs_of(page).add_columns(page.c.sort_key)
    for number in range(shown):
        each = metrics.alias(f"metric_{number}")
        mine = (each.c.run_id == page.c.id) & (each.c.name == sa.bindparam(f"shown_{number}"))
        whole = whole.join(each, mine, isouter=True).add_columns(each.c.value, each.c.format, each.c.goal)
    return whole.order_by(*ordered(page.c.sort_key, page.c.id))


def _metrics(row: Sequence[Any], shown: Sequence[str]) -> dict[str, Metric]:
    """Three columns of each metric end the row."""
    found, at = {}, len(row) - 3 * len(shown)
    for name in shown:
        if row[at] is not None:
            found[name] = Metric(name, row[at], _FORMATS[row[at + 1]], row[at + 2])
        at += 3
    return found


@dataclass(frozen=True)
class _Key:
    """What a list is sorted by, the id that breaks ties, and the table both are in where that is not `runs`."""

    value: sa.ColumnElement[Any]
    tie: sa.ColumnElement[str]
    table: sa.Table | None = None
    joined: sa.ColumnElement[bool] | None = None


def _key(sort: Sort, scope: Scope, few: bool) -> _Key:
    """`few`: the values are looked up for few runs, rather than walked along."""
    if sort.key in _RUN_COLUMNS:
        return _Key(_RUN_COLUMNS[sort.key], runs.c.id)
    of_parameter = sort.key.startswith(PARAMETER)
    table = run_parameters if of_parameter else metrics
    name = unindexed(table.c.name) if few else table.c.name
    mine = (table.c.run_id == runs.c.id) & (name == sort.key.removeprefix(PARAMETER))
    if of_parameter:
        return _Key(run_parameters.c.number, run_parameters.c.run_id, run_parameters, mine)
    # The scope once more, on the table whose index is walked along: what others measured is not even looked at.
    return _Key(metrics.c.value, metrics.c.run_id, metrics, mine if few else mine & scope.measured())


def _without(sort: Sort) -> sa.ColumnElement[bool]:
    """The runs that have no value to sort by."""
    if sort.key in _RUN_COLUMNS:
        return _RUN_COLUMNS[sort.key].is_(None)
    if sort.key.startswith(PARAMETER):
        table, name = run_parameters.alias(), sort.key.removeprefix(PARAMETER)
        return ~sa.exists().where(table.c.run_id == runs.c.id, table.c.name == name, table.c.number.is_not(None))
    return ~sa.exists().where(metrics.c.run_id == runs.c.id, metrics.c.name == sort.key)
