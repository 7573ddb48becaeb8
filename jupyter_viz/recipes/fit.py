"""Whether a recipe can read a source, and with these arguments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..artifacts.source import Source
from ..errors import InvalidArgument
from .schema import RecipeInfo


def check_fit(recipe: RecipeInfo, source: Source | None, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The checked arguments of a recipe over a source, columns too where they are known without reading it."""
    if source is not None and recipe.source_kinds and source.kind not in recipe.source_kinds:
        kinds = " or ".join(recipe.source_kinds)
        raise InvalidArgument(f"Recipe {recipe.name!r} reads a {kinds}; {source.text!r} is {source.kind}.")
    columns = [column.name for column in source.columns] if source and source.columns else None
    return recipe.checked(arguments, columns)
