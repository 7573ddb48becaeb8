"""The confusion matrix and its metrics are scikit-learn's."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import accuracy_score, balanced_accuracy_score, f1_score
from sklearn.metrics import confusion_matrix as sklearn_matrix

from jupyter_viz import visualize
from jupyter_viz.errors import InvalidArgument
from jupyter_viz.rendering.bundles import MIME, PLOTLY

from .examples import table_of

DRAW = np.random.default_rng(11)


def _matrix(result: Any, values: str = "rows") -> np.ndarray:
    size = round(len(result.data) ** 0.5)
    return result.data[values].to_numpy().reshape(size, size)


def _note(result: Any) -> str | None:
    return result._repr_mimebundle_()[MIME]["note"]


def _check(frame: pd.DataFrame, actual: Any, predicted: Any) -> Any:
    result = visualize("confusion_matrix", frame)
    np.testing.assert_array_equal(_matrix(result), sklearn_matrix(actual, predicted))
    assert result.metrics == {
        "accuracy": pytest.approx(accuracy_score(actual, predicted), abs=1e-12),
        "balanced_accuracy": pytest.approx(balanced_accuracy_score(actual, predicted), abs=1e-12),
        "f1_macro": pytest.approx(f1_score(actual, predicted, average="macro"), abs=1e-12),
    }
    return result


def test_a_matrix_that_was_counted_already() -> None:
    """As Kubeflow's csv of target, predicted, count: the same as of the rows themselves."""
    frame = table_of("wines")
    counted = frame.groupby(["label", "predicted"]).size().reset_index(name="n")
    whole, again = visualize("confusion_matrix", frame), visualize("confusion_matrix", counted, count="n")
    np.testing.assert_array_equal(_matrix(whole), _matrix(again))
    assert again.metrics == whole.metrics
    assert f"over {len(frame):,} rows" in again.shown.view.alt


@pytest.mark.parametrize(("column", "said"), [("text", "not whole numbers"), ("negative", "below zero, -2")])
def test_counts_that_are_none(column: str, said: str) -> None:
    frame = pd.DataFrame({"label": [0, 1], "predicted": [0, 1], "text": ["a", "b"], "negative": [1, -2]})
    with pytest.raises(InvalidArgument, match=said):
        visualize("confusion_matrix", frame, count=column)


def test_three_classes_of_real_data() -> None:
    frame = table_of("wines")
    result = _check(frame, frame.label, frame.predicted)
    assert "most often class_2 is taken for class_1, in 10 rows" in result._repr_mimebundle_()[MIME]["alt"]


def test_two_classes_of_real_data() -> None:
    frame = table_of("tumours")
    _check(frame, frame.label, frame.predicted)


@pytest.mark.parametrize("normalize", ["true", "predicted", "all"])
def test_shares_are_scikit_learns(normalize: str) -> None:
    frame = table_of("wines")
    result = visualize("confusion_matrix", frame, normalize=normalize)
    expected = sklearn_matrix(frame.label, frame.predicted, normalize=normalize.removesuffix("icted"))
    np.testing.assert_allclose(_matrix(result, "share"), expected, atol=1e-12)
    np.testing.assert_array_equal(_matrix(result), sklearn_matrix(frame.label, frame.predicted))
    assert result.figure.data[0].text[0] == f"{expected[0, 0]:.0%}"


@pytest.mark.filterwarnings("ignore:y_pred contains classes not in y_true")
@pytest.mark.parametrize("missing", ["never predicted", "never true"])
def test_a_class_on_one_side_only(missing: str) -> None:
    whole, part = DRAW.integers(0, 4, 500), DRAW.integers(0, 3, 500)
    actual, predicted = (whole, part) if missing == "never predicted" else (part, whole)
    frame = pd.DataFrame({"label": actual, "predicted": predicted})
    _check(frame, actual, predicted)
    axis = "predicted" if missing == "never predicted" else "true"
    shares = _matrix(visualize("confusion_matrix", frame, normalize=axis), "share")
    assert np.isnan(shares).sum() == 4


def test_more_rows_than_are_ever_brought() -> None:
    actual = DRAW.integers(0, 5, 60_000)
    predicted = np.where(DRAW.random(60_000) < 0.7, actual, DRAW.integers(0, 5, 60_000))
    _check(pd.DataFrame({"label": actual, "predicted": predicted}), actual, predicted)


@pytest.mark.parametrize(
    ("actual", "predicted"),
    [
        ([0, 1, 1, 0], [0.0, 1.0, 0.0, 1.0]),
        ([True, False, True, True], [1, 0, 0, 1]),
        ([True, False, True, True], [True, False, False, True]),
        ([1.0, 0.0, 1.0, 1.0], [True, False, False, True]),
        ([Decimal(1), Decimal(0), Decimal(1), Decimal(1)], [1, 0, 0, 1]),
        (["1", "2", "1", "2"], [1, 2, 2, 2]),
        (list(pd.to_datetime(["2024-01-01", "2024-01-02"] * 2)), list(pd.to_datetime(["2024-01-01"] * 4))),
    ],
    ids=["float", "flag and number", "flags", "float and flag", "decimal", "text and number", "dates"],
)
def test_both_columns_need_not_be_of_one_type(actual: list[Any], predicted: list[Any]) -> None:
    """A label of 1 that a model predicts as 1.0 is predicted right."""
    result = visualize("confusion_matrix", pd.DataFrame({"label": actual, "predicted": predicted}))
    pairs = [(str(a), str(p)) for a, p in zip(actual, predicted, strict=True)]
    right = sum(a == p or str(p) == str(a) for a, p in zip(actual, predicted, strict=True))
    assert result.metrics["accuracy"] == right / len(pairs)
    assert len(result.data) == 4


def test_classes_stand_in_the_order_people_count() -> None:
    names = [f"class {n}" for n in (10, 2, 1, 21)]
    result = visualize("confusion_matrix", pd.DataFrame({"label": names, "predicted": names}))
    ordered = ["class 1", "class 2", "class 10", "class 21"]
    assert list(result.figure.layout.xaxis.categoryarray) == ordered
    assert list(result.figure.layout.yaxis.categoryarray) == ordered
    numbers = visualize("confusion_matrix", pd.DataFrame({"label": [10, 9, -1], "predicted": [10, 9, -1]}))
    assert list(numbers.figure.layout.xaxis.categoryarray) == ["-1", "9", "10"]


def test_many_classes_are_the_most_frequent_and_others() -> None:
    """What is not drawn by itself is counted all the same, and in the metrics as itself."""
    place = np.minimum(DRAW.geometric(0.05, 20_000), 80)
    names = np.array([f"k{n}" for n in range(81)])
    predicted = np.where(DRAW.random(20_000) < 0.8, place, np.roll(place, 1))
    frame = pd.DataFrame({"label": names[place], "predicted": names[predicted]})
    result = visualize("confusion_matrix", frame)
    matrix = _matrix(result)
    assert matrix.shape == (31, 31)
    assert matrix.sum() == 20_000
    kept = set(frame.label.value_counts().index[:30])
    assert set(result.data.actual) == kept | {"50 others"}
    merged = frame.where(frame.isin(kept), "~")
    order = [name for name in result.data.actual.unique() if name in kept] + ["~"]
    np.testing.assert_array_equal(matrix, sklearn_matrix(merged.label, merged.predicted, labels=order))
    assert result.metrics["accuracy"] == pytest.approx(accuracy_score(frame.label, frame.predicted))
    assert result.metrics["f1_macro"] == pytest.approx(f1_score(frame.label, frame.predicted, average="macro"))
    assert _note(result) == "Of 80 classes the 30 most frequent are drawn; the metrics are of all."
    assert len(json.dumps(result._repr_mimebundle_())) < 300_000


def test_rows_without_a_class_are_left_out_and_counted() -> None:
    frame = pd.DataFrame({"label": ["a", None, "b", "a"], "predicted": ["a", "a", None, "b"]})
    result = visualize("confusion_matrix", frame)
    assert result.metrics["accuracy"] == 0.5
    assert _note(result) == "2 of 4 rows have no actual or predicted class and are left out."
    numbers = pd.DataFrame({"label": [1.0, float("nan"), 0.0], "predicted": [1.0, 1.0, float("nan")]})
    assert _note(visualize("confusion_matrix", numbers)).startswith("2 of 3 rows")


def test_names_that_look_the_same_when_cut_stay_apart() -> None:
    names = ["a very long name of a class, the " + end for end in ("first", "second")]
    figure = visualize("confusion_matrix", pd.DataFrame({"label": names, "predicted": names})).figure
    assert list(figure.layout.xaxis.categoryarray) == names


def test_markup_in_a_class_is_text() -> None:
    result = visualize("confusion_matrix", pd.DataFrame({"label": ["<b>x</b>", "y"], "predicted": ["y", "y"]}))
    bundle = result._repr_mimebundle_()
    assert "<b>" not in json.dumps(bundle[PLOTLY])
    assert "<b>x</b> is taken for y" in bundle[MIME]["alt"]


def test_one_class_that_is_always_right() -> None:
    result = visualize("confusion_matrix", pd.DataFrame({"label": ["a"], "predicted": ["a"]}))
    assert set(result.metrics.values()) == {1.0}
    assert result._repr_mimebundle_()[MIME]["alt"].endswith("no class is taken for another.")


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (pd.DataFrame({"label": ["a"], "predicted": [None]}).astype(object), "Nothing to draw: no row has both"),
        (pd.DataFrame({"label": [[1]], "predicted": [1]}), "Classes are texts, numbers.*a column holds array"),
        (pd.DataFrame({"label": range(20_001), "predicted": 1}), "more than 20,000 different values"),
    ],
    ids=["nothing", "lists", "an id"],
)
def test_what_cannot_be_drawn_is_said(frame: pd.DataFrame, said: str) -> None:
    with pytest.raises(InvalidArgument, match=said):
        visualize("confusion_matrix", frame)
