"""What the index of a frame is when it is looked at: the same for a variable as for what a step stored of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from jupyter_viz import pipeline, step
from jupyter_viz.artifacts import tables
from jupyter_viz.client import Client, open_source

FRAME = pd.DataFrame({"a": [1.0, 2.0, 3.0], "b": [3, 1, 2]})
DAYS = pd.date_range("2024-01-01", periods=3)


@pytest.mark.parametrize(
    ("frame", "columns"),
    [
        (FRAME, ["a", "b"]),
        (FRAME[FRAME.a > 1], ["a", "b"]),  # as train_test_split leaves it: numbers of rows are no feature
        (FRAME.set_index(pd.Index([7, 9, 8], name="id")), ["a", "b", "id"]),
        (FRAME.set_index(DAYS), ["a", "b", "index"]),
        (FRAME.set_index(DAYS.rename("day")), ["a", "b", "day"]),
        (FRAME.set_index(pd.CategoricalIndex(["x", "y", "x"])), ["a", "b", "index"]),
        (FRAME.describe(), ["a", "b", "index"]),
        (FRAME.assign(b=["x", 1, None]).set_index(pd.Index([7, 9, 8], name="id")), ["a", "b", "id"]),
        (FRAME.groupby(["b", FRAME.a.rename("old") > 1]).sum(), ["a", "b", "old"]),
        (FRAME.set_index(pd.MultiIndex.from_arrays([[1, 2, 3], [4, 5, 6]], names=["n", None])), ["a", "b", "n"]),
        (
            FRAME.set_index(pd.MultiIndex.from_arrays([[1, 2, 3], list("xyz")], names=["n", None])),
            ["a", "b", "index", "n"],
        ),
        (FRAME.rename_axis("a"), ["a", "b"]),
        (FRAME.iloc[:0].set_index(pd.Index([], dtype=str)), ["a", "b", "index"]),
    ],
)
def test_it_is_a_column_where_it_says_something(frame: pd.DataFrame, columns: list[str], tmp_path: Path) -> None:
    given = tables.of_value(frame, "frame")
    assert sorted(given.columns) == sorted(columns)

    @step
    def make() -> Any:
        return frame

    @pipeline
    def made() -> None:
        make()

    made()
    artifact = Client().get_pipeline_run("made@latest").outputs["output"]
    stored = open_source(str(artifact.address)).table()
    assert list(stored.columns) == list(given.columns)
    assert [column.name for column in artifact.columns] == list(given.columns)
    pd.testing.assert_frame_equal(stored.to_pandas(), given.to_pandas(), check_dtype=False)
