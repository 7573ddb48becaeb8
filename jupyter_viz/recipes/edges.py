"""Edges of bins at round numbers, or at round moments of the calendar."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

_DAY = 86_400
_MONDAY = 4 * _DAY  # 5 January 1970
_ROUND = (1, 2, 2.5, 5)
_CLOCK = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, _DAY)
_MONTHS_TO_1970 = 1970 * 12
_MONTHS = (1, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 6000, 12_000, 120_000)


def round_edges(low: float, high: float, most: int, *, whole: bool = False, time: bool = False) -> list[float]:
    """Edges of at most `most` bins that hold everything from `low` to `high`: as many as round widths allow.

    A bin holds its lower edge and not its upper one; the last holds both.

    Args:
        most: 2 at least: what reaches from below zero to above it has an edge there.
        whole: The values are whole numbers: a bin holds as many of them as the next.
        time: The values are seconds since 1970: bins begin at full minutes, days, Mondays, months, years.
    """
    if low == high and not (whole or time):
        half = _half_of_one(low)
        return [low - half, low + half]
    if time and high - low >= 1:
        return _moments(low, high, most)
    for step, digits in _widths((high - low) / most, whole):
        edges = _multiples(low, high, step, digits, whole)
        if len(edges) - 1 <= most:
            break
    if any(first >= second for first, second in itertools.pairwise(edges)):
        return [low, high]  # they differ by less than a float can divide
    return edges


def _half_of_one(value: float) -> float:
    return 10.0 ** math.floor(math.log10(abs(value))) / 2 if value else 0.5


def _widths(least: float, whole: bool) -> Iterator[tuple[float, int]]:
    """(width, its decimals), from the widest round one that is not wider than `least` on."""
    power = math.floor(math.log10(least)) if least > 0 else 0
    power = max(power, 0) if whole else power
    while True:
        for factor in _ROUND:
            if not (whole and (factor * 10**power) % 1):
                yield factor * 10.0**power, 1 - power
        power += 1


def _multiples(low: float, high: float, step: float, digits: int, whole: bool) -> list[float]:
    shift = 0.5 if whole and step == 1 else 0.0  # a bar of one whole number stands in its middle
    first, last = math.floor((low + shift) / step), math.ceil((high + shift) / step)
    if first == last or (whole and (high + shift) / step == last):
        last += 1  # a bin is never empty of width; nor does the last hold one whole number more than the others
    if last - first > 10_000:
        return [low] * 10_001  # too many to be written down: the width is not the one
    edges = [round(place * step, digits) - shift for place in range(first, last + 1)]
    # Division rounds: what lies at an edge may have fallen out.
    if edges[0] > low:
        edges.insert(0, round((first - 1) * step, digits) - shift)
    if edges[-1] < high:
        edges.append(round((last + 1) * step, digits) - shift)
    return edges


def _moments(low: float, high: float, most: int) -> list[float]:
    for step in _CLOCK:
        if high - low <= step * most:
            edges = _multiples(low, high, step, 0, False)
            if len(edges) - 1 <= most:
                return edges
    week = [edge + _MONDAY for edge in _multiples(low - _MONDAY, high - _MONDAY, 7 * _DAY, 0, False)]
    if len(week) - 1 <= most:
        return week
    return _months(low, high, most)


def _months(low: float, high: float, most: int) -> list[float]:
    import numpy as np

    ends = np.array([math.floor(low), math.ceil(high)], "datetime64[s]").astype("datetime64[M]").astype(int)
    for step in _MONTHS:
        # Counted from the year 0: decades and centuries begin where they do in the calendar.
        first, last = ((end + _MONTHS_TO_1970) // step for end in ends)
        if last + 1 - first <= most:
            break
    months = np.arange(first, last + 2) * step - _MONTHS_TO_1970
    return [float(second) for second in months.astype("datetime64[M]").astype("datetime64[s]").astype(np.int64)]
