"""Arrays in a figure's JSON, which plotly writes as base64."""

from __future__ import annotations

import base64
from typing import Any


def decoded(spec: Any, *, lists: bool = False) -> Any:
    """The same with numbers where base64 was.

    Args:
        lists: As lists; as NumPy arrays otherwise, with which one computes as with those of a figure.
    """
    import numpy as np

    if isinstance(spec, (list, tuple)):
        return [decoded(item, lists=lists) for item in spec] if any(map(_is_nested, spec)) else list(spec)
    if isinstance(spec, np.ndarray):
        return spec.tolist() if lists else spec
    if not isinstance(spec, dict):
        return spec
    if {"bdata", "dtype"} <= spec.keys() <= {"bdata", "dtype", "shape"}:
        array = np.frombuffer(base64.b64decode(spec["bdata"], validate=True), np.dtype(spec["dtype"]).newbyteorder("<"))
        shape = spec.get("shape", str(array.size))
        # plotly packs integers into as few bytes as will hold them; computing with those would overflow.
        kind = "int64" if array.dtype.kind in "iu" else spec["dtype"]
        array = array.reshape([int(side) for side in str(shape).split(",")]).astype(kind)
        return array.tolist() if lists else array
    return {key: decoded(item, lists=lists) for key, item in spec.items()}


def _is_nested(value: Any) -> bool:
    return not isinstance(value, (str, int, float, bool, type(None)))
