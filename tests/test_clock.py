"""Times are told to the microsecond, in UTC."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from jupyter_viz.clock import from_microseconds, microseconds, now


@pytest.mark.parametrize("value", [0, 1, 1_700_000_000_123_456, 4_102_444_800_000_001])
def test_every_microsecond_is_kept(value: int) -> None:
    """No float in between: two runs a microsecond apart stay in order."""
    moment = from_microseconds(value)
    assert moment.utcoffset() == timezone.utc.utcoffset(None)
    assert int(moment.replace(microsecond=0).timestamp()) * 1_000_000 + moment.microsecond == value


def test_now_is_now() -> None:
    before, moment, after = microseconds(), now(), microseconds()
    assert from_microseconds(before) <= moment <= from_microseconds(after)
    assert moment.tzinfo is timezone.utc
    assert isinstance(moment, datetime)
