"""The metadata store beside a Kubeflow Pipelines of before its own artifacts API: what the tasks of a run made.

It is asked as Kubeflow's page asks it, by gRPC for the web at `/ml_metadata.MetadataStoreService/`. `kubeflow_server`
runs this file. The messages are those of MLMD 1.14, their fields as far as they are used here. protobuf comes with kfp.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

SERVICE = "/ml_metadata.MetadataStoreService/"
FORM = "application/grpc-web+proto"
RUN = "system.PipelineRun"
OUTPUT = 4
STATES = {2: "RUNNING", 3: "SUCCEEDED", 4: "FAILED", 5: "CACHED", 6: "CANCELED"}
NOT_FOUND = "5"
ABSENT = "there is no metadata store beside this server"
MESSAGES = {
    "Value": "int_value:1:int64 double_value:2:double string_value:3:string struct_value:4:Struct bool_value:6:bool",
    "Property": "key:1:string value:2:Value",
    "Context": "id:1:int64",
    "Artifact": "id:1:int64 uri:3:string custom_properties:5:*Property type:8:string",
    "Execution": "id:1:int64 last_known_state:3:int32 custom_properties:5:*Property type:7:string"
    " create_time_since_epoch:8:int64 last_update_time_since_epoch:9:int64",
    "Step": "index:1:int64 key:2:string",
    "Path": "steps:1:*Step",
    "Event": "artifact_id:1:int64 execution_id:2:int64 path:3:Path type:4:int32",
    "Named": "type_name:1:string context_name:2:string",
    "InContext": "context_id:1:int64",
    "Ids": "ids:1:*int64",
    "Found": "context:1:Context",
    "Artifacts": "artifacts:1:*Artifact",
    "Executions": "executions:1:*Execution",
    "Events": "events:1:*Event",
}
"""name:number:type of the fields of each, a repeated one with a star. A map's entry is a message there too."""


class Store:
    """What is asked of it. Raises `FileNotFoundError` where there is none, `ConnectionError` where it fails."""

    def __init__(self, sent: Callable[[str, str, bytes], Any]) -> None:
        """
        Args:
            sent: Sends a body of a form to a path of the host; its answer has `headers` and `data`.
        """
        self._sent = sent
        self._messages: dict[str, Any] = {}
        self._away: OSError | None = None

    def artifact(self, artifact_id: str) -> dict[str, Any]:
        """One artifact, in the shape of the newest artifacts API. Raises `FileNotFoundError` where it isn't there."""
        found = self._asked("GetArtifactsByID", "Artifacts", "Ids", ids=[int(artifact_id)]).artifacts
        if not found:
            raise FileNotFoundError(f"the metadata store has no artifact {artifact_id}")
        return _artifact(found[0])

    def tasks(self, run_id: str) -> list[dict[str, Any]]:
        """What ran for a run, in the shape of the newest API's tasks."""
        context = self._asked("GetContextByTypeAndName", "Found", "Named", type_name=RUN, context_name=run_id)
        if not context.HasField("context"):
            return []
        of_run = {"context_id": context.context.id}
        executions = self._asked("GetExecutionsByContext", "Executions", "InContext", **of_run).executions
        executions = [each for each in executions if each.type != "system.DAGExecution"]
        if not executions:
            return []
        artifacts = self._asked("GetArtifactsByContext", "Artifacts", "InContext", **of_run).artifacts
        ids = [each.id for each in executions]
        events = self._asked("GetEventsByExecutionIDs", "Events", "Ids", ids=ids).events
        by_id = {each.id: _artifact(each) for each in artifacts}
        made: dict[int, list[dict[str, Any]]] = {each: [] for each in ids}
        for event in events:
            if event.type == OUTPUT and event.artifact_id in by_id:
                key = next((step.key for step in event.path.steps if step.key), "")
                one = {"artifact_key": key, "artifacts": [by_id[event.artifact_id]]}
                made[event.execution_id].append(one)
        return [_task(each, made[each.id]) for each in executions]

    def _asked(self, method: str, answer: str, request: str, **fields: Any) -> Any:
        if self._away:
            raise self._away
        self._messages = self._messages or _messages()
        message = self._messages[request](**fields).SerializeToString()
        try:
            said = self._sent(SERVICE + method, FORM, b"\0" + len(message).to_bytes(4, "big") + message)
            if not said.headers.get("Content-Type", "").startswith("application/grpc-web"):
                raise FileNotFoundError(ABSENT)
        except OSError as error:  # is not waited for again, run by run
            self._away = error if isinstance(error, ConnectionError) else FileNotFoundError(ABSENT)
            raise self._away from None
        data, status = _unframed(said.data, said.headers.get("grpc-status", ""))
        if status not in ("", "0", NOT_FOUND):
            raise ConnectionError(f"the metadata store answers with gRPC's status {status}")
        return self._messages[answer].FromString(data)


def _unframed(body: bytes, status: str) -> tuple[bytes, str]:
    """The message in an answer, and gRPC's status, which comes after it."""
    data = b""
    while body:
        size = int.from_bytes(body[1:5], "big")
        part, is_trailer, body = body[5 : 5 + size], body[0] & 0x80, body[5 + size :]
        if not is_trailer:
            data += part
        elif match := re.search(rb"grpc-status: *(\d+)", part):
            status = match[1].decode()
    return data, status


def _artifact(found: Any) -> dict[str, Any]:
    return {
        "artifact_id": str(found.id),
        "type": found.type,
        "uri": found.uri,
        "metadata": {
            name: _plain(value)
            for name, value in _properties(found).items()
            if name not in ("display_name", "store_session_info")  # of Kubeflow's own
        },
    }


def _plain(value: Any) -> Any:
    """Lists and objects are kept in an object of one key, `list` or `struct`."""
    wrapped = isinstance(value, dict) and len(value) == 1 and value.keys() <= {"list", "struct"}
    return next(iter(value.values())) if wrapped else value


def _task(execution: Any, artifacts: list[dict[str, Any]]) -> dict[str, Any]:
    about = _properties(execution)
    return {
        "name": about.get("task_name") or about.get("display_name") or str(execution.id),
        "type": "IMPORTER" if "Importer" in execution.type else "RUNTIME",
        "state": STATES.get(execution.last_known_state, "RUNNING"),
        "start_time": _moment(execution.create_time_since_epoch),
        "end_time": _moment(execution.last_update_time_since_epoch),
        "inputs": {"parameters": _parameters(about.get("inputs"))},
        "outputs": {"parameters": _parameters(about.get("outputs")), "artifacts": artifacts},
    }


def _parameters(values: Any) -> list[dict[str, Any]]:
    values = values if isinstance(values, dict) else {}
    plain = {key: int(value) if type(value) is float and value.is_integer() else value for key, value in values.items()}
    return [{"parameter_key": key, "value": value} for key, value in plain.items()]


def _moment(milliseconds: int) -> str:
    return (datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(milliseconds=milliseconds)).isoformat()


def _properties(message: Any) -> dict[str, Any]:
    from google.protobuf import json_format

    found = {}
    for each in message.custom_properties:
        for field, value in each.value.ListFields():
            found[each.key] = json_format.MessageToDict(value) if field.name == "struct_value" else value
    return json.loads(json.dumps(found))  # type: ignore[no-any-return]


def _messages() -> dict[str, Any]:
    """The class of each message."""
    from google.protobuf import descriptor_pb2, descriptor_pool, message_factory, struct_pb2

    pool, package, field_type = descriptor_pool.DescriptorPool(), "viz", descriptor_pb2.FieldDescriptorProto
    file = descriptor_pb2.FileDescriptorProto(name="viz.proto", package=package)
    file.dependency.append(struct_pb2.DESCRIPTOR.name)
    for name, fields in MESSAGES.items():
        message = file.message_type.add(name=name)
        for text in fields.split():
            called, number, kind = text.split(":")
            field = message.field.add(name=called, number=int(number), label=field_type.LABEL_OPTIONAL)
            if kind.startswith("*"):
                field.label, kind = field_type.LABEL_REPEATED, kind[1:]
            if kind[0].isupper():
                field.type = field_type.TYPE_MESSAGE
                field.type_name = ".google.protobuf.Struct" if kind == "Struct" else f".{package}.{kind}"
            else:
                field.type = getattr(field_type, f"TYPE_{kind.upper()}")
    pool.AddSerializedFile(struct_pb2.DESCRIPTOR.serialized_pb)
    pool.AddSerializedFile(file.SerializeToString())
    found = {name: pool.FindMessageTypeByName(f"{package}.{name}") for name in MESSAGES}
    if not hasattr(message_factory, "GetMessageClass"):  # before protobuf 4.22, which older kfp brings
        factory = message_factory.MessageFactory(pool)
        return {name: factory.GetPrototype(each) for name, each in found.items()}
    return {name: message_factory.GetMessageClass(each) for name, each in found.items()}
