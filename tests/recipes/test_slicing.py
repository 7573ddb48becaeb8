"""Metrics by slice are scikit-learn's on the rows of the slice; their intervals those of statsmodels' formulas."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import (
    accuracy_score,
    mean_absolute_error,
    mean_squared_error,
    precision_score,
    recall_score,
    roc_auc_score,
)

from jupyter_viz import visualize
from jupyter_viz.errors import InvalidArgument, MissingColumn

from .examples import table_of

CLASSES: dict[str, Callable[[pd.DataFrame], float]] = {
    "accuracy": lambda rows: accuracy_score(rows.label, rows.predicted),
    "precision": lambda rows: precision_score(rows.label, rows.predicted),
    "recall": lambda rows: recall_score(rows.label, rows.predicted),
    "auc": lambda rows: roc_auc_score(rows.label, rows.score),
}
NUMBERS: dict[str, Callable[[pd.DataFrame], float]] = {
    "rmse": lambda rows: mean_squared_error(rows.target, rows.predicted) ** 0.5,
    "mae": lambda rows: mean_absolute_error(rows.target, rows.predicted),
    "bias": lambda rows: float((rows.predicted - rows.target).mean()),
}


@pytest.mark.parametrize("metric", CLASSES)
def test_classes(metric: str) -> None:
    frame = table_of("tumours")
    result = visualize("slicing_metrics", frame, by=["size"], metric=metric)
    expected = {str(name): CLASSES[metric](rows) for name, rows in frame.groupby("size")}
    assert dict(zip(result.data.slice, result.data[metric], strict=True)) == pytest.approx(expected, abs=1e-12)
    assert dict(zip(result.data.slice, result.data.rows, strict=True)) == frame["size"].value_counts().to_dict()
    assert result.metrics[metric] == pytest.approx(CLASSES[metric](frame), abs=1e-12)
    assert result.metrics["worst"] == pytest.approx(min(expected.values()), abs=1e-5)
    assert (result.data["from"] <= result.data[metric]).all()
    assert (result.data[metric] <= result.data["to"]).all()


@pytest.mark.parametrize("metric", NUMBERS)
def test_numbers(metric: str) -> None:
    frame = table_of("diabetes")
    result = visualize("slicing_metrics", frame, by=["sex"], metric=metric, target="target")
    expected = {f"{name:.1f}": NUMBERS[metric](rows) for name, rows in frame.groupby("sex")}
    found = {f"{float(name):.1f}": value for name, value in zip(result.data.slice, result.data[metric], strict=True)}
    assert found == pytest.approx(expected, rel=1e-9)
    if metric != "bias":
        assert result.metrics["worst"] == pytest.approx(max(expected.values()), rel=1e-4)


def test_areas_of_ties_are_exact() -> None:
    draw = np.random.default_rng(5)
    frame = pd.DataFrame({"g": draw.integers(0, 4, 5000), "label": draw.integers(0, 2, 5000)})
    frame["score"] = np.round(draw.normal(frame.label * (frame.g / 3)), 1)
    result = visualize("slicing_metrics", frame, by=["g"], metric="auc")
    expected = {str(g): roc_auc_score(rows.label, rows.score) for g, rows in frame.groupby("g")}
    assert dict(zip(result.data.slice, result.data.auc, strict=True)) == pytest.approx(expected, abs=1e-12)


def test_an_interval_covers_the_truth_as_often_as_it_says() -> None:
    """Of 900 slices whose true accuracy is known, about 95% have it in their interval (more, where rows are few)."""
    draw = np.random.default_rng(1)
    slices = np.repeat(np.arange(900), 60)
    frame = pd.DataFrame({"g": [f"s{n}" for n in slices], "label": 1, "predicted": draw.random(len(slices)) < 0.8})
    found = visualize("slicing_metrics", frame.assign(predicted=frame.predicted.astype(int)), by=["g"]).data
    covered = ((found["from"] <= 0.8) & (found["to"] >= 0.8)).mean()
    assert 0.93 < covered < 0.98


def test_two_columns_and_numbers_cut_into_parts() -> None:
    frame = table_of("tumours")
    result = visualize("slicing_metrics", frame, by=["size", "mean_texture"], bins=3)
    assert 6 <= len(result.data) <= 9
    assert result.data.rows.sum() == len(frame)
    assert all(" · " in name and " to " in name for name in result.data.slice)


def test_rows_that_lack_something_are_left_out_and_counted() -> None:
    frame = table_of("tumours")
    frame.loc[:9, "size"] = None
    result = visualize("slicing_metrics", frame, by=["size"])
    assert result.data.rows.sum() == len(frame) - 10
    assert "10 of 569 rows have a missing value" in str(result)


def test_many_slices_are_all_there_and_the_largest_are_drawn() -> None:
    frame = pd.DataFrame({"g": [f"s{n % 300}" for n in range(3000)], "label": 1, "predicted": 1})
    result = visualize("slicing_metrics", frame, by=["g"])
    assert len(result.data) == 300
    assert len(result.figure.data[0].x) == 40
    assert "40 of 300 slices" in str(result)


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ({"by": []}, InvalidArgument, "one or two make slices"),
        ({"by": ["size", "label", "score"]}, InvalidArgument, "3 columns are named"),
        ({"by": ["sise"]}, MissingColumn, "Did you mean 'size'"),
        ({"by": ["size"], "predicted": "pred"}, MissingColumn, "no column 'pred'"),
        ({"by": ["size"], "metric": "f1"}, InvalidArgument, "is not one of"),
        (
            {"by": ["size"], "metric": "recall", "positive": 7},
            InvalidArgument,
            "7 is not in column 'target'|7 is not in",
        ),
        ({"by": ["label"], "metric": "rmse", "target": "size"}, InvalidArgument, "numbers are needed"),
    ],
)
def test_what_can_not_be_sliced_is_said(arguments: dict[str, Any], error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        visualize("slicing_metrics", table_of("tumours"), **arguments)
