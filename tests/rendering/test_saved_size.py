"""A notebook that is saved with plots in it stays one that can be mailed, compared and reviewed."""

from __future__ import annotations

from typing import Any

import nbformat
import numpy as np
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from recipes.examples import EXAMPLES, OF_JSON, source_of

from jupyter_viz import visualize
from jupyter_viz.rendering.results import Result

MOST = 100_000  # bytes of the file, line breaks and indentation included


@pytest.mark.parametrize("name", [*EXAMPLES, *OF_JSON])
def test_a_plot_of_the_gallery_makes_a_notebook_little_larger(name: str) -> None:
    data, arguments = {**EXAMPLES, **OF_JSON}[name]
    assert grown_by(visualize(name, source_of(data), **arguments)) < MOST


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("line", {"x": "step", "y": ["a", "b", "c"]}),
        ("line", {"x": "day", "y": ["a"], "by": "group"}),
        ("line", {"x": "day", "y": ["a", "b"], "smooth": 0.9}),
        ("scatter", {"x": "a", "y": "b"}),
        ("scatter", {"x": "even", "y": "day"}),
        ("embedding_projection", {"by": "group"}),
        ("roc_curve", {"target": "label", "score": "a"}),
        ("threshold_metrics", {"target": "label", "score": "even"}),
        ("residuals", {"target": "a", "predicted": "b"}),
        ("histogram", {"column": "a", "by": "group"}),
    ],
)
@pytest.mark.parametrize("rows", [1_200, 50_000])
def test_so_does_one_of_any_number_of_rows(name: str, arguments: dict[str, Any], rows: int) -> None:
    """As many as are drawn one by one, and many more; noise, which nothing compresses."""
    draw = np.random.default_rng(5)
    frame = pd.DataFrame({column: draw.normal(size=rows) for column in ("a", "b", "c")})
    frame["even"], frame["label"] = draw.uniform(size=rows), draw.integers(0, 2, rows)
    frame["step"], frame["group"] = np.arange(rows), draw.choice(list("abcdefgh"), rows)
    frame["day"] = pd.Timestamp("2024-01-01") + pd.to_timedelta(np.arange(rows), unit="min")
    assert grown_by(visualize(name, frame, **arguments)) < MOST


def grown_by(result: Result) -> int:
    """By how many bytes a notebook is larger with it."""
    bundle: Any = result._repr_mimebundle_()
    output = new_output("execute_result", bundle, execution_count=1)
    with_plot, without = (
        len(nbformat.writes(new_notebook(cells=[new_code_cell("%viz …", outputs=outputs)])).encode())
        for outputs in ([output], [])
    )
    return with_plot - without
