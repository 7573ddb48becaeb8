"""Queries of what takes room: which rows speak of which bytes, and which renderings nobody used for long."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ..enums import Origin, RunStatus, VisualizationStatus
from .liveness import Worker, is_alive
from .tables import artifacts, curated_visualizations, pipelines, projects, runs, steps, visualizations

if TYPE_CHECKING:
    from .catalog import Database

_AT_ONCE = 500
_RECIPE = visualizations.c.origin == Origin.RECIPE.value
_ENDED = sa.func.coalesce(visualizations.c.ended_at, visualizations.c.created_at)
# Since it ended, a beat says that somebody looked at it: see `Visualizations.used`.
_USED = sa.case((visualizations.c.beat_at > _ENDED, visualizations.c.beat_at), else_=_ENDED)


@dataclass(frozen=True, slots=True)
class Kept:
    """An artifact or rendering that has a row. `pipeline` is its id, None for a rendering of something else."""

    id: str
    pipeline: str | None
    uri: str | None
    size: int


@dataclass(frozen=True, slots=True)
class KeptRendering:
    """A rendering that ended. `used_at` is in microseconds since 1970."""

    id: str
    used_at: int


class Keeping:
    """What the rows know of the bytes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def pipelines(self) -> list[tuple[str, str, str, int, int]]:
        """(id, project, name, runs, visualizations that materializers made) of each pipeline, by name."""
        counted = sa.select(runs.c.pipeline_id, sa.func.count().label("n")).group_by(runs.c.pipeline_id).subquery()
        shown = (
            sa.select(artifacts.c.pipeline_id, sa.func.count().label("n"))
            .join(visualizations, visualizations.c.artifact_id == artifacts.c.id)
            .where(~_RECIPE, visualizations.c.uri.is_not(None))
            .group_by(artifacts.c.pipeline_id)
            .subquery()
        )
        query = (
            sa.select(
                pipelines.c.id,
                projects.c.name.label("project"),
                pipelines.c.name,
                sa.func.coalesce(counted.c.n, 0).label("runs"),
                sa.func.coalesce(shown.c.n, 0).label("shown"),
            )
            .join(projects, projects.c.id == pipelines.c.project_id)
            .join(counted, counted.c.pipeline_id == pipelines.c.id, isouter=True)
            .join(shown, shown.c.pipeline_id == pipelines.c.id, isouter=True)
            .order_by(projects.c.name, pipelines.c.name)
        )
        with self._database.read() as connection:
            return [(row.id, row.project, row.name, row.runs, row.shown) for row in connection.execute(query)]

    def artifacts(self) -> list[Kept]:
        query = sa.select(artifacts.c.id, artifacts.c.pipeline_id, artifacts.c.uri, artifacts.c.size)
        return self._kept(query)

    def renderings(self) -> list[Kept]:
        query = (
            sa.select(visualizations.c.id, artifacts.c.pipeline_id, visualizations.c.uri, visualizations.c.size)
            .join(artifacts, artifacts.c.id == visualizations.c.artifact_id, isouter=True)
            .where(_RECIPE)
        )
        return self._kept(query)

    def running(self) -> set[str]:
        """The ids of the runs whose process lives: it may be writing what has no row yet."""
        query = sa.select(runs).where(runs.c.status == RunStatus.RUNNING.value)
        with self._database.read() as connection:
            return {
                row.id
                for row in connection.execute(query)
                if is_alive(Worker(row.host, row.pid, row.born), row.beat_at)
            }

    def ended_renderings(self) -> list[KeptRendering]:
        """Renderings that ended, however they did, and are pinned nowhere; the longest unused first."""
        pinned = sa.select(curated_visualizations.c.visualization_id)
        query = (
            sa.select(visualizations, _USED.label("used_at"))
            .where(_RECIPE, visualizations.c.id.not_in(pinned))
            .order_by(_USED, visualizations.c.id)
        )
        with self._database.read() as connection:
            return [
                KeptRendering(row.id, row.used_at)
                for row in connection.execute(query)
                if VisualizationStatus(row.status).ended
                or not is_alive(Worker(row.host, row.pid, row.born), row.beat_at)
            ]

    def forget_renderings(self, unused: Iterable[KeptRendering]) -> list[str]:
        """Delete the rows of those that nobody used, pinned or asked for again meanwhile; returns their ids."""
        left, forgotten = iter(unused), []
        pinned = sa.exists().where(curated_visualizations.c.visualization_id == visualizations.c.id)
        while some := list(islice(left, _AT_ONCE)):
            same = sa.tuple_(visualizations.c.id, _USED).in_([(each.id, each.used_at) for each in some])
            with self._database.write() as connection:
                found = sa.select(visualizations.c.id).where(same, ~pinned).with_for_update()
                ids = list(connection.scalars(found))
                connection.execute(visualizations.delete().where(visualizations.c.id.in_(ids)))
            forgotten += ids
        return forgotten

    def of_run(self, run_id: str, viewer: str | None) -> tuple[list[Kept], int, list[str]]:
        """What goes with a run: its artifacts, how many visualizations materializers made of them, and the ids of
        renderings of them; only the viewer's where one is given."""
        mine = sa.select(artifacts.c.id).join(steps, steps.c.id == artifacts.c.step_id).where(steps.c.run_id == run_id)
        of_mine = sa.select(visualizations.c.id).where(visualizations.c.artifact_id.in_(mine))
        rendered = of_mine.where(_RECIPE)
        if viewer is not None:
            rendered = rendered.where(visualizations.c.owner == viewer)
        made = sa.select(sa.func.count()).select_from(
            of_mine.where(~_RECIPE, visualizations.c.uri.is_not(None)).subquery()
        )
        query = sa.select(artifacts.c.id, artifacts.c.pipeline_id, artifacts.c.uri, artifacts.c.size)
        kept = self._kept(query.where(artifacts.c.id.in_(mine)))
        with self._database.read() as connection:
            return kept, connection.scalar(made) or 0, [str(each) for each in connection.scalars(rendered)]

    def database_bytes(self) -> int | None:
        """What the database takes on its server; None for SQLite, whose files are looked at where they lie."""
        with self._database.read() as connection:
            if connection.dialect.name != "postgresql":
                return None
            return int(connection.scalar(sa.select(sa.func.pg_database_size(sa.func.current_database()))) or 0)

    def _kept(self, query: sa.Select[Any]) -> list[Kept]:
        with self._database.read() as connection:
            return [Kept(id_, pipeline, uri, size or 0) for id_, pipeline, uri, size in connection.execute(query)]
