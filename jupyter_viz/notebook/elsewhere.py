"""A rendering asked for in a notebook, in a kernel of its own.

`start` returns at once with a handle. The engine behind it is the server's: one queue, kernels forked from a warmed
parent, results stored. It lives in a thread with an event loop, begun at the first rendering and ended by `stop`.
"""

from __future__ import annotations

import asyncio
import atexit
import concurrent.futures
import contextlib
import math
import os
import threading
import time
import weakref
from collections.abc import Callable, Coroutine, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, TypeVar

from ..config import Configuration, load_configuration
from ..enums import VisualizationStatus
from ..errors import RenderingFailed, VizError
from ..models import Failure, RenderRequest, Visualization
from ..recorded import OWNER, RecordedVisualization
from ..rendering.results import Result
from ..service import Service
from .handed import HandedOver

T = TypeVar("T")
_STOP_SECONDS = 30.0
_LOOK_SECONDS = 3600.0
_TICK_SECONDS = 0.2
"""How long a wait goes on before it looks for an interrupt: where a lock can't be interrupted, as on Windows."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a rendering is.

    Attributes:
        status: queued, running, or how it ended.
        position: How many come before it; None where it does not wait.
        seconds: Since it was asked for, until its end.
    """

    status: VisualizationStatus
    position: int | None
    seconds: float


class Cancelled(RenderingFailed):
    """Somebody cancelled it."""

    code = "cancelled"


class CodeFailed(RenderingFailed):
    """The user's own code raised; `traceback` is what its kernel said."""

    code = "code_failed"

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.traceback = failure.traceback or ""


class Rendering:
    """One rendering in a kernel of its own. Its methods may be called from any thread."""

    def __init__(self, engine: _Engine, request: RenderRequest, handed: HandedOver) -> None:
        self._engine = engine
        self._began = time.monotonic()
        self._ended: float | None = None
        self._visualization: Visualization | None = None
        self._cancelled = False
        self._cancelling: asyncio.Task[bool] | None = None
        self._done = engine.submit(self._render(request, handed))
        self._done.add_done_callback(self._note_end)

    @property
    def id(self) -> str | None:
        """Of its visualization; None until it is queued."""
        return self._visualization.id if self._visualization else None

    @property
    def done(self) -> bool:
        return self._done.done()

    def progress(self) -> Progress:
        """How far it is, without waiting for anything."""
        seconds = (self._ended or time.monotonic()) - self._began
        if not self._done.done():
            position = self._engine.service.position(self.id) if self.id else None
            waits = self.id is None or position is not None
            return Progress(VisualizationStatus.QUEUED if waits else VisualizationStatus.RUNNING, position, seconds)
        error = self._done.exception()
        if isinstance(error, Cancelled):
            return Progress(VisualizationStatus.CANCELLED, None, seconds)
        return Progress(VisualizationStatus.FAILED if error else VisualizationStatus.COMPLETED, None, seconds)

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for its end, at most so many seconds; whether it has ended. An interrupt of the caller comes through."""
        until = math.inf if seconds is None else time.monotonic() + seconds
        while not self._done.done() and (left := until - time.monotonic()) > 0:
            concurrent.futures.wait([self._done], timeout=min(_TICK_SECONDS, left))
        return self._done.done()

    def result(self) -> Result:
        """Wait for its end, and return what it made.

        Raises:
            Cancelled: It was cancelled.
            CodeFailed: It is the user's own code, and raised.
            VizError: Whatever else hindered it.
        """
        self.wait()
        return self._done.result()

    def cancel(self) -> None:
        """Stop it, with its kernel, whatever that is doing. Returns at once; `wait` tells when it has ended."""
        with contextlib.suppress(RuntimeError):  # the engine has ended, and this with it
            self._engine.loop.call_soon_threadsafe(self.cancel_now)

    def when_done(self, call: Callable[[Rendering], None]) -> None:
        """Call back with this at its end; at once where it has ended. In the engine's thread: return soon."""
        self._done.add_done_callback(lambda _: call(self))

    # In the engine's loop

    def cancel_now(self) -> None:
        self._cancelled = True
        if self._visualization is not None and self._cancelling is None and not self._done.done():
            self._cancelling = asyncio.create_task(self._engine.service.cancel(OWNER, self._visualization.id))

    async def _render(self, request: RenderRequest, handed: HandedOver) -> Result:
        service = self._engine.service
        try:
            sources = await asyncio.to_thread(handed.sources, service, request) if handed else None
            found = await service.render(OWNER, request, sources)
            freshness, self._visualization = found.freshness, found
            if self._cancelled:
                self.cancel_now()
            while not found.status.ended and not self._cancelled:
                await service.wait(found.id, _LOOK_SECONDS)
                found = await asyncio.to_thread(service.catalog.visualizations.get, OWNER, found.id)
                if not found.status.ended:  # another process renders it
                    await asyncio.sleep(_TICK_SECONDS)
            if self._cancelling is not None:
                await self._cancelling
        finally:
            handed.remove()
        if self._cancelled or found.status is VisualizationStatus.CANCELLED:
            raise Cancelled("It was cancelled.")
        if found.error is not None:
            raise _error_of(found.error)
        result = await asyncio.to_thread(RecordedVisualization(lambda: service, found).result)
        result.freshness = freshness or result.freshness
        return result

    def _note_end(self, _done: object) -> None:
        self._ended = time.monotonic()


def start(
    request: RenderRequest, variables: Mapping[str, Any] | None = None, held: HandedOver | None = None
) -> Rendering:
    """Have a request rendered in a kernel of its own; returns at once.

    Args:
        request: Its `source` may name variables.
        variables: Of the notebook. Those that are named are handed over as they are now.
        held: What was read of its sources before: it is not read again.

    Raises:
        TooLarge: A variable is too large to be handed over.
        InvalidArgument: A variable is no table. What else is wrong, the handle's `result` raises.
    """
    config = load_configuration()
    handed = HandedOver.of(request, variables or {})
    return _engine_of(config).start(request, handed if held is None else handed.and_also(held))


def warm() -> None:
    """Have at hand what the first rendering needs, which takes seconds: somebody is about to ask for one."""
    _engine_of(load_configuration()).warm()


def stop() -> None:
    """Cancel what is being rendered, and end the engine with all its kernels. The next `start` begins another."""
    global _engine
    with _making:
        engine, _engine = _engine, None
    if engine is not None:
        engine.stop()


class _Engine:
    """The queue of this process, in a thread with an event loop of its own."""

    def __init__(self, config: Configuration) -> None:
        self.service = Service(config)
        self.loop = asyncio.new_event_loop()
        self.process = os.getpid()
        self._renderings: weakref.WeakSet[Rendering] = weakref.WeakSet()
        self._thread = threading.Thread(target=self.loop.run_forever, name="jupyter_viz renders", daemon=True)
        self._thread.start()

    def start(self, request: RenderRequest, handed: HandedOver) -> Rendering:
        made = Rendering(self, request, handed)
        self._renderings.add(made)
        return made

    def warm(self) -> None:
        self.loop.call_soon_threadsafe(self.service.warm)

    def submit(self, work: Coroutine[Any, Any, T]) -> concurrent.futures.Future[T]:
        return asyncio.run_coroutine_threadsafe(work, self.loop)

    def stop(self) -> None:
        if self.process != os.getpid():  # a fork of it: thread, loop and kernels are the other's
            return
        closing = self.submit(self._close())
        with contextlib.suppress(concurrent.futures.TimeoutError, RuntimeError):  # at exit no thread can be asked
            closing.result(_STOP_SECONDS)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(_STOP_SECONDS)
        if not self._thread.is_alive():
            self.loop.close()

    async def _close(self) -> None:
        active = [each for each in self._renderings if not each.done]
        for each in active:
            each.cancel_now()
        await asyncio.gather(*(asyncio.wrap_future(each._done) for each in active), return_exceptions=True)
        await self.service.close()
        await self.loop.shutdown_default_executor()


_engine: _Engine | None = None
_making = threading.Lock()
# Before the pools of threads end, which stopping needs: `atexit` comes after them, when a rendering can be neither
# cancelled nor waited for. What was registered last is called first, and the pools' own end with their import.
import_module("concurrent.futures.thread")
getattr(threading, "_register_atexit", atexit.register)(stop)


def _engine_of(config: Configuration) -> _Engine:
    global _engine
    if _engine is not None and (_engine.service.config != config or _engine.process != os.getpid()):
        stop()
    with _making:
        if _engine is None:
            _engine = _Engine(config)
        return _engine


def _error_of(failure: Failure) -> VizError:
    if failure.code == CodeFailed.code:
        return CodeFailed(failure)
    known = {each.code: each for each in _kinds(VizError)}
    try:
        return known.get(failure.code, RenderingFailed)(failure.message)
    except TypeError:
        return RenderingFailed(failure.message)


def _kinds(of: type[VizError]) -> Iterator[type[VizError]]:
    yield of
    for each in of.__subclasses__():
        yield from _kinds(each)
