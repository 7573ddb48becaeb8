"""Plugins by entry point. Built-ins enter by the same door; a broken plugin is listed, neither fatal nor silent."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

RECIPES = "jupyter_viz.recipes"
MATERIALIZERS = "jupyter_viz.materializers"
CONNECTORS = "jupyter_viz.connectors"


@dataclass(frozen=True, slots=True)
class Broken:
    """A plugin that could not be loaded, and why."""

    name: str
    message: str


@cache
def found(group: str) -> dict[str, EntryPoint]:
    """The entry points of a group by name. Reads package metadata only; nothing is imported."""
    return {point.name: point for point in entry_points(group=group)}


def load(point: EntryPoint) -> Any | Broken:
    """The object behind an entry point, or `Broken` with the reason in one line."""
    try:
        return point.load()
    except (Exception, SystemExit) as error:  # whatever a plugin raises at import, the others go on
        return Broken(point.name, f"{point.value}: {type(error).__name__}: {error}")
