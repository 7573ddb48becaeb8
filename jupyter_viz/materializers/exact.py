"""Plain values as JSON that keeps their types: tuples, sets, any keys, dates, numpy's numbers. Reading it runs no code.

What JSON has is written as it is; anything else as `{"$": type, "v": parts}`.
"""

from __future__ import annotations

import base64
import datetime
import decimal
import math
import uuid
from collections.abc import Callable
from typing import Any

from .readable import LARGEST_INTEGER

_MARK = "$"


class NotPlain(Exception):
    """A value of a type that is not of the closed set of this module."""


def encoded(value: Any) -> Any:
    """The value as JSON can hold it. Raises `NotPlain`; `RecursionError` for what holds itself."""
    kind = type(value)
    if value is None or kind in (bool, str):
        return value
    if kind is int:
        if value.bit_length() > LARGEST_INTEGER:
            raise NotPlain("a large integer")
        return value
    if kind is float:
        return value if math.isfinite(value) else {_MARK: "float", "v": repr(value)}
    if kind is list:
        return [encoded(item) for item in value]
    if kind is dict:
        if all(type(key) is str for key in value) and _MARK not in value:
            return {key: encoded(item) for key, item in value.items()}
        return {_MARK: "dict", "v": [[encoded(key), encoded(item)] for key, item in value.items()]}
    if kind.__module__ == "numpy" and kind.__name__ in _NUMPY:
        return {_MARK: f"numpy.{kind.__name__}", "v": encoded(value.item())}
    if kind not in _WRITE:
        raise NotPlain(f"{kind.__module__}.{kind.__qualname__}")
    return {_MARK: kind.__name__, "v": _WRITE[kind](value)}


def decoded(stored: Any) -> Any:
    """The value that `encoded` was given."""
    if isinstance(stored, list):
        return [decoded(item) for item in stored]
    if not isinstance(stored, dict):
        return stored
    if _MARK not in stored:
        return {key: decoded(item) for key, item in stored.items()}
    name, parts = stored[_MARK], stored["v"]
    if name.startswith("numpy.") and name[6:] in _NUMPY:
        import numpy as np

        return getattr(np, "bool_" if name == "numpy.bool" else name[6:])(decoded(parts))
    return _READ[name](parts)


# The ones whose value a Python number holds exactly.
_NUMPY = ("bool", "bool_", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64") + (
    "float16",
    "float32",
    "float64",
    "str_",
)


def _items(values: Any) -> list[Any]:
    return [encoded(item) for item in values]


def _moment(value: Any) -> str:
    # Another zone than a fixed offset has rules that a text of one moment doesn't keep; `fold` is not in it either.
    if value.fold or (value.tzinfo is not None and type(value.tzinfo) is not datetime.timezone):
        raise NotPlain("a time with a zone")
    if value.tzinfo is not None and value.tzinfo.tzname(None) != datetime.timezone(value.utcoffset()).tzname(None):
        raise NotPlain("a zone with a name")
    return str(value.isoformat())


def _time(value: datetime.time) -> str:
    if value.tzinfo is not None:
        raise NotPlain("a time with a zone")
    return _moment(value)


_WRITE: dict[type, Callable[[Any], Any]] = {
    tuple: _items,
    set: _items,
    frozenset: _items,
    bytes: lambda value: base64.b64encode(value).decode(),
    complex: lambda value: [encoded(value.real), encoded(value.imag)],
    datetime.datetime: _moment,
    datetime.date: lambda value: value.isoformat(),
    datetime.time: _time,
    datetime.timedelta: lambda value: [value.days, value.seconds, value.microseconds],
    decimal.Decimal: str,
    uuid.UUID: str,
}
_READ: dict[str, Callable[[Any], Any]] = {
    "float": float,
    "dict": lambda parts: {decoded(key): decoded(item) for key, item in parts},
    "tuple": lambda parts: tuple(map(decoded, parts)),
    "set": lambda parts: set(map(decoded, parts)),
    "frozenset": lambda parts: frozenset(map(decoded, parts)),
    "bytes": base64.b64decode,
    "complex": lambda parts: complex(*map(decoded, parts)),
    "datetime": datetime.datetime.fromisoformat,
    "date": datetime.date.fromisoformat,
    "time": datetime.time.fromisoformat,
    "timedelta": lambda parts: datetime.timedelta(*parts),
    "Decimal": decimal.Decimal,
    "UUID": uuid.UUID,
}
