"""Taking in the runs of other systems. A run is known by (system, its id there), whatever it is called."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ..clock import microseconds
from ..enums import ArtifactKind
from ..foreign import ForeignArtifact, ForeignRun, ForeignStep
from .finding import found_or_made, free_name, new_id
from .recording import parameter_rows
from .tables import artifacts, metrics, models, pipelines, projects, run_parameters, run_tags, runs, steps, syncs

if TYPE_CHECKING:
    from .catalog import Database

LOADED_AS = {
    ArtifactKind.TABLE: "pandas.DataFrame",
    ArtifactKind.JSON: "object",
    ArtifactKind.TEXT: "str",
    ArtifactKind.MARKDOWN: "str",
    ArtifactKind.HTML: "str",
}
"""What `load` gives of a file of another system; `bytes` of the kinds that are not here."""
_NUMBERED = re.compile(r"-\d+\Z")
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Sync:
    """A system at a place. `cursor` is what its connector said at the end of the last whole reading."""

    id: str
    system: str
    location: str
    project: str
    cursor: Any = None


class Imported:
    """The writes of a sync. One that is killed half-way has taken in whole runs; the next one goes on from there."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, system: str, location: str, project: str) -> Sync:
        """Note that a system is being read.

        Args:
            location: Where it is, without credentials.
            project: That its new runs belong to.
        """
        here = (syncs.c.system == system) & (syncs.c.location == location)
        now = {"project": project, "started_at": microseconds(), "ended_at": None, "error": None}
        with self._database.write() as connection:
            row = connection.execute(sa.select(syncs).where(here)).one_or_none()
            if row is not None:
                connection.execute(syncs.update().where(here).values(now))
                return Sync(row.id, system, location, project, row.cursor)
            made = Sync(new_id(), system, location, project)
            connection.execute(syncs.insert().values(id=made.id, system=system, location=location, counts={}, **now))
        return made

    def end(self, sync: Sync, counts: Mapping[str, int], *, cursor: Any = None, error: str | None = None) -> None:
        """Note how a reading ended; only a whole one has a cursor."""
        values = {"ended_at": microseconds(), "counts": dict(counts), "error": error}
        if error is None:
            values["cursor"] = cursor
        with self._database.write() as connection:
            connection.execute(syncs.update().where(syncs.c.id == sync.id).values(values))

    def marks(self, sync: Sync) -> dict[str, str]:
        """The mark of each run that is known of this system at this place, by its id there."""
        known = sa.select(runs.c.external_id, runs.c.mark).where(runs.c.sync_id == sync.id)
        with self._database.read() as connection:
            return {row.external_id: row.mark for row in connection.execute(known)}

    def absent(self, sync: Sync, there: set[str]) -> list[str]:
        """Our ids of the runs that were read from this place once, and are not `there` by their ids any more."""
        known = sa.select(runs.c.id, runs.c.external_id).where(runs.c.sync_id == sync.id)
        with self._database.read() as connection:
            return [row.id for row in connection.execute(known) if row.external_id not in there]

    def put(self, sync: Sync, found: Sequence[ForeignRun]) -> int:
        """Take in runs, all of them or none; returns how many were new."""
        with self._database.write() as connection:
            # Two readings of one place at a time: PostgreSQL would let both in.
            connection.execute(sa.select(syncs.c.id).where(syncs.c.id == sync.id).with_for_update())
            project_id = found_or_made(connection, projects, name=sync.project)
            return sum(_Taken(connection, sync, project_id).put(run) for run in found)


@dataclass(frozen=True, slots=True)
class _Taken:
    connection: sa.Connection
    sync: Sync
    project_id: str

    def put(self, run: ForeignRun) -> bool:
        """Take in one run; returns whether it was new."""
        one = (runs.c.system == self.sync.system) & (runs.c.external_id == run.id)
        known = self.connection.execute(sa.select(runs.c.id, runs.c.name, runs.c.pipeline_id).where(one)).one_or_none()
        of = {"project_id": self.project_id}
        pipeline_id = found_or_made(self.connection, pipelines, name=run.pipeline, **of)
        values = {
            "pipeline_id": pipeline_id,
            "model_id": run.model and found_or_made(self.connection, models, name=run.model, **of),
            "name": self._name(run, pipeline_id, known),
            "status": run.status.value,
            "started_at": run.started_at,
            "ended_at": run.ended_at,
            "error": run.error,
            "parameters": dict(run.parameters),
            "warnings": list(run.warnings),
            "beat_at": microseconds(),
            "mark": run.mark,
            "sync_id": self.sync.id,
        }
        if known is None:
            run_id = new_id()
            key = {"id": run_id, "system": self.sync.system, "external_id": run.id}
            self.connection.execute(runs.insert().values(**key, **values))
        else:
            run_id = known.id
            self.connection.execute(runs.update().where(runs.c.id == run_id).values(values))
            for table in (run_tags, run_parameters, metrics):
                self.connection.execute(table.delete().where(table.c.run_id == run_id))
        self._insert(run_tags, [{"run_id": run_id, "tag": tag} for tag in sorted(set(run.tags))])
        self._insert(run_parameters, parameter_rows(run_id, run.parameters))
        place = {"run_id": run_id, "pipeline_id": pipeline_id, "experiment_id": ""}
        self._insert(
            metrics,
            [
                {**place, "name": each.name, "value": each.value, "format": each.format.value, "goal": each.goal}
                for each in run.metrics
            ],
        )
        self._steps(run_id, pipeline_id, run.steps)
        if known is not None and known.pipeline_id != pipeline_id:
            self._moved(known.pipeline_id)
        return known is None

    def _name(self, run: ForeignRun, pipeline_id: str, known: Any) -> str:
        """Its name there, with a number where another run of the pipeline has it: the same one each time."""
        if known is not None and known.pipeline_id == pipeline_id:
            kept = str(known.name)
            if run.name == kept or run.name == _NUMBERED.sub("", kept):
                return kept
        return free_name(self.connection, pipeline_id, run.name)

    def _moved(self, old_pipeline: str) -> None:
        """A pipeline that has no run any more goes, as when its last run is deleted."""
        others = sa.exists().where(runs.c.pipeline_id == pipelines.c.id)
        self.connection.execute(pipelines.delete().where(pipelines.c.id == old_pipeline, ~others))

    def _steps(self, run_id: str, pipeline_id: str, found: Sequence[ForeignStep]) -> None:
        mine = sa.select(steps.c.name, steps.c.id).where(steps.c.run_id == run_id)
        known: dict[str, str] = {row.name: row.id for row in self.connection.execute(mine)}
        for position, step in enumerate(found):
            values = {
                "position": position,
                "status": step.status.value,
                "started_at": step.started_at,
                "ended_at": step.ended_at,
                "error": step.error,
            }
            step_id = known.pop(step.name, None)
            if step_id is None:
                step_id, key = new_id(), {"run_id": run_id, "name": step.name, "parameters": {}}
                self.connection.execute(steps.insert().values(id=step_id, **key, **values))
            else:
                self.connection.execute(steps.update().where(steps.c.id == step_id).values(values))
            self._artifacts(step_id, pipeline_id, step)
        self._delete(steps, known.values())

    def _artifacts(self, step_id: str, pipeline_id: str, step: ForeignStep) -> None:
        """Those that are known keep their ids, and with them what was rendered of them."""
        mine = sa.select(artifacts.c.name, artifacts.c.id, artifacts.c.pipeline_id).where(
            artifacts.c.step_id == step_id
        )
        known: dict[str, Any] = {row.name: row for row in self.connection.execute(mine)}
        new: list[dict[str, Any]] = []
        for position, artifact in enumerate(step.artifacts):
            values = {**_file(artifact), "created_at": step.started_at + position, "pipeline_id": pipeline_id}
            row = known.pop(artifact.name, None)
            if row is None or row.pipeline_id != pipeline_id:
                values["version"] = self._version(pipeline_id, artifact.name)
            if row is None:
                new.append({"id": new_id(), "step_id": step_id, "name": artifact.name, "number": 0, **values})
            else:
                self.connection.execute(artifacts.update().where(artifacts.c.id == row.id).values(values))
        self._insert(artifacts, new)
        self._delete(artifacts, [row.id for row in known.values()])

    def _version(self, pipeline_id: str, name: str) -> int:
        of = (artifacts.c.pipeline_id == pipeline_id) & (artifacts.c.name == name)
        return (self.connection.scalar(sa.select(sa.func.max(artifacts.c.version)).where(of)) or 0) + 1

    def _insert(self, table: sa.Table, rows: list[dict[str, Any]]) -> None:
        if rows:
            self.connection.execute(table.insert(), rows)

    def _delete(self, table: sa.Table, ids: Iterable[str]) -> None:
        left = list(ids)
        for at in range(0, len(left), _AT_ONCE):
            self.connection.execute(table.delete().where(table.c.id.in_(left[at : at + _AT_ONCE])))


def _file(artifact: ForeignArtifact) -> dict[str, Any]:
    return {
        "kind": artifact.kind.value,
        "python_type": LOADED_AS.get(artifact.kind, "bytes"),
        "materializer": "",
        "uri": artifact.uri,
        "size": artifact.size,
        "digest": "",
        "rows": None,
        "columns": [],
    }
