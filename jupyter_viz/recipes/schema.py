"""What is known of a recipe without running it, as JSON holds it; and the check of arguments against it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from ..errors import InvalidArgument, MissingColumn, did_you_mean


@dataclass(frozen=True, slots=True)
class RecipeInfo:
    """A recipe's description; the fields of `Recipe` in `api/openapi.yaml`.

    Attributes:
        most_sources: How many sources it shows together at most; None: as many as can be named.
        code: It takes the user's own code.
        beside: Files that another system's words read where they lie beside the source.
        saved: The code that it is, where it was a cell; None of any other.
    """

    name: str
    title: str
    description: str
    source_kinds: tuple[str, ...] = ()
    source_required: bool = True
    arguments: Mapping[str, Any] = field(default_factory=lambda: {"type": "object"})
    code: bool = False
    least_sources: int = 1
    most_sources: int | None = None
    beside: tuple[str, ...] = ()
    saved: str | None = None

    @property
    def own_code(self) -> bool:
        """Whether it runs what a user wrote: then it is for those who may run code of their own."""
        return self.code or self.saved is not None

    @property
    def adapted(self) -> set[str]:
        """Names of the arguments that are another system's words."""
        return {name for name, schema in self.arguments.get("properties", {}).items() if "system" in schema}

    def adapted_in(self, arguments: Mapping[str, Any]) -> list[str]:
        """Those of them that are given."""
        return [name for name, value in arguments.items() if value is not None and name in self.adapted]

    def code_in(self, arguments: Mapping[str, Any]) -> list[str]:
        """Names of the arguments given that are Python to be run."""
        properties = self.arguments.get("properties", {})
        return [name for name in arguments if properties.get(name, {}).get("format") == "python" and arguments[name]]

    @property
    def placeholder(self) -> str:
        """The arguments as a YAML example: required ones as they are, the others commented with their default."""
        lines = []
        for name, schema in self.arguments.get("properties", {}).items():
            about = schema.get("description", "")
            if "default" in schema:
                lines.append(f"# {name}: {json.dumps(schema['default'])}{'  # ' if about else ''}{about}")
            else:
                lines.append(f"{name}: …{'  # ' if about else ''}{about}")
        return "\n".join(lines)

    def checked(self, arguments: Mapping[str, Any], columns: Sequence[str] | None = None) -> dict[str, Any]:
        """The arguments with defaults filled in.

        Args:
            columns: Names of the source's columns, None where they are not known yet.

        Raises:
            InvalidArgument: An argument is unknown, missing, or not of its type; the sentence names it.
            MissingColumn: A column that is named is not among `columns`; the sentence says which there are.
        """
        properties: Mapping[str, Any] = self.arguments.get("properties", {})
        if self.arguments.get("additionalProperties", True) is False:
            for name in arguments:
                if name not in properties:
                    hint = did_you_mean(name, properties)
                    raise InvalidArgument(f"Recipe {self.name!r} has no argument {name!r}.{hint}")
        # Not of another system's words: where none is given, nobody has to read of them.
        defaults = properties.keys() - self.adapted
        values = {
            name: schema["default"] for name, schema in properties.items() if name in defaults and "default" in schema
        }
        values.update({name: _listed(properties.get(name, {}), value) for name, value in arguments.items()})
        for name in self.arguments.get("required", ()):
            if name not in values:
                raise InvalidArgument(f"Recipe {self.name!r} needs the argument {name!r}.")
        self._check_types(values)
        # What columns another system's words mean is known where the source is read.
        if columns is not None and not self.adapted_in(values):
            self.check_columns(values, columns)
        return values

    def _check_types(self, values: Mapping[str, Any]) -> None:
        from fastjsonschema import JsonSchemaValueException

        try:
            _check_of(json.dumps(self.arguments))(values)
        except JsonSchemaValueException as error:
            where = ".".join(error.path[1:])
            raise InvalidArgument(f"Recipe {self.name!r}, argument {where!r}: {_said(error)[:500]}") from None

    def check_columns(self, values: Mapping[str, Any], columns: Sequence[str]) -> None:
        """Raises `MissingColumn` for a column that is named and not among `columns`."""
        for name, schema in self.arguments.get("properties", {}).items():
            value = values.get(name)
            of_each = schema.get("items", {}).get("format") == "column" and isinstance(value, list)
            named = value if of_each else [value] if schema.get("format") == "column" else []
            for column in named or ():
                if column is not None and column not in columns:
                    raise MissingColumn(
                        f"Argument {name!r}: the source has no column {column!r}.{did_you_mean(str(column), columns)}"
                    )


def _listed(schema: Mapping[str, Any], value: Any) -> Any:
    """One text as a list of it, where a list is wanted: `by="region"` says what `by=["region"]` does."""
    kinds = schema.get("type", ())
    kinds = [kinds] if isinstance(kinds, str) else kinds
    return [value] if isinstance(value, str) and "array" in kinds and "string" not in kinds else value


@lru_cache(maxsize=1000)
def _check_of(schema: str) -> Callable[[Mapping[str, Any]], Any]:
    # Not jsonschema: where Jupyter is installed too, importing that compiles a grammar of URIs, which takes seconds.
    import fastjsonschema

    check: Callable[[Mapping[str, Any]], Any] = fastjsonschema.compile(
        json.loads(schema), use_default=False, use_formats=False
    )
    return check


def _said(error: Any) -> str:
    """What is wrong with a value, with the value in it."""
    wanted = error.rule_definition
    if error.rule == "type":
        kinds = wanted if isinstance(wanted, list) else [wanted]
        return f"{error.value!r} is not of type {', '.join(map(repr, kinds))}."
    if error.rule == "enum":
        return f"{error.value!r} is not one of {wanted!r}."
    if error.rule in ("minimum", "maximum"):
        return (
            f"{error.value!r} is {'less' if error.rule == 'minimum' else 'greater'} than the {error.rule} of {wanted}."
        )
    return f"{error.value!r}: {error.message}."
