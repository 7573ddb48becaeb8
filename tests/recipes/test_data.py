"""The table shows rows as they are, and says how many it left out."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from jupyter_viz import visualize
from jupyter_viz.errors import InvalidArgument, MissingColumn
from jupyter_viz.rendering.bundles import MIME, PLOTLY

FRAME = pd.DataFrame({"b": range(2500), "a": ["x"] * 2500})


def test_all_rows_where_they_are_few() -> None:
    own = visualize("table", FRAME.head(3))._repr_mimebundle_()[MIME]
    assert own["table"]["rows"] == [[0, "x"], [1, "x"], [2, "x"]]
    assert (own["table"]["total"], own["note"]) == (3, None)
    assert own["metrics"] == {"rows": 3, "columns": 2}


def test_a_cut_is_said_with_both_numbers() -> None:
    result = visualize("table", FRAME, rows=100)
    own = result._repr_mimebundle_()[MIME]
    assert own["note"] == "Shows the first 100 of 2,500 rows."
    assert (len(own["table"]["rows"]), own["table"]["total"]) == (100, 2500)
    assert "of 2,500 rows" in result.to_html()
    assert "first 100 of 2,500" in repr(result)
    assert own["alt"] == "Table with the first 100 of 2,500 rows and 2 columns: b, a."


def test_a_wide_table_is_cut_too_and_says_so() -> None:
    """A notebook does not swallow 400,000 cells."""
    wide = pd.DataFrame({f"c{number}": range(1000) for number in range(400)})
    own = visualize("table", wide)._repr_mimebundle_()[MIME]
    assert len(own["table"]["rows"]) == 50
    assert own["note"] == "Shows the first 50 of 1,000 rows."


def test_columns_are_chosen_in_order() -> None:
    own = visualize("table", FRAME, columns=["a"])._repr_mimebundle_()[MIME]
    assert [column["name"] for column in own["table"]["columns"]] == ["a"]
    own = visualize("table", FRAME, columns=["a", "b"])._repr_mimebundle_()[MIME]
    assert [column["name"] for column in own["table"]["columns"]] == ["a", "b"]


def test_an_empty_table_is_a_table() -> None:
    own = visualize("table", FRAME.head(0))._repr_mimebundle_()[MIME]
    assert (own["table"]["rows"], own["table"]["total"]) == ([], 0)


@pytest.mark.parametrize("rows", [0, -1, 10_001])
def test_rows_out_of_bounds_are_refused(rows: int) -> None:
    with pytest.raises(
        InvalidArgument, match=f"argument 'rows': {rows} is (less|greater) than the (minimum of 1|maximum of 10000)"
    ):
        visualize("table", FRAME, rows=rows)


def test_a_missing_column_is_answered_with_those_there_are() -> None:
    with pytest.raises(MissingColumn, match=r"no column 'c'.*a, b"):
        visualize("table", FRAME, columns=["a", "c"])


def _spoilt(rows: int, columns: int) -> pd.DataFrame:
    draw = np.random.default_rng(3)
    frame = pd.DataFrame(draw.normal(size=(rows, columns)), columns=[f"c{number}" for number in range(columns)])
    return frame.mask(draw.random((rows, columns)) < draw.random(columns) / 2)


@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (200, 6), (500, 500), (30_000, 3)])
def test_missing_values_are_pandas(rows: int, columns: int) -> None:
    frame = _spoilt(rows, columns)
    result = visualize("missing_values", frame)
    expected = frame.isna().sum()
    assert dict(zip(result.data["column"], result.data.missing, strict=True)) == expected.to_dict()
    assert result.data.missing.is_monotonic_decreasing
    np.testing.assert_allclose(result.data.share, result.data.missing / rows)
    assert result.metrics == {
        "rows": rows,
        "cells_missing": expected.sum(),
        "rows_complete": frame.notna().all(axis=1).sum(),
    }
    bundle = result._repr_mimebundle_()
    assert len(bundle[PLOTLY]["data"][0]["y"]) == min(columns, 50)
    assert (bundle[MIME]["note"] is not None) == (columns > 50)
    assert len(json.dumps(bundle)) < 300_000


def test_what_counts_as_missing() -> None:
    """NULL, NaN and NaT do; an empty text, zero and infinity are values."""
    frame = pd.DataFrame(
        {
            "nan": [1.0, np.nan, np.inf],
            "none": ["a", None, ""],
            "nat": [pd.Timestamp("2024-01-01"), pd.NaT, pd.NaT],
            "whole": pd.array([0, None, 1], "Int64"),
            "boolean": pd.array([False, None, True], "boolean"),
            "all": [None] * 3,
            "list": [[1], None, []],
        }
    )
    result = visualize("missing_values", frame)
    found = dict(zip(result.data["column"], result.data.missing, strict=True))
    assert found == {"all": 3, "nat": 2, "nan": 1, "none": 1, "whole": 1, "boolean": 1, "list": 1}
    assert list(result.data["column"][:2]) == ["all", "nat"]
    own = result._repr_mimebundle_()[MIME]
    assert "0 of 3 rows are complete" in own["alt"]
    assert "all 100.0%, nat 66.7%" in own["alt"]


def test_the_columns_that_do_not_fit_are_named() -> None:
    frame = pd.DataFrame({f"c{number:02}": [1.0, None] for number in range(53)})
    own = visualize("missing_values", frame)._repr_mimebundle_()[MIME]
    assert own["note"] == "Shows 50 columns. In the other 3 are 3 missing cells: c50, c51, c52."


def test_a_table_without_rows_has_no_shares() -> None:
    with pytest.raises(InvalidArgument, match="the table has no rows"):
        visualize("missing_values", FRAME.head(0))
