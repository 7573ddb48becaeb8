"""The use cases, each for a principal. `render` is the spine: everything a rendering passes through is named there."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.metadata import version
from typing import IO, TYPE_CHECKING, Any

from .address import Address
from .artifacts.located import uri_source
from .artifacts.source import Source, SourceForm, file_source, form_of, value_source
from .artifacts.store import ArtifactStore
from .config import Configuration
from .enums import Freshness, Origin, VisualizationStatus, VisualizationType
from .errors import (
    BytesGone,
    CatalogNewer,
    ConfigurationError,
    CustomDisabled,
    InvalidArgument,
    MissingExtra,
    NotFound,
    StoreUnavailable,
    Unprocessable,
    VizError,
)
from .keeping import removal
from .models import (
    Artifact,
    Named,
    Pipeline,
    Principal,
    RenderRequest,
    Run,
    RunPage,
    RunRemoval,
    StoredOutputs,
    Visualization,
)
from .recipes.fit import check_fit
from .recipes.known import code_digest, read_descriptions
from .recipes.schema import RecipeInfo
from .registry import Broken
from .rendering.cache import request_key
from .rendering.kernels import Kernels, PlainKernels
from .rendering.notebook import build_notebook
from .rendering.queue import NOTEBOOK, RESULT, Job, RenderQueue, read_outputs
from .rendering.stored import READ_AT_MOST, stored_outputs

if TYPE_CHECKING:
    from .catalog import Catalog


@dataclass(frozen=True, slots=True)
class CatalogState:
    """Which catalog this process sees, and whether it can use it: ok, newer or unavailable."""

    location: str
    state: str
    id: str | None = None
    message: str | None = None


class Service:
    """The use cases over one configuration. Opens the catalog at the first use, the queue at the first rendering.

    Everything but `render`, `wait` and `delete` blocks: a server calls it in a thread.
    """

    def __init__(
        self, config: Configuration | ConfigurationError, kernels: Callable[[], Kernels] = PlainKernels
    ) -> None:
        self._config = config
        self._kernels = kernels
        self._queue: RenderQueue | None = None
        self._preparing = 0
        self._describing = threading.Lock()

    @property
    def config(self) -> Configuration:
        """Raises the `ConfigurationError` this was made with: a server goes on, and each answer says what is wrong."""
        if isinstance(self._config, ConfigurationError):
            raise self._config
        return self._config

    @property
    def catalog(self) -> Catalog:
        from .catalog import open_catalog  # with SQLAlchemy: not before somebody asks

        return open_catalog(self.config.catalog)

    @cached_property
    def store(self) -> ArtifactStore:
        return ArtifactStore(self.config.artifacts)

    # What there is

    def catalog_state(self) -> CatalogState:
        """Never raises: a catalog that can't be opened is an answer too."""
        from .catalog.engine import hidden

        location = ""
        try:
            location = hidden(self.config.catalog)
            return CatalogState(location, "ok", self.catalog.id)
        except CatalogNewer as error:
            return CatalogState(location, "newer", message=str(error))
        except VizError as error:
            return CatalogState(location, "unavailable", message=str(error))

    def projects(self, principal: Principal) -> list[tuple[str, str]]:
        return self.catalog.runs.projects()

    def pipelines(self, principal: Principal) -> list[Pipeline]:
        return self.catalog.runs.pipelines()

    def runs(self, principal: Principal, pipeline: str | None = None, limit: int = 50, **how: Any) -> RunPage:
        """A page of runs; `how` as `catalog.runs.Runs.page` says."""
        return self.catalog.runs.page(pipeline, limit, **how)

    def named(self, principal: Principal, kind: str) -> list[Named]:
        """All experiments, models or deployments, by name."""
        return self.catalog.runs.named(kind)

    def delete_run(self, principal: Principal, run_id: str, *, dry_run: bool = False) -> RunRemoval:
        """Delete a run with its artifacts, their bytes, and what was rendered of them; or only tell what would go."""
        delete = removal.what_goes if dry_run else removal.delete_run
        return delete(self.catalog, self.store, principal, run_id)

    def logs(self, principal: Principal, run_id: str) -> dict[str, str]:
        """What each step of a run printed until now, by the step's name."""
        return self.catalog.runs.logs(run_id)

    def run(self, principal: Principal, run_id: str) -> Run:
        return self.catalog.runs.run(run_id, principal.name)

    def artifact(self, principal: Principal, artifact_id: str) -> tuple[Artifact, bool]:
        """The artifact, and whether its bytes can be read now."""
        artifact = self.catalog.runs.artifact(artifact_id, principal.name)
        try:
            self.store.main_file(artifact.uri)
        except (BytesGone, NotFound, StoreUnavailable, MissingExtra):
            return artifact, False
        return artifact, True

    def artifact_file(self, principal: Principal, artifact_id: str) -> tuple[str, IO[bytes]]:
        """(file name for people, open file) of an artifact's data. Raises `BytesGone` when it was removed."""
        artifact = self.catalog.runs.artifact(artifact_id)
        path = self.store.main_file(artifact.uri)
        return f"{artifact.name}{os.path.splitext(path)[1]}", self.store.open(path)

    def recipes(self, principal: Principal) -> tuple[list[RecipeInfo], list[Broken]]:
        with self._describing:  # two first requests at once: one process describes
            return read_descriptions(self.config.home_path / "cache")

    # Sources

    def source(self, principal: Principal, text: str, variables: Mapping[str, Any] | None = None) -> Source:
        """What the text of a source means. Raises an error that names it and says what there is instead."""
        variables = variables or {}
        form = form_of(text, variables)
        if form is SourceForm.VARIABLE:
            return value_source(text, variables[text])
        if form is SourceForm.ADDRESS:
            return self.artifact_source(self.catalog.runs.find_artifact(Address.parse(text)))
        if form is SourceForm.URI:
            return uri_source(text, self.config)
        return file_source(text, self.config)

    def artifact_source(self, artifact: Artifact) -> Source:
        return Source(
            artifact.address,
            artifact.kind,
            self.store.main_file(artifact.uri),
            artifact.columns,
            artifact.digest,
            artifact,
        )

    # Visualizations

    def visualizations_of(self, principal: Principal, artifact_id: str) -> list[Visualization]:
        self.catalog.runs.artifact(artifact_id)
        return self.catalog.visualizations.of_artifact(principal, artifact_id)

    def visualization(self, principal: Principal, visualization_id: str) -> tuple[Visualization, StoredOutputs]:
        """A visualization with what there is to show of it; no outputs while it is not done."""
        found = self.catalog.visualizations.get(principal, visualization_id)
        if found.uri is None:
            return found, StoredOutputs()
        if found.origin is Origin.RECIPE:
            return found, read_outputs(self.store, found.uri)
        if found.format in (VisualizationType.HTML, VisualizationType.IMAGE):
            return found, StoredOutputs()
        return found, stored_outputs(found, self.store.read(found.uri, READ_AT_MOST))

    def content(self, principal: Principal, visualization_id: str) -> tuple[Visualization, bytes]:
        """The stored bytes of what a materializer made to show."""
        found = self.catalog.visualizations.get(principal, visualization_id)
        if found.origin is Origin.RECIPE or found.uri is None:
            raise NotFound("This visualization has no bytes of its own: it is shown from its outputs.")
        return found, self.store.read(found.uri)

    def notebook(self, principal: Principal, visualization_id: str) -> tuple[str, bytes]:
        """(name, JSON) of the executed notebook of a rendering."""
        found = self.catalog.visualizations.get(principal, visualization_id)
        if found.origin is not Origin.RECIPE or found.uri is None:
            raise NotFound("This visualization has no notebook: only a finished rendering has one.")
        return found.name, self.store.read_compressed(f"{found.uri}/{NOTEBOOK}")

    async def render(self, principal: Principal, request: RenderRequest) -> Visualization:
        """Have a request rendered; returns at once with a visualization that is queued, or that there was already.

        Raises an error, and stores nothing, for what can't work: an unknown recipe, source, argument or column; custom
        code from somebody who may not execute kernels; a full queue.
        """
        queue = await self._the_queue()
        queue.require_room(self._preparing)
        self._preparing += 1
        try:
            visualization, job = await asyncio.to_thread(self._prepare, principal, request)
        finally:
            self._preparing -= 1
        if job is not None:
            queue.submit(job)
        return visualization

    async def wait(self, visualization_id: str, seconds: float) -> None:
        """Return when a rendering has ended, at the latest after `seconds`."""
        if self._queue is not None:
            await self._queue.wait(visualization_id, seconds)

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
        if self._queue is not None:
            await self._queue.close()

    def _remove(self, principal: Principal, visualization_id: str) -> None:
        self.catalog.visualizations.delete(principal, visualization_id)
        self.store.remove(self.store.rendering_folder(visualization_id))

    async def _the_queue(self) -> RenderQueue:
        if self._queue is None:
            catalog = await asyncio.to_thread(lambda: self.catalog)
            await asyncio.to_thread(self.store.claim, catalog.id)
            self._queue = self._queue or RenderQueue(self.config, catalog, self.store, self._kernels())
        return self._queue

    def _prepare(self, principal: Principal, request: RenderRequest) -> tuple[Visualization, Job | None]:
        recipe = self._recipe(principal, request.recipe)
        if recipe.code and not principal.may_execute:
            raise CustomDisabled("You may not run code of your own here. Choose another recipe.")
        if recipe.code and not (request.code or "").strip():
            raise InvalidArgument(f"Recipe {recipe.name!r} needs code.")
        if request.code is not None and not recipe.code:
            raise InvalidArgument(f"Recipe {recipe.name!r} takes no code; that is what 'custom' is for.")
        if recipe.source_required and not request.source:
            raise InvalidArgument(f"Recipe {recipe.name!r} needs a source: an address, or a file.")
        source = self.source(principal, request.source) if request.source else None
        arguments = check_fit(recipe, source, request.arguments)
        request = replace(request, source=source.text if source else None, arguments=arguments)
        environment = {"jupyter_viz": version("jupyter_viz"), "recipes": code_digest()}
        digest = source.digest if source else None
        key = request_key(request, digest, environment)
        known = self.catalog.visualizations.of_request(principal, key)
        if known and not request.refresh and self._is_kept(known):
            return replace(known, freshness=Freshness.CACHED), None
        provenance = {
            "recipe": recipe.name,
            "source": request.source,
            "arguments": arguments,
            "run_id": source.artifact.run_id if source and source.artifact else None,
            "source_digest": digest,
            "environment": environment,
        }
        # Built before the row: what can't become a notebook leaves nothing behind.
        notebook = build_notebook(request, provenance)
        visualization, to_render = self.catalog.visualizations.queue(
            principal,
            request,
            key=key,
            title=recipe.title,
            artifact_id=source.artifact.id if source and source.artifact else None,
            provenance=provenance,
        )
        return visualization, Job(visualization.id, notebook, provenance) if to_render else None

    def _is_kept(self, visualization: Visualization) -> bool:
        """Whether a rendering ended well and its result is still in the store."""
        done = visualization.status is VisualizationStatus.COMPLETED and visualization.uri is not None
        return done and self.store.has(f"{visualization.uri}/{RESULT}")

    def _recipe(self, principal: Principal, name: str) -> RecipeInfo:
        from .errors import UnknownRecipe, did_you_mean

        recipes, broken = self.recipes(principal)
        for recipe in recipes:
            if recipe.name == name:
                return recipe
        for plugin in broken:
            if plugin.name == name:
                raise UnknownRecipe(f"The recipe {name!r} is broken: {plugin.message}")
        raise UnknownRecipe(f"There is no recipe {name!r}.{did_you_mean(name, (recipe.name for recipe in recipes))}")
