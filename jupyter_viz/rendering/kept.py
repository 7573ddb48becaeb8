"""What a rendering leaves: its executed notebook, and what there is to show of it."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import Any

from .. import errors
from ..artifacts.store import ArtifactStore
from ..errors import VizError, one_line
from ..models import Failure, StoredOutputs
from .results import MIME

NOTEBOOK = "notebook.json.gz"
_MOST_BYTES = 20 * 1024 * 1024
_LONGEST_TRACEBACK = 20_000
_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")


def write_notebook(store: ArtifactStore, folder: str, notebook: Mapping[str, Any]) -> int:
    """Store an executed notebook; returns how many bytes it takes."""
    return store.write_compressed(f"{folder}/{NOTEBOOK}", dump(notebook))


def read_notebook(store: ArtifactStore, folder: str) -> dict[str, Any]:
    """The executed notebook of a rendering. Raises `BytesGone` when it was removed."""
    notebook: dict[str, Any] = json.loads(store.read_compressed(f"{folder}/{NOTEBOOK}"))
    return notebook


def collect(notebook: Mapping[str, Any]) -> StoredOutputs:
    """The outputs of all cells in order, cut where they are more than a browser can hold."""
    kept: list[Mapping[str, Any]] = []
    left, truncated = _MOST_BYTES, bool(notebook["metadata"].get("truncated", False))
    for cell in notebook["cells"]:
        for output in cell.get("outputs", ()):
            size = _about(output)
            if size > left:
                truncated = True
                continue
            left -= size
            kept.append(_without_colours(output) if output["output_type"] == "error" else dict(output))
    return StoredOutputs(tuple(kept), truncated)


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
