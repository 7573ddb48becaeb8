"""Numbers, containers and None as JSON; anything else by cloudpickle, as the last resort."""

from __future__ import annotations

import json
import math
import reprlib
import warnings
from typing import Any

from ..enums import ArtifactKind, VisualizationType
from ..errors import InvalidOutput
from ..io import fileio
from .base_materializer import BaseMaterializer, qualified_name

_SHOWN_BYTES = 1 << 20


class PickleMaterializer(BaseMaterializer):
    """Any object that cloudpickle can store. Loading runs code from the file, and says so."""

    def save(self, data: Any) -> None:
        import cloudpickle

        try:
            packed = cloudpickle.dumps(data)
        except Exception as error:  # what pickling meets in somebody's object can be anything
            raise InvalidOutput(f"A {qualified_name(type(data))} can't be stored: {error}") from error
        with fileio.open(self.path("data.pkl"), "wb") as file:
            file.write(packed)

    def load(self, data_type: type | None = None) -> Any:
        import cloudpickle

        path = self.path("data.pkl")
        warnings.warn(f"Unpickling {path}: this runs code from that file.", stacklevel=3)
        with fileio.open(path, "rb") as file:
            return cloudpickle.loads(file.read())  # the user's own process, and it was said


class JSONMaterializer(BaseMaterializer):
    """None, bool, numbers, lists, dicts. Where JSON would change the value (a tuple, a number as key), pickle too."""

    KIND = ArtifactKind.JSON

    def save(self, data: Any) -> None:
        try:
            text = json.dumps(data, indent=1, ensure_ascii=False, default=_plainer)
            text.encode()
            exact = _same(json.loads(text), data)
        except (TypeError, ValueError, RecursionError):  # a key that is a tuple, half a surrogate pair, a circle
            text, exact = json.dumps(reprlib.repr(data)), False
        if not exact:
            PickleMaterializer(self.uri).save(data)
        with fileio.open(self.path("data.json"), "w") as file:
            file.write(text)

    def load(self, data_type: type | None = None) -> Any:
        if fileio.exists(self.path("data.pkl")):
            return PickleMaterializer(self.uri).load(data_type)
        with fileio.open(self.path("data.json")) as file:
            return json.load(file)

    def save_visualizations(self, data: Any) -> dict[str, VisualizationType]:
        path = self.path("data.json")
        return {path: VisualizationType.JSON} if fileio.size(path) <= _SHOWN_BYTES else {}


def _plainer(value: Any) -> Any:
    """A numpy number as Python's; any other stranger by its text (the pickle beside it keeps the value)."""
    return value.item() if hasattr(value, "item") and getattr(value, "ndim", None) == 0 else repr(value)


def _same(left: Any, right: Any) -> bool:
    """Equal in value and type all the way down; NaN equals NaN."""
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return list(left) == list(right) and all(_same(left[key], right[key]) for key in left)
    if isinstance(left, list):
        return len(left) == len(right) and all(map(_same, left, right))
    if isinstance(left, float) and math.isnan(left):
        return math.isnan(right)
    return bool(left == right)
