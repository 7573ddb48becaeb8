"""The Python API in a notebook or script: runs, artifacts, and ways to look at them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from .address import Address
from .artifacts.source import Source
from .catalog.listed import one_of, page_of
from .config import load_configuration
from .enums import ArtifactKind
from .errors import InvalidAddress, InvalidArgument, UnreadableSource
from .models import Artifact, Named, Pipeline, RenderRequest, RunRemoval
from .recipes.fit import check_fit, digest_of, runs_named
from .recipes.known import code_digest, find_recipe
from .recipes.schema import RecipeInfo
from .recipes.several import look
from .recorded import (
    OWNER,
    Page,
    RecordedArtifact,
    RecordedRun,
    RecordedVisualization,
    listed_named,
    listed_pipelines,
    listed_runs,
)
from .rendering.cache import environment_now
from .rendering.here import this_kernel
from .rendering.notebook import executed_notebook
from .rendering.results import Made, Result
from .service import Service

Which = str | UUID | RecordedRun | RecordedArtifact | Artifact | Named | Pipeline
"""How a thing is named: an id, its text or prefix, a name, an address, or the object itself."""


class Client:
    """What is recorded in this process's catalog."""

    def __init__(self) -> None:
        self._service = Service(load_configuration())

    def _asked_by(self) -> Service:
        return self._service

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
        runs = [RecordedRun(self._asked_by, run, whole=False) for run in page.runs]
        count = partial(self._service.catalog.runs.count, pipeline, experiment=experiment, filter=filter)
        return Page(runs, page.next_cursor, count, listed_runs)

    def get_pipeline_run(self, run: Which) -> RecordedRun:
        """A run by id, id prefix, name or address, with steps, artifacts and all metrics."""
        return RecordedRun(self._asked_by, self._service.catalog.runs.find_run(_text(run)))

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
        """An artifact by id, id prefix or address, e.g. `churn@latest/evaluate/scores`; also the artifact itself.

        By its name alone it is the newest version, where only one pipeline has an output of that name.
        """
        text, runs = _text(artifact), self._service.catalog.runs
        found = runs.find_artifact(Address.parse(text)) if "@" in text else runs.artifact_called(text)
        return RecordedArtifact(self._asked_by, found)

    def load(self, address: Which) -> Any:
        """The object an artifact was stored from."""
        return self.get_artifact_version(address).load()

    # Visualizations

    def get_visualization(self, id: str | UUID) -> RecordedVisualization:
        """What is stored to look at, by its id: of a materializer, or of a rendering, wherever it was asked for."""
        return RecordedVisualization(self._asked_by, self._service.catalog.visualizations.get(OWNER, str(id)))

    def keep(self, result: Result) -> RecordedVisualization:
        """Store what was made in this process, as a rendering is: it is among the visualizations of its artifact then.

        Raises `InvalidArgument` where it was made of a value of this process.
        """
        made = result.provenance
        request = RenderRequest(made["recipe"], made["source"], made["arguments"], refresh=True, name=result.name)
        kept = self._service.keep(OWNER, request, result)
        result.id = kept.id
        return RecordedVisualization(self._asked_by, kept)

    # What runs belong to

    @property
    def active_project(self) -> Named:
        """The project that runs are recorded in; made at the first look."""
        return self._service.catalog.recording.named("projects", self._service.config.project)

    def list_pipelines(
        self, size: int = 50, *, filter: str = "", sort: str | None = None, cursor: str | None = None
    ) -> Page[Pipeline]:
        """Pipelines, the one that ran last first unless sorted otherwise.

        Args:
            filter: `name:`, `id:`, `project:`, or a text that the name contains; all must hold.
            sort: name, project or runs; `-` before it: the last or most first.
            cursor: `next_cursor` of the page before.
        """
        found = page_of("pipelines", self._service.pipelines(OWNER), filter, sort, size, cursor)
        return Page(found.items, found.next_cursor, lambda: found.total, listed_pipelines)

    def get_pipeline(self, pipeline: Which) -> Pipeline:
        """A pipeline by id, id prefix, name or `project::name`. Raises `NotFound` with the nearest."""
        return one_of("pipeline", self._service.pipelines(OWNER), _text(pipeline))

    def list_experiments(
        self, size: int = 50, *, filter: str = "", sort: str | None = None, cursor: str | None = None
    ) -> Page[Named]:
        """Experiments by name; filter and cursor as for `list_pipelines`, sort by name, project or created."""
        return self._named("experiments", size, filter, sort, cursor)

    def get_experiment(self, experiment: Which) -> Named:
        """An experiment by id, id prefix, name or `project::name`. Raises `NotFound` with the nearest."""
        return one_of("experiment", self._service.named(OWNER, "experiments"), _text(experiment))

    def list_models(
        self, size: int = 50, *, filter: str = "", sort: str | None = None, cursor: str | None = None
    ) -> Page[Named]:
        """Models by name; filter and cursor as for `list_pipelines`, sort by name, project or created."""
        return self._named("models", size, filter, sort, cursor)

    def get_model(self, model: Which) -> Named:
        """A model by id, id prefix, name or `project::name`. Raises `NotFound` with the nearest."""
        return one_of("model", self._service.named(OWNER, "models"), _text(model))

    def create_model(self, name: str) -> Named:
        """The model of that name, made where there is none."""
        return self._service.catalog.recording.named("models", name, self._service.config.project)

    def list_deployments(
        self, size: int = 50, *, filter: str = "", sort: str | None = None, cursor: str | None = None
    ) -> Page[Named]:
        """Deployments by name; as `list_models`, and the filter knows `pipeline:` too."""
        return self._named("deployments", size, filter, sort, cursor)

    def get_deployment(self, deployment: Which) -> Named:
        """A deployment by id, id prefix, name or `project::name`. Raises `NotFound` with the nearest."""
        return one_of("deployment", self._service.named(OWNER, "deployments"), _text(deployment))

    def create_deployment(self, name: str, pipeline: Which | None = None) -> Named:
        """The deployment of that name, of a pipeline where one is given; made where there is none."""
        of = {} if pipeline is None else {"pipeline_id": self.get_pipeline(pipeline).id}
        return self._service.catalog.recording.named("deployments", name, self._service.config.project, **of)

    def _named(self, kind: str, size: int, filter: str, sort: str | None, cursor: str | None) -> Page[Named]:
        found = page_of(kind, self._service.named(OWNER, kind), filter, sort, size, cursor)
        return Page(found.items, found.next_cursor, lambda: found.total, partial(listed_named, kind))

    # Ways to look

    def open_source(self, text: str, variables: Mapping[str, Any] | None = None) -> Source:
        """A source by address, path or name of a variable."""
        return self._service.source(OWNER, text, variables)

    def visualize(self, recipe: str, source: Any = None, /, **arguments: Any) -> Result:
        """Look at a source by a recipe, in this process. See `visualize`."""
        folders = self._service.config.recipe_places
        found = find_recipe(recipe, folders)
        if found.info.own_code:
            how = "write it below `%%viz custom [SOURCE]`" if found.info.code else f"show it by `%viz {recipe} SOURCE`"
            raise InvalidArgument(f"Recipe {recipe!r} is your own code: {how}.")
        opened, labels = self._opened(found.info, source)
        checked = check_fit(found.info, opened, arguments)
        view = look(found, opened, checked, labels)
        texts = tuple(_without_home(each.text) for each in opened)
        named = texts if len(texts) > 1 else texts[0]
        artifact = opened[0].artifact if len(opened) == 1 else None
        kernel = this_kernel()
        provenance = {
            "recipe": found.info.name,
            "source": named,
            "arguments": checked,
            "run_id": artifact.run_id if artifact else None,
            "source_digest": digest_of(found.info, opened, checked),
            "environment": environment_now(code_digest(folders)),
            **({"kernel": kernel} if kernel else {}),
        }
        shown = Made(view)
        notebook = None
        # A value of this process can't be read from another.
        if all(each.kind is ArtifactKind.RUN or each.path or each.absent for each in opened):
            request = RenderRequest(found.info.name, named, checked)
            notebook = partial(executed_notebook, request, provenance, shown.bundle)
        recorded = RecordedArtifact(self._asked_by, artifact) if artifact else None
        return Result(shown, provenance, notebook, artifact=recorded)

    def open_sources(
        self, named: str | Sequence[str], variables: Mapping[str, Any] | None = None
    ) -> tuple[Source, ...]:
        """Sources by their texts; an address of a range of runs (`churn@latest~4:/evaluate/scores`) is several."""
        return self._service.sources(OWNER, named, variables)

    def _opened(self, recipe: RecipeInfo, source: Any) -> tuple[tuple[Source, ...], list[str] | None]:
        """The sources that something is, and their labels where the user named them."""
        if isinstance(source, Mapping) and not hasattr(source, "to_pandas"):
            parts = [self._opened(recipe, each)[0] for each in source.values()]
            if any(len(part) != 1 for part in parts):
                raise InvalidArgument("Each label names one source; a range of runs has labels of its own.")
            return tuple(part[0] for part in parts), list(map(str, source))
        if isinstance(source, (list, tuple)) and source and not any(isinstance(each, Mapping) for each in source):
            if all(isinstance(each, Source) for each in source):
                return tuple(source), None
            if all(isinstance(each, str) for each in source):
                return self.open_sources(runs_named(recipe, list(source))), None
            opened = [self._opened(recipe, each)[0] for each in source]
            return tuple(one for part in opened for one in part), None
        if isinstance(source, Source):
            return (source,), None
        if isinstance(source, (str, Path)):
            return self.open_sources(runs_named(recipe, str(source))), None
        if isinstance(source, (RecordedArtifact, Artifact, RecordedRun)):
            return self.open_sources(source.address), None
        if source is None:
            raise UnreadableSource("A source is needed: an address, a path, or a table.")
        return (self._service.source(OWNER, "value", {"value": source}),), None


def load(address: Which) -> Any:
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
        source: An address, a path, a table (DataFrame, Arrow, Ibis, list of dicts), an artifact or a run. Several as a
            list, as a mapping with labels, or as an address of a range of runs (`churn@latest~4:/evaluate/scores`) are
            shown together.
        arguments: As the recipe's signature says.

    Returns:
        The result: `.data`, `.metrics`, `.figure`, `.notebook`, `.provenance`, `.artifact`, `.to_html()` and
        `.save(path)`; shown as the plot.

    Raises:
        UnknownRecipe, InvalidArgument, MissingColumn, NotFound, UnreadableSource: Each names the value and the way out.
    """
    return Client().visualize(recipe, source, **arguments)


def open_source(text: str, variables: Mapping[str, Any] | None = None) -> Source:
    """A source as recipes and custom code are given it: `.table()`, `.read()`, `.read_text()`, `.json()`."""
    return Client().open_source(text, variables)


def open_sources(named: Sequence[str]) -> tuple[Source, ...]:
    """Several sources, as `open_source` gives each. One that can't be read is there too: `.absent` says why."""
    return Client().open_sources(named)


def _without_home(source: str) -> str:
    """A path below the user's home with `~` for it: a notebook is sent to others."""
    path = Path(source)
    if not path.is_absolute() or not path.is_relative_to(Path.home()):
        return source
    return f"~/{path.relative_to(Path.home()).as_posix()}"


def _text(which: Which) -> str:
    return str(which) if isinstance(which, (str, UUID)) else which.id
