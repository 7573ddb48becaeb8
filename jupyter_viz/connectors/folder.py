"""A folder in which each folder is a run: csv, pictures, JSON, Markdown, HTML, notebooks, whatever wrote them.

The numbers of `metrics.json` are the run's metrics, `parameters.json` or `params.json` holds its parameters; what lies
deeper in them is named with slashes. A notebook that papermill executed gives parameters, times and status. A run is
known by its path: a folder that was renamed is another run. Run by `runner`; see `base` for the records.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

MOST_FILES = 1000
LARGEST = 1 << 20
"""Bytes of a file that metrics or parameters are read from."""
LARGEST_NOTEBOOK = 64 << 20
PARAMETERS = ("parameters.json", "params.json")


def check(request: dict[str, Any]) -> str:
    _, folders = _folders(request)
    named = ", ".join(each.name for each in folders[:3])
    return f"{len(folders):,} folder{'s' * (len(folders) != 1)}, each a run: {named}"


def read(request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    root, folders = _folders(request)
    yield {"type": "total", "runs": len(folders)}
    for folder in folders:
        try:
            files = list(_files(folder))
        except OSError as error:  # something of it is just being removed, or may not be read
            if folder.is_dir():
                reason = f"it can't be read: {error.strerror}"
                yield {"type": "skipped", "what": folder.name, "reason": reason, "id": str(folder)}
            continue
        mark = hashlib.sha256(repr([(name, size, time) for name, _, size, time in files]).encode()).hexdigest()
        if request["known"].get(str(folder)) == mark:
            yield {"type": "unchanged", "id": str(folder)}
        elif not files:
            yield {"type": "skipped", "what": folder.name, "reason": "the folder is empty", "id": str(folder)}
        else:
            yield from _run(root, folder, files, mark)
    yield {"type": "end", "cursor": None}


def _folders(request: dict[str, Any]) -> tuple[Path, list[Path]]:
    root = Path(request["location"]).expanduser().absolute()
    return root, sorted(each for each in root.iterdir() if _is_run(each))


def _is_run(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink() and not path.name.startswith(".")


def _files(folder: Path) -> Iterator[tuple[str, str, int, int]]:
    """(name, path, bytes, microseconds since 1970 of the last change) of each file, by name."""
    for above, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = os.path.join(above, name)
            if name.startswith(".") or os.path.islink(path) or not os.path.isfile(path):
                continue
            about = os.stat(path)
            yield os.path.relpath(path, folder).replace(os.sep, "/"), path, about.st_size, about.st_mtime_ns // 1000


def _run(root: Path, folder: Path, files: list[tuple[str, str, int, int]], mark: str) -> Iterator[dict[str, Any]]:
    run: dict[str, Any] = {
        "type": "run",
        "id": str(folder),
        "mark": mark,
        "pipeline": root.name,
        "name": folder.name,
        "status": "completed",
        "started_at": min(time for *_, time in files),
        "ended_at": max(time for *_, time in files),
        "parameters": {},
        "metrics": {},
        "artifacts": [],
    }
    for name, path, size, _ in files[:MOST_FILES]:
        file: dict[str, Any] = {"name": name, "uri": path, "size": size}
        try:
            if name == "metrics.json":
                numbers = _flat(_json(path, LARGEST)).items()
                run["metrics"].update({key: value for key, value in numbers if type(value) in (int, float)})
            elif name in PARAMETERS:
                run["parameters"].update(_flat(_json(path, LARGEST)))
            elif name.endswith(".ipynb"):
                file["kind"] = "json"
                run.update(_executed(_json(path, LARGEST_NOTEBOOK), run))
        except (OSError, ValueError, TypeError, AttributeError, RecursionError) as error:
            yield {"type": "skipped", "what": f"{folder.name}/{name}", "reason": f"{name}: {error}"}
        run["artifacts"].append(file)
    if len(files) > MOST_FILES:
        yield {"type": "skipped", "what": folder.name, "reason": f"a run has at most {MOST_FILES:,} files here"}
    yield run


def _json(path: str, largest: int) -> dict[str, Any]:
    if os.path.getsize(path) > largest:
        raise ValueError(f"it has more than {largest:,} bytes")
    with open(path, encoding="utf-8") as file:
        found = json.load(file)
    if not isinstance(found, dict):
        raise ValueError("names and values are needed")
    return found


def _flat(values: dict[str, Any], above: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{above}{name}/")
        else:
            flat[above + name] = value
    return flat


def _executed(notebook: dict[str, Any], run: dict[str, Any]) -> dict[str, Any]:
    """What papermill says of a notebook's execution; nothing of a notebook that it did not execute."""
    told = notebook.get("metadata", {}).get("papermill")
    if not told:
        return {}
    started, ended = _time(told.get("start_time")), _time(told.get("end_time"))
    found: dict[str, Any] = {"parameters": run["parameters"] | told.get("parameters", {}), "ended_at": ended}
    if started is not None:
        found["started_at"] = started
    if told.get("exception"):
        found |= {"status": "failed", "error": _error(notebook)}
    elif ended is None:
        found["status"] = "running"
    return found


def _error(notebook: dict[str, Any]) -> str | None:
    for cell in notebook.get("cells", ()):
        for output in cell.get("outputs", ()):
            if output.get("output_type") == "error":
                return f"{output.get('ename')}: {output.get('evalue')}"
    return None


def _time(text: str | None) -> int | None:
    """Papermill's times are in UTC, and say so or not."""
    if not text:
        return None
    found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return int(found.replace(tzinfo=found.tzinfo or timezone.utc).timestamp() * 1_000_000)
