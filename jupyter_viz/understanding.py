"""What a request asks for: its recipe found, its sources opened, its arguments checked, the key of its result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from .artifacts.source import Source
from .config import Configuration
from .enums import ArtifactKind
from .models import INTERPRETER, Principal, RenderRequest
from .recipes.fit import check_code, check_fit, digest_of, runs_named
from .recipes.known import code_digest
from .recipes.schema import RecipeInfo
from .rendering.cache import environment_now, request_key
from .rendering.specs import chosen_kernel, kernel_of

if TYPE_CHECKING:
    from .catalog import Catalog


class Desk(Protocol):
    """What a request is understood by: `service.Service`."""

    @property
    def config(self) -> Configuration: ...

    @property
    def catalog(self) -> Catalog: ...

    def sources(
        self, principal: Principal, named: str | Sequence[str], variables: Mapping[str, Any] | None = None
    ) -> tuple[Source, ...]: ...

    def recipe(self, principal: Principal, name: str) -> RecipeInfo: ...


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that can be rendered.

    Attributes:
        request: Its sources pinned to their runs, its arguments whole.
        key: What makes two requests the same.
        artifact_id: Of what is among whose visualizations the result is.
    """

    request: RenderRequest
    recipe: RecipeInfo
    sources: tuple[Source, ...]
    key: str
    artifact_id: str | None
    provenance: Mapping[str, Any]


def understood(desk: Desk, principal: Principal, request: RenderRequest, given: Sequence[Source] | None) -> Asked:
    """A request with all that it names found and checked. Raises an error for what can't work; blocks.

    Args:
        given: Its sources, where they are opened already.
    """
    recipe = desk.recipe(principal, request.recipe)
    check_code(principal, recipe, request)
    if recipe.saved is not None:
        request = replace(request, code=recipe.saved)
    if given is not None:
        sources = tuple(given)
    else:
        sources = desk.sources(principal, runs_named(recipe, request.source)) if request.source else ()
    arguments = check_fit(recipe, sources, request.arguments)
    one = sources[0] if len(sources) == 1 else None
    kernel = chosen_kernel(request.kernel) or _kernel_of(desk, recipe, one)
    texts = tuple(source.text for source in sources)
    named = texts if len(texts) > 1 else texts[0] if texts else None
    # Of a database nobody knows whether it is still the same.
    refresh = request.refresh or any(source.in_database for source in sources)
    request = replace(request, recipe=recipe.name, source=named, arguments=arguments, kernel=kernel, refresh=refresh)
    environment = environment_now(code_digest(desk.config.recipe_places))
    digest = digest_of(recipe, sources, arguments)
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
    key = request_key(request, digest, environment)
    return Asked(request, recipe, sources, key, artifact.id if artifact else None, provenance)


def _kernel_of(desk: Desk, recipe: RecipeInfo, source: Source | None) -> str | None:
    """The environment an object was recorded in: the user's own code needs its classes to load it."""
    if not recipe.own_code or source is None or source.artifact is None or source.kind is not ArtifactKind.BINARY:
        return None
    snapshot_id = desk.catalog.runs.run(source.artifact.run_id).snapshot_id
    if snapshot_id is None:
        return None
    interpreter = desk.catalog.runs.snapshot(snapshot_id).configuration.get(INTERPRETER)
    return kernel_of(interpreter) if isinstance(interpreter, str) else None
