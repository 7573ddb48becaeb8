"""MLflow: experiments, runs, parameters, tags, metrics and their histories, artifacts, models.

The location is a tracking URI: a server, a database (`sqlite:///mlflow.db`), a folder (`mlruns`). An experiment is a
pipeline, and a run has no steps. Run by `runner` in the interpreter that has mlflow; see `base` for the records.
"""

from __future__ import annotations

import hashlib
import json
import os
import runpy
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_files = runpy.run_path(str(Path(__file__).with_name("mlflow_files.py")))
PAGE = 500
SETTLES = 3600 * 1000
"""Milliseconds after a run's end in which files may still be added to it, and clocks may differ."""
STATUSES = {"FINISHED": "completed", "FAILED": "failed", "KILLED": "interrupted"}
HISTORY = "metric_history"
"""Name of the table that a run has whose metrics were logged at several steps."""
READS = 2
"""Another number as soon as more is read of a run: then all are read anew."""


def check(request: dict[str, Any]) -> str:
    mlflow, client = _client(request)
    experiments = len(list(_pages(client.search_experiments)))
    return f"MLflow {mlflow.__version__}, {experiments:,} experiment{'s' * (experiments != 1)}"


def read(request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    seen, cursor = _fingerprint(request["location"]), request["cursor"] or {}
    if seen is not None and seen == cursor.get("seen"):
        yield from _files_changed(request, cursor)
        return
    _, client = _client(request)
    experiments = {each.experiment_id: each.name for each in _pages(client.search_experiments)}
    reading = _Reading(client, experiments, list(experiments))
    # Before this time runs had ended, and their files were listed, when they were read last.
    settled, begun = cursor.get("settled", 0), time.time_ns() // 1_000_000
    still_open: dict[str, list[Any]] = {}
    for run in reading.runs():
        info = run.info
        plain = reading.plain(run)
        known = request["known"].get(info.run_id, "")
        folders = reading.folders(run)
        if info.end_time is not None and info.end_time < settled and known.startswith(plain["mark"]):
            yield {"type": "unchanged", "id": info.run_id}
            continue
        listed = _files["listed"](info.run_id, folders)
        if info.end_time is None or info.end_time >= begun - SETTLES or listed[2]:
            still_open[info.run_id] = [folders, info.end_time]
        yield from _with_files(plain, listed, known)
    yield from _missed(reading, request["known"])
    end: dict[str, Any] = {"settled": begun - SETTLES, "seen": seen}
    if seen is not None:
        end["open"] = still_open
    yield {"type": "end", "cursor": end}


def fetch(request: dict[str, Any]) -> None:
    _, client = _client(request)
    what, _, rest = request["uri"].partition("/")
    if what == "history":
        _files["write_history"](client, rest, request["to"])
        return
    run_id, _, path = rest.partition("/")
    run = client.get_run(run_id)
    _files["bring"](run_id, _Reading(client, {}, [run.info.experiment_id]).folders(run), path, request["to"])


def _client(request: dict[str, Any]) -> tuple[Any, Any]:
    # Before mlflow is imported: what it says of itself is no concern of who syncs.
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    # Its own patience, most of an hour, is for training that must not fail.
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "4")
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "30")
    import mlflow

    uri = _tracking_uri(request["location"])
    # MLflow would make what is missing, and a store that lost its disk would look as if all was deleted.
    path = uri.removeprefix("sqlite:///").split("?")[0] if uri.startswith("sqlite:///") else _files["local"](uri)
    if path is not None and not uri.startswith("databricks") and not os.path.exists(path):
        raise FileNotFoundError(f"there is no {path}")
    mlflow.set_tracking_uri(uri)  # what lists a server's files looks there
    return mlflow, mlflow.MlflowClient()


def _tracking_uri(location: str) -> str:
    if "://" in location or location.startswith(("databricks", "file:")):
        return location
    path = Path(location).expanduser().absolute()
    # Users name the file of the database as readily as the folder.
    return f"sqlite:///{path}" if path.is_file() else path.as_uri()


def _fingerprint(location: str) -> list[Any] | None:
    """Another one as soon as anything is written to a database that is a file; None where that can't be told."""
    uri = _tracking_uri(location)
    if not uri.startswith("sqlite:///"):
        return None
    path = uri.removeprefix("sqlite:///")
    try:
        with open(path, "rb") as file:
            file.seek(24)  # SQLite's counter of changes; with a WAL that file changes instead
            counter = file.read(4).hex()
        stats = [os.stat(each) for each in (path, f"{path}-wal") if os.path.exists(each)]
    except OSError:
        return None
    return [READS, counter, *([each.st_size, each.st_mtime_ns] for each in stats)]


def _files_changed(request: dict[str, Any], cursor: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Nothing was written to the database: only the files of runs may have changed that had just ended, or had not."""
    known, begun, still_open = request["known"], time.time_ns() // 1_000_000, cursor["open"]
    reading: _Reading | None = None
    kept: dict[str, list[Any]] = {}
    for run_id, (folders, end) in still_open.items():
        mark = known.get(run_id, "")
        is_local = all(_files["local"](folder) is not None for folder in folders.values())
        listed = _files["listed"](run_id, folders) if is_local else None
        if listed is None or mark[64:] != _mark(listed[0]):
            if reading is None:
                _, client = _client(request)
                names = {each.experiment_id: each.name for each in _pages(client.search_experiments)}
                reading = _Reading(client, names, list(names))
            listed = listed or _files["listed"](run_id, folders)
            yield from _with_files(reading.plain(reading.client.get_run(run_id)), listed, mark)
        if end is None or end >= begun - SETTLES or listed[2]:
            kept[run_id] = [folders, end]
    yield {"type": "unchanged"}
    yield {"type": "end", "cursor": {**cursor, "settled": begun - SETTLES, "open": kept}}


def _with_files(
    plain: dict[str, Any], listed: tuple[list[dict[str, Any]], str | None, bool], known: str
) -> Iterator[dict[str, Any]]:
    files, reason, failed = listed
    # What could not be listed is tried again each time, as its mark begins with another word; what is known stays.
    mark = f"unlisted {plain['mark']}" if failed else plain["mark"] + _mark(files)
    if reason:
        yield {"type": "skipped", "what": f"artifacts of run {plain['name']!r}", "reason": reason}
    if mark == known:
        yield {"type": "unchanged", "id": plain["id"]}
    else:
        yield plain | {"mark": mark, "artifacts": plain["artifacts"] + files, "partial": failed}


def _missed(reading: _Reading, known: dict[str, str]) -> Iterator[dict[str, Any]]:
    """The known runs that were not listed and are there all the same: pages shift where a run is deleted meanwhile."""
    for run_id in known.keys() - reading.seen:
        if (run := reading.run(run_id)) is not None:
            yield from _with_files(reading.plain(run), _files["listed"](run_id, reading.folders(run)), known[run_id])


def _pages(search: Any, **how: Any) -> Iterator[Any]:
    page = search(**how)
    while True:
        yield from page
        if not page.token:
            return
        page = search(page_token=page.token, **how)


class _Reading:
    """What is asked once for all runs."""

    def __init__(self, client: Any, names: dict[str, str], experiments: list[str]) -> None:
        self.client = client
        self._names = names
        self._experiments = experiments
        self._registered = _registered(client)
        self._logged = _logged(client, experiments)
        self.seen: set[str] = set()

    def runs(self) -> Iterator[Any]:
        """Oldest first, so that names get their numbers in the order of the runs."""
        for at in range(0, len(self._experiments), PAGE):
            some = self._experiments[at : at + PAGE]
            for run in _pages(
                self.client.search_runs, experiment_ids=some, max_results=PAGE, order_by=["attributes.start_time ASC"]
            ):
                self.seen.add(run.info.run_id)
                yield run

    def run(self, run_id: str) -> Any:
        """A run by its id; None where it was deleted, or its experiment."""
        from mlflow.exceptions import MlflowException

        try:
            run = self.client.get_run(run_id)
        except MlflowException as error:
            if error.get_http_status_code() == 404:
                return None
            raise
        is_there = run.info.lifecycle_stage == "active" and run.info.experiment_id in self._names
        return run if is_there else None

    def folders(self, run: Any) -> dict[str, str]:
        """Where a run's files are: its own, and those of the models that it logged, by what stands before their names.

        Its own come last.
        """
        return {**self._logged.get(run.info.run_id, {}), "": run.info.artifact_uri}

    def plain(self, run: Any) -> dict[str, Any]:
        """A run without its files."""
        info, data = run.info, run.data
        logged = getattr(data, "_metric_objs", ())  # what the values came with; nothing public has their steps
        steps = {metric.key: metric.step for metric in logged}
        history = {"name": HISTORY, "uri": f"history/{info.run_id}", "kind": "table", "fetch": True}
        plain = {
            "type": "run",
            "id": info.run_id,
            "pipeline": self._names[info.experiment_id],
            "name": info.run_name or "",
            "status": STATUSES.get(info.status, "running"),
            "started_at": (info.start_time or 0) * 1000,
            "ended_at": None if info.end_time is None else info.end_time * 1000,
            "model": self._registered.get(info.run_id),
            "parameters": {name: _value(text) for name, text in data.params.items()},
            "tags": [
                f"{name}={text}" if text else name for name, text in data.tags.items() if not name.startswith("mlflow.")
            ],
            # MLflow's databases can't hold an infinite number: it stores the largest there is.
            "metrics": {name: value if abs(value) < 1.7e308 else value * 10 for name, value in data.metrics.items()},
            "artifacts": [history] if any(steps.values()) else [],
        }
        return plain | {"mark": _mark([READS, plain, steps])}


def _registered(client: Any) -> dict[str, str]:
    """The name of a registered model by the run that made a version of it; none where there is no registry."""
    return {each.run_id: each.name for each in _offered(client, "search_model_versions") if each.run_id}


def _logged(client: Any, experiments: list[str]) -> dict[str, dict[str, str]]:
    """The folders of the models that runs logged, as of MLflow 3; before, they were among a run's files."""
    found: dict[str, dict[str, str]] = {}
    for at in range(0, len(experiments), PAGE):
        for each in _offered(client, "search_logged_models", experiment_ids=experiments[at : at + PAGE]):
            if each.source_run_id:
                found.setdefault(each.source_run_id, {})[f"{each.name}/"] = each.artifact_location
    return found


def _offered(client: Any, search: str, **how: Any) -> Iterator[Any]:
    """What a store has that not each has; none where it is not for this user. A failure is none of both."""
    from mlflow.exceptions import MlflowException

    try:
        yield from _pages(getattr(client, search), **how)
    except (AttributeError, NotImplementedError):  # an old library, an old folder
        return
    except MlflowException as error:
        status = error.get_http_status_code()
        if status >= 500 and status != 501:
            raise


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
