"""`@pipeline`: a function that calls steps. Calling it records a run."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, Generic, ParamSpec, overload

from ..models import Run
from .names import new_name
from .runner import run_pipeline

P = ParamSpec("P")


class Pipeline(Generic[P]):
    """A pipeline. Calling it executes its steps in this process and returns the recorded run.

    What a step raises goes on to the caller; by then step and run are recorded as failed, with all that was stored
    before.
    """

    def __init__(self, function: Callable[P, Any], name: str | None = None, run_name: str | None = None) -> None:
        functools.update_wrapper(self, function)
        self.function = function
        self.name = name or function.__name__
        self.run_name = run_name

    def with_options(self, *, run_name: str) -> Pipeline[P]:
        """The same pipeline, its next runs called `run_name` (`run_name-2`, … where there is one already)."""
        return Pipeline(self.function, self.name, run_name)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Run:
        bound = inspect.signature(self.function).bind(*args, **kwargs)
        bound.apply_defaults()
        name = self.run_name or new_name()
        return run_pipeline(self.name, name, bound.arguments, lambda: self.function(*args, **kwargs))

    def __repr__(self) -> str:
        return f"<pipeline {self.name}>"


@overload
def pipeline(function: Callable[P, Any], /) -> Pipeline[P]: ...
@overload
def pipeline(*, name: str | None = None) -> Callable[[Callable[P, Any]], Pipeline[P]]: ...
def pipeline(function: Callable[..., Any] | None = None, /, *, name: str | None = None) -> Any:
    """Make a function that calls steps a pipeline.

    Args:
        name: By default the function's.
    """
    if function is not None:
        return Pipeline(function)
    return lambda function: Pipeline(function, name)
