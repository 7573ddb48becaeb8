"""What a user has in a variable is a source by what it is, whatever library made it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import duckdb
import ibis
import matplotlib.figure
import numpy as np
import pandas as pd
import plotly.graph_objects as go
import polars
import pyarrow as pa
import pytest
from PIL import Image
from sklearn.linear_model import LogisticRegression

from jupyter_viz import visualize
from jupyter_viz.artifacts.source import value_source
from jupyter_viz.enums import ArtifactKind
from jupyter_viz.errors import InvalidArgument, UnreadableSource, VizError
from jupyter_viz.types import HTMLString, MarkdownString

FRAME = pd.DataFrame({"a": [1, 2]})
TABLES: dict[str, Callable[[], Any]] = {
    "pandas": lambda: FRAME,
    "pandas series": lambda: FRAME.a,
    "polars": lambda: polars.DataFrame({"a": [1, 2]}),
    "polars lazy": lambda: polars.LazyFrame({"a": [1, 2]}),
    "polars series": lambda: polars.Series("a", [1, 2]),
    "arrow": lambda: pa.table({"a": [1, 2]}),
    "arrow batch": lambda: pa.record_batch({"a": [1, 2]}),
    "duckdb": lambda: duckdb.connect().sql("SELECT unnest([1, 2]) AS a"),
    "ibis": lambda: ibis.memtable(FRAME),
    "dicts": lambda: [{"a": 1}, {"a": 2}],
}


@pytest.mark.parametrize("name", TABLES)
def test_whatever_is_a_table_is_read_as_one(name: str) -> None:
    assert visualize("table", TABLES[name]()).data.to_dict("list") == {"a": [1, 2]}


def _plot() -> Any:
    figure = matplotlib.figure.Figure(figsize=(1, 1))
    figure.subplots().plot([1, 2])
    return figure


SHOWN: dict[str, tuple[str, Callable[[], Any], str]] = {
    "matplotlib figure": ("picture", _plot, "data:image/png"),
    "matplotlib axes": ("picture", lambda: _plot().axes[0], "data:image/png"),
    "plotly figure": ("picture", lambda: go.Figure(go.Scatter(x=[1, 2], y=[1, 2])), "data:image/png"),
    "image": ("picture", lambda: Image.new("L", (3, 2)), "3 by 2 pixels"),
    "image of another mode": ("picture", lambda: Image.new("CMYK", (3, 2)), "3 by 2 pixels"),
    "estimator": ("html", LogisticRegression, "LogisticRegression"),
    "page": ("html", lambda: HTMLString("<h1>Report</h1>"), "Report"),
    "markdown": ("markdown", lambda: MarkdownString("**good**"), "**good**"),
    "text": ("text", lambda: "a line", "a line"),
    "dict": ("json", lambda: {"depth": 3}, "depth"),
}


@pytest.mark.parametrize("name", SHOWN)
def test_figures_pictures_models_and_texts_are_shown(name: str) -> None:
    recipe, make, seen = SHOWN[name]
    result = visualize(recipe, value_source("it", make()))
    assert seen in result.to_html() + str(result._repr_mimebundle_())
    assert result.notebook is None


@pytest.mark.parametrize(
    ("recipe", "value", "said"),
    [
        ("table", 5, "'it' is an int"),
        ("table", np.ones((2, 2)), "'it' is a ndarray"),
        ("table", {"a": 1}, "'it' is json"),
        ("picture", FRAME, "reads an image; 'it' is table"),
        ("picture", go.Figure(go.Surface(z=[[1]])), "'it' can't be shown: No still picture"),
        ("json", {"a": object()}, "'it' can't be shown: It is no JSON"),
    ],
)
def test_what_is_none_of_them_is_said_to_be(recipe: str, value: Any, said: str) -> None:
    with pytest.raises(VizError, match=said):
        visualize(recipe, value_source("it", value))


def test_no_bytes_of_a_number() -> None:
    source = value_source("it", 5)
    assert source.kind is ArtifactKind.BINARY
    with pytest.raises(UnreadableSource, match="'it' is a int, which has no bytes"):
        source.read()
    with pytest.raises(InvalidArgument):
        visualize("text", source)
