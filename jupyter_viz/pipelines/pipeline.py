"""`@pipeline`: a function that calls steps. Calling it records a run."""

from __future__ import annotations

import functools
import inspect
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, ParamSpec, overload

from ..errors import did_you_mean
from ..recorded import RecordedRun, asked_here
from .configuration import PipelineOptions, check_parameters, read_options
from .names import new_name
from .runner import ActiveRun, current_run, run_pipeline
from .snapshot import snapshot_of

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Model:
    """A named thing that runs of a pipeline produce: `@pipeline(model=Model("churn"))`."""

    name: str


class Pipeline(Generic[P]):
    """A pipeline. Calling it executes its steps in this process and returns the recorded run.

    What a step raises goes on to the caller; by then step and run are recorded as failed, with all that was stored
    before.
    """

    def __init__(
        self,
        function: Callable[P, Any],
        name: str | None = None,
        enable_artifact_visualization: bool | None = None,
        options: PipelineOptions = PipelineOptions(),  # noqa: B008 — frozen
    ) -> None:
        functools.update_wrapper(self, function)
        self.function = function
        self.name = name or function.__name__
        self.enable_artifact_visualization = enable_artifact_visualization
        self._options = options

    def with_options(
        self,
        *,
        run_name: str | None = None,
        tags: Sequence[str] = (),
        experiment: str | None = None,
        model: Model | str | None = None,
        enable_artifact_visualization: bool | None = None,
        config_path: str | Path | None = None,
    ) -> Pipeline[P]:
        """The same pipeline with other options; what is not given stays, what is given wins over the file."""
        flag = enable_artifact_visualization
        file = read_options(config_path) if config_path is not None else PipelineOptions()
        said = PipelineOptions(run_name, tuple(tags), experiment, _model_name(model))
        return Pipeline(
            self.function,
            self.name,
            self.enable_artifact_visualization if flag is None else flag,
            self._options.merged(file).merged(said),
        )

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> RecordedRun:
        signature = inspect.signature(self.function)
        check_parameters(self.function, self._options.parameters, f"pipeline {self.name!r}")
        given = signature.bind_partial(*args, **kwargs).arguments
        from_file = {name: value for name, value in self._options.parameters.items() if name not in given}
        bound = signature.bind(*args, **{**kwargs, **from_file})
        bound.apply_defaults()

        def start() -> ActiveRun:
            snapshot = snapshot_of(self.function, self._options, self.enable_artifact_visualization)
            decorated = self.enable_artifact_visualization
            return ActiveRun(self.name, new_name(), bound.arguments, self._options, decorated, snapshot)

        uncalled: list[str] = []

        def body() -> None:
            self.function(*bound.args, **bound.kwargs)
            called = current_run().step_names
            uncalled.extend(_not_called(name, called) for name in self._options.steps if name not in called)
            for reason in uncalled:
                current_run().warn(reason)

        run = run_pipeline(self.name, start, body)
        for reason in uncalled:
            warnings.warn(reason, stacklevel=2)
        return RecordedRun(asked_here(), run)

    def __repr__(self) -> str:
        return f"<pipeline {self.name}>"


@overload
def pipeline(function: Callable[P, Any], /) -> Pipeline[P]: ...
@overload
def pipeline(
    *,
    name: str | None = None,
    tags: Sequence[str] = (),
    experiment: str | None = None,
    model: Model | str | None = None,
    enable_artifact_visualization: bool | None = None,
    config_path: str | Path | None = None,
) -> Callable[[Callable[P, Any]], Pipeline[P]]: ...
def pipeline(
    function: Callable[..., Any] | None = None,
    /,
    *,
    name: str | None = None,
    enable_artifact_visualization: bool | None = None,
    **options: Any,
) -> Any:
    """Make a function that calls steps a pipeline.

    Args:
        name: By default the function's.
        tags: Words that its runs are found by.
        experiment: The group its runs belong to.
        model: What its runs produce.
        enable_artifact_visualization: Whether to save what there is to show of outputs, unless a step or the file says
            otherwise.
        config_path: A YAML file with options: run_name, tags, experiment, model, enable_artifact_visualization,
            parameters, and `steps` with enable_artifact_visualization and parameters by name.
    """

    def make(function: Callable[..., Any]) -> Pipeline[Any]:
        made: Pipeline[Any] = Pipeline(function, name, enable_artifact_visualization)
        return made.with_options(**options) if options else made

    return make if function is None else make(function)


def _not_called(name: str, called: Sequence[str]) -> str:
    return f"The configuration names step {name!r}, which this run did not call.{did_you_mean(name, called)}"


def _model_name(model: Model | str | None) -> str | None:
    return model.name if isinstance(model, Model) else model
