"""What a rendering leaves: its executed notebook, and what there is to show of it."""

from __future__ import annotations

import copy
import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .. import errors
from ..artifacts.store import ArtifactStore
from ..enums import Freshness, VisualizationStatus
from ..errors import VizError, one_line
from ..models import Failure, StoredOutputs, Visualization
from .bundles import MIME
from .carried import packed, without_data
from .results import Kept, Result

if TYPE_CHECKING:
    from ..catalog.visualizations import Visualizations

NOTEBOOK = "notebook.json.gz"
_MOST_BYTES = 20 * 1024 * 1024
_LONGEST_TRACEBACK = 20_000
_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")


def write_notebook(store: ArtifactStore, folder: str, notebook: Mapping[str, Any]) -> int:
    """Store an executed notebook; returns how many bytes it takes."""
    return store.write_compressed(f"{folder}/{NOTEBOOK}", dump(notebook))


def store_rendering(
    rows: Visualizations,
    store: ArtifactStore,
    ids: Sequence[str],
    notebook: dict[str, Any],
    provenance: Mapping[str, Any],
) -> StoredOutputs:
    """Keep an executed notebook for each visualization that is one; returns what there is to show of it.

    Bytes first, then the row: what the catalog calls completed is there.
    """
    notebook["metadata"]["jupyter_viz"] = dict(provenance)
    kept = collect(notebook)
    failure = first_error(kept.outputs)
    status = VisualizationStatus.FAILED if failure else VisualizationStatus.COMPLETED
    metrics = headline(kept.outputs)
    for each in ids:
        folder = store.rendering_folder(each)
        size = write_notebook(store, folder, notebook)
        rows.ended([each], status, error=failure, uri=folder, size=size, metrics=metrics, provenance=provenance)
    return kept


def read_notebook(store: ArtifactStore, folder: str) -> dict[str, Any]:
    """The executed notebook of a rendering. Raises `BytesGone` when it was removed."""
    notebook: dict[str, Any] = json.loads(store.read_compressed(f"{folder}/{NOTEBOOK}"))
    return notebook


def collect(notebook: Mapping[str, Any]) -> StoredOutputs:
    """The outputs of all cells in order, cut where they are more than a browser can hold."""
    kept: list[Mapping[str, Any]] = []
    left, truncated = _MOST_BYTES, bool(notebook["metadata"].get("truncated", False))
    for cell in notebook["cells"]:
        for output in map(without_data, cell.get("outputs", ())):
            size = _about(output)
            if size > left:
                truncated = True
                continue
            left -= size
            kept.append(_without_colours(output) if output["output_type"] == "error" else dict(output))
    return StoredOutputs(tuple(kept), truncated)


def result_of(visualization: Visualization, notebook: Mapping[str, Any], artifact: Any = None) -> Result:
    """A finished rendering as the object that `visualize` gives.

    Args:
        notebook: The executed one.
    """
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", ())]
    shows = [place for place, output in enumerate(outputs) if "data" in output]
    last = shows[-1] if shows else len(outputs)
    bundle = outputs[last]["data"] if shows else {"text/plain": ""}
    return Result(
        Kept(bundle, outputs[:last]),
        visualization.provenance,
        lambda: _as_notebook(notebook),
        artifact=artifact,
        freshness=visualization.freshness or Freshness.NEW,
        id=visualization.id,
    )


def with_data(result: Result) -> dict[str, Any]:
    """The notebook of a result of this process as it is stored: with the rows behind it."""
    notebook = copy.deepcopy(dict(result.notebook or {}))
    if len(result.data.columns):
        notebook["cells"][-1]["outputs"][-1]["data"] |= packed(result.data)
    return notebook


def _as_notebook(notebook: Mapping[str, Any]) -> Any:
    import nbformat

    cells = [
        {**cell, "outputs": [*map(without_data, cell["outputs"])]} if "outputs" in cell else cell
        for cell in notebook["cells"]
    ]
    return nbformat.from_dict({**notebook, "cells": cells})


def _about(value: Any) -> int:
    """About how many characters of JSON a value takes, without writing it."""
    if isinstance(value, str):
        return len(value) + 2
    if isinstance(value, Mapping):
        return sum(len(name) + 4 + _about(item) for name, item in value.items())
    if isinstance(value, (list, tuple)):
        # Thousands of numbers are told by the first.
        plain = value and isinstance(value[0], (int, float))
        return 10 * len(value) if plain else sum(map(_about, value)) + len(value)
    return 8


def first_error(outputs: tuple[Mapping[str, Any], ...]) -> Failure | None:
    """Why a notebook failed, None where it didn't. An error of ours keeps its code."""
    for output in outputs:
        if output["output_type"] == "error":
            name, message = str(output["ename"]), one_line(str(output["evalue"]))
            known = getattr(errors, name, None)
            ours = isinstance(known, type) and issubclass(known, VizError)
            trace = "\n".join(output["traceback"])[-_LONGEST_TRACEBACK:]
            if name == "MemoryError":
                text = "It ran out of memory. Aggregate first, or raise `memory_limit`."
                return Failure("memory_limit", text, trace)
            if ours:
                return Failure(known.code, message, trace)  # type: ignore[union-attr]
            return Failure("code_failed", f"{name}: {message}" if message else name, trace)
    return None


def headline(outputs: tuple[Mapping[str, Any], ...]) -> dict[str, float]:
    """The headline numbers that a recipe's result carries."""
    for output in outputs:
        own = output.get("data", {}).get(MIME) if isinstance(output.get("data"), Mapping) else None
        if isinstance(own, Mapping) and isinstance(own.get("metrics"), Mapping):
            return {
                str(name): float(value)
                for name, value in own["metrics"].items()
                if isinstance(value, (int, float)) and math.isfinite(value)
            }
    return {}


def dump(value: Any) -> bytes:
    """JSON that every reader takes: what is no finite number becomes null."""
    try:
        return json.dumps(value, allow_nan=False).encode()
    except ValueError:
        return json.dumps(_finite(value), allow_nan=False).encode()


def _finite(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _without_colours(output: Mapping[str, Any]) -> dict[str, Any]:
    return {**output, "traceback": [_ANSI.sub("", line) for line in output["traceback"]]}
