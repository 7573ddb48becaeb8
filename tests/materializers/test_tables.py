"""A DataFrame comes back with its index and types."""

from __future__ import annotations

import datetime
import time
import warnings
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet
import pytest
from PIL import Image

from jupyter_viz.materializers import saved_visualizations
from jupyter_viz.materializers.tables import (
    ArrowMaterializer,
    DataFrameMaterializer,
    PolarsMaterializer,
    SeriesMaterializer,
)

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
    assert not (tmp_path / "data.pkl").exists()
    pd.testing.assert_frame_equal(materializer.load(), frame)
    shown = materializer.save_visualizations(frame)
    assert [Path(path).name for path in shown] == ["statistics.png", "description.csv", "sample.csv"]
    sample = pd.read_csv(tmp_path / "sample.csv")
    assert list(sample.columns) == list(frame.columns)
    assert len(sample) == len(frame)


@pytest.mark.parametrize(
    "series",
    [
        pd.Series([1, 2], index=["x", "y"]),
        pd.Series([1.5, None], name=("a", 1)),
        pd.Series(["a"], name=5),
        pd.Series([[1], []], name="lists"),
        pd.Series(pd.date_range("2024-01-01", periods=3, freq="D", unit="us")),
    ],
    ids=lambda series: repr(series.name),
)
def test_a_series_keeps_its_name(series: pd.Series[Any], tmp_path: Path) -> None:
    materializer = SeriesMaterializer(str(tmp_path))
    materializer.save(series)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Unpickling")
        pd.testing.assert_series_equal(materializer.load(), series)
    assert materializer.describe(series).rows == len(series)


class Special(pd.DataFrame):
    @property
    def _constructor(self) -> type[Special]:
        return Special


def _attributes() -> pd.DataFrame:
    frame = pd.DataFrame({"a": [1]})
    frame.attrs["source"] = object
    return frame


ODD = {
    "same name twice": pd.DataFrame([[1, 2]], columns=["a", "a"]),
    "same text twice": pd.DataFrame([[1, 2]], columns=["1", 1]),
    "mixed": pd.DataFrame({"a": [1, "x"], "b": [1.5, 2.5]}),
    "complex": pd.DataFrame({"a": [1j], "b": [1]}),
    "sets": pd.DataFrame({"a": [{1}, {2}], "b": [1, 2]}),
    "dicts": pd.DataFrame({"a": [{"x": 1}, {"y": 2}]}),
    "arrays": pd.DataFrame({"a": [np.arange(2), np.arange(3)]}),
    "tuples": pd.DataFrame({"a": [(1, 2), (3, 4)]}),
    "integers as objects": pd.DataFrame({"a": np.array([1, 2], dtype=object)}),
    "periods": pd.DataFrame({"a": pd.period_range("2024-01", periods=2, freq="M")}),
    "sparse": pd.DataFrame({"a": pd.arrays.SparseArray([0, 0, 1])}),
    "two levels of columns": pd.DataFrame([[1, 2]], columns=pd.MultiIndex.from_tuples([("a", 1), ("a", 2)])),
    "columns with a name": pd.DataFrame([[1, 2]], columns=pd.Index(["a", "b"], name="called")),
    "intervals": pd.DataFrame({"a": [1, 2]}, index=pd.interval_range(0, 2)),
    "a frequency": pd.DataFrame({"a": [1, 2, 3]}, index=pd.date_range("2024-01-01", periods=3, freq="B", unit="us")),
    "attributes": _attributes(),
    "a subclass": Special({"a": [1]}),
    "numbers as columns": pd.DataFrame(np.eye(2)),
}


@pytest.mark.parametrize("name", ODD)
def test_what_parquet_would_change_comes_back_all_the_same(name: str, tmp_path: Path) -> None:
    """A column of mixed types fails no step; recipes read it as text."""
    frame = ODD[name]
    materializer = DataFrameMaterializer(str(tmp_path))
    materializer.save(frame)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Unpickling")
        loaded = materializer.load()
    assert type(loaded) is type(frame)
    assert loaded.attrs == frame.attrs
    if name == "sets":
        assert loaded.a.tolist() == frame.a.tolist()
    else:
        pd.testing.assert_frame_equal(loaded, frame)
    if name == "tuples":
        assert type(loaded.a[0]) is tuple
    stored = pa.parquet.read_table(tmp_path / "data.parquet")
    assert stored.num_rows == len(frame)
    shown = saved_visualizations(materializer, frame)
    assert [(item.name, item.error) for item in shown] == [(n, None) for n in ("statistics", "description", "sample")]


@pytest.mark.parametrize(
    "frame",
    [
        pl.DataFrame({"a": [[1], None], "d": [{"x": 1}, {"x": 2}]}),
        pl.DataFrame(
            {"c": pl.Series(["a", "b"], dtype=pl.Categorical), "e": pl.Series(["x", "y"], dtype=pl.Enum(["x", "y"]))}
        ),
        pl.DataFrame({"t": [datetime.time(1)], "w": [datetime.timedelta(1)], "d": [Decimal("1.10")], "b": [b"\0"]}),
        pl.DataFrame({"o": pl.Series([{1}, {2}], dtype=pl.Object), "n": [1, 2]}),
        pl.DataFrame(),
    ],
    ids=lambda frame: "-".join(frame.columns) or "empty",
)
def test_polars_types_survive(frame: pl.DataFrame, tmp_path: Path) -> None:
    materializer = PolarsMaterializer(str(tmp_path))
    materializer.save(frame)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Unpickling")
        loaded = materializer.load()
    assert loaded.schema == frame.schema
    assert loaded.rows() == frame.rows()
    assert [item.error for item in saved_visualizations(materializer, frame)] == [None] * (3 if frame.columns else 0)


@pytest.mark.parametrize(
    "table",
    [
        pa.table([[1], [2]], names=["a", "a"]),
        pa.table({"m": pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int64())), "s": [{"x": 1}]}),
        pa.table({"h": pa.array(np.float16([1.5])), "n": pa.nulls(1), "l": pa.array(["x"], pa.large_string())}),
        pa.table({"v": pa.array(["x", None], pa.string_view()), "d": pa.array(["a", "b"]).dictionary_encode()}),
        pa.table({"u": pa.UnionArray.from_sparse(pa.array([0], pa.int8()), [pa.array([1])]), "a": [1]}),
    ],
    ids=lambda table: "-".join(table.column_names),
)
def test_arrow_types_survive(table: pa.Table, tmp_path: Path) -> None:
    materializer = ArrowMaterializer(str(tmp_path))
    materializer.save(table)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Unpickling")
        assert materializer.load().equals(table)
    assert [item.error for item in saved_visualizations(materializer, table)] == [None] * 3


def test_the_catalog_knows_the_columns() -> None:
    frame = pd.DataFrame({"label": [1], "score": [0.5], 3: ["x"]})
    description = DataFrameMaterializer("").describe(frame)
    assert description.rows == 1
    assert [column.name for column in description.columns] == ["label", "score", "3"]
    assert [column.type for column in description.columns][:2] == ["int64", "float64"]


def test_the_description_holds_what_pandas_computes(tmp_path: Path) -> None:
    generator = np.random.default_rng(3)
    values = generator.normal(size=1000)
    values[:10], values[10] = np.nan, np.inf
    frame = pd.DataFrame({"n": values, "k": generator.integers(0, 3, 1000), "s": ["a"] * 600 + ["b"] * 399 + [None]})
    DataFrameMaterializer(str(tmp_path)).save_visualizations(frame)
    described = pd.read_csv(tmp_path / "description.csv", dtype=str, keep_default_na=False).set_index("column")
    finite = frame.n[np.isfinite(frame.n)]
    n, k, s = (described.loc[name] for name in "nks")
    assert (n.type, n.nulls, n.distinct, n["from"]) == ("float64", "10", "989", "all rows")
    for name, value in {"min": finite.min(), "max": finite.max(), "mean": finite.mean(), "std": finite.std()}.items():
        assert float(n[name]) == pytest.approx(value, rel=1e-5)
    assert float(n["95%"]) == pytest.approx(finite.quantile(0.95), rel=1e-5)
    assert (k.nulls, k.distinct, k["min"], k["max"]) == ("0", "3", "0", "2")
    assert f"0 ({(frame.k == 0).sum()})" in k["most frequent"]
    assert (s.nulls, s.distinct, s["most frequent"]) == ("1", "2", "a (600) · b (399)")


def test_a_sample_is_short(tmp_path: Path) -> None:
    DataFrameMaterializer(str(tmp_path)).save_visualizations(pd.DataFrame({"a": range(1000)}))
    assert pd.read_csv(tmp_path / "sample.csv").a.tolist() == list(range(20))


def test_a_wide_and_long_table_is_capped_and_it_is_said(tmp_path: Path) -> None:
    frame = pd.DataFrame({f"c{n}": ["x" * 100_000] * 3 for n in range(500)})
    shown = saved_visualizations(DataFrameMaterializer(str(tmp_path)), frame)
    assert sum(item.size for item in shown) < 1_000_000
    assert "300 more columns" in (tmp_path / "description.csv").read_text()
    sample = pd.read_csv(tmp_path / "sample.csv")
    assert sample.columns[-1] == "… 400 more columns"
    assert sample.c0[0].endswith("… (100,000 characters)")


def test_a_million_rows_are_described_from_a_stated_sample(tmp_path: Path) -> None:
    generator = np.random.default_rng(1)
    frame = pd.DataFrame({f"f{n}": generator.normal(size=1_000_000) for n in range(20)})
    started = time.monotonic()
    DataFrameMaterializer(str(tmp_path)).save_visualizations(frame)
    assert time.monotonic() - started < 6  # 0.7 s on two free cores
    described = pd.read_csv(tmp_path / "description.csv").set_index("column").loc["f0"]
    assert described["from"] == "nulls, min, max, mean: all rows; the rest: 100,000 of 1,000,000 rows, drawn at random"
    assert described["min"] == pytest.approx(frame.f0.min(), rel=1e-5)
    assert described["50%"] == pytest.approx(0, abs=0.02)


def test_the_picture_has_a_plot_for_each_column(tmp_path: Path) -> None:
    """One more column makes another picture; names of any script, and formulas, harm nothing."""
    sizes = {}
    for columns in (1, 4, 5, 20, 30):
        frame = pd.DataFrame({f"日本 $x_{n}$ \x07": [n, None, float("inf"), 2] for n in range(columns)})
        DataFrameMaterializer(str(tmp_path)).save_visualizations(frame)
        with Image.open(tmp_path / "statistics.png") as image:
            sizes[columns] = image.size
            assert len(image.getcolors(1 << 16) or ()) > 10
    assert sizes[5][1] > sizes[4][1] == sizes[1][1]
    assert sizes[20] == sizes[30]
    assert sizes[4][0] > sizes[1][0]


def test_moments_no_calendar_of_python_has_are_described(tmp_path: Path) -> None:
    table = pa.table({"t": pa.array([-(2**62), 0, 2**62], pa.timestamp("s"))})
    assert [item.error for item in saved_visualizations(ArrowMaterializer(str(tmp_path)), table)] == [None] * 3


def test_a_frame_without_columns_has_nothing_to_show(tmp_path: Path) -> None:
    frame = pd.DataFrame(index=[1, 2])
    materializer = DataFrameMaterializer(str(tmp_path))
    materializer.save(frame)
    assert materializer.save_visualizations(frame) == {}
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Unpickling")
        pd.testing.assert_frame_equal(materializer.load(), frame)
