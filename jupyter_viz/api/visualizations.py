"""POST /visualizations; GET and DELETE /visualizations/{id}; its content, notebook and export"""

from __future__ import annotations

from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from ..clock import now
from ..enums import VisualizationType
from ..errors import BadRequest, did_you_mean
from ..models import RenderRequest, StoredOutputs, Visualization
from .base import UUID, ContentHandler, JSONHandler, jsonable

_LONGEST_WAIT = 60
_FIELDS: dict[str, tuple[type, ...]] = {
    "recipe": (str,),
    "source": (str, list, type(None)),
    "arguments": (dict,),
    "code": (str, type(None)),
    "kernel": (str, type(None)),
    "refresh": (bool,),
}
# What may be framed or used as an image. Everything else goes out as text.
_CONTENT_TYPES = {
    VisualizationType.HTML: "text/html; charset=utf-8",
    VisualizationType.CSV: "text/plain; charset=utf-8",
    VisualizationType.MARKDOWN: "text/plain; charset=utf-8",
    VisualizationType.JSON: "application/json",
}
_EXPORTS = {
    "html": "text/html; charset=utf-8",
    "ipynb": "application/x-ipynb+json",
    "md": "text/markdown; charset=utf-8",
}
_IMAGES = {
    b"\x89PNG": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
    b"RIFF": "image/webp",
    b"<svg": "image/svg+xml",
    b"<?xm": "image/svg+xml",
}


class VisualizationsHandler(JSONHandler):
    @web.authenticated
    @authorized
    async def post(self) -> None:
        seconds = self.number("wait", 0, 0, _LONGEST_WAIT)
        principal = self.principal
        visualization = await self.service.render(principal, render_request(self.body()))
        freshness = visualization.freshness
        waited = not visualization.status.ended and seconds > 0
        if waited:
            await self.service.wait(visualization.id, seconds)
        visualization, outputs = await self.block(self.service.visualization, principal, visualization.id, waited)
        if visualization.status.ended:
            self.answer(whole(visualization, outputs) | {"freshness": jsonable(freshness), "position": None})
        else:
            self.answer(
                {
                    "id": visualization.id,
                    "status": visualization.status,
                    "position": self.service.position(visualization.id),
                },
                202,
            )


class VisualizationHandler(JSONHandler):
    @web.authenticated
    @authorized
    async def get(self, id: str) -> None:
        found = whole(*await self.block(self.service.visualization, self.principal, id))
        self.answer(found | {"position": self.service.position(id)})

    @web.authenticated
    @authorized
    async def delete(self, id: str) -> None:
        await self.service.delete(self.principal, id)
        self.set_status(204)
        self.finish()


class VisualizationContentHandler(ContentHandler):
    @web.authenticated
    @authorized
    async def get(self, id: str) -> None:
        visualization, data = await self.block(self.service.content, self.principal, id)
        if visualization.format is VisualizationType.IMAGE:
            content_type = _IMAGES.get(data[:4], _IMAGES.get(data[:3], "application/octet-stream"))
        else:
            content_type = _CONTENT_TYPES[visualization.format]
        self.send_file(data, content_type)


class VisualizationNotebookHandler(ContentHandler):
    @web.authenticated
    @authorized
    async def get(self, id: str) -> None:
        name, data = await self.service.export(self.principal, id, "ipynb")
        self.send_file(data, "application/x-ipynb+json", f"{name}.ipynb")


class VisualizationExportHandler(ContentHandler):
    @web.authenticated
    @authorized
    async def get(self, id: str) -> None:
        format = self.text("format") or "html"
        if format not in _EXPORTS:
            raise BadRequest(f"format={format[:50]!r} is not known.{did_you_mean(format, _EXPORTS)}")
        name, data = await self.service.export(self.principal, id, format)
        self.send_file(data, _EXPORTS[format], f"{name}.{format}")


def render_request(body: dict[str, Any]) -> RenderRequest:
    """The request in a body. Raises `BadRequest` that names the field."""
    for name in body:
        if name not in _FIELDS:
            raise BadRequest(f"The body has an unknown field {name!r}.{did_you_mean(name, _FIELDS)}")
    if "recipe" not in body:
        raise BadRequest("The body names no 'recipe'.")
    for name, value in body.items():
        if not isinstance(value, _FIELDS[name]):
            raise BadRequest(f"The body's {name!r} must be a {_FIELDS[name][0].__name__}.")
    source = body.get("source")
    if isinstance(source, list):
        if not all(isinstance(each, str) for each in source):
            raise BadRequest("The body's 'source' must be a text, or a list of texts.")
        body = {**body, "source": tuple(source)}
    return RenderRequest(**body)


def visualization_summary(visualization: Visualization) -> dict[str, Any]:
    names = (
        "id",
        "artifact_id",
        "name",
        "format",
        "origin",
        "recipe",
        "status",
        "freshness",
        "size",
        "created_at",
    )
    return {name: jsonable(getattr(visualization, name)) for name in (*names, "error")}


def whole(visualization: Visualization, outputs: StoredOutputs) -> dict[str, Any]:
    started, ended = visualization.started_at, visualization.ended_at
    seconds = ((ended or now()) - started).total_seconds() if started else None
    names = ("source", "arguments", "code", "metrics", "provenance")
    return (
        visualization_summary(visualization)
        | {name: jsonable(getattr(visualization, name)) for name in names}
        | {"outputs": list(outputs.outputs), "truncated": outputs.truncated, "seconds": seconds}
    )


ROUTES = [
    (r"visualizations", VisualizationsHandler),
    (rf"visualizations/{UUID}", VisualizationHandler),
    (rf"visualizations/{UUID}/content", VisualizationContentHandler),
    (rf"visualizations/{UUID}/notebook", VisualizationNotebookHandler),
    (rf"visualizations/{UUID}/export", VisualizationExportHandler),
]
