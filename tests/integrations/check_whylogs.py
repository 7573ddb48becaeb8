"""whylogs: a profile is drawn as a table is, from its sketches."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import whylogs
from contract import saved_and_shown
from whylogs.core.view.dataset_profile_view import DatasetProfileView

FRAME = pd.DataFrame(
    {"a": np.r_[np.random.default_rng(0).normal(size=500), np.nan], "b": ["x", "y", "x"] * 167, "c": range(501)}
)


@pytest.fixture(params=["result set", "view", "profile"])
def profile(request: pytest.FixtureRequest) -> Any:
    results = whylogs.log(FRAME)
    return {"result set": results, "view": results.view(), "profile": results.profile()}[request.param]


def test_a_profile(profile: Any, tmp_path: Path) -> None:
    materializer, shown = saved_and_shown(profile, tmp_path)
    assert set(shown) == {"statistics", "profile"}
    rows = {row["column"]: row for row in csv.DictReader(io.StringIO(shown["profile"].decode()))}
    assert set(rows) == {"a", "b", "c"}
    assert float(rows["c"]["distribution/mean"]) == pytest.approx(250)
    assert "x (334" in rows["b"]["frequent_items/frequent_strings"]
    loaded = materializer.load()
    view = loaded if isinstance(loaded, DatasetProfileView) else loaded.view()
    assert view.get_column("a").get_metric("counts").n.value == 501
    assert hasattr(loaded, "view") is hasattr(profile, "view") or isinstance(loaded, DatasetProfileView)
