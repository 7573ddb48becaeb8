"""Scores of a classifier and its true classes, counted where the data is: what all curves are made of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..errors import InvalidArgument
from .base import Table
from .segments import MOST_GROUPS, areas, counted
from .style import left_out, note_of, short

if TYPE_CHECKING:
    import numpy as np

_CLASSES_LISTED = 20
_COLUMNS_LISTED = 20
MOST_CLASSES = 20_000
_POINTS = 1000
_FEW = 400  # points of a curve that are always drawn, whatever else is in the plot


def numbers_of(source: Table, column: str, argument: str) -> Any:
    """A column as float64. Raises `InvalidArgument` with the columns that hold numbers where it holds none."""
    values = source[column]
    if not values.type().is_numeric():
        numeric = [name for name, kind in source.schema().items() if kind.is_numeric()]
        more = ", …" if len(numeric) > _COLUMNS_LISTED else ""
        raise InvalidArgument(
            f"Argument {argument!r}: column {column!r} holds {values.type()}, numbers are needed. "
            f"Columns of numbers: {', '.join(numeric[:_COLUMNS_LISTED]) or 'none'}{more}."
        )
    return values.cast("float64")


def known(values: Any) -> Any:
    """Where a column holds a value: neither NULL nor NaN."""
    there = values.notnull()
    return there & ~values.isnan() if values.type().is_floating() else there


def one_where(condition: Any) -> Any:
    """1 where it is true, 0 where it is not, null where it is null. Not every engine makes a number of a boolean."""
    import ibis

    return ibis.cases((condition, ibis.literal(1, "int64")), (~condition, ibis.literal(0, "int64")))


@dataclass(frozen=True, slots=True)
class Curve:
    """True and false positives at every threshold, the highest first."""

    thresholds: np.ndarray[Any, Any]
    tp: np.ndarray[Any, Any]
    fp: np.ndarray[Any, Any]

    def auc(self) -> float:
        """Mann-Whitney: each positive beats the negatives scored lower, and half of those scored the same.

        In integers until the division, so that it is exact, ties included.
        """
        import numpy as np

        p, n = np.diff(self.tp, prepend=0), np.diff(self.fp, prepend=0)
        wins = int((p * (2 * (self.fp[-1] - self.fp) + n)).sum())
        return wins / (2 * int(self.tp[-1]) * int(self.fp[-1]))

    def auc_error(self) -> float:
        """By how much `auc` can be off at most where a threshold stands for a bin: within it the order is unknown."""
        import numpy as np

        p, n = np.diff(self.tp, prepend=0), np.diff(self.fp, prepend=0)
        return float((p.astype(float) * n).sum()) / (2 * int(self.tp[-1]) * int(self.fp[-1]))

    def average_precision(self) -> tuple[float, float]:
        """(the sum of (R_n - R_(n-1)) P_n, by how much it can be off where a threshold stands for a bin).

        The ends are a bin's positives before all of its negatives, and after them.
        """
        import numpy as np

        p, n = np.diff(self.tp, prepend=0), np.diff(self.fp, prepend=0)
        value = (p * (self.tp / (self.tp + self.fp))).sum()
        most = (p * (self.tp / np.maximum(1, self.tp + self.fp - n))).sum()
        first = self.tp - p + 1
        least = (p * (first / (first + self.fp))).sum()
        return float(value / self.tp[-1]), float(max(most - value, value - least) / self.tp[-1])

    def chosen(self, *, firsts: bool = False, curves: int = 1) -> np.ndarray[Any, Any]:
        """Which thresholds to draw: all, or where there are many the last of each cell of a fine grid over the ROC.

        Always a threshold's own point, never a mean of several.

        Args:
            firsts: The first of each cell too, for curves that can fall between two points: precision does.
            curves: How many share a plot.
        """
        return thinned(self.fp / self.fp[-1], self.tp / self.tp[-1], firsts=firsts, curves=curves)


def thinned(
    x: np.ndarray[Any, Any], y: np.ndarray[Any, Any], *, firsts: bool = False, curves: int = 1
) -> np.ndarray[Any, Any]:
    """Which points to draw of a curve that rises from 0 to 1 in both directions; see `Curve.chosen`.

    Args:
        curves: How many share a plot.
    """
    import numpy as np

    if len(x) <= max(_FEW, _POINTS // curves):
        return np.arange(len(x))
    cells = _POINTS // (4 if firsts else 2) // curves
    column, row = np.floor(x * cells), np.floor(y * cells)
    leaves = np.flatnonzero((np.diff(column) != 0) | (np.diff(row) != 0))
    last = np.append(leaves, len(row) - 1)
    return np.union1d(last, np.append(0, leaves + 1)) if firsts else last


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows there are of each class at each score."""

    classes: list[Any]
    of_class: np.ndarray[Any, Any]  # index into `classes`
    scores: np.ndarray[Any, Any]
    counts: np.ndarray[Any, Any]
    rows: int
    left_out: int
    binned: bool = False

    def note(self, curve: Curve) -> str | None:
        """What was left out, and what counting in bins does to the curve."""
        bins = (
            f"Scores were counted in {len(curve.tp):,} bins; every point drawn is a true one." if self.binned else None
        )
        return note_of(left_out(self.left_out, self.rows, "target or score"), bins)

    def curve(self, positive: Any) -> Curve:
        import numpy as np

        order = np.argsort(-self.scores, kind="stable")
        scores, counts = self.scores[order], self.counts[order]
        hits = np.where(self.of_class[order] == self.classes.index(positive), counts, 0)
        # Compared, not subtracted: ∞ - ∞ is not 0.
        last = np.append(np.flatnonzero(scores[1:] != scores[:-1]), len(scores) - 1)
        tp = np.cumsum(hits)[last]
        return Curve(scores[last], tp, np.cumsum(counts)[last] - tp)


def count_scores(source: Table, target: str, score: str) -> Counts:
    """What comes back has a row for each class and score; where there are too many scores, for each class and bin."""
    import numpy as np

    groups, binned = counted(source.select(target=source[target], score=numbers_of(source, score, "score")))
    found = groups.limit(MOST_GROUPS + 1).to_pyarrow().combine_chunks()
    if len(found) > MOST_GROUPS:
        raise InvalidArgument(f"Column {target!r} holds thousands of different values; choose a column of classes.")
    scores = found.column("score").to_numpy().astype(float)
    if binned:  # a bin goes by its least score, whichever class that is of
        _, bins = np.unique(found.column("bin").to_numpy(), return_inverse=True)
        least = np.full(bins.max() + 1, np.inf)
        np.fmin.at(least, bins, scores)
        scores = np.where(np.isnan(scores), scores, least[bins])
    encoded = found.column("target").combine_chunks().dictionary_encode()
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    counts = found.column("n").to_numpy().astype(np.int64)
    named = encoded.dictionary.to_pylist()
    # What is not itself is NaN; code -1 is NULL.
    missing = [code for code, value in enumerate(named) if value != value] + [-1]
    kept = ~np.isin(codes, missing) & ~np.isnan(scores)
    present = sorted(set(codes[kept].tolist()), key=lambda code: named[code])
    place = np.zeros(len(named) + 1, np.int64)
    place[present] = range(len(present))
    rows = int(counts.sum())
    return Counts(
        [named[code] for code in present],
        place[codes[kept]],
        scores[kept],
        counts[kept],
        rows,
        rows - int(counts[kept].sum()),
        binned,
    )


def exact_auc(source: Table, target: str, score: str, positive: Any) -> float:
    """The area under the ROC curve, score by score in the engine, however many there are."""
    rows = source.select(target=source[target], score=numbers_of(source, score, "score"))
    rows = rows.filter(known(rows.target) & known(rows.score))
    is_positive = one_where(rows.target.cast("string") == str(positive))
    found = areas(rows.select(score="score", positive=is_positive)).to_pyarrow().to_pylist()[0]
    return int(found["wins"]) / (2 * int(found["p"]) * int(found["n"]))


def class_rows(pairs: Table, target: str) -> dict[Any, int]:
    """The distinct values of the column `target` with their rows. Raises `InvalidArgument` where they are no classes.

    Args:
        target: What the user calls the column.
    """
    kind = pairs.target.type()
    if kind.is_nested():
        raise InvalidArgument(f"Column {target!r} holds {kind}; classes are texts, numbers, or true and false.")
    groups = pairs.group_by("target").aggregate(rows=lambda of: of.count()).limit(MOST_CLASSES + 1)
    found = groups.to_pyarrow().to_pylist()
    if len(found) > MOST_CLASSES:
        raise InvalidArgument(
            f"Column {target!r} holds more than {MOST_CLASSES:,} different values; choose a column of classes."
        )
    return {each["target"]: each["rows"] for each in found}


def in_order(values: Iterable[Any]) -> list[Any]:
    """Sorted as people count: `class 10` after `class 9`."""

    def key(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        # Texts and numbers take turns, so that like is compared with like; the text itself decides `1` and `01`.
        parts = re.split(r"([0-9]+)", value)
        return [int(part) if n % 2 else part for n, part in enumerate(parts)], value

    return sorted(values, key=key)


def most_frequent(rows_of: Mapping[Any, int], most: int) -> list[Any]:
    """The `most` values with the most rows; all where there is one more at most, which "others" would be."""
    if len(rows_of) <= most + 1:
        return list(rows_of)
    return sorted(in_order(rows_of), key=lambda value: -rows_of[value])[:most]


def positive_class(classes: list[Any], target: str, wanted: Any) -> Any:
    """The positive one of two classes: the one that is wanted, or the higher. Raises `InvalidArgument`."""
    listed = ", ".join(repr(value) for value in classes[:_CLASSES_LISTED])
    listed += ", …" if len(classes) > _CLASSES_LISTED else ""
    if not classes:
        raise InvalidArgument(f"Nothing to draw: no row has both a value of {target!r} and a score.")
    if len(classes) == 1:
        raise InvalidArgument(f"Column {target!r} holds one class only, {listed}; two are needed.")
    if wanted is None:
        if len(classes) > 2:
            raise InvalidArgument(f"Column {target!r} has more than two classes ({listed}): say which is `positive`.")
        return classes[1]
    for value in classes:
        # As text too: a form and a command line can only write `1`, whatever the column's type.
        if value == wanted or str(value) == str(wanted):
            return value
    raise InvalidArgument(f"Argument 'positive': {wanted!r} is not in column {target!r}; there is {listed}.")


def subject(score: str, target: str, positive: Any) -> str:
    """What a curve is of, for its title."""
    return f"{short(score)} for {short(target)} = {short(positive)}"
