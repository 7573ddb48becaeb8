"""Values that were stored by a materializer a catalog names."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

from ..errors import InvalidOutput
from ..io import fileio
from . import pickled
from .registered import materializer_named


def load_stored(uri: str, materializer: str, python_type: str) -> Any:
    """The value in an artifact's folder. For the user's own process: it may run code from there, and says so.

    Args:
        uri: The folder.
        materializer: `module.Class` of the one that saved the value.
        python_type: `module.Class` of the value, `Class` alone for Python's own; its materializer is told.

    Raises:
        InvalidOutput: The materializer is not in this environment, and what it saved can't be read without it.
    """
    try:
        found = materializer_named(materializer)
    except InvalidOutput:
        # One that a notebook defined only to show a value left the storing to pickle, which needs no class of it.
        path = f"{uri}/data.pkl"
        if not fileio.exists(path):
            raise
        return pickled.load(path)
    return found(uri).load(_type_named(python_type))


def _type_named(name: str) -> type | None:
    """The class of that name where it can be imported; most materializers need none."""
    module, _, attribute = name.rpartition(".")
    try:
        found = getattr(sys.modules.get(module) or import_module(module or "builtins"), attribute)
    except Exception:  # whatever the import of somebody's module raises
        return None
    return found if isinstance(found, type) else None
