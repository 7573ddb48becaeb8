"""The Python API in a notebook or script: runs, artifacts, and ways to look at them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar, overload
from uuid import UUID

from .address import Address
from .artifacts.source import Source
from .config import load_configuration
from .errors import InvalidAddress, InvalidArgument, NotFound, UnreadableSource, did_you_mean
from .models import Artifact, Named, Pipeline, RenderRequest, RunRemoval
from .recipes.fit import check_fit
from .recipes.known import find_recipe
from .recorded import OWNER, RecordedArtifact, RecordedRun
from .rendering.notebook import build_notebook
from .rendering.results import Result
from .service import Service

T = TypeVar("T")

Which = str | UUID | RecordedRun | RecordedArtifact
"""How a thing is named: an id, its text or prefix, a name, an address, or the object itself."""


class Page(Sequence[T]):
    """Some of the things asked for, in order: `.items`, and `.next_cursor` to ask for more, None at the end."""

    def __init__(self, items: Sequence[T], next_cursor: str | None = None) -> None:
        self.items = list(items)
        self.next_cursor = next_cursor

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> list[T]: ...
    def __getitem__(self, index: int | slice) -> T | list[T]:
        return self.items[index]

    def __len__(self) -> int:
        return len(self.items)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self.items == list(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"{self.items!r}{' and more: next_cursor' if self.next_cursor else ''}"


class Client:
    """What is recorded in this process's catalog."""

    def __init__(self) -> None:
        self._service = Service(load_configuration())

    # Runs

    def list_pipeline_runs(
        self,
        pipeline: str | None = None,
        size: int = 50,
        *,
        experiment: str | None = None,
        filter: str = "",
        sort: str | None = None,
        columns: Sequence[str] | None = None,
        cursor: str | None = None,
    ) -> Page[RecordedRun]:
        """Runs, the newest first unless sorted otherwise, with their top two metrics or those of `columns`.

        Args:
            filter: `accuracy > 0.9 status:failed tag:nightly param.C = 0.1 started > 2d text`; all must hold.
            sort: started, ended, duration, name, status, `param.NAME` or a metric; `-` before it: highest first.
            cursor: `next_cursor` of the page before.
        """
        page = self._service.runs(
            OWNER,
            pipeline,
            size,
            experiment=experiment,
            filter=filter,
            sort=sort,
            columns=columns,
            cursor=cursor,
        )
        return Page([RecordedRun(self._service, run) for run in page.runs], page.next_cursor)

    def get_pipeline_run(self, run: Which) -> RecordedRun:
        """A run by id, id prefix, name or address, with steps, artifacts and all metrics."""
        return RecordedRun(self._service, self._service.catalog.runs.find_run(_text(run)))

    def delete_pipeline_run(self, run: Which, *, dry_run: bool = False) -> RunRemoval:
        """Delete a run with its artifacts, their bytes, and what was rendered of them. Returns how much went.

        Args:
            dry_run: Only say what would go.
        """
        text = _text(run)
        if "@" in text and Address.parse(text).artifact is not None:
            raise InvalidAddress(f"{text!r} names an artifact. Artifacts go with their run: write pipeline@run.")
        return self._service.delete_run(OWNER, self.get_pipeline_run(text).id, dry_run=dry_run)

    # Artifacts

    def get_artifact_version(self, artifact: Which) -> RecordedArtifact:
        """An artifact by id or address, e.g. `churn@latest/evaluate/scores`; also the artifact itself."""
        text, runs = _text(artifact), self._service.catalog.runs
        found = runs.find_artifact(Address.parse(text)) if "@" in text else runs.artifact(text)
        return RecordedArtifact(self._service, found)

    def load(self, address: Which) -> Any:
        """The object an artifact was stored from."""
        return self.get_artifact_version(address).load()

    # What runs belong to

    @property
    def active_project(self) -> Named:
        """The project that runs are recorded in; made at the first look."""
        return self._service.catalog.recording.named("projects", self._service.config.project)

    def list_pipelines(self) -> Page[Pipeline]:
        return Page(self._service.pipelines(OWNER))

    def get_pipeline(self, pipeline: str | UUID) -> Pipeline:
        """A pipeline by name or id. Raises `NotFound` with the nearest."""
        text = str(pipeline)
        found = self._service.pipelines(OWNER)
        for known in found:
            if text in (known.id, known.name, f"{known.project}::{known.name}"):
                return known
        raise NotFound(f"There is no pipeline {text!r}.{did_you_mean(text, (known.name for known in found))}")

    def list_experiments(self) -> Page[Named]:
        return Page(self._service.named(OWNER, "experiments"))

    def list_models(self) -> Page[Named]:
        return Page(self._service.named(OWNER, "models"))

    def list_deployments(self) -> Page[Named]:
        return Page(self._service.named(OWNER, "deployments"))

    def create_model(self, name: str) -> Named:
        """The model of that name, made where there is none."""
        return self._service.catalog.recording.named("models", name, self._service.config.project)

    def create_deployment(self, name: str, pipeline: str | UUID | None = None) -> Named:
        """The deployment of that name, of a pipeline where one is given; made where there is none."""
        of = None if pipeline is None else self.get_pipeline(pipeline).id
        return self._service.catalog.recording.named("deployments", name, self._service.config.project, pipeline_id=of)

    # Ways to look

    def open_source(self, text: str, variables: Mapping[str, Any] | None = None) -> Source:
        """A source by address, path or name of a variable."""
        return self._service.source(OWNER, text, variables)

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
        named = _without_home(opened.text)
        provenance = {
            "recipe": recipe,
            "source": named,
            "arguments": checked,
            "run_id": opened.artifact.run_id if opened.artifact else None,
            "source_digest": opened.digest,
            "environment": {name: version(name) for name in ("jupyter_viz", "ibis-framework", "duckdb")},
        }
        notebook = None
        if opened.path is not None:  # a value of this process can't be read from another
            notebook = build_notebook(RenderRequest(recipe, named, checked), provenance)
        return Result(view, provenance, notebook)

    def _opened(self, source: Any) -> Source:
        if isinstance(source, Source):
            return source
        if isinstance(source, str):
            return self.open_source(source)
        if isinstance(source, (RecordedArtifact, Artifact)):
            return self.open_source(source.address)
        if source is None:
            raise UnreadableSource("A source is needed: an address, a path, or a table.")
        return self._service.source(OWNER, "value", {"value": source})


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


def _without_home(source: str) -> str:
    """A path below the user's home with `~` for it: a notebook is sent to others."""
    path = Path(source)
    if not path.is_absolute() or not path.is_relative_to(Path.home()):
        return source
    return f"~/{path.relative_to(Path.home()).as_posix()}"


def _text(which: Which) -> str:
    return str(which.id) if isinstance(which, (RecordedRun, RecordedArtifact)) else str(which)
