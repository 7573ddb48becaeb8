"""Counts, aggregates and lines are those of numpy and pandas, for columns of every shape; what is not drawn is said."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest

from jupyter_viz import visualize
from jupyter_viz.errors import InvalidArgument, MissingColumn
from jupyter_viz.rendering.bundles import MIME, PLOTLY
from jupyter_viz.still import still_picture

from .examples import table_of

DRAW = np.random.default_rng(11)
LARGEST = 300_000


def _own(result: Any) -> dict[str, Any]:
    return result._repr_mimebundle_()[MIME]


# Histogram

NUMBERS: dict[str, Any] = {
    "normal": DRAW.normal(size=1000),
    "at the edges": np.round(DRAW.random(1000), 1),
    "whole": DRAW.integers(0, 12, 1000),
    "many whole": DRAW.integers(-500, 500, 1000),
    "constant": np.full(50, 0.1),
    "one row": np.array([3.5]),
    "tiny": DRAW.normal(size=500) * 1e-12,
    "far from 0": 1e9 + DRAW.random(500),
    "missing": np.where(DRAW.random(500) < 0.3, np.nan, DRAW.normal(size=500)),
    "infinite": np.where(DRAW.random(500) < 0.1, np.inf, DRAW.normal(size=500)),
    "single precision": DRAW.normal(size=500).astype("float32"),
    "huge": np.full(10, 1e308),
    "many rows": DRAW.lognormal(size=60_000),
}


@pytest.mark.parametrize("bins", [2, 30])
@pytest.mark.parametrize("shape", NUMBERS)
def test_counts_are_numpys(shape: str, bins: int) -> None:
    """Every bin, and what is said of the column."""
    values = pd.Series(NUMBERS[shape])
    result = visualize("histogram", pd.DataFrame({"x": values}), column="x", bins=bins)
    finite = values[np.isfinite(values)].astype(float)
    edges = [*result.data["from"], result.data["to"].iloc[-1]]
    assert len(edges) - 1 <= bins
    assert result.data.rows.tolist() == np.histogram(finite, edges)[0].tolist()
    assert result.data.rows.sum() == len(finite)
    assert result.metrics["rows"] == len(values)
    assert result.metrics["missing"] == values.isna().sum()
    assert (result.metrics["min"], result.metrics["max"]) == pytest.approx((finite.min(), finite.max()), rel=1e-11)
    assert result.metrics["mean"] == pytest.approx(finite.mean() if shape != "huge" else 1e308, rel=1e-9, abs=1e-9)
    if len(finite) > 1 and shape != "huge":
        assert result.metrics["std"] == pytest.approx(finite.std(), rel=1e-6, abs=1e-12)


def test_groups_are_counted_by_themselves_and_the_ninth_is_other() -> None:
    frame = pd.DataFrame({"x": DRAW.normal(size=4000), "g": DRAW.choice([f"g{n}" for n in range(12)], 4000)})
    frame.loc[:20, "g"] = None
    result = visualize("histogram", frame, column="x", by="g")
    sizes = frame.g.value_counts()
    kept = sizes.sort_index().sort_values(ascending=False, kind="stable").index[:8]
    edges = sorted({*result.data["from"], *result.data["to"]})
    for name, of in result.data.groupby("group"):
        chosen = frame[frame.g == name] if name != "other" else frame[frame.g.notna() & ~frame.g.isin(kept)]
        assert of.rows.tolist() == np.histogram(chosen.x, edges)[0].tolist()
    assert set(result.data.group) == {*kept, "other"}
    assert _own(result)["note"] == (
        "21 of 4,000 rows have no x or g and are left out. "
        "Shows the 8 of 12 values of g with most rows, the rest as “other”."
    )


def test_a_group_that_is_called_other_is_not_the_rest() -> None:
    frame = pd.DataFrame({"x": np.arange(200.0), "g": ["other"] * 100 + [f"g{n}" for n in range(100)]})
    result = visualize("histogram", frame, column="x", by="g")
    names = [trace["name"] for trace in result._repr_mimebundle_()[PLOTLY]["data"]]
    assert names.count("other") == 1
    assert names[-1] == "other (2)"


def test_infinite_values_are_left_out_and_counted() -> None:
    frame = pd.DataFrame({"x": [1.0, np.inf, -np.inf, None, 2.0]})
    result = visualize("histogram", frame, column="x")
    assert _own(result)["note"] == ("3 of 5 rows have no x and are left out, 2 of them because it is infinite.")
    assert (result.metrics["rows"], result.metrics["missing"]) == (5, 1)


@pytest.mark.parametrize("kind", ["naive", "zone", "date"])
def test_dates_are_binned_by_the_calendar(kind: str) -> None:
    times = pd.Series(pd.Timestamp("2021-03-04") + pd.to_timedelta(DRAW.integers(0, 5 * 10**7, 2000), unit="s"))
    given = {"naive": times, "zone": times.dt.tz_localize("UTC").dt.tz_convert("Asia/Tokyo"), "date": times.dt.date}
    result = visualize("histogram", pd.DataFrame({"t": given[kind]}), column="t")
    expected = times.dt.to_period("M").value_counts().sort_index()
    assert result.data["from"].tolist() == [month.to_timestamp() for month in expected.index]
    assert result.data.rows.tolist() == expected.tolist()
    spec = result._repr_mimebundle_()[PLOTLY]
    assert spec["layout"]["meta"]["table"][0][0] == "2021-03-01"
    assert still_picture(spec)


@pytest.mark.parametrize("missing", [False, True])
def test_text_is_counted_by_value_and_the_rest_is_other(missing: bool) -> None:
    names = [f"n{number}" for number in range(10_000)]
    values = pd.Series(DRAW.choice(names[:50], 5000).tolist() + names)
    if missing:
        values[::10] = None
    result = visualize("histogram", pd.DataFrame({"x": values}), column="x", bins=5)
    counts = values.value_counts().reset_index()
    top = counts.sort_values(["count", "x" if "x" in counts else "index"], ascending=[False, True]).head(5)
    assert result.data.category.tolist() == [*top.iloc[:, 0], "other"]
    assert result.data.rows.tolist() == [*top["count"], values.notna().sum() - top["count"].sum()]
    assert result.metrics["categories"] == values.nunique()
    assert "5 most frequent of" in _own(result)["note"]


def test_a_histogram_of_booleans_and_of_text_by_group() -> None:
    frame = table_of("tumours").assign(big=lambda f: f.mean_radius > 14)
    assert visualize("histogram", frame, column="big").data.rows.tolist() == [
        (~frame.big).sum(),
        frame.big.sum(),
    ]
    by = visualize("histogram", frame, column="size", by="label").data
    expected = frame.groupby(["label", "size"]).size()
    for row in by.itertuples():
        assert row.rows == expected.get((int(row.group), row.category), 0)


def test_a_logarithmic_axis_is_one() -> None:
    result = visualize("histogram", table_of("tumours"), column="mean_area", log=True)
    assert result._repr_mimebundle_()[PLOTLY]["layout"]["yaxis"]["type"] == "log"


# Bars


@pytest.mark.parametrize("aggregate", ["count", "sum", "mean", "median", "min", "max"])
def test_aggregates_are_pandas(aggregate: str) -> None:
    frame = table_of("tumours").assign(value=lambda f: f.score.where(f.index % 7 != 0))
    result = visualize("bar", frame, by="size", value="value", aggregate=aggregate)
    expected = frame.groupby("size").value.agg(aggregate).sort_values(ascending=False)
    assert result.data.category.tolist() == expected.index.tolist()
    np.testing.assert_allclose(result.data.iloc[:, 1], expected, rtol=1e-12)
    assert _own(result)["note"].startswith("82 of 569 rows have no size or value and are left out.")


@pytest.mark.parametrize("aggregate", ["count", "sum", "mean"])
def test_of_ten_thousand_categories_the_largest_are_shown(aggregate: str) -> None:
    frame = pd.DataFrame({"g": DRAW.integers(0, 10_000, 60_000), "v": DRAW.random(60_000)})
    frame["g"] = "g" + frame.g.astype(str)
    result = visualize("bar", frame, by="g", value="v", aggregate=aggregate)
    expected = frame.groupby("g").v.agg(aggregate).reset_index().sort_values(["v", "g"], ascending=[False, True])
    top = expected.head(30)
    shown = result.data[result.data.category != "other"]
    assert shown.category.tolist() == top.g.tolist()
    np.testing.assert_allclose(shown.iloc[:, 1], top.v, rtol=1e-12)
    other = result.data[result.data.category == "other"]
    if aggregate == "mean":
        assert other.empty
    else:
        assert other.iloc[0, 1] == pytest.approx(expected.v.iloc[30:].sum())
    own = _own(result)
    assert f"30 {'most frequent' if aggregate == 'count' else 'largest'} of {frame.g.nunique():,} values" in own["note"]
    assert len(json.dumps(result._repr_mimebundle_())) < LARGEST


def test_numbers_and_dates_keep_their_order_text_goes_by_size() -> None:
    frame = pd.DataFrame({"hour": [10, 2, 2, 10, 9, 10], "name": list("abbcbc")})
    assert visualize("bar", frame, by="hour").data.category.tolist() == ["2", "9", "10"]
    assert visualize("bar", frame, by="name").data.category.tolist() == ["b", "c", "a"]


def test_what_a_category_is_called() -> None:
    """Whole numbers with a missing one, nothing at all, markup, two long names that begin alike."""
    frame = pd.DataFrame({"n": [1.0, 2.0, None], "t": ["", "<b>x</b>", "y"], "long": ["z" * 60, "z" * 61, "q"]})
    assert visualize("bar", frame, by="n").data.category.tolist() == ["1", "2"]
    spec = visualize("bar", frame, by="t")._repr_mimebundle_()[PLOTLY]
    assert spec["data"][0]["x"] == ["(empty)", "&lt;b&gt;x&lt;/b&gt;", "y"]
    assert spec["layout"]["meta"]["table"][0] == ["", "<b>x</b>", "y"]
    spec = visualize("bar", frame, by="long")._repr_mimebundle_()[PLOTLY]
    assert spec["data"][0]["orientation"] == "h"
    assert len(set(spec["data"][0]["y"])) == 3


def test_a_title_keeps_the_columns_capitals() -> None:
    assert _own(visualize("bar", pd.DataFrame({"Size": [1], "Score": [2]}), by="Size", value="Score"))["title"] == (
        "Mean of Score by Size"
    )


# Lines


def _tensorboard(values: Any, weight: float) -> list[float]:
    """As in TensorBoard's `line-chart`: an average that starts from 0, divided by what it lacks."""
    last, shown = 0.0, []
    for count, value in enumerate(values, 1):
        last = last * weight + (1 - weight) * value
        shown.append(last / (1 - weight**count))
    return shown


@pytest.mark.parametrize("weight", [0.3, 0.9, 0.999])
def test_smoothing_is_tensorboards(weight: float) -> None:
    frame = table_of("learning")
    data = visualize("line", frame.sample(frac=1), x="step", y=["loss"], by="part", smooth=weight).data
    for part in ("train", "validation"):
        raw, smooth = (data[data.line == name] for name in (part, f"{part}, smoothed"))
        expected = frame[frame.part == part].sort_values("step").loss
        np.testing.assert_array_equal(raw.y, expected)
        np.testing.assert_allclose(smooth.y, _tensorboard(expected, weight), rtol=1e-9)


@pytest.mark.parametrize("log", [False, True])
def test_a_long_line_keeps_its_peaks_and_its_smoothing(log: bool) -> None:
    """50,000 rows: at most 1,000 points, all of them its own, with the least and greatest; smoothed over all rows."""
    step = np.arange(1, 50_001)
    loss = 1 / np.sqrt(step) + DRAW.normal(0, 0.02, 50_000)
    loss[25_000], loss[77] = 9.0, -9.0
    frame = pd.DataFrame({"step": step, "loss": loss}).sample(frac=1, random_state=1)
    result = visualize("line", frame, x="step", y=["loss"], smooth=0.99, log_x=log)
    raw, smooth = (result.data[result.data.line == name] for name in ("loss", "loss, smoothed"))
    assert len(raw) <= 1000
    np.testing.assert_array_equal(raw.y, loss[raw.x.astype(int) - 1])
    assert {9.0, -9.0} <= set(raw.y)
    assert raw.x.iloc[-1] == 50_000
    everything = np.array(_tensorboard(loss, 0.99))
    np.testing.assert_allclose(smooth.y, everything[smooth.x.astype(int) - 1], rtol=1e-6, atol=1e-9)
    assert "more than 933 points" in _own(result)["note"]
    assert len(json.dumps(result._repr_mimebundle_())) < LARGEST


def test_many_long_lines_fit_into_a_notebook() -> None:
    frame = pd.DataFrame({"x": np.tile(np.arange(3000), 40), "run": np.repeat([f"r{n}" for n in range(40)], 3000)})
    frame["a"], frame["b"] = DRAW.random(len(frame)), DRAW.random(len(frame))
    result = visualize("line", frame, x="x", y=["a", "b"], by="run", smooth=0.5)
    assert result.metrics["lines"] == 24
    assert "12 of 40 values of run" in _own(result)["note"]
    assert len(json.dumps(result._repr_mimebundle_())) < LARGEST * 1.1


def test_columns_with_gaps_are_lines_of_their_own() -> None:
    """A validation loss is written every tenth step only."""
    frame = pd.DataFrame({"step": range(100), "loss": DRAW.random(100)})
    frame["val_loss"] = frame.loss.where(frame.step % 10 == 0)
    result = visualize("line", frame, x="step", y=["loss", "val_loss"])
    assert (result.data.line == "val_loss").sum() == 10
    assert result.metrics == {"rows": 110, "lines": 2, "last loss": frame.loss[99], "last val_loss": frame.loss[90]}
    assert _own(result)["note"] == "90 of 200 values have no step, loss, val_loss and are left out."


def test_what_logarithmic_axes_cannot_show_is_counted() -> None:
    frame = pd.DataFrame({"x": [0, 1, 2, 3], "y": [1.0, -1.0, 2.0, np.inf]})
    result = visualize("line", frame, x="x", y=["y"], log_x=True, log_y=True)
    assert result.data[["x", "y"]].to_numpy().tolist() == [[2, 2]]
    assert _own(result)["note"].startswith("3 of 4 rows have no x, y above 0 and are left out, 1 of them")


def test_dates_along_a_line() -> None:
    when = pd.date_range("2024-01-01", periods=48, freq="h", tz="Europe/Berlin")
    result = visualize("line", pd.DataFrame({"t": when, "v": range(48)}), x="t", y=["v"])
    assert result.data.x.tolist() == when.tz_convert("UTC").tz_localize(None).tolist()
    spec = result._repr_mimebundle_()[PLOTLY]
    assert spec["data"][0]["x"][:2] == ["2023-12-31 23:00:00", "2024-01-01"]
    assert _own(result)["table"]["columns"][0]["type"] == "time"


def test_several_rows_at_one_place_are_said() -> None:
    result = visualize("line", table_of("learning"), x="step", y=["loss"])
    assert _own(result)["note"] == (
        "Several rows of a line have the same step; `by` would draw one line for each group."
    )


FRAME = pd.DataFrame({"n": [1, 2], "text": ["a", "b"], "none": [np.nan, np.nan], "t": pd.Timestamp("2024-01-01")})


@pytest.mark.parametrize(
    ("recipe", "arguments", "error", "said"),
    [
        ("histogram", {"column": "m"}, MissingColumn, "no column 'm'"),
        ("histogram", {"column": "none"}, InvalidArgument, "no row has a value of 'none'"),
        ("histogram", {"column": "n", "by": "none"}, InvalidArgument, "no row has a value of 'n' and of 'none'"),
        ("histogram", {"column": "n", "bins": 0}, InvalidArgument, "0 is less than the minimum of 2"),
        ("bar", {}, InvalidArgument, "needs the argument 'by'"),
        ("bar", {"by": "text", "value": "text"}, InvalidArgument, "'text' holds string, numbers are needed"),
        (
            "bar",
            {"by": "text", "aggregate": "sum"},
            InvalidArgument,
            "'sum' needs numbers; say their column as `value`",
        ),
        ("bar", {"by": "text", "value": "none"}, InvalidArgument, "no row has a value of 'text' and of 'none'"),
        ("line", {"x": "n", "y": []}, InvalidArgument, "0 columns; name 1 to 24"),
        ("line", {"x": "text", "y": ["n"]}, InvalidArgument, "'text' holds string, numbers are needed"),
        ("line", {"x": "n", "y": ["text"]}, InvalidArgument, "Argument 'y': column 'text' holds string"),
        ("line", {"x": "t", "y": ["n"], "log_x": True}, InvalidArgument, "holds dates, which have no logarithm"),
        ("line", {"x": "n", "y": ["none"]}, InvalidArgument, "no row has n, none"),
        ("line", {"x": "n", "y": ["n"], "smooth": 1}, InvalidArgument, "1 is greater than the maximum of 0.999"),
    ],
)
def test_what_cannot_be_drawn_is_said(recipe: str, arguments: dict[str, Any], error: type, said: str) -> None:
    with pytest.raises(error, match=said):
        visualize(recipe, FRAME, **arguments)


def test_numbers_that_no_axis_holds_are_refused() -> None:
    with pytest.raises(InvalidArgument, match="too far to be divided into bins"):
        visualize("histogram", pd.DataFrame({"x": [-1.7e308, 1.7e308]}), column="x")
