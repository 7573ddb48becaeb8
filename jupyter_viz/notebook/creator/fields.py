"""Arguments as a form has them: a field for each property of a recipe's JSON schema."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

UNSET: Any = object()
"""What a field has whose argument is left to its default. Not None: ipywidgets shows nothing at all for that."""


@dataclass(frozen=True)
class Field:
    """One argument.

    Attributes:
        kind: column, columns, choice, boolean, integer, number, text, texts; json for anything else.
        required: It must be given, because it has no default.
        choices: Of a choice.
        range: (least, greatest) of a number that has both.
        foreign: It is another system's word: it can be given as JSON.
        usual: Of a column: what it is often called.
    """

    name: str
    title: str
    description: str
    kind: str
    required: bool
    default: Any
    choices: tuple[Any, ...]
    range: tuple[float, float] | None
    foreign: bool
    usual: tuple[str, ...]

    def value_of(self, text: str) -> Any:
        """What was typed as a value: as typed where it is none, so that the check can say so; `UNSET` for nothing."""
        text = text.strip()
        if not text:
            return UNSET
        if self.kind in ("columns", "texts") and not text.startswith("["):
            return [part.strip() for part in text.split(",") if part.strip()]
        if self.kind in ("text", "column"):
            return text
        try:
            return json.loads(text)
        except ValueError:
            return text

    def text_of(self, value: Any) -> str:
        """A value as it stands in a text field."""
        if value is UNSET or value is None:
            return ""
        if isinstance(value, list) and all(isinstance(one, str) and "," not in one for one in value):
            return ", ".join(value)
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

    @property
    def said(self) -> str:
        """What stands where nothing is given."""
        if self.required:
            return ""
        text = self.text_of(self.default)
        return f"default: {text}" if text else "not set"


def fields_of(schema: Mapping[str, Any]) -> list[Field]:
    required = schema.get("required", ())
    return [_field(name, each, name in required) for name, each in schema.get("properties", {}).items()]


def _field(name: str, schema: Mapping[str, Any], required: bool) -> Field:
    inner = _without_null(schema)
    least, most = inner.get("minimum"), inner.get("maximum")
    kind = _kind(inner, schema)
    return Field(
        name,
        str(schema.get("title", name)),
        str(schema.get("description", "")),
        kind,
        required,
        schema.get("default", UNSET),
        tuple(choice for choice in inner.get("enum", ()) if choice is not None),
        (float(least), float(most))
        if kind in ("integer", "number") and least is not None and most is not None
        else None,
        "system" in schema,
        tuple(schema.get("examples", ())),
    )


def _without_null(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """`X or null` as X, in both ways JSON Schema has for it."""
    union: Sequence[Any] = schema.get("anyOf") or schema.get("oneOf") or ()
    rest = [option for option in union if option.get("type") != "null"]
    if union:
        return rest[0] if len(rest) == 1 else {}
    kinds = schema.get("type")
    if isinstance(kinds, list):
        left = [kind for kind in kinds if kind != "null"]
        return {**schema, "type": left[0] if len(left) == 1 else None}
    return schema


def _kind(inner: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    kind = str(inner.get("type"))
    if "column" in (inner.get("format"), schema.get("format")):
        return "columns" if kind == "array" else "column"
    if "enum" in inner:
        return "choice"
    if kind == "array":
        items = inner.get("items", {})
        return "columns" if items.get("format") == "column" else "texts" if items.get("type") == "string" else "json"
    return "text" if kind == "string" else kind if kind in ("boolean", "integer", "number") else "json"
