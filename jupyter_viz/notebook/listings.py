"""Lists that read well in a notebook and in a terminal: recipes, the state of the catalog."""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence

from ..config import PREFIX
from ..connectors.found import FoundStore, stores_found
from ..keeping.sizes import readable
from ..keeping.usage import Usage
from ..models import Amount, RunRemoval
from ..recipes.schema import RecipeInfo
from ..recorded.listing import Listing
from ..registry import Broken
from ..service import Service


def recipes_listing(recipes: Sequence[RecipeInfo], broken: Sequence[Broken]) -> Listing:
    rows = [[recipe.name, recipe.title, recipe.description] for recipe in recipes]
    rows += [[plugin.name, "broken", plugin.message] for plugin in broken]
    return Listing(["recipe", "title", "what it shows"], rows, "No recipes are installed.")


def usage_listing(usage: Usage) -> Listing:
    """What takes how many bytes, the largest pipeline first."""

    def cells(amount: Amount) -> str:
        return f"{readable(amount.bytes)} ({amount.count:,})" if amount.count else "—"

    rows = [
        [
            each.pipeline if each.project == "default" else f"{each.project}::{each.pipeline}",
            readable(each.bytes),
            f"{each.runs:,}",
            cells(each.artifacts),
            cells(each.visualizations),
            cells(each.renderings),
        ]
        for each in sorted(usage.pipelines, key=lambda each: -each.bytes)
    ]
    beside = {
        "(renderings of files)": usage.renderings,
        "(catalog)": usage.catalog,
        "(catalog backups)": usage.backups,
        "(cache)": usage.cache,
        "(orphans)": usage.orphans,
        "(unfinished writes)": usage.unfinished,
        "(not ours)": usage.other,
    }
    rows += [[name, readable(amount.bytes)] for name, amount in beside.items() if amount.count]
    rows += [["in all", readable(usage.total)]]
    if usage.missing.count:
        rows += [[f"{usage.missing.count:,} artifacts of {readable(usage.missing.bytes)} were removed from the store"]]
    if usage.elsewhere.count:
        rows += [[f"{usage.elsewhere.count:,} artifacts of {readable(usage.elsewhere.bytes)} lie outside of the store"]]
    header = ["pipeline", "takes", "runs", "artifacts", "visualizations", "renderings"]
    return Listing(header, [[*row, *[""] * (len(header) - len(row))] for row in rows], "")


def removal_text(removal: RunRemoval) -> str:
    """What goes with a run, as one line."""

    def part(amount: Amount, what: str) -> str:
        return f"{amount.count:,} {what}{'' if amount.count == 1 else 's'} ({readable(amount.bytes)})"

    parts = (
        part(removal.artifacts, "artifact"),
        part(removal.visualizations, "visualization"),
        part(removal.renderings, "rendering"),
    )
    return f"{removal.run.address} ({removal.run.status}): {', '.join(parts)}; {readable(removal.bytes)} in all"


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
    return lines + (place_lines(service) if state.id else [])


def place_lines(service: Service) -> list[str]:
    """The places of other systems whose runs are here, and those that were found and are not: with the command."""
    known = service.catalog.imported.all()
    lines = []
    for each in known:
        of = f"{each.system} {each.location}{f' ({each.store})' if each.store else ''}"
        state = "is being read" if each.running else each.error or f"read {each.started_at.astimezone():%Y-%m-%d %H:%M}"
        lines.append(f"runs of     {of}: {each.runs:,} runs; {state}")
    places = {(each.system, each.location) for each in known}
    for store in stores_found(service.config.source_root or "."):
        if (store.system, store.location) not in places:
            lines.append(f"found       {found_line(store)}")
    return lines


def found_line(store: FoundStore) -> str:
    """What was found, and the command that brings its runs in."""
    words = ["jupyter", "viz", "sync", store.system, store.location]
    if store.python:
        words += ["--python", store.python]
    missing = f" (add --python: an interpreter that has {store.missing})" if store.missing else ""
    return f"{store.why}: {shlex.join(words)}{missing}"


def other_catalog(catalog_id: str | None) -> str | None:
    """One line where this kernel sees another catalog than the server that started it, otherwise None."""
    servers = os.environ.get(PREFIX + "SERVER_CATALOG")
    if catalog_id is None or servers in (None, catalog_id):
        return None
    return (
        f"This kernel sees catalog {catalog_id}, the sidebar {servers}: remove {PREFIX}HOME and {PREFIX}CATALOG from "
        "the kernel's environment (kernel.json), or set them for the server too."
    )
