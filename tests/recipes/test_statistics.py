"""The statistics of a table are numpy's, whatever is in its columns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ibis
import numpy as np
import pandas as pd
import pytest

from jupyter_viz import visualize
from jupyter_viz.io import delimited
from jupyter_viz.recipes import distributed, statistics
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
    parts = _by_column(frame)
    estimated = parts["distinct"].astype(float).tolist()
    assert estimated == pytest.approx(once["distinct"].astype(float).tolist(), rel=0.05)
    pd.testing.assert_frame_equal(parts.assign(distinct=once["distinct"]), once)
    counts = np.histogram(frame.n0, bins=12)[0]
    assert once["histogram"]["n0"] == sparkline(counts.tolist())


def _of_many_kinds(rows: int) -> pd.DataFrame:
    draw = np.random.default_rng(5)
    frame = pd.DataFrame({"normal": draw.normal(1e6, 1.0, rows), "skewed": draw.lognormal(0, 3.0, rows)})
    frame = frame.assign(whole=draw.integers(0, 1000, rows), two=draw.integers(0, 2, rows), same=3.5)
    frame = frame.assign(holes=draw.normal(0, 1.0, rows), far=draw.choice([-1e300, 0.0, 1e300], rows))
    frame.loc[::3, "holes"] = None
    frame.loc[1::7, "holes"] = np.inf
    return frame


def test_quantiles_of_many_rows_are_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    """Numpy's, however the numbers are spread: where few are sorted to find them, and where the engine is asked."""
    frame = _of_many_kinds(30_011)
    monkeypatch.setattr(statistics, "_FEW", 10)
    found = _by_column(frame)
    for name in frame.columns:
        values = frame[name].to_numpy(float)
        values = values[np.isfinite(values)]
        for share in (5, 25, 50, 75, 95):
            assert found.loc[name, f"{share}%"] == pytest.approx(np.quantile(values, share / 100), rel=1e-5), name


@pytest.mark.parametrize("bins", [2, 12, 40])
def test_only_what_is_near_a_quantile_is_sorted(bins: int) -> None:
    """To the last digits, at the ends too; of what is skewed nothing is sorted here."""
    frame = _of_many_kinds(30_011)
    table, shares = ibis.memtable(frame), (0.0, 0.001, 0.05, 0.5, 0.95, 1.0)
    columns = [
        distributed.Numbers(name, frame[name].min(), frame[name].max(), every=True) for name in ("normal", "skewed")
    ]
    counts = distributed.counted(table, columns, bins * distributed.finest(2, bins), each=True)
    assert counts.sum(1).tolist() == [30_011, 30_011]
    found = distributed.quantiles(table, columns, counts, shares)
    assert list(found) == ["normal"]
    assert found["normal"] == pytest.approx(np.quantile(frame.normal, shares), rel=1e-15)


@pytest.mark.parametrize(("name", "each"), [("a.csv", False), ("a.parquet", True)])
def test_a_large_csv_is_not_read_once_for_each_column(
    name: str, each: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = pd.DataFrame({f"n{place}": np.arange(100.0) for place in range(5)})
    frame.to_csv(tmp_path / "a.csv", index=False)
    frame.to_parquet(tmp_path / "a.parquet")
    monkeypatch.setattr(statistics, "_FEW", 10)
    monkeypatch.setattr(delimited, "_SMALL", 10)
    asked: list[bool] = []

    def counted(*given: Any, each: bool) -> Any:
        asked.append(each)
        return distributed.counted(*given, each=each)

    monkeypatch.setattr(statistics, "counted", counted)
    found = visualize("data_statistics", str(tmp_path / name)).data
    assert asked == [each]
    assert found["50%"].tolist() == [49.5] * 5


def test_whole_numbers_too_large_for_a_float_are_counted_as_they_are() -> None:
    """Ids of snowflakes, and nanoseconds: two of them in a row are the same float."""
    ids = 9_007_199_254_740_993 + np.arange(400)
    found = _by_column(pd.DataFrame({"id": ids, "nothing": pd.array([None] * 400, dtype="Int64")}))
    of_id = found.loc["id"]
    assert (of_id["distinct"], of_id["min"], of_id["max"]) == (400, str(ids[0]), str(ids[-1]))
    assert of_id["std"] == pytest.approx(np.arange(400).std(ddof=1), rel=1e-5)
    assert found.loc["nothing", "missing"] == 400
    assert _by_column(pd.DataFrame({"n": [1_234_567, 7_654_321]})).loc["n", "max"] == 7_654_321


@pytest.mark.parametrize("few", [200_000, 10])
def test_whole_numbers_of_the_whole_range_are_described(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes reach from end to end: their difference is no int64; at an end there is no float between them."""
    monkeypatch.setattr(statistics, "_FEW", few)
    draw = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "hash": draw.integers(-(2**63), 2**63 - 1, 300),
            "unsigned": draw.integers(2**63, 2**64 - 1, 300, dtype="uint64"),
            "last": np.full(300, 2**63 - 1) - np.arange(300),
            "first": np.full(300, -(2**63)) + np.arange(300),
        }
    )
    found = _by_column(frame)
    for name in frame:
        assert (found.loc[name, "min"], found.loc[name, "max"]) == (str(frame[name].min()), str(frame[name].max()))
        assert found.loc[name, "distinct"] == pytest.approx(300, rel=0.05)
    assert found.loc["hash", "std"] == pytest.approx(frame.hash.astype(float).std(), rel=1e-5)
    assert found.loc["last", "std"] == pytest.approx(np.arange(300).std(ddof=1), rel=1e-5)
