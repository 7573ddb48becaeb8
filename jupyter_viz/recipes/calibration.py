"""Recipes for scores themselves: do they mean what they say, and how are they distributed?"""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING, Annotated, Any, Literal

from ..errors import InvalidArgument
from ..views import Figure, FigureColumn
from .base import Bounds, Column, Table, recipe
from .behind import Condition, in_closed_bin, not_missing
from .bins import bin_of, even_edges, middles, quantile_edges
from .exact import exact_sum, finite
from .intervals import wilson
from .scored import class_rows, in_order, known, most_frequent, numbers_of, one_where, positive_class, subject
from .style import COLOURS, GREY, labels, layout, left_out, legend_above, rounded, short

if TYPE_CHECKING:
    import pandas as pd

_MOST_DRAWN = 5


@recipe(title="Calibration")
def calibration(
    source: Table,
    *,
    target: Column = "label",
    score: Column = "score",
    positive: Any = None,
    bins: Annotated[int, Bounds(2, 50)] = 10,
    strategy: Literal["uniform", "quantile"] = "uniform",
) -> Figure:
    """Predicted probability against the observed share of positives, with 95% intervals and the rows of each bin.

    Bins are scikit-learn's (`calibration_curve`). Intervals are Wilson's (1927, "Probable inference"). The expected
    calibration error is the mean distance of both shares over the rows (Guo et al. 2017, "On Calibration of Modern
    Neural Networks", equation 3); the Brier score the mean of (score - outcome)².

    Args:
        target: Column of the true classes.
        score: Column of probabilities of the positive class, between 0 and 1.
        positive: The positive class; by default true, 1, or the higher one of two.
        bins: How many at most; those without rows are left out.
        strategy: uniform for bins of the same width, quantile for bins of about as many rows.
    """
    pairs = source.select(target=source[target], score=numbers_of(source, score, "score"))
    used = pairs.filter(known(pairs.target) & known(pairs.score))
    positive = positive_class(sorted(class_rows(used, target)), target, positive)
    rows = int(pairs.count().to_pyarrow().as_py())
    _check_probabilities(used, score)
    edges = even_edges(0, 1, bins) if strategy == "uniform" else quantile_edges(used, "score", bins)
    hits = used.mutate(bin=bin_of(used.score, edges), hit=one_where(used.target == positive))
    counted = hits.group_by("bin").aggregate(
        rows=hits.count(),
        hits=hits.hit.sum(),
        scores=exact_sum(hits.score),
        squares=exact_sum((hits.score - hits.hit) * (hits.score - hits.hit)),
    )
    found = sorted(counted.to_pyarrow().to_pylist(), key=lambda each: each["bin"])
    points = _calibration_points(found, edges)
    total = int(points.rows.sum())
    brier = float(sum(each["squares"] for each in found)) / total
    distance = (points.mean_score - points.observed_share).abs()
    error = float((points.rows * distance).sum()) / total
    about = subject(score, target, positive)
    worst = points.iloc[int(distance.to_numpy().argmax())]
    return Figure(
        title=f"Calibration of {about}",
        alt=(
            f"Calibration of {about} over {total:,} rows in {len(points)} bins. Brier score {brier:.3f}, expected "
            f"calibration error {error:.3f}; furthest apart where the mean score is {worst.mean_score:.1%} and "
            f"{worst.observed_share:.1%} of {int(worst.rows):,} rows are positive."
        ),
        spec=_calibration_figure(f"Calibration of {about}", points, edges, brier, error),
        columns=(
            FigureColumn("mean score", "number", "/data/2/x"),
            FigureColumn("observed share", "number", "/data/2/y"),
            FigureColumn("interval below", "number", "/data/2/error_y/arrayminus"),
            FigureColumn("interval above", "number", "/data/2/error_y/array"),
            FigureColumn("rows", "number", "/data/2/customdata"),
        ),
        data=points,
        metrics={"brier_score": brier, "expected_calibration_error": error},
        rows=[in_closed_bin(score, edges, "point", bins=[each["bin"] for each in found]), *not_missing(target)],
        note=left_out(rows - total, rows, "target or score"),
    )


def _check_probabilities(used: Table, score: str) -> None:
    [found] = used.aggregate(least=used.score.min(), most=used.score.max()).to_pyarrow().to_pylist()
    if found["least"] < 0 or found["most"] > 1:
        raise InvalidArgument(
            f"Argument 'score': column {score!r} reaches from {found['least']:.4g} to {found['most']:.4g}; calibration "
            "needs probabilities between 0 and 1. Recipes 'roc_curve' and 'score_distribution' take any score."
        )


def _calibration_points(found: list[dict[str, Any]], edges: list[float]) -> pd.DataFrame:
    import pandas as pd

    points = []
    for each in found:
        share = each["hits"] / each["rows"]
        low, high = wilson(each["hits"], each["rows"])
        ends = edges[each["bin"]], edges[min(each["bin"] + 1, len(edges) - 1)]
        points.append((*ends, float(each["scores"]) / each["rows"], share, low, high, each["rows"]))
    names = ["bin_from", "bin_to", "mean_score", "observed_share", "interval_low", "interval_high", "rows"]
    return pd.DataFrame(points, columns=names)


def _calibration_figure(
    title: str, points: pd.DataFrame, edges: list[float], brier: float, error: float
) -> dict[str, Any]:
    bars = {
        "type": "bar",
        "name": "share of rows",
        "x": rounded((points.bin_from + points.bin_to) / 2),
        "y": rounded(points.rows / points.rows.sum()),
        "width": rounded((points.bin_to - points.bin_from) * 0.98),
        "marker": {"color": GREY, "opacity": 0.3},
        "customdata": points.rows.tolist(),
        "hovertemplate": "%{customdata:,} rows, %{y:.1%}<extra></extra>",
    }
    ideal = {
        "type": "scatter",
        "mode": "lines",
        "name": "perfect",
        "x": [0, 1],
        "y": [0, 1],
        "line": {"color": GREY, "width": 1, "dash": "dash"},
        "hoverinfo": "skip",
    }
    line = {
        "type": "scatter",
        "mode": "lines+markers",
        "name": f"Brier {brier:.3f}, calibration error {error:.3f}",
        "x": rounded(points.mean_score),
        "y": rounded(points.observed_share),
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": rounded(points.interval_high - points.observed_share),
            "arrayminus": rounded(points.observed_share - points.interval_low),
            "thickness": 1.5,
            "width": 3,
        },
        "customdata": points.rows.tolist(),
        "line": {"color": COLOURS[0], "width": 2},
        "marker": {"color": COLOURS[0], "size": 7},
        "hovertemplate": "mean score %{x:.3f}, observed %{y:.3f}<br>%{customdata:,} rows<extra></extra>",
    }
    whole = layout(title, "Mean score", "Observed share of positives", **legend_above(2))
    for axis in ("xaxis", "yaxis"):
        whole[axis]["range"] = [-0.02, 1.02]
    return {"data": [bars, ideal, line], "layout": whole}


@recipe(title="Distribution of scores")
def score_distribution(
    source: Table,
    *,
    target: Column = "label",
    score: Column = "score",
    bins: Annotated[int, Bounds(2, 100)] = 30,
) -> Figure:
    """How the scores of each class are distributed: the share of its rows in each bin, all classes in one plot.

    Args:
        target: Column of the true classes.
        score: Column of numbers.
        bins: How many, of the same width.
    """
    import ibis

    pairs = source.select(target=source[target], score=numbers_of(source, score, "score"))
    used = pairs.filter(known(pairs.target) & finite(pairs.score))
    rows_of = class_rows(used, target)
    if not rows_of:
        raise InvalidArgument(f"Nothing to draw: no row has both a value of {target!r} and a finite score.")
    rows, total = int(pairs.count().to_pyarrow().as_py()), sum(rows_of.values())
    [ends] = used.aggregate(least=used.score.min(), most=used.score.max()).to_pyarrow().to_pylist()
    probabilities = ends["least"] >= 0 and ends["most"] <= 1
    edges = even_edges(0, 1, bins) if probabilities else even_edges(ends["least"], ends["most"], bins)
    drawn = in_order(most_frequent(rows_of, _MOST_DRAWN))
    names, others = labels(drawn), len(rows_of) - len(drawn)
    names += [f"{others:,} others"] if others else []
    place = ibis.cases(*((used.target == value, n) for n, value in enumerate(drawn)), else_=len(drawn))
    placed = used.mutate(place=place, bin=bin_of(used.score, edges))
    counted = placed.group_by("place", "bin").aggregate(rows=placed.count()).to_pyarrow().to_pylist()
    halves = placed.group_by("place").aggregate(median=placed.score.median()).to_pyarrow().to_pylist()
    medians = {each["place"]: each["median"] for each in halves}
    points = _shares(counted, edges, names)
    title = f"Distribution of {short(score)} by {short(target)}"
    alt = f"Histogram of {short(score)} over {total:,} rows, for each class of {short(target)} the share of its rows. "
    alt += "Half of the scores are below " + ", ".join(
        f"{medians[n]:.3g} for {name}" for n, name in enumerate(map(unescape, names))
    )
    metrics: dict[str, float] = {"rows": total, "classes": len(rows_of)}
    if len(names) == 2:
        metrics["overlap"] = float(points.iloc[:, 2:].min(axis=1).sum())
        alt += f"; the two overlap by {metrics['overlap']:.1%}"
    return Figure(
        title=title,
        alt=f"{alt}.",
        spec=_distribution_figure(title, score, points, names),
        columns=(
            FigureColumn("middle of the bin", "number", "/data/0/x"),
            *(FigureColumn(f"share of {unescape(name)}", "number", f"/data/{n}/y") for n, name in enumerate(names)),
        ),
        data=points,
        metrics=metrics,
        note=left_out(rows - total, rows, "target or finite score"),
        rows=_behind(score, edges, target, [*drawn, *([None] if others else [])]),
    )


def _behind(score: str, edges: list[float], target: str, classes: list[Any]) -> list[Condition]:
    """None where a class is no number, text or truth value: code of it would have to be made up."""
    if not all(isinstance(each, str | int | float | None) for each in classes):
        return []
    return [in_closed_bin(score, edges, "point"), {"column": target, "of": "curve", "values": classes}]


def _shares(counted: list[dict[str, Any]], edges: list[float], names: list[str]) -> pd.DataFrame:
    """A row for each bin, a column for each class: its share of the rows of the class."""
    import numpy as np
    import pandas as pd

    rows = np.zeros((len(edges) - 1, len(names)))
    for each in counted:
        rows[each["bin"], each["place"]] = each["rows"]
    shares = pd.DataFrame(rows / rows.sum(axis=0), columns=[f"share of {unescape(name)}" for name in names])
    shares.insert(0, "bin_from", edges[:-1])
    shares.insert(1, "bin_to", edges[1:])
    return shares


def _distribution_figure(title: str, score: str, points: pd.DataFrame, names: list[str]) -> dict[str, Any]:
    x = rounded(middles([*points.bin_from, points.bin_to.iloc[-1]]))
    bars = [
        {
            "type": "bar",
            "name": name,
            "x": x,
            "y": rounded(points.iloc[:, 2 + n]),
            "width": rounded(points.bin_to - points.bin_from),
            "marker": {"color": COLOURS[n], "opacity": 0.5, "line": {"color": COLOURS[n], "width": 1}},
            "hovertemplate": "%{x:.4g}: %{y:.1%}",
        }
        for n, name in enumerate(names)
    ]
    whole = layout(title, score, "Share of the class's rows", barmode="overlay", **legend_above(3))
    whole["yaxis"]["tickformat"] = ".0%"
    return {"data": bars, "layout": whole}
