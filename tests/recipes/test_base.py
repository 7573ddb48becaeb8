"""A typed function is a recipe: its signature is its form. And every installed recipe keeps the contract."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any, Literal

import pytest
import yaml
from jsonschema import Draft202012Validator

from jupyter_viz import recipe, registry
from jupyter_viz.errors import ConfigurationError
from jupyter_viz.recipes import Code, Column, Figure, Rows, Table
from jupyter_viz.recipes.known import find_recipe

ALL = sorted(registry.found(registry.RECIPES))


@pytest.mark.parametrize("name", ALL)
def test_every_recipe_is_described_for_people_and_programs(name: str) -> None:
    """A form can be made of it: titles, texts, a valid schema, an example that is YAML."""
    info = find_recipe(name).info
    assert info.name == name
    assert json.loads(json.dumps(asdict(info))) is not None
    Draft202012Validator.check_schema(dict(info.arguments))
    assert info.title
    assert info.description.endswith(".")
    for argument, schema in info.arguments["properties"].items():
        assert schema.get("description"), argument
        assert schema["title"]
    assert yaml.safe_load(info.placeholder) is None or isinstance(yaml.safe_load(info.placeholder), dict)
    properties = info.arguments["properties"]
    needed = {key: ["x"] if properties[key]["type"] == "array" else "x" for key in info.arguments.get("required", ())}
    assert info.checked(needed) == needed | {
        key: schema["default"] for key, schema in properties.items() if key not in needed and "system" not in schema
    }


def test_a_signature_becomes_a_schema() -> None:
    @recipe
    def my_plot(
        source: Table,
        *,
        column: Column,
        bins: int = 10,
        scale: Literal["linear", "log"] = "linear",
        alpha: float | None = None,
        names: list[str] | None = None,
        kind: Literal["a", "b"] | None = None,
        show: bool = False,
        what: Any = None,
        header: list[str] | bool | None = None,
        told_by: Code | None = None,
    ) -> Figure:
        """Draw it
        nicely.

        More that is not shown.

        Args:
            column: Which,
                exactly.
            bins: How many.

        Returns:
            bins: not an argument.
        """
        raise NotImplementedError

    info = my_plot.info
    assert (info.name, info.title, info.description) == ("my_plot", "My plot", "Draw it nicely.")
    properties = info.arguments["properties"]
    assert properties["column"] == {
        "type": "string",
        "format": "column",
        "title": "column",
        "description": "Which, exactly.",
    }
    assert properties["bins"] == {"type": "integer", "title": "bins", "description": "How many.", "default": 10}
    assert properties["scale"]["enum"] == ["linear", "log"]
    assert properties["alpha"]["type"] == ["number", "null"]
    assert properties["names"]["type"] == ["array", "null"]
    assert properties["kind"]["enum"] == ["a", "b", None]
    assert properties["header"]["type"] == ["array", "boolean", "null"]
    assert properties["header"]["items"] == {"type": "string"}
    assert info.code_in({"bins": 1, "told_by": "lambda x: x"}) == ["told_by"]
    assert info.arguments["required"] == ["column"]
    Draft202012Validator.check_schema(info.arguments)
    assert info.checked({"column": "x"})["names"] is None


def _no_star(source: Table, bins: int = 1) -> Rows: ...
def _no_source(source: int) -> Rows: ...
def _no_annotation(source) -> Rows: ...  # type: ignore[no-untyped-def]
def _strange(source: Table, *, when: dict[str, int]) -> Rows: ...


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (_no_star, r"put a \* before 'bins'"),
        (_no_source, "annotate 'source' with how it is read"),
        (_no_annotation, "annotate 'source' with how it is read"),
        (_strange, "argument 'when'.*can't be shown in a form"),
    ],
)
def test_an_author_is_told_what_is_missing(function: Any, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        recipe(function)
