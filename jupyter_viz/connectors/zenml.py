"""ZenML: projects, pipelines, runs, steps, artifacts, run metadata, models, and what ZenML saved to show of artifacts.

The location is a folder with ZenML's configuration, whose active server or local store is read, or a server's address
(with its key in ZENML_STORE_API_KEY, or a login by `zenml login` before). Nothing is unpickled: of an artifact the
files are taken. Run by `runner` in the interpreter that has zenml; see `base` for the records.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

PAGE = 200
SETTLES = 3600
"""Seconds after a run's end in which metadata may still be added to it, and clocks may differ."""
READS = 1
"""Another number as soon as more is read of a run: then all are read anew."""
STATUSES = {
    "completed": "completed",
    "cached": "completed",
    "skipped": "completed",
    "failed": "failed",
    "retried": "failed",
    "stopped": "interrupted",
    "stopping": "interrupted",
}
DATA = ("df.parquet.gzip", "df.parquet", "df.csv", "data.json")
"""Of an artifact of several files the one that is its data, by what ZenML's materializers call it."""


def check(request: dict[str, Any]) -> str:
    client = _client(request["location"])
    import zenml

    runs = client.list_pipeline_runs(size=1, project=client.active_project.id).total
    store = "local store" if str(client.zen_store.type) == "sql" else client.zen_store.url
    return f"ZenML {zenml.__version__}, {store}, {runs:,} runs in project {client.active_project.name!r}"


def read(request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    seen, cursor = _fingerprint(request["location"]), request["cursor"] or {}
    if seen is not None and seen == cursor.get("seen"):
        yield {"type": "unchanged"}
        yield {"type": "end", "cursor": cursor}
        return
    client = _client(request["location"])
    projects = [each.name for each in _pages(client.list_projects)]
    total = sum(client.list_pipeline_runs(size=1, project=project).total for project in projects)
    yield {"type": "total", "runs": total}
    settled = time.time() - SETTLES
    for project in projects:
        for row in _pages(client.list_pipeline_runs, project=project, sort_by="asc:created"):
            run_id, ended = str(row.id), _seconds(row.end_time)
            mark = _mark([READS, row.name, str(row.status), str(row.updated), [tag.name for tag in row.tags]])
            is_settled = ended is not None and ended < settled
            if is_settled and request["known"].get(run_id) == mark:
                yield {"type": "unchanged", "id": run_id}
                continue
            try:
                plain = _run(client, client.get_pipeline_run(run_id, project=project), project, projects)
            except Exception as error:  # one that ZenML itself can't give, or that is deleted just now
                reason = f"ZenML can't give it: {type(error).__name__}"
                yield {"type": "skipped", "what": row.name, "reason": reason, "id": run_id}
                continue
            # Until a run is settled its content is what it is known by: metadata may be added to it without a trace.
            mark = mark if is_settled else _mark([mark, plain])
            if request["known"].get(run_id) == mark:
                yield {"type": "unchanged", "id": run_id}
            else:
                yield plain | {"mark": mark}
    yield {"type": "end", "cursor": {"seen": seen}}


def fetch(request: dict[str, Any]) -> None:
    client = _client(request["location"])
    from zenml.io import fileio

    # Where artifacts are is asked anew: nothing else of this machine or store is read for who asks from elsewhere.
    root = client.active_stack.artifact_store.path.rstrip("/") + "/"
    if not request["uri"].startswith(root) or ".." in request["uri"].split("/"):
        raise FileNotFoundError(f"{request['uri']} is not in the active artifact store {root}")
    with fileio.open(request["uri"], "rb") as source, open(request["to"], "wb") as target:
        shutil.copyfileobj(source, target)


def _client(location: str) -> Any:
    os.environ["ZENML_ANALYTICS_OPT_IN"] = "false"
    os.environ.setdefault("ZENML_LOGGING_VERBOSITY", "ERROR")
    if "://" in location:
        os.environ["ZENML_STORE_URL"] = location
    else:
        if not os.path.isfile(os.path.join(location, "config.yaml")):
            raise FileNotFoundError(f"{location} has no config.yaml of ZenML")
        os.environ["ZENML_CONFIG_PATH"] = location
    from zenml.client import Client

    return Client()


def _fingerprint(location: str) -> list[Any] | None:
    """Another one as soon as anything is written to a local store; None where that can't be told."""
    if "://" in location:
        return None
    path = Path(location, "local_stores", "default_zen_store", "zenml.db")
    try:
        if str(path) not in Path(location, "config.yaml").read_text():
            return None
        with open(path, "rb") as file:
            file.seek(24)  # SQLite's counter of changes
            counter = file.read(4).hex()
        stats = [os.stat(each) for each in (path, f"{path}-wal") if os.path.exists(each)]
    except OSError:
        return None
    return [READS, counter, *([each.st_size, each.st_mtime_ns] for each in stats)]


def _pages(listed: Any, **how: Any) -> Iterator[Any]:
    number, pages = 1, 1
    while number <= pages:
        page = listed(page=number, size=PAGE, **how)
        yield from page.items
        number, pages = number + 1, page.total_pages


def _run(client: Any, run: Any, project: str, projects: list[str]) -> dict[str, Any]:
    steps = sorted(
        _pages(client.list_run_steps, pipeline_run_id=run.id, project=project, hydrate=True),
        key=lambda step: (step.start_time or step.created, step.name),
    )
    metadata = [("", run.run_metadata), *((step.name, step.run_metadata) for step in steps)]
    plain: dict[str, Any] = {
        "type": "run",
        "id": str(run.id),
        "pipeline": run.pipeline.name if run.pipeline else "unlisted",
        "name": run.name,
        "status": STATUSES.get(str(run.status), "running"),
        "started_at": _microseconds(run.start_time or run.created),
        "ended_at": _microseconds(run.end_time),
        "error": _last_line(getattr(run, "exception_info", None)),
        "model": run.config.model.name if run.config.model else None,
        "parameters": run.config.parameters or {},
        "tags": [tag.name for tag in run.tags],
        "steps": [_step(step) for step in steps],
    }
    if len(projects) > 1:
        plain["project"] = project
    numbers = {**_numbers_of_outputs(steps), **_numbers(metadata)}
    return json.loads(json.dumps(plain | {"metrics": numbers}, default=str))  # type: ignore[no-any-return]


def _step(step: Any) -> dict[str, Any]:
    artifacts = []
    for name, versions in sorted(step.outputs.items()):
        for number, version in enumerate(versions):
            artifacts += _artifacts(name if number == 0 else f"{name}_{number + 1}", version)
    return {
        "name": step.name,
        "status": STATUSES.get(str(step.status), "running"),
        "started_at": _microseconds(step.start_time or step.created),
        "ended_at": _microseconds(step.end_time),
        "error": _last_line(getattr(step, "exception_info", None)),
        "parameters": step.config.parameters or {},
        "artifacts": artifacts,
    }


def _artifacts(name: str, version: Any) -> list[dict[str, Any]]:
    """The files of one version of an artifact; what was saved to show of it belongs to the first."""
    local = "://" not in version.uri
    shown: list[dict[str, Any]] = []
    for each in version.visualizations or ():
        name_of = each.uri.rpartition("/")[2]
        shown.append({"name": name_of, "format": str(each.type), "uri": each.uri, "fetch": not local})
    try:
        files = _listed(version.uri, local)
    except Exception:  # the store can't be reached: the artifact is there all the same
        files = []
    of_shown = {each["name"] for each in shown}
    data = [file for file in DATA if file in files][:1] or [file for file in files if file not in of_shown] or files
    found = []
    for file in data or [""]:
        uri = f"{version.uri}/{file}".rstrip("/")
        artifact: dict[str, Any] = {"name": f"{name}/{file}" if len(data) > 1 else name, "uri": uri}
        if local and os.path.isfile(uri):
            artifact["size"] = os.path.getsize(uri)
        elif not local:
            artifact["fetch"] = True
        found.append(artifact)
    found[0]["visualizations"] = shown
    return found


def _listed(uri: str, local: bool) -> list[str]:
    if local:
        return sorted(name for name in os.listdir(uri) if os.path.isfile(os.path.join(uri, name)))
    from zenml.io import fileio

    return sorted(os.fsdecode(name) for name in fileio.listdir(uri))


def _numbers_of_outputs(steps: list[Any]) -> dict[str, float]:
    """A step that gives a number gives a measurement: by the output's name, where it has one."""
    found: dict[str, float] = {}
    for step in steps:
        for name, versions in step.outputs.items():
            for version in versions:
                told = version.run_metadata.get("string_representation")
                if version.data_type.attribute in ("float", "int") and isinstance(told, str):
                    key = step.name if name == "output" else name
                    found[f"{step.name}/{name}" if key in found else key] = float(told)
    return found


def _numbers(metadata: list[tuple[str, dict[str, Any]]]) -> dict[str, float]:
    """The numbers among the metadata, a nested one named with slashes; of two steps both with the step's name."""
    flat = [(step, dict(_flat(values))) for step, values in metadata]
    names = [name for _, values in flat for name in values]
    found: dict[str, float] = {}
    for step, values in flat:
        for name, value in values.items():
            found[f"{step}/{name}" if step and names.count(name) > 1 else name] = value
    return found


def _flat(values: dict[str, Any], above: str = "") -> Iterator[tuple[str, float]]:
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{above}{name}/")
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            yield f"{above}{name}", value


def _last_line(exception: Any) -> str | None:
    lines = (exception.traceback or "").strip().splitlines() if exception else []
    return lines[-1].strip() if lines else None


def _seconds(moment: datetime | None) -> float | None:
    """ZenML's times are in UTC and do not say so."""
    return None if moment is None else moment.replace(tzinfo=moment.tzinfo or timezone.utc).timestamp()


def _microseconds(moment: datetime | None) -> int | None:
    seconds = _seconds(moment)
    return None if seconds is None else round(seconds * 1_000_000)


def _mark(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()
