"""Which outputs a step has: names from its return annotation, values from what it returned."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable
from typing import Annotated, Any, get_args, get_origin

from ..errors import InvalidOutput

DEFAULT = "output"


def output_names(function: Callable[..., Any]) -> list[str] | None:
    """The names of a step's outputs; None where it has one that carries no name, [] where it returns nothing.

    `-> Annotated[T, "name"]` names one; `-> tuple[Annotated[T, "a"], Annotated[U, "b"]]` and a NamedTuple several;
    a part of a tuple without a name is called `output_0`, `output_1`, …
    """
    try:
        hint = _return_hint(function)
    except (NameError, TypeError, AttributeError, SyntaxError):  # for type checkers only: can't be evaluated here
        return None
    if hint is type(None):
        return []
    if fields := getattr(hint, "_fields", None):
        return list(fields)
    if get_origin(hint) is tuple and Ellipsis not in get_args(hint):
        return [_name(part) or f"{DEFAULT}_{position}" for position, part in enumerate(get_args(hint))]
    name = _name(hint)
    return None if name is None else [name]


def named_outputs(function: Callable[..., Any], returned: Any) -> dict[str, Any]:
    """The values of a step by output name. Raises `InvalidOutput` when their number does not fit the annotation."""
    names = output_names(function)
    several = isinstance(returned, tuple) and hasattr(returned, "_fields")
    if names is None:
        if several:
            return dict(zip(returned._fields, returned, strict=True))
        return {} if returned is None else {DEFAULT: returned}
    if not names:
        if returned is not None:
            raise InvalidOutput(f"The step is annotated to return None, but returned a {type(returned).__name__}.")
        return {}
    if len(names) == 1 and not several:
        return {names[0]: returned}
    if not isinstance(returned, (tuple, list)) or len(returned) != len(names):
        count = len(returned) if isinstance(returned, (tuple, list)) else 1
        raise InvalidOutput(f"The step names {len(names)} outputs ({', '.join(names)}), but returned {count}.")
    repeated = {name for name in names if names.count(name) > 1}
    if repeated:
        raise InvalidOutput(f"The step names several outputs {repeated.pop()!r}.")
    return dict(zip(names, returned, strict=True))


def _return_hint(function: Callable[..., Any]) -> Any:
    """The return annotation, evaluated alone: what the parameters say can't spoil it."""

    def only_return() -> None: ...

    plain = inspect.unwrap(function)
    only_return.__annotations__ = {"return": plain.__annotations__.get("return", Any)}
    names = getattr(plain, "__globals__", None)
    return typing.get_type_hints(only_return, globalns=names, include_extras=True)["return"]


def _name(hint: Any) -> str | None:
    if get_origin(hint) is Annotated:
        return next((part for part in get_args(hint)[1:] if isinstance(part, str)), None)
    return None
