"""GET /runs, /runs/{id}, /runs/{id}/metrics, /runs/{id}/logs; DELETE /runs/{id}"""

from __future__ import annotations

from operator import attrgetter
from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from ..models import Principal, Run
from .artifacts import artifact_summary
from .base import UUID, JSONHandler, jsonable


class RunsHandler(JSONHandler):
    @web.authenticated
    @authorized
    async def get(self) -> None:
        await self.answer_found(
            self._page,
            self.principal,
            self.text("pipeline"),
            int(self.number("limit", 50, 1, 200)),
            cursor=self.text("cursor"),
            experiment=self.text("experiment"),
            filter=self.text("filter") or "",
            sort=self.text("sort"),
            columns=columns.split(",") if (columns := self.text("columns")) else None,
        )

    def _page(self, *which: Any, **how: Any) -> dict[str, Any]:
        page = self.service.runs(*which, **how)
        return {
            "runs": [_summary(run) for run in page.runs],
            "metric_columns": page.metric_columns,
            "next_cursor": page.next_cursor,
        }


class RunHandler(JSONHandler):
    @web.authenticated
    @authorized
    async def get(self, id: str) -> None:
        await self.answer_found(self._whole, self.principal, id)

    def _whole(self, principal: Principal, id: str) -> dict[str, Any]:
        run = self.service.run(principal, id)
        steps = [
            jsonable(step) | {"artifacts": [artifact_summary(artifact) for artifact in step.artifacts]}
            for step in run.steps
        ]
        return _summary(run) | {"address": run.address, "parameters": run.parameters, "steps": steps}

    @web.authenticated
    @authorized
    async def delete(self, id: str) -> None:
        dry_run = bool(self.number("dry_run", 0, 0, 1))
        removal = await self.block(self.service.delete_run, self.principal, id, dry_run=dry_run)
        parts = {name: getattr(removal, name) for name in ("artifacts", "visualizations", "renderings", "bytes")}
        self.answer({"id": removal.run.id, "address": removal.run.address, "dry_run": dry_run, **parts})


class LogsHandler(JSONHandler):
    @web.authenticated
    @authorized
    async def get(self, id: str) -> None:
        await self.answer_found(self._logs, self.principal, id)

    def _logs(self, principal: Principal, id: str) -> dict[str, Any]:
        logs = self.service.logs(principal, id)
        return {"logs": [{"step": step, "text": text} for step, text in logs.items()]}


class MetricsHandler(JSONHandler):
    @web.authenticated
    @authorized
    async def get(self, id: str) -> None:
        run = await self.look_up(self.service.run, self.principal, id)
        self.answer({"metrics": list(run.metrics.values())})


_SUMMARY = (
    *("id", "name", "project", "pipeline", "status", "started_at", "ended_at", "error", "metrics"),
    *("experiment", "model", "tags", "warnings", "snapshot_id", "system"),
)
_summary_of = attrgetter(*_SUMMARY)


def _summary(run: Run) -> dict[str, Any]:
    return dict(zip(_SUMMARY, _summary_of(run), strict=True))


ROUTES = [
    (r"runs", RunsHandler),
    (rf"runs/{UUID}", RunHandler),
    (rf"runs/{UUID}/metrics", MetricsHandler),
    (rf"runs/{UUID}/logs", LogsHandler),
]
