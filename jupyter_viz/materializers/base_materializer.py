"""The base class of materializers."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any, ClassVar

from ..enums import ArtifactKind, VisualizationType
from ..io import fileio
from ..models import ColumnInfo
from ..uri import is_uri
from . import pickled
from .registered import qualified_name, register

__all__ = ["BaseMaterializer", "Description", "qualified_name"]


@dataclass(frozen=True, slots=True)
class Description:
    """What the catalog keeps of a value besides its bytes."""

    rows: int | None = None
    columns: tuple[ColumnInfo, ...] = ()


class BaseMaterializer:
    """Stores values of `ASSOCIATED_TYPES` in the folder `self.uri`.

    A subclass writes its data to `self.path("data.<ext>")` in `save` and reads it back in `load`. One that has neither
    stores by cloudpickle, and only says what to show. Defining a subclass with `ASSOCIATED_TYPES` registers it; one
    defined later for the same type, or under the same name, replaces it.
    """

    ASSOCIATED_TYPES: ClassVar[tuple[type, ...]] = ()
    KIND: ArtifactKind = ArtifactKind.BINARY

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        register(cls)

    def __init__(self, uri: str) -> None:
        self.uri = uri

    def path(self, name: str) -> str:
        """The path of a file in the artifact's folder."""
        return f"{self.uri}/{name}" if is_uri(self.uri) else os.path.join(self.uri, name)

    def save(self, data: Any) -> None:
        """Write the value. Raises `InvalidOutput` when it can't be stored as it is."""
        pickled.save(self.path("data.pkl"), data)

    def load(self, data_type: type | None = None) -> Any:
        """Read the value back."""
        path = self.path("data.pkl")
        if type(self).save is not BaseMaterializer.save and not fileio.exists(path):
            raise NotImplementedError(f"{qualified_name(type(self))} has a save(), but no load() that reads it back.")
        return pickled.load(path)

    def save_visualizations(self, data: Any) -> dict[str, VisualizationType]:
        """Write what to show of the value; returns the format of each file, by its path."""
        return {}

    def describe(self, data: Any) -> Description:
        return Description()
