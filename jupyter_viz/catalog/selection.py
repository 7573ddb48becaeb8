"""Which run a word, a name, an id prefix or an address means; what is not there raises with what is."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from ..address import Address, RunSelector
from ..enums import RunStatus
from ..errors import InvalidAddress, NotFound, did_you_mean
from .rows import RUN
from .tables import metrics, pipelines, projects, runs

SHORTEST_PREFIX = 4
_NAMES_OFFERED = 200
# Written once: every list of runs begins with it.
_CALLED = sa.select(pipelines.c.id).where(
    (pipelines.c.name == sa.bindparam("called")) | (pipelines.c.id == sa.bindparam("text"))
)
_CALLED_OF_PROJECT = _CALLED.join(projects, projects.c.id == pipelines.c.project_id).where(
    projects.c.name == sa.bindparam("project")
)


def pipelines_called(connection: sa.Connection, text: str) -> list[str]:
    """Ids of the pipelines of that name, `project::name` or id. Raises `NotFound` with the nearest."""
    project, _, name = text.rpartition("::")
    known = _CALLED_OF_PROJECT if project else _CALLED
    ids = [row[0] for row in connection.execute(known, {"called": name, "text": text, "project": project})]
    if not ids:
        names = connection.scalars(sa.select(pipelines.c.name).limit(_NAMES_OFFERED))
        raise NotFound(f"There is no pipeline {text!r}.{did_you_mean(text, names)}")
    return ids


def addressed_run(connection: sa.Connection, address: Address) -> Any:
    return _selected(connection, *_of(connection, address))


def addressed_runs(connection: sa.Connection, address: Address) -> list[Any]:
    """The rows of the runs an address names, oldest first: of `latest~4:` those of the five there are, or fewer."""
    run, scope, where = _of(connection, address)
    if not run.several:
        return [_selected(connection, run, scope, where)]
    newest = RUN.where(scope, runs.c.status == RunStatus.COMPLETED.value)
    newest = newest.order_by(runs.c.started_at.desc(), runs.c.id.desc()).limit(run.back + 1)
    found = connection.execute(newest).all()
    if not found:
        raise NotFound(f"There is no completed run of {where}.")
    return list(reversed(found))


def _of(connection: sa.Connection, address: Address) -> tuple[RunSelector, sa.ColumnElement[bool], str]:
    """(which run, among which, and how these are called)."""
    if address.run is None:
        raise InvalidAddress(f"{str(address)!r} names no run: write pipeline@latest, or pipeline@NAME.")
    named = str(Address(address.pipeline, project=address.project))
    called = "::".join(filter(None, (address.project, address.pipeline)))
    return address.run, runs.c.pipeline_id.in_(pipelines_called(connection, called)), f"pipeline {named!r}"


def _selected(connection: sa.Connection, run: RunSelector, scope: sa.ColumnElement[bool], where: str) -> Any:
    if run.word == "name":
        return one_run(connection, run.name, scope, where)
    if run.several:
        raise InvalidAddress(f"'{run}' names several runs of {where}; one is needed here.")
    if run.word == "baseline":
        raise NotFound(f"No baseline is set for {where}.")
    query = RUN.where(scope)
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


def one_run(connection: sa.Connection, text: str, scope: sa.ColumnElement[bool], where: str) -> Any:
    newest = RUN.where(scope).order_by(runs.c.started_at.desc(), runs.c.id.desc())
    found = connection.execute(newest.where(runs.c.name == text).limit(2)).all()
    if not found and len(text) >= SHORTEST_PREFIX:
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
