"""What is known: runs, steps, artifacts, metrics, visualizations. The only place that knows SQL."""

from __future__ import annotations

from .catalog import Catalog, open_catalog

__all__ = ["Catalog", "open_catalog"]
