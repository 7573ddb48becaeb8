"""Scores of a classifier and its true classes, counted where the data is: what all curves are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..errors import InvalidArgument
from .base import Table

if TYPE_CHECKING:
    import numpy as np

_CLASSES_LISTED = 20


def numbers_of(source: Table, column: str, argument: str) -> Any:
    """A column as float64. Raises `InvalidArgument` with the columns that hold numbers where it holds none."""
    values = source[column]
    if not values.type().is_numeric():
        numeric = [name for name, kind in source.schema().items() if kind.is_numeric()]
        raise InvalidArgument(
            f"Argument {argument!r}: column {column!r} holds {values.type()}, numbers are needed. "
            f"Columns of numbers: {', '.join(numeric) or 'none'}."
        )
    return values.cast("float64")


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


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows there are of each class at each score."""

    classes: list[Any]
    of_class: np.ndarray[Any, Any]  # index into `classes`
    scores: np.ndarray[Any, Any]
    counts: np.ndarray[Any, Any]
    rows: int
    left_out: int

    def curve(self, positive: Any) -> Curve:
        import numpy as np

        order = np.argsort(-self.scores, kind="stable")
        scores, counts = self.scores[order], self.counts[order]
        hits = np.where(self.of_class[order] == self.classes.index(positive), counts, 0)
        last = np.append(np.flatnonzero(np.diff(scores)), len(scores) - 1)
        tp = np.cumsum(hits)[last]
        return Curve(scores[last], tp, np.cumsum(counts)[last] - tp)


def count_scores(source: Table, target: str, score: str) -> Counts:
    """One pass over the source; what comes back has a row for each class and score, not for each row."""
    import numpy as np

    groups = source.group_by(target=source[target], score=numbers_of(source, score, "score")).aggregate(
        n=lambda of: of.count()
    )
    found = groups.to_pyarrow().combine_chunks()
    scores = found.column("score").to_numpy().astype(float)
    encoded = found.column("target").combine_chunks().dictionary_encode()
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    counts = found.column("n").to_numpy().astype(np.int64)
    kept = (codes >= 0) & ~np.isnan(scores)
    named = encoded.dictionary.to_pylist()
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
    )


def positive_class(classes: list[Any], target: str, wanted: Any) -> Any:
    """The positive one of two classes: the one that is wanted, or the higher. Raises `InvalidArgument`."""
    listed = ", ".join(repr(value) for value in classes[:_CLASSES_LISTED])
    listed += ", …" if len(classes) > _CLASSES_LISTED else ""
    if not classes:
        raise InvalidArgument(f"Nothing to draw: no row has both a value of {target!r} and a score.")
    if len(classes) == 1:
        raise InvalidArgument(f"Column {target!r} holds one class only, {listed}; a ROC curve needs two.")
    if wanted is None:
        if len(classes) > 2:
            raise InvalidArgument(f"Column {target!r} has more than two classes ({listed}): say which is `positive`.")
        return classes[1]
    for value in classes:
        # As text too: a form and a command line can only write `1`, whatever the column's type.
        if value == wanted or str(value) == str(wanted):
            return value
    raise InvalidArgument(f"Argument 'positive': {wanted!r} is not in column {target!r}; there is {listed}.")
