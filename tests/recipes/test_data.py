"""The table shows rows as they are, and says how many it left out."""

from __future__ import annotations

import pandas as pd
import pytest

from jupyter_viz import visualize
from jupyter_viz.errors import InvalidArgument, MissingColumn
from jupyter_viz.rendering.results import MIME

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
