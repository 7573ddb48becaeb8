"""A function's signature as JSON Schema: what arguments may be, and what is said of them."""

from __future__ import annotations

import inspect
import types
import typing
from collections import ChainMap
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from ..errors import ConfigurationError

if TYPE_CHECKING:
    Column = str
else:

    class Column(str):
        """Annotation of an argument that names a column of the source: completed, and checked before anything runs."""

        __slots__ = ()


class Code(str):
    """Annotation of an argument that is Python: it is run, so it is for those who may run code of their own."""

    __slots__ = ()


class Bounds(NamedTuple):
    """Annotation of a number's range: `Annotated[int, Bounds(1, 100)]`; both ends are in it."""

    least: float
    most: float


_PLAIN = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    Column: {"type": "string", "format": "column"},
    Code: {"type": "string", "format": "python"},
}


_USUAL = {
    "target": ["label", "target", "y", "y_true", "truth", "actual", "class", "outcome"],
    "score": ["score", "p", "prob", "proba", "probability", "y_score", "y_prob", "y_proba"],
    "predicted": ["predicted", "prediction", "pred", "y_pred", "y_hat"],
}
"""What columns of an argument are often called; in any case. Forms choose by it, as the `examples` of its schema."""


def properties_of(function: Callable[..., Any], recipe: str) -> dict[str, dict[str, Any]]:
    """The JSON Schemas of a function's keyword-only arguments; those without a default must be given."""
    hints = typing.get_type_hints(function, include_extras=True)
    described = _argument_texts(inspect.getdoc(function) or "")
    properties = {}
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.kind is not inspect.Parameter.KEYWORD_ONLY:
            continue
        schema = dict(_schema_of(hints.get(name, Any), f"argument {name!r} of recipe {recipe!r}"))
        schema["title"] = name.replace("_", " ")
        schema |= {"description": described[name]} if name in described else {}
        schema |= {"examples": _USUAL[name]} if schema.get("format") == "column" and name in _USUAL else {}
        if parameter.default is not inspect.Parameter.empty:
            schema["default"] = parameter.default
        properties[name] = schema
    return properties


def _schema_of(hint: Any, where: str) -> Mapping[str, Any]:
    if hint is Any:
        return {"type": ["string", "number", "boolean", "null"]}
    if hint in _PLAIN:
        return _PLAIN[hint]
    origin, parts = get_origin(hint), get_args(hint)
    if origin is Annotated and isinstance(parts[1], Bounds):
        return {**_schema_of(parts[0], where), "minimum": parts[1].least, "maximum": parts[1].most}
    if origin is Literal:
        return {"enum": list(parts)}
    if origin is list:
        return {"type": "array", "items": _schema_of(parts[0], where)}
    if origin in (Union, types.UnionType):
        inner = [_schema_of(part, where) for part in parts if part is not types.NoneType]
        if len(inner) == 1 and "enum" in inner[0]:
            return {"enum": [*inner[0]["enum"], None]}
        if all("type" in each for each in inner):
            kinds = [
                kind for each in inner for kind in ([each["type"]] if isinstance(each["type"], str) else each["type"])
            ]
            # Any has null already; Python 3.10 reads `: Any = None` as Any | None.
            kinds += ["null"] if types.NoneType in parts and "null" not in kinds else []
            return {**dict(ChainMap(*map(dict, inner))), "type": kinds}
    raise ConfigurationError(f"{where}: {hint} can't be shown in a form; use str, int, float, bool, Column, Literal.")


def _argument_texts(docstring: str) -> dict[str, str]:
    """The texts of a docstring's `Args:` section by argument."""
    texts: dict[str, str] = {}
    name, inside = None, False
    for line in docstring.splitlines():
        if not line.startswith(" ") and line.strip():
            inside, name = line.strip() == "Args:", None
        elif inside and line.startswith("    ") and line[4:5] not in ("", " "):
            name, _, rest = line.strip().partition(":")
            texts[name] = rest.strip()
        elif inside and name and line.strip():
            texts[name] += f" {line.strip()}"
    return texts
