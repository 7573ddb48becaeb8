"""Inside IPython: the magics, the Visualization Creator. `%load_ext jupyter_viz` enters here."""

from __future__ import annotations

import sys
from typing import Any

_MAGICS = "VizMagics"


def load_extension(ipython: Any) -> None:
    """Register the magics, their completion and their `?`. Loading again does nothing; no catalog is opened."""
    from .asking import AskForHelp
    from .magics import VizMagics

    if isinstance(ipython.magics_manager.registry.get(_MAGICS), VizMagics):
        return
    unload_extension(ipython)  # of a module that was reloaded
    magics = VizMagics(ipython)
    ipython.register_magics(magics)
    ipython.input_transformer_manager.token_transformers.insert(0, AskForHelp)
    ipython.Completer.custom_matchers.append(magics.completing.matcher)


def unload_extension(ipython: Any) -> None:
    """Take all of it away again, and end what renders for this notebook."""
    if f"{__name__}.elsewhere" in sys.modules:
        from . import elsewhere

        elsewhere.stop()
    for kind in ("line", "cell"):
        ipython.magics_manager.magics[kind].pop("viz", None)
    magics = ipython.magics_manager.registry.pop(_MAGICS, None)
    transformers = ipython.input_transformer_manager.token_transformers
    transformers[:] = [each for each in transformers if getattr(each, "__module__", "") != f"{__name__}.asking"]
    if magics is not None:
        matchers = ipython.Completer.custom_matchers
        matchers[:] = [each for each in matchers if each is not magics.completing.matcher]
