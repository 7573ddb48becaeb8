"""Scores of very large tables, counted in narrow bins rather than one by one: what reaches Python stays small.

A curve through the bins' edges goes through points of the true curve; only within a bin is the order unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .exact import finite

if TYPE_CHECKING:
    from .base import Table

MOST_GROUPS = 20_000
_BITS = 10  # binary digits of a score that tell its cell
_LARGEST = 1e290  # beyond it rounding may overflow
_PARTS = 1e12  # of a class: whole numbers have the same sum in every order


def counted(rows: Table) -> tuple[Any, bool]:
    """How often each class has each score.

    Args:
        rows: `target` and `score`, a float.

    Returns:
        (expression with `target`, `n`, and `score` and `bin`, of which `score` is the least in this class; False where
        every score is a bin of its own).
    """
    score = rows.score
    [found] = rows.aggregate(
        rows=rows.count(),
        scores=score.approx_nunique(),
        classes=rows.target.approx_nunique(),
        low=score.min(),
        high=score.max(),
    ).to_pyarrow().to_pylist()  # fmt: skip
    classes = max(1, found["classes"])
    # The numbers are estimated: there may be somewhat more.
    if found["rows"] <= MOST_GROUPS or found["scores"] * classes * 1.2 <= MOST_GROUPS:
        return rows.group_by("target", "score").aggregate(n=rows.count()), False
    bins = MOST_GROUPS / (classes * (classes + 1))  # of many classes less than one each: each has a row for every bin
    return _binned(rows, _cell(score, found["low"], found["high"]), bins), True


def _binned(rows: Table, cell: Any, bins: float) -> Any:
    """Counted in one pass in cells of the same relative width, and these put together to bins.

    That holds for scores of any skew: where they are dense there are more cells than bins. A bin has its share of the
    rows of every class, so that one of few rows is divided as finely as one of many.

    Args:
        bins: For each class.
    """
    import ibis

    def summed(values: Any, **groups: str) -> Any:
        """Over a group, or up to a value. Ordered even where that is for nothing: DuckDB counts all again otherwise."""
        order = groups.get("of") or groups["upto"]
        return values.sum().over(ibis.range_window(group_by=groups.get("of"), order_by=order, following=0))

    cells = rows.select(target=rows.target, score=rows.score, cell=cell)
    cells = cells.group_by("target", "cell").aggregate(n=cells.count(), score=cells.score.min())
    share = (cells.n * double(_PARTS) / summed(cells.n, of="target")).floor().cast("int64")
    cells = cells.mutate(share=ibis.ifelse(cells.target.notnull(), share, 0))
    # By the middle of a cell: by either of its ends, rows of a small class would begin bins more often than end them.
    middle = summed(cells.share, upto="cell") - summed(cells.share, of="cell") * double(0.5)
    # NaN and the infinities keep to themselves.
    place = (middle * double(bins / _PARTS)).floor().cast("float64")
    place = ibis.ifelse(finite(cells.cell), place, cells.cell)
    cells = cells.mutate(bin=place)
    return cells.group_by("target", "bin").aggregate(n=cells.n.sum().cast("int64"), score=cells.score.min())


def _cell(score: Any, low: float, high: float) -> Any:
    """A score rounded to `_BITS` binary digits of its distance from 0; from the nearer of 0 and 1 for probabilities,
    which crowd at both; from the least for scores that are far from 0 but near to each other.

    By Veltkamp's splitting (T. J. Dekker, A floating-point technique for extending the available precision, 1971):
    with s = 2^(53 - digits) + 1 the rounded x is sx - (sx - x). That keeps the order, takes three operations and any
    engine that has doubles.

    Args:
        low, high: The least and the largest score, or NaN or infinite, which most engines take NaN to be above.
    """
    import ibis

    origin = double(0)
    if min(abs(low), abs(high), abs(1 - low), abs(1 - high)) > 4 * (high - low):
        origin = double(low)
    elif low >= 0 and high <= 1:
        origin = ibis.ifelse(score > double(0.5), double(1), double(0))
    distance = score - origin
    wide = distance * double(2 ** (53 - _BITS) + 1)
    cell = origin + (wide - (wide - distance))
    # Asked only where there is something: it takes as long as the rounding.
    return cell if low > -_LARGEST and high < _LARGEST else ibis.ifelse(score.abs() < double(_LARGEST), cell, score)


def double(value: float) -> Any:
    """From its text: a number with a point is a decimal to DuckDB, with which it reckons ten times slower."""
    import ibis

    return ibis.literal(repr(float(value))).cast("float64")


def areas(rows: Table, by: Sequence[str] = ()) -> Any:
    """The exact area under the ROC curve, without a row leaving the engine.

    Mann-Whitney: each positive beats the negatives scored lower, and half of those scored the same.

    Args:
        rows: `positive`, 1 or 0; `score`; and the columns of `by`.
        by: What makes groups; none for one of all rows.

    Returns:
        For each group the positives `p`, the negatives `n`, and twice the `wins`: the area is wins / (2 p n).
    """
    import ibis

    counted = rows.group_by([*by, "score"]).aggregate(
        p=rows.positive.sum().cast("int64"), n=(1 - rows.positive).sum().cast("int64")
    )
    below = ibis.window(group_by=list(by) or None, order_by="score", preceding=None, following=0)
    summed = counted.mutate(below=counted.n.sum().over(below))
    sums = {"p": summed.p.sum(), "n": summed.n.sum(), "wins": (summed.p * (2 * summed.below - summed.n)).sum()}
    return summed.group_by(list(by)).aggregate(**sums) if by else summed.aggregate(**sums)
