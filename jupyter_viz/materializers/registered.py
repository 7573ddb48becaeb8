"""Which materializer a value gets: the given, else that of the nearest class in its MRO, by the name of the class.

A library is never imported to see whether a value is one of its objects.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Any

from .. import registry
from ..errors import InvalidOutput, did_you_mean

if TYPE_CHECKING:
    from .base_materializer import BaseMaterializer

    Given = type[BaseMaterializer] | str | Iterable[type[BaseMaterializer] | str]

# By the name of the type: a notebook cell that defines the type again makes another class of the same name.
_defined: dict[str, type[BaseMaterializer]] = {}


def qualified_name(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def register(materializer: type[BaseMaterializer]) -> None:
    """Use it for its `ASSOCIATED_TYPES` from now on; an older class of the same name is forgotten."""
    name = qualified_name(materializer)
    for type_name, older in list(_defined.items()):
        if qualified_name(older) == name:
            del _defined[type_name]
    for kind in materializer.__dict__.get("ASSOCIATED_TYPES", ()):
        _defined[qualified_name(kind)] = materializer


def materializer_for(value: Any, given: Given | None = None) -> type[BaseMaterializer]:
    """The materializer that stores a value.

    Args:
        value: What is to be stored.
        given: A materializer or its `module.Class`, or several of them: one that names the value's type, or names no
            type at all, goes before all others.

    Returns:
        A given one; else that of the nearest class in the value's MRO, of one class the defined before the installed.
    """
    names = list(_names(type(value)))
    for materializer in _several(given):
        types = {qualified_name(kind) for kind in materializer.ASSOCIATED_TYPES}
        if not types or not types.isdisjoint(names):
            return materializer
    points = registry.found(registry.MATERIALIZERS)
    for name in names:
        if name in _defined:
            return _defined[name]
        if point := points.get(name):
            found = registry.load(point)
            if isinstance(found, registry.Broken):
                raise InvalidOutput(f"The materializer for {name} is broken: {found.message}")
            installed: type[BaseMaterializer] = found
            return installed
    raise InvalidOutput(f"No materializer stores a {qualified_name(type(value))}.")


def materializer_named(name: str) -> type[BaseMaterializer]:
    """The materializer whose `module.Class` a catalog noted. Imports it: only in a kernel or pipeline process."""
    for materializer in _defined.values():
        if qualified_name(materializer) == name:
            return materializer
    module, _, attribute = name.rpartition(".")
    try:
        found: type[BaseMaterializer] = getattr(import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        known = [point.value.replace(":", ".") for point in registry.found(registry.MATERIALIZERS).values()]
        raise InvalidOutput(
            f"The materializer {name!r} that stored this is not in this environment ({error})."
            f"{did_you_mean(name, known)}"
        ) from error
    return found


def _several(given: Given | None) -> list[type[BaseMaterializer]]:
    if given is None:
        return []
    several = [given] if isinstance(given, (str, type)) else list(given)
    return [materializer_named(item) if isinstance(item, str) else item for item in several]


def _names(kind: type) -> Iterator[str]:
    """The names a value is known by, nearest first. Dataclasses have no common class, so they get a name here."""
    for each in kind.__mro__:
        yield qualified_name(each)
        if "__dataclass_fields__" in each.__dict__:
            yield "dataclasses.dataclass"
