"""Curves are scikit-learn's, for scores of every shape; and what can't be drawn is said."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import auc as area
from sklearn.metrics import (
    average_precision_score,
    f1_score,
    precision_recall_curve,
    precision_score,
    recall_score,
    roc_auc_score,
)
from sklearn.metrics import roc_curve as sklearn_roc_curve

from jupyter_viz import visualize
from jupyter_viz.errors import InvalidArgument, MissingColumn

DRAW = np.random.default_rng(7)
LABELS = (DRAW.random(400) < 0.4).astype(int)


def _curve(result: Any) -> np.ndarray:
    return result.data[["false_positive_rate", "true_positive_rate", "threshold"]].to_numpy()


SHAPES = {
    "normal": DRAW.normal(LABELS, 1.0),
    "heavy ties": np.round(DRAW.random(400) * 3 + LABELS),
    "two values": (DRAW.random(400) < 0.5).astype(float),
    "inverted": -DRAW.normal(LABELS, 1.0),
    "skewed": DRAW.lognormal(LABELS, 4.0),
    "tiny differences": 0.5 + LABELS * 1e-15 + DRAW.random(400) * 1e-14,
    "perfect": LABELS + DRAW.random(400) * 0.5,
    "constant": np.full(400, 0.25),
    "negative": -np.exp(DRAW.normal(LABELS, 1.0)),
    "integers": DRAW.integers(0, 50, 400) + LABELS * 5,
    "huge": DRAW.normal(LABELS, 1.0) * 1e300,
    "single precision": DRAW.normal(LABELS, 1.0).astype("float32"),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_curve_and_area_are_scikit_learns(shape: str) -> None:
    """Every point, every threshold, and the AUC to the last digits."""
    frame = pd.DataFrame({"label": LABELS, "score": SHAPES[shape]})
    result = visualize("roc_curve", frame)
    expected = np.column_stack(sklearn_roc_curve(LABELS, frame.score.astype(float), drop_intermediate=False))
    np.testing.assert_allclose(_curve(result), expected, rtol=0, atol=1e-12)
    assert result.metrics == {"auc": pytest.approx(roc_auc_score(LABELS, frame.score.astype(float)), abs=1e-12)}
    drawn = result.figure.data[1]
    assert area(drawn.x, drawn.y) == pytest.approx(roc_auc_score(LABELS, frame.score.astype(float)), abs=1e-5)


@pytest.mark.parametrize("shape", ["normal", "lognormal", "rare", "rounded"])
def test_a_large_curve_is_thinned_and_keeps_its_shape(shape: str) -> None:
    """100,000 rows: a figure a notebook can hold, through real points of the curve; the AUC as near as is said."""
    draw = np.random.default_rng(3)
    rate = 0.002 if shape == "rare" else 0.5
    label = (draw.random(100_000) < rate).astype(int)
    score = draw.lognormal(label, 3.0) if shape == "lognormal" else draw.normal(label, 1.0)
    score = np.round(score, 4) if shape == "rounded" else score
    result = visualize("roc_curve", pd.DataFrame({"label": label, "score": score}))
    expected = roc_auc_score(label, score)
    points = _curve(result)
    assert abs(result.metrics["auc"] - expected) <= _said_at_most(result)
    assert len(points) <= 2100
    assert points[0].tolist() == [0, 0, np.inf]
    assert points[-1].tolist() == [1, 1, score.min()]
    assert (np.diff(points[:, :2], axis=0) >= 0).all()
    assert area(points[:, 0], points[:, 1]) == pytest.approx(expected, abs=1e-3)
    every = {
        tuple(row) for row in np.round(np.column_stack(sklearn_roc_curve(label, score, drop_intermediate=False)), 9)
    }
    assert {tuple(row) for row in np.round(points, 9)} <= every
    assert len(json.dumps(result._repr_mimebundle_())) < 500_000
    exact = visualize("roc_curve", pd.DataFrame({"label": label, "score": score}), exact=True)
    assert exact.metrics["auc"] == pytest.approx(expected, abs=1e-12)
    assert "at most" not in str(exact)


def _said_at_most(result: Any) -> float:
    """By how much a headline number can be off, as the note says; that is little."""
    said = float(str(result).rpartition("off by ")[2].partition(" ")[0])
    assert said < 0.003
    return said


def test_counting_in_bins_takes_what_is_no_number_too() -> None:
    """Missing, NaN and infinite scores, ties, and a range wider than any float, among 60,000."""
    draw = np.random.default_rng(3)
    label = (draw.random(60_000) < 0.3).astype(int)
    score = draw.normal(label, 1.0)
    score[:500], score[500:1000], score[1000:9000] = np.inf, -np.inf, 0.25
    for extreme in (1.0, 1e308):
        frame = pd.DataFrame({"label": label, "score": score})
        frame.loc[60_000] = [1, extreme]
        frame.loc[60_001] = [0, -extreme]
        ranks = frame.score.rank(method="dense")
        result = visualize("roc_curve", pd.concat([frame, pd.DataFrame({"label": [1.0], "score": [np.nan]})]))
        assert abs(result.metrics["auc"] - roc_auc_score(frame.label, ranks)) <= (0.5 if extreme > 1 else 0.003)
        assert "1 of 60,003 rows" in str(result)
        exact = visualize("roc_curve", frame, exact=True)
        assert exact.metrics["auc"] == pytest.approx(roc_auc_score(frame.label, ranks), abs=1e-12)


def test_infinite_scores_are_the_highest_and_lowest() -> None:
    frame = pd.DataFrame({"label": [0, 1, 1, 0], "score": [-np.inf, np.inf, 1.0, 2.0]})
    result = visualize("roc_curve", frame)
    assert result.metrics["auc"] == roc_auc_score(frame.label, [0, 9, 1, 2])
    json.dumps(result._repr_mimebundle_(), allow_nan=False)


def test_scores_that_are_infinite_are_ties() -> None:
    frame = pd.DataFrame({"label": [1, 0, 1, 0, 0], "score": [np.inf, np.inf, 1.0, -np.inf, -np.inf]})
    assert visualize("roc_curve", frame).metrics["auc"] == pytest.approx(roc_auc_score(frame.label, [9, 9, 1, 0, 0]))


def test_rows_without_target_or_score_are_left_out_and_counted() -> None:
    frame = pd.DataFrame(
        {"label": [1, 0, None, 1, 0, 1.0], "score": [0.9, 0.2, 0.5, None, float("nan"), 0.4], "x": [1, 2, 3, 4, 5, 6]}
    )
    result = visualize("roc_curve", frame)
    assert result.metrics["auc"] == roc_auc_score([1, 0, 1], [0.9, 0.2, 0.4])
    own = result._repr_mimebundle_()["application/vnd.jupyter-viz.v1+json"]
    assert own["note"] == "3 of 6 rows have no target or score and are left out."
    assert own["note"] in result.to_html()
    assert (
        visualize("roc_curve", frame.dropna())._repr_mimebundle_()["application/vnd.jupyter-viz.v1+json"]["note"]
        is None
    )


@pytest.mark.parametrize(
    ("classes", "positive", "expected"),
    [
        ([False, True], None, True),
        ([0, 1], None, 1),
        ([-1, 1], None, 1),
        ([1, 2], None, 2),
        ([0.0, 1.0], None, 1.0),
        (["benign", "malignant"], None, "malignant"),
        (["yes", "no"], "no", "no"),
        ([0, 1], "0", 0),
        ([0, 1], 0, 0),
        ([False, True], "False", False),
        ([0.5, 1.5], "0.5", 0.5),
        (["0", "1"], 1, "1"),
        ([b"a", b"b"], None, b"b"),
    ],
    ids=repr,
)
def test_classes_of_every_type(classes: list[Any], positive: Any, expected: Any) -> None:
    """The positive class is the higher one, or the one that is named, as text too: a form can write nothing else."""
    score = DRAW.normal(LABELS, 1.0)
    target = [classes[label] for label in LABELS]
    frame = pd.DataFrame({"label": pd.Series(target, dtype=object if isinstance(classes[0], bytes) else None)})
    frame["score"] = score
    result = visualize("roc_curve", frame, positive=positive)
    assert result.metrics["auc"] == pytest.approx(
        roc_auc_score([each == expected for each in target], score), abs=1e-12
    )


def test_one_of_many_classes_against_the_rest() -> None:
    """Thirty classes: each of them may be the positive one, the last of them too."""
    classes = np.array([f"class {number:02}" for number in range(30)])
    target = DRAW.choice(classes, 2000)
    score = DRAW.random(2000)
    for positive in (classes[0], classes[-1]):
        result = visualize("roc_curve", pd.DataFrame({"label": target, "score": score}), positive=positive)
        assert result.metrics["auc"] == pytest.approx(roc_auc_score(target == positive, score), abs=1e-12)


@pytest.mark.parametrize(
    ("target", "score"),
    [
        ("score", "target"),
        ("p", "n"),
        ("tp", "fp"),
        ('it\'s "a" column', "weißt du? 🚀"),
        ("with space", "with;semicolon"),
        ("threshold", "false_positive_rate"),
        ("rows", "left_out"),
    ],
)
def test_columns_of_any_name(target: str, score: str) -> None:
    values = DRAW.normal(LABELS, 1.0)
    frame = pd.DataFrame({target: LABELS, score: values})
    result = visualize("roc_curve", frame, target=target, score=score)
    assert result.metrics["auc"] == pytest.approx(roc_auc_score(LABELS, values), abs=1e-12)


def test_decimals_and_whole_numbers_are_numbers_too() -> None:
    frame = pd.DataFrame({"label": [1, 0, 1], "score": [Decimal("0.5"), Decimal("0.25"), Decimal("0.10")]})
    assert visualize("roc_curve", frame).metrics["auc"] == roc_auc_score(frame.label, frame.score.astype(float))


FRAME = pd.DataFrame({"label": [0, 1, 1], "score": [0.1, 0.9, 0.4], "name": ["a", "b", "c"]})


@pytest.mark.parametrize(
    ("frame", "arguments", "error", "said"),
    [
        (FRAME, {"target": "lable"}, MissingColumn, "'lable'.*Did you mean 'label'.*label, name, score"),
        (FRAME, {"score": "p"}, MissingColumn, "no column 'p'.*label, name, score"),
        (FRAME, {"score": "name"}, InvalidArgument, "column 'name' holds string, numbers are needed.*: label, score"),
        (FRAME, {"target": "name"}, InvalidArgument, "more than two classes.*say which is `positive`"),
        (FRAME.assign(score=[True, False, True]), {}, InvalidArgument, "holds boolean, numbers are needed"),
        (FRAME, {"positive": 7}, InvalidArgument, "7 is not in column 'label'; there is 0, 1"),
        (FRAME[FRAME.label == 1], {}, InvalidArgument, "holds one class only, 1; two are needed"),
        (FRAME[FRAME.label == 7], {}, InvalidArgument, "Nothing to draw: no row"),
        (FRAME.assign(score=np.nan), {}, InvalidArgument, "Nothing to draw: no row"),
        (FRAME.assign(label=None), {}, InvalidArgument, "Nothing to draw: no row"),
        (FRAME, {"targt": "label"}, InvalidArgument, "no argument 'targt'.*'target'"),
        (FRAME, {"target": 5}, InvalidArgument, "'target'"),
    ],
)
def test_what_cannot_be_drawn_is_said_with_what_there_is(frame, arguments, error, said) -> None:
    with pytest.raises(error, match=f"(?s){said}"):
        visualize("roc_curve", frame, **arguments)


def test_what_is_read_without_the_picture(scores: Callable[..., pd.DataFrame]) -> None:
    """The sentence for those who can't see it has the numbers that matter, and they are right."""
    frame = scores()
    own = visualize("roc_curve", frame)._repr_mimebundle_()["application/vnd.jupyter-viz.v1+json"]
    fpr, tpr, _ = sklearn_roc_curve(frame.label, frame.score, drop_intermediate=False)
    assert f"AUC {roc_auc_score(frame.label, frame.score):.3f}" in own["alt"]
    assert f"reaches {tpr[fpr <= 0.1].max():.1%}" in own["alt"]
    assert f"{len(frame):,} rows, {frame.label.sum():,} of them positive" in own["alt"]


def test_the_figure_has_what_a_reader_needs(scores: Callable[..., pd.DataFrame]) -> None:
    """Diagonal, axis labels, threshold on hover, the AUC in words."""
    figure = visualize("roc_curve", scores()).figure
    assert [list(figure.data[0].x), list(figure.data[0].y)] == [[0, 1], [0, 1]]
    assert figure.layout.xaxis.title.text == "False positive rate"
    assert figure.layout.yaxis.title.text == "True positive rate"
    assert "threshold %{customdata" in figure.data[1].hovertemplate
    assert len(figure.data[1].customdata) == len(figure.data[1].x)
    assert figure.layout.annotations[0].text.startswith("AUC 0.")


# Precision and recall, metrics by threshold


@pytest.mark.parametrize("shape", SHAPES)
def test_precision_and_recall_are_scikit_learns(shape: str) -> None:
    """Every point, and the average precision; the area under the steps that are drawn is that too."""
    score = SHAPES[shape].astype(float)
    result = visualize("precision_recall", pd.DataFrame({"label": LABELS, "score": SHAPES[shape]}))
    precision, recall, thresholds = precision_recall_curve(LABELS, score)
    expected = np.column_stack([np.append(thresholds, np.inf), recall, precision])[::-1]
    np.testing.assert_allclose(result.data.to_numpy(), expected, rtol=0, atol=1e-12)
    average = average_precision_score(LABELS, score)
    assert result.metrics == {"average_precision": pytest.approx(average, abs=1e-12), "baseline": LABELS.mean()}
    drawn = result.figure.data[1]
    assert drawn.line.shape == "vh"
    assert (np.diff(drawn.x) * drawn.y[1:]).sum() == pytest.approx(average, abs=1e-4)


@pytest.mark.parametrize("rate", [0.5, 0.002])
def test_large_curves_are_thinned_and_keep_their_shape(rate: float) -> None:
    draw = np.random.default_rng(3)
    label = (draw.random(100_000) < rate).astype(int)
    frame = pd.DataFrame({"label": label, "score": draw.normal(label * 2, 1.0)})
    result = visualize("precision_recall", frame)
    average = average_precision_score(label, frame.score)
    said = float(str(result).rpartition("off by ")[2].partition(" ")[0])
    assert abs(result.metrics["average_precision"] - average) <= said < 0.05
    assert (result.data.recall.diff()[1:] * result.data.precision[1:]).sum() == pytest.approx(average, abs=5e-3)
    assert len(result.data) <= 1_100
    by_threshold = visualize("threshold_metrics", frame)
    assert len(by_threshold.data) <= 1_100
    assert by_threshold.metrics["best_f1"] == by_threshold.data.f1.max()
    for each in (result, by_threshold):
        assert len(json.dumps(each._repr_mimebundle_())) < 300_000


@pytest.mark.parametrize("shape", SHAPES)
def test_metrics_by_threshold_are_scikit_learns(shape: str) -> None:
    score = SHAPES[shape].astype(float)
    result = visualize("threshold_metrics", pd.DataFrame({"label": LABELS, "score": SHAPES[shape]}))
    assert result.data.threshold.is_monotonic_increasing
    assert len(result.data) == len(np.unique(score))
    for row in result.data.iloc[:: max(1, len(result.data) // 7)].itertuples():
        said = (score >= row.threshold).astype(int)
        assert row.precision == pytest.approx(precision_score(LABELS, said), abs=1e-12)
        assert row.recall == pytest.approx(recall_score(LABELS, said), abs=1e-12)
        assert row.f1 == pytest.approx(f1_score(LABELS, said), abs=1e-12)
        assert row.specificity == pytest.approx(recall_score(1 - LABELS, 1 - said), abs=1e-12)
    precision, recall, _ = precision_recall_curve(LABELS, score)
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-300)
    assert result.metrics["best_f1"] == pytest.approx(f1.max(), abs=1e-12)
    said = score >= result.metrics["threshold"]
    assert f1_score(LABELS, said) == pytest.approx(f1.max(), abs=1e-12)
    assert result.metrics["precision"] == pytest.approx(precision_score(LABELS, said), abs=1e-12)


def test_of_equally_good_thresholds_the_highest_is_named() -> None:
    frame = pd.DataFrame({"label": [1, 0, 0, 1, 1, 1], "score": [6, 5, 4, 3, 2, 1]})
    best = visualize("threshold_metrics", frame).metrics
    assert (best["best_f1"], best["threshold"]) == (f1_score(frame.label, [1] * 6), 1)
    tied = pd.DataFrame({"label": [1, 0, 0, 1], "score": [4, 3, 2, 1]})
    assert visualize("threshold_metrics", tied).metrics["threshold"] == 4


def test_infinite_scores_are_counted_but_are_no_threshold() -> None:
    frame = pd.DataFrame({"label": [0, 1, 1, 0], "score": [-np.inf, np.inf, 1.0, 2.0]})
    result = visualize("threshold_metrics", frame)
    assert result.data.threshold.tolist() == [1, 2]
    assert result.metrics["best_f1"] == f1_score(frame.label, [0, 1, 1, 1])
    json.dumps(result._repr_mimebundle_(), allow_nan=False)
    with pytest.raises(InvalidArgument, match="'score' has no finite score"):
        visualize("threshold_metrics", frame.assign(score=np.inf))


@pytest.mark.parametrize("recipe", ["precision_recall", "threshold_metrics"])
def test_all_curves_treat_rows_and_classes_alike(recipe: str) -> None:
    frame = pd.DataFrame(
        {"label": ["b", "a", None, "b", "a", "b"], "score": [0.9, 0.2, 0.5, None, float("nan"), 0.4]},
    )
    result = visualize(recipe, frame)
    assert result._repr_mimebundle_()["application/vnd.jupyter-viz.v1+json"]["note"] == (
        "3 of 6 rows have no target or score and are left out."
    )
    assert "label = b" in visualize(recipe, frame).figure.layout.title.text
    assert "label = a" in visualize(recipe, frame, positive="a").figure.layout.title.text
    with pytest.raises(InvalidArgument, match="one class only, 'a'"):
        visualize(recipe, frame[frame.label == "a"])
    with pytest.raises(InvalidArgument, match=r"more than two classes.*say which is `positive`"):
        visualize(recipe, frame.assign(label=list("abcabc")))


def test_a_number_that_is_none_is_no_class() -> None:
    """NaN in the target, as a DuckDB or Arrow table can hold it beside NULL, is missing too."""
    import ibis
    import pyarrow as pa

    data = pa.table({"label": pa.array([0.0, 1.0, float("nan"), None, 1.0]), "score": [0.1, 0.7, 0.9, 0.2, 0.4]})
    result = visualize("roc_curve", ibis.memtable(data))
    assert result.metrics["auc"] == 1
    assert "2 of 5 rows" in result.to_html()


@pytest.mark.parametrize(
    "place", ["near 0 and 1", "far away", "close together", "far tails", "larger than can be rounded"]
)
def test_wherever_scores_lie_the_area_is_near(place: str) -> None:
    draw = np.random.default_rng(7)
    label = (draw.random(60_000) < 0.3).astype(int)
    spread = draw.normal(label, 1.0)
    score = {
        "near 0 and 1": 1 / (1 + np.exp(-6 * spread)),
        "far away": 1000 + spread,
        "close together": 0.3 + 1e-6 * spread,
        "far tails": draw.standard_cauchy(60_000) + label,
        "larger than can be rounded": 1e300 * spread,
    }[place]
    result = visualize("roc_curve", pd.DataFrame({"label": label, "score": score}))
    assert "bins;" in str(result)
    assert result.metrics["auc"] == pytest.approx(roc_auc_score(label, score), abs=1e-5)


def test_an_area_of_few_bins_is_computed_score_by_score() -> None:
    draw = np.random.default_rng(8)
    label = (draw.random(60_000) < 0.3).astype(int)
    score = 0.3 + 1e-6 * draw.normal(label, 1.0)
    score[0] = 0.9
    result = visualize("roc_curve", pd.DataFrame({"label": label, "score": score}))
    assert result.metrics["auc"] == pytest.approx(roc_auc_score(label, score), abs=1e-12)
    assert "at most" not in str(result)
