"""Taking in the runs of other systems. A run is known by (system, its id there), whatever it is called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ..clock import from_microseconds, microseconds
from ..foreign import ForeignResources, ForeignRun, SyncState
from .finding import found_or_made, new_id
from .liveness import Worker, is_alive, this_worker
from .tables import projects, runs, syncs
from .taking import Taking
from .taking_resources import ResourceTaking

if TYPE_CHECKING:
    from .catalog import Database


@dataclass(frozen=True, slots=True)
class Sync:
    """A system at a place, and the store there. `cursor` is what its connector said at the end of the last reading.

    `host` is the machine that read it as a whole last.
    """

    id: str
    system: str
    location: str
    project: str
    cursor: Any = None
    python: str | None = None
    store: str = ""
    host: str | None = None


class Imported:
    """The writes of a sync. One that is killed half-way has taken in whole runs; the next one goes on from there."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def noted(self, system: str, location: str) -> Sync | None:
        """What is known of a place: of its stores the one that was read last."""
        with self._database.read() as connection:
            row = connection.execute(_at(system, location)).first()
        return None if row is None else _sync(row)

    def note(self, system: str, location: str, project: str, *, python: str | None = None) -> None:
        """Have a place listed that nothing was read from yet."""
        with self._database.write() as connection:
            if connection.execute(_at(system, location)).first() is None:
                _insert(connection, Sync(new_id(), system, location, project, python=python))

    def begin(
        self, system: str, location: str, project: str, *, python: str | None = None, store: str | None = None
    ) -> Sync:
        """Note that a system is being read.

        Args:
            location: Where it is, without credentials.
            project: That its new runs belong to.
            python: The interpreter that its connector needs; None for the one that was noted before, or ours.
            store: Which store is there; None for the one that was read last.
        """
        with self._database.write() as connection:
            query = _at(system, location)
            if store is not None:  # one of which that was never told is this one
                query = query.where(syncs.c.store.in_([store, ""])).order_by(None).order_by(syncs.c.store.desc())
            row = connection.execute(query).first()
            if row is None:
                sync = Sync(new_id(), system, location, project, python=python, store=store or "")
                _insert(connection, sync)
                return sync
            now: dict[str, Any] = {"project": project, "ended_at": None, "error": None, **_begun()}
            now |= {"python": python} if python is not None else {}
            now |= {"store": store} if store is not None else {}
            connection.execute(syncs.update().where(syncs.c.id == row.id).values(now))
            before = _sync(row)
            return replace(before, project=project, python=python or before.python, store=now.get("store", row.store))

    def end(self, sync: Sync, counts: Mapping[str, int], *, cursor: Any = None, error: str | None = None) -> None:
        """Note how a reading ended; only a whole one has a cursor."""
        values: dict[str, Any] = {"ended_at": microseconds(), "counts": dict(counts), "error": error}
        values |= {"cursor": cursor} if error is None else {"host": sync.host}
        with self._database.write() as connection:
            connection.execute(syncs.update().where(syncs.c.id == sync.id).values(values))

    def marks(self, sync: Sync) -> dict[str, str]:
        """The mark of each run that is known of this system at this place, by its id there."""
        known = sa.select(runs.c.external_id, runs.c.mark).where(runs.c.sync_id == sync.id)
        with self._database.read() as connection:
            return {row.external_id: row.mark for row in connection.execute(known)}

    def absent(self, sync: Sync, gone: Set[str]) -> list[str]:
        """Our ids of the runs of this place that are `gone` by their ids there."""
        known = sa.select(runs.c.id, runs.c.external_id).where(runs.c.sync_id == sync.id)
        with self._database.read() as connection:
            return [row.id for row in connection.execute(known) if row.external_id in gone]

    def put(self, sync: Sync, found: Sequence[ForeignRun]) -> int:
        """Take in runs, all of them or none; returns how many were new."""
        with self._database.write() as connection:
            # Two readings of one place at a time: PostgreSQL would let both in.
            connection.execute(sa.select(syncs.c.id).where(syncs.c.id == sync.id).with_for_update())
            connection.execute(syncs.update().where(syncs.c.id == sync.id).values(beat_at=microseconds()))
            project_id = found_or_made(connection, projects, name=sync.project)
            return Taking(connection, sync.system, sync.id, project_id).all(found)

    def put_resources(self, sync: Sync, found: ForeignResources, told: Set[str]) -> None:
        """Take in what there is besides runs, instead of what there was.

        Args:
            told: The ids there of the runs of which all that is pinned to them is told.
        """
        with self._database.write() as connection:
            project_id = found_or_made(connection, projects, name=sync.project)
            ResourceTaking(connection, sync.id, project_id).all(found, told)

    def of_run(self, run_id: str) -> tuple[Sync, str] | None:
        """The place that a run was read from, and its mark there; None where no place is known any more."""
        query = sa.select(syncs, runs.c.mark).join(runs, runs.c.sync_id == syncs.c.id).where(runs.c.id == run_id)
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
        return row and (_sync(row), str(row.mark))

    def all(self) -> list[SyncState]:
        """Every place that runs were read from, the last one first."""
        numbers = sa.select(runs.c.sync_id, sa.func.count().label("runs")).group_by(runs.c.sync_id).subquery()
        query = sa.select(syncs, numbers.c.runs).outerjoin(numbers, numbers.c.sync_id == syncs.c.id)
        with self._database.read() as connection:
            return [_state(row) for row in connection.execute(query.order_by(syncs.c.started_at.desc()))]


def _at(system: str, location: str) -> sa.Select[Any]:
    """The stores at a place, the one that was read last first."""
    here = (syncs.c.system == system) & (syncs.c.location == location)
    return sa.select(syncs).where(here).order_by(syncs.c.started_at.desc())


def _begun() -> dict[str, Any]:
    worker, now = this_worker(), microseconds()
    return {"started_at": now, "beat_at": now, "host": worker.host, "pid": worker.pid, "born": worker.born}


def _insert(connection: sa.Connection, sync: Sync) -> None:
    values = {name: getattr(sync, name) for name in ("id", "system", "location", "store", "project", "python")}
    connection.execute(syncs.insert().values(counts={}, **values, **_begun()))


def _sync(row: Any) -> Sync:
    return Sync(row.id, row.system, row.location, row.project, row.cursor, row.python, row.store, row.host)


def _state(row: Any) -> SyncState:
    running, error = row.ended_at is None, row.error
    if running and not is_alive(Worker(row.host, row.pid, row.born), row.beat_at):
        running, error = False, "It was interrupted; what it had read is there. Sync again to go on."
    return SyncState(
        id=row.id,
        system=row.system,
        location=row.location,
        store=row.store,
        project=row.project,
        python=row.python,
        runs=row.runs or 0,
        running=running,
        started_at=from_microseconds(row.started_at),
        ended_at=row.ended_at and from_microseconds(row.ended_at),
        counts=row.counts,
        error=error,
    )
