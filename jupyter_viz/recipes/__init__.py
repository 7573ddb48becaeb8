"""Recipes: the ways to look at something, each a typed function.

from jupyter_viz.recipes import Column, Figure, Table, recipe
"""

from __future__ import annotations

from ..views import Document, Figure, FigureColumn, Rows
from .base import Bounds, Column, Json, Page, Picture, Recipe, Table, Text, recipe

__all__ = [
    "Bounds",
    "Column",
    "Document",
    "Figure",
    "FigureColumn",
    "Json",
    "Page",
    "Picture",
    "Recipe",
    "Rows",
    "Table",
    "Text",
    "recipe",
]
