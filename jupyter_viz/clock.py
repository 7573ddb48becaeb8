"""Time as the catalog keeps it, microseconds since 1970 in UTC, and as people say it."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def microseconds() -> int:
    return time.time_ns() // 1000


def from_microseconds(value: int) -> datetime:
    return _EPOCH + timedelta(0, 0, value)


def now() -> datetime:
    return from_microseconds(microseconds())


_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_AGES = (  # below so many seconds, a unit of so many
    (_MINUTE, 1, "s"),
    (_HOUR, _MINUTE, "min"),
    (_DAY, _HOUR, "h"),
    (14 * _DAY, _DAY, "d"),
    (60 * _DAY, 7 * _DAY, "w"),
    (730 * _DAY, 30.44 * _DAY, "mo"),
)


def ago(then: datetime) -> str:
    """`just now`, `35 s ago`, `5 min ago`, `2 h ago`, `3 d ago`, `3 w ago`, `5 mo ago`, `2 y ago`: as in Lab."""
    seconds = max(0.0, (now() - then).total_seconds())  # a clock that runs ahead of ours gives no negative ages
    if seconds < 5:
        return "just now"
    size, unit = next(((size, unit) for below, size, unit in _AGES if seconds < below), (365 * _DAY, "y"))
    return f"{int(seconds // size)} {unit} ago"
