"""Recipes for any table: how a column is spread, categories against each other, one number along another."""

from __future__ import annotations

from typing import Annotated, Literal

from ..errors import InvalidArgument
from ..views import Figure
from .base import Bounds, Column, Table, recipe
from .categories import bars_of, draw_bars
from .histograms import histogram_of_numbers
from .lines import draw_lines, lines_of
from .style import short

_MOST_BARS = 30


@recipe
def histogram(
    source: Table,
    *,
    column: Column,
    by: Column | None = None,
    bins: Annotated[int, Bounds(2, 200)] = 30,
    log: bool = False,
) -> Figure:
    """How often each value of a column occurs: numbers and dates in bins with round edges, anything else by value.

    Args:
        column: Whose values are counted.
        by: Counts each group of this column by itself; up to 8, the rest as "other".
        bins: How many bins at most; of text, how many of the most frequent values.
        log: The axis of counts is logarithmic, so that rare values show beside frequent ones.
    """
    kind = source[column].type()
    if kind.is_numeric() or kind.is_timestamp() or kind.is_date():
        return histogram_of_numbers(source, column, by, bins, log)
    bars = bars_of(source, column, None, "count", bins, by)
    return draw_bars(bars, f"Histogram of {short(column)}{f' by {short(by)}' if by else ''}", log=log)


@recipe(title="Bar chart")
def bar(
    source: Table,
    *,
    by: Column,
    value: Column | None = None,
    aggregate: Literal["count", "sum", "mean", "median", "min", "max"] | None = None,
) -> Figure:
    """Categories against each other: how many rows each has, or the sum, mean, median, least or greatest of a number.

    Args:
        by: Column of the categories; the 30 largest are shown.
        value: Column of the numbers that are aggregated; not needed to count rows.
        aggregate: What is made of each category's numbers; by default their mean, or the count where there is no value.
    """
    aggregate = aggregate or ("mean" if value else "count")
    if aggregate != "count" and not value:
        raise InvalidArgument(f"Argument 'aggregate': {aggregate!r} needs numbers; say their column as `value`.")
    bars = bars_of(source, by, value, aggregate, _MOST_BARS)
    return draw_bars(bars, f"{bars.measure[:1].upper()}{bars.measure[1:]} by {short(by)}")


@recipe(title="Line plot")
def line(
    source: Table,
    *,
    x: Column,
    y: list[Column],
    by: Column | None = None,
    smooth: Annotated[float, Bounds(0, 0.999)] = 0.0,
    log_x: bool = False,
    log_y: bool = False,
) -> Figure:
    """Numbers along another number or a date, such as learning curves by step; one line for each column and group.

    Args:
        x: Column of numbers or dates, by which the lines are ordered.
        y: Columns of numbers, each a line.
        by: One line for each group of this column, such as a run; those with most rows where there are many.
        smooth: Exponential smoothing as in TensorBoard, from 0 for none towards 1; the raw line stays, faint.
        log_x: The horizontal axis is logarithmic; what is not positive is left out.
        log_y: The vertical axis is logarithmic; what is not positive is left out.
    """
    return draw_lines(lines_of(source, x, list(dict.fromkeys(y)), by, smooth=smooth, log_x=log_x, log_y=log_y))
