"""From a request to a picture: the use cases of visualizations. `render` is the spine.

Everything a rendering passes through is named here: recipe, source, arguments, key, notebook, row, queue.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from .artifacts.source import Source
from .config import Configuration
from .enums import Freshness, Origin, VisualizationStatus
from .errors import InvalidArgument, NotFound, Unprocessable, VizError
from .keeping.sweep import Sweep
from .models import Principal, RenderRequest, StoredOutputs, Visualization
from .recipes.labels import headings_of
from .recipes.saved import saved_in
from .rendering.kept import NOTEBOOK, store_rendering, with_data
from .rendering.notebook import build_notebook
from .rendering.queue import Job, RenderQueue
from .showing import Showing
from .understanding import Asked, understood

if TYPE_CHECKING:
    from .rendering.kernels import Kernels
    from .rendering.results import Result


_TIDY_AFTER, _DAY = 60.0, 86_400.0  # seconds
_PREPARERS = 8


class Visualizing(Showing):
    """What looks at visualizations, and what makes them. What is not async blocks: a server calls it in a thread."""

    def __init__(self, kernels: Callable[[Configuration, Mapping[str, str]], Kernels]) -> None:
        self._kernels = kernels
        self._queue: RenderQueue | None = None
        self._tidying: asyncio.Task[None] | None = None
        self._warming: asyncio.Task[None] | None = None
        self._preparing = 0
        # Threads of their own: requests that wait for a store that hangs must not keep results from being written.
        self._preparers = ThreadPoolExecutor(_PREPARERS, thread_name_prefix="jupyter_viz prepares")

    # The spine

    async def render(
        self, principal: Principal, request: RenderRequest, given: Sequence[Source] | None = None
    ) -> Visualization:
        """Have a request rendered; returns at once with a visualization that is queued, or that there was already.

        Args:
            given: What the request's sources are, where they are known already or can't be found by their texts.

        Raises an error, and stores nothing, for what can't work: an unknown recipe, source, argument or column; custom
        code from somebody who may not execute kernels; a full queue.
        """
        queue = await self._the_queue()
        queue.require_room(principal.name, self._preparing)
        self._preparing += 1
        try:
            prepare = partial(self._prepare, principal, request, given)
            visualization, job = await asyncio.get_running_loop().run_in_executor(self._preparers, prepare)
        finally:
            self._preparing -= 1
        if job is not None:
            await queue.submit(job, visualization.id)
        return visualization

    def warm(self) -> None:
        """Begin to have at hand what the first rendering needs: somebody is about to ask for one. Returns at once."""
        if self._warming is None or self._warming.done():
            self._warming = asyncio.create_task(self._warm())
            # What hinders it hinders the rendering, too, which says so.
            self._warming.add_done_callback(lambda done: done.cancelled() or done.exception())

    async def render_attached(self, principal: Principal, artifact_id: str) -> None:
        """Have an artifact rendered by the saved recipes that are attached to its output, where it was not yet.

        At the first look rather than when the run ends: a run neither waits for it nor fails by it.
        """
        if not principal.may_execute:
            return
        for request in await asyncio.to_thread(self._attached, principal, artifact_id):
            with contextlib.suppress(VizError):  # what hinders it now may not the next time
                await self.render(principal, request)

    def keep(self, principal: Principal, request: RenderRequest, result: Result) -> Visualization:
        """Store what was made of a request in this process, as a rendering of it is stored."""
        if result.notebook is None:
            raise InvalidArgument("A value of this process is not kept: a step records one, a file holds one.")
        asked = understood(self, principal, request, None)
        self.store.claim(self.catalog.id)
        visualization, ours = self._queued(principal, asked)
        if ours:
            rows, provenance = self.catalog.visualizations, result.provenance
            store_rendering(rows, self.store, [visualization.id], with_data(result), provenance)
        return self.catalog.visualizations.get(principal, visualization.id)

    async def export(self, principal: Principal, visualization_id: str, format: str) -> tuple[str, bytes]:
        """(name, bytes) of a finished rendering as `ipynb`, `html` or `md`, its still pictures drawn."""
        found = await asyncio.to_thread(self.catalog.visualizations.get, principal, visualization_id)
        if found.origin is not Origin.RECIPE or found.uri is None:
            raise NotFound("This visualization has no notebook: only a finished rendering has one.")
        queue = await self._the_queue()
        return found.name, await queue.export(found.uri, format)

    async def wait(self, visualization_id: str, seconds: float) -> None:
        """Return when a rendering has ended, at the latest after `seconds`."""
        if self._queue is not None:
            await self._queue.wait(visualization_id, seconds)

    async def cancel(self, principal: Principal, visualization_id: str) -> bool:
        """Cancel a rendering of this process that has not ended, with its kernel; whether there was one."""
        await asyncio.to_thread(self.catalog.visualizations.get, principal, visualization_id)
        return self._queue is not None and await self._queue.cancel(visualization_id)

    def position(self, visualization_id: str) -> int | None:
        """How many renderings come before this one in the queue of this process; None where it does not wait."""
        return None if self._queue is None else self._queue.position(visualization_id)

    async def delete(self, principal: Principal, visualization_id: str) -> None:
        """Cancel a rendering that has not ended, delete one that has."""
        found = await asyncio.to_thread(self.catalog.visualizations.get, principal, visualization_id)
        if found.origin is not Origin.RECIPE:
            raise Unprocessable("What a materializer made belongs to its run and is deleted with it.")
        if not found.status.ended and await self.cancel(principal, visualization_id):
            return
        await asyncio.to_thread(self._remove, principal, visualization_id)

    def load_of_queue(self) -> tuple[int, int]:
        """(queued, running) renderings of this process."""
        return (0, 0) if self._queue is None else (self._queue.queued, self._queue.running)

    async def close(self) -> None:
        for task in filter(None, (self._warming, self._tidying)):
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        if self._queue is not None:
            await self._queue.close()
        self._preparers.shutdown(wait=False, cancel_futures=True)

    def recent(self, folder: str) -> StoredOutputs | None:
        return None if self._queue is None else self._queue.recent(folder)

    async def _warm(self) -> None:
        await (await self._the_queue()).warm()

    async def _tidy(self) -> None:
        """Once a day remove renderings beyond their limits: nothing grows for ever."""
        sweep = Sweep(lambda: self.catalog, self.store, self.config)
        await asyncio.sleep(_TIDY_AFTER)
        while True:
            with contextlib.suppress(VizError, OSError):  # another day
                await asyncio.to_thread(lambda: list(sweep.renderings()))
            await asyncio.sleep(_DAY)

    async def _the_queue(self) -> RenderQueue:
        if self._queue is None:
            catalog = await asyncio.to_thread(lambda: self.catalog)
            await asyncio.to_thread(self.store.claim, catalog.id)
            if self._queue is None:  # nobody made it meanwhile
                kernels = self._kernels(self.config, os.environ)
                self._queue = RenderQueue(self.config, catalog, self.store, kernels)
                self._tidying = asyncio.create_task(self._tidy())
        return self._queue

    def _prepare(
        self, principal: Principal, request: RenderRequest, given: Sequence[Source] | None
    ) -> tuple[Visualization, Job | None]:
        asked = understood(self, principal, request, given)
        rows = self.catalog.visualizations
        mine, done = rows.known(principal, asked.key)
        refresh = asked.request.refresh
        if mine and not refresh and self._is_kept(mine):
            return replace(mine, freshness=Freshness.CACHED), None
        # Built before the row: what can't become a notebook leaves nothing behind.
        notebook = build_notebook(asked.request, asked.provenance, headings_of(asked.sources))
        visualization, to_render = self._queued(principal, asked)
        if to_render and done and not refresh and self._is_kept(done):
            return self._shared(principal, visualization, done), None
        if not to_render:
            return visualization, None
        job = Job(asked.key, principal.name, notebook, asked.provenance, asked.sources, asked.request.kernel)
        return visualization, job

    def _attached(self, principal: Principal, artifact_id: str) -> list[RenderRequest]:
        cells = [cell for cell in saved_in(self.config.recipe_places)[0].values() if cell.attached]
        if not cells:
            return []
        artifact = self.catalog.runs.artifact(artifact_id)
        fit = [cell for cell in cells if any(each.fits(artifact) for each in cell.attached)]
        there = self.catalog.visualizations.of_artifact(principal, artifact_id, cancelled=True) if fit else []
        asked = [(each.recipe, each.arguments) for each in there]
        return [RenderRequest(cell.name, artifact.address) for cell in fit if (cell.name, cell.arguments) not in asked]

    def _queued(self, principal: Principal, asked: Asked) -> tuple[Visualization, bool]:
        return self.catalog.visualizations.queue(
            principal,
            asked.request,
            key=asked.key,
            title=asked.request.name or asked.recipe.title,
            artifact_id=asked.artifact_id,
            provenance=asked.provenance,
        )

    def _shared(self, principal: Principal, queued: Visualization, done: Visualization) -> Visualization:
        """What another user had rendered of the same, as this user's own."""
        folder = self.store.rendering_folder(queued.id)
        self.store.write(f"{folder}/{NOTEBOOK}", self.store.read(f"{done.uri}/{NOTEBOOK}"))
        self.catalog.visualizations.ended(
            [queued.id],
            VisualizationStatus.COMPLETED,
            uri=folder,
            size=done.size,
            metrics=done.metrics,
            provenance=done.provenance,
        )
        return replace(self.catalog.visualizations.get(principal, queued.id), freshness=Freshness.CACHED)

    def _is_kept(self, visualization: Visualization) -> bool:
        """Whether a rendering ended well and its result is still in the store."""
        done = visualization.status is VisualizationStatus.COMPLETED and visualization.uri is not None
        return done and self.store.has(f"{visualization.uri}/{NOTEBOOK}")

    def _remove(self, principal: Principal, visualization_id: str) -> None:
        self.catalog.visualizations.delete(principal, visualization_id)
        self.store.remove(self.store.rendering_folder(visualization_id))
