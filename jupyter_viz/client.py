"""The Python API in a notebook or script: runs, artifacts, and ways to look at them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .address import Address
from .artifacts.source import Source
from .artifacts.store import ArtifactStore
from .config import load_configuration
from .errors import InvalidArgument, UnreadableSource
from .materializers import materializer_named
from .models import Artifact, Principal, RenderRequest, Run
from .recipes.known import find_recipe
from .rendering.notebook import build_notebook
from .rendering.results import Result
from .service import Service, check_fit

_OWNER = Principal()


class Client:
    """What is recorded in this process's catalog."""

    def __init__(self) -> None:
        self._service = Service(load_configuration())

    def list_pipeline_runs(self, pipeline: str | None = None, size: int = 50) -> list[Run]:
        """The newest runs, newest first, with their top two metrics."""
        return list(self._service.runs(_OWNER, pipeline, size).runs)

    def get_pipeline_run(self, name: str) -> Run:
        """A run by id, id prefix, name or address, with steps, artifacts and all metrics."""
        return self._service.catalog.runs.find_run(str(name))

    def get_artifact(self, address: str) -> Artifact:
        """An artifact by address, e.g. `churn@latest/evaluate/scores`."""
        return self._service.catalog.runs.find_artifact(Address.parse(address))

    def load(self, address: str) -> Any:
        """The object an artifact was stored from."""
        artifact = self.get_artifact(address)
        store = ArtifactStore(self._service.config.artifacts)
        store.main_file(artifact.uri)  # says so when the bytes are gone
        return materializer_named(artifact.materializer)(artifact.uri).load()

    def open_source(self, text: str, variables: Mapping[str, Any] | None = None) -> Source:
        """A source by address, path or name of a variable."""
        return self._service.source(_OWNER, text, variables)

    def visualize(self, recipe: str, source: Any = None, /, **arguments: Any) -> Result:
        """Look at a source by a recipe, in this process. See `visualize`."""
        found = find_recipe(recipe)
        if found.info.code:
            raise InvalidArgument(f"Recipe {recipe!r} is your own code: write it below `%%viz {recipe} [SOURCE]`.")
        opened = self._opened(source)
        checked = check_fit(found.info, opened, arguments)
        table = opened.table()
        checked = found.info.checked(arguments, list(table.columns))
        view = found(table, **checked)
        provenance = {
            "recipe": recipe,
            "source": opened.text,
            "arguments": checked,
            "run_id": opened.artifact.run_id if opened.artifact else None,
            "source_digest": opened.digest,
        }
        notebook = None
        if opened.path is not None:  # a value of this process can't be read from another
            notebook = build_notebook(RenderRequest(recipe, opened.text, checked), provenance)
        return Result(view, provenance, notebook)

    def _opened(self, source: Any) -> Source:
        if isinstance(source, Source):
            return source
        if isinstance(source, str):
            return self.open_source(source)
        if isinstance(source, Artifact):
            return self._service.artifact_source(source)
        if source is None:
            raise UnreadableSource("A source is needed: an address, a path, or a table.")
        return self._service.source(_OWNER, "value", {"value": source})


def load(address: str) -> Any:
    """The object behind an address, e.g. `load("churn@latest/evaluate/scores")`.

    Raises:
        InvalidAddress, NotFound: The address is none, or names nothing; the sentence says what there is.
        BytesGone: The catalog knows it, its bytes were removed.
    """
    return Client().load(address)


def visualize(recipe: str, source: Any = None, /, **arguments: Any) -> Result:
    """Look at a source by a recipe, in this process.

    Args:
        recipe: Name of a recipe; `jupyter viz recipes` lists them.
        source: An address, a path, a table (DataFrame, Arrow, Ibis, list of dicts), or an artifact.
        arguments: As the recipe's signature says.

    Returns:
        The result: `.data`, `.metrics`, `.figure`, `.notebook`, `.provenance`, `.to_html()`; shown as the plot.

    Raises:
        UnknownRecipe, InvalidArgument, MissingColumn, NotFound, UnreadableSource: Each names the value and the way out.
    """
    return Client().visualize(recipe, source, **arguments)


def open_source(text: str, variables: Mapping[str, Any] | None = None) -> Source:
    """A source as recipes and custom code are given it: `.table()`, `.read()`, `.read_text()`, `.json()`."""
    return Client().open_source(text, variables)
