"""Python in a notebook or script: my run → its data, or a picture of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pyarrow as pa
import pytest
from nbclient import NotebookClient

from jupyter_viz import errors, load, visualize
from jupyter_viz.client import Client, open_source
from jupyter_viz.rendering.results import PLOTLY
from jupyter_viz.types import HTMLString

FRAME = pd.DataFrame({"label": [0, 1, 1], "score": [0.1, 0.9, 0.4]})


def test_load_gives_back_what_the_step_returned(recorded_home: Any) -> None:
    assert list(load("churn@latest/evaluate/scores").columns) == ["label", "p"]
    assert type(load("churn@latest/report")) is HTMLString
    assert load(f"churn@{recorded_home.run.id[:8]}/log") == "a line"
    with pytest.warns(UserWarning, match="Unpickling"):
        assert load("churn@latest/model").weights == [1, 2]


def test_a_run_by_every_name_it_has(recorded_home: Any) -> None:
    client, run = Client(), recorded_home.run
    for name in (run.id, run.id[:8], run.name, run.address, "churn@latest"):
        assert client.get_pipeline_run(name).id == run.id
    assert client.get_pipeline_run(recorded_home.failed_run.id).error == "ValueError: as asked"


def test_lists_are_as_long_as_asked(recorded_home: Any) -> None:
    assert [run.id for run in Client().list_pipeline_runs(size=1)] == [recorded_home.run.id]
    assert len(Client().list_pipeline_runs("churn")) == 2


@pytest.mark.parametrize("kind", ["frame", "arrow", "list", "address", "artifact", "path", "source"])
def test_visualize_takes_every_kind_of_source(recorded_home: Any, tmp_path: Path, kind: str) -> None:
    FRAME.to_csv(tmp_path / "a.csv", index=False)
    source = {
        "frame": FRAME,
        "arrow": pa.Table.from_pandas(FRAME),
        "list": FRAME.to_dict("records"),
        "address": recorded_home.scores,
        "artifact": recorded_home.artifacts["scores"],
        "path": str(tmp_path / "a.csv"),
        "source": open_source(str(tmp_path / "a.csv")),
    }[kind]
    result = visualize("table", source, rows=2)
    assert len(result.data) == 2
    assert result.metrics["columns"] == 2


@pytest.mark.parametrize(
    ("recipe", "source", "error", "said"),
    [
        ("roc_curv", FRAME, errors.UnknownRecipe, "Did you mean 'roc_curve'"),
        ("roc_curve", None, errors.UnreadableSource, "A source is needed"),
        ("roc_curve", 5, errors.VizError, "'value' is"),
        ("roc_curve", "absent.csv", errors.NotFound, "There is no file"),
        ("roc_curve", "churn@latest/nope", errors.NotFound, "no artifact 'nope'"),
        ("custom", FRAME, errors.InvalidArgument, "%%viz custom"),
    ],
)
def test_what_cannot_be_shown_is_said(recorded_home: Any, recipe: str, source: Any, error: Any, said: str) -> None:
    with pytest.raises(error, match=said):
        visualize(recipe, source)


def test_the_notebook_of_a_result_gives_the_same_picture(recorded_home: Any, tmp_path: Path) -> None:
    """Open it, Run All: the same numbers."""
    result = visualize("roc_curve", "churn@latest/scores", score="p")
    nbformat.validate(result.notebook)
    assert result.notebook is not None
    NotebookClient(result.notebook, timeout=100, resources={"metadata": {"path": str(tmp_path)}}).execute()
    [output] = result.notebook.cells[-1].outputs
    assert output.data[PLOTLY]["data"][1]["y"] == result._repr_mimebundle_()[PLOTLY]["data"][1]["y"]
    assert result.provenance["source"] == recorded_home.scores
    assert result.provenance["run_id"] == recorded_home.run.id
