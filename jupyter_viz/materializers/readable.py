"""Any value as JSON for people: strangers by their fields or their text, long parts cut, and it is said."""

from __future__ import annotations

import dataclasses
import enum
import itertools
import math
import reprlib
from collections.abc import Iterable, Mapping
from typing import Any

_ITEMS = 1000
_TEXT = 10_000
_DEPTH = 20
_PARTS = 20_000
LARGEST_INTEGER = 10_000  # bits; Python refuses to write those of more than 4,300 digits
_WORD = 2**63
_NOT_FINITE = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}


def readable(value: Any, whole: bool = False) -> Any:
    """What `json.dumps(…, allow_nan=False)` takes; never raises, whatever the objects in it do.

    Args:
        whole: All parts of containers, not only the first 20,000.
    """
    return _Reader(whole).read(value, 0)


class _Reader:
    def __init__(self, whole: bool) -> None:
        self._whole = whole
        self._left: float = math.inf if whole else _PARTS
        self._inside: list[int] = []

    def read(self, value: Any, depth: int) -> Any:
        self._left -= 1
        kind = type(value)
        if value is None or kind is bool or (kind is int and -_WORD < value < _WORD):
            return value
        if isinstance(value, enum.Enum):
            return f"{type(value).__name__}.{value.name}"
        if isinstance(value, int):
            return int(value) if value.bit_length() < LARGEST_INTEGER else f"an integer of {value.bit_length():,} bits"
        if isinstance(value, float):
            return float(value) if math.isfinite(value) else _NOT_FINITE[str(float(value))]
        if isinstance(value, str):
            longest = len(value) if self._whole else _TEXT
            return _short(str.__str__(value), f"… ({len(value):,} characters)", longest)
        if id(value) in self._inside:
            return "… (holds itself)"
        if depth >= (5 * _DEPTH if self._whole else _DEPTH) or self._left < 0:
            return "…"
        self._inside.append(id(value))
        try:
            return self._composed(value, depth)
        except Exception:  # a property, iterator or repr of somebody's class
            return _text(value)
        finally:
            self._inside.pop()

    def _composed(self, value: Any, depth: int) -> Any:
        if type(value) in (list, tuple):  # most containers: asked first, for there can be millions
            return self._list(value, depth)
        if type(value).__module__ == "numpy" and hasattr(value, "item") and value.ndim == 0:
            return self.read(value.item(), depth + 1)
        if isinstance(value, Mapping):
            return self._fields(value.items(), len(value), depth)
        if isinstance(value, tuple) and hasattr(value, "_fields"):
            return self._fields(zip(value._fields, value, strict=True), len(value), depth)
        if isinstance(value, (list, tuple, set, frozenset)):
            return self._list(value, depth)
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            shown = [field for field in dataclasses.fields(value) if field.repr]
            return self._fields(((field.name, getattr(value, field.name)) for field in shown), len(shown), depth)
        if is_pydantic(value):
            hidden = {name for name, field in type(value).model_fields.items() if not field.repr}
            pairs = [(name, item) for name, item in value if name not in hidden]
            return self._fields(pairs, len(pairs), depth)
        return _text(value)

    def _list(self, values: Any, depth: int) -> list[Any]:
        items: Iterable[Any] = values
        if isinstance(values, (set, frozenset)):
            try:
                items = sorted(values)
            except TypeError:
                items = values
        shown = [self.read(item, depth + 1) for item in self._first(items)]
        return [*shown, f"… ({len(values):,} in all)"] if len(shown) < len(values) else shown

    def _fields(self, pairs: Iterable[tuple[Any, Any]], count: int, depth: int) -> dict[str, Any]:
        shown: dict[str, Any] = {}
        taken = 0
        for key, item in self._first(pairs):
            name = _short(key if isinstance(key, str) else _text(key), "…")
            while name in shown:  # 1 and "1"
                name += "'"
            shown[name] = self.read(item, depth + 1)
            taken += 1
        return {**shown, "…": f"{count:,} in all"} if taken < count else shown

    def _first(self, items: Iterable[Any]) -> Iterable[Any]:
        for item in items if self._whole else itertools.islice(items, _ITEMS):
            if self._left < 0:
                return
            yield item


def is_pydantic(value: Any) -> bool:
    return any(kind.__name__ == "BaseModel" and kind.__module__ == "pydantic.main" for kind in type(value).__mro__)


def _text(value: Any) -> str:
    if isinstance(value, (bytes, bytearray)) and len(value) > 100:
        return f"{len(value):,} bytes: {bytes(value[:50])!r}…"
    try:
        shape = getattr(value, "shape", None)
        if isinstance(shape, tuple) and shape:
            of = f" of {value.dtype}" if hasattr(value, "dtype") else ""
            return f"{type(value).__name__} {' by '.join(map(str, shape))}{of}"
        module = type(value).__module__
        text = str(value) if module in ("datetime", "decimal", "uuid", "pathlib", "pathlib._local") else repr(value)
    except Exception:  # its own __repr__ raises
        text = object.__repr__(value)
    return _short(text, "…")


def _short(text: str, end: str, longest: int = _TEXT) -> str:
    cut = text if len(text) <= longest else text[:longest] + end
    return cut.encode("utf-8", "backslashreplace").decode()  # half a surrogate pair is no text


def one_line(value: Any, longest: int = 60) -> str:
    """A value for a cell or label: its text on one line, cut where it is long."""
    text = value if isinstance(value, str) else reprlib.repr(value)
    text = " ".join(text[: longest * 4].split())
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
