"""The base class of materializers, and which one a value gets."""

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib import import_module
from typing import Any, ClassVar

from .. import registry
from ..enums import ArtifactKind, VisualizationType
from ..errors import InvalidOutput, did_you_mean
from ..models import ColumnInfo


@dataclass(frozen=True, slots=True)
class Description:
    """What the catalog keeps of a value besides its bytes."""

    rows: int | None = None
    columns: tuple[ColumnInfo, ...] = ()


class BaseMaterializer:
    """Stores values of `ASSOCIATED_TYPES` in the folder `self.uri`.

    A subclass writes its data to `self.path("data.<ext>")` in `save` and reads it back in `load`. Defining a subclass
    with `ASSOCIATED_TYPES` registers it; one defined later for the same type replaces it.
    """

    ASSOCIATED_TYPES: ClassVar[tuple[type, ...]] = ()
    KIND: ClassVar[ArtifactKind] = ArtifactKind.BINARY

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for kind in cls.__dict__.get("ASSOCIATED_TYPES", ()):
            _defined[kind] = cls

    def __init__(self, uri: str) -> None:
        self.uri = uri

    def path(self, name: str) -> str:
        """The path of a file in the artifact's folder."""
        return os.path.join(self.uri, name)

    def save(self, data: Any) -> None:
        """Write the value. Raises `InvalidOutput` when it can't be stored as it is."""
        raise NotImplementedError(f"{type(self).__name__} has no save()")

    def load(self, data_type: type | None = None) -> Any:
        """Read the value back."""
        raise NotImplementedError(f"{type(self).__name__} has no load()")

    def save_visualizations(self, data: Any) -> dict[str, VisualizationType]:
        """Write what to show of the value; returns the format of each file, by its path."""
        return {}

    def describe(self, data: Any) -> Description:
        return Description()


_defined: dict[type, type[BaseMaterializer]] = {}


def qualified_name(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def materializer_for(value: Any) -> type[BaseMaterializer]:
    """The materializer of the nearest class in the value's MRO; of one class the defined before the installed."""
    points = registry.found(registry.MATERIALIZERS)
    for kind in type(value).__mro__:
        if kind in _defined:
            return _defined[kind]
        if point := points.get(qualified_name(kind)):
            found = registry.load(point)
            if isinstance(found, registry.Broken):
                raise InvalidOutput(f"The materializer for {qualified_name(kind)} is broken: {found.message}")
            materializer: type[BaseMaterializer] = found
            return materializer
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
