"""Calibration is scikit-learn's, its intervals statsmodels' formula; histograms are NumPy's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss

from jupyter_viz import visualize
from jupyter_viz.errors import InvalidArgument
from jupyter_viz.recipes.intervals import wilson
from jupyter_viz.rendering.bundles import MIME

from .examples import table_of

DRAW = np.random.default_rng(3)
ROWS = 3_000
TRUTH = DRAW.random(ROWS)
LABELS = (DRAW.random(ROWS) < TRUTH**1.5).astype(int)
SHAPES = {
    "spread": TRUTH,
    "ties": np.round(TRUTH, 1),
    "two values": np.round(TRUTH),
    "constant": np.full(ROWS, 0.3),
    "near one end": TRUTH**8,
    "single precision": TRUTH.astype("float32"),
    "ends": np.where(TRUTH < 0.1, 0.0, np.where(TRUTH > 0.9, 1.0, TRUTH)),
}


def _own(result: Any) -> Any:
    return result._repr_mimebundle_()[MIME]


@pytest.mark.parametrize("bins", [2, 5, 10, 37])
@pytest.mark.parametrize("strategy", ["uniform", "quantile"])
@pytest.mark.parametrize("shape", SHAPES)
def test_shares_are_scikit_learns(shape: str, strategy: str, bins: int) -> None:
    """Every bin's mean score and share of positives; scores on an edge fall to the same side."""
    frame = pd.DataFrame({"label": LABELS, "score": SHAPES[shape].astype(float)})
    result = visualize("calibration", frame, bins=bins, strategy=strategy)
    share, mean = calibration_curve(LABELS, frame.score, n_bins=bins, strategy=strategy)
    np.testing.assert_allclose(result.data.observed_share, share, atol=1e-12)
    np.testing.assert_allclose(result.data.mean_score, mean, atol=1e-12)
    assert result.data.rows.sum() == ROWS


def test_metrics_are_the_known_ones_on_real_data() -> None:
    frame = table_of("tumours")
    result = visualize("calibration", frame)
    assert result.metrics["brier_score"] == pytest.approx(brier_score_loss(frame.label, frame.score), abs=1e-12)
    bins = np.clip(np.ceil(frame.score * 10) - 1, 0, 9)
    groups = frame.groupby(bins)
    expected = ((groups.label.mean() - groups.score.mean()).abs() * groups.size() / len(frame)).sum()
    assert result.metrics["expected_calibration_error"] == pytest.approx(expected, abs=1e-12)


def test_classes_may_be_texts_and_the_positive_one_the_lower() -> None:
    names = np.array(["bad", "good"])[LABELS]
    frame = pd.DataFrame({"label": names, "score": TRUTH})
    result = visualize("calibration", frame, positive="bad")
    assert result.metrics["brier_score"] == pytest.approx(brier_score_loss(names == "bad", TRUTH), abs=1e-12)
    flags = visualize("calibration", frame.assign(label=LABELS == 1))
    assert flags.metrics["brier_score"] == pytest.approx(brier_score_loss(LABELS, TRUTH), abs=1e-12)


@pytest.mark.parametrize(
    ("hits", "rows", "expected"),
    [
        # Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I, method 3.
        (81, 263, (0.2553, 0.3662)),
        (15, 148, (0.0624, 0.1605)),
        (0, 20, (0.0, 0.1611)),
        (1, 29, (0.0061, 0.1718)),
    ],
)
def test_intervals_are_wilsons(hits: int, rows: int, expected: tuple[float, float]) -> None:
    assert wilson(hits, rows) == pytest.approx(expected, abs=5e-5)
    low, high = wilson(rows - hits, rows)
    assert (1 - high, 1 - low) == pytest.approx(expected, abs=5e-5)


def test_an_interval_holds_its_share_always() -> None:
    for rows in (1, 2, 7, 1000, 10**9):
        for hits in {0, 1, rows // 2, rows}:
            low, high = wilson(hits, rows)
            assert 0 <= low <= hits / rows <= high <= 1


def test_error_bars_reach_from_end_to_end_of_the_interval() -> None:
    result = visualize("calibration", table_of("tumours"))
    drawn = result.figure.data[2]
    np.testing.assert_allclose(np.array(drawn.y) + drawn.error_y.array, result.data.interval_high, atol=1e-5)
    np.testing.assert_allclose(np.array(drawn.y) - drawn.error_y.arrayminus, result.data.interval_low, atol=1e-5)


@pytest.mark.parametrize("score", [-0.001, 1.5, np.inf, -np.inf])
def test_what_is_no_probability_is_refused(score: float) -> None:
    frame = pd.DataFrame({"label": [0, 1, 1], "p": [0.2, 0.7, score]})
    with pytest.raises(InvalidArgument, match=r"'score': column 'p' reaches from .*between 0 and 1.*'roc_curve'"):
        visualize("calibration", frame, score="p")


@pytest.mark.parametrize("recipe", ["calibration", "score_distribution"])
@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (pd.DataFrame({"label": [0, 1], "score": ["a", "b"]}), "column 'score' holds string, numbers are needed"),
        (pd.DataFrame({"label": [0, 1], "score": [np.nan, None]}), "Nothing to draw: no row"),
        (pd.DataFrame({"label": [[0], [1]], "score": [0.1, 0.2]}), "'label' holds array.*classes are texts, numbers"),
        (pd.DataFrame({"label": range(20_001), "score": 0.5}), "'label' holds more than 20,000 different values"),
    ],
    ids=["texts", "no score", "lists", "an id"],
)
def test_what_cannot_be_drawn_is_said(recipe: str, frame: pd.DataFrame, said: str) -> None:
    with pytest.raises(InvalidArgument, match=said):
        visualize(recipe, frame)


def test_one_class_only_has_no_calibration() -> None:
    with pytest.raises(InvalidArgument, match="one class only, 1; two are needed"):
        visualize("calibration", pd.DataFrame({"label": [1, 1], "score": [0.1, 0.2]}))


@pytest.mark.parametrize("recipe", ["calibration", "score_distribution"])
def test_missing_values_are_left_out_and_counted(recipe: str) -> None:
    frame = table_of("tumours").assign(label=lambda of: of.label.astype(float))[["label", "score"]]
    spoilt = pd.concat(
        [frame, pd.DataFrame({"label": [None, 1.0, float("nan"), 0], "score": [0.5, None, float("nan"), float("nan")]})]
    )
    result, clean = visualize(recipe, spoilt), visualize(recipe, frame)
    assert result.metrics == clean.metrics
    assert str(_own(result)["note"]).startswith("4 of 573 rows have no target or ")
    assert _own(clean)["note"] is None


@pytest.mark.parametrize("recipe", ["calibration", "score_distribution"])
def test_many_rows_give_the_same_numbers_in_any_order(recipe: str) -> None:
    """Sums of floats depend on their order, and an engine with threads has none."""
    draw = np.random.default_rng(5)
    score = draw.random(200_000)
    frame = pd.DataFrame({"label": (draw.random(200_000) < score).astype(int), "score": score})
    first, again = visualize(recipe, frame), visualize(recipe, frame.sample(frac=1, random_state=2))
    assert first.metrics == again.metrics
    pd.testing.assert_frame_equal(first.data, again.data, check_exact=True)
    assert len(first.data) <= 50


@pytest.mark.parametrize("bins", [2, 30, 100])
def test_histograms_are_numpys(bins: int) -> None:
    frame = pd.DataFrame({"label": np.array(["no", "yes"])[LABELS], "score": DRAW.normal(LABELS, 2.0)})
    result = visualize("score_distribution", frame, bins=bins)
    edges = [*result.data.bin_from, result.data.bin_to.iloc[-1]]
    assert (edges[0], edges[-1]) == pytest.approx((frame.score.min(), frame.score.max()))
    shares = {}
    for name, of_class in frame.groupby("label"):
        shares[name] = np.histogram(of_class.score, edges)[0] / len(of_class)
        np.testing.assert_allclose(result.data[f"share of {name}"], shares[name], atol=1e-12)
    assert result.metrics["overlap"] == pytest.approx(np.minimum(shares["no"], shares["yes"]).sum())


def test_probabilities_are_drawn_from_0_to_1() -> None:
    data = visualize("score_distribution", table_of("tumours"), bins=20).data
    assert (data.bin_from.iloc[0], data.bin_to.iloc[-1]) == (0, 1)
    assert data["share of 0"].sum() == pytest.approx(1)


def test_medians_are_said() -> None:
    frame = table_of("tumours")
    alt = _own(visualize("score_distribution", frame))["alt"]
    for label, of_class in frame.groupby("label"):
        assert f"{of_class.score.median():.3g} for {label}" in alt


def test_many_classes_are_the_most_frequent_and_others() -> None:
    """Five have a colour; those that are left share one, and class 10 comes after class 9."""
    place = np.minimum(DRAW.geometric(0.2, 5_000), 30)
    frame = pd.DataFrame({"label": [f"class {n}" for n in place], "score": DRAW.normal(place)})
    result = visualize("score_distribution", frame)
    names = [trace.name for trace in result.figure.data]
    assert names == ["class 1", "class 2", "class 3", "class 4", "class 5", f"{frame.label.nunique() - 5} others"]
    edges = [*result.data.bin_from, result.data.bin_to.iloc[-1]]
    rest = frame.score[place > 5]
    np.testing.assert_allclose(result.data.iloc[:, -1], np.histogram(rest, edges)[0] / len(rest), atol=1e-12)
    assert "overlap" not in result.metrics


def test_scores_that_are_all_the_same_or_infinite() -> None:
    same = visualize("score_distribution", pd.DataFrame({"label": [0, 1, 1], "score": [7.0, 7, 7]}))
    assert same.data.iloc[:, 2:].sum().tolist() == [1, 1]
    endless = pd.DataFrame({"label": [0, 1, 1], "score": [np.inf, 1.0, 2.0]})
    assert _own(visualize("score_distribution", endless))["note"].startswith("1 of 3 rows have no target or finite")
