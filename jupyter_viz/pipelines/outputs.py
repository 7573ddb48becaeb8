"""Which outputs a step has: names from `@step(outputs=…)` or its return annotation, values from what it returned.

A step that returns a dict has one output, the dict, unless its keys are named: by `outputs`, or by a TypedDict.
"""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Annotated, Any, get_args, get_origin

from ..errors import InvalidOutput, did_you_mean

DEFAULT = "output"


def output_names(function: Callable[..., Any]) -> list[str] | None:
    """The names of a step's outputs; None where it has one that carries no name, [] where it returns nothing.

    `-> Annotated[T, "name"]` names one; `-> tuple[Annotated[T, "a"], Annotated[U, "b"]]`, a NamedTuple and a TypedDict
    several; a part of a tuple without a name is called `output_0`, `output_1`, …
    """
    hint = _return_hint(function)
    if hint is type(None):
        return []
    if fields := getattr(hint, "_fields", None):
        return list(fields)
    if typing.is_typeddict(hint):
        return list(hint.__annotations__)
    if get_origin(hint) is tuple and Ellipsis not in get_args(hint):
        return [_name(part) or f"{DEFAULT}_{position}" for position, part in enumerate(get_args(hint))]
    name = _name(hint)
    return None if name is None else [name]


def named_outputs(function: Callable[..., Any], returned: Any, given: Sequence[str] | None = None) -> dict[str, Any]:
    """The values of a step by output name.

    Args:
        given: Names that go before those of the annotation. Of several, a dict is taken by key, a tuple or list in
            order; one is the name of all that was returned.

    Raises:
        InvalidOutput: What was returned does not fit the names.
    """
    if given is not None:
        if len(given) > 1 and isinstance(returned, Mapping):
            return _by_key(given, given, returned)
        return _in_order(list(given), returned)
    hint = _return_hint(function)
    if typing.is_typeddict(hint):
        return _by_key(list(hint.__annotations__), hint.__required_keys__, returned)
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
    return _in_order(names, returned)


def _in_order(names: Sequence[str], returned: Any) -> dict[str, Any]:
    if len(names) == 1 and not (isinstance(returned, tuple) and hasattr(returned, "_fields")):
        return {names[0]: returned}
    if not isinstance(returned, (tuple, list)) or len(returned) != len(names):
        count = len(returned) if isinstance(returned, (tuple, list)) else 1
        raise InvalidOutput(f"The step names {len(names)} outputs ({', '.join(names)}), but returned {count}.")
    repeated = {name for name in names if names.count(name) > 1}
    if repeated:
        raise InvalidOutput(f"The step names several outputs {repeated.pop()!r}.")
    return dict(zip(names, returned, strict=True))


def _by_key(names: Sequence[str], required: Iterable[str], returned: Any) -> dict[str, Any]:
    """The parts of a dict: those that are named, all that are required, and no other."""
    if not isinstance(returned, Mapping):
        what = f"The step names {len(names)} outputs ({', '.join(names)})"
        raise InvalidOutput(f"{what}, but returned a {type(returned).__name__}, no dict.")
    for name in returned:
        if name not in names:
            raise InvalidOutput(f"The step returned {name!r}, which is not named.{did_you_mean(str(name), names)}")
    for name in required:
        if name not in returned:
            raise InvalidOutput(f"The step names an output {name!r}, but the dict it returned has none.")
    return {name: returned[name] for name in names if name in returned}


def _return_hint(function: Callable[..., Any]) -> Any:
    """The return annotation, evaluated alone: what the parameters say can't spoil it; Any where that can't be done."""

    def only_return() -> None: ...

    plain = inspect.unwrap(function)
    only_return.__annotations__ = {"return": getattr(plain, "__annotations__", {}).get("return", Any)}
    names = getattr(plain, "__globals__", None)
    try:
        return typing.get_type_hints(only_return, globalns=names, include_extras=True)["return"]
    except (NameError, TypeError, AttributeError, SyntaxError):  # for type checkers only
        return Any


def _name(hint: Any) -> str | None:
    if get_origin(hint) is Annotated:
        return next((part for part in get_args(hint)[1:] if isinstance(part, str)), None)
    return None
