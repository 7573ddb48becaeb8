"""The rows behind a point: what a click on it gets is what was counted there."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from jupyter_viz import visualize
from jupyter_viz.rendering.bundles import MIME

FRAME = pd.DataFrame(
    {
        "age": [1, 2, 2, 15, 20, 20, None, 33],
        "city": ["a", "b", "a", "b", "c", "a", "a", None],
        "true": [True, False, True, True, False, True, True, False],
        "guess": [1, 0, 1, 0, 1, 1, 0, 0],
        "day": pd.to_datetime(["2024-01-01", "2024-01-02"] * 4),
    }
)


def of(recipe: str, **arguments: Any) -> tuple[Any, list[dict[str, Any]]]:
    result = visualize(recipe, FRAME, **arguments)
    own = result._repr_mimebundle_()[MIME]
    return result, own["rows"]


@pytest.mark.parametrize("column", ["age", "day"])
def test_bins_have_their_edges(column: str) -> None:
    result, [condition] = of("histogram", column=column)
    edges, values = condition["edges"], FRAME[column]
    for place, count in enumerate(result.data.rows):
        last = place == len(edges) - 2
        low, high = (pd.Timestamp(edge) if column == "day" else edge for edge in edges[place : place + 2])
        upper = values <= high if last else values < high
        assert int(((values >= low) & upper).sum()) == count


def test_bars_and_groups_have_their_values() -> None:
    _, [bars, groups] = of("histogram", column="city", by="guess")
    assert (bars["values"], bars["labels"], bars["of"]) == (["a", "b", "c"], ["a", "b", "c"], "x")
    assert (groups["values"], groups["cast"], groups["of"]) == (["0", "1"], "string", "curve")
    _, [numbers, value] = of("bar", by="age", value="guess")
    assert (numbers["values"][0], numbers["labels"][0], "cast" in numbers) == (1.0, "1", False)
    assert value == {"column": "guess", "of": "all"}


def test_a_matrix_has_its_classes() -> None:
    """Compared as the recipe compares them: here true is 1."""
    _, [actual, guess] = of("confusion_matrix", target="true", predicted="guess")
    assert actual == {"column": "true", "of": "y", "values": [0, 1], "labels": ["0", "1"], "cast": "int64"}
    assert guess == {"column": "guess", "of": "x", "values": [0, 1], "labels": ["0", "1"]}


def test_points_have_as_many_digits_as_are_drawn() -> None:
    _, [x, y, group] = of("scatter", x="age", y="day", by="city")
    assert (x["near"], y["near"], group["values"]) == (6, "ms", ["a", "b", "c", None])


NUMBERS = np.random.default_rng(3)
MANY = pd.DataFrame({"y": NUMBERS.normal(size=3000).round(2), "guess": NUMBERS.normal(size=3000).round(2)})


def behind(frame: pd.DataFrame, condition: dict[str, Any], point: dict[str, Any]) -> pd.Series[bool]:
    """What `mime/rows.ts` makes of a condition about numbers, in pandas."""
    values = frame[condition["column"]] - (frame[condition["minus"]] if "minus" in condition else 0)
    if "near" in condition:
        return (values - point[condition["of"]]).abs() < 1e-6
    place = point["point"] if condition["of"] == "point" else condition["labels"].index(point[condition["of"]])
    place = condition["bins"][place] if "bins" in condition else place
    low, high = condition["edges"][place : place + 2]
    return ((values >= low) if place == 0 else (values > low)) & (values <= high)


@pytest.mark.parametrize("recipe", ["predicted_vs_actual", "residuals"])
@pytest.mark.parametrize("rows", [300, 3000])
def test_points_and_cells_of_a_regression_have_their_rows(recipe: str, rows: int) -> None:
    """In each as many as are drawn there, of the first curve alone; together all of them."""
    frame = MANY.head(rows)
    result = visualize(recipe, frame, target="y", predicted="guess")
    conditions = result._repr_mimebundle_()[MIME]["rows"]
    assert {each["curve"] for each in conditions} == {0}
    drawn = result.figure["data"][0]
    found = 0
    for place, (x, y) in enumerate(zip(drawn["x"], drawn["y"], strict=True)):
        point = {"x": x, "y": y}
        if rows > 1200:
            labels = [min(each["labels"], key=lambda label: abs(label - point[each["of"]])) for each in conditions]
            point = dict(zip("xy", labels, strict=True))
        there = int(np.logical_and.reduce([behind(frame, each, point) for each in conditions]).sum())
        assert there == (drawn["z"][place] or 0 if "z" in drawn else there >= 1 and there)
        found += there if "z" in drawn else 1
    assert found == rows


def test_bars_of_scores_have_the_rows_of_their_class() -> None:
    frame = pd.DataFrame({"label": ["a", "b", "b", "a", None, "b"], "score": [0.0, 0.25, 0.5, 1.0, 0.1, 0.5]})
    result = visualize("score_distribution", frame, bins=4)
    score, label = result._repr_mimebundle_()[MIME]["rows"]
    assert label == {"column": "label", "of": "curve", "values": ["a", "b"]}
    for curve, name in enumerate(label["values"]):
        own = frame[frame.label == name]
        counted = [int(behind(own, score, {"point": place}).sum()) for place in range(4)]
        assert np.divide(counted, len(own)).tolist() == pytest.approx(result.figure["data"][curve]["y"], abs=1e-6)


@pytest.mark.parametrize("strategy", ["uniform", "quantile"])
def test_points_of_a_calibration_have_the_rows_of_their_bin(strategy: str) -> None:
    """And the bars below them; bins without rows have neither."""
    scores = [0.0, 0.05, 0.1, 0.5, 0.55, 0.9, 1.0, 1.0, 0.3]
    frame = pd.DataFrame({"label": [0, 1, 0, 1, 1, 0, 1, 1, None], "score": scores})
    result = visualize("calibration", frame, strategy=strategy)
    score, there = result._repr_mimebundle_()[MIME]["rows"]
    assert there == {"column": "label", "of": "all"}
    known = frame[frame.label.notna()]
    counted = [int(behind(known, score, {"point": point}).sum()) for point in range(len(score["bins"]))]
    assert [counted, counted] == [list(result.figure["data"][curve]["customdata"]) for curve in (0, 2)]
    assert sum(counted) == len(known)


@pytest.mark.parametrize("metric", ["accuracy", "recall", "auc"])
def test_slices_have_their_rows(metric: str) -> None:
    """Where does it fail? A click on the worst slice: as many rows as are counted there."""
    draw = np.random.default_rng(2)
    frame = pd.DataFrame({"label": draw.integers(0, 2, 500), "predicted": draw.integers(0, 2, 500)})
    frame = frame.assign(score=draw.random(500), age=draw.random(500).round(3), big=draw.integers(0, 2, 500) > 0)
    frame.loc[:9, "age"] = None
    result = visualize("slicing_metrics", frame, by=["age", "big"], metric=metric)
    bundle = result._repr_mimebundle_()
    age, big, *there = bundle[MIME]["rows"]
    assert {each["curve"] for each in (age, big, *there)} == {0}
    assert (big["cast"], [each["column"] for each in there]) == (
        "string",
        ["label", "score" if metric == "auc" else "predicted"],
    )
    counted = []
    for place, value in zip(age["bins"], big["values"], strict=True):
        low, high = age["edges"][place : place + 2]
        last = place == len(age["edges"]) - 2
        inside = (frame.age >= low) & ((frame.age <= high) if last else (frame.age < high))
        counted.append(int((inside & (frame.big.astype(str).str.lower() == value)).sum()))
    assert counted == list(result.figure["data"][0]["customdata"])
    assert sum(counted) == 490


def test_bars_of_missing_values_have_the_column_that_lacks_them() -> None:
    frame = pd.DataFrame({"a": [1.0, None, float("nan")], "b": ["x", None, "y"]})
    [condition] = visualize("missing_values", frame)._repr_mimebundle_()[MIME]["rows"]
    assert condition == {"columns": ["a", "b"], "empty": ["isnan", "isnull"], "of": "y", "labels": ["a", "b"]}


def test_several_together_tell_none() -> None:
    """Nobody knows of which of them a point is."""
    result = visualize("histogram", {"one": FRAME, "two": FRAME}, column="age")
    assert "rows" not in result._repr_mimebundle_()[MIME]
