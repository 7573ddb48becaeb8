"""Two processes that record at once lose nothing. `benchmarks/soak_recording.py` does the same with 10,000 runs."""

from __future__ import annotations

from .crowd import check, two_at_once


def test_two_processes_record_at_once(url: str) -> None:
    """A grid search in two terminals: every run is there, with its own numbers, and counted."""
    two_at_once(url, 300)
    check(url, 300)
