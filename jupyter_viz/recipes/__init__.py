"""Recipes: the ways to look at something, each a typed function.

from jupyter_viz.recipes import Column, Figure, Table, recipe
"""

from __future__ import annotations

from ..views import Figure, FigureColumn, Rows
from .base import Bounds, Column, Recipe, Table, recipe

__all__ = ["Bounds", "Column", "Figure", "FigureColumn", "Recipe", "Rows", "Table", "recipe"]
