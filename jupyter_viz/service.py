"""The use cases, each for a principal. The spine, `render`, and all that is about visualizations: `visualizing`."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import IO, TYPE_CHECKING, Any

from .address import Address
from .artifacts.given import given, run_to_plain
from .artifacts.located import uri_source
from .artifacts.parts import matched, path_source
from .artifacts.source import Source, SourceForm, form_of, value_source
from .artifacts.store import ArtifactStore
from .config import Configuration
from .connectors.fetching import is_fetched, source_there
from .connectors.process import stop_all
from .enums import ArtifactKind
from .errors import (
    CatalogNewer,
    ConfigurationError,
    InvalidAddress,
    InvalidArgument,
    UnknownRecipe,
    VizError,
    did_you_mean,
)
from .io import fileio
from .keeping import removal
from .models import Artifact, Named, Pipeline, Principal, Run, RunPage, RunRemoval, Visualization
from .recipes.known import own_name, read_descriptions
from .recipes.schema import RecipeInfo
from .registry import Broken
from .rendering.kernels import Kernels, suited_kernels
from .visualizing import Visualizing

if TYPE_CHECKING:
    from .catalog import Catalog
    from .connectors.background import Syncing


MOST_SOURCES = 200


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

    @cached_property
    def syncing(self) -> Syncing:
        from .connectors.background import Syncing

        return Syncing(lambda: self.catalog, self.store, self.config)

    async def close(self) -> None:
        if "syncing" in self.__dict__:
            self.syncing.close()
        stop_all()
        await super().close()

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
        if is_fetched(artifact.uri):  # not fetched to be counted: its visualization says what is wrong, if it is
            return artifact, True
        try:
            self.artifact_source(artifact)
        except VizError:  # gone, not to be read from here, unreachable
            return artifact, False
        return artifact, True

    def artifact_file(self, principal: Principal, artifact_id: str) -> tuple[str, IO[bytes]]:
        """(file name for people, open file) of an artifact's data. Raises `BytesGone` when it was removed."""
        artifact = self.catalog.runs.artifact(artifact_id)
        if artifact.system is not None:
            path = str(self.artifact_source(artifact).path)
            return os.path.basename(artifact.name), fileio.open(path, "rb")
        path = self.store.main_file(artifact.uri)
        return f"{artifact.name}{os.path.splitext(path)[1]}", self.store.open(path)

    def recipes(self, principal: Principal) -> tuple[list[RecipeInfo], list[Broken]]:
        with self._describing:  # two first requests at once: one process describes
            return read_descriptions(self.config.home_path / "cache", self.config.recipe_places)

    # Sources

    def source(
        self, principal: Principal, text: str, variables: Mapping[str, Any] | None = None, *, bring: bool = True
    ) -> Source:
        """What the text of a source means. Raises an error that names it and says what there is instead.

        Args:
            bring: Whether what only another system's connector reads is brought here; else it may not be read.
        """
        if variables is None and (handed := given(text)):
            return handed
        variables = variables or {}
        form = form_of(text, variables)
        if form is SourceForm.VARIABLE:
            return value_source(text, variables[text])
        if form is SourceForm.ADDRESS:
            address = Address.parse(text)
            if address.artifact is None:
                return self._run_source(address)
            return self.artifact_source(self.catalog.runs.find_artifact(address), bring=bring)
        if form is SourceForm.URI:
            return uri_source(text, self.config)
        return path_source(text, self.config)

    def sources(
        self,
        principal: Principal,
        named: str | Sequence[str],
        variables: Mapping[str, Any] | None = None,
        *,
        bring: bool = True,
    ) -> tuple[Source, ...]:
        """What one or several texts mean; an address of a range of runs (`latest~4:`) is a source for each.

        Of several, one that can't be read is `absent` and says why. Raises what `source` does where there is none that
        can be, and `InvalidArgument` for more than `MOST_SOURCES`.
        """
        texts = [named] if isinstance(named, str) else list(named)
        each = [one for text in texts for one in self._pinned(text, variables)]
        if len(each) > MOST_SOURCES:
            raise InvalidArgument(
                f"At most {MOST_SOURCES} sources are shown together; {len(each):,} are named. Name fewer: a narrower "
                "pattern of files, or fewer runs."
            )
        if len(each) == 1:
            return (self.source(principal, each[0], variables, bring=bring),)
        found = [self._one_of_several(principal, text, variables, bring=bring) for text in each]
        if all(isinstance(one, VizError) for one in found):
            raise next((one for one in found if isinstance(one, VizError)), InvalidArgument("No source is named."))
        sources = [
            Source(text, ArtifactKind.BINARY, absent=str(one)) if isinstance(one, VizError) else one
            for text, one in zip(each, found, strict=True)
        ]
        # `latest` and `newest` may be the same run. It stays where it was named last: drawn over the others.
        known = {source.text: source for source in sources if form_of(source.text) is SourceForm.ADDRESS}
        return tuple(source for source in sources if known.get(source.text, source) is source)

    def _pinned(self, text: str, variables: Mapping[str, Any] | None) -> list[str]:
        """The texts that one stands for: of an address of several runs one a run, of a pattern one a file."""
        form = form_of(text, variables or {})
        if form is SourceForm.PATH:
            return matched(text, self.config)
        if form is not SourceForm.ADDRESS:
            return [text]
        address = Address.parse(text)
        if address.run is None or not address.run.several:
            return [text]
        return [str(address.of_run(run.name)) for run in self.catalog.runs.addressed(address)]

    def _one_of_several(
        self, principal: Principal, text: str, variables: Mapping[str, Any] | None, *, bring: bool
    ) -> Source | VizError:
        try:
            return self.source(principal, text, variables, bring=bring)
        except VizError as error:
            return error

    def _run_source(self, address: Address) -> Source:
        [run, *more] = self.catalog.runs.addressed(address)
        if more:
            raise InvalidAddress(f"{str(address)!r} names several runs; one is needed here.")
        known = json.dumps(run_to_plain(run), sort_keys=True, default=str)
        digest = hashlib.sha256(known.encode()).hexdigest()
        return Source(run.address, ArtifactKind.RUN, digest=digest, value=run)

    def artifact_source(self, artifact: Artifact, *, bring: bool = True) -> Source:
        if artifact.system is not None:
            return source_there(self.catalog, artifact, self.config, bring=bring)
        return Source(
            artifact.address,
            artifact.kind,
            self.store.main_file(artifact.uri),
            artifact.columns,
            artifact.digest,
            artifact,
        )

    def saved_bytes(self, visualization: Visualization, most: int | None = None) -> bytes:
        """The first `most` bytes, or all, of what a materializer or another system made to show."""
        uri = str(visualization.uri)
        if self.store.holds(uri) or visualization.artifact_id is None:
            return self.store.read(uri, most)
        artifact = self.catalog.runs.artifact(visualization.artifact_id)
        return source_there(self.catalog, artifact, self.config, uri).read(-1 if most is None else most)

    def recipe(self, principal: Principal, name: str) -> RecipeInfo:
        """A recipe's description by name, Kubeflow's too. Raises `UnknownRecipe` with the nearest."""
        name = own_name(name)
        recipes, broken = self.recipes(principal)
        for recipe in recipes:
            if recipe.name == name:
                return recipe
        for plugin in broken:
            if plugin.name == name:
                raise UnknownRecipe(f"The recipe {name!r} is broken: {plugin.message}")
        raise UnknownRecipe(f"There is no recipe {name!r}.{did_you_mean(name, (recipe.name for recipe in recipes))}")
