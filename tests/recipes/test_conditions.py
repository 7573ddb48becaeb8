"""Rows of a table by condition, text and order; against pandas."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from jupyter_viz import visualize
from jupyter_viz.errors import InvalidArgument, MissingColumn, VizError

FRAME = pd.DataFrame(
    {
        "id": [1, 2, 3, 4],
        "a score": [0.5, np.nan, 0.95, 0.9],
        "name": ["Smith", "smithers", None, "Jo"],
        "good": [True, False, True, True],
        "day": pd.to_datetime(["2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01"]),
    }
)


@pytest.mark.parametrize(
    ("where", "ids"),
    [
        (["id > 2"], [3, 4]),
        (["a score >= 0.9"], [3, 4]),
        (["a score = missing"], [2]),
        (["name != none", "good = true"], [1, 4]),
        (["name : SMITH"], [1, 2]),
        (["name = Jo"], [4]),
        (["day < 2026-02-15"], [1, 2]),
        (["id != 1", "id<=3"], [2, 3]),
        (["id = 7"], []),
    ],
)
def test_conditions_leave_the_rows_for_which_all_hold(where: list[str], ids: list[int]) -> None:
    result = visualize("table", FRAME, where=where)
    assert sorted(result.data.id) == ids
    assert result.metrics["rows"] == len(ids)
    assert "of 4 in all" in result.shown.view.alt


def test_a_text_in_any_column() -> None:
    assert visualize("table", FRAME, search="smith").data.id.tolist() == [1, 2]
    assert visualize("table", FRAME, search="0.95").data.id.tolist() == [3]


@pytest.mark.parametrize(("descending", "ids"), [(False, [1, 4, 3, 2]), (True, [3, 4, 1, 2])])
def test_sorted_with_what_is_missing_last(descending: bool, ids: list[int]) -> None:
    assert visualize("table", FRAME, sort="a score", descending=descending).data.id.tolist() == ids
    assert len(visualize("table", FRAME, sort="a score", columns=["name"], rows=2).data) == 2


@pytest.mark.parametrize(
    ("where", "error", "said"),
    [
        ("score", InvalidArgument, "'score' is no condition"),
        ("ide > 2", MissingColumn, "no column 'ide'. Did you mean 'id'"),
        ("id > two", InvalidArgument, "'two' in 'id > two' is no value"),
        ("good = maybe", InvalidArgument, "'maybe'"),
        ("day > soon", InvalidArgument, "'soon'"),
    ],
)
def test_what_is_no_condition(where: str, error: type[VizError], said: str) -> None:
    with pytest.raises(error) as caught:
        visualize("table", FRAME, where=[where])
    assert said in str(caught.value)


def test_values_are_values_whatever_they_hold() -> None:
    hostile: Any = "name = '; DROP TABLE source; --"
    assert len(visualize("table", FRAME, where=[hostile]).data) == 0
