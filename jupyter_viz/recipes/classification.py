"""Recipes for classifiers: how well do scores tell one class from the other?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import InvalidArgument
from ..views import Figure, FigureColumn
from . import kubeflow
from .adapted import Adapter
from .base import Column, Table, recipe
from .roc import SHARE, roc_figure
from .scored import Curve, count_scores, exact_auc, positive_class, subject
from .style import COLOURS, layout, legend_above, reference_line, rounded
from .together import overlaid

if TYPE_CHECKING:
    import pandas as pd

_COARSE = 0.002  # an error of the AUC that would show: then it is computed score by score unasked


@recipe(
    title="ROC curve", together=overlaid, adapter=Adapter(kubeflow.roc_curve, "Kubeflow", beside=(kubeflow.SCHEMA,))
)
def roc_curve(
    source: Table,
    *,
    target: Column = "label",
    score: Column = "score",
    positive: Any = None,
    exact: bool = False,
) -> Figure:
    """True against false positive rate at every threshold, and the area under the curve (AUC).

    Millions of different scores are counted in narrow bins; a note says by how much the AUC can be off at most then.
    By more than 0.002 it never is: where most scores are in few bins it is computed score by score, in seconds.

    Args:
        target: Column of the true classes.
        score: Column of numbers, higher for the positive class.
        positive: The positive class; by default true, 1, or the higher one of two.
        exact: Compute the AUC score by score, however many there are; that takes seconds.
    """
    counts = count_scores(source, target, score)
    positive = positive_class(counts.classes, target, positive)
    curve = counts.curve(positive)
    positives, negatives = int(curve.tp[-1]), int(curve.fp[-1])
    points = _roc_points(curve)
    auc, about, note = curve.auc(), subject(score, target, positive), counts.note(curve)
    if counts.binned and (exact or curve.auc_error() > _COARSE):
        auc = exact_auc(source, target, score, positive)
    elif counts.binned:
        note = f"{note} The AUC is off by {curve.auc_error():.1e} at most."
    over = f"{positives + negatives:,} rows, {positives:,} of them positive"
    return roc_figure(about, points, auc, over, note)


def _roc_points(curve: Curve) -> pd.DataFrame:
    """The curve from (0, 0) to (1, 1)."""
    import numpy as np
    import pandas as pd

    chosen = curve.chosen()
    return pd.DataFrame(
        {
            "threshold": np.append(np.inf, curve.thresholds[chosen]),
            "false_positive_rate": np.append(0.0, curve.fp[chosen] / curve.fp[-1]),
            "true_positive_rate": np.append(0.0, curve.tp[chosen] / curve.tp[-1]),
        }
    )


@recipe(title="Precision and recall", together=overlaid)
def precision_recall(
    source: Table, *, target: Column = "label", score: Column = "score", positive: Any = None
) -> Figure:
    """Precision against recall at every threshold, and the average precision.

    The average precision is scikit-learn's: the sum of (R_n - R_(n-1)) P_n over the thresholds, the area under the
    steps that are drawn. As there the curve starts at recall 0 with precision 1. The baseline is the share of
    positives, what scores by chance reach.

    Args:
        target: Column of the true classes.
        score: Column of numbers, higher for the positive class.
        positive: The positive class; by default true, 1, or the higher one of two.
    """
    import numpy as np
    import pandas as pd

    counts = count_scores(source, target, score)
    positive = positive_class(counts.classes, target, positive)
    curve = counts.curve(positive)
    rows, positives = int(curve.tp[-1] + curve.fp[-1]), int(curve.tp[-1])
    precision = curve.tp / (curve.tp + curve.fp)
    average, error = curve.average_precision()
    note = counts.note(curve)
    if counts.binned:
        note = f"{note} The average precision is off by {error:.1e} at most."
    chosen = curve.chosen(firsts=True)
    points = pd.DataFrame(
        {
            "threshold": np.append(np.inf, curve.thresholds[chosen]),
            "recall": np.append(0.0, curve.tp[chosen] / positives),
            "precision": np.append(1.0, precision[chosen]),
        }
    )
    baseline, about = positives / rows, subject(score, target, positive)
    at = precision[curve.tp >= 0.8 * positives].max()
    return Figure(
        title=f"Precision and recall of {about}",
        alt=(
            f"Precision-recall curve of {about} over {rows:,} rows, {positives:,} of them positive ({baseline:.1%}). "
            f"Average precision {average:.3f}; at a recall of at least 80% the precision reaches {at:.1%}."
        ),
        spec=_precision_recall_figure(f"Precision and recall of {about}", points, average, baseline),
        columns=(
            FigureColumn("threshold", "number", "/data/1/customdata"),
            FigureColumn("recall", "number", "/data/1/x"),
            FigureColumn("precision", "number", "/data/1/y"),
        ),
        data=points,
        metrics={"average_precision": average, "baseline": baseline},
        note=note,
    )


def _precision_recall_figure(title: str, points: pd.DataFrame, average: float, baseline: float) -> dict[str, Any]:
    return {
        "data": [
            reference_line(f"baseline {baseline:.1%}", [0, 1], rounded([baseline, baseline])),
            {
                "type": "scatter",
                "mode": "lines",
                "name": f"average precision {average:.3f}",
                "x": rounded(points.recall),
                "y": rounded(points.precision),
                "customdata": rounded(points.threshold),
                # Up or down at once, then to the next recall: the area below is the average precision.
                "line": {"color": COLOURS[0], "width": 2, "shape": "vh"},
                "hovertemplate": "threshold %{customdata:.4g}<br>recall %{x:.3f}, precision %{y:.3f}<extra></extra>",
            },
        ],
        "layout": layout(title, "Recall", "Precision", **legend_above(2))
        | {
            "xaxis": {"title": {"text": "Recall"}, **SHARE},
            "yaxis": {"title": {"text": "Precision"}, **SHARE},
        },
    }


@recipe(title="Metrics by threshold")
def threshold_metrics(
    source: Table, *, target: Column = "label", score: Column = "score", positive: Any = None
) -> Figure:
    """Precision, recall, F1 and specificity by threshold, and the threshold with the best F1.

    A row counts as positive where its score is at least the threshold.

    Args:
        target: Column of the true classes.
        score: Column of numbers, higher for the positive class.
        positive: The positive class; by default true, 1, or the higher one of two.
    """
    import numpy as np

    counts = count_scores(source, target, score)
    positive = positive_class(counts.classes, target, positive)
    curve = counts.curve(positive)
    finite = np.isfinite(curve.thresholds)
    if not finite.any():
        raise InvalidArgument(f"Argument 'score': column {score!r} has no finite score, so no threshold to draw.")
    every = _by_threshold(curve)
    # The first of equals is the highest threshold.
    best = int(every.f1.where(finite, -1).to_numpy().argmax())
    chosen = np.union1d(curve.chosen(firsts=True, curves=3), [best])  # four lines: a notebook holds each number
    points = every.iloc[chosen[finite[chosen]][::-1]].reset_index(drop=True)
    at = every.iloc[best]
    about = subject(score, target, positive)
    names = {"precision": "precision", "recall": "recall", "f1": "F1", "specificity": "specificity"}
    return Figure(
        title=f"Metrics by threshold of {about}",
        alt=(
            f"Precision, recall, F1 and specificity of {about} by threshold, over {int(counts.counts.sum()):,} rows. "
            f"F1 is best at {at.threshold:.4g} with {at.f1:.3f}: precision {at.precision:.1%}, recall {at.recall:.1%}, "
            f"specificity {at.specificity:.1%}."
        ),
        spec=_threshold_figure(f"Metrics by threshold of {about}", score, points, names, at),
        columns=(
            FigureColumn("threshold", "number", "/data/0/x"),
            *(FigureColumn(name, "number", f"/data/{n}/y") for n, name in enumerate(names.values())),
        ),
        data=points,
        metrics={
            "best_f1": float(at.f1),
            "threshold": float(at.threshold),
            "precision": float(at.precision),
            "recall": float(at.recall),
            "specificity": float(at.specificity),
        },
        note=counts.note(curve),
    )


def _by_threshold(curve: Curve) -> pd.DataFrame:
    import pandas as pd

    tp, fp = curve.tp, curve.fp
    return pd.DataFrame(
        {
            "threshold": curve.thresholds,
            "precision": tp / (tp + fp),
            "recall": tp / tp[-1],
            "f1": 2 * tp / (tp + fp + tp[-1]),
            "specificity": 1 - fp / fp[-1],
        }
    )


def _threshold_figure(
    title: str, score: str, points: pd.DataFrame, names: dict[str, str], at: pd.Series[float]
) -> dict[str, Any]:
    x = rounded(points.threshold)
    lines = [
        {
            "type": "scatter",
            "mode": "lines",
            "name": name,
            "x": x,
            "y": rounded(points[column]),
            # What holds at a threshold holds down to the next lower one.
            "line": {"color": colour, "width": 3 if column == "f1" else 1.5, "shape": "vh", "dash": dash},
            "hovertemplate": f"threshold %{{x:.4g}}<br>{name} %{{y:.3f}}<extra></extra>",
        }
        for (column, name), colour, dash in zip(names.items(), COLOURS, ("solid", "dash", "solid", "dot"), strict=False)
    ]
    best = {
        "type": "scatter",
        "mode": "markers",
        "name": f"best F1 {at.f1:.3f} at {at.threshold:.4g}",
        "x": rounded([at.threshold]),
        "y": rounded([at.f1]),
        "marker": {"color": "#000000", "size": 9},
        "hoverinfo": "name",
    }
    whole = layout(title, f"Threshold of {score}", "Share", **legend_above(3))
    whole["yaxis"] |= SHARE
    return {"data": [*lines, best], "layout": whole}
