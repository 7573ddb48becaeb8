"""Kubeflow Pipelines' SDK: our package moves in beside it, and both work in one process."""

# No `from __future__ import annotations`: kfp reads the annotations as they are.

import json
from pathlib import Path
from typing import Any

import pytest
from kfp import compiler, dsl, local
from neighbour import recorded_and_seen

from jupyter_viz import load, visualize
from jupyter_viz.client import Client
from jupyter_viz.config import load_configuration
from jupyter_viz.connectors.places import Place
from jupyter_viz.connectors.sync import sync
from jupyter_viz.enums import RunStatus
from jupyter_viz.service import Service


@dsl.component
def double(n: int) -> int:
    return 2 * n


@dsl.pipeline
def their_pipeline(n: int = 2) -> None:
    double(n=n)


def test_a_step_compiles_their_pipeline(home: Path) -> None:
    def inside() -> dict[str, Any]:
        compiler.Compiler().compile(their_pipeline, str(home / "theirs.json"))
        found: dict[str, Any] = json.loads((home / "theirs.json").read_text())
        return found

    recorded_and_seen(inside)
    assert load("churn@latest/extra")["pipelineInfo"]["name"] == "their-pipeline"


@dsl.component
def judge(
    scores: dsl.Output[dsl.Dataset],
    metrics: dsl.Output[dsl.Metrics],
    curve: dsl.Output[dsl.ClassificationMetrics],
    report: dsl.Output[dsl.HTML],
    note: dsl.Output[dsl.Markdown],
) -> float:
    with open(scores.path, "w") as file:
        file.write("label,p\n0,0.1\n1,0.9\n0,0.4\n1,0.3\n")
    metrics.log_metric("accuracy", 0.9)
    curve.log_roc_curve([0.0, 0.5, 1.0], [0.0, 0.8, 1.0], [1.0, 0.5, 0.0])
    for shown, text in ((report, "<b>hello</b>"), (note, "# hello")):
        with open(shown.path, "w") as file:
            file.write(text)
    return 0.75


@dsl.component
def broken(x: float, never: dsl.Output[dsl.Dataset]) -> None:
    raise ValueError("no luck")


@dsl.pipeline
def training() -> None:
    judged = judge()
    broken(x=judged.outputs["Output"])


def test_what_kfp_local_leaves_becomes_the_right_picture(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Metrics, classification metrics, HTML, Markdown, a data set, and a task that failed."""
    local.init(
        runner=local.SubprocessRunner(use_venv=False), pipeline_root=str(home / "local_outputs"), raise_on_error=False
    )
    training()
    service = Service(load_configuration())
    place = Place("kfp", str(home / "local_outputs"))
    assert str(sync(service.catalog, service.store, place, "default")) == "1 new, 0 updated, 0 unchanged, 0 removed"
    run = Client().get_pipeline_run("training@newest")
    assert run.status is not RunStatus.COMPLETED
    assert {name: metric.value for name, metric in run.metrics.items()} == {"accuracy": 0.9, "judge": 0.75}
    kinds = {name: each.kind.value for name, each in run.outputs.items()}
    assert kinds == {"scores": "table", "curve": "json", "report": "html", "note": "markdown"}
    scores = "training@newest/judge/scores"
    assert visualize("roc_curve", scores, target="label", score="p").metrics["auc"] == pytest.approx(0.75)
    drawn = visualize("classification_metrics", "training@newest/judge/curve")
    assert drawn.metrics["auc"] == pytest.approx(0.65)
    assert str(sync(service.catalog, service.store, place, "default")) == "0 new, 0 updated, 1 unchanged, 0 removed"
