"""What another system has besides runs becomes rows: deployments, and what is pinned there."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ..clock import microseconds
from ..foreign import ForeignCurated, ForeignDeployment, ForeignResources
from .finding import found_or_made
from .tables import (
    artifacts,
    curated_visualizations,
    deployments,
    models,
    pipelines,
    projects,
    runs,
    steps,
    visualizations,
)

_NAMED = {"pipeline": pipelines, "model": models, "deployment": deployments}
_OF_RUNS = ("pipeline_run", "pipeline_snapshot")


@dataclass(frozen=True, slots=True)
class ResourceTaking:
    """Takes them in, in a transaction. `project_id` is of those that do not say."""

    connection: sa.Connection
    sync_id: str
    project_id: str

    def all(self, found: ForeignResources, told: Set[str]) -> None:
        self._deployments(found.deployments)
        self._curated(found.curated, told)

    def _deployments(self, found: Sequence[ForeignDeployment]) -> None:
        kept = []
        for each in found:
            project_id = self._project(each.project)
            pipeline_id = each.pipeline and self._named(pipelines, project_id, each.pipeline)
            kept.append(found_or_made(self.connection, deployments, name=each.name, project_id=project_id))
            values = {"pipeline_id": pipeline_id, "sync_id": self.sync_id}
            self.connection.execute(deployments.update().where(deployments.c.id == kept[-1]).values(values))
        mine = sa.select(deployments.c.id).where(deployments.c.sync_id == self.sync_id)
        for row in self.connection.execute(mine).all():
            if row.id not in kept:
                self.connection.execute(deployments.delete().where(deployments.c.id == row.id))

    def _curated(self, found: Sequence[ForeignCurated], told: Set[str]) -> None:
        table = curated_visualizations
        kept = []
        for each in found:
            row = self._row(each)
            if row is None:  # what it shows, or what it is pinned to, is not there
                continue
            kept.append(each.id)
            taken = sa.select(table.c.id, table.c.display_order, table.c.visualization_id).where(
                table.c.resource_type == row["resource_type"],
                table.c.resource_id == row["resource_id"],
                table.c.id != each.id,
            )
            others = self.connection.execute(taken).all()
            if any(other.visualization_id == row["visualization_id"] for other in others):
                continue  # it is pinned here already: by somebody here, or as another run's of the same snapshot
            if any(other.display_order == row["display_order"] for other in others):
                row["display_order"] = None
            if self.connection.execute(table.update().where(table.c.id == each.id).values(row)).rowcount == 0:
                self.connection.execute(table.insert().values(id=each.id, created_at=row["updated_at"], **row))
        mine = sa.select(table.c.id, table.c.resource_type, table.c.resource_id).where(table.c.sync_id == self.sync_id)
        for old in self.connection.execute(mine).all():
            if old.id not in kept and (old.resource_type not in _OF_RUNS or self._is_told(old.resource_id, told)):
                self.connection.execute(table.delete().where(table.c.id == old.id))

    def _row(self, each: ForeignCurated) -> dict[str, Any] | None:
        """Its row but for the id."""
        project_id = self._project(each.project)
        resource_id = self._resource(each, project_id)
        of_place = artifacts.c.step_id == steps.c.id
        query = (
            sa.select(visualizations.c.id)
            .join(artifacts, artifacts.c.id == visualizations.c.artifact_id)
            .join(steps, of_place)
            .join(runs, runs.c.id == steps.c.run_id)
            .where(runs.c.sync_id == self.sync_id, visualizations.c.uri == each.uri)
        )
        visualization_id = self.connection.scalar(query.limit(1))
        if resource_id is None or visualization_id is None:
            return None
        return {
            "project_id": project_id,
            "visualization_id": visualization_id,
            "resource_type": each.resource_type,
            "resource_id": resource_id,
            "display_name": each.name,
            "display_order": each.order,
            "layout_size": each.size,
            "updated_at": microseconds(),
            "sync_id": self.sync_id,
        }

    def _resource(self, each: ForeignCurated, project_id: str) -> str | None:
        if each.resource_type in _NAMED:
            return self._named(_NAMED[each.resource_type], project_id, each.resource)
        if each.resource_type not in _OF_RUNS:
            return None
        wanted = runs.c.id if each.resource_type == "pipeline_run" else runs.c.snapshot_id
        of_run = (runs.c.sync_id == self.sync_id) & (runs.c.external_id == each.resource)
        found: str | None = self.connection.scalar(sa.select(wanted).where(of_run))
        return found

    def _is_told(self, resource_id: str, told: Set[str]) -> bool:
        """Whether a run, or one of a snapshot, is among them by its id there."""
        of = (runs.c.id == resource_id) | (runs.c.snapshot_id == resource_id)
        return any(row.external_id in told for row in self.connection.execute(sa.select(runs.c.external_id).where(of)))

    def _project(self, name: str | None) -> str:
        return self.project_id if name is None else found_or_made(self.connection, projects, name=name)

    def _named(self, table: sa.Table, project_id: str, name: str) -> str | None:
        found: str | None = self.connection.scalar(
            sa.select(table.c.id).where(table.c.project_id == project_id, table.c.name == name)
        )
        return found
