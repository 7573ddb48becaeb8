"""`@step`: a function whose outputs are recorded when a pipeline calls it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Generic, ParamSpec, TypeVar, overload

from .names import new_name
from .runner import current_run, is_recording, run_pipeline

P = ParamSpec("P")
R = TypeVar("R")


class Step(Generic[P, R]):
    """A step. Called inside a pipeline it runs and is recorded; called alone, it is a run of one step.

    `step.function` is the plain function, for tests.
    """

    def __init__(self, function: Callable[P, R], name: str | None = None) -> None:
        functools.update_wrapper(self, function)
        self.function = function
        self.name = name or function.__name__

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        if is_recording():
            result: R = current_run().execute(self.name, self.function, args, kwargs)
            return result
        returned: list[R] = []

        def body() -> None:
            returned.append(current_run().execute(self.name, self.function, args, kwargs))

        run_pipeline(self.name, new_name(), {}, body)
        return returned[0]

    def __repr__(self) -> str:
        return f"<step {self.name}>"


@overload
def step(function: Callable[P, R], /) -> Step[P, R]: ...
@overload
def step(*, name: str | None = None) -> Callable[[Callable[P, R]], Step[P, R]]: ...
def step(function: Callable[..., Any] | None = None, /, *, name: str | None = None) -> Any:
    """Make a function a step.

    Args:
        name: By default the function's.

    Outputs are named in the return annotation: `-> Annotated[DataFrame, "scores"]`, a tuple of such, or a
    NamedTuple; without a name the output is called `output`.
    """
    if function is not None:
        return Step(function)
    return lambda function: Step(function, name)
