"""Recipes for models that predict a number: how far off are they, and where?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..errors import InvalidArgument
from ..views import Figure, FigureColumn
from .base import Column, Table, recipe
from .behind import Condition, drawn_number, in_closed_bin, of_curve
from .bins import bin_of, count_grid, even_edges, middles, quantile_edges
from .exact import finite, moments
from .scored import numbers_of
from .style import COLOURS, SEQUENTIAL, layout, left_out, legend_above, note_of, reference_line, rounded, short

if TYPE_CHECKING:
    import pandas as pd

_MOST_POINTS = 1_200
_CELLS = 30  # across and up, where there are more rows
_BINS = 12  # of the running median
_ROWS_OF_A_BIN = 10
_LACKING = "finite number in a column that is needed"


@recipe(title="Predicted and actual")
def predicted_vs_actual(source: Table, *, target: Column = "target", predicted: Column = "predicted") -> Figure:
    """Predicted against actual values, with the line on which both are the same, and how far off predictions are.

    Up to 1,200 rows are drawn as points, more are counted in cells. The bias is the mean of predicted - actual;
    R² = 1 - sum of (actual - predicted)² / sum of (actual - mean of actual)², as scikit-learn's.

    Args:
        target: Column of the actual numbers.
        predicted: Column of the predicted numbers.
    """
    rows, used = _numbers(source, target=target, predicted=predicted)
    found = moments(used, ["residual", "target", "predicted"])
    off, actual, guess = found["residual"], found["target"], found["predicted"]
    metrics = {"rmse": off.rms, "mae": off.size, "bias": -off.mean}
    said = f"root mean square error {off.rms:.4g}, mean absolute error {off.size:.4g}"
    flat = None
    if actual.std:
        metrics["r2"] = 1 - (off.rms / actual.std) ** 2
        said += f", R² {metrics['r2']:.3f}"
    else:
        flat = "All actual values are the same, so there is no R²."
    least, most = min(actual.least, guess.least), max(actual.most, guess.most)
    marks = _marks(used.select(x="target", y="predicted"), off.count, (least, most), (least, most))
    title = f"{short(predicted)} against {short(target)}"
    same = reference_line("predicted = actual", rounded([least, most]), rounded([least, most]))
    lean = f"{abs(off.mean):.4g} too {'low' if off.mean > 0 else 'high'} on average" if off.mean else "without bias"
    return Figure(
        title=title,
        alt=f"Predicted ({short(predicted)}) against actual ({short(target)}) numbers of {off.count:,} rows: {said}; "
        f"predictions are {lean}.",
        spec=_figure(title, f"Actual: {target}", f"Predicted: {predicted}", [marks.trace, same]),
        columns=marks.columns("actual", "predicted"),
        data=marks.data("actual", "predicted"),
        metrics=metrics,
        note=note_of(left_out(rows - off.count, rows, _LACKING), marks.note, flat),
        rows=of_curve(0, [marks.behind("x", target), marks.behind("y", predicted)]),
    )


@recipe(title="Residuals")
def residuals(
    source: Table, *, target: Column = "target", predicted: Column = "predicted", by: Column | None = None
) -> Figure:
    """Residuals (actual - predicted) by prediction or by another column, and their median along it.

    Up to 1,200 rows are drawn as points, more are counted in cells. A good model leaves no pattern: the median stays
    near zero. `std` is that of the population, divided by the number of rows.

    Args:
        target: Column of the actual numbers.
        predicted: Column of the predicted numbers.
        by: Column of numbers along the x-axis; by default the prediction.
    """
    along = predicted if by is None else by
    rows, used = _numbers(source, target=target, predicted=predicted, **({} if by is None else {"by": by}))
    used = used.mutate(x=used.predicted if by is None else used.by)
    found = moments(used, ["residual", "x"])
    off, x = found["residual"], found["x"]
    marks = _marks(used.select("x", y="residual"), off.count, (x.least, x.most), (off.least, off.most))
    running = _running_median(used, off.count)
    title = f"Residuals of {short(predicted)} by {short(along)}"
    lines = [reference_line("no error", rounded([x.least, x.most]), [0, 0])]
    alt = f"Residuals ({short(target)} - {short(predicted)}) of {off.count:,} rows by {short(along)}: "
    alt += f"mean {off.mean:.4g}, standard deviation {off.std:.4g}, root mean square {off.rms:.4g}"
    if len(running):
        lines.append(_median_line(running))
        alt += f"; their medians along {short(along)} lie between {running.y.min():.4g} and {running.y.max():.4g}"
    return Figure(
        title=title,
        alt=f"{alt}.",
        spec=_figure(title, along, f"{target} - {predicted}", [marks.trace, *lines]),
        columns=marks.columns(along, "residual"),
        data=marks.data("x" if along in ("residual", "rows") else along, "residual"),
        metrics={"rmse": off.rms, "mean": off.mean, "std": off.std},
        note=note_of(left_out(rows - off.count, rows, _LACKING), marks.note),
        rows=of_curve(0, [marks.behind("x", along), marks.behind("y", target, minus=predicted)]),
    )


def _numbers(source: Table, **columns: str) -> tuple[int, Table]:
    """How many rows there are, and those whose numbers are finite; with a column `residual`, target - predicted."""
    numbers = source.select(**{argument: numbers_of(source, name, argument) for argument, name in columns.items()})
    numbers = numbers.mutate(residual=numbers.target - numbers.predicted)
    used = numbers.filter(*(finite(numbers[name]) for name in numbers.columns))
    if not used.count().to_pyarrow().as_py():
        names = ", ".join(repr(name) for name in columns.values())
        raise InvalidArgument(f"Nothing to draw: no row has finite numbers in all of the columns {names}.")
    return int(numbers.count().to_pyarrow().as_py()), used


@dataclass(frozen=True, slots=True)
class _Marks:
    """Rows as points, or as a heatmap of how many there are where."""

    frame: pd.DataFrame
    trace: dict[str, Any]
    note: str | None
    edges: Mapping[str, list[float]]

    def behind(self, of: str, column: str, minus: str | None = None) -> Condition:
        """How to get the rows of a point or cell by what it has as x or y."""
        if of not in self.edges:
            return drawn_number(column, of, minus)
        edges = self.edges[of]
        return in_closed_bin(column, edges, of, middles(edges), minus)

    def columns(self, x: str, y: str) -> tuple[FigureColumn, ...]:
        names = {"x": x, "y": y, **({"z": "rows"} if "rows" in self.frame else {})}
        return tuple(FigureColumn(name, "number", f"/data/0/{place}") for place, name in names.items())

    def data(self, x: str, y: str) -> pd.DataFrame:
        return self.frame.rename(columns={"x": x, "y": y})


def _marks(table: Table, rows: int, of_x: tuple[float, float], of_y: tuple[float, float]) -> _Marks:
    """Of the columns x and y, which lie between the ends that are given."""
    if rows <= _MOST_POINTS:
        points = table.order_by("x", "y").to_pandas()
        trace = {
            "type": "scatter",
            "mode": "markers",
            "x": rounded(points.x),
            "y": rounded(points.y),
            "marker": {"color": COLOURS[0], "size": 6, "opacity": 0.5},
            "showlegend": False,
            "hovertemplate": "%{x:.4g}, %{y:.4g}<extra></extra>",
        }
        return _Marks(points, trace, None, {})
    edges = {"x": even_edges(*of_x, _CELLS), "y": even_edges(*of_y, _CELLS)}
    cells = count_grid(table, edges["x"], edges["y"])
    trace = {
        "type": "heatmap",
        "x": rounded(cells.x),
        "y": rounded(cells.y),
        # Where there are no rows nothing is drawn.
        "z": [count or None for count in cells.rows.tolist()],
        "colorscale": [list(stop) for stop in SEQUENTIAL],
        "colorbar": {"title": {"text": "rows"}, "tickformat": ","},
        "hovertemplate": "%{x:.4g}, %{y:.4g}: %{z:,} rows<extra></extra>",
    }
    note = f"More than {_MOST_POINTS:,} rows are counted in cells; the table has their middles."
    return _Marks(cells, trace, note, edges)


def _running_median(used: Table, rows: int) -> pd.DataFrame:
    """The median residual (y) and the median x of each of some bins with about as many rows; none for a few rows."""
    edges = quantile_edges(used, "x", max(1, min(_BINS, rows // _ROWS_OF_A_BIN)))
    binned = used.mutate(bin=bin_of(used.x, edges))
    medians = binned.group_by("bin").aggregate(x=binned.x.median(), y=binned.residual.median())
    found: pd.DataFrame = medians.order_by("bin").to_pandas()
    return found if len(found) > 1 else found.head(0)


def _median_line(running: pd.DataFrame) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": "median residual",
        "x": rounded(running.x),
        "y": rounded(running.y),
        "line": {"color": COLOURS[1], "width": 2},
        "marker": {"color": COLOURS[1], "size": 6},
        "hovertemplate": "median residual %{y:.4g} at %{x:.4g}<extra></extra>",
    }


def _figure(title: str, x: str, y: str, traces: list[dict[str, Any]]) -> dict[str, Any]:
    return {"data": traces, "layout": layout(title, x, y, **legend_above(2))}
