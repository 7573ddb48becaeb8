"""The use cases, each for a principal. The spine, `render`, and all that is about visualizations: `visualizing`."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import IO, TYPE_CHECKING, Any

from .address import Address
from .artifacts.given import given
from .artifacts.located import uri_source
from .artifacts.source import Source, SourceForm, file_source, form_of, value_source
from .artifacts.store import ArtifactStore
from .config import Configuration
from .errors import (
    BytesGone,
    CatalogNewer,
    ConfigurationError,
    MissingExtra,
    NotFound,
    StoreUnavailable,
    UnknownRecipe,
    VizError,
    did_you_mean,
)
from .keeping import removal
from .models import Artifact, Named, Pipeline, Principal, Run, RunPage, RunRemoval
from .recipes.known import read_descriptions
from .recipes.schema import RecipeInfo
from .registry import Broken
from .rendering.kernels import Kernels, suited_kernels
from .visualizing import Visualizing

if TYPE_CHECKING:
    from .catalog import Catalog


@dataclass(frozen=True, slots=True)
class CatalogState:
    """Which catalog this process sees, and whether it can use it: ok, newer or unavailable."""

    location: str
    state: str
    id: str | None = None
    message: str | None = None


class Service(Visualizing):
    """The use cases over one configuration. Opens the catalog at the first use, the queue at the first rendering.

    Everything but `render`, `wait` and `delete` blocks: a server calls it in a thread.
    """

    def __init__(
        self,
        config: Configuration | ConfigurationError,
        kernels: Callable[[Configuration, Mapping[str, str]], Kernels] = suited_kernels,
    ) -> None:
        super().__init__(kernels)
        self._config = config
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
        if variables is None and (handed := given(text)):
            return handed
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

    def recipe(self, principal: Principal, name: str) -> RecipeInfo:
        """A recipe's description by name. Raises `UnknownRecipe` with the nearest."""
        recipes, broken = self.recipes(principal)
        for recipe in recipes:
            if recipe.name == name:
                return recipe
        for plugin in broken:
            if plugin.name == name:
                raise UnknownRecipe(f"The recipe {name!r} is broken: {plugin.message}")
        raise UnknownRecipe(f"There is no recipe {name!r}.{did_you_mean(name, (recipe.name for recipe in recipes))}")
