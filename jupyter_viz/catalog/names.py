"""Names that begin with a text, as they stand in addresses: for completion, so in milliseconds and a few at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ..address import Address, path_of
from ..errors import VizError
from ..models import ColumnInfo
from .functions import LAST, begins
from .rows import ARTIFACT, to_artifact
from .selection import addressed_runs, pipelines_called
from .tables import artifacts, metrics, pipelines, projects, runs, steps

if TYPE_CHECKING:
    from .catalog import Database

MOST = 50


class Names:
    """Queries; what is not there has no names."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def pipelines(self, begin: str) -> list[str]:
        """Pipelines, with their project where it is not the default one."""
        project, _, name = begin.rpartition("::")
        query = sa.select(pipelines.c.name, projects.c.name).join(projects, projects.c.id == pipelines.c.project_id)
        query = query.where(_begins(pipelines.c.name, name)).order_by(pipelines.c.name, projects.c.name)
        query = query.where(projects.c.name == project) if project else query
        with self._database.read() as connection:
            found = connection.execute(query.limit(MOST)).all()
        return [str(Address(name, project=None if of == "default" and not project else of)) for name, of in found]

    def runs(self, pipeline: str, begin: str) -> list[str]:
        """Names of a pipeline's runs, the newest first."""
        with self._database.read() as connection:
            of = _of(connection, pipeline)
            query = sa.select(runs.c.name).where(runs.c.pipeline_id.in_(of), _begins(runs.c.name, begin))
            found = connection.scalars(query.order_by(runs.c.started_at.desc()).limit(MOST))
            return [path_of(name) for name in found]

    def metrics(self, pipeline: str, begin: str) -> list[str]:
        """Names of the metrics that a pipeline's runs have."""
        with self._database.read() as connection:
            of = _of(connection, pipeline)
            query = sa.select(metrics.c.name).where(metrics.c.pipeline_id.in_(of), _begins(metrics.c.name, begin))
            return [path_of(name) for name in connection.scalars(query.distinct().order_by(metrics.c.name).limit(MOST))]

    def artifacts(self, run: Address) -> list[str]:
        """`step/artifact` of all artifacts of a run; of several runs, of the newest."""
        with self._database.read() as connection:
            found = self._rows(connection, run)
        return list(dict.fromkeys(path_of(row.step, row.name) for row in found))

    def columns(self, address: Address) -> tuple[ColumnInfo, ...]:
        """The columns that were recorded of an artifact; of several runs, of the newest."""
        with self._database.read() as connection:
            for row in self._rows(connection, address):
                if row.name == address.artifact and address.step in (None, row.step):
                    return to_artifact(row).columns
        return ()

    def _rows(self, connection: sa.Connection, address: Address) -> list[Any]:
        try:
            run = addressed_runs(connection, address)[-1]
        except VizError:
            return []
        query = ARTIFACT.where(steps.c.run_id == run.id).order_by(steps.c.position, artifacts.c.number)
        return list(connection.execute(query))


def _of(connection: sa.Connection, pipeline: str) -> list[str]:
    try:
        return pipelines_called(connection, pipeline)
    except VizError:
        return []


def _begins(column: sa.ColumnElement[str], begin: str) -> sa.ColumnElement[bool]:
    return begins(column, begin, begin + LAST) if begin else sa.true()
