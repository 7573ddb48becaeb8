"""Mean and spread, summed exactly where the data is: the same to the last digit in whatever order rows come."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .base import Table


@dataclass(frozen=True, slots=True)
class Moments:
    """Of a column of numbers.

    Attributes:
        std: Standard deviation of the population: divided by n, as NumPy's.
        size: Mean of the absolute values.
    """

    count: int
    least: float
    most: float
    mean: float
    std: float
    size: float

    @property
    def rms(self) -> float:
        """Square root of the mean of the squares: mean² + std²."""
        return math.hypot(self.mean, self.std)


def finite(values: Any) -> Any:
    """Where a float64 column holds a number: neither NULL, NaN nor infinite. Every engine sorts NaN above all."""
    return values.abs() <= sys.float_info.max


def infinite(values: Any) -> Any:
    """Where a float64 column is infinite, null where it is null. Spark by Ibis does not know by `isinf`."""
    return (values.abs() > sys.float_info.max) & ~values.isnan()


def exact_sum(values: Any) -> Any:
    """The sum of numbers between -1 and 1 as a decimal, to 18 digits after the point: floats' depends on the order."""
    return values.cast("decimal(38, 18)").sum()


def moments(table: Table, columns: Sequence[str]) -> dict[str, Moments]:
    """Of columns that hold finite numbers only; `table` has a row at least."""
    ranges = table.aggregate(
        n=table.count(),
        **{f"{name}_least": table[name].min() for name in columns},
        **{f"{name}_most": table[name].max() for name in columns},
    )
    [found] = ranges.to_pyarrow().to_pylist()
    sums, places = {}, {}
    for name in columns:
        least, most = found[f"{name}_least"], found[f"{name}_most"]
        # Numbers between -1 and 1 around the middle: nothing overflows, and no large mean hides a small spread.
        middle, half, most_abs = least / 2 + most / 2, most / 2 - least / 2, max(-least, most)
        places[name] = middle, half, most_abs
        centred = (table[name] - middle) / (half or 1.0)
        sums[f"{name}_1"] = exact_sum(centred)
        sums[f"{name}_2"] = exact_sum(centred * centred)
        sums[f"{name}_abs"] = exact_sum(table[name].abs() / (most_abs or 1.0))
    [sum_of] = table.aggregate(**sums).to_pyarrow().to_pylist()
    n, made = found["n"], {}
    for name, (middle, half, most_abs) in places.items():
        first, second = Fraction(sum_of[f"{name}_1"]) / n, Fraction(sum_of[f"{name}_2"]) / n
        made[name] = Moments(
            count=n,
            least=found[f"{name}_least"],
            most=found[f"{name}_most"],
            mean=middle + half * float(first),
            std=half * math.sqrt(max(second - first**2, 0)),
            size=most_abs * float(Fraction(sum_of[f"{name}_abs"]) / n),
        )
    return made
