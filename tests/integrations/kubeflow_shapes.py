"""What Kubeflow Pipelines' published definition says of the requests and answers that are used here, in our own words.

Written down from github.com/kubeflow/pipelines: backend/api/v2beta1/*.proto and their swagger at 7b70c7b9 (August
2026), which is what kfp 2.17 has; artifact.proto and run.proto at 09a03e99 for servers with tasks and artifacts of
their own; artifacts.swagger.json at 47904b15 for the artifacts API of OpenShift AI; ml_metadata/proto at 7b70c7b9.
"""

from __future__ import annotations

import json
import re
from typing import Any

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
STATES = [
    "RUNTIME_STATE_UNSPECIFIED",
    "PENDING",
    "RUNNING",
    "SUCCEEDED",
    "SKIPPED",
    "FAILED",
    "CANCELING",
    "CANCELED",
    "PAUSED",
]
TASK_STATES = ["RUNTIME_STATE_UNSPECIFIED", "RUNNING", "SUCCEEDED", "SKIPPED", "FAILED", "CACHED"]
TASK_TYPES = ["ROOT", "RUNTIME", "CONDITION_BRANCH", "CONDITION", "LOOP", "EXIT_HANDLER", "IMPORTER", "DAG"]
ARTIFACT_TYPES = [
    "Artifact",
    "Model",
    "Dataset",
    "HTML",
    "Markdown",
    "Metric",
    "ClassificationMetric",
    "SlicedClassificationMetric",
]
IO_TYPES = ["RUNTIME_VALUE_INPUT", "COMPONENT_INPUT", "TASK_OUTPUT_INPUT", "OUTPUT", "ITERATOR_OUTPUT"]

# A shape is a name below; "text", "moment", "int32", "int64" (a text in JSON), "double" (what is no number is a text),
# "any", "object"; one of several words; [a shape], repeated; {"*": a shape}, by name.
SHAPES: dict[str, dict[str, Any]] = {
    "Status": {"code": "int32", "message": "text", "details": ["any"]},
    "Experiments": {"experiments": ["Experiment"], "total_size": "int32", "next_page_token": "text"},
    "Experiment": {
        "experiment_id": "text", "display_name": "text", "created_at": "moment", "namespace": "text",
        "storage_state": ("AVAILABLE", "ARCHIVED"),
    },
    "Pipeline": {"pipeline_id": "text", "display_name": "text", "name": "text", "created_at": "moment"},
    "Healthz": {"multi_user": "bool", "pipeline_store": "text"},
    "Runs": {"runs": ["Run"], "total_size": "int32", "next_page_token": "text"},
    "Run": {
        "experiment_id": "text", "run_id": "text", "display_name": "text", "storage_state": ("AVAILABLE", "ARCHIVED"),
        "pipeline_spec": "object", "pipeline_version_reference": "Reference", "runtime_config": "RuntimeConfig",
        "created_at": "moment", "scheduled_at": "moment", "finished_at": "moment", "state": tuple(STATES),
        "error": "Status", "run_details": "RunDetails", "state_history": ["RuntimeStatus"],
        "task_count": "int32", "tasks": ["Task"],
    },
    "Reference": {"pipeline_id": "text", "pipeline_version_id": "text"},
    "RuntimeConfig": {"parameters": {"*": "any"}, "pipeline_root": "text"},
    "RuntimeStatus": {"update_time": "moment", "state": tuple(STATES), "error": "Status"},
    "RunDetails": {"task_details": ["TaskDetail"]},
    "TaskDetail": {
        "run_id": "text", "task_id": "text", "display_name": "text", "create_time": "moment", "start_time": "moment",
        "end_time": "moment", "state": tuple(STATES), "error": "Status", "outputs": {"*": "ArtifactIds"},
        "pod_name": "text",
    },
    "ArtifactIds": {"artifact_ids": ["int64"]},
    "Task": {
        "name": "text", "display_name": "text", "task_id": "text", "run_id": "text", "create_time": "moment",
        "end_time": "moment", "state": tuple(TASK_STATES), "status_metadata": "StatusMetadata",
        "type": tuple(TASK_TYPES), "inputs": "InputOutputs", "outputs": "InputOutputs",
    },
    "StatusMetadata": {"message": "text"},
    "InputOutputs": {"parameters": ["IOParameter"], "artifacts": ["IOArtifact"]},
    "IOParameter": {"value": "any", "type": tuple(IO_TYPES), "parameter_key": "text"},
    "IOArtifact": {"artifacts": ["Artifact"], "type": tuple(IO_TYPES), "artifact_key": "text"},
    "Artifact": {
        "artifact_id": "text", "name": "text", "type": tuple(ARTIFACT_TYPES), "uri": "text", "metadata": {"*": "any"},
        "number_value": "double", "created_at": "moment", "namespace": "text",
    },
    "OpenShiftArtifact": {
        "artifact_id": "text", "storage_provider": "text", "storage_path": "text", "uri": "text", "namespace": "text",
        "download_url": "text", "artifact_type": "text", "artifact_size": "int64", "created_at": "moment",
    },
    "Bytes": {"data": "text"},
}  # fmt: skip

LISTING = {"page_token", "page_size", "sort_by", "filter", "namespace"}
SORTED_BY = {"created_at", "finished_at", "display_name", "id"}
OPERATIONS = [
    "EQUALS",
    "NOT_EQUALS",
    "GREATER_THAN",
    "GREATER_THAN_EQUALS",
    "LESS_THAN",
    "LESS_THAN_EQUALS",
    "IN",
    "IS_SUBSTRING",
]
PREDICATE = {"operation", "key", "string_value", "int_value", "long_value", "timestamp_value", "string_values"}


def check_answer(shape: Any, value: Any, where: str = "") -> None:
    """Raises AssertionError for what the definition does not have."""
    if isinstance(shape, list):
        for each in value:
            check_answer(shape[0], each, f"{where}[]")
    elif isinstance(shape, tuple):
        assert value in shape, f"{where} is {value!r}"
    elif isinstance(shape, dict):
        for each in value.values():
            check_answer(shape["*"], each, f"{where}{{}}")
    elif shape in SHAPES:
        for name, each in value.items():
            assert name in SHAPES[shape], f"{where}: {shape} has no {name}"
            check_answer(SHAPES[shape][name], each, f"{where}.{name}")
    elif shape == "moment":
        assert MOMENT.fullmatch(value), f"{where} is {value!r}"
    elif shape == "double":
        assert type(value) is float or value in ("NaN", "Infinity", "-Infinity"), f"{where} is {value!r}"
    elif shape == "int64":
        assert re.fullmatch(r"\d+", value), f"{where} is {value!r}"
    else:
        kinds = {"text": str, "int32": int, "bool": bool, "object": dict}
        assert shape == "any" or type(value) is kinds[shape], f"{where} is {value!r}"


def check_listing(query: dict[str, str]) -> None:
    """The same of the query of a listing."""
    assert query.keys() <= LISTING, f"unknown: {query.keys() - LISTING}"
    assert int(query.get("page_size", 0)) >= 0
    if sort_by := query.get("sort_by", "").split():
        assert sort_by[0] in SORTED_BY, sort_by
        assert sort_by[1:] in ([], ["asc"], ["desc"]), sort_by
    for each in json.loads(query.get("filter") or '{"predicates": []}')["predicates"]:
        assert each.keys() <= PREDICATE, each
        assert each["operation"] in OPERATIONS, each
