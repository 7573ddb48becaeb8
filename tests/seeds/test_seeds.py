"""Every code block of the two pages runs, with the import line changed and the placeholders filled in, nothing else."""

from __future__ import annotations

import importlib.util
import io
import re
from contextlib import redirect_stdout
from pathlib import Path
from typing import Annotated, Any

import matplotlib as mpl
import pytest
import yaml

from jupyter_viz import pipeline, step
from jupyter_viz.client import Client
from jupyter_viz.components import load_component_from_text
from jupyter_viz.enums import MetricFormat, VisualizationType
from jupyter_viz.types import HTMLString

HERE = Path(__file__).parent
_spec = importlib.util.spec_from_file_location("placeholders", HERE / "placeholders.py")
assert _spec is not None
assert _spec.loader is not None
placeholders = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(placeholders)


def blocks(page: str, language: str) -> list[str]:
    """The code blocks of a page in a language, those of later chapters left out."""
    text = (HERE / page).read_text("utf-8")
    found = re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE | re.IGNORECASE)
    return [block for block in found if placeholders.LEFT_OUT not in block]


def run_block(block: str, name: str, folder: Path, namespace: dict[str, Any], **values: str) -> None:
    """Execute a block as a cell or module is: with a file behind it, so that `inspect` finds its source."""
    for theirs, ours in placeholders.IMPORTS.items():
        block = re.sub(rf"^(from|import) {re.escape(theirs)}\b", rf"\1 {ours}", block, flags=re.MULTILINE)
    for theirs, ours in placeholders.PLACEHOLDERS.items():
        block = block.replace(theirs, ours.replace("{run_id}", values.get("run_id", "")))
    path = folder / f"{name}.py"
    path.write_text(block, "utf-8")
    namespace["__name__"] = "__main__"
    exec(compile(block, str(path), "exec", dont_inherit=True), namespace)


@pytest.mark.parametrize("number", range(2))
def test_kubeflows_components_record_their_metric(number: int, home: Path, tmp_path: Path, monkeypatch: Any) -> None:
    """Both ways to give metrics, by file and by return value, put `accuracy-score` beside the run as 90.0 %."""
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, Any] = {}
    python = blocks("kfp-pipeline-metrics.md", "python")
    assert len(python) == 2
    run_block(python[number], "component", tmp_path, namespace)
    namespace["produce_metrics_op"]()
    run = Client().get_pipeline_run("produce_metrics@newest")
    assert {m.name: (m.value, m.format) for m in run.metrics.values()} == {
        "accuracy-score": (0.9, MetricFormat.PERCENTAGE)
    }
    assert run.warnings == ()
    component = yaml.safe_load(Path("component.yaml").read_text())
    assert component["outputs"] == [{"name": "mlpipeline_metrics", "type": "Metrics"}]
    assert component["implementation"]["container"]["image"] == "python:3.7"


def test_kubeflows_component_yaml_runs_as_a_subprocess(home: Path) -> None:
    (component,) = blocks("kfp-pipeline-metrics.md", "yaml")
    load_component_from_text(component)()
    (run,) = Client().list_pipeline_runs(columns=["accuracy-score"])
    assert run.metrics["accuracy-score"].value == 0.8
    assert "MLPipeline Metrics" in Client().get_pipeline_run(run.id).outputs


def test_zenmls_page_from_top_to_bottom(home: Path, tmp_path: Path) -> None:
    """The blocks run in the page's order, in one namespace, as in a notebook; then what each left is looked at."""
    mpl.use("agg")

    @step
    def evaluate() -> Annotated[HTMLString, "report"]:
        return HTMLString("<h1>Seen</h1>")

    @pipeline
    def before() -> None:
        evaluate()

    recorded = before()
    python = blocks("zenml-visualizations.md", "python")
    assert len(python) == 7
    namespace: dict[str, Any] = {}
    printed = io.StringIO()
    with redirect_stdout(printed):
        for number, block in enumerate(python):
            run_block(block, f"block_{number}", tmp_path, namespace, run_id=recorded.id)
    assert "<h1>Seen</h1>" in printed.getvalue()  # artifact.visualize() outside a notebook

    client = Client()
    page = client.get_pipeline_run("visualization_pipeline@newest").steps["create_matplotlib_visualization"].output
    (shown,) = page.visualizations
    assert shown.format is VisualizationType.HTML
    assert b"data:image/png;base64," in shown.read()

    # The page defines the step of its materializer last; calling it records a run of one step.
    from jupyter_viz.materializers import materializer_for

    figure = namespace["MatplotlibVisualization"](figure=namespace["plt"].figure())
    assert materializer_for(figure) is namespace["MatplotlibMaterializer"]
    namespace["create_matplotlib_visualization"]()
    drawn = client.get_pipeline_run("create_matplotlib_visualization@newest").outputs["output"]
    (picture,) = drawn.visualizations
    assert picture.format is VisualizationType.IMAGE
    assert picture.read().startswith(b"\x89PNG")

    assert namespace["my_pipeline"].enable_artifact_visualization is False
    assert namespace["my_step"].enable_artifact_visualization is False


def test_zenmls_yaml_switches_visualizations(home: Path, tmp_path: Path) -> None:
    """The step's own word in the file wins over the pipeline's."""
    (text,) = blocks("zenml-visualizations.md", "yaml")
    path = tmp_path / "config.yaml"
    path.write_text(text)

    @step
    def my_step() -> dict[str, int]:
        return {"a": 1}

    @step
    def other_step() -> dict[str, int]:
        return {"a": 1}

    @pipeline
    def my_pipeline() -> None:
        my_step()
        other_step()

    run = Client().get_pipeline_run(my_pipeline.with_options(config_path=path)().id)
    assert len(run.steps["my_step"].output.visualizations) == 1
    assert run.steps["other_step"].output.visualizations == []
