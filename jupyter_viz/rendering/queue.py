"""The queue of renderings: bounded, fair between users, cancellable; what they leave is stored.

Equal requests are one job, whoever asked: it is rendered once, and every visualization that waits for it gets it.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..artifacts.source import Source
from ..artifacts.store import ArtifactStore
from ..catalog.liveness import BEAT_SECONDS
from ..config import Configuration
from ..enums import VisualizationStatus
from ..errors import QueueFull, TooManyRenderings, VizError, one_line
from ..models import Failure, StoredOutputs
from .finishing import Finishing
from .inside import beginning
from .kept import store_rendering
from .kernels import Kernels
from .turns import Turns

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from ..catalog import Catalog

_TYPICAL_SECONDS = 1.0
_LONGEST_RETRY = 60
_RECENT = 8
_PAUSES = (0.2, 1.0, 5.0, 30.0, 120.0)  # seconds between tries to write how a rendering ended


@dataclass(eq=False, slots=True)
class Job:
    """A notebook to execute.

    Attributes:
        key: What makes two requests the same.
        owner: Who asked first: the turn is theirs.
        waiting: The visualizations that get the result; their rows are queued already.
    """

    key: str
    owner: str
    notebook: NotebookNode
    provenance: Mapping[str, Any]
    sources: tuple[Source, ...] = ()
    kernel: str | None = None
    waiting: set[str] = field(default_factory=set)
    task: asyncio.Task[None] | None = None


class RenderQueue:
    """Executes jobs, `config.concurrency` at a time. Lives in one event loop."""

    def __init__(self, config: Configuration, catalog: Catalog, store: ArtifactStore, kernels: Kernels) -> None:
        self._config = config
        self._rows = catalog.visualizations
        self._store = store
        self._kernels = kernels
        self._turns: Turns[Job] = Turns()
        self._running: set[Job] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False
        self._jobs: dict[str, Job] = {}  # by key
        self._of: dict[str, tuple[Job, asyncio.Event]] = {}  # by visualization: its job, and whether it has ended
        self._environment: Any = None  # of the last rendering: versions, and what the recipes' code was
        self._recent: OrderedDict[str, StoredOutputs] = OrderedDict()
        self._finishing = Finishing(store, kernels)
        self._seconds = _TYPICAL_SECONDS  # a rendering takes, averaged over the last ones

    @property
    def running(self) -> int:
        return len(self._running)

    @property
    def queued(self) -> int:
        return len(self._turns)

    def position(self, visualization_id: str) -> int | None:
        """How many renderings come before this one; None where it does not wait."""
        job, _ = self._of.get(visualization_id, (None, None))
        return next((place for place, each in enumerate(self._turns) if each is job), None)

    def require_room(self, owner: str, coming: int = 0) -> None:
        """Raise `QueueFull` or `TooManyRenderings` when one more would be too many.

        Args:
            coming: How many are about to be submitted besides.
        """
        mine = self._turns.of(owner) + sum(job.owner == owner for job in self._running)
        if mine >= self._config.user_limit:
            raise TooManyRenderings(
                f"{mine} renderings of yours are not done yet. Wait for them, or cancel some.", self._retry_after()
            )
        if self.queued + coming >= self._config.queue_limit:
            raise QueueFull(
                f"{self.queued + coming} renderings are waiting already. Try again later.", self._retry_after()
            )

    async def warm(self) -> None:
        """Have at hand what the next rendering needs; returns when it is."""
        await self._kernels.warm()

    async def submit(self, job: Job, visualization_id: str) -> None:
        """Have a job done for a visualization; where an equal one is on its way, wait for that."""
        known = self._jobs.setdefault(job.key, job)
        known.waiting.add(visualization_id)
        self._of[visualization_id] = (known, asyncio.Event())
        if known is job:
            self._turns.add(job.owner, job)
            self._take_turns()
        elif known.task is not None:
            await asyncio.to_thread(self._rows.started, [visualization_id])

    async def wait(self, visualization_id: str, seconds: float) -> None:
        """Return when the rendering has ended, at the latest after `seconds`."""
        if found := self._of.get(visualization_id):
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(found[1].wait(), seconds)

    async def cancel(self, visualization_id: str) -> bool:
        """Stop waiting for a rendering; its kernel is stopped where nobody else waits. False where it isn't here."""
        job, _ = self._of.get(visualization_id, (None, None))
        if job is None:
            return False
        await asyncio.to_thread(self._rows.ended, [visualization_id], VisualizationStatus.CANCELLED)
        job.waiting.discard(visualization_id)
        self._ended(visualization_id)
        if not job.waiting:
            await self._stop(job)
        return True

    def recent(self, folder: str) -> StoredOutputs | None:
        """What there is to show of one of the last results, without reading it again."""
        return self._recent.get(folder)

    async def export(self, folder: str, format: str) -> bytes:
        """A result as `ipynb`, `html` or `md`, its still pictures drawn. Raises `BytesGone` when it was removed."""
        return await self._finishing.export(folder, format)

    async def close(self) -> None:
        self._closed = True
        for job in tuple(self._jobs.values()):
            await self._stop(job)
        await asyncio.gather(*self._tasks, return_exceptions=True)  # those that only have to write how they ended
        await self._finishing.stop()
        await self._kernels.close()

    async def _stop(self, job: Job) -> None:
        self._jobs.pop(job.key, None)
        if job.task is None:
            self._turns.remove(job.owner, job)
        else:
            job.task.cancel()
            await asyncio.gather(job.task, return_exceptions=True)

    def _take_turns(self) -> None:
        while self._turns and len(self._running) < self._config.concurrency and not self._closed:
            job = self._turns.next()
            self._finishing.pause()
            self._running.add(job)
            job.task = asyncio.create_task(self._render(job), name=f"rendering {job.key}")
            self._tasks.add(job.task)
            job.task.add_done_callback(self._tasks.discard)

    def _ended(self, visualization_id: str) -> None:
        if found := self._of.pop(visualization_id, None):
            found[1].set()

    async def _render(self, job: Job) -> None:
        beat = asyncio.create_task(self._beat(job))
        began = time.monotonic()
        kernel, error = None, None
        try:
            # Written beside the rendering, not before it: a row that has ended is left as it is.
            started = asyncio.ensure_future(asyncio.to_thread(self._rows.started, tuple(job.waiting)))
            kernel = await self._execute(job)
            await started
            self._seconds += (time.monotonic() - began - self._seconds) / 8
        except Exception as raised:
            error = raised
        finally:
            beat.cancel()
            self._running.discard(job)
            if self._jobs.get(job.key) is job:
                del self._jobs[job.key]
            self._take_turns()
        # Whoever came until now has it too; from here on an equal request finds the row, or is another job.
        waiting = tuple(job.waiting)
        provenance = {**job.provenance, "kernel": kernel, "seconds": round(time.monotonic() - began, 3)}
        try:
            await self._write_end(waiting, error or (job.notebook, provenance))
        finally:
            for visualization_id in waiting:
                self._ended(visualization_id)
        self._finishing.add(waiting)
        if not self._turns and not self._running:
            self._finishing.go_on()

    async def _beat(self, job: Job) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            await asyncio.to_thread(self._rows.beat, tuple(job.waiting))

    async def _execute(self, job: Job) -> dict[str, Any]:
        if (code := job.provenance.get("environment")) != self._environment:
            if self._environment is not None:
                self._kernels.renew()
            self._environment = code
        return await self._kernels.execute(job.notebook, [beginning(job.sources)], job.kernel)

    async def _write_end(self, ids: Sequence[str], result: Exception | tuple[NotebookNode, Mapping[str, Any]]) -> None:
        """As `_end`; a catalog that can't be written now is tried again, so that nothing says "running" for ever."""
        for pause in _PAUSES:
            try:
                await asyncio.to_thread(self._end, ids, result)
                return
            except VizError as error:
                result = error
                await asyncio.sleep(pause)
        await asyncio.to_thread(self._end, ids, result)

    def _end(self, ids: Sequence[str], result: Exception | tuple[NotebookNode, Mapping[str, Any]]) -> None:
        """Write how a rendering ended, for each visualization that waited for it."""
        if not isinstance(result, Exception):
            try:
                self._keep(ids, *result)
                return
            except Exception as error:
                result = error
        # Whatever went wrong, the rows must say so rather than "running" for ever.
        self._rows.ended(ids, VisualizationStatus.FAILED, error=_failure(result))

    def _keep(self, ids: Sequence[str], notebook: NotebookNode, provenance: Mapping[str, Any]) -> None:
        kept = store_rendering(self._rows, self._store, ids, notebook, provenance)
        self._recent |= {self._store.rendering_folder(each): kept for each in ids}
        while len(self._recent) > _RECENT:
            self._recent.popitem(last=False)

    def _retry_after(self) -> int:
        """Seconds after which about half of what waits now is done."""
        seconds = self.queued * self._seconds / self._config.concurrency / 2
        return max(1, min(_LONGEST_RETRY, math.ceil(seconds)))


def _failure(error: Exception) -> Failure:
    if isinstance(error, VizError):
        return Failure(error.code, one_line(str(error)))
    if isinstance(error, OSError):  # its text names a path of the server
        return Failure("storage", f"The result could not be stored: {error.strerror or type(error).__name__}.")
    return Failure("rendering_failed", f"The rendering could not be finished ({type(error).__name__}).")
