"""Materializers: an object to stored bytes and back, and what to show of it. Never used in the server process."""

from __future__ import annotations

from .base_materializer import BaseMaterializer, Description
from .registered import materializer_for, materializer_named
from .shown import saved_visualizations
from .stored import load_stored

__all__ = [
    "BaseMaterializer",
    "Description",
    "load_stored",
    "materializer_for",
    "materializer_named",
    "saved_visualizations",
]
