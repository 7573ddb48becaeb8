"""The statistics of a table are numpy's, whatever is in its columns."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from jupyter_viz import visualize
from jupyter_viz.recipes import statistics
from jupyter_viz.recipes.described import sparkline

from .examples import table_of


def _by_column(frame: pd.DataFrame, **arguments: object) -> pd.DataFrame:
    return visualize("data_statistics", frame, **arguments).data.set_index("column")


def test_numbers_are_numpys() -> None:
    frame = table_of("diabetes")
    found = _by_column(frame)
    for name in frame.columns:
        values = frame[name].to_numpy(float)
        row = found.loc[name]
        assert row["mean"] == pytest.approx(values.mean(), rel=1e-5)
        assert row["std"] == pytest.approx(values.std(ddof=1), rel=1e-5)
        assert (row["min"], row["max"]) == pytest.approx((values.min(), values.max()), rel=1e-5)
        spread = np.ptp(values)
        for share in (5, 25, 50, 75, 95):
            assert row[f"{share}%"] == pytest.approx(np.quantile(values, share / 100), abs=0.03 * spread)
        assert row["distinct"] == pytest.approx(len(np.unique(values)), rel=0.1)
        assert row["missing"] == 0


def test_what_is_missing_is_counted_once() -> None:
    """None and NaN are missing; infinities are there, but have no mean."""
    frame = pd.DataFrame({"n": [1.0, None, float("nan"), float("inf"), 3.0], "t": ["a", None, "a", "b", None]})
    found = _by_column(frame)
    assert list(found["missing"]) == [2, 2]
    assert list(found["missing %"]) == [40, 40]
    assert (found.loc["n", "mean"], found.loc["n", "max"]) == (2.0, 3.0)
    assert found.loc["t", "most frequent"] == "a (40.0%), b (20.0%)"
    assert visualize("data_statistics", frame).metrics == {"rows": 5, "columns": 2, "missing": 4}


def test_the_histogram_counts_every_number() -> None:
    frame = pd.DataFrame({"even": np.arange(1200.0), "peak": [0.0] * 1199 + [1.0], "same": [5] * 1200})
    found = _by_column(frame)
    assert found.loc["even", "histogram"] == "█" * 12
    assert found.loc["peak", "histogram"] == "█" + " " * 10 + "▁"
    assert pd.isna(found.loc["same", "histogram"])
    assert len(_by_column(frame, bins=30).loc["even", "histogram"]) == 30


def test_columns_of_every_type_have_a_row() -> None:
    frame = pd.DataFrame(
        {
            "when": pd.to_datetime(["2024-02-29", "2025-01-01"]),
            "flag": [True, False],
            "list": [[1], [2, 3]],
            "text": ["<b>", "$x$"],
            "wide": [2**62, 2**62 + 1],
        }
    )
    found = _by_column(frame)
    assert list(found.index) == list(frame.columns)
    assert "2024-02-29" in found.loc["when", "min"]
    assert found.loc["flag", "distinct"] == 2
    assert found.loc["list", "missing"] == 0


def test_five_hundred_columns_and_the_rest_is_said() -> None:
    frame = pd.DataFrame(np.random.default_rng(0).random((20, 520)), columns=[f"c{n}" for n in range(520)])
    result = visualize("data_statistics", frame)
    assert len(result.data) == 500
    assert "20 further columns are left out" in result.to_html() + str(result)
    assert list(_by_column(frame, columns=["c519", "c3"]).index) == ["c519", "c3"]


def test_bars_of_text() -> None:
    assert sparkline([0, 1, 50, 100]) == " ▁▄█"


def test_a_column_may_be_called_as_anything_is_called_inside() -> None:
    frame = pd.DataFrame({"other": ["x", "y", "y"], "value": ["a", "a", "b"], "column1": ["c", "d", "d"], "place": 1.5})
    found = _by_column(frame)
    assert found["most frequent"]["value"] == "a (66.7%), b (33.3%)"
    assert found["most frequent"]["column1"] == "d (66.7%), c (33.3%)"
    assert found["distinct"].tolist() == [2, 2, 2, 1]
    only = _by_column(frame, columns=["value"])
    assert only["most frequent"].tolist() == ["a (66.7%), b (33.3%)"]
    assert _by_column(frame, columns=["other", "column1"])["distinct"].tolist() == [2, 2]


def test_many_rows_are_counted_in_parts_to_the_same_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Columns of every kind, in whatever part they come."""
    draw = np.random.default_rng(0)
    frame = pd.DataFrame({f"n{place}": draw.normal(place, 1.0, 500) for place in range(7)})
    frame = frame.assign(word=draw.choice(["a", "b", None], 500), day=pd.Timestamp("2024-02-01"), whole=range(500))
    frame.loc[:20, "n3"] = np.inf
    frame.loc[21:30, "n4"] = np.nan
    once = _by_column(frame)
    monkeypatch.setattr(statistics, "_FEW", 10)
    pd.testing.assert_frame_equal(_by_column(frame), once)
    counts = np.histogram(frame.n0, bins=12)[0]
    assert once["histogram"]["n0"] == sparkline(counts.tolist())
