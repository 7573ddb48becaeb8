"""Each recipe gives on each engine what it gives on DuckDB."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from jupyter_viz import visualize

from .engines import OTHERS
from .examples import EXAMPLES, table_of

APPROXIMATE = ["distinct", "5%", "25%", "50%", "75%", "95%"]
"""Columns of `data_statistics` that each engine estimates in its own way."""


def _in_order(frame: pd.DataFrame) -> pd.DataFrame:
    frame = frame.drop(columns=[*APPROXIMATE, "type"], errors="ignore").reset_index(drop=True)
    return frame.sort_values(list(frame.round(6)), ignore_index=True)


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
