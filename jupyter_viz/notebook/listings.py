"""Lists that read well in a notebook and in a terminal: recipes, the state of the catalog."""

from __future__ import annotations

import os
from collections.abc import Sequence

from ..config import PREFIX
from ..recipes.schema import RecipeInfo
from ..recorded.listing import Listing
from ..registry import Broken
from ..service import Service


def recipes_listing(recipes: Sequence[RecipeInfo], broken: Sequence[Broken]) -> Listing:
    rows = [[recipe.name, recipe.title, recipe.description] for recipe in recipes]
    rows += [[plugin.name, "broken", plugin.message] for plugin in broken]
    return Listing(["recipe", "title", "what it shows"], rows, "No recipes are installed.")


def help_text(recipe: RecipeInfo) -> str:
    """What a recipe does and takes, for reading."""
    reads = " or ".join(recipe.source_kinds) or "anything"
    lines = [f"{recipe.name}: {recipe.title}", recipe.description, f"Reads: {reads}"]
    for name, schema in recipe.arguments.get("properties", {}).items():
        default = f" (default {schema['default']!r})" if "default" in schema else " (required)"
        lines.append(f"  --{name.replace('_', '-')}  {schema.get('description', '')}{default}")
    return "\n".join(lines)


def status_lines(service: Service) -> list[str]:
    """Which catalog this process sees; and where it is not the server's, that, with the way out."""
    from importlib.metadata import version

    state, config = service.catalog_state(), service.config
    lines = [
        f"jupyter_viz {version('jupyter_viz')}",
        f"catalog     {state.id or state.state}  {state.location}",
        f"artifacts   {config.artifacts}",
        f"home        {config.home}",
    ]
    if state.message:
        lines.append(f"problem     {state.message}")
    if warning := other_catalog(state.id):
        lines.append(f"problem     {warning}")
    return lines


def other_catalog(catalog_id: str | None) -> str | None:
    """One line where this kernel sees another catalog than the server that started it, otherwise None."""
    servers = os.environ.get(PREFIX + "SERVER_CATALOG")
    if catalog_id is None or servers in (None, catalog_id):
        return None
    return (
        f"This kernel sees catalog {catalog_id}, the sidebar {servers}: remove {PREFIX}HOME and {PREFIX}CATALOG from "
        "the kernel's environment (kernel.json), or set them for the server too."
    )
