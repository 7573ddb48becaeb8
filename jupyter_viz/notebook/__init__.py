"""Inside IPython: the magics, the Visualization Creator. `%load_ext jupyter_viz` enters here."""

from __future__ import annotations

from typing import Any


def load_extension(ipython: Any) -> None:
    """Register the magics. Loading again does nothing; nothing of the catalog is opened."""
    from .magics import VizMagics

    if not isinstance(ipython.magics_manager.registry.get(VizMagics.__name__), VizMagics):
        ipython.register_magics(VizMagics(ipython))


def unload_extension(ipython: Any) -> None:
    """Take the magics away again."""
    for kind in ("line", "cell"):
        ipython.magics_manager.magics[kind].pop("viz", None)
    ipython.magics_manager.registry.pop("VizMagics", None)
