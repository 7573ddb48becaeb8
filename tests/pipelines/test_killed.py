"""kill -9 while a run is recorded. `benchmarks/soak_recording.py` does the same a hundred times."""

from __future__ import annotations

from .killing import check, rounds_of, swept


def test_a_recording_killed_at_any_moment() -> None:
    """What was acknowledged is there, whole; nothing is half, nothing runs for ever; a sweep leaves what is whole."""
    acknowledged: set[int] = set()
    for numbers in rounds_of(10, seed=7):
        acknowledged.update(numbers)
    assert acknowledged
    assert check(acknowledged) >= 4
    swept()
    check(acknowledged)
