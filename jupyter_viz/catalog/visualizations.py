"""Rows of visualizations: what a materializer saved, and renderings from the request to the result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from ..clock import from_microseconds, microseconds
from ..enums import Freshness, Origin, VisualizationStatus, VisualizationType
from ..errors import NotFound
from ..models import Failure, Principal, RenderRequest, Visualization
from .finding import new_id
from .liveness import Worker, is_alive, this_worker
from .tables import visualizations

if TYPE_CHECKING:
    from .catalog import Database

_DAY = 86_400_000_000
_SEVERAL = "\n"  # between the texts of several sources, none of which has a control character
_MOST_LOOKED_AT = 10_000
_ACTIVE = (VisualizationStatus.QUEUED.value, VisualizationStatus.RUNNING.value)


class Visualizations:
    """A rendering belongs to who asked for it; a materializer's visualization is for all who see the artifact."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._looked_at: dict[str, int] = {}

    def of_artifact(self, principal: Principal, artifact_id: str, cancelled: bool = False) -> list[Visualization]:
        """Its materializer's first, in their order; then renderings, newest first.

        Args:
            cancelled: Those too that were cancelled.
        """
        made_by_recipe = visualizations.c.origin == Origin.RECIPE.value
        query = (
            sa.select(visualizations)
            .where(
                visualizations.c.artifact_id == artifact_id,
                sa.true() if cancelled else visualizations.c.status != VisualizationStatus.CANCELLED.value,
                _visible(principal),
            )
            .order_by(
                made_by_recipe,
                sa.case((made_by_recipe, -visualizations.c.created_at), else_=visualizations.c.created_at),
            )
        )
        with self._database.read() as connection:
            return [_visualization(row) for row in connection.execute(query)]

    def get(self, principal: Principal, visualization_id: str) -> Visualization:
        query = sa.select(visualizations).where(visualizations.c.id == visualization_id, _visible(principal))
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise NotFound(f"There is no visualization {visualization_id!r}.")
        return _visualization(row)

    def of_request(self, principal: Principal, key: str) -> Visualization | None:
        """The rendering this user already asked for by the same request."""
        mine, _ = self.known(principal, key)
        return mine

    def known(self, principal: Principal, key: str) -> tuple[Visualization | None, Visualization | None]:
        """(this user's rendering of a request, a rendering of it by whomever that ended well).

        The bytes of the latter serve others who may read the source.
        """
        done = (visualizations.c.status == VisualizationStatus.COMPLETED.value) & visualizations.c.uri.is_not(None)
        theirs = visualizations.c.owner == principal.name
        query = (
            sa.select(visualizations)
            .where(visualizations.c.request_key == key, theirs | done)
            .order_by(visualizations.c.ended_at.desc())
        )
        with self._database.read() as connection:
            rows = [_visualization(row) for row in connection.execute(query)]
        mine = next((row for row in rows if row.owner == principal.name), None)
        return mine, next((row for row in rows if row.status is VisualizationStatus.COMPLETED), None)

    def queue(
        self,
        principal: Principal,
        request: RenderRequest,
        *,
        key: str,
        title: str,
        artifact_id: str | None,
        provenance: Mapping[str, Any],
    ) -> tuple[Visualization, bool]:
        """Make the row of a rendering, or take up the one this request already has. True where it is to be rendered.

        A row that is queued or running is left as it is: whoever asks again waits for the same result.
        """
        now, worker = microseconds(), this_worker()
        fresh = {
            "name": title,
            "format": VisualizationType.NOTEBOOK.value,
            "origin": Origin.RECIPE.value,
            "recipe": request.recipe,
            "status": VisualizationStatus.QUEUED.value,
            "freshness": Freshness.NEW.value,
            "size": None,
            "uri": None,
            "source": _SEVERAL.join(sources) if isinstance(sources := request.source, tuple) else sources,
            "arguments": dict(request.arguments),
            "code": request.code,
            "metrics": {},
            "provenance": dict(provenance),
            "error_code": None,
            "error_message": None,
            "error_traceback": None,
            "created_at": now,
            "started_at": None,
            "ended_at": None,
            "beat_at": now,
            "host": worker.host,
            "pid": worker.pid,
            "born": worker.born,
        }
        mine = (visualizations.c.owner == principal.name) & (visualizations.c.request_key == key)
        try:
            with self._database.write() as connection:
                found = connection.execute(sa.select(visualizations).where(mine).with_for_update()).one_or_none()
                if found is None:
                    owned = {"artifact_id": artifact_id, "owner": principal.name, "request_key": key}
                    row = {**fresh, **owned, "id": new_id()}
                    connection.execute(visualizations.insert().values(**row))
                elif _visualization(found).status.ended:
                    row = {**found._mapping, **fresh}
                    connection.execute(visualizations.update().where(mine).values(**fresh))
                else:
                    return _visualization(found), False
            return _visualization(SimpleNamespace(**row)), True
        except IntegrityError:
            pass  # the same request came to another process between the two statements: it renders
        known = self.of_request(principal, key)
        if known is None:
            raise NotFound("The visualization was deleted while it was asked for.")
        return known, False

    def started(self, ids: Sequence[str]) -> None:
        now = microseconds()
        self._change(ids, status=VisualizationStatus.RUNNING.value, started_at=now, beat_at=now)

    def beat(self, ids: Sequence[str]) -> None:
        self._change(ids, beat_at=microseconds())

    def ended(
        self,
        ids: Sequence[str],
        status: VisualizationStatus,
        *,
        error: Failure | None = None,
        uri: str | None = None,
        size: int | None = None,
        metrics: Mapping[str, float] | None = None,
        provenance: Mapping[str, Any] | None = None,
    ) -> None:
        """Write how renderings ended, all of one result. One that was cancelled or deleted meanwhile stays so."""
        values: dict[str, Any] = {
            "status": status.value,
            "ended_at": microseconds(),
            "uri": uri,
            "size": size,
        }
        if error is not None:
            values |= {
                "error_code": error.code,
                "error_message": error.message,
                "error_traceback": error.traceback,
            }
        if metrics is not None:
            values["metrics"] = dict(metrics)
        if provenance is not None:
            values["provenance"] = dict(provenance)
        self._change(ids, **values)

    def used(self, visualization_id: str) -> None:
        """Note that somebody looked at a rendering, at most once a day: those that nobody looks at go first."""
        now = microseconds()
        if now - self._looked_at.get(visualization_id, 0) < _DAY:
            return
        if len(self._looked_at) >= _MOST_LOOKED_AT:
            self._looked_at.clear()
        self._looked_at[visualization_id] = now
        stale = (visualizations.c.id == visualization_id) & (visualizations.c.beat_at < now - _DAY)
        with self._database.write() as connection:
            ended = visualizations.c.status.not_in(_ACTIVE)
            connection.execute(visualizations.update().where(stale, ended).values(beat_at=now))

    def delete(self, principal: Principal, visualization_id: str) -> None:
        with self._database.write() as connection:
            connection.execute(
                visualizations.delete().where(visualizations.c.id == visualization_id, _visible(principal))
            )

    def _change(self, ids: Sequence[str], **values: Any) -> None:
        active = visualizations.c.id.in_(ids) & visualizations.c.status.in_(_ACTIVE)
        with self._database.write() as connection:
            connection.execute(visualizations.update().where(active).values(**values))


def _visible(principal: Principal) -> sa.ColumnElement[bool]:
    return (visualizations.c.origin == Origin.MATERIALIZER.value) | (visualizations.c.owner == principal.name)


def _visualization(row: Any) -> Visualization:
    status = VisualizationStatus(row.status)
    if not status.ended and not is_alive(Worker(row.host, row.pid, row.born), row.beat_at):
        status = VisualizationStatus.INTERRUPTED
    error = None
    if row.error_code is not None:
        error = Failure(row.error_code, row.error_message, row.error_traceback)
    elif status is VisualizationStatus.INTERRUPTED:
        error = Failure("interrupted", "The server stopped while this was being rendered. Render it again.")
    return Visualization(
        id=row.id,
        artifact_id=row.artifact_id,
        name=row.name,
        format=VisualizationType(row.format),
        origin=Origin(row.origin),
        recipe=row.recipe,
        status=status,
        freshness=None if row.freshness is None else Freshness(row.freshness),
        size=row.size,
        created_at=from_microseconds(row.created_at),
        error=error,
        owner=row.owner,
        uri=row.uri,
        source=tuple(row.source.split(_SEVERAL)) if _SEVERAL in (row.source or "") else row.source,
        arguments=row.arguments,
        code=row.code,
        request_key=row.request_key,
        metrics=row.metrics,
        provenance=row.provenance,
        started_at=None if row.started_at is None else from_microseconds(row.started_at),
        ended_at=None if row.ended_at is None else from_microseconds(row.ended_at),
    )
