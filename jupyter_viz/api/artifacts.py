"""GET /artifacts/{id}, /artifacts/{id}/visualizations, /artifacts/{id}/content"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import IO, Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from ..errors import VizError
from ..models import Artifact
from .base import UUID, ContentHandler, JSONHandler, jsonable
from .visualizations import visualization_summary

_BLOCK = 1 << 20


class ArtifactHandler(JSONHandler):
    @web.authenticated
    @authorized
    async def get(self, id: str) -> None:
        artifact, available = await self.block(self.service.artifact, self.principal, id)
        self.answer(
            artifact_summary(artifact)
            | {
                "run": {"id": artifact.run_id, "name": artifact.run},
                "step": artifact.step,
                "created_at": artifact.created_at,
                "columns": artifact.columns,
                "available": available,
            }
        )


class ArtifactVisualizationsHandler(JSONHandler):
    @web.authenticated
    @authorized
    async def get(self, id: str) -> None:
        with suppress(VizError):  # of what is not there the list says so
            await self.service.render_attached(self.principal, id)
        found = await self.look_up(self.service.visualizations_of, self.principal, id)
        self.answer({"visualizations": [visualization_summary(item) for item in found]})


class ArtifactContentHandler(ContentHandler):
    @web.authenticated
    @authorized
    async def get(self, id: str) -> None:
        name, file = await self.block(self.service.artifact_file, self.principal, id)
        self.set_header("Content-Type", "application/octet-stream")
        self.name_download(name)
        blocks = _blocks(file)
        while block := await self.block(next, blocks, b""):
            self.write(block)
            await self.flush()
        self.finish()


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while block := file.read(_BLOCK):
            yield block


def artifact_summary(artifact: Artifact) -> dict[str, Any]:
    names = ("id", "name", "address", "kind", "python_type", "size", "rows", "visualization_count")
    return {name: jsonable(getattr(artifact, name)) for name in names}


ROUTES = [
    (rf"artifacts/{UUID}", ArtifactHandler),
    (rf"artifacts/{UUID}/visualizations", ArtifactVisualizationsHandler),
    (rf"artifacts/{UUID}/content", ArtifactContentHandler),
]
