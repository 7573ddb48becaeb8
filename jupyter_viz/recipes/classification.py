"""Recipes for classifiers: how well do scores tell one class from the other?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..errors import InvalidArgument
from ..views import Figure, FigureColumn
from .base import Column, Table, recipe
from .style import COLOURS, GREY, corner, layout, plain, rounded, short

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

_POINTS = 1000
_CLASSES_LISTED = 20


@recipe(title="ROC curve")
def roc_curve(source: Table, *, target: Column = "label", score: Column = "score", positive: Any = None) -> Figure:
    """True against false positive rate at every threshold, and the area under the curve (AUC).

    Args:
        target: Column of the true classes.
        score: Column of numbers, higher for the positive class.
        positive: The positive class; by default true, 1, or the higher one of two.
    """
    counts = _counts(source, target, score)
    positive = _positive_class(counts.classes, target, positive)
    curve = counts.curve(positive)
    positives, negatives = int(curve.tp[-1]), int(curve.fp[-1])
    points = _points(curve)
    auc, left_out, rows = curve.auc(), counts.left_out, counts.rows
    subject = f"{short(score)} for {short(target)} = {short(positive)}"
    return Figure(
        title=f"ROC of {subject}",
        alt=_alt(subject, auc, positives, negatives, points),
        spec=_figure(f"ROC of {subject}", points, auc, positives, negatives),
        columns=(
            FigureColumn("threshold", "number", "/data/1/customdata"),
            FigureColumn("false positive rate", "number", "/data/1/x"),
            FigureColumn("true positive rate", "number", "/data/1/y"),
        ),
        data=points,
        metrics={"auc": auc},
        note=f"{left_out:,} of {rows:,} rows have no target or score and are left out." if left_out else None,
    )


def _numbers(source: Table, column: str) -> Any:
    values = source[column]
    if not values.type().is_numeric():
        numeric = [name for name, kind in source.schema().items() if kind.is_numeric()]
        raise InvalidArgument(
            f"Argument 'score': column {column!r} holds {values.type()}, numbers are needed. "
            f"Columns of numbers: {', '.join(numeric) or 'none'}."
        )
    return values.cast("float64")


@dataclass(frozen=True, slots=True)
class _Curve:
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
class _Counts:
    """How many rows there are of each class at each score."""

    classes: list[Any]
    of_class: np.ndarray[Any, Any]  # index into `classes`
    scores: np.ndarray[Any, Any]
    counts: np.ndarray[Any, Any]
    rows: int
    left_out: int

    def curve(self, positive: Any) -> _Curve:
        import numpy as np

        order = np.argsort(-self.scores, kind="stable")
        scores, counts = self.scores[order], self.counts[order]
        hits = np.where(self.of_class[order] == self.classes.index(positive), counts, 0)
        last = np.append(np.flatnonzero(np.diff(scores)), len(scores) - 1)
        tp = np.cumsum(hits)[last]
        return _Curve(scores[last], tp, np.cumsum(counts)[last] - tp)


def _counts(source: Table, target: str, score: str) -> _Counts:
    """One pass over the source; what comes back has a row for each class and score, not for each row."""
    import numpy as np

    groups = source.group_by(target=source[target], score=_numbers(source, score)).aggregate(n=lambda of: of.count())
    found = groups.to_pyarrow().combine_chunks()
    scores = found.column("score").to_numpy().astype(float)
    encoded = found.column("target").combine_chunks().dictionary_encode()
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    counts = found.column("n").to_numpy().astype(np.int64)
    kept = (codes >= 0) & ~np.isnan(scores)
    values = encoded.dictionary.to_pylist()
    present = sorted(set(codes[kept].tolist()), key=lambda code: values[code])
    place = np.zeros(len(values) + 1, np.int64)
    place[present] = range(len(present))
    rows = int(counts.sum())
    return _Counts(
        [values[code] for code in present],
        place[codes[kept]],
        scores[kept],
        counts[kept],
        rows,
        rows - int(counts[kept].sum()),
    )


def _positive_class(classes: list[Any], target: str, wanted: Any) -> Any:
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


def _points(curve: _Curve) -> pd.DataFrame:
    """The curve from (0, 0) to (1, 1): every threshold, or where there are many one of each cell of a fine grid."""
    import numpy as np
    import pandas as pd

    x, y = curve.fp / curve.fp[-1], curve.tp / curve.tp[-1]
    chosen = np.arange(len(x))
    if len(x) > _POINTS:
        cells = _POINTS // 2
        column, row = np.floor(x * cells), np.floor(y * cells)
        # The last point of a cell: a threshold's own, never a mean of several.
        leaves = (np.diff(column) != 0) | (np.diff(row) != 0)
        chosen = np.append(np.flatnonzero(leaves), len(x) - 1)
    return pd.DataFrame(
        {
            "threshold": np.append(np.inf, curve.thresholds[chosen]),
            "false_positive_rate": np.append(0.0, x[chosen]),
            "true_positive_rate": np.append(0.0, y[chosen]),
        }
    )


def _figure(title: str, points: pd.DataFrame, auc: float, positives: int, negatives: int) -> dict[str, Any]:
    hover = f"threshold %{{customdata:.4g}}<br>FPR %{{x:.3f}}, TPR %{{y:.3f}}<br>{positives + negatives:,} rows, "
    hover += f"{positives:,} positive<extra></extra>"
    return {
        "data": [
            {
                "type": "scatter",
                "mode": "lines",
                "name": "chance",
                "x": [0, 1],
                "y": [0, 1],
                "line": {"color": GREY, "width": 1, "dash": "dash"},
                "hoverinfo": "skip",
            },
            {
                "type": "scatter",
                "mode": "lines",
                "name": plain(f"AUC {auc:.3f}"),
                "x": rounded(points.false_positive_rate),
                "y": rounded(points.true_positive_rate),
                "customdata": rounded(points.threshold),
                "line": {"color": COLOURS[0], "width": 2},
                "hovertemplate": hover,
            },
        ],
        "layout": layout(title, "False positive rate", "True positive rate", annotations=[corner(f"AUC {auc:.3f}")])
        | {
            "xaxis": {"title": {"text": "False positive rate"}, "range": [-0.01, 1.01], "zeroline": False},
            "yaxis": {"title": {"text": "True positive rate"}, "range": [-0.01, 1.01], "zeroline": False},
        },
    }


def _alt(subject: str, auc: float, positives: int, negatives: int, points: pd.DataFrame) -> str:
    at = points[points.false_positive_rate <= 0.1].true_positive_rate.max()
    return (
        f"ROC curve of {subject} over {positives + negatives:,} rows, {positives:,} of them positive. AUC {auc:.3f}; "
        f"at a false positive rate of at most 10% the true positive rate reaches {at:.1%}."
    )
