"""What a trace of plotly's says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from .frame import text_of

_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def name_of(trace: Mapping[str, Any]) -> str | None:
    """What the legend calls a trace; None where it is not in it."""
    return text_of(trace.get("name")) or None if trace.get("showlegend", True) else None


def values_of(trace: Mapping[str, Any], name: str) -> list[Any]:
    values = trace.get(name)
    return [] if values is None else list(values)


def numbers_of(values: Any) -> list[float]:
    return [float("nan") if value is None else value for value in values]


def one_of(value: Any, kind: Any) -> Any:
    """A value for the whole trace; None where each point has its own."""
    return value if isinstance(value, kind) else None


def dates_of(values: Sequence[Any]) -> list[datetime] | None:
    """Plotly's moments are texts."""
    if not values or not all(isinstance(value, str) and _DATE.match(value) for value in values):
        return None
    try:
        return [datetime.fromisoformat(value[:26]) for value in values]
    except ValueError:
        return None


def is_numeric(values: Sequence[Any]) -> bool:
    return bool(values) and all(isinstance(value, (int, float)) for value in values)


def is_flat(trace: Mapping[str, Any]) -> bool:
    """Whether its bars or boxes lie."""
    if "orientation" in trace:
        return bool(trace["orientation"] == "h")
    return trace.get("type") != "bar" and trace.get("y") is None and "q1" not in trace
