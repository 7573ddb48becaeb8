"""The Visualization Creator: type, source, arguments, Generate, and results that stay in the notebook."""

from .panel import Creator

__all__ = ["Creator"]
