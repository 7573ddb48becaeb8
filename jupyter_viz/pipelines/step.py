"""`@step`: a function whose outputs are recorded when a pipeline calls it."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, ParamSpec, TypeVar, overload

from ..errors import InvalidOutput
from ..materializers import BaseMaterializer
from .names import new_name
from .runner import ActiveRun, Call, current_run, is_recording, run_pipeline

P = ParamSpec("P")
R = TypeVar("R")

Materializers = type[BaseMaterializer] | Mapping[str, type[BaseMaterializer]]


class Step(Generic[P, R]):
    """A step. Called inside a pipeline it runs and is recorded; called alone, it is a run of one step.

    `step.function` is the plain function, for tests.
    """

    def __init__(
        self,
        function: Callable[P, R],
        name: str | None = None,
        enable_artifact_visualization: bool | None = None,
        output_materializers: Materializers | None = None,
        outputs: Sequence[str] | None = None,
    ) -> None:
        functools.update_wrapper(self, function)
        self.function = function
        self.name = name or function.__name__
        self.enable_artifact_visualization = enable_artifact_visualization
        if isinstance(outputs, str) or (outputs is not None and (not outputs or len(set(outputs)) < len(outputs))):
            raise InvalidOutput(f"outputs={outputs!r} of step {self.name!r}: a list of different names is needed.")
        self.output_names = None if outputs is None else tuple(outputs)
        given = output_materializers or {}
        self.output_materializers = dict(given) if isinstance(given, Mapping) else {"": given}

    def with_options(
        self,
        *,
        name: str | None = None,
        enable_artifact_visualization: bool | None = None,
        output_materializers: Materializers | None = None,
    ) -> Step[P, R]:
        """The same step with other options; what is not given stays."""
        flag = enable_artifact_visualization
        return Step(
            self.function,
            name or self.name,
            self.enable_artifact_visualization if flag is None else flag,
            self.output_materializers if output_materializers is None else output_materializers,
            self.output_names,
        )

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        call = Call(
            self.name,
            self.function,
            args,
            kwargs,
            self.enable_artifact_visualization,
            self.output_materializers,
            self.output_names,
        )
        if is_recording():
            result: R = current_run().execute(call)
            return result
        returned: list[R] = []
        run_pipeline(
            self.name,
            lambda: ActiveRun(self.name, new_name(), {}),
            lambda: returned.append(current_run().execute(call)),
        )
        return returned[0]

    def __repr__(self) -> str:
        return f"<step {self.name}>"


@overload
def step(function: Callable[P, R], /) -> Step[P, R]: ...
@overload
def step(
    *,
    name: str | None = None,
    enable_artifact_visualization: bool | None = None,
    output_materializers: Materializers | None = None,
    outputs: Sequence[str] | None = None,
) -> Callable[[Callable[P, R]], Step[P, R]]: ...
def step(function: Callable[..., Any] | None = None, /, **options: Any) -> Any:
    """Make a function a step.

    Args:
        name: By default the function's.
        enable_artifact_visualization: Whether to save what there is to show of its outputs; by default as the pipeline
            says, and that by default does.
        output_materializers: A materializer for all outputs, or one for each by output name.
        outputs: Names of the outputs, for a step without an annotation that says them: `outputs=["train", "test"]` for
            one that returns `{"train": …, "test": …}`, or the two in that order.

    Outputs are named in the return annotation: `-> Annotated[DataFrame, "scores"]`, a tuple of such, a NamedTuple, or a
    TypedDict; without a name the output is called `output`, and a dict is one output.
    """
    if function is not None:
        return Step(function)
    return lambda function: Step(function, **options)
