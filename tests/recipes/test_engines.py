"""Each recipe gives on each engine what it gives on DuckDB."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from jupyter_viz import visualize
from jupyter_viz.recipes import statistics

from .engines import OTHERS
from .examples import EXAMPLES, table_of

APPROXIMATE = ["distinct", "5%", "25%", "50%", "75%", "95%"]
"""Columns of `data_statistics` that each engine estimates in its own way."""


def _in_order(frame: pd.DataFrame) -> pd.DataFrame:
    frame = frame.drop(columns=[*APPROXIMATE, "type"], errors="ignore").reset_index(drop=True)
    return frame.sort_values(list(frame), ignore_index=True)


@pytest.mark.parametrize("engine", OTHERS, indirect=True)
@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_it_gives_what_duckdb_gives(name: str, engine: str, tmp_path: Path) -> None:
    data, arguments = EXAMPLES[name]
    if name == "table":
        arguments = {"columns": ["label", "score"]}  # all rows: which are the first is the engine's business
    table_of(data).to_parquet(tmp_path / "a.parquet")
    wanted, found = (
        visualize(name, str(tmp_path / "a.parquet"), **arguments),
        visualize(name, table_of(data), **arguments),
    )
    assert found.metrics == pytest.approx(wanted.metrics, rel=1e-9)
    pd.testing.assert_frame_equal(_in_order(found.data), _in_order(wanted.data), check_dtype=False, rtol=1e-6)


def _before_and_after() -> dict[str, pd.DataFrame]:
    """What engines hold in ways of their own: truth values, small and unsigned integers, days, what is missing."""
    draw = np.random.default_rng(3)
    rows = 400
    old = pd.DataFrame(
        {
            "id": np.arange(rows),
            "flag": draw.random(rows) < 0.5,
            "small": draw.integers(0, 200, rows).astype("uint8"),
            "size": draw.normal(3.0, 1.0, rows),
            "word": draw.choice(["a", "b", None], rows),
            "day": pd.Timestamp("2024-02-01") + pd.to_timedelta(draw.integers(0, 90, rows), "D"),
            "gone": 1,
        }
    )
    new = old.drop(columns="gone").assign(size=old["size"] + (old.id > 200), flag=old.flag ^ (old.id < 7))
    new.loc[5, ["size", "word"]] = None
    return {"old": old, "new": new[new.id != 3].reset_index(drop=True)}


def _of_scores() -> dict[str, pd.DataFrame]:
    frame = table_of("tumours")
    return {"all": frame, "small": frame[frame["size"] == "small"].reset_index(drop=True)}


@pytest.mark.parametrize("engine", OTHERS, indirect=True)
@pytest.mark.parametrize(
    ("name", "data", "arguments"),
    [
        ("diff", _before_and_after, {}),
        ("diff", _before_and_after, {"key": ["id"]}),
        ("diff", _before_and_after, {"key": ["day", "id"]}),
        ("data_statistics", _before_and_after, {}),
        ("table", _before_and_after, {"rows": 1000}),
        ("missing_values", _before_and_after, {}),
        ("histogram", _before_and_after, {"column": "size"}),
        ("roc_curve", _of_scores, {}),
        ("calibration", _of_scores, {}),
    ],
)
def test_several_sources_give_what_they_give_on_duckdb(
    name: str, data: Any, arguments: dict[str, Any], engine: str, tmp_path: Path
) -> None:
    frames = data()
    for label, frame in frames.items():
        frame.to_parquet(tmp_path / f"{label}.parquet")
    wanted = visualize(name, {label: str(tmp_path / f"{label}.parquet") for label in frames}, **arguments)
    found = visualize(name, frames, **arguments)
    assert found.metrics == pytest.approx(wanted.metrics, rel=1e-9)
    pd.testing.assert_frame_equal(_in_order(found.data), _in_order(wanted.data), check_dtype=False, rtol=1e-6)


@pytest.mark.parametrize("engine", OTHERS, indirect=True)
def test_quantiles_of_many_rows_are_exact(engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    frame = table_of("diabetes").assign(holes=lambda of: of.bmi.where(of.bmi > 0))
    monkeypatch.setattr(statistics, "_FEW", 10)
    monkeypatch.setattr(statistics, "_asked_quantiles", lambda *_: {})  # every engine has its own way, which is slower
    found = visualize("data_statistics", frame, columns=["bmi", "bp", "holes"]).data.set_index("column")
    for name in found.index:
        for share in (5, 50, 95):
            wanted = np.nanquantile(frame[name], share / 100)
            assert found.loc[name, f"{share}%"] == pytest.approx(wanted, rel=1e-5), (name, share)


@pytest.mark.parametrize("engine", OTHERS, indirect=True)
def test_one_source_may_be_in_another_engine(engine: str, tmp_path: Path) -> None:
    """A table of the warehouse beside the file that it was made of."""
    frames = _before_and_after()
    for label, frame in frames.items():
        frame.to_parquet(tmp_path / f"{label}.parquet")
    files = {label: str(tmp_path / f"{label}.parquet") for label in frames}
    wanted = visualize("diff", files, key=["id"])
    found = visualize("diff", {"old": frames["old"], "new": files["new"]}, key=["id"])
    assert found.metrics == wanted.metrics
    pd.testing.assert_frame_equal(_in_order(found.data), _in_order(wanted.data), check_dtype=False)


@pytest.mark.parametrize("engine", OTHERS, indirect=True)
def test_a_table_of_very_many_columns_is_described(engine: str, tmp_path: Path) -> None:
    """Engines have limits of their own to how much one query may ask."""
    draw = np.random.default_rng(0)
    frame = pd.DataFrame({f"c{place}": draw.normal(place, 1.0, 200) for place in range(200)})
    frame = frame.assign(**{f"w{place}": draw.choice(["a", "b", None], 200) for place in range(100)})
    frame.to_parquet(tmp_path / "a.parquet")
    wanted, found = visualize("data_statistics", str(tmp_path / "a.parquet")), visualize("data_statistics", frame)
    assert len(found.data) == 300
    pd.testing.assert_frame_equal(_in_order(found.data), _in_order(wanted.data), check_dtype=False, rtol=1e-6)
