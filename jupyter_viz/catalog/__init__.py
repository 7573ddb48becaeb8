"""What is known: runs, steps, artifacts, metrics, visualizations. The only place that knows SQL.

Loaded when first used: a server that nobody asks for runs does not spend a tenth of a second on SQLAlchemy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .catalog import Catalog as Catalog
    from .catalog import open_catalog as open_catalog

__all__ = ["Catalog", "open_catalog"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from . import catalog

        return getattr(catalog, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
