"""The last resort: cloudpickle. Loading runs code from the file, so it is said each time."""

from __future__ import annotations

import warnings
from typing import Any

from ..errors import InvalidOutput
from ..io import fileio
from .registered import qualified_name


def save(path: str, data: Any) -> None:
    """Write a value to one file. Raises `InvalidOutput` for what can't be pickled, and writes nothing then."""
    import cloudpickle

    try:
        packed = cloudpickle.dumps(data)
    except Exception as error:  # what pickling meets in somebody's object can be anything
        raise InvalidOutput(f"A {qualified_name(type(data))} can't be stored: {error}") from error
    with fileio.open(path, "wb") as file:
        file.write(packed)


def load(path: str) -> Any:
    """The value of a file. Warns before it reads: this is for the user's own process only."""
    import cloudpickle

    warnings.warn(f"Unpickling {path}: this runs code from that file.", stacklevel=3)
    with fileio.open(path, "rb") as file:
        return cloudpickle.loads(file.read())
