"""Times are told to the microsecond, in UTC."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from jupyter_viz.clock import ago, from_microseconds, microseconds, now


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


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (-5, "just now"),  # another machine's clock
        (0, "just now"),
        (0.0042, "15 s ago"),
        (0.99, "59 min ago"),
        (23.9, "23 h ago"),
        (24 * 13.9, "13 d ago"),
        (24 * 14.1, "2 w ago"),
        (24 * 61, "2 mo ago"),
        (24 * 731, "2 y ago"),
    ],
)
def test_an_age_is_said_as_lab_says_it(hours: float, said: str) -> None:
    assert ago(now() - timedelta(hours=hours)) == said
