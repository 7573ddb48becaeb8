"""From a request to a picture: the use cases of visualizations. `render` is the spine.

Everything a rendering passes through is named here: recipe, source, arguments, key, notebook, row, queue.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from .artifacts.source import Source
from .artifacts.store import ArtifactStore
from .config import Configuration
from .enums import ArtifactKind, Freshness, Origin, VisualizationStatus, VisualizationType
from .errors import (
    CatalogUnavailable,
    NotFound,
    StorageFull,
    Unprocessable,
    VizError,
)
from .keeping.sweep import Sweep
from .models import INTERPRETER, Principal, RenderRequest, StoredOutputs, Visualization
from .recipes.fit import check_code, check_fit, digest_of, runs_named
from .recipes.known import code_digest
from .recipes.labels import headings_of
from .recipes.schema import RecipeInfo
from .rendering.cache import environment_now, request_key
from .rendering.kept import NOTEBOOK, collect, read_notebook
from .rendering.notebook import build_notebook
from .rendering.queue import Job, RenderQueue
from .rendering.specs import chosen_kernel, kernel_of
from .rendering.stored import READ_AT_MOST, stored_outputs

if TYPE_CHECKING:
    from .catalog import Catalog
    from .rendering.kernels import Kernels


_TIDY_AFTER, _DAY = 60.0, 86_400.0  # seconds
# Threads of their own: requests that wait for a store that hangs must not keep results from being written.
_PREPARING = ThreadPoolExecutor(max_workers=8, thread_name_prefix="jupyter_viz prepares")


class Visualizing(ABC):
    """The use cases of visualizations. `Service` adds what they need: configuration, catalog, store, sources, recipes.

    What is not async blocks: a server calls it in a thread.
    """

    def __init__(self, kernels: Callable[[Configuration, Mapping[str, str]], Kernels]) -> None:
        self._kernels = kernels
        self._queue: RenderQueue | None = None
        self._tidying: asyncio.Task[None] | None = None
        self._preparing = 0

    @property
    @abstractmethod
    def config(self) -> Configuration: ...

    @property
    @abstractmethod
    def catalog(self) -> Catalog: ...

    @property
    @abstractmethod
    def store(self) -> ArtifactStore: ...

    @abstractmethod
    def sources(
        self, principal: Principal, named: str | Sequence[str], variables: Mapping[str, Any] | None = None
    ) -> tuple[Source, ...]: ...

    @abstractmethod
    def saved_bytes(self, visualization: Visualization, most: int | None = None) -> bytes: ...

    @abstractmethod
    def recipe(self, principal: Principal, name: str) -> RecipeInfo: ...

    # What there is

    def visualizations_of(self, principal: Principal, artifact_id: str) -> list[Visualization]:
        self.catalog.runs.artifact(artifact_id)
        found = self.catalog.visualizations.of_artifact(principal, artifact_id)
        return [self._dated(principal, visualization, look=False) for visualization in found]

    def visualization(
        self, principal: Principal, visualization_id: str, just_made: bool = False
    ) -> tuple[Visualization, StoredOutputs]:
        """A visualization with what there is to show of it; no outputs while it is not done.

        Args:
            just_made: It ended a moment ago: what it shows may be taken from memory.
        """
        found = self.catalog.visualizations.get(principal, visualization_id)
        if found.uri is None:
            return found, StoredOutputs()
        if found.origin is Origin.RECIPE:
            if not just_made:
                with contextlib.suppress(StorageFull, CatalogUnavailable):  # looking works on a full disk too
                    self.catalog.visualizations.used(found.id)
            recent = self._queue.recent(found.uri) if just_made and self._queue is not None else None
            return self._dated(principal, found), recent or collect(read_notebook(self.store, found.uri))
        if found.format in (VisualizationType.HTML, VisualizationType.IMAGE):
            return found, StoredOutputs()
        return found, stored_outputs(found, self.saved_bytes(found, READ_AT_MOST))

    def content(self, principal: Principal, visualization_id: str) -> tuple[Visualization, bytes]:
        """The stored bytes of what a materializer made to show."""
        found = self.catalog.visualizations.get(principal, visualization_id)
        if found.origin is Origin.RECIPE or found.uri is None:
            raise NotFound("This visualization has no bytes of its own: it is shown from its outputs.")
        return found, self.saved_bytes(found)

    async def export(self, principal: Principal, visualization_id: str, format: str) -> tuple[str, bytes]:
        """(name, bytes) of a finished rendering as `ipynb`, `html` or `md`, its still pictures drawn."""
        found = await asyncio.to_thread(self.catalog.visualizations.get, principal, visualization_id)
        if found.origin is not Origin.RECIPE or found.uri is None:
            raise NotFound("This visualization has no notebook: only a finished rendering has one.")
        queue = await self._the_queue()
        return found.name, await queue.export(found.uri, format)

    # The spine

    async def render(self, principal: Principal, request: RenderRequest) -> Visualization:
        """Have a request rendered; returns at once with a visualization that is queued, or that there was already.

        Raises an error, and stores nothing, for what can't work: an unknown recipe, source, argument or column; custom
        code from somebody who may not execute kernels; a full queue.
        """
        queue = await self._the_queue()
        queue.require_room(principal.name, self._preparing)
        self._preparing += 1
        try:
            prepare = partial(self._prepare, principal, request)
            visualization, job = await asyncio.get_running_loop().run_in_executor(_PREPARING, prepare)
        finally:
            self._preparing -= 1
        if job is not None:
            await queue.submit(job, visualization.id)
        return visualization

    async def wait(self, visualization_id: str, seconds: float) -> None:
        """Return when a rendering has ended, at the latest after `seconds`."""
        if self._queue is not None:
            await self._queue.wait(visualization_id, seconds)

    def position(self, visualization_id: str) -> int | None:
        """How many renderings come before this one in the queue of this process; None where it does not wait."""
        return None if self._queue is None else self._queue.position(visualization_id)

    async def delete(self, principal: Principal, visualization_id: str) -> None:
        """Cancel a rendering that has not ended, delete one that has."""
        found = await asyncio.to_thread(self.catalog.visualizations.get, principal, visualization_id)
        if found.origin is not Origin.RECIPE:
            raise Unprocessable("What a materializer made belongs to its run and is deleted with it.")
        if not found.status.ended and self._queue is not None and await self._queue.cancel(visualization_id):
            return
        await asyncio.to_thread(self._remove, principal, visualization_id)

    def load_of_queue(self) -> tuple[int, int]:
        """(queued, running) renderings of this process."""
        return (0, 0) if self._queue is None else (self._queue.queued, self._queue.running)

    async def close(self) -> None:
        if self._tidying is not None:
            self._tidying.cancel()
            await asyncio.gather(self._tidying, return_exceptions=True)
        if self._queue is not None:
            await self._queue.close()

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

    def _prepare(self, principal: Principal, request: RenderRequest) -> tuple[Visualization, Job | None]:
        recipe = self.recipe(principal, request.recipe)
        check_code(principal, recipe, request)
        sources = self.sources(principal, runs_named(recipe, request.source)) if request.source else ()
        arguments = check_fit(recipe, sources, request.arguments)
        one = sources[0] if len(sources) == 1 else None
        kernel = chosen_kernel(request.kernel) or self._kernel_of(recipe, one)
        texts = tuple(source.text for source in sources)
        named = texts if len(texts) > 1 else texts[0] if texts else None
        request = replace(request, recipe=recipe.name, source=named, arguments=arguments, kernel=kernel)
        environment = environment_now(code_digest(self.config.recipe_folders))
        digest = digest_of(recipe, sources, arguments)
        key = request_key(request, digest, environment)
        rows = self.catalog.visualizations
        mine, done = rows.known(principal, key)
        if any(source.in_database for source in sources):  # whether it is still the same nobody knows
            request = replace(request, refresh=True)
        if mine and not request.refresh and self._is_kept(mine):
            return replace(mine, freshness=Freshness.CACHED), None
        # Of several the last one has the result among its visualizations.
        artifact = sources[-1].artifact if sources else None
        provenance = {
            "recipe": recipe.name,
            "source": request.source,
            "arguments": arguments,
            "run_id": artifact.run_id if artifact and one else None,
            "source_digest": digest,
            "environment": environment,
        }
        # Built before the row: what can't become a notebook leaves nothing behind.
        notebook = build_notebook(request, provenance, headings_of(sources))
        visualization, to_render = rows.queue(
            principal,
            request,
            key=key,
            title=recipe.title,
            artifact_id=artifact.id if artifact else None,
            provenance=provenance,
        )
        if to_render and done and not request.refresh and self._is_kept(done):
            return self._shared(principal, visualization, done), None
        if not to_render:
            return visualization, None
        return visualization, Job(key, principal.name, notebook, provenance, sources, kernel)

    def _kernel_of(self, recipe: RecipeInfo, source: Source | None) -> str | None:
        """The environment an object was recorded in: the user's own code needs its classes to load it."""
        if not recipe.code or source is None or source.artifact is None or source.kind is not ArtifactKind.BINARY:
            return None
        snapshot_id = self.catalog.runs.run(source.artifact.run_id).snapshot_id
        if snapshot_id is None:
            return None
        interpreter = self.catalog.runs.snapshot(snapshot_id).configuration.get(INTERPRETER)
        return kernel_of(interpreter) if isinstance(interpreter, str) else None

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

    def _dated(self, principal: Principal, found: Visualization, look: bool = True) -> Visualization:
        """`stale` where what it was made from has changed since: the recipes' code, the versions, the source.

        Args:
            look: Whether to look at the source, too, which costs some reads.
        """
        made = found.provenance
        if found.origin is not Origin.RECIPE or found.status is not VisualizationStatus.COMPLETED:
            return found
        fresh = made.get("environment") == environment_now(code_digest(self.config.recipe_folders))
        if fresh and look and found.source is not None:
            try:
                recipe, sources = self.recipe(principal, found.recipe or ""), self.sources(principal, found.source)
                fresh = digest_of(recipe, sources, found.arguments) == made.get("source_digest")
            except (VizError, OSError):  # what it was made from is gone: nothing newer can be made of it
                fresh = False
        return found if fresh else replace(found, freshness=Freshness.STALE)

    def _remove(self, principal: Principal, visualization_id: str) -> None:
        self.catalog.visualizations.delete(principal, visualization_id)
        self.store.remove(self.store.rendering_folder(visualization_id))
