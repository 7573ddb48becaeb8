"""Time as the catalog keeps it: microseconds since 1970 in UTC."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def microseconds() -> int:
    return time.time_ns() // 1000


def from_microseconds(value: int) -> datetime:
    return _EPOCH + timedelta(microseconds=value)


def now() -> datetime:
    return from_microseconds(microseconds())
