"""Scores of very large tables, counted in narrow bins rather than one by one: what reaches Python stays small.

A curve through the bins' edges goes through points of the true curve; only within a bin is the order unknown.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from .exact import finite

if TYPE_CHECKING:
    from .base import Table

MOST_GROUPS = 20_000
_SEGMENTS = 32  # between quantiles of the classes: scores have as many bins where they are dense
_SAMPLE = 20_000  # scores of a class that are looked at to find the quantiles
_CLASSES = 4  # more share the quantiles of all


def counted(rows: Table) -> tuple[Any, bool]:
    """How often each class has each score.

    Args:
        rows: `target` and `score`, a float.

    Returns:
        (expression with `target`, `n`, and `score` and `bin`, of which `score` is the least in this class; False where
        every score is a bin of its own).
    """
    if int(rows.count().to_pyarrow().as_py()) <= MOST_GROUPS:
        return _each(rows), False
    score = rows.score
    usable = finite(score)
    found = rows.aggregate(
        scores=score.approx_nunique(),
        classes=rows.target.approx_nunique(),
        low=score.min(where=usable),
        high=score.max(where=usable),
    ).to_pyarrow().to_pylist()[0]  # fmt: skip
    classes, low, high = max(1, found["classes"]), found["low"], found["high"]
    # The numbers are estimated: there may be somewhat more.
    if found["scores"] * classes * 1.2 <= MOST_GROUPS or low is None:
        return _each(rows), False
    edges = sorted({low, *(cut for cut in _cuts(rows, usable, classes) if low < cut < high), high})
    bins = max(2, MOST_GROUPS // (classes + 1) // len(edges))
    placed = rows.mutate(bin=_bin(score, edges, bins))
    return placed.group_by("target", "bin").aggregate(n=placed.count(), score=placed.score.min()), True


def _cuts(rows: Table, usable: Any, classes: int) -> list[float]:
    """Quantiles of the scores of each class, from some of them."""
    kept = rows.filter(usable & rows.target.notnull())
    groups: list[tuple[Any, int]] = [(None, int(kept.count().to_pyarrow().as_py()))]
    if classes <= _CLASSES:
        each = kept.group_by("target").aggregate(n=kept.count()).to_pyarrow().to_pylist()
        groups = [(group["target"], group["n"]) for group in each]
    # Of many classes fewer: each has a row for each bin, two of them at least in each segment.
    segments = max(2, min(_SEGMENTS // max(1, len(groups)), MOST_GROUPS // (classes + 1) // 2))
    parts = [part / segments for part in range(1, segments)]
    wanted = {}
    for number, (target, n) in enumerate(groups):
        # By what a score is rather than by chance: the same again, and every engine can.
        looked_at = kept.score.hash() % max(1, n // _SAMPLE) == 0
        where = looked_at if target is None else looked_at & (kept.target == target)
        wanted[f"cuts{number}"] = kept.score.approx_quantile(parts, where=where)
    found = kept.aggregate(**wanted).to_pyarrow().to_pylist()[0]
    return [cut for cuts in found.values() for cut in cuts or () if cut is not None]


def _each(rows: Table) -> Any:
    return rows.group_by("target", "score").aggregate(n=rows.count())


def _bin(score: Any, edges: Sequence[float], bins: int) -> Any:
    """The number of a score's bin: `bins` of equal width between each two edges; null and NaN have one each."""
    import ibis

    widths = [right - left for left, right in pairwise(edges)]
    # Wider than any float: there is no width to divide by, and one bin.
    scales = [bins / width if math.isfinite(width) and math.isfinite(bins / width) else 0.0 for width in widths]

    def of_segment(values: Sequence[float], low: int = 0) -> Any:
        """The value of the segment that a score is in. Halves what is left: few comparisons for each score."""
        if len(values) == 1:
            return _double(values[0])
        half = len(values) // 2
        below, above = of_segment(values[:half], low), of_segment(values[half:], low + half)
        return ibis.ifelse(score < _double(edges[low + half]), below, above)

    segments = len(widths)
    inside = of_segment([n * bins for n in range(segments)])
    place = ((score - of_segment(edges[:-1])) * of_segment(scales)).floor().clip(0, bins - 1)
    return ibis.cases(
        (score.isnull(), ibis.literal(-3, "int64")),
        (score.isnan(), ibis.literal(-2, "int64")),
        (score < edges[0], ibis.literal(-1, "int64")),
        (score > edges[-1], ibis.literal(segments * bins, "int64")),
        else_=(inside + place).cast("int64") if segments else ibis.literal(0, "int64"),
    )


def _double(value: float) -> Any:
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
