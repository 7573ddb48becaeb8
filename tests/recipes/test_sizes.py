"""Large tables: what reaches Python stays small, whatever the recipe."""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from jupyter_viz import visualize
from jupyter_viz.errors import InvalidArgument
from jupyter_viz.recipes import statistics

from .examples import EXAMPLES, table_of

ROWS = 200_000
MOST = 20_001  # one more than are shown tells that there are more
# Columns that nobody made for the recipe: each row its own category, class or slice; and more columns than pairs allow.
HARD = [
    ("bar", {"by": "id"}),
    ("confusion_matrix", {"target": "id", "predicted": "id"}),
    ("correlation", {"method": "spearman"}),
    ("embedding_projection", {"columns": [f"c{n}" for n in range(41)]}),
    ("histogram", {"column": "id", "by": "id"}),
    ("line", {"x": "c0", "y": ["c1", "c2"], "by": "id"}),
    ("roc_curve", {"target": "label", "score": "c0", "exact": True}),
    ("roc_curve", {"target": "id", "score": "c0", "positive": "1"}),
    ("score_distribution", {"target": "id", "score": "c0"}),
    ("slicing_metrics", {"by": ["id", "c1"], "metric": "auc", "target": "label", "score": "c0"}),
]


@pytest.fixture
def arrived(engine: str, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many rows each answer of the engine had. Ibis brings every answer to Python by one of three methods."""
    backend = import_module(f"ibis.backends.{engine}").Backend
    rows: list[int] = []
    asked: list[Any] = []  # by each other: one answer may come by way of another method

    def counted(method: Any) -> Any:
        def ask(*args: Any, **kwargs: Any) -> Any:
            asked.append(method)
            try:
                answer = method(*args, **kwargs)
            finally:
                asked.pop()
            if asked:
                return answer
            if isinstance(answer, pa.RecordBatchReader):
                raise AssertionError("batches are read without being counted")
            rows.append(len(answer) if isinstance(answer, (pa.Table, pa.ChunkedArray, pd.DataFrame, pd.Series)) else 1)
            return answer

        return ask

    for name in ("execute", "to_pyarrow", "to_pyarrow_batches"):
        monkeypatch.setattr(backend, name, counted(getattr(backend, name)))
    return rows


def large(name: str) -> pd.DataFrame:
    """The example's table with noise, many times over: every number of it is another."""
    draw = np.random.default_rng(0)
    frame = table_of(name)
    frame = frame.iloc[draw.integers(0, len(frame), ROWS)].reset_index(drop=True)
    for column in frame.select_dtypes("float"):
        noise = 1 - 0.01 * draw.random(ROWS)  # probabilities stay below 1
        frame[column] = frame[column] * noise
    if "step" in frame:
        frame["step"] = np.arange(ROWS)
    return frame


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_few_rows_reach_python(name: str, arrived: list[int]) -> None:
    data, arguments = EXAMPLES[name]
    frame = large(data)
    result = visualize(name, frame, **({**arguments, "rows": 10_000} if name == "table" else arguments))
    assert result.metrics
    assert arrived, "nothing was counted"
    assert max(arrived) <= MOST
    assert sum(arrived) <= 2 * MOST


@pytest.mark.parametrize(("name", "arguments"), HARD, ids=lambda value: value if isinstance(value, str) else "")
def test_few_rows_reach_python_of_what_is_hard(name: str, arguments: dict[str, Any], arrived: list[int]) -> None:
    draw = np.random.default_rng(0)
    frame = pd.DataFrame({f"c{n}": draw.normal(size=ROWS) for n in range(41 if "columns" in arguments else 3)})
    frame = frame.assign(label=(frame.c0 > 0).astype(int), id=np.arange(ROWS).astype(str))
    with suppress(InvalidArgument):
        visualize(name, frame, **arguments)
    assert max(arrived) <= MOST


def test_few_rows_reach_python_of_many_columns_and_many_rows(
    arrived: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their cells are counted, more of them than the bars that are drawn."""
    monkeypatch.setattr(statistics, "_FEW", 1000)
    draw = np.random.default_rng(0)
    visualize("data_statistics", pd.DataFrame({f"c{n}": draw.normal(size=5000) for n in range(110)}))
    assert 110 * 13 < sum(arrived) <= MOST
