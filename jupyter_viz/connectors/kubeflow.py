"""Kubeflow Pipelines on a cluster: experiments, runs, tasks, metrics, artifacts, as version 2 of its API has them.

The location is the address of its API or of its page (`https://host/pipeline`), where it has users with the namespace
behind a #: `https://host/pipeline#team`. Who asks is told by the environment: KFP_EXISTING_TOKEN, KFP_COOKIES, what
`kfp.Client` itself looks for (IAP, ~/.config/kfp), or the token of the pod's service account. What tasks made is told
by the server's tasks and artifacts, by an artifacts API alone, or by the metadata store that older servers have beside
them. Run by `runner` in the interpreter that has kfp; see `base` for the records.
"""

from __future__ import annotations

import hashlib
import json
import runpy
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

_tasks = runpy.run_path(str(Path(__file__).with_name("kubeflow_tasks.py")))
_server = runpy.run_path(str(Path(__file__).with_name("kubeflow_server.py")))
Server: Any = lru_cache(_server["Server"])
Gone: Any = _server["Gone"]
AT_ONCE = 4
"""Runs that are asked for at the same time."""
GIVES_UP = 3
"""Runs one after the other that a server fails to give: it is away."""
SETTLES = 3600
"""Seconds after a run's end in which something may still be added to it."""
READS = 1
"""Another number as soon as more is read of a run: then all are read anew."""
LISTED = {"predicates": [{"key": "storage_state", "operation": "NOT_EQUALS", "string_value": "ARCHIVED"}]}
"""As Kubeflow's page asks for runs: those of old servers have no such state."""


def check(request: dict[str, Any]) -> str:
    server = Server(request["location"])
    runs = server.listed("runs", page_size=1, filter=json.dumps(LISTED)).get("total_size", 0)
    experiments = server.listed("experiments", page_size=1).get("total_size", 0)
    where = f"namespace {server.namespace!r}" if server.namespace else "no namespace"
    return f"Kubeflow Pipelines, {where}, experiments: {experiments:,}, runs: {runs:,}"


def read(request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    server = Server(request["location"])
    pages = server.pages("experiments")
    reading = _Reading(server, {each["experiment_id"]: each for page in pages for each in page.get("experiments", ())})
    pool = ThreadPoolExecutor(AT_ONCE)
    try:
        for page in server.pages("runs", sort_by="created_at asc", filter=json.dumps(LISTED)):
            yield {"type": "total", "runs": page.get("total_size", 0)}
            rows = page.get("runs", ())
            yield from _gathered([(row, pool.submit(reading.told, row, request["known"])) for row in rows])
    finally:
        pool.shutdown(cancel_futures=True)
    yield {"type": "end", "cursor": None}


def _gathered(asked: list[tuple[dict[str, Any], Future[list[dict[str, Any]]]]]) -> Iterator[dict[str, Any]]:
    """What is told of each run, in their order. Raises the server's error where it is away, or refuses."""
    failed = 0
    for row, future in asked:
        try:
            yield from future.result()
            failed = 0
        except Gone:  # deleted since it was listed
            continue
        except FileNotFoundError as error:
            yield _skipped(row, f"Kubeflow does not give it: {error}")
        except ConnectionError as error:
            failed += 1
            if failed == GIVES_UP:
                raise
            yield _skipped(row, f"Kubeflow can't give it now: {error}")
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            yield _skipped(row, f"what Kubeflow gives can't be understood: {type(error).__name__}")


def store(request: dict[str, Any]) -> str:
    """The namespace that is read where none is named: this user's."""
    return "" if "#" in request["location"] else f"namespace {Server(request['location']).namespace}".strip()


def fetch(request: dict[str, Any]) -> None:
    server = Server(request["location"])
    what, _, rest = request["uri"].partition("/")
    if what == "node":
        server.bring_from_node(rest, request["to"])
        return
    artifact = server.artifact(rest.partition("/")[0])
    if what == "metadata":
        Path(request["to"]).write_text(json.dumps(artifact.get("metadata") or {}), encoding="utf-8")
    else:
        server.bring(artifact, request["to"])


class _Reading:
    """What is asked once for all runs."""

    def __init__(self, server: Any, experiments: dict[str, dict[str, Any]]) -> None:
        self._server = server
        self._experiments = {key: each.get("display_name", "") for key, each in experiments.items()}
        self._settled = (server.seconds() - SETTLES) * 1_000_000

    def told(self, row: dict[str, Any], known: dict[str, str]) -> list[dict[str, Any]]:
        """The records about a run that is listed."""
        if "created_at" not in row:  # all that it has then is an error
            return [_skipped(row, f"Kubeflow can't give it: {row.get('error', {}).get('message', 'no reason')}")]
        run_id, ended, experiment = row["run_id"], _ended(row), self._experiments.get(row.get("experiment_id", ""), "")
        mark = _mark([READS, experiment, *(row.get(key) for key in ("display_name", "state", "created_at")), ended])
        is_settled = ended is not None and ended < self._settled
        if is_settled and known.get(run_id) == mark:
            return [{"type": "unchanged", "id": run_id}]
        untold: list[OSError] = []
        is_known = run_id in known
        plain = self._run(run_id, experiment, untold, is_known=is_known, has_tasks=bool(row.get("task_count")))
        what, reasons = f"what run {plain['name']!r} made", dict.fromkeys(map(str, untold))
        records = [
            {"type": "skipped", "what": what, "reason": f"what tasks made is not told: {each}"} for each in reasons
        ]
        # Until a run is settled its content is what it is known by: what its tasks made may come late, or be told late.
        plain["partial"] = not all(isinstance(error, FileNotFoundError) for error in untold)
        if not is_settled or plain["partial"]:
            mark = _mark([mark, plain])
        is_same = known.get(run_id) == mark and not plain["partial"]
        return [*records, {"type": "unchanged", "id": run_id} if is_same else plain | {"mark": mark}]

    def _run(
        self, run_id: str, experiment: str, untold: list[OSError], *, is_known: bool, has_tasks: bool
    ) -> dict[str, Any]:
        """A run; why something of it is not told is added to `untold`."""
        path = f"runs/{quote(run_id, safe='')}"
        if has_tasks:
            run = self._server.get(path, view="FULL")
            tasks = [_tasks["native_task"](task) for task in run.get("tasks", ())]
        else:
            run = self._server.get(path)
            details = run.get("run_details", {}).get("task_details", ())
            tasks = self._classic(run_id, details, untold, is_known=is_known)
        began = _tasks["microseconds"](run["created_at"]) or 0
        tasks = [task | {"started_at": task["started_at"] or began} for task in tasks if task["is_step"]]
        steps, metrics = _tasks["steps_of"](sorted(tasks, key=lambda task: (task["started_at"], task["name"])))
        status = _tasks["STATUSES"].get(run.get("state", ""), "running")
        return {
            "type": "run",
            "id": run_id,
            "pipeline": self._pipeline(run) or experiment or "unnamed",
            "name": run.get("display_name", ""),
            "status": status,
            "started_at": began,
            "ended_at": _ended(run),
            "error": _error(run, steps) if status == "failed" else None,
            "parameters": run.get("runtime_config", {}).get("parameters", {}),
            "tags": [f"experiment={experiment}"] if experiment else [],
            "metrics": metrics,
            "steps": steps,
        }

    def _classic(
        self, run_id: str, details: list[dict[str, Any]], untold: list[OSError], *, is_known: bool
    ) -> list[dict[str, Any]]:
        """The tasks of servers that tell of each pod: of a task, of its driver, of its executor."""
        names = {each.get("display_name", "") for each in details}
        driven = {name for name in names if f"{name}-driver" in names} - {"root"}
        shown = [each for each in details if not driven or each.get("display_name") in driven]
        tasks = [self._pod(run_id, each, untold, is_known=is_known) for each in shown]
        if not any(task["outputs"] for task in tasks):
            try:
                tasks = _tasks["joined_tasks"](
                    tasks, [_tasks["native_task"](task) for task in self._server.store.tasks(run_id)]
                )
            except (FileNotFoundError, ConnectionError) as error:
                untold.append(error)
        return tasks

    def _pod(self, run_id: str, detail: dict[str, Any], untold: list[OSError], *, is_known: bool) -> dict[str, Any]:
        outputs = []
        for key, listed in sorted(detail.get("outputs", {}).items()):
            for place, artifact_id in enumerate(listed.get("artifact_ids", ())):
                name = _tasks["placed_name"](key, place)
                try:
                    outputs.append((name, self._server.artifact(artifact_id)))
                except (FileNotFoundError, PermissionError, ConnectionError) as error:
                    untold.append(error)
                    # A failure of a moment: what is known of it is better than where else it may be asked for.
                    if not is_known or isinstance(error, FileNotFoundError):
                        outputs.append((name, {"node": f"{run_id}/{detail.get('pod_name', '')}/{name}"}))
        task: dict[str, Any] = _tasks["task_of"](
            detail, detail.get("display_name", ""), detail.get("error", {}).get("message")
        )
        return task | {"outputs": outputs}

    def _pipeline(self, run: dict[str, Any]) -> str | None:
        reference = run.get("pipeline_version_reference") or run.get("pipeline_reference") or {}
        spec = run.get("pipeline_spec") or {}
        spec = spec.get("pipeline_spec", spec)  # one with a part for its platform is a level deeper
        named = self._server.pipeline(reference["pipeline_id"]) if reference.get("pipeline_id") else None
        return named or (spec.get("pipelineInfo") or {}).get("name")


def _skipped(row: dict[str, Any], reason: str) -> dict[str, Any]:
    run_id = row["run_id"]
    return {"type": "skipped", "what": row.get("display_name") or run_id, "reason": reason, "id": run_id}


def _error(run: dict[str, Any], steps: list[dict[str, Any]]) -> str | None:
    of_run = [each.get("error") for each in reversed(run.get("state_history", ()))] + [run.get("error")]
    said = [each["message"] for each in of_run if each and each.get("message")]
    return next(iter(said + [f"{step['name']}: {step['error']}" for step in steps if step["error"]]), None)


def _ended(run: dict[str, Any]) -> int | None:
    return _tasks["microseconds"](run.get("finished_at")) if run.get("state") in _tasks["STATUSES"] else None


def _mark(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()
