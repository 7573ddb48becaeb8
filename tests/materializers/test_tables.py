"""A DataFrame comes back with its index and types."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from jupyter_viz.errors import InvalidOutput
from jupyter_viz.materializers.tables import DataFrameMaterializer

DATES = pd.date_range("2024-01-01", periods=3, tz="Europe/Berlin", unit="us")


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame({"a": [1, 2, 3]}, index=pd.Index(["x", "y", "z"], name="key")),
        pd.DataFrame({"a": [1, 2, 3]}, index=pd.MultiIndex.from_product([["x"], [1, 2, 3]], names=["k", None])),
        pd.DataFrame({"when": DATES, "day": [datetime.date(2024, 1, day) for day in (1, 2, 3)]}),
        pd.DataFrame({"c": pd.Categorical(["b", "a", None], categories=["b", "a", "unused"], ordered=True)}),
        pd.DataFrame({"n": pd.array([1, None, 3], dtype="Int64"), "b": pd.array([True, None, False], dtype="boolean")}),
        pd.DataFrame({"f": [np.nan, np.inf, -np.inf], "s": ["é", None, "🚀"]}),
        pd.DataFrame({"d": [Decimal("1.10"), None, Decimal("2.20")]}),
        pd.DataFrame({"l": [[1], [2, 3], []]}),
        pd.DataFrame({"a": pd.Series([], dtype="int64")}),
        pd.DataFrame({"t": pd.to_timedelta([1, 2, 3], unit="s").as_unit("us")}),
    ],
    ids=lambda frame: "-".join([*map(str, frame.columns), str(frame.index.nlevels), str(len(frame))]),
)
def test_index_and_types_survive(frame: pd.DataFrame, tmp_path: Path) -> None:
    materializer = DataFrameMaterializer(str(tmp_path))
    materializer.save(frame)
    loaded = materializer.load()
    if "l" in frame:
        loaded["l"] = loaded["l"].map(list)  # parquet gives arrays for lists
    pd.testing.assert_frame_equal(loaded, frame)
    shown = materializer.save_visualizations(frame)
    assert [Path(path).name for path in shown] == ["description.csv", "sample.csv"]
    sample = pd.read_csv(tmp_path / "sample.csv")
    assert list(sample.columns) == list(frame.columns)
    assert len(sample) == len(frame)


def test_the_catalog_knows_the_columns() -> None:
    frame = pd.DataFrame({"label": [1], "score": [0.5], 3: ["x"]})
    description = DataFrameMaterializer("").describe(frame)
    assert description.rows == 1
    assert [column.name for column in description.columns] == ["label", "score", "3"]
    assert [column.type for column in description.columns][:2] == ["int64", "float64"]


def test_a_sample_is_short(tmp_path: Path) -> None:
    DataFrameMaterializer(str(tmp_path)).save_visualizations(pd.DataFrame({"a": range(1000)}))
    assert pd.read_csv(tmp_path / "sample.csv").a.tolist() == list(range(20))
    described = pd.read_csv(tmp_path / "description.csv").set_index("statistic").a
    assert described["count"] == 1000
    assert described["mean"] == np.mean(range(1000))


def test_a_frame_without_columns_has_nothing_to_show(tmp_path: Path) -> None:
    frame = pd.DataFrame(index=[1, 2])
    materializer = DataFrameMaterializer(str(tmp_path))
    materializer.save(frame)
    assert materializer.save_visualizations(frame) == {}
    pd.testing.assert_frame_equal(materializer.load(), frame, check_column_type=False)


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame([[1, 2]], columns=["a", "a"]),
        pd.DataFrame({"a": [1, "x", object()]}),
        pd.DataFrame({"a": [1, "x"]}),
    ],
    ids=["same name twice", "an object", "mixed"],
)
def test_what_parquet_cannot_hold_is_refused_with_the_reason(frame: Any, tmp_path: Path) -> None:
    with pytest.raises(InvalidOutput, match="can't be stored as parquet"):
        DataFrameMaterializer(str(tmp_path)).save(frame)
