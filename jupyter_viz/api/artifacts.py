"""GET /artifacts/{id}, /artifacts/{id}/visualizations, /artifacts/{id}/content"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from ..io import fileio
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
        found = await self.block(self.service.visualizations_of, self.principal, id)
        self.answer({"visualizations": [visualization_summary(item) for item in found]})


class ArtifactContentHandler(ContentHandler):
    @web.authenticated
    @authorized
    async def get(self, id: str) -> None:
        name, path = await self.block(self.service.artifact_file, self.principal, id)
        self.set_header("Content-Type", "application/octet-stream")
        self.name_download(f"{name}{os.path.splitext(path)[1]}")
        blocks = _blocks(path)
        while block := await self.block(next, blocks, b""):
            self.write(block)
            await self.flush()
        self.finish()


def _blocks(path: str) -> Iterator[bytes]:
    with fileio.open(path, "rb") as file:
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
