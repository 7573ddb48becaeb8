"""The tasks of a run of Kubeflow, as several kinds of servers tell of them, as the steps of a record.

`kubeflow` runs this file as `runner` runs the connector: by its path.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime, timedelta, timezone
from typing import Any

MOMENT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)")
STATUSES = {
    "SUCCEEDED": "completed",
    "SKIPPED": "completed",
    "CACHED": "completed",
    "FAILED": "failed",
    "CANCELED": "interrupted",
}
IN_METADATA = ("Metric", "ClassificationMetric", "SlicedClassificationMetric")
"""Without a file; some servers have an s behind."""
KINDS = {"Dataset": "table", "HTML": "html", "Markdown": "markdown"}


def native_task(task: dict[str, Any]) -> dict[str, Any]:
    """A task of the servers that give tasks with their artifacts."""
    outputs, name = task.get("outputs", {}), task.get("name") or task.get("display_name", "")
    parameters = {each["parameter_key"]: each.get("value") for each in task.get("inputs", {}).get("parameters", ())}
    values = [(each["parameter_key"], each.get("value")) for each in outputs.get("parameters", ())]
    return task_of(task, name, task.get("status_metadata", {}).get("message")) | {
        "is_step": task.get("type") in ("RUNTIME", "IMPORTER"),
        "parameters": parameters,
        "outputs": [
            (placed_name(each.get("artifact_key") or artifact.get("name", ""), place), artifact)
            for each in outputs.get("artifacts", ())
            for place, artifact in enumerate(each.get("artifacts", ()))
        ],
        "numbers": [(name if key == "Output" else key, value) for key, value in values if _is_number(value)],
    }


def joined_tasks(pods: list[dict[str, Any]], stored: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Tasks as the server has them, which knows best how they ended, with what the store knows of the same."""
    rest = list(stored)
    for pod in pods:
        if found := next((task for task in rest if task["name"] == pod["name"]), None):
            rest.remove(found)
            pod |= {key: found[key] for key in ("parameters", "outputs", "numbers")}
    return pods + rest


def steps_of(tasks: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """(steps, metrics) of tasks; those of one name, as a loop has them, are told apart."""
    steps: list[dict[str, Any]] = []
    named: list[tuple[str, str, Any]] = []
    times: Counter[str] = Counter()
    for task in tasks:
        times[task["name"]] += 1
        name = task["name"] if times[task["name"]] == 1 else f"{task['name']}-{times[task['name']]}"
        step = {key: task[key] for key in ("status", "started_at", "ended_at", "error", "parameters")}
        steps.append(step | {"name": name, "artifacts": []})
        for called, output in task["outputs"]:
            numbers = _numbers(called, output)
            named += [(name, *each) for each in numbers]
            steps[-1]["artifacts"] += [] if numbers else [_artifact(called, output)]
        named += [(name, *each) for each in task["numbers"]]
    names = [name for _, name, _ in named]
    return steps, {f"{step}/{name}" if names.count(name) > 1 else name: value for step, name, value in named}


def task_of(task: dict[str, Any], name: str, error: str | None) -> dict[str, Any]:
    status = STATUSES.get(task.get("state", ""), "running")
    return {
        "name": name,
        "status": status,
        "started_at": microseconds(task.get("start_time")) or microseconds(task.get("create_time")),
        "ended_at": None if status == "running" else microseconds(task.get("end_time")),
        "error": error,
        "is_step": True,
        "parameters": {},
        "outputs": [],
        "numbers": [],
    }


def _artifact(name: str, output: dict[str, Any]) -> dict[str, Any]:
    if "node" in output:
        return {"name": name, "uri": f"node/{output['node']}", "fetch": True}
    kind, uri = _type(output), output.get("uri", "")
    what = "metadata" if kind.removesuffix("s") in IN_METADATA or not uri else "artifact"
    artifact = {"name": name, "uri": f"{what}/{output['artifact_id']}/{name}", "fetch": True}
    if what == "metadata":
        return artifact | {"kind": "json"}
    if kind in KINDS and "." not in uri.rpartition("/")[2]:
        artifact["kind"] = KINDS[kind]
    return artifact | {"size": int(output.get("artifact_size") or 0)}


def _numbers(name: str, output: dict[str, Any]) -> list[tuple[str, Any]]:
    """The metrics that an output is, if it is some."""
    if _type(output).removesuffix("s") != "Metric":
        return []
    if "number_value" in output:  # not a number is written as a text
        return [(output.get("name") or name, float(output["number_value"]))]
    return [(key, value) for key, value in (output.get("metadata") or {}).items() if _is_number(value)]


def _type(output: dict[str, Any]) -> str:
    return str(output.get("type") or output.get("artifact_type") or "").removeprefix("system.")


def _is_number(value: Any) -> bool:
    return type(value) in (int, float)


def placed_name(name: str, place: int) -> str:
    return name if place == 0 else f"{name}_{place + 1}"


def microseconds(text: str | None) -> int | None:
    """Of a moment as JSON has it; None for 1970, by which Kubeflow says not yet."""
    if not (match := MOMENT.fullmatch(text or "")):
        return None
    moment = datetime.fromisoformat(match[1] + match[3].replace("Z", "+00:00"))
    since = (moment - datetime(1970, 1, 1, tzinfo=timezone.utc)) // timedelta(microseconds=1)
    return since + int(f"{match[2] or ''}000000"[:6]) if since > 0 else None
