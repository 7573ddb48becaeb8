"""Correlations are pandas' and SciPy's, components scikit-learn's; what is not drawn is counted and said."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from scipy import stats
from sklearn.decomposition import PCA
from sklearn.preprocessing import StandardScaler

from jupyter_viz import visualize
from jupyter_viz.errors import InvalidArgument
from jupyter_viz.rendering.bundles import MIME, PLOTLY
from jupyter_viz.still import still_picture

from .examples import table_of

DRAW = np.random.default_rng(13)
LARGEST = 300_000


def _own(result: Any) -> dict[str, Any]:
    return result._repr_mimebundle_()[MIME]


def _related(rows: int, draw: np.random.Generator = DRAW) -> pd.DataFrame:
    a = draw.normal(size=rows)
    return pd.DataFrame({"a": a, "b": 2 * a + draw.normal(size=rows), "g": draw.choice(list("xyz"), rows)})


# Scatter


def test_points_are_the_rows_and_the_correlation_scipys() -> None:
    frame = table_of("tumours")
    result = visualize("scatter", frame, x="mean_radius", y="score", by="size")
    expected = frame[["mean_radius", "score", "size"]].sort_values(["mean_radius", "score"])
    np.testing.assert_array_equal(result.data[["x", "y"]], expected[["mean_radius", "score"]])
    assert result.data.group.tolist() == expected["size"].tolist()
    assert result.metrics["rows"] == 569
    assert result.metrics["correlation"] == pytest.approx(stats.pearsonr(frame.mean_radius, frame.score)[0], abs=1e-11)


def test_two_thousand_rows_are_points_one_more_is_counted() -> None:
    frame = _related(2001)
    assert len(visualize("scatter", frame.head(1200), x="a", y="b").data) == 1200
    cells = visualize("scatter", frame, x="a", y="b")
    assert cells.data.rows.sum() == 2001
    assert cells._repr_mimebundle_()[PLOTLY]["data"][0]["type"] == "heatmap"


@pytest.mark.parametrize("rows", [5000, 60_000])
def test_cells_are_numpys(rows: int) -> None:
    frame = _related(rows)
    result = visualize("scatter", frame, x="a", y="b", by="g")
    edges = [np.union1d(result.data[f"{axis} from"], result.data[f"{axis} to"]) for axis in "xy"]
    expected, _, _ = np.histogram2d(frame.a, frame.b, edges)
    at = [np.searchsorted(of, result.data[f"{axis} from"]) for axis, of in zip("xy", edges, strict=True)]
    np.testing.assert_array_equal(result.data.rows, expected[at[0], at[1]])
    assert result.data.rows.sum() == rows
    assert result.metrics["correlation"] == pytest.approx(stats.pearsonr(frame.a, frame.b)[0], abs=1e-10)
    own = _own(result)
    assert own["note"] == ("More than 1,200 rows: shows how many are in each cell and no groups; no row is left out.")
    assert f"holds {int(expected.max()):,} rows" in own["alt"]
    spec = result._repr_mimebundle_()[PLOTLY]
    counts = spec["data"][0]["customdata"]
    assert sum(n for row in counts for n in row if n) == rows
    assert len(json.dumps(result._repr_mimebundle_())) < LARGEST


@pytest.mark.parametrize("rows", [100, 5000])
def test_dates_against_numbers(rows: int) -> None:
    when = pd.Timestamp("2024-01-01") + pd.to_timedelta(DRAW.integers(0, 10**7, rows), unit="s")
    frame = pd.DataFrame({"t": when, "v": DRAW.normal(size=rows)})
    result = visualize("scatter", frame, x="t", y="v")
    expected = stats.pearsonr(frame.t.astype("int64") / 1e9, frame.v)[0]
    assert result.metrics["correlation"] == pytest.approx(expected, abs=1e-9)
    first = result.data["x" if rows == 100 else "x from"].min()
    assert first == (frame.t.min() if rows == 100 else pd.Timestamp("2024-01-01"))
    assert still_picture(result._repr_mimebundle_()[PLOTLY])


def test_rows_that_are_no_points_are_counted() -> None:
    frame = pd.DataFrame({"x": [1.0, np.nan, 3, np.inf, 5], "y": [1.0, 2, None, 4, 6]})
    result = visualize("scatter", frame, x="x", y="y")
    assert result.data.to_numpy().tolist() == [[1, 1], [5, 6]]
    assert _own(result)["note"] == ("3 of 5 rows have no x or y and are left out, 1 of them because it is infinite.")


def test_without_a_spread_there_is_no_correlation() -> None:
    result = visualize("scatter", pd.DataFrame({"x": [1, 1], "y": [1, 2]}), x="x", y="y")
    assert result.metrics == {"rows": 2}
    assert "no correlation is defined" in _own(result)["alt"]


# Correlation

SHAPES: dict[str, pd.DataFrame] = {
    "tumours": table_of("tumours"),
    "wines": table_of("wines"),
    "missing": table_of("diabetes").mask(DRAW.random((442, 12)) < 0.2),
    "one missing": table_of("diabetes").assign(bmi=lambda f: f.bmi.where(f.index > 20)),
    "ties": pd.DataFrame(DRAW.integers(0, 3, (500, 4)), columns=list("abcd")),
    "large": pd.DataFrame(DRAW.normal(size=(200, 3)) * 1e300, columns=list("abc")),
    "far from 0": pd.DataFrame(1e9 + DRAW.normal(size=(200, 3)), columns=list("abc")),
    "many rows": pd.DataFrame(DRAW.normal(size=(50_000, 4)), columns=list("abcd")),
}


@pytest.mark.parametrize("method", ["pearson", "spearman"])
@pytest.mark.parametrize("shape", SHAPES)
def test_correlations_are_pandas(shape: str, method: str) -> None:
    """Each pair over the rows that have both; ranks with ties and with missing values too."""
    frame = SHAPES[shape]
    numbers = frame.select_dtypes("number")
    result = visualize("correlation", frame, method=method)
    expected = (numbers / 1e300 if shape == "large" else numbers).corr(method)
    assert len(result.data) == numbers.shape[1] * (numbers.shape[1] - 1) // 2
    for row in result.data.itertuples(index=False):
        assert row[2] == pytest.approx(expected.loc[row[0], row[1]], abs=1e-6 if shape == "far from 0" else 1e-10)
    strongest = result.data.correlation.abs().max()
    assert abs(result.metrics["strongest_correlation"]) == pytest.approx(strongest, abs=1e-11)
    z = np.array(result._repr_mimebundle_()[PLOTLY]["data"][0]["z"], float)
    np.testing.assert_allclose(z, expected, atol=1e-5)


def test_spearman_is_scipys() -> None:
    frame = table_of("diabetes")[["age", "bmi", "target"]]
    data = visualize("correlation", frame, method="spearman").data
    for row in data.itertuples(index=False):
        assert row[2] == pytest.approx(stats.spearmanr(frame[row[0]], frame[row[1]])[0], abs=1e-12)


def test_of_five_hundred_columns_forty_are_shown_and_the_rest_named() -> None:
    wide = pd.DataFrame(DRAW.normal(size=(300, 500)), columns=[f"c{number}" for number in range(500)])
    result = visualize("correlation", wide)
    assert result.metrics["columns"] == 40
    assert _own(result)["note"].startswith("Shows the first 40 columns of numbers, not c40, c41, ")
    assert _own(result)["note"].endswith("and 450 more.")
    assert "text" not in result._repr_mimebundle_()[PLOTLY]["data"][0]
    assert len(json.dumps(result._repr_mimebundle_())) < LARGEST


def test_what_has_no_correlation_is_said() -> None:
    frame = pd.DataFrame(
        {"a": [1.0, 2, 3, np.inf], "b": [2.0, 1, None, 5], "one": [7] * 4, "none": [np.nan] * 4, "text": list("abcd")}
    )
    result = visualize("correlation", frame)
    assert result.data.to_numpy().tolist() == [["a", "b", -1.0]]
    assert _own(result)["note"] == (
        "4 of 4 rows lack a value; each pair is over the rows that have both. 1 infinite values count as missing. "
        "Not shown, for they do not vary: one, none."
    )
    assert "Strongest: a and b, -1.000." in _own(result)["alt"]


def test_numbers_stand_in_the_cells_of_few_columns() -> None:
    trace = visualize("correlation", table_of("wines"))._repr_mimebundle_()[PLOTLY]["data"][0]
    assert trace["text"][0][0] == "1.00"
    assert (trace["zmin"], trace["zmax"]) == (-1, 1)


# Projection


def _projected(frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """scikit-learn's components of standardized columns, signs as the recipe has them."""
    pca = PCA(2, svd_solver="full").fit(values := StandardScaler().fit_transform(frame))
    signs = [np.sign(vector[np.abs(vector).round(9).argmax()]) for vector in pca.components_]
    return pca.transform(values) * signs, pca.explained_variance_ratio_


def _sorted(points: Any) -> np.ndarray:
    points = np.asarray(points, float)
    return points[np.lexsort(points.round(6).T)]


@pytest.mark.parametrize(
    "shape", ["tumours", "diabetes", "wide", "an embedding", "noise", "more columns than rows", "large numbers"]
)
def test_components_are_scikit_learns(shape: str) -> None:
    made = {
        "wide": pd.DataFrame(DRAW.normal(size=(300, 60)) @ DRAW.normal(size=(60, 60))),
        "an embedding": pd.DataFrame(
            DRAW.normal(size=(600, 9)) @ DRAW.normal(size=(9, 300)) + DRAW.normal(size=(600, 300))
        ),
        "noise": pd.DataFrame(DRAW.normal(size=(600, 250))),
        "more columns than rows": pd.DataFrame(DRAW.normal(size=(50, 80))),
        "large numbers": pd.DataFrame(DRAW.normal(size=(300, 3)) * [1, 2, 3] * 1e150 + 1e153),
    }
    frame = (made[shape] if shape in made else table_of(shape)).select_dtypes("number").rename(columns=str)
    result = visualize("embedding_projection", frame)
    points, explained = _projected(frame / (1e153 if shape == "large numbers" else 1))
    np.testing.assert_allclose(_sorted(result.data), _sorted(points), atol=1e-6)
    assert list(result.metrics.values()) == pytest.approx(list(explained), abs=1e-9)
    assert list(result.metrics) == ["explained_variance_1", "explained_variance_2"]


def test_a_sample_is_of_the_components_of_all_rows_and_told_by_its_seed() -> None:
    frame = _related(30_000).assign(c=DRAW.random(30_000))
    result = visualize("embedding_projection", frame, by="g", sample=500, seed=3)
    points, explained = _projected(frame[["a", "b", "c"]])
    every = {tuple(point) for point in points.round(6) + 0.0}
    assert {tuple(point) for point in result.data[["component_1", "component_2"]].to_numpy().round(6) + 0.0} <= every
    assert list(result.metrics.values()) == pytest.approx(list(explained), abs=1e-9)
    assert _own(result)["note"] == "Shows 500 of 30,000 rows, drawn with seed 3."
    again = visualize("embedding_projection", frame.sample(frac=1), by="g", sample=500, seed=3)
    np.testing.assert_allclose(again.data.component_1, result.data.component_1, atol=1e-9)
    other = visualize("embedding_projection", frame, by="g", sample=500, seed=4)
    assert len(set(other.data.component_1.round(6)) & set(result.data.component_1.round(6))) < 50


def test_a_sample_is_no_part_of_the_values() -> None:
    """It is spread as all rows are."""
    frame = _related(30_000, np.random.default_rng(1))  # its own: of a hundred tables one fails such a test
    points, _ = _projected(frame[["a", "b"]])
    shown = visualize("embedding_projection", frame, columns=["a", "b"]).data
    assert len(shown) == 1200
    assert stats.ks_2samp(shown.component_1, points[:, 0]).pvalue > 0.01


def test_very_wide_embeddings_are_projected_from_a_part_of_the_rows() -> None:
    wide = pd.DataFrame(DRAW.normal(size=(9000, 6)) @ DRAW.normal(size=(6, 500)), columns=[f"e{n}" for n in range(500)])
    result = visualize("embedding_projection", wide)
    _, explained = _projected(wide)
    assert _own(result)["note"] == (
        "Components of 8,000 of 9,000 rows, drawn with seed 0. Shows 1,200 of 9,000 rows, drawn with seed 0."
    )
    assert list(result.metrics.values()) == pytest.approx(list(explained), abs=0.01)
    assert len(json.dumps(result._repr_mimebundle_())) < LARGEST


@pytest.mark.parametrize("of", ["lists", "arrays of one size"])
def test_vectors_in_one_column_are_projected_as_columns_are(of: str) -> None:
    """As embeddings are mostly stored. One of another length, or with a hole, is left out and said."""
    wide = pd.DataFrame(DRAW.normal(size=(300, 60)) @ DRAW.normal(size=(60, 60))).rename(columns=str)
    kind = pa.list_(pa.float32()) if of == "lists" else pa.list_(pa.float32(), 60)
    rows = [row.tolist() for row in wide.to_numpy("float32")]
    if of == "lists":
        rows += [[1.0] * 59, [float("nan"), *[1.0] * 59], [float("inf"), *[2.0] * 59], [None, *[2.0] * 59], None]
    lost = len(rows) - 300
    table = pa.table({"word": [f"w{n}" for n in range(len(rows))], "embedding": pa.array(rows, kind)})
    result = visualize("embedding_projection", table)
    points, explained = _projected(wide)
    np.testing.assert_allclose(_sorted(result.data), _sorted(points), atol=1e-4)
    assert list(result.metrics.values()) == pytest.approx(list(explained), abs=1e-6)
    assert "Projection of embedding" in repr(result)
    assert "largest weights: embedding[" in _own(result)["alt"]
    said = f"{lost} of {300 + lost} rows lack a value and are left out. 1 infinite values count as missing."
    assert _own(result).get("note") == (said if lost else None)


def test_what_colours_the_points_is_not_projected() -> None:
    """Classes would be apart because the class is one of the columns."""
    frame = _related(100).assign(kind=lambda rows: rows.index % 3)
    by, without = (
        visualize("embedding_projection", each, **how)
        for each, how in ((frame, {"by": "kind"}), (frame.drop(columns="kind"), {}))
    )
    assert by.metrics == pytest.approx(without.metrics)


def test_rows_and_columns_that_cannot_be_projected_are_said() -> None:
    frame = _related(100).assign(one=1, t="x")
    frame.loc[:4, "a"] = np.nan
    frame.loc[5, "b"] = np.inf
    frame.loc[6, "g"] = None
    result = visualize("embedding_projection", frame, by="g")
    points, _ = _projected(frame.iloc[7:][["a", "b"]])
    np.testing.assert_allclose(_sorted(result.data[["component_1", "component_2"]]), _sorted(points), atol=1e-6)
    assert _own(result)["note"] == (
        "7 of 100 rows lack a value and are left out. 1 infinite values count as missing. "
        "Left out, for they do not vary: one."
    )


FRAME = pd.DataFrame({"n": [1.0, 2], "m": [2.0, 3], "one": [1, 1], "none": [np.nan] * 2, "text": ["a", "b"]})


@pytest.mark.parametrize(
    ("recipe", "arguments", "said"),
    [
        ("scatter", {"x": "n", "y": "text"}, "Argument 'y': column 'text' holds string, numbers are needed"),
        ("scatter", {"x": "n", "y": "none"}, "no row has finite values of 'n' and 'none'"),
        ("correlation", {"columns": ["n"]}, "needs two columns of numbers; there is n"),
        ("correlation", {"columns": ["n", "text"]}, "column 'text' holds string"),
        ("correlation", {"columns": ["n", "one"]}, "two columns that vary are needed, one do not"),
        ("embedding_projection", {"columns": []}, "needs two columns of numbers; there is none"),
        ("embedding_projection", {}, "no row has a value in each of n, m, one, none"),
        ("embedding_projection", {"columns": ["n", "one"]}, "two columns that vary are needed"),
        ("embedding_projection", {"sample": 5}, "5 is less than the minimum of 10"),
    ],
)
def test_what_cannot_be_drawn_is_said(recipe: str, arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidArgument, match=said):
        visualize(recipe, FRAME, **arguments)
