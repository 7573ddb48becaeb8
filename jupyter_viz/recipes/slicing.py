"""Where a model fails: its metrics by slices of the data."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

from ..errors import InvalidArgument, MissingColumn, did_you_mean
from ..views import Figure, FigureColumn
from . import kubeflow
from .adapted import Adapter
from .base import Bounds, Column, Table, recipe
from .behind import in_slices, not_missing, of_curve
from .intervals import Z, wilson
from .scored import class_rows, known, numbers_of, one_where, positive_class
from .segments import areas
from .style import COLOURS, layout, plain, reference_line, rounded, short

if TYPE_CHECKING:
    import pandas as pd

_SLICES = 1000
_DRAWN = 40
_FEW_VALUES = 20

Metric = Literal["accuracy", "precision", "recall", "auc", "rmse", "mae", "bias"]
_TITLES = {"auc": "AUC", "rmse": "RMSE", "mae": "MAE"}
_LOWER_IS_BETTER = ("rmse", "mae")
_OF_NUMBERS = ("rmse", "mae", "bias")
_OF_CLASSES = ("precision", "recall", "auc")


@recipe(title="Slicing metrics", adapter=Adapter(kubeflow.slicing_metrics, "Kubeflow"))
def slicing_metrics(
    source: Table,
    *,
    by: list[Column] | None = None,
    metric: Metric = "accuracy",
    target: Column = "label",
    predicted: Column | None = None,
    score: Column | None = None,
    positive: Any = None,
    bins: Annotated[int, Bounds(2, 20)] = 5,
) -> Figure:
    """A metric for each slice of one or two columns, with its 95% interval and number of rows, the worst first.

    Args:
        by: One or two columns, which must be named; numbers with many values are cut into parts of equally many rows.
        metric: accuracy, precision, recall and auc for classes; rmse, mae and bias (predicted - target) for numbers.
        target: Column of the true values.
        predicted: Column of the predictions, by default "predicted"; not needed for auc.
        score: Column of numbers, higher for the positive class, by default "score"; only auc needs it.
        positive: The positive class of precision, recall and auc; by default true, 1, or the higher one of two.
        bins: Into how many parts numbers are cut.
    """
    by = by or []
    if not 1 <= len(by) <= 2:
        raise InvalidArgument(f"Argument 'by': {len(by)} columns are named; one or two make slices.")
    name = "score" if metric == "auc" else "predicted"
    other = (score if metric == "auc" else predicted) or name
    if other not in source.columns:
        hint = did_you_mean(other, source.columns)
        raise MissingColumn(f"Argument {name!r}: the source has no column {other!r}, which {metric} needs.{hint}")
    kept, edges = _sliced(source, by, target, other, bins)
    if metric in _OF_CLASSES:
        positive = positive_class(sorted(class_rows(kept, target)), target, positive)
    found = _measured(kept, metric, positive)
    overall = _measured(kept.mutate(slice1=_all(), slice2=_all()), metric, positive)
    data = _table(found, edges, by, metric)
    whole = _table(overall, [None, None], [], metric)
    if whole.empty or whole[metric].isna().all():
        raise InvalidArgument(f"There is no row for which {metric} can be told: {_needs(metric)}")
    rows = int(source.count().to_pyarrow().as_py())
    left_out = rows - int(kept.count().to_pyarrow().as_py())
    shown = data[data[metric].notna()].nlargest(_DRAWN, "rows", keep="all").head(_DRAWN)
    if shown.empty:
        raise InvalidArgument(f"There is no slice for which {metric} can be told: {_needs(metric)}")
    shown = shown.sort_values([metric, "slice"], ascending=[metric not in _LOWER_IS_BETTER, True])
    notes = []
    if left_out:
        notes.append(f"{left_out:,} of {rows:,} rows have a missing value in a column that is needed.")
    if len(shown) < len(data):
        notes.append(
            f"Shows {len(shown)} of {len(data):,} slices, those with the most rows; the others are in `.data`."
        )
    names = " and ".join(short(name) for name in by)
    value = float(whole[metric].iloc[0])
    return Figure(
        title=f"{_title(metric)} by {names}",
        alt=_alt(metric, names, value, shown),
        spec=_figure(metric, names, value, shown),
        columns=(
            FigureColumn("slice", "text", "/data/0/y"),
            FigureColumn(metric, "number", "/data/0/x"),
            FigureColumn("from", "number", "/data/0/meta/low"),
            FigureColumn("to", "number", "/data/0/meta/high"),
            FigureColumn("rows", "number", "/data/0/customdata"),
        ),
        data=data,
        metrics={metric: value, "slices": len(data), "worst": float(shown[metric].iloc[0])},
        note=" ".join(notes) or None,
        rows=of_curve(
            0,
            [
                *(
                    in_slices(name, source[name].type(), found[f"slice{place + 1}"][shown.index].tolist(), edges[place])
                    for place, name in enumerate(by)
                ),
                *not_missing(target, other),
            ],
        ),
    )


def _title(metric: str) -> str:
    return _TITLES.get(metric, metric.capitalize())


def _all() -> Any:
    import ibis

    return ibis.literal("all")


def _sliced(source: Table, by: list[str], target: str, other: str, bins: int) -> tuple[Table, list[list[float] | None]]:
    """(rows without missing values with `slice1`, `slice2`, `target`, `other`; the edges of numbers that were cut)."""
    import ibis

    kept = source.select(
        slice1=source[by[0]],
        slice2=source[by[1]] if len(by) > 1 else _all(),
        target=source[target],
        other=source[other],
    )
    kept = kept.filter(*(known(kept[name]) for name in kept.columns))
    edges: list[list[float] | None] = [None, None]
    for place, name in enumerate(("slice1", "slice2")):
        column = kept[name]
        if column.type().is_numeric() and int(column.nunique().to_pyarrow().as_py()) > _FEW_VALUES:
            values = column.cast("float64")
            wanted = [part / bins for part in range(bins + 1)]
            cuts = kept.aggregate(low=values.min(), high=values.max(), q=values.approx_quantile(wanted[1:-1]))
            found = cuts.to_pyarrow().to_pylist()[0]
            inner = sorted({cut for cut in found["q"] if found["low"] < cut <= found["high"]})
            edges[place] = [found["low"], *inner, found["high"]]
            number: Any = ibis.literal(0)
            for cut in inner:
                number = number + one_where(values >= cut)
            kept = kept.mutate(**{name: number})
        else:
            kept = kept.mutate(**{name: column.cast("string")})
    return kept, edges


def _measured(kept: Table, metric: Metric, positive: Any) -> pd.DataFrame:
    """For each slice `rows`, and either `hits` of `tries`, `mean` and `std`, or `p`, `n` and `area`."""
    by = ["slice1", "slice2"]
    if metric == "auc":
        found = _areas(kept, positive)
    elif metric in _OF_NUMBERS:
        error = numbers_of(kept, "other", "predicted") - numbers_of(kept, "target", "target")
        value = {"rmse": error * error, "mae": error.abs(), "bias": error}[metric]
        found = kept.group_by(by).aggregate(
            rows=kept.count(), mean=value.mean(), std=value.std(how="sample"), tries=kept.count()
        )
    else:
        hit = kept.target.cast("string") == kept.other.cast("string")
        tried = {
            "accuracy": None,
            "precision": kept.other.cast("string") == str(positive),
            "recall": kept.target.cast("string") == str(positive),
        }[metric]
        found = kept.group_by(by).aggregate(
            rows=kept.count(),
            hits=hit.sum() if tried is None else (hit & tried).sum(),
            tries=kept.count() if tried is None else tried.sum(),
        )
    frame: pd.DataFrame = found.order_by(*by).limit(_SLICES).to_pandas()
    return frame


def _areas(kept: Table, positive: Any) -> Any:
    score = numbers_of(kept, "other", "score")
    is_positive = one_where(kept.target.cast("string") == str(positive))
    found = areas(kept.mutate(score=score, positive=is_positive), ["slice1", "slice2"])
    return found.mutate(rows=found.p + found.n)


def _table(found: pd.DataFrame, edges: list[list[float] | None], by: list[str], metric: Metric) -> pd.DataFrame:
    """`slice`, the metric, its interval and the number of rows, for each slice; a metric that can't be told is NaN."""
    import pandas as pd

    made = []
    for row in found.to_dict("records"):
        value, low, high = _with_interval(row, metric)
        parts = [_named(row[f"slice{place + 1}"], edges[place]) for place in range(len(by))]
        made.append({"slice": " · ".join(parts), metric: value, "from": low, "to": high, "rows": int(row["rows"])})
    return pd.DataFrame(made, columns=["slice", metric, "from", "to", "rows"])


def _named(value: Any, edges: list[float] | None) -> str:
    if edges is None:
        return short(value)
    place = int(value)
    return f"{edges[place]:.4g} to {edges[min(place + 1, len(edges) - 1)]:.4g}"


def _with_interval(row: Mapping[Any, Any], metric: Metric) -> tuple[float, float, float]:
    """(value, lower and upper end of its 95% interval).

    Shares by Wilson (1927); areas by Hanley and McNeil (1982); means by the normal distribution, and the root of them.
    """
    nothing = (math.nan, math.nan, math.nan)
    if metric == "auc":
        p, n = float(row["p"]), float(row["n"])
        if not p or not n:
            return nothing
        area = float(row["wins"]) / (2 * p * n)
        q1, q2 = area / (2 - area), 2 * area**2 / (1 + area)
        error = math.sqrt((area * (1 - area) + (p - 1) * (q1 - area**2) + (n - 1) * (q2 - area**2)) / (p * n))
        return area, max(0.0, area - Z * error), min(1.0, area + Z * error)
    tries = float(row["tries"])
    if not tries:
        return nothing
    if metric in _OF_NUMBERS:
        spread = 0.0 if row["std"] is None or math.isnan(row["std"]) else Z * row["std"] / math.sqrt(tries)
        ends = (row["mean"], row["mean"] - spread, row["mean"] + spread)
        if metric == "rmse":
            value, low, high = (math.sqrt(max(0.0, end)) for end in ends)
            return value, low, high
        return ends
    hits = int(row["hits"])
    return hits / tries, *wilson(hits, int(tries))


def _needs(metric: Metric) -> str:
    return {
        "auc": "both classes must be there.",
        "precision": "the positive class is never predicted.",
        "recall": "there is no row of the positive class.",
    }.get(metric, "no row has a value in all columns that are needed.")


def _figure(metric: str, names: str, value: float, shown: pd.DataFrame) -> dict[str, Any]:
    x, low, high = shown[metric], shown["from"], shown["to"]
    named = [plain(name) for name in shown.slice]
    slices = {
        "type": "scatter",
        "mode": "markers",
        "name": _title(metric),
        "x": rounded(x),
        "y": named,
        "customdata": [int(rows) for rows in shown.rows],
        "meta": {"low": rounded(low), "high": rounded(high)},
        "error_x": {"type": "data", "symmetric": False, "array": rounded(high - x), "arrayminus": rounded(x - low)},
        "marker": {"color": COLOURS[0], "size": 9},
        "hovertemplate": "%{y}<br>%{x:.4g}, %{customdata:,} rows<extra></extra>",
    }
    ends = [named[0], named[-1]] if named else []
    whole = reference_line(plain(f"all rows: {value:.4g}"), rounded([value, value]), ends)
    figure = layout(f"{_title(metric)} by {names} (all rows: {value:.4g})", _title(metric), names)
    figure["yaxis"] |= {"autorange": "reversed", "type": "category"}
    figure["height"] = max(300, 120 + 22 * len(shown))
    return {"data": [slices, whole], "layout": figure}


def _alt(metric: str, names: str, value: float, shown: pd.DataFrame) -> str:
    worst, best = shown.iloc[0], shown.iloc[-1]
    return (
        f"{_title(metric)} by {names}: over all rows {value:.4g}. "
        f"The worst slice is {worst.slice} with {worst[metric]:.4g} ({worst['from']:.4g} to {worst['to']:.4g}) "
        f"over {worst.rows:,} rows, the best {best.slice} with {best[metric]:.4g} over {best.rows:,}."
    )
