"""Recipes: the ways to look at something, each a typed function.

from jupyter_viz.recipes import Column, Figure, Table, recipe
"""

from __future__ import annotations

from ..views import Document, Figure, FigureColumn, Rows
from .base import Bounds, Code, Column, Images, Json, Page, Pair, Picture, Recipe, Runs, Table, Text, recipe

__all__ = [
    "Bounds",
    "Code",
    "Column",
    "Document",
    "Figure",
    "FigureColumn",
    "Images",
    "Json",
    "Page",
    "Pair",
    "Picture",
    "Recipe",
    "Rows",
    "Runs",
    "Table",
    "Text",
    "recipe",
]
