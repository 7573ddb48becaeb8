"""What all handlers share: who asks, errors as `{code, message}`, JSON out, blocking work in threads."""

from __future__ import annotations

import asyncio
import json
import math
import os
import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache, partial
from typing import Any, NoReturn, ParamSpec, TypeVar
from urllib.parse import quote

import orjson
from jupyter_server.auth.identity import IdentityProvider, PasswordIdentityProvider
from jupyter_server.base.handlers import APIHandler, JupyterHandler
from tornado import web

from ..errors import BadRequest, VizError
from ..models import OWNER, Principal
from ..service import Service

P = ParamSpec("P")
T = TypeVar("T")

RESOURCE = "jupyter-viz"
UUID = r"(?P<id>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"
_READERS = ThreadPoolExecutor(max_workers=16, thread_name_prefix="jupyter_viz reader")
_LOOKING_UP = ThreadPoolExecutor(max_workers=8, thread_name_prefix="jupyter_viz catalog")
_LARGEST_BODY = 8 * 1024 * 1024
_DEEPEST_BODY = 64
_CODES = {
    400: "bad_request",
    401: "unauthenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
}

# What user-made content may do: run its own inline script in an opaque origin, and reach nothing.
CONTENT_POLICY = (
    "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'unsafe-inline'; img-src data: blob:; font-src data:; media-src data: blob:; worker-src blob:; "
    "connect-src 'none'; frame-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)


class VizHandler(JupyterHandler):
    """Base of all handlers. `service` comes with the route."""

    auth_resource = RESOURCE

    def initialize(self, service: Service) -> None:
        self.service = service

    @property
    def principal(self) -> Principal:
        """Who asks.

        On a server whose users are told apart by a token only, all of them are its owner: Jupyter then gives every
        browser a made-up name that does not survive the next login.
        """
        hub_owner = os.environ.get("JUPYTERHUB_USER")
        anonymous = type(self.identity_provider) in (IdentityProvider, PasswordIdentityProvider)
        username = self.current_user.username
        # Prefixed, so that nobody who is called so becomes the owner.
        name = OWNER if anonymous or username == hub_owner else f"user:{username}"
        may = self.authorizer.is_authorized(self, self.current_user, "execute", "kernels")
        return Principal(name, may_execute=bool(may))

    async def block(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call what reads and blocks in a thread, so that the event loop goes on.

        The threads are the handlers' own: a writer that waits for a lock must not take them all.
        """
        call = partial(copy_context().run, function, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(_READERS, call)

    async def look_up(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """As `block`, for what asks the catalog alone: an artifact store that hangs does not keep lists waiting."""
        call = partial(copy_context().run, function, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(_LOOKING_UP, call)

    def answer(self, value: Any, status: int = 200) -> None:
        self.set_status(status)
        self._answer_json(_written(value))

    async def answer_found(self, function: Callable[P, Any], *args: P.args, **kwargs: P.kwargs) -> None:
        """Answer what a call finds in the catalog. Its JSON is made in that thread too, so that the event loop goes on
        while a long list or what a run printed is written out."""
        self._answer_json(await self.look_up(lambda: _written(function(*args, **kwargs))))

    def _answer_json(self, written: bytes) -> None:
        self.set_header("Content-Type", "application/json")
        self.finish(written)

    def body(self) -> dict[str, Any]:
        """The request's JSON object. Raises `BadRequest` for anything else."""
        if len(self.request.body) > _LARGEST_BODY:
            raise BadRequest(f"The body has {len(self.request.body):,} bytes; at most {_LARGEST_BODY:,} are taken.")
        try:
            value = json.loads(self.request.body, parse_constant=_refuse, parse_float=_finite)
        except (ValueError, RecursionError) as error:
            raise BadRequest(f"The body is not JSON: {str(error)[:200] or 'nested too deeply'}.") from None
        if _deeper(value, _DEEPEST_BODY):
            raise BadRequest(f"The body is nested too deeply: more than {_DEEPEST_BODY} levels.")
        if not isinstance(value, dict):
            raise BadRequest(f"The body must be a JSON object, not a {type(value).__name__}.")
        return value

    def text(self, name: str) -> str | None:
        """A text of the query, None where it is absent or empty."""
        return self.get_query_argument(name, None) or None

    def number(self, name: str, default: float, least: float, most: float) -> float:
        """A number of the query. Raises `BadRequest` when it is none, or out of bounds."""
        text = self.get_query_argument(name, None)
        if text is None:
            return default
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not least <= value <= most:
            raise BadRequest(f"{name}={text[:50]!r} must be a number from {least:g} to {most:g}.")
        return value

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Every error is `{code, message}`; of what is no error of ours only Jupyter's own reason is told."""
        error = kwargs.get("exc_info", (None, None, None))[1]
        if isinstance(error, VizError):
            status_code, code, message = error.status, error.code, str(error)
        else:
            code = _CODES.get(status_code, "internal" if status_code >= 500 else "refused")
            known = isinstance(error, web.HTTPError) and status_code < 500
            message = (
                (error.log_message or self._reason) if known else "The server could not do this; its log says why."
            )
        self.set_status(status_code)
        self.set_header("Content-Type", "application/json")
        if status_code in (429, 503):
            self.set_header("Retry-After", str(getattr(error, "retry_after", 5)))
        self.finish(json.dumps({"code": code, "message": message}))

    def log_exception(self, *exc_info: Any) -> None:
        if not isinstance(exc_info[1], VizError):
            super().log_exception(*exc_info)


class JSONHandler(VizHandler, APIHandler):
    """Base of handlers that answer JSON: Jupyter's checks of content type and XSRF apply."""


class ContentHandler(VizHandler):
    """Base of handlers that hand out user-made bytes: framed, they can reach nothing.

    Derives from JupyterHandler, not APIHandler, which would force JSON.
    """

    def set_default_headers(self) -> None:
        super().set_default_headers()
        # After the server's own policy, so that both hold.
        own = self.settings.get("headers", {}).get("Content-Security-Policy", self.content_security_policy)
        self.set_header("Content-Security-Policy", f"{own}, {CONTENT_POLICY}" if own else CONTENT_POLICY)
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("Cross-Origin-Resource-Policy", "same-origin")

    def get_login_url(self) -> str:
        # Framed and downloaded, never visited: a stranger is told so, not shown a login page in a frame.
        if not self.current_user:
            raise web.HTTPError(403)
        return str(super().get_login_url())

    def send_file(self, data: bytes, content_type: str, filename: str | None = None) -> None:
        self.set_header("Content-Type", content_type)
        if filename is not None:
            self.name_download(filename)
        self.finish(data)

    def name_download(self, filename: str) -> None:
        """Have the browser save the answer under a name, whatever characters it has (RFC 6266)."""
        plain = re.sub(r"[^A-Za-z0-9._ -]", "_", filename)
        encoded = quote(filename, safe="", errors="replace")
        self.set_header("Content-Disposition", f"attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")


def _written(value: Any) -> bytes:
    """JSON of models too. A page of runs has some thousand values: Python's own encoder takes ten times as long."""
    try:
        return orjson.dumps(value, default=jsonable, option=orjson.OPT_UTC_Z)
    except orjson.JSONEncodeError:  # an integer of more than 64 bits, half a surrogate pair
        return json.dumps(value, default=jsonable, allow_nan=False).encode()


def jsonable(value: Any) -> Any:
    """What JSON does not know, one level of it: dataclasses by field, times in ISO 8601, enums by value."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if is_dataclass(value) and not isinstance(value, type):
        return {name: getattr(value, name) for name in _names_of(type(value))}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return dict(value)
    return value


@cache
def _names_of(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _refuse(text[:50])


def _deeper(value: Any, levels: int) -> bool:
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(not levels or _deeper(part, levels - 1) for part in parts)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number of JSON")
