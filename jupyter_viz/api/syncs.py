"""GET, POST /syncs: places of other systems, whose runs are brought in"""

from __future__ import annotations

from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from ..connectors.places import Place
from ..errors import BadRequest
from .base import JSONHandler, jsonable

_FIELDS = {"system": True, "location": True, "python": False, "project": False}
"""Of a place, and whether it is needed."""


class SyncsHandler(JSONHandler):
    @web.authenticated
    @authorized
    async def get(self) -> None:
        states, found = await self.look_up(self.service.syncing.states, self.principal)
        self.answer({"syncs": [jsonable(state) | {"progress": progress} for state, progress in states], "found": found})

    @web.authenticated
    @authorized
    async def post(self) -> None:
        body = self.body()
        only_check = body.pop("check", False)
        if not isinstance(only_check, bool):
            raise BadRequest("The field 'check' must be true or false.")
        place = _place(body)
        if only_check:
            self.answer({"about": await self.block(self.service.syncing.check, self.principal, place)})
            return
        begun = await self.block(self.service.syncing.begin, self.principal, place)
        self.answer({"begun": begun}, 202)


def _place(body: dict[str, Any]) -> Place:
    """The place in a body. Raises `BadRequest` that names the field."""
    for name in body:
        if name not in _FIELDS:
            raise BadRequest(f"The body has the unknown field {name!r}; it may have: {', '.join(_FIELDS)}, check.")
    for name, needed in _FIELDS.items():
        value = body.get(name)
        if not isinstance(value, str) and (needed or value is not None):
            raise BadRequest(f"The field {name!r} must be a text.")
        if needed and not str(value).strip():
            raise BadRequest(f"The field {name!r} is empty.")
    words = {name: body[name].strip() or None for name in ("python", "project") if body.get(name)}
    return Place(body["system"].strip(), body["location"].strip(), **words)


ROUTES = [(r"syncs", SyncsHandler)]
