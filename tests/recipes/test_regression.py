"""Errors of predictions are scikit-learn's and NumPy's; many rows are counted as NumPy's histogram2d counts them."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import mean_absolute_error, r2_score, root_mean_squared_error

from jupyter_viz import visualize
from jupyter_viz.errors import InvalidArgument, MissingColumn
from jupyter_viz.rendering.bundles import MIME, PLOTLY

from .examples import table_of

DRAW = np.random.default_rng(17)


def _own(result: Any) -> Any:
    return result._repr_mimebundle_()[MIME]


def _large(rows: int = 50_000) -> pd.DataFrame:
    target = DRAW.gamma(2.0, 100.0, rows)
    return pd.DataFrame({"target": target, "predicted": 0.9 * target + DRAW.normal(0, 30, rows)})


def _check(frame: pd.DataFrame, **close: float) -> None:
    close = close or {"rel": 1e-11}
    error = frame.target - frame.predicted
    assert visualize("predicted_vs_actual", frame).metrics == {
        "rmse": pytest.approx(root_mean_squared_error(frame.target, frame.predicted), **close),
        "mae": pytest.approx(mean_absolute_error(frame.target, frame.predicted), **close),
        "r2": pytest.approx(r2_score(frame.target, frame.predicted), **close),
        "bias": pytest.approx(-error.mean(), **close),
    }
    assert visualize("residuals", frame).metrics == {
        "rmse": pytest.approx(root_mean_squared_error(frame.target, frame.predicted), **close),
        "mean": pytest.approx(error.mean(), **close),
        "std": pytest.approx(np.std(error), **close),
    }


def test_errors_are_scikit_learns_on_real_data() -> None:
    _check(table_of("diabetes"))


def test_errors_are_scikit_learns_on_many_rows() -> None:
    _check(_large())


@pytest.mark.parametrize("scale", [1e-200, 1e-9, 1e9, 1e140])
def test_errors_of_very_small_and_very_large_numbers(scale: float) -> None:
    frame = table_of("diabetes")[["target", "predicted"]]
    plain, scaled = visualize("predicted_vs_actual", frame), visualize("predicted_vs_actual", frame * scale)
    assert scaled.metrics["r2"] == pytest.approx(plain.metrics["r2"], rel=1e-9)
    for name in ("rmse", "mae", "bias"):
        assert scaled.metrics[name] == pytest.approx(plain.metrics[name] * scale, rel=1e-9)


def test_a_large_mean_hides_no_small_error() -> None:
    """1e9 ± 1: what is lost when squares of large numbers are taken from each other."""
    target = 1e9 + DRAW.normal(0, 1, 3_000)
    _check(pd.DataFrame({"target": target, "predicted": target + DRAW.normal(0, 0.1, 3_000)}), rel=1e-6)


def test_whole_numbers_and_perfect_predictions() -> None:
    metrics = visualize("predicted_vs_actual", pd.DataFrame({"target": [1, 2, 3], "predicted": [1, 2, 3]})).metrics
    assert metrics == {"rmse": 0, "mae": 0, "bias": 0, "r2": 1}


def test_where_all_actual_values_are_the_same_there_is_no_r2() -> None:
    result = visualize("predicted_vs_actual", pd.DataFrame({"target": [2.0, 2.0], "predicted": [1.0, 4.0]}))
    assert set(result.metrics) == {"rmse", "mae", "bias"}
    assert _own(result)["note"] == "All actual values are the same, so there is no R²."


def test_the_bias_is_said_in_words() -> None:
    frame = pd.DataFrame({"target": [1.0, 2.0], "predicted": [1.5, 3.0]})
    assert _own(visualize("predicted_vs_actual", frame))["alt"].endswith("predictions are 0.75 too high on average.")
    turned = frame.rename(columns={"target": "predicted", "predicted": "target"})
    assert _own(visualize("predicted_vs_actual", turned))["alt"].endswith("predictions are 0.75 too low on average.")


@pytest.mark.parametrize("recipe", ["predicted_vs_actual", "residuals"])
def test_1_200_rows_are_points_and_more_are_counted(recipe: str) -> None:
    frame = _large(1_201)
    points = visualize(recipe, frame.head(1_200))
    assert points.figure.data[0].type == "scatter"
    assert len(points.data) == 1_200
    assert _own(points)["note"] is None
    counted = visualize(recipe, frame)
    assert counted.figure.data[0].type == "heatmap"
    assert counted.data.rows.sum() == 1_201
    assert _own(counted)["note"] == "More than 1,200 rows are counted in cells; the table has their middles."
    for result in (points, counted):
        assert len(json.dumps(result._repr_mimebundle_())) < 300_000


@pytest.mark.parametrize("recipe", ["predicted_vs_actual", "residuals"])
def test_cells_are_counted_as_numpy_counts_them(recipe: str) -> None:
    frame = _large()
    if recipe == "residuals":
        x, y = frame.predicted, frame.target - frame.predicted
        ends = [(x.min(), x.max()), (y.min(), y.max())]
    else:
        x, y = frame.target, frame.predicted
        ends = [(min(x.min(), y.min()), max(x.max(), y.max()))] * 2
    counts, across, up = np.histogram2d(x, y, bins=30, range=ends)
    result = visualize(recipe, frame)
    cells = result.data[result.data.rows > 0]
    names = list(cells.columns)
    i = np.searchsorted(across, cells[names[0]]) - 1
    j = np.searchsorted(up, cells[names[1]]) - 1
    found = np.zeros((30, 30))
    found[i, j] = cells.rows
    np.testing.assert_array_equal(found, counts)
    assert result.data[names[0]].nunique() == 30, "a gap would let the cells beside it grow"
    assert result.data[names[1]].nunique() == 30
    assert result._repr_mimebundle_()[PLOTLY]["data"][0]["z"].count(None) == (result.data.rows == 0).sum()


def test_the_running_median_is_that_of_the_rows() -> None:
    frame = table_of("diabetes")
    result = visualize("residuals", frame, by="bmi")
    line = result.figure.data[2]
    edges = np.unique(np.quantile(frame.bmi, np.linspace(0, 1, 13)))
    groups = (frame.target - frame.predicted).groupby(np.searchsorted(edges[1:-1], frame.bmi))
    np.testing.assert_allclose(line.y, groups.median(), rtol=1e-5)
    np.testing.assert_allclose(line.x, frame.bmi.groupby(np.searchsorted(edges[1:-1], frame.bmi)).median(), rtol=1e-5)
    assert f"between {groups.median().min():.4g} and {groups.median().max():.4g}" in _own(result)["alt"]


@pytest.mark.parametrize("name", ["residual", "rows", "x", "target", "it's $1 <b>"])
def test_columns_of_any_name(name: str) -> None:
    frame = _large(2_500).assign(other=1.0).rename(columns={"target": name})
    frame = frame if name == "target" else frame.assign(target=frame[name])
    result = visualize("residuals", frame, by=name, target=name)
    assert result.data.shape[1] == 3
    assert result.data.columns.is_unique


def test_a_few_rows_or_one_value_have_no_running_median() -> None:
    assert len(visualize("residuals", table_of("diabetes").head(19)).figure.data) == 2
    assert len(visualize("residuals", table_of("diabetes").assign(bmi=1), by="bmi").figure.data) == 2


def test_the_same_predictions_are_drawn_along_another_column() -> None:
    frame = table_of("diabetes")
    along, against = visualize("residuals", frame, by="age"), visualize("residuals", frame)
    assert along.metrics == against.metrics
    assert list(along.data.columns) == ["age", "residual"]
    assert along.figure.layout.xaxis.title.text == "age"
    assert against.figure.layout.xaxis.title.text == "predicted"


@pytest.mark.parametrize("recipe", ["predicted_vs_actual", "residuals"])
def test_what_is_missing_or_infinite_is_left_out_and_counted(recipe: str) -> None:
    frame = table_of("diabetes")[["target", "predicted"]]
    bad = [(None, 1.0), (1.0, np.nan), (np.inf, 1.0), (1.0, -np.inf), (1.7e308, -1.7e308)]
    result = visualize(recipe, pd.concat([frame, pd.DataFrame(bad, columns=["target", "predicted"])]))
    assert result.metrics == visualize(recipe, frame).metrics
    assert _own(result)["note"] == ("5 of 447 rows have no finite number in a column that is needed and are left out.")


def test_rows_without_the_column_along_are_left_out() -> None:
    frame = table_of("diabetes")
    spoilt = frame.assign(bmi=frame.bmi.where(frame.index > 1))
    assert _own(visualize("residuals", spoilt, by="bmi"))["note"].startswith("2 of 442 rows")


def test_many_rows_give_the_same_numbers_in_any_order() -> None:
    frame = _large(200_000)
    mixed = frame.sample(frac=1, random_state=4)
    for recipe in ("predicted_vs_actual", "residuals"):
        first, again = visualize(recipe, frame), visualize(recipe, mixed)
        assert first.metrics == again.metrics
        assert json.dumps(first._repr_mimebundle_()[PLOTLY]) == json.dumps(again._repr_mimebundle_()[PLOTLY])


FRAME = pd.DataFrame({"target": [1.0, 2.0], "predicted": [1.0, 3.0], "name": ["a", "b"]})


@pytest.mark.parametrize(
    ("frame", "arguments", "error", "said"),
    [
        (FRAME, {"by": "nam"}, MissingColumn, "'nam'.*Did you mean 'name'"),
        (FRAME, {"by": "name"}, InvalidArgument, "'by': column 'name' holds string.*Columns of numbers: target, pred"),
        (FRAME, {"target": "name"}, InvalidArgument, "'target': column 'name' holds string"),
        (FRAME.assign(predicted=np.nan), {}, InvalidArgument, "Nothing to draw.*'target', 'predicted'"),
        (FRAME.head(0), {}, InvalidArgument, "Nothing to draw"),
    ],
)
def test_what_cannot_be_drawn_is_said(frame, arguments, error, said) -> None:
    with pytest.raises(error, match=said):
        visualize("residuals", frame, **arguments)
