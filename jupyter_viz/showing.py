"""What there is to show of visualizations that are done: the use cases that only look."""

from __future__ import annotations

import contextlib
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .artifacts.source import Source
from .artifacts.store import ArtifactStore
from .config import Configuration
from .enums import Freshness, Origin, VisualizationStatus, VisualizationType
from .errors import CatalogUnavailable, NotFound, StorageFull, VizError
from .models import Principal, StoredOutputs, Visualization
from .recipes.fit import digest_of
from .recipes.known import code_digest
from .recipes.schema import RecipeInfo
from .rendering.cache import environment_now
from .rendering.kept import collect, read_notebook, result_of
from .rendering.stored import READ_AT_MOST, stored_outputs

if TYPE_CHECKING:
    from .catalog import Catalog
    from .rendering.results import Result


class Showing(ABC):
    """`Service` adds what they need: configuration, catalog, store, sources, recipes. All of it blocks."""

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
        self,
        principal: Principal,
        named: str | Sequence[str],
        variables: Mapping[str, Any] | None = None,
        *,
        bring: bool = True,
    ) -> tuple[Source, ...]: ...

    @abstractmethod
    def saved_bytes(self, visualization: Visualization, most: int | None = None) -> bytes: ...

    @abstractmethod
    def recipe(self, principal: Principal, name: str) -> RecipeInfo: ...

    @abstractmethod
    def recent(self, folder: str) -> StoredOutputs | None:
        """What there is to show of what this process rendered a moment ago, without reading it again."""

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
            recent = self.recent(found.uri) if just_made else None
            return self._dated(principal, found), recent or collect(read_notebook(self.store, found.uri))
        if found.format in (VisualizationType.HTML, VisualizationType.IMAGE):
            return found, StoredOutputs()
        return found, stored_outputs(found, self.saved_bytes(found, READ_AT_MOST))

    def result(self, principal: Principal, visualization_id: str) -> Result:
        """A finished rendering as `visualize` gives it. Raises `NotFound` where it is none."""
        found = self.catalog.visualizations.get(principal, visualization_id)
        if found.origin is not Origin.RECIPE or found.uri is None:
            raise NotFound("This visualization has no result: only a finished rendering has one.")
        artifact = self.catalog.runs.artifact(found.artifact_id) if found.artifact_id else None
        return result_of(self._dated(principal, found), read_notebook(self.store, found.uri), artifact)

    def content(self, principal: Principal, visualization_id: str) -> tuple[Visualization, bytes]:
        """The stored bytes of what a materializer made to show."""
        found = self.catalog.visualizations.get(principal, visualization_id)
        if found.origin is Origin.RECIPE or found.uri is None:
            raise NotFound("This visualization has no bytes of its own: it is shown from its outputs.")
        return found, self.saved_bytes(found)

    def _dated(self, principal: Principal, found: Visualization, look: bool = True) -> Visualization:
        """`stale` where what it was made from has changed since: the recipes' code, the versions, the source.

        Args:
            look: Whether to look at the source, too, which costs some reads.
        """
        made = found.provenance
        if found.origin is not Origin.RECIPE or found.status is not VisualizationStatus.COMPLETED:
            return found
        fresh = made.get("environment") == environment_now(code_digest(self.config.recipe_places))
        if fresh and look and found.source is not None:
            try:
                # Nothing is brought from another system for a look at what is done: that can take minutes.
                recipe = self.recipe(principal, found.recipe or "")
                sources = self.sources(principal, found.source, bring=False)
                fresh = digest_of(recipe, sources, found.arguments) == made.get("source_digest")
            except (VizError, OSError):  # what it was made from is gone: nothing newer can be made of it
                fresh = False
        return found if fresh else replace(found, freshness=Freshness.STALE)
