"""The messages of ML Metadata as its store sends them; see `kubeflow_shapes` for where they are written down."""

from __future__ import annotations

from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory, struct_pb2

FIELD = descriptor_pb2.FieldDescriptorProto
INT64, INT32, DOUBLE, TEXT, BOOL = (
    FIELD.TYPE_INT64, FIELD.TYPE_INT32, FIELD.TYPE_DOUBLE, FIELD.TYPE_STRING, FIELD.TYPE_BOOL
)  # fmt: skip
STRUCT = ".google.protobuf.Struct"


def _one(number: int, kind: Any) -> tuple[int, Any, bool]:
    return number, kind, False


def _many(number: int, kind: Any) -> tuple[int, Any, bool]:
    return number, kind, True


NODE = {
    "id": _one(1, INT64),
    "type_id": _one(2, INT64),
    "properties": _many(4, "map"),
    "custom_properties": _many(5, "map"),
}
FIELDS: dict[str, dict[str, tuple[int, Any, bool]]] = {
    "Value": {
        "int_value": _one(1, INT64), "double_value": _one(2, DOUBLE), "string_value": _one(3, TEXT),
        "struct_value": _one(4, STRUCT), "bool_value": _one(6, BOOL),
    },
    "Artifact": NODE | {"uri": _one(3, TEXT), "state": _one(6, INT32), "name": _one(7, TEXT), "type": _one(8, TEXT)},
    "Execution": NODE | {
        "last_known_state": _one(3, INT32), "name": _one(6, TEXT), "type": _one(7, TEXT),
        "create_time_since_epoch": _one(8, INT64), "last_update_time_since_epoch": _one(9, INT64),
    },
    "Context": NODE | {"name": _one(3, TEXT), "type": _one(6, TEXT)},
    "Step": {"index": _one(1, INT64), "key": _one(2, TEXT)},
    "Path": {"steps": _many(1, ".t.Step")},
    "Event": {
        "artifact_id": _one(1, INT64), "execution_id": _one(2, INT64), "path": _one(3, ".t.Path"),
        "type": _one(4, INT32), "milliseconds_since_epoch": _one(5, INT64),
    },
    "GetContextByTypeAndNameRequest": {"type_name": _one(1, TEXT), "context_name": _one(2, TEXT)},
    "GetContextByTypeAndNameResponse": {"context": _one(1, ".t.Context")},
    "GetExecutionsByContextRequest": {"context_id": _one(1, INT64)},
    "GetExecutionsByContextResponse": {"executions": _many(1, ".t.Execution")},
    "GetArtifactsByContextRequest": {"context_id": _one(1, INT64)},
    "GetArtifactsByContextResponse": {"artifacts": _many(1, ".t.Artifact")},
    "GetArtifactsByIDRequest": {"artifact_ids": _many(1, INT64)},
    "GetArtifactsByIDResponse": {"artifacts": _many(1, ".t.Artifact")},
    "GetEventsByExecutionIDsRequest": {"execution_ids": _many(1, INT64)},
    "GetEventsByExecutionIDsResponse": {"events": _many(1, ".t.Event")},
}  # fmt: skip


def _classes() -> dict[str, Any]:
    file = descriptor_pb2.FileDescriptorProto(name="t.proto", package="t", dependency=["google/protobuf/struct.proto"])
    for name, fields in FIELDS.items():
        message = file.message_type.add(name=name)
        for called, (number, kind, repeated) in fields.items():
            label = FIELD.LABEL_REPEATED if repeated else FIELD.LABEL_OPTIONAL
            field = message.field.add(name=called, number=number, label=label)
            if kind == "map":
                entry = message.nested_type.add(name="".join(part.title() for part in called.split("_")) + "Entry")
                entry.options.map_entry = True
                entry.field.add(name="key", number=1, type=TEXT, label=FIELD.LABEL_OPTIONAL)
                value = entry.field.add(name="value", number=2, type=FIELD.TYPE_MESSAGE, label=FIELD.LABEL_OPTIONAL)
                value.type_name, kind = ".t.Value", f".t.{name}.{entry.name}"
            if isinstance(kind, str):
                field.type, field.type_name = FIELD.TYPE_MESSAGE, kind
            else:
                field.type = kind
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(struct_pb2.DESCRIPTOR.serialized_pb)
    pool.AddSerializedFile(file.SerializeToString())
    return {name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"t.{name}")) for name in FIELDS}


MESSAGES = _classes()


def put(properties: Any, values: dict[str, Any]) -> None:
    """Fill a map of properties; as Kubeflow's launcher does, numbers as double, lists in an object."""
    for name, value in values.items():
        if isinstance(value, str):
            properties[name].string_value = value
        elif isinstance(value, (int, float)):
            properties[name].double_value = value
        else:
            properties[name].struct_value.update(value if isinstance(value, dict) else {"list": value})


def unframed(body: bytes) -> bytes:
    """The message in a request of gRPC for the web."""
    assert body[:5] == b"\0" + (len(body) - 5).to_bytes(4, "big")
    return body[5:]


def framed(message: bytes, status: int) -> bytes:
    """An answer with gRPC's status behind it."""
    trailer = f"grpc-status:{status}\r\n".encode()
    data = b"\0" + len(message).to_bytes(4, "big") + message if status == 0 else b""
    return data + b"\x80" + len(trailer).to_bytes(4, "big") + trailer
