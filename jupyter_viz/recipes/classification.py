"""Recipes for classifiers: how well do scores tell one class from the other?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..views import Figure, FigureColumn
from .base import Column, Table, recipe
from .scored import Curve, count_scores, positive_class
from .style import COLOURS, GREY, corner, layout, plain, rounded, short

if TYPE_CHECKING:
    import pandas as pd

_POINTS = 1000


@recipe(title="ROC curve")
def roc_curve(source: Table, *, target: Column = "label", score: Column = "score", positive: Any = None) -> Figure:
    """True against false positive rate at every threshold, and the area under the curve (AUC).

    Args:
        target: Column of the true classes.
        score: Column of numbers, higher for the positive class.
        positive: The positive class; by default true, 1, or the higher one of two.
    """
    counts = count_scores(source, target, score)
    positive = positive_class(counts.classes, target, positive)
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


def _points(curve: Curve) -> pd.DataFrame:
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
