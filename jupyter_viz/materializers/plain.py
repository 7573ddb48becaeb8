"""Numbers, containers, dates, enums, dataclasses and models as JSON; anything else by cloudpickle, the last resort."""

from __future__ import annotations

import json
from typing import Any

from ..enums import ArtifactKind, VisualizationType
from ..io import fileio
from . import exact, pickled
from .base_materializer import BaseMaterializer, qualified_name
from .readable import readable

_SHOWN_BYTES = 1 << 20


class PickleMaterializer(BaseMaterializer):
    """Any object that cloudpickle can store. Loading runs code from the file, and says so."""

    def save_visualizations(self, data: Any) -> dict[str, VisualizationType]:
        path = self.path("summary.json")
        with fileio.open(path, "w") as file:
            json.dump({"type": qualified_name(type(data)), "value": readable(data)}, file, indent=1)
        return {path: VisualizationType.JSON}


class JSONMaterializer(BaseMaterializer):
    """Values that are shown as JSON.

    `data.json` is the value where JSON can hold it. Where it would change it (a tuple, a number as key, NaN), it is a
    readable form, and beside it lies the value itself: `exact.json`, or `data.pkl` for objects of other classes.
    """

    KIND = ArtifactKind.JSON

    def save(self, data: Any) -> None:
        packed, shown = None, data
        try:
            form = exact.encoded(data)
            text = json.dumps(form)
        except (exact.NotPlain, RecursionError):  # somebody's class; a circle
            pickled.save(self.path("data.pkl"), data)
            shown = readable(data, whole=True)
        else:
            if form != data or not _is_utf8(data, text):
                packed, shown = text, readable(data, whole=True)
        whole = json.dumps(shown, ensure_ascii=False)
        if len(whole) < _SHOWN_BYTES:  # what is looked at; the rest is written as fast as it can be
            whole = json.dumps(shown, indent=1, ensure_ascii=False)
        with fileio.open(self.path("data.json"), "w") as file:
            file.write(whole)
        if packed is not None:
            with fileio.open(self.path("exact.json"), "w") as file:
                file.write(packed)

    def load(self, data_type: type | None = None) -> Any:
        if fileio.exists(self.path("data.pkl")):
            return pickled.load(self.path("data.pkl"))
        if fileio.exists(self.path("exact.json")):
            with fileio.open(self.path("exact.json")) as file:
                return exact.decoded(json.load(file))
        with fileio.open(self.path("data.json")) as file:
            return json.load(file)

    def save_visualizations(self, data: Any) -> dict[str, VisualizationType]:
        whole = self.path("data.json")
        if fileio.size(whole) <= _SHOWN_BYTES:
            return {whole: VisualizationType.JSON}
        part = self.path("beginning.json")
        with fileio.open(part, "w") as file:
            json.dump(readable(data), file, indent=1, ensure_ascii=False)
        return {part: VisualizationType.JSON}


def _is_utf8(data: Any, text: str) -> bool:
    if "\\ud" not in text:
        return True
    try:
        json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # half a surrogate pair
        return False
    return True
