"""Python in a notebook or script: my run → its data, or a picture of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pyarrow as pa
import pytest
from nbclient import NotebookClient

from jupyter_viz import Model, errors, load, pipeline, visualize
from jupyter_viz.client import Client, open_source
from jupyter_viz.rendering.bundles import PLOTLY
from jupyter_viz.types import HTMLString

FRAME = pd.DataFrame({"label": [0, 1, 1], "score": [0.1, 0.9, 0.4]})


def test_load_gives_back_what_the_step_returned(recorded_home: Any) -> None:
    assert list(load("churn@latest/evaluate/scores").columns) == ["label", "p"]
    assert type(load("churn@latest/report")) is HTMLString
    assert load(f"churn@{recorded_home.run.id[:8]}/log") == "a line"
    with pytest.warns(UserWarning, match="Unpickling"):
        assert load("churn@latest/model").weights == [1, 2]


def test_a_csv_is_read_by_the_types_that_were_recorded(recorded_home: Any) -> None:
    """They are found once, by the step; an artifact whose bytes were replaced is not silently another."""
    source = open_source("churn@latest/evaluate/rows")
    assert [(column.name, column.type) for column in source.columns] == [("a", "BIGINT"), ("b", "VARCHAR")]
    assert visualize("table", source.text).data.to_dict("list") == {"a": [1], "b": ["x"]}
    file = Path(str(source.path))
    before = file.read_text()
    try:
        file.write_text("a,b\nno number,x\n")
        with pytest.raises(errors.UnreadableSource, match=r"line 2: column 'a' has 'no number', which is no BIGINT\."):
            open_source("churn@latest/evaluate/rows").table()
    finally:
        file.write_text(before)


def test_a_run_by_every_name_it_has(recorded_home: Any) -> None:
    client, run = Client(), recorded_home.run
    for name in (run.id, run.id[:8], run.name, run.address, "churn@latest"):
        assert client.get_pipeline_run(name).id == run.id
    assert client.get_pipeline_run(recorded_home.failed_run.id).error == "ValueError: as asked"


def test_lists_are_as_long_as_asked(recorded_home: Any) -> None:
    assert [run.id for run in Client().list_pipeline_runs(size=1)] == [recorded_home.run.id]
    assert len(Client().list_pipeline_runs("churn")) == 2


def test_a_run_of_a_list_is_as_whole_as_any(recorded_home: Any) -> None:
    """Its steps and outputs are there when they are asked for, although the list did not read them."""
    run = Client().list_pipeline_runs(size=1)[0]
    assert run.outputs["log"].load() == run.steps["evaluate"].outputs["log"][0].load() == "a line"
    assert run.snapshot.number == run.snapshot().number == 1


def test_pages_say_how_many_there_are_and_go_on(recorded_home: Any) -> None:
    client = Client()
    first = client.list_pipeline_runs(size=1)
    assert (first.total, len(first.items)) == (2, 1)
    assert "1 of 2; the next ones with cursor=page.next_cursor" in repr(first)
    rest = client.list_pipeline_runs(size=1, cursor=first.next_cursor)
    assert {first[0].id, rest[0].id} == {recorded_home.run.id, recorded_home.failed_run.id}
    assert rest.next_cursor is None
    assert client.list_pipeline_runs(filter="status:failed", size=1).total == 1


def test_models_and_deployments_are_made_listed_and_found() -> None:
    client = Client()
    made = [client.create_model(name) for name in ("churn", "fraud", "churn 2")]
    assert client.create_model("churn") == made[0]
    page = client.list_models(filter="CHURN", sort="-name", size=1)
    assert ([model.name for model in page.items], page.total) == (["churn 2"], 2)
    assert [model.name for model in client.list_models(filter="CHURN", sort="-name", cursor=page.next_cursor)] == [
        "churn"
    ]
    assert [model.name for model in client.list_models(sort="created")] == ["churn", "fraud", "churn 2"]
    assert (
        client.get_model(made[1].id[:8]) == client.get_model("default::fraud") == client.get_model(made[1]) == made[1]
    )
    assert "fraud" in repr(client.list_models())

    @pipeline
    def nightly() -> None: ...

    nightly.with_options(experiment="spring", model=Model("churn"))()
    deployment = client.create_deployment("live", pipeline="nightly")
    assert deployment.pipeline == "nightly"
    assert client.create_deployment("live") == deployment  # mentioning it takes nothing from it
    assert client.list_deployments(filter="pipeline:nightly").items == [deployment]
    assert client.get_deployment("live") == deployment
    assert [found.name for found in client.list_experiments()] == ["spring"]
    assert client.get_pipeline(client.list_pipelines().items[0].id[:6]).run_count == 1
    with pytest.raises(errors.NotFound, match="Did you mean 'nightly'"):
        client.get_pipeline("nigthly")
    with pytest.raises(errors.InvalidFilter, match="a list of models is filtered by id:, name:, project: or a text"):
        client.list_models(filter="status:failed")
    with pytest.raises(errors.BadRequest, match="Did you mean 'created'"):
        client.list_models(sort="-creatd")
    with pytest.raises(errors.BadRequest, match="is not a cursor"):
        client.list_models(cursor="nothing")


def test_an_artifact_by_every_name_it_has(recorded_home: Any) -> None:
    client, scores = Client(), recorded_home.artifacts["scores"]
    newest = client.get_artifact_version("churn@latest/scores")
    for name in (newest.id, newest.id[:8], newest.address, newest, scores, "scores"):
        assert client.get_artifact_version(name).id == newest.id
    assert client.get_artifact_version("scores").version == 2
    with pytest.raises(errors.NotFound, match="Did you mean 'scores'"):
        client.get_artifact_version("scroes")


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


def test_the_first_look_waits_for_no_grammar(python: Callable[..., str]) -> None:
    """jsonschema compiles one of URIs when it is imported, where Jupyter is installed too: that takes seconds."""
    code = """if True:
        import sys
        from jupyter_viz.client import Client
        from jupyter_viz.recipes.schema import RecipeInfo
        RecipeInfo("plot", "Plot", "x").checked({})
        print({"jsonschema", "nbformat"} & set(sys.modules))
    """
    assert python(code) == "set()"
