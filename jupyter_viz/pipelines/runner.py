"""A run while it runs: what its steps produced is stored as they produce it, and a beat says that it lives."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from ..artifacts.store import ArtifactStore
from ..catalog.catalog import open_catalog
from ..catalog.liveness import BEAT_SECONDS
from ..config import load_configuration
from ..enums import RunStatus
from ..errors import CatalogUnavailable, InvalidMetric, RecordingFailed, StorageFull
from ..materializers import BaseMaterializer
from ..models import Metric, NewRun, NewSnapshot, Run
from ..tracebacks import headline, whole_story
from .configuration import PipelineOptions, StepOptions, check_parameters, shows
from .graph import Made, recordable, split_arguments
from .logs import StepLog, captured
from .metric_files import is_metrics, metrics_in
from .outputs import named_outputs
from .storing import stored_output

_LOG_SECONDS = 1.0
_NOT_NOW = (CatalogUnavailable, StorageFull)  # what may be over in a second, or when somebody made room


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a step: its name, what runs, and the words of its decorator."""

    name: str
    function: Callable[..., Any]
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    enable_artifact_visualization: bool | None = None
    materializers: Mapping[str, type[BaseMaterializer]] = field(default_factory=dict)
    outputs: tuple[str, ...] | None = None


class ActiveRun:
    """The run of the pipeline that is executing now, in this thread or task."""

    def __init__(
        self,
        pipeline: str,
        name: str,
        parameters: Mapping[str, Any],
        options: PipelineOptions = PipelineOptions(),  # noqa: B008 — frozen
        decorated: bool | None = None,
        snapshot: NewSnapshot | None = None,
    ) -> None:
        config = load_configuration()
        self._catalog = open_catalog(config.catalog)
        self._recording = self._catalog.recording
        self._store = ArtifactStore(config.artifacts)
        self._store.claim(self._catalog.id)
        self._options, self._decorated = options, decorated
        self.project, self.pipeline = config.project, pipeline
        new = NewRun(
            pipeline=pipeline,
            name=options.run_name or name,
            project=config.project,
            parameters={key: recordable(value) for key, value in parameters.items()},
            experiment=options.experiment,
            model=options.model,
            tags=options.tags,
            snapshot=snapshot,
        )
        self.id, self.name = self._recording.start_run(new)
        self.step_names: list[str] = []
        self._step_id: str | None = None
        self._made = Made()
        self._log: StepLog | None = None
        self._unwritten: deque[Callable[[], None]] = deque()
        self._writing = threading.Lock()
        self._ended = threading.Event()
        threading.Thread(target=self._live, name=f"jupyter_viz beat of {self.name}", daemon=True).start()

    def execute(self, call: Call) -> Any:
        """Run one step: record it, its outputs, and how it ended. What the step raises goes on to the caller."""
        name = self._free_step_name(call.name)
        options = self._options.steps.get(name) or self._options.steps.get(call.name) or StepOptions()
        kwargs = {**call.kwargs, **_not_given(call, options)}
        literals, inputs = split_arguments(call.function, call.args, kwargs, self._made)
        step_id = self._recording.start_step(self.id, name, len(self.step_names), literals, inputs)
        self.step_names.append(name)
        outer, self._step_id = (self._step_id, self._log), step_id
        self._log = log = StepLog(lambda number, text: self._recording.log(step_id, number, text))

        def ended(status: RunStatus, error: str | None = None, traceback: str | None = None) -> None:
            log.flush()
            self._recording.end_step(step_id, status, error, traceback)

        try:
            with captured(log):
                returned = call.function(*call.args, **kwargs)
                for output, value in named_outputs(call.function, returned, call.outputs).items():
                    self._store_output(step_id, name, output, value, call, options)
        except BaseException as error:
            with suppress(*_NOT_NOW):  # recording never stands between a caller and what was raised
                self._conclude(partial(ended, _ending(error), headline(error), whole_story(error)))
            raise
        finally:
            self._step_id, self._log = outer
        self._conclude(partial(ended, RunStatus.COMPLETED))
        return returned

    def log_metrics(self, metrics: Iterable[Metric]) -> None:
        self._recording.log_metrics(self.id, self._step_id, metrics)

    def warn(self, message: str) -> None:
        """Note on the run what was refused while it goes on."""
        self._recording.warn(self.id, message)

    def end(self, error: BaseException | None) -> Run:
        status = RunStatus.COMPLETED if error is None else _ending(error)
        message = None if error is None else headline(error)

        def ended() -> None:
            self._recording.end_run(self.id, status, message)
            self._ended.set()

        self._conclude(ended)
        return self._catalog.runs.run(self.id)

    def _conclude(self, write: Callable[[], None]) -> None:
        """Write how a step or the run ended. What can't be written now is written as soon as it can be, in order."""
        self._unwritten.append(write)
        self._write_what_waits()

    def _write_what_waits(self) -> None:
        with self._writing:
            while self._unwritten:
                self._unwritten[0]()
                self._unwritten.popleft()

    def _live(self) -> None:
        """Until the run's end is written: say that it lives, and hand on what its steps print."""
        beats = int(BEAT_SECONDS / _LOG_SECONDS)
        tick = 0
        while not self._ended.wait(_LOG_SECONDS):
            tick += 1
            try:
                if (log := self._log) is not None:
                    log.flush()
                self._write_what_waits()
                if tick % beats == 0:
                    self._recording.beat(self.id)
            except _NOT_NOW:
                continue  # the next one may get through; a minute without a beat says "interrupted"

    def _free_step_name(self, name: str) -> str:
        """`evaluate`, then `evaluate_2`, … for a step called several times."""
        wanted, number = name, 1
        while name in self.step_names:
            number += 1
            name = f"{wanted}_{number}"
        return name

    def _store_output(self, step_id: str, step: str, output: str, value: Any, call: Call, options: StepOptions) -> None:
        if is_metrics(output, value):
            self._log_metrics_of(output, value)
        artifact, saved = stored_output(
            self._store,
            {
                "project": self.project,
                "pipeline": self.pipeline,
                "run_id": self.id,
                "run": self.name,
                "step": step,
            },
            output,
            value,
            shown=shows(options, call.enable_artifact_visualization, self._options, self._decorated),
            given=call.materializers.get(output) or call.materializers.get(""),
        )
        self._recording.add_artifact(step_id, artifact, saved)
        self._made.add(value, artifact.id)

    def _log_metrics_of(self, output: str, value: Any) -> None:
        """Metrics of an output. What breaks the rules is noted on the run, which goes on."""
        good, refused = metrics_in(value)
        try:
            self.log_metrics(good)
        except InvalidMetric as error:
            refused.append(str(error))
        for reason in refused:
            self.warn(f"Output {output!r}: {reason}")


_current: ContextVar[ActiveRun | None] = ContextVar("jupyter_viz_run", default=None)


def current_run() -> ActiveRun:
    run = _current.get()
    if run is None:
        raise RecordingFailed("No run is being recorded here: call this inside a function that @pipeline runs.")
    return run


def is_recording() -> bool:
    return _current.get() is not None


def run_pipeline(pipeline: str, start: Callable[[], ActiveRun], body: Callable[[], Any]) -> Run:
    """Execute `body` as a run and return what was recorded. What `body` raises goes on to the caller."""
    if is_recording():
        raise RecordingFailed(
            f"Pipeline {pipeline!r} was called inside run {current_run().name!r}; call its steps there."
        )
    run = start()
    token = _current.set(run)
    try:
        body()
    except BaseException as error:
        with suppress(*_NOT_NOW):
            run.end(error)
        raise
    finally:
        _current.reset(token)
    return run.end(None)


def _ending(error: BaseException) -> RunStatus:
    return RunStatus.FAILED if isinstance(error, Exception) else RunStatus.INTERRUPTED


def _not_given(call: Call, options: StepOptions) -> dict[str, Any]:
    """Parameters of the YAML file that the call itself does not give."""
    import inspect

    if not options.parameters:
        return {}
    check_parameters(call.function, options.parameters, f"step {call.name!r}")
    given = inspect.signature(call.function).bind_partial(*call.args, **call.kwargs).arguments
    return {name: value for name, value in options.parameters.items() if name not in given}
