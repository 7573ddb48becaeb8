"""Intervals in which a number lies with 95%."""

from __future__ import annotations

import math

Z = 1.959963984540054
"""95% of a normal distribution lie within so many standard deviations of its middle."""


def wilson(hits: int, rows: int) -> tuple[float, float]:
    """The score interval of a share of `rows`, which must not be 0 (Wilson 1927)."""
    share, square = hits / rows, Z * Z
    middle = share + square / (2 * rows)
    half = Z * math.sqrt(share * (1 - share) / rows + square / (4 * rows * rows))
    low, high = (middle - half) / (1 + square / rows), (middle + half) / (1 + square / rows)
    # None and all are exact; rounding must not move them past the share itself.
    return (0.0 if hits == 0 else low), (1.0 if hits == rows else high)
