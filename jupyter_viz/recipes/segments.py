"""Scores of very large tables, counted in narrow bins rather than one by one: what reaches Python stays small.

A curve through the bins' edges goes through points of the true curve; only within a bin is the order unknown.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .base import Table

MOST_GROUPS = 20_000
_SEGMENTS = 32  # between quantiles, so that skewed scores have as many bins where they are dense
_EVERY = 97  # of so many scores one is looked at to find the quantiles


def counted(rows: Table) -> tuple[Any, bool]:
    """How often each class has each score.

    Args:
        rows: `target` and `score`, a float.

    Returns:
        (expression with `target`, `score` and `n`; whether `score` stands for a bin, of which it is the least).
    """
    if int(rows.count().to_pyarrow().as_py()) <= MOST_GROUPS:
        return _each(rows), False
    score = rows.score
    usable = score.notnull() & ~score.isnan() & ~score.isinf()
    parts = [part / _SEGMENTS for part in range(_SEGMENTS + 1)]
    about = rows.aggregate(
        scores=score.approx_nunique(),
        classes=rows.target.approx_nunique(),
        low=score.min(where=usable),
        high=score.max(where=usable),
        cuts=score.approx_quantile(parts[1:-1], where=usable & (score.hash() % _EVERY == 0)),
    )
    found = about.to_pyarrow().to_pylist()[0]
    classes = max(1, found["classes"])
    if found["scores"] * classes <= MOST_GROUPS // 2 or found["low"] is None:  # estimated: it may be twice as many
        return _each(rows), False
    edges = sorted({found["low"], *(cut for cut in found["cuts"] or () if cut is not None), found["high"]})
    edges = [edge for edge in edges if found["low"] <= edge <= found["high"]]
    bins = max(2, MOST_GROUPS // (classes + 1) // (len(edges) + 1))
    usable_rows = rows.mutate(bin=_bin(score, edges, bins))
    groups = usable_rows.group_by(target="target", bin="bin").aggregate(
        n=usable_rows.count(), score=usable_rows.score.min()
    )
    return groups, True


def _each(rows: Table) -> Any:
    return rows.group_by("target", "score").aggregate(n=rows.count())


def _bin(score: Any, edges: Sequence[float], bins: int) -> Any:
    """The number of a score's bin: `bins` of equal width between each two edges; null and NaN have one each."""
    import ibis

    def within(low: int, high: int) -> Any:
        """Halves what is left, so that a score is compared with few of the edges."""
        if high - low == 1:
            left, right = edges[low], edges[high]
            if not math.isfinite(right - left):  # wider than any float: there is no width to divide by
                return ibis.literal(low * bins, "int64")
            place = ((score - left) / (right - left) * bins).floor().clip(0, bins - 1)
            return place.cast("int64") + low * bins
        middle = (low + high) // 2
        return ibis.ifelse(score < edges[middle], within(low, middle), within(middle, high))

    inside = len(edges) - 1
    return ibis.cases(
        (score.isnull(), ibis.literal(-3, "int64")),
        (score.isnan(), ibis.literal(-2, "int64")),
        (score < edges[0], ibis.literal(-1, "int64")),
        (score > edges[-1], ibis.literal(inside * bins, "int64")),
        else_=within(0, inside) if inside else ibis.literal(0, "int64"),
    )


def largest_error(tied_pairs: float, positives: int, negatives: int) -> float:
    """By how much an area can be off at most, when so many pairs of a positive and a negative share a bin."""
    return tied_pairs / (2 * positives * negatives) if positives and negatives else math.nan
