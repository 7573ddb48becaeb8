"""The files of MLflow's runs. The connector `mlflow` runs this file as `runner` runs the connector: by its path."""

from __future__ import annotations

import csv
import os
import shutil
import tempfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

MOST_FILES = 1000
"""Of one run; a folder of more is a data set, and no list of results."""
Listed = tuple[list[dict[str, Any]], str | None, bool]


def listed(run_id: str, folders: dict[str, str]) -> Listed:
    """The files of a run, none of them opened; why some are missing, if they are; whether that was a failure."""
    found: list[dict[str, Any]] = []
    try:
        for above, uri in folders.items():
            folder = local(uri)
            for name, path, size in _of_store(uri) if folder is None else _walked(folder):
                if len(found) == MOST_FILES:
                    return found, f"a run has at most {MOST_FILES:,} files here", False
                file = {"name": above + name, "uri": path, "size": size}
                if folder is None:
                    file |= {"uri": f"artifact/{run_id}/{above}{name}", "fetch": True}
                found.append(file)
    except Exception as error:  # whatever the store's library raises: the run is listed all the same
        return found, f"its files can't be listed: {type(error).__name__}", True
    return found, None, False


def local(uri: str) -> str | None:
    split = urlsplit(uri)
    if split.scheme == "file":
        return unquote(split.path)
    return uri if not split.scheme or os.path.isabs(uri) else None


def _walked(folder: str) -> Iterator[tuple[str, str, int]]:
    for above, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = os.path.join(above, name)
            if not os.path.islink(path):
                yield os.path.relpath(path, folder).replace(os.sep, "/"), path, os.stat(path).st_size


def _of_store(uri: str) -> Iterator[tuple[str, str, int]]:
    from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

    repository = get_artifact_repository(uri)
    folders: list[str | None] = [None]
    while folders:
        for about in repository.list_artifacts(folders.pop()):
            if about.is_dir:
                folders.append(about.path)
            else:
                yield about.path, "", about.file_size


def write_history(client: Any, run_id: str, path: str) -> None:
    """As a csv: a row for each step, a column for each metric; more rows for a step where a metric has more values."""
    rows: dict[tuple[int, int], dict[str, float]] = {}
    names = sorted(client.get_run(run_id).data.metrics)
    for name in names:
        times: dict[int, int] = {}
        # A folder has a value twice that a model was logged with.
        told = {(each.step, each.timestamp, repr(each.value)) for each in client.get_metric_history(run_id, name)}
        for step, _, value in sorted(told):
            times[step] = time = times.get(step, -1) + 1
            rows.setdefault((step, time), {})[name] = float(value)
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["step", *names])
        writer.writerows([step, *(values.get(name) for name in names)] for (step, _), values in sorted(rows.items()))


def bring(run_id: str, folders: dict[str, str], path: str, to: str) -> None:
    """Write one of the files that only MLflow's server or a store's library gives to a file here."""
    from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

    for above, folder in folders.items():
        # Where a run keeps its files is asked anew, and what is on a disk is never read for who asks from elsewhere.
        if path.startswith(above) and local(folder) is None:
            with tempfile.TemporaryDirectory() as place:
                shutil.move(get_artifact_repository(folder).download_artifacts(path[len(above) :], place), to)
            return
    raise FileNotFoundError(f"run {run_id} has no file {path!r} that the server gives")
