"""Recipes for classifiers: how well do scores tell one class from the other?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import InvalidArgument
from ..views import Figure, FigureColumn
from .base import Column, Table, recipe
from .style import COLOURS, GREY, corner, layout, plain, rounded, short

if TYPE_CHECKING:
    import pandas as pd

_POINTS = 1000
_CLASSES_LISTED = 20
_CLASSES_SEARCHED = 100_000


@recipe(title="ROC curve")
def roc_curve(source: Table, *, target: Column = "label", score: Column = "score", positive: Any = None) -> Figure:
    """True against false positive rate at every threshold, and the area under the curve (AUC).

    Args:
        target: Column of the true classes.
        score: Column of numbers, higher for the positive class.
        positive: The positive class; by default true, 1, or the higher one of two.
    """
    import ibis

    table = source.select(target=source[target], score=_numbers(source, score))
    missing = table.target.isnull() | table.score.isnull() | table.score.isnan()
    rows, left_out = table.aggregate(rows=table.count(), left_out=missing.sum()).to_pandas().fillna(0).iloc[0]
    table = table.filter(~missing)
    positive = _positive_class(table, target, positive)
    hit = (table.target == positive).cast("int64")
    groups = table.group_by("score").aggregate(p=hit.sum(), n=(1 - hit).sum())
    so_far = ibis.cumulative_window(order_by=ibis.desc(groups.score))
    curve = groups.mutate(tp=groups.p.sum().over(so_far), fp=groups.n.sum().over(so_far))
    total = curve.aggregate(P=curve.p.sum(), N=curve.n.sum(), thresholds=curve.count()).to_pandas().iloc[0]
    positives, negatives = int(total.P), int(total.N)
    # Mann-Whitney: each positive beats the negatives scored lower, and half of those scored the same. In integers
    # until the division, so that it is exact, ties included.
    wins = (curve.p * (2 * (negatives - curve.fp) + curve.n)).sum().to_pyarrow().as_py()
    auc = int(wins) / (2 * positives * negatives)
    points = _points(curve, positives, negatives, int(total.thresholds))
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
        note=f"{int(left_out):,} of {int(rows):,} rows have no target or score and are left out." if left_out else None,
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


def _positive_class(table: Table, target: str, wanted: Any) -> Any:
    most = _CLASSES_LISTED + 1 if wanted is None else _CLASSES_SEARCHED
    found = table.select("target").distinct().order_by("target").limit(most)
    classes = found.to_pyarrow().column("target").to_pylist()
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


def _points(curve: Table, positives: int, negatives: int, thresholds: int) -> pd.DataFrame:
    """The curve from (0, 0) to (1, 1): every threshold, or where there are many one of each cell of a fine grid."""
    import ibis
    import pandas as pd

    rates = curve.select(
        threshold=curve.score,
        false_positive_rate=curve.fp / ibis.literal(float(negatives)),
        true_positive_rate=curve.tp / ibis.literal(float(positives)),
    )
    if thresholds > _POINTS:
        cells = _POINTS // 2
        x = (rates.false_positive_rate * cells).floor()
        y = (rates.true_positive_rate * cells).floor()
        # The last point of a cell: a threshold's own, never a mean of several.
        rates = rates.group_by(x=x, y=y).aggregate(
            threshold=rates.threshold.min(),
            false_positive_rate=rates.false_positive_rate.max(),
            true_positive_rate=rates.true_positive_rate.max(),
        )
    points = rates.select("threshold", "false_positive_rate", "true_positive_rate")
    drawn = points.order_by(ibis.desc("threshold")).to_pandas()
    origin = pd.DataFrame({"threshold": [float("inf")], "false_positive_rate": [0.0], "true_positive_rate": [0.0]})
    curve_points: pd.DataFrame = pd.concat([origin, drawn], ignore_index=True)
    return curve_points


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
