"""Rows that are made at their first mention: projects, pipelines, experiments, models, snapshots; and free names."""

from __future__ import annotations

import hashlib
import json
import uuid
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from ..clock import microseconds
from ..models import NewSnapshot
from .tables import pipelines, runs, snapshots


def new_id() -> str:
    return str(uuid.uuid4())


def found_or_made(connection: sa.Connection, table: sa.Table, **key: str) -> str:
    """The id of the row with these values, made where there is none."""
    query = sa.select(table.c.id).filter_by(**key)
    found = connection.scalar(query)
    if found is None:
        made = {"id": new_id(), "created_at": microseconds(), **key}
        # PostgreSQL lets two writers in at once; the second one's insert then does nothing.
        connection.execute(_insert(connection, table).values(**made).on_conflict_do_nothing())
        found = str(connection.scalar(query))
    return str(found)


def snapshot_of(connection: sa.Connection, pipeline_id: str, new: NewSnapshot) -> str:
    """The id of the snapshot with this content; a new one takes the pipeline's next number."""
    values = asdict(new)
    digest = hashlib.sha256(json.dumps(values, sort_keys=True, default=repr).encode()).hexdigest()
    query = sa.select(snapshots.c.id).where(snapshots.c.pipeline_id == pipeline_id, snapshots.c.digest == digest)
    found = connection.scalar(query)
    if found is None:
        _lock(connection, pipeline_id)
        of_pipeline = snapshots.c.pipeline_id == pipeline_id
        number = (connection.scalar(sa.select(sa.func.max(snapshots.c.number)).where(of_pipeline)) or 0) + 1
        made = {"id": new_id(), "pipeline_id": pipeline_id, "number": number, "digest": digest}
        row = _insert(connection, snapshots).values(**made, **values, created_at=microseconds())
        connection.execute(row.on_conflict_do_nothing())
        found = connection.scalar(query)
    return str(found)


def free_name(connection: sa.Connection, pipeline_id: str, wanted: str) -> str:
    """`wanted`, or `wanted-2`, … where the pipeline has a run of that name."""
    _lock(connection, pipeline_id)
    mine = runs.c.pipeline_id == pipeline_id
    taken = sa.select(sa.literal(1)).where(mine)
    if not connection.scalar(taken.where(runs.c.name == wanted)):
        return wanted
    # Begin where the numbers probably end ("." follows "-"): the thousandth run of a name should not try them all.
    numbered = sa.select(sa.func.count()).where(mine, runs.c.name > f"{wanted}-", runs.c.name < f"{wanted}.")
    number = (connection.scalar(numbered) or 0) + 2
    while connection.scalar(taken.where(runs.c.name == f"{wanted}-{number}")):
        number += 1
    return f"{wanted}-{number}"


def _lock(connection: sa.Connection, pipeline_id: str) -> None:
    """Keep two writers from finding the same name or number free; SQLite's transactions do so by themselves."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(pipelines.c.id).where(pipelines.c.id == pipeline_id).with_for_update())


def _insert(connection: sa.Connection, table: sa.Table) -> Any:
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as postgresql_insert

        return postgresql_insert(table)
    from sqlalchemy.dialects.sqlite import insert as sqlite_insert

    return sqlite_insert(table)
