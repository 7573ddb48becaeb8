"""A stand-in for a cluster with Kubeflow Pipelines: what it holds, and answers, as the published definition says.

`kubeflow_served` puts it behind HTTP, and notes in `faults` whatever it is asked or answers that is not in
`kubeflow_shapes`.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

from kubeflow_mlmd import MESSAGES, put

NEVER = "1970-01-01T00:00:00Z"
LARGEST_PAGE = 200


@dataclass
class Made:
    """An artifact that a task made: with a file, or with what stands in its metadata."""

    key: str
    type: str
    data: bytes = b""
    metadata: dict[str, Any] = field(default_factory=dict)
    id: int = 0


@dataclass
class Task:
    name: str
    made: list[Made] = field(default_factory=list)
    state: str = "SUCCEEDED"
    error: str | None = None
    given: dict[str, Any] = field(default_factory=dict)
    gave: dict[str, Any] = field(default_factory=dict)


@dataclass
class Run:
    id: str
    name: str
    tasks: list[Task]
    state: str
    created: datetime
    ended: datetime | None
    namespace: str
    experiment: str
    parameters: dict[str, Any]
    pipeline: str | None
    spec: str | None
    archived: bool = False


@dataclass
class Cluster:
    """Attributes:
    kind: What its server tells of artifacts: `tasks` (one with tasks and artifacts of its own), `openshift` (an API of
        artifacts), `pods` (their ids, and bytes by pod), `classic` (nothing).
    has_store: Whether a metadata store is beside it. has_page: Whether the page is, which gives bytes.
    namespaces: With some, it has users, and each listing needs one.
    failing: Statuses that the next requests are answered with. broken: Of which paths all fail. forbidden: and are
        refused.
    ahead: How much its clock is ahead of ours.
    """

    kind: str = "tasks"
    token: str | None = None
    cookie: str | None = None
    namespaces: tuple[str, ...] = ()
    has_page: bool = True
    has_store: bool = False
    failing: list[int] = field(default_factory=list)
    broken: str = ""
    forbidden: str = ""
    ahead: timedelta = timedelta()
    expires_after: int | None = None
    runs: dict[str, Run] = field(default_factory=dict)
    experiments: dict[str, str] = field(default_factory=lambda: {"e1": "Default"})
    pipelines: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    address: str = ""
    made: dict[int, tuple[Run, Made]] = field(default_factory=dict)

    def now(self) -> datetime:
        return datetime.now(timezone.utc) + self.ahead

    def run(self, name: str, *tasks: Task, ago: float = 7200, **values: Any) -> Run:
        """A run that ended so many seconds ago, ten seconds after it began."""
        ended = self.now() - timedelta(seconds=ago)
        told: dict[str, Any] = {
            "state": "SUCCEEDED", "namespace": "", "experiment": "e1", "parameters": {}, "pipeline": None, "spec": None,
            "ended": ended, "created": ended - timedelta(seconds=10), **values,
        }  # fmt: skip
        run = Run(f"run-{len(self.runs) + 1:04}", name, list(tasks), **told)
        for task in tasks:
            for each in task.made:
                each.id = len(self.made) + 1
                self.made[each.id] = run, each
        self.runs[run.id] = run
        return run

    def uri(self, run: Run, made: Made) -> str:
        return f"minio://mlpipeline/v2/artifacts/{run.id}/{made.id}/{made.key}" if made.data else ""

    # What the API answers: (shape, value), or a status.

    def experiment_list(self, query: dict[str, str]) -> Any:
        rows = [
            {"experiment_id": key, "display_name": name, "created_at": NEVER, "storage_state": "AVAILABLE"}
            for key, name in self.experiments.items()
        ]
        return "Experiments", self._page("experiments", rows, query)

    def run_list(self, query: dict[str, str]) -> Any:
        chosen = list(self.runs.values())
        if namespace := query.get("namespace"):
            chosen = [run for run in chosen if run.namespace == namespace]
        for each in json.loads(query.get("filter") or "{}").get("predicates", ()):
            assert (each["key"], each["operation"], each["string_value"]) == ("storage_state", "NOT_EQUALS", "ARCHIVED")
            chosen = [run for run in chosen if not run.archived]
        chosen.sort(key=lambda run: (run.created, run.id))
        return "Runs", self._page("runs", [self._run(run) for run in chosen], query)

    def run_get(self, run_id: str, query: dict[str, str]) -> Any:
        if query and (self.kind != "tasks" or query != {"view": "FULL"}):
            raise AssertionError(f"GetRun has no {query}")
        if run_id not in self.runs:
            return 404
        run = self.runs[run_id]
        found = self._run(run)
        if self.kind != "tasks":
            found["run_details"] = {"task_details": list(self._pods(run))}
        elif query:
            found["tasks"] = [self._task(run, Task("root"), "ROOT"), *(self._task(run, each) for each in run.tasks)]
        return "Run", found

    def artifact_get(self, artifact_id: str, query: dict[str, str]) -> Any:
        if self.kind not in ("tasks", "openshift") or int(artifact_id) not in self.made:
            return 404
        run, made = self.made[int(artifact_id)]
        if self.kind == "tasks":
            assert not query, f"GetArtifact has no {query}"
            return "Artifact", self._artifact(run, made)
        assert query in ({}, {"view": "DOWNLOAD"}), query
        found = {"artifact_id": artifact_id, "uri": self.uri(run, made), "artifact_type": f"system.{made.type}"}
        if made.data:
            found["artifact_size"] = str(len(made.data))
            if query:
                found["download_url"] = f"{self.address.rpartition('/')[0]}/signed/{artifact_id}?signature=s"
        return "OpenShiftArtifact", found

    def bytes_of(self, source: str, bucket: str, key: str, query: dict[str, str]) -> Any:
        assert query.keys() == ({"namespace"} if self.namespaces else set()), query
        for run, made in self.made.values():
            if self.uri(run, made) == f"{source}://{bucket}/{key}" and self.has_page:
                return made.data
        return 404

    def pod_bytes(self, run_id: str, node: str, name: str) -> Any:
        for run, made in self.made.values():
            if self.kind == "pods" and (run.id, made.key) == (run_id, name) and node.startswith(f"{run_id}-"):
                return "Bytes", {"data": base64.b64encode(made.data).decode()}
        return 500

    def _page(self, what: str, rows: list[dict[str, Any]], query: dict[str, str]) -> dict[str, Any]:
        size = min(int(query.get("page_size") or 20), LARGEST_PAGE)
        begin = int(query.get("page_token") or 0)
        page = {what: rows[begin : begin + size], "total_size": len(rows)}
        return page | ({"next_page_token": str(begin + size)} if begin + size < len(rows) else {})

    def _run(self, run: Run) -> dict[str, Any]:
        found: dict[str, Any] = {
            "run_id": run.id, "experiment_id": run.experiment, "display_name": run.name, "state": run.state,
            "created_at": _moment(run.created), "scheduled_at": _moment(run.created),
            "finished_at": _moment(run.ended) if run.ended else NEVER,
            "storage_state": "ARCHIVED" if run.archived else "AVAILABLE",
        }  # fmt: skip
        if run.parameters:
            found["runtime_config"] = {"parameters": run.parameters}
        if run.pipeline:
            found["pipeline_version_reference"] = {"pipeline_id": run.pipeline, "pipeline_version_id": "v1"}
        elif run.spec:
            found["pipeline_spec"] = {"pipelineInfo": {"name": run.spec}}
        return found | ({"task_count": len(run.tasks) + 1} if self.kind == "tasks" else {})

    def _pods(self, run: Run) -> Iterator[dict[str, Any]]:
        for name in ("root", "root-driver"):
            yield self._pod(run, name, "SUCCEEDED")
        for task in run.tasks:
            yield self._pod(run, f"{task.name}-driver", "SUCCEEDED")
            detail = self._pod(run, task.name, task.state)
            if task.error:
                detail["error"] = {"code": 13, "message": task.error}
            if self.kind in ("openshift", "pods"):
                detail["outputs"] = {each.key: {"artifact_ids": [str(each.id)]} for each in task.made}
                detail["pod_name"] = f"{run.id}-{task.name}"
            yield detail
            yield self._pod(run, "executor", task.state)

    def _pod(self, run: Run, name: str, state: str) -> dict[str, Any]:
        began, ended = _moment(run.created), _moment(run.ended) if run.ended else NEVER
        return {"run_id": run.id, "display_name": name, "state": state, "create_time": began, "start_time": began,
                "end_time": ended}  # fmt: skip

    def _task(self, run: Run, task: Task, kind: str = "RUNTIME") -> dict[str, Any]:
        found: dict[str, Any] = {
            "name": task.name, "task_id": f"{run.id}-{task.name}", "run_id": run.id, "type": kind, "state": task.state,
            "create_time": _moment(run.created),
            "inputs": {"parameters": [_io(key, value, "COMPONENT_INPUT") for key, value in task.given.items()]},
            "outputs": {
                "parameters": [_io(key, value, "OUTPUT") for key, value in task.gave.items()],
                "artifacts": [
                    {"artifact_key": each.key, "type": "OUTPUT", "artifacts": self._artifacts(run, each)}
                    for each in task.made
                ],
            },
        }  # fmt: skip
        if run.ended:
            found["end_time"] = _moment(run.ended)
        return found | ({"status_metadata": {"message": task.error}} if task.error else {})

    def _artifacts(self, run: Run, made: Made) -> list[dict[str, Any]]:
        """Of metrics one artifact for each, as newer servers have them."""
        if made.type != "Metrics":
            return [self._artifact(run, made)]
        return [
            {"artifact_id": str(made.id), "name": name, "type": "Metric", "number_value": _double(value)}
            for name, value in made.metadata.items()
        ]

    def _artifact(self, run: Run, made: Made) -> dict[str, Any]:
        found = {"artifact_id": str(made.id), "name": made.key, "type": re.sub(r"Metrics$", "Metric", made.type)}
        found |= {"uri": self.uri(run, made)} if made.data else {}
        return found | ({"metadata": made.metadata} if made.metadata else {})

    # The metadata store.

    def stored(self, method: str, request: Any) -> tuple[Any, int]:
        """(answer, gRPC's status) of a request."""
        answer = MESSAGES[f"{method}Response"]()
        order = list(self.runs)
        if method == "GetContextByTypeAndName":
            if request.type_name != "system.PipelineRun" or request.context_name not in self.runs:
                return answer, 5
            answer.context.id = order.index(request.context_name) + 1
        elif method == "GetArtifactsByID":
            for each in request.artifact_ids:
                self._put_artifact(answer.artifacts.add(), *self.made[each])
        elif method == "GetEventsByExecutionIDs":
            for number in request.execution_ids:
                run = self.runs[order[number // 100 - 1]]
                for made in run.tasks[number % 100].made if number % 100 < 99 else ():
                    event = answer.events.add(artifact_id=made.id, execution_id=number, type=4)
                    event.path.steps.add(key=made.key)
                    event.path.steps.add(index=0)
                    # What a task takes is an event as well.
                    answer.events.add(artifact_id=made.id, execution_id=number, type=3)
        else:
            run = self.runs[order[request.context_id - 1]]
            if method == "GetArtifactsByContext":
                for task in run.tasks:
                    for each in task.made:
                        self._put_artifact(answer.artifacts.add(), run, each)
            else:
                answer.executions.add(id=request.context_id * 100 + 99, type="system.DAGExecution", last_known_state=3)
                for place, task in enumerate(run.tasks):
                    state = {"SUCCEEDED": 3, "FAILED": 4}.get(task.state, 2)
                    execution = answer.executions.add(
                        id=request.context_id * 100 + place, type="system.ContainerExecution", last_known_state=state
                    )
                    execution.create_time_since_epoch = int(run.created.timestamp() * 1000)
                    put(execution.custom_properties, {"task_name": task.name, "inputs": task.given})
                    put(execution.custom_properties, {"outputs": task.gave})
        return answer, 0

    def _put_artifact(self, artifact: Any, run: Run, made: Made) -> None:
        artifact.id, artifact.uri, artifact.type = made.id, self.uri(run, made), f"system.{made.type}"
        put(artifact.custom_properties, {"display_name": made.key, "store_session_info": "{}"})
        objects = {name: {"struct": value} for name, value in made.metadata.items() if isinstance(value, dict)}
        put(artifact.custom_properties, made.metadata | objects)


def _moment(moment: datetime) -> str:
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def _io(key: str, value: Any, kind: str) -> dict[str, Any]:
    return {"parameter_key": key, "value": value, "type": kind}


def _double(value: float) -> Any:
    return float(value) if value == value else "NaN"
