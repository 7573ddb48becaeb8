"""Bins have round edges, hold everything, and are no more than asked for."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from jupyter_viz.recipes.edges import round_edges

DRAW = np.random.default_rng(5)
RANGES = [
    (0.0, 1.0),
    (6.981, 28.11),
    (0.3, 0.7),
    (-1e-12, 3e-12),
    (1e9, 1e9 + 1e-3),
    (1e15, 1e15 + 0.5),
    (-5.0, 1e300),
    (3.0, 3.0),
    (1e308, 1e308),
    (0.0, 0.0),
    (0.0, 5e-324),
    *[tuple(sorted(DRAW.normal(0, 10.0 ** DRAW.integers(-9, 9), 2))) for _ in range(300)],
]


@pytest.mark.parametrize("most", [2, 7, 30, 200])
@pytest.mark.parametrize("whole", [False, True])
def test_edges_of_numbers(most: int, whole: bool) -> None:
    for low, high in RANGES:
        ends = (float(round(low)), float(round(high))) if whole else (low, high)
        edges = round_edges(*ends, most, whole=whole)
        assert edges[0] <= ends[0] <= ends[1] <= edges[-1]
        assert 1 <= len(edges) - 1 <= most
        assert (np.diff(edges) > 0).all() or len(edges) == 2


def test_they_are_round() -> None:
    assert round_edges(6.981, 28.11, 30) == list(range(6, 30))
    assert round_edges(0.0, 1.0, 10) == [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]
    assert round_edges(0, 3, 30, whole=True) == [-0.5, 0.5, 1.5, 2.5, 3.5]
    assert round_edges(0, 100, 30, whole=True) == [*range(0, 106, 5)]
    assert round_edges(7, 7, 30, whole=True) == [6.5, 7.5]


@pytest.mark.parametrize(
    ("low", "high", "most", "expected"),
    [
        ("2024-01-01 00:00:07", "2024-01-01 00:04:59", 30, "10s"),
        ("2024-01-01 09:00", "2024-01-02 09:00", 30, "1h"),
        ("2024-01-30", "2024-02-22", 30, "1D"),
        ("2024-01-30", "2024-06-12", 30, "W-MON"),
        ("2021-03-04", "2023-01-01", 30, "MS"),
        ("1969-03-04", "1999-01-01", 30, "2YS"),
        ("2024-02-29 12:00", "2024-02-29 12:00", 30, "1s"),
        ("2024-01-01", "2024-12-31 23:59:59", 2, "QS"),
    ],
)
def test_edges_of_dates_are_the_calendars(low: str, high: str, most: int, expected: str) -> None:
    ends = [pd.Timestamp(end).timestamp() for end in (low, high)]
    edges = round_edges(*ends, most, time=True)
    assert edges[0] <= ends[0] <= ends[1] <= edges[-1]
    assert len(edges) - 1 <= most
    moments = pd.to_datetime(edges, unit="s")
    first = pd.Timestamp("1968-01-01") if expected == "2YS" else moments[0]
    assert set(moments) <= set(pd.date_range(first, moments[-1], freq=expected))
