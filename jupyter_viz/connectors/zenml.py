"""ZenML: projects, pipelines, snapshots, runs, steps, artifacts, metadata, models, deployments, what is shown of them.

The location is a folder with ZenML's configuration, whose active server or local store is read, or a server's address
(with its key in ZENML_STORE_API_KEY, or a login by `zenml login` before). Nothing is unpickled: of an artifact the
files are taken. Run by `runner` in the interpreter that has zenml; see `base` for the records.
"""

from __future__ import annotations

import hashlib
import json
import os
import runpy
import time
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

_files = runpy.run_path(str(Path(__file__).with_name("zenml_files.py")))
_more = runpy.run_path(str(Path(__file__).with_name("zenml_resources.py")))
PAGE = 200
SETTLES = 3600
"""Seconds after a run's end in which metadata may still be added to it, and clocks may differ."""
READS = 2
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
    reading = _Reading(client, projects, request["known"])
    for project in projects:
        for row in _pages(client.list_pipeline_runs, project=project, sort_by="asc:created"):
            yield from reading.told(row, project)
    # Pages shift where a run is deleted meanwhile: what was not listed may be there all the same.
    for run_id in request["known"].keys() - reading.seen:
        yield from reading.missed(run_id)
    told = _more["resources"](client, projects, _pages)
    told["curated"] += reading.curated
    yield told
    yield {"type": "end", "cursor": {"seen": seen}}


class _Reading:
    """What is asked once for all runs."""

    def __init__(self, client: Any, projects: list[str], known: dict[str, str]) -> None:
        self._client = client
        self._projects = projects
        self._known = known
        self._settled = time.time() - SETTLES
        self.seen: set[str] = set()
        self.curated: list[dict[str, Any]] = []
        """What is pinned to the runs that were told, and to their snapshots."""

    def told(self, row: Any, project: str) -> Iterator[dict[str, Any]]:
        """The records about a run that is listed."""
        run_id, ended = str(row.id), _seconds(row.end_time)
        self.seen.add(run_id)
        known = self._known.get(run_id)
        mark = _mark([READS, row.name, str(row.status), str(row.updated), [tag.name for tag in row.tags]])
        is_settled = ended is not None and ended < self._settled
        if is_settled and known == mark:
            yield {"type": "unchanged", "id": run_id}
            return
        unlisted: dict[str, str] = {}
        try:
            run = self._client.get_pipeline_run(run_id, project=project)
            plain = _run(self._client, run, project, self._projects, unlisted, is_known=known is not None)
            plain["snapshot"], pinned = _more["snapshot"](self._client, run)
            pinned += _more["curated"](run, "pipeline_run", run_id)
        except Exception as error:  # one that ZenML itself can't give, or that is deleted just now
            reason = f"ZenML can't give it: {type(error).__name__}"
            yield {"type": "skipped", "what": row.name, "reason": reason, "id": run_id}
            return
        for reason in dict.fromkeys(unlisted.values()):
            yield {"type": "skipped", "what": f"artifacts of run {row.name!r}", "reason": reason}
        of = plain.get("project")
        self.curated += [each | {"project": of} for each in pinned]
        # Until a run is settled its content is what it is known by: metadata may be added to it without a trace.
        mark = mark if is_settled and not plain["partial"] else _mark([mark, plain])
        is_same = known == mark and not plain["partial"]
        yield {"type": "unchanged", "id": run_id} if is_same else plain | {"mark": mark}

    def missed(self, run_id: str) -> Iterator[dict[str, Any]]:
        """The record about a known run that was not listed; none where it is gone."""
        try:
            run = self._client.get_pipeline_run(run_id)
        except KeyError:
            return
        except Exception as error:
            reason = f"ZenML can't give it: {type(error).__name__}"
            yield {"type": "skipped", "what": f"run {run_id}", "reason": reason, "id": run_id}
        else:
            yield from self.told(run, run.project.name)


def store(request: dict[str, Any]) -> str:
    """The server or database that a folder's configuration names at the time."""
    location = request["location"]
    if "://" in location:
        return ""
    if active := os.environ.get("ZENML_STORE_URL"):
        return active
    _require_configuration(location)
    import yaml

    local = Path(location, "local_stores", "default_zen_store", "zenml.db")
    told = yaml.safe_load(Path(location, "config.yaml").read_text(encoding="utf-8")) or {}
    return str((told.get("store") or {}).get("url") or f"sqlite:///{local}")


def fetch(request: dict[str, Any]) -> None:
    client = _client(request["location"])
    _files["bring"](client, request["uri"], request["to"])


def _client(location: str) -> Any:
    os.environ["ZENML_ANALYTICS_OPT_IN"] = "false"
    os.environ.setdefault("ZENML_LOGGING_VERBOSITY", "ERROR")
    if "://" in location:
        os.environ["ZENML_STORE_URL"] = location
    else:
        _require_configuration(location)
        os.environ["ZENML_CONFIG_PATH"] = location
    from zenml.client import Client

    return Client()


def _require_configuration(location: str) -> None:
    """ZenML would make one where there is none."""
    if not os.path.isfile(os.path.join(location, "config.yaml")):
        raise FileNotFoundError(f"{location} has no config.yaml of ZenML")


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


def _run(
    client: Any, run: Any, project: str, projects: list[str], unlisted: dict[str, str], *, is_known: bool
) -> dict[str, Any]:
    """A run; why the files of an artifact can't be listed is added to `unlisted`, by its URI."""
    steps = sorted(
        _pages(client.list_run_steps, pipeline_run_id=run.id, project=project, hydrate=True),
        key=lambda step: (step.start_time or step.created, step.name),
    )
    told = [_step(client, step, unlisted) for step in steps]
    if is_known:  # what is known of those is more than that they are there
        for step in told:
            step["artifacts"] = [each for each in step["artifacts"] if each["uri"] not in unlisted]
    metadata = [("", run.run_metadata), *((step.name, step.run_metadata) for step in steps)]
    plain: dict[str, Any] = {
        "type": "run",
        "id": str(run.id),
        "pipeline": run.pipeline.name if run.pipeline else "unlisted",
        "name": run.name,
        "status": STATUSES.get(str(run.status), "running"),
        "started_at": _microseconds(run.start_time or run.created),
        "ended_at": _microseconds(run.end_time),
        "error": _headline(getattr(run, "exception_info", None)),
        "model": run.config.model.name if run.config.model else None,
        "parameters": run.config.parameters or {},
        "tags": [tag.name for tag in run.tags],
        "steps": told,
        "partial": bool(unlisted),
    }
    if len(projects) > 1:
        plain["project"] = project
    numbers = {**_numbers_of_outputs(steps), **_numbers(metadata)}
    return json.loads(json.dumps(plain | {"metrics": numbers}, default=str))  # type: ignore[no-any-return]


def _step(client: Any, step: Any, unlisted: dict[str, str]) -> dict[str, Any]:
    artifacts = []
    for name, versions in sorted(step.outputs.items()):
        for number, version in enumerate(versions):
            called = name if number == 0 else f"{name}_{number + 1}"
            artifacts += _files["artifacts"](client, called, version, unlisted)
    return {
        "name": step.name,
        "status": STATUSES.get(str(step.status), "running"),
        "started_at": _microseconds(step.start_time or step.created),
        "ended_at": _microseconds(step.end_time),
        "error": _headline(getattr(step, "exception_info", None)),
        "parameters": step.config.parameters or {},
        "artifacts": artifacts,
    }


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


def _headline(exception: Any) -> str | None:
    """What went wrong: the first line behind the calls of a traceback."""
    lines = (exception.traceback or "").strip().splitlines() if exception else []
    calls = max((at for at, line in enumerate(lines) if line.startswith("  ")), default=-1)
    return (lines[calls + 1 :] or lines[-1:])[0].strip() if lines else None


def _seconds(moment: datetime | None) -> float | None:
    """ZenML's times are in UTC and do not say so."""
    return None if moment is None else moment.replace(tzinfo=moment.tzinfo or timezone.utc).timestamp()


def _microseconds(moment: datetime | None) -> int | None:
    seconds = _seconds(moment)
    return None if seconds is None else round(seconds * 1_000_000)


def _mark(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()
