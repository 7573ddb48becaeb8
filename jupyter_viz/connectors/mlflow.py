"""MLflow: experiments, runs, parameters, tags, metrics, artifacts, the names of registered models.

The location is a tracking URI: a server, a database (`sqlite:///mlflow.db`), a folder (`mlruns`). An experiment is a
pipeline, and a run has no steps. Run by `runner` in the interpreter that has mlflow; see `base` for the records.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

PAGE = 500
MOST_FILES = 1000
"""Of one run; a folder of more is a data set, and no list of results."""
SETTLES = 3600 * 1000
"""Milliseconds after a run's end in which files may still be added to it, and clocks may differ."""
STATUSES = {"FINISHED": "completed", "FAILED": "failed", "KILLED": "interrupted"}


def read(request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    # Before mlflow is imported: what it says of itself is no concern of who syncs.
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    import mlflow

    mlflow.set_tracking_uri(_tracking_uri(request["location"]))  # what lists a server's files looks there
    client = mlflow.MlflowClient()
    experiments = {each.experiment_id: each.name for each in _pages(client.search_experiments)}
    models = _models(client)
    # Before this time runs had ended, and their files were listed, when they were read last.
    settled, begun = (request["cursor"] or {}).get("settled", 0), time.time_ns() // 1_000_000
    for run in _runs(client, list(experiments)):
        info = run.info
        plain = _plain(run, experiments[info.experiment_id], models.get(info.run_id))
        mark, known = _mark(plain), request["known"].get(info.run_id, "")
        if info.end_time is not None and info.end_time < settled and known.startswith(mark):
            yield {"type": "unchanged", "id": info.run_id}
            continue
        files, reason, failed = _files(info.artifact_uri)
        # What could not be listed is tried again each time: its mark begins with another word.
        mark = f"unlisted {mark}" if failed else mark + _mark(files)
        if reason:
            yield {"type": "skipped", "what": f"artifacts of run {info.run_name!r}", "reason": reason}
        if mark == known:
            yield {"type": "unchanged", "id": info.run_id}
        else:
            yield plain | {"mark": mark, "artifacts": files}
    yield {"type": "end", "cursor": {"settled": begun - SETTLES}}


def _tracking_uri(location: str) -> str:
    if "://" in location or location.startswith(("databricks", "file:")):
        return location
    path = Path(location).expanduser().absolute()
    # Users name the file of the database as readily as the folder.
    return f"sqlite:///{path}" if path.is_file() else path.as_uri()


def _pages(search: Any, **how: Any) -> Iterator[Any]:
    page = search(**how)
    while True:
        yield from page
        if not page.token:
            return
        page = search(page_token=page.token, **how)


def _runs(client: Any, experiments: list[str]) -> Iterator[Any]:
    """Oldest first, so that names get their numbers in the order of the runs."""
    for at in range(0, len(experiments), PAGE):
        some = experiments[at : at + PAGE]
        yield from _pages(
            client.search_runs, experiment_ids=some, max_results=PAGE, order_by=["attributes.start_time ASC"]
        )


def _models(client: Any) -> dict[str, str]:
    """The name of a registered model by the run that made a version of it; none where there is no registry."""
    try:
        return {each.run_id: each.name for each in _pages(client.search_model_versions) if each.run_id}
    except Exception:  # an old folder of runs has none, a server may keep it from this user
        return {}


def _plain(run: Any, experiment: str, model: str | None) -> dict[str, Any]:
    info, data = run.info, run.data
    plain = {
        "type": "run",
        "id": info.run_id,
        "pipeline": experiment,
        "name": info.run_name or "",
        "status": STATUSES.get(info.status, "running"),
        "started_at": (info.start_time or 0) * 1000,
        "ended_at": None if info.end_time is None else info.end_time * 1000,
        "model": model,
        "parameters": {name: _value(text) for name, text in data.params.items()},
        "tags": [
            f"{name}={text}" if text else name for name, text in data.tags.items() if not name.startswith("mlflow.")
        ],
        # MLflow's databases can't hold an infinite number: it stores the largest there is.
        "metrics": {name: value if abs(value) < 1.7e308 else value * 10 for name, value in data.metrics.items()},
    }
    return plain | {"mark": _mark(plain)}


def _mark(value: Any) -> str:
    """Of any content another text, always as long."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def _value(text: str) -> Any:
    """A parameter as the number it was written from; MLflow keeps texts only."""
    for kind in (int, float):
        try:
            value = kind(text)
        except ValueError:
            continue
        if str(value) == text and value == value and abs(value) != float("inf"):
            return value
    return text


def _files(artifact_uri: str) -> tuple[list[dict[str, Any]], str | None, bool]:
    """The files of a run, none of them opened; why some are missing, if they are; whether that was a failure."""
    folder = _local(artifact_uri)
    found = _walked(folder) if folder is not None else _listed(artifact_uri)
    files: list[dict[str, Any]] = []
    try:
        for file in found:
            if len(files) == MOST_FILES:
                return files, f"a run has at most {MOST_FILES:,} files here", False
            files.append(file)
    except Exception as error:  # whatever the store's library raises: the run is listed all the same
        return files, f"its files can't be listed: {type(error).__name__}", True
    return files, None, False


def _local(uri: str) -> str | None:
    split = urlsplit(uri)
    if split.scheme == "file":
        return unquote(split.path)
    return uri if not split.scheme or os.path.isabs(uri) else None


def _walked(folder: str) -> Iterator[dict[str, Any]]:
    for above, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = os.path.join(above, name)
            if not os.path.islink(path):
                called = os.path.relpath(path, folder).replace(os.sep, "/")
                yield {"name": called, "uri": path, "size": os.stat(path).st_size}


def _listed(uri: str) -> Iterator[dict[str, Any]]:
    from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

    repository = get_artifact_repository(uri)
    folders: list[str | None] = [None]
    while folders:
        for about in repository.list_artifacts(folders.pop()):
            if about.is_dir:
                folders.append(about.path)
            else:
                yield {"name": about.path, "uri": f"{uri.rstrip('/')}/{about.path}", "size": about.file_size}
