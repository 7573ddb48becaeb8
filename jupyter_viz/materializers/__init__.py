"""Materializers: an object to stored bytes and back, and what to show of it. Never used in the server process."""

from __future__ import annotations

from .base_materializer import BaseMaterializer, Description, materializer_for, materializer_named

__all__ = ["BaseMaterializer", "Description", "materializer_for", "materializer_named"]
