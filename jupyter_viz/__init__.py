"""See what your ML pipeline runs made, without leaving Jupyter.

Public names are loaded when first used, so that `import jupyter_viz` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .client import load as load
    from .client import visualize as visualize
    from .notebook.creator import Creator as Creator
    from .pipelines.metrics import Metrics as Metrics
    from .pipelines.metrics import log_metrics as log_metrics
    from .pipelines.pipeline import Model as Model
    from .pipelines.pipeline import pipeline as pipeline
    from .pipelines.step import step as step
    from .recipes import recipe as recipe

_HOMES = {
    "Creator": ".notebook.creator",
    "Metrics": ".pipelines.metrics",
    "Model": ".pipelines.pipeline",
    "load": ".client",
    "log_metrics": ".pipelines.metrics",
    "pipeline": ".pipelines.pipeline",
    "recipe": ".recipes",
    "step": ".pipelines.step",
    "visualize": ".client",
}

__all__ = [
    *_HOMES,
    "__version__",
    "_jupyter_labextension_paths",
    "_jupyter_server_extension_points",
    "load_ipython_extension",
    "unload_ipython_extension",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("jupyter_viz")
    if name in _HOMES:
        return getattr(import_module(_HOMES[name], __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    return [{"src": "labextension", "dest": "jupyter-viz"}]


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    from .app import VizExtension

    return [{"module": "jupyter_viz", "app": VizExtension}]


def load_ipython_extension(ipython: Any) -> None:
    """`%load_ext jupyter_viz`"""
    from .notebook import load_extension

    load_extension(ipython)


def unload_ipython_extension(ipython: Any) -> None:
    """`%unload_ext jupyter_viz`"""
    from .notebook import unload_extension

    unload_extension(ipython)
