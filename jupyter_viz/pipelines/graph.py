"""Which artifact a value is: how a step that is called with another step's output is known to depend on it."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterator
from typing import Any

_LONGEST_TEXT = 20_000


class Made:
    """The outputs of a run's steps, by identity. Holds them, so that no other object can take their place in memory."""

    def __init__(self) -> None:
        self._artifacts: dict[int, str] = {}
        self._values: list[Any] = []

    def add(self, value: Any, artifact_id: str) -> None:
        # None, booleans and small numbers are one object wherever they occur: their identity says nothing.
        if value is None or isinstance(value, (bool, int)) or (isinstance(value, (str, tuple)) and not value):
            return
        self._artifacts[id(value)] = artifact_id
        self._values.append(value)

    def artifacts_in(self, value: Any) -> Iterator[str]:
        """Artifact ids of a value, or of what a list, tuple or dict holds."""
        if id(value) in self._artifacts:
            yield self._artifacts[id(value)]
        elif type(value) in (list, tuple, dict):
            for part in value.values() if isinstance(value, dict) else value:
                if id(part) in self._artifacts:
                    yield self._artifacts[id(part)]


def split_arguments(
    function: Callable[..., Any], args: Any, kwargs: Any, made: Made
) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """(literals by parameter, (parameter, artifact id) of what other steps made) of a call."""
    try:
        bound = inspect.signature(function).bind(*args, **kwargs).arguments
    except TypeError:
        return {}, []  # the call itself will say what is wrong with its arguments
    literals: dict[str, Any] = {}
    inputs: dict[tuple[str, str], None] = {}
    for name, value in bound.items():
        found = list(made.artifacts_in(value))
        inputs.update({(name, artifact_id): None for artifact_id in found})
        if not found:
            literals[name] = recordable(value)
    return literals, list(inputs)


def recordable(value: Any) -> Any:
    """A parameter as JSON can hold it; what isn't a plain value by its type and text."""
    try:
        text = json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        return repr(value)[:_LONGEST_TEXT]
    return json.loads(text) if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}…"
