"""Kernels forked from a parent that has imported everything; some wait, each is used once. Linux only.

The parent (`parent.py`) is started at the first rendering and ends when nothing was rendered for a while. When it dies,
what was running in it fails, and the next rendering starts another.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import shutil
import signal
import uuid
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import zmq.asyncio

from ..config import Configuration
from ..errors import MemoryLimitExceeded, ProcessLimitExceeded, RenderingFailed, TimeLimitExceeded, VizError
from .client import execute
from .kernels import Kernels
from .link import Child, Gone, Link, Refused, first
from .orders import Limits
from .plain import START_SECONDS, PlainKernels, answered, started_within, within
from .waiting import Waiting

if TYPE_CHECKING:
    from nbformat import NotebookNode

T = TypeVar("T")

_TRIES = 3
_AFTER_THE_ANSWER = 0.02  # seconds: a kernel that is being prepared must not compete with the answer on its way out


class ForkedKernels(Kernels):
    """A pool of forked kernels. Lives in one event loop."""

    def __init__(self, config: Configuration, environ: Mapping[str, str]) -> None:
        super().__init__(config, environ)
        self._plain = PlainKernels(config, environ)
        self._link: Link | None = None
        self._linking = asyncio.Lock()
        self._context = zmq.asyncio.Context()
        self._waiting: Waiting | None = None  # of `_link`
        self._in_use = 0
        self._chores: set[asyncio.Task[Any]] = set()
        self._timers: list[asyncio.TimerHandle] = []
        self._closed = False

    async def warm(self) -> None:
        with self._used():
            await started_within(START_SECONDS, self._parent())

    async def execute(
        self, notebook: NotebookNode, before: Sequence[str] = (), kernel_name: str | None = None
    ) -> dict[str, Any]:
        if kernel_name is None:
            with contextlib.suppress(Refused):
                return await self._execute(notebook, before)
        return await self._plain.execute(notebook, before, kernel_name)

    async def call(self, function: str, argument: Any) -> Any:
        with contextlib.suppress(Refused):
            return await within(self.limits.seconds, self._call(function, argument))
        return await self._plain.call(function, argument)

    def renew(self) -> None:
        self._retire(at_once=False)

    async def close(self) -> None:
        self._closed = True
        self._retire(at_once=True)
        while self._chores:
            await asyncio.gather(*self._chores, return_exceptions=True)
        self._context.destroy(linger=0)

    # One rendering

    async def _execute(self, notebook: NotebookNode, before: Sequence[str]) -> dict[str, Any]:
        with self._used():
            link, child = await started_within(START_SECONDS, self._kernel())
            link.order("busy", id=child.name)
            executing = execute(child.connected(), notebook, before, self.limits.output)
            work = asyncio.ensure_future(within(self.limits.seconds, executing))
            try:
                await first(work, child.dead)
                if not work.done():
                    raise died(child.dead.result(), self.limits)
                work.result()
            except BaseException:
                # Whoever hears that it was stopped may rely on it.
                work.cancel()
                link.order("kill", id=child.name)
                await asyncio.shield(asyncio.wait([child.dead]))
                raise
            finally:
                self._discard(link, child)
            return {"id": f"{link.process.pid}.{child.name}", "name": "python3"}

    async def _call(self, function: str, argument: Any) -> Any:
        with self._used():
            link = await self._parent()
            file = link.folder / f"{uuid.uuid4()}.json"
            await asyncio.to_thread(lambda: file.write_text(json.dumps(argument)))
            child = link.fork("call", function=function, argument=str(file))
            try:
                await asyncio.wait([child.dead])
                event = child.dead.result()
                if event["event"] == "refused":
                    raise Refused(event["reason"])
                answer = child.folder / "answer.json"
                if event.get("status") != 0 or not answer.exists():
                    raise died(event, self.limits)
                return await asyncio.to_thread(lambda: answered(answer.read_bytes()))
            finally:
                self._discard(link, child)

    async def _kernel(self) -> tuple[Link, Child]:
        """A kernel that nothing ran in: one that waits, or is about to, or a new one."""
        for _ in range(_TRIES):
            link = await self._parent()
            waiting = self._waiting
            coming = (waiting and waiting.take()) or self._chore(self._fork(link))
            if waiting and link.prepared and self._in_use < self.config.concurrency:
                waiting.fill(quiet=False)
            try:
                child = await asyncio.shield(coming)
            except Gone:
                continue
            except asyncio.CancelledError:
                coming.cancel()
                raise
            if not child.dead.done():
                return link, child
        raise RenderingFailed("No kernel could be started: each one that was forked died at once. Try it again.")

    async def _fork(self, link: Link) -> Child:
        child = link.fork("kernel")
        try:
            await child.connect(self._context)
        except BaseException:
            self._discard(link, child)
            raise
        return child

    def _discard(self, link: Link, child: Child) -> None:
        """End a kernel with all it started, if it has not ended, and remove its folder once it has."""
        if child.client is not None:
            child.client.stop_channels()
        link.order("kill", id=child.name)

        async def remove() -> None:
            await asyncio.wait([child.dead])
            await asyncio.to_thread(shutil.rmtree, child.folder, ignore_errors=True)

        self._chore(remove())

    # The parent and the kernels that wait

    async def _parent(self) -> Link:
        """The parent, with its imports done; started where there is none."""
        async with self._linking:
            for _ in range(_TRIES):
                if self._closed:
                    raise RenderingFailed("The server is stopping.")
                if self._link is None or self._link.ended:
                    self._retire(at_once=True)
                    self._link = link = await Link.start(self.config, self.environment)
                    self._waiting = Waiting(
                        self.config.waiting_kernels,
                        partial(self._fork, link),
                        partial(self._discard, link),
                        self._chore,
                    )
                with contextlib.suppress(Gone):
                    await asyncio.shield(self._link.up)
                    return self._link
        raise RenderingFailed("The process that starts kernels ends at once; `jupyter viz doctor` tells more.")

    @contextmanager
    def _used(self) -> Iterator[None]:
        self._in_use += 1
        for timer in self._timers:
            timer.cancel()
        try:
            yield
        finally:
            self._in_use -= 1
            if not self._closed:
                loop = asyncio.get_running_loop()
                self._timers = [
                    loop.call_later(_AFTER_THE_ANSWER, self._refill),
                    loop.call_later(self.config.idle_seconds, self.renew),
                ]

    def _refill(self) -> None:
        """Fork the next kernels that wait; none while there is a queue."""
        link = self._link
        if self._in_use or self._waiting is None or link is None or link.ended:
            return
        if not link.prepared:
            link.prepared = True
            link.order("prepare", preload=list(self.config.preload))
        self._waiting.fill(quiet=True)

    def _retire(self, at_once: bool) -> None:
        """End the parent and all that waits; what is executing may go on to its end, unless `at_once`."""
        link, self._link = self._link, None
        if link is None:
            return
        if self._waiting is not None:
            self._waiting.clear()
            self._waiting = None

        async def end() -> None:
            if not at_once:
                await link.drained()
            link.hang_up()
            await asyncio.to_thread(link.clean)

        self._chore(end())

    def _chore(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.create_task(work)
        self._chores.add(task)
        task.add_done_callback(self._chores.discard)
        task.add_done_callback(lambda done: done.cancelled() or done.exception())  # nobody may be waiting for it
        return task


def died(event: Mapping[str, Any], limits: Limits) -> VizError:
    """Why a kernel that was executing is gone."""
    why, number = event.get("why"), event.get("signal")
    if why == "processes":
        return ProcessLimitExceeded(
            f"It started more than {limits.processes} processes and was stopped. Start fewer, or raise `process_limit`."
        )
    if why == "memory":
        return MemoryLimitExceeded(
            f"It took more than {limits.memory / 1e9:.3g} GB of memory and was stopped. Aggregate first, or raise "
            "`memory_limit`."
        )
    if number == signal.SIGXCPU:
        return TimeLimitExceeded(
            f"It used more than {limits.cpu:g} seconds of CPU and was stopped. Aggregate first, or raise `cpu_limit`."
        )
    if why == "parent":
        return RenderingFailed("The process that starts kernels ended while this was running. Render it again.")
    if number is not None:
        return RenderingFailed(
            f"The kernel died of signal {signal.Signals(number).name}: it crashed, ran out of memory, or was killed."
        )
    return RenderingFailed(f"The kernel is gone: the code ended its process (exit status {event.get('status')}).")
