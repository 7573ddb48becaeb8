"""ROC curves as figures, be they counted from scores or given as points."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..errors import UnreadableSource
from ..views import Figure, FigureColumn
from .scored import thinned
from .style import COLOURS, corner, layout, note_of, plain, reference_line, rounded

if TYPE_CHECKING:
    import pandas as pd

SHARE = {"range": [-0.01, 1.01], "zeroline": False}
_CLOSE = 0.001  # nearer than anyone sees


def roc_figure(about: str, points: pd.DataFrame, auc: float, over: str, note: str | None = None) -> Figure:
    """One curve.

    Args:
        about: What it is of.
        points: `threshold`, `false_positive_rate`, `true_positive_rate`, from the first to the last.
        over: What it was made from: `569 rows, 357 of them positive`.
    """
    early = points[points.false_positive_rate <= 0.1].true_positive_rate
    at = f"; at a false positive rate of at most 10% the true positive rate reaches {early.max():.1%}"
    return Figure(
        title=f"ROC of {about}",
        alt=f"ROC curve of {about} over {over}. AUC {auc:.3f}{at if len(early) else ''}.",
        spec=_spec(f"ROC of {about}", points, auc, over),
        columns=(
            FigureColumn("threshold", "number", "/data/1/customdata"),
            FigureColumn("false positive rate", "number", "/data/1/x"),
            FigureColumn("true positive rate", "number", "/data/1/y"),
        ),
        data=points,
        metrics={"auc": auc},
        note=note,
    )


def given_curve(about: str, points: pd.DataFrame, curves: int = 1) -> Figure:
    """One curve, of points as `points_of` gives them.

    Args:
        curves: How many are to be drawn in one plot.
    """
    drawn = _drawn(points, curves)
    return roc_figure(
        about, drawn, area(points), f"{len(points):,} points as given", note_of(_ends(points), _fewer(drawn, points))
    )


def points_of(rates: Sequence[tuple[Any, Any, Any]], where: str) -> pd.DataFrame:
    """Points as they were given, in the order of a curve, checked. Raises `UnreadableSource` that names the point.

    Args:
        rates: (false positive rate, true positive rate, threshold) of each, as numbers or texts of numbers. A
            threshold that is missing or infinite is that of the first point: nothing is above it.
        where: What they are called where they stand, for messages.
    """
    import numpy as np
    import pandas as pd

    if len(rates) < 2:
        raise UnreadableSource(f"{where}: a curve needs two points at least; there {_are(len(rates))}.")
    checked = [
        (
            _rate(fpr, f"{where}, point {number}: the false positive rate"),
            _rate(tpr, f"{where}, point {number}: the true positive rate"),
            _threshold(threshold, f"{where}, point {number}"),
        )
        for number, (fpr, tpr, threshold) in enumerate(rates, 1)
    ]
    points = pd.DataFrame(checked, columns=["false_positive_rate", "true_positive_rate", "threshold"])
    points = points.sort_values(["false_positive_rate", "true_positive_rate"], kind="stable", ignore_index=True)
    fallen = np.flatnonzero(np.diff(points.true_positive_rate) < -_CLOSE)
    if len(fallen):
        before, after = points.iloc[int(fallen[0])], points.iloc[int(fallen[0]) + 1]
        raise UnreadableSource(
            f"{where}: the points are no ROC curve, which never falls. At a false positive rate of "
            f"{before.false_positive_rate:.4g} the true positive rate is {before.true_positive_rate:.4g}, at "
            f"{after.false_positive_rate:.4g} it is {after.true_positive_rate:.4g}. Give one curve at a "
            "time, the false positive rate first."
        )
    return points[["threshold", "false_positive_rate", "true_positive_rate"]]


def area(points: pd.DataFrame) -> float:
    """The area below the points, joined by lines."""
    x, y = points.false_positive_rate.to_numpy(), points.true_positive_rate.to_numpy()
    return float(((x[1:] - x[:-1]) * (y[1:] + y[:-1]) / 2).sum())


def _are(number: int) -> str:
    return "is one" if number else "are none"


def _rate(value: Any, where: str) -> float:
    number = _number(value)
    if not 0 <= number <= 1:
        raise UnreadableSource(f"{where} is {value!r}; it must be a number from 0 to 1.")
    return number


def _threshold(value: Any, where: str) -> float:
    if value is None or value == "":
        return math.inf
    number = _number(value)
    if math.isnan(number) and str(value).lower() != "nan":
        raise UnreadableSource(f"{where}: the threshold is {value!r}, not a number.")
    return math.inf if math.isnan(number) else number


def _number(value: Any) -> float:
    """NaN for what is none."""
    try:
        return math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        return math.nan


def _drawn(points: pd.DataFrame, curves: int) -> pd.DataFrame:
    """The points to draw, where there are more than a plot can show."""
    # Rounding may make it fall by a hair.
    rising = points.true_positive_rate.cummax()
    chosen = thinned(points.false_positive_rate.to_numpy(), rising.to_numpy(), curves=curves)
    return points.iloc[chosen].reset_index(drop=True)


def _fewer(drawn: pd.DataFrame, points: pd.DataFrame) -> str | None:
    return f"Shows {len(drawn):,} of {len(points):,} points; the AUC is of all." if len(drawn) < len(points) else None


def _ends(points: pd.DataFrame) -> str | None:
    """The sentence about a curve that does not reach from side to side: its area is not that of a whole one."""
    first, last = points.false_positive_rate.iloc[0], points.false_positive_rate.iloc[-1]
    if first < _CLOSE and last > 1 - _CLOSE:
        return None
    return f"The points reach from a false positive rate of {first:.3g} to {last:.3g}: the AUC is of that part."


def _spec(title: str, points: pd.DataFrame, auc: float, over: str) -> dict[str, Any]:
    hover = f"threshold %{{customdata:.4g}}<br>FPR %{{x:.3f}}, TPR %{{y:.3f}}<br>{over}<extra></extra>"
    return {
        "data": [
            reference_line("chance", [0, 1], [0, 1]),
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
            "xaxis": {"title": {"text": "False positive rate"}, **SHARE},
            "yaxis": {"title": {"text": "True positive rate"}, **SHARE},
        },
    }
