"""A run while it runs: what its steps produced is stored as they produce it, and a beat says that it lives."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from typing import Any

from ..artifacts.store import ArtifactStore
from ..catalog import Catalog, open_catalog
from ..catalog.liveness import BEAT_SECONDS
from ..catalog.recording import new_id
from ..clock import now
from ..config import Configuration, load_configuration
from ..enums import RunStatus
from ..errors import CatalogUnavailable, RecordingFailed, VizError
from ..materializers import BaseMaterializer, materializer_for
from ..materializers.base_materializer import qualified_name
from ..models import Artifact, Failure, Metric, Run, SavedVisualization
from .outputs import named_outputs

_LARGEST_SHOWN = 50 * 1024 * 1024
_LONGEST_TEXT = 20_000


class ActiveRun:
    """The run of the pipeline that is executing now, in this thread or task."""

    def __init__(self, config: Configuration, pipeline: str, name: str, parameters: Mapping[str, Any]) -> None:
        self._catalog: Catalog = open_catalog(config.catalog)
        self._store = ArtifactStore(config.artifacts)
        self.id, self.name = self._catalog.recording.start_run(
            config.project, pipeline, name, {key: _recordable(value) for key, value in parameters.items()}
        )
        self.project, self.pipeline = config.project, pipeline
        self._step_names: list[str] = []
        self._step_id: str | None = None
        self._ended = threading.Event()
        threading.Thread(target=self._beat, name=f"jupyter_viz beat of {self.name}", daemon=True).start()

    def execute(self, name: str, function: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        """Run one step: record it, its outputs, and how it ended. What the step raises goes on to the caller."""
        name = self._free_step_name(name)
        step_id = self._catalog.recording.start_step(self.id, name, len(self._step_names))
        self._step_names.append(name)
        outer, self._step_id = self._step_id, step_id
        try:
            returned = function(*args, **kwargs)
            for position, (output, value) in enumerate(named_outputs(function, returned).items()):
                self._store_output(step_id, name, output, value, position)
        except BaseException as error:
            self._catalog.recording.end_step(step_id, _ending(error), last_line(error), _whole_story(error))
            raise
        finally:
            self._step_id = outer
        self._catalog.recording.end_step(step_id, RunStatus.COMPLETED)
        return returned

    def log_metrics(self, metrics: Iterable[Metric]) -> None:
        self._catalog.recording.log_metrics(self.id, self._step_id, metrics)

    def end(self, error: BaseException | None) -> Run:
        self._ended.set()
        status = RunStatus.COMPLETED if error is None else _ending(error)
        self._catalog.recording.end_run(self.id, status, None if error is None else last_line(error))
        return self._catalog.runs.run(self.id)

    def _beat(self) -> None:
        while not self._ended.wait(BEAT_SECONDS):
            try:
                self._catalog.recording.beat(self.id)
            except CatalogUnavailable:
                continue  # the next beat may get through; a minute without one says "interrupted"

    def _free_step_name(self, name: str) -> str:
        """`evaluate`, then `evaluate_2`, … for a step called several times."""
        wanted, number = name, 1
        while name in self._step_names:
            number += 1
            name = f"{wanted}_{number}"
        return name

    def _store_output(self, step_id: str, step: str, output: str, value: Any, position: int) -> None:
        artifact_id = new_id()
        folder = self._store.artifact_folder(self.id, artifact_id)
        materializer_class = materializer_for(value)
        materializer = materializer_class(folder)
        try:
            materializer.save(value)
        except VizError as error:
            raise type(error)(f"Output {output!r} of step {step!r}: {error}") from error
        digest, size = self._store.digest(folder)
        shown = list(self._shown(materializer, value, output))
        description = materializer.describe(value)
        artifact = Artifact(
            id=artifact_id,
            name=output,
            index=0,
            project=self.project,
            pipeline=self.pipeline,
            run_id=self.id,
            run=self.name,
            step=step,
            kind=materializer.KIND,
            python_type=qualified_name(type(value)).removeprefix("builtins."),
            materializer=qualified_name(materializer_class),
            uri=folder,
            size=size,
            digest=digest,
            rows=description.rows,
            columns=description.columns,
            created_at=now(),
        )
        self._catalog.recording.add_artifact(step_id, artifact, shown)

    def _shown(self, materializer: BaseMaterializer, value: Any, output: str) -> Iterable[SavedVisualization]:
        """What the materializer saved to show. When it fails, that is what is shown; the step goes on."""
        from ..enums import VisualizationType
        from ..io import fileio

        try:
            saved = materializer.save_visualizations(value)
            for path, kind in saved.items():
                path = path.replace("\\", "/")
                stem = path.rpartition("/")[2].rpartition(".")[0]
                name = output if stem == "data" else stem  # a file that is the data itself
                self._store.checked(path)
                size = fileio.size(path)
                if size > _LARGEST_SHOWN:
                    message = f"It has {size:,} bytes; at most {_LARGEST_SHOWN:,} are shown."
                    yield SavedVisualization(name, VisualizationType(kind), error=Failure("too_large", message))
                else:
                    yield SavedVisualization(name, VisualizationType(kind), path, size)
        except Exception as error:  # a user's `save_visualizations` can raise anything; the data is safe already
            failure = Failure("save_visualizations_failed", last_line(error), _whole_story(error))
            yield SavedVisualization(type(materializer).__name__, VisualizationType.JSON, error=failure)


_current: ContextVar[ActiveRun | None] = ContextVar("jupyter_viz_run", default=None)


def current_run() -> ActiveRun:
    run = _current.get()
    if run is None:
        raise RecordingFailed("No run is being recorded here: call this inside a function that @pipeline runs.")
    return run


def is_recording() -> bool:
    return _current.get() is not None


def run_pipeline(pipeline: str, name: str, parameters: Mapping[str, Any], body: Callable[[], Any]) -> Run:
    """Execute `body` as a run of `pipeline` and return what was recorded. What `body` raises goes on to the caller."""
    if is_recording():
        raise RecordingFailed(
            f"Pipeline {pipeline!r} was called inside run {current_run().name!r}; call its steps there."
        )
    run = ActiveRun(load_configuration(), pipeline, name, parameters)
    token = _current.set(run)
    try:
        body()
    except BaseException as error:
        run.end(error)
        raise
    finally:
        _current.reset(token)
    return run.end(None)


def last_line(error: BaseException) -> str:
    text = "".join(traceback.format_exception_only(error)).strip()
    return text.splitlines()[-1][:_LONGEST_TEXT]


def _whole_story(error: BaseException) -> str:
    return "".join(traceback.format_exception(error))[-_LONGEST_TEXT:]


def _ending(error: BaseException) -> RunStatus:
    return RunStatus.FAILED if isinstance(error, Exception) else RunStatus.INTERRUPTED


def _recordable(value: Any) -> Any:
    """A parameter as JSON can hold it; what isn't a plain value by its text."""
    import json

    try:
        return json.loads(json.dumps(value, allow_nan=False))
    except (TypeError, ValueError):
        return repr(value)[:_LONGEST_TEXT]
