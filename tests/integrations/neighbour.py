"""What a user does in an environment that held another pipeline library first."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Annotated, Any

import pandas as pd
import pytest

import jupyter_viz
from jupyter_viz import load, log_metrics, pipeline, step, visualize
from jupyter_viz.client import Client
from jupyter_viz.config import load_configuration
from jupyter_viz.enums import VisualizationStatus
from jupyter_viz.models import Principal, RenderRequest
from jupyter_viz.service import Service
from jupyter_viz.types import MarkdownString

FRAME = pd.DataFrame({"label": [0, 0, 1, 1] * 25, "score": [0.1, 0.4, 0.35, 0.8] * 25, "who": list("abcd") * 25})


def recorded_and_seen(inside: Callable[[], Any]) -> None:
    """Record a run, then look at it: its data, its picture here and by a kernel of its own.

    Args:
        inside: What a step of the run does with the other library; its output `extra`.
    """
    assert "site-packages" in str(jupyter_viz.__file__), "the wheel is to be tried, not this folder"

    @step
    def evaluate() -> tuple[
        Annotated[pd.DataFrame, "scores"], Annotated[MarkdownString, "note"], Annotated[Any, "extra"]
    ]:
        log_metrics({"accuracy": 0.75}, format="PERCENTAGE")
        return FRAME, MarkdownString("**good**"), inside()

    @pipeline(tags=["nightly"], experiment="neighbours")
    def churn() -> None:
        evaluate()

    run = churn()
    pd.testing.assert_frame_equal(load("churn@latest/evaluate/scores"), FRAME)
    assert run.metrics["accuracy"].value == 0.75
    assert {item.format.value for item in run.outputs["scores"].visualizations} >= {"image"}
    assert all(item.error is None for output in run.outputs.values() for item in output.visualizations)
    assert [found.id for found in Client().list_pipeline_runs(filter="accuracy > 0.7 tag:nightly")] == [run.id]

    result = visualize("roc_curve", "churn@latest/evaluate/scores", target="label", score="score")
    assert result.metrics["auc"] == pytest.approx(0.75)
    assert "<img" in result.to_html()
    request = RenderRequest("roc_curve", "churn@latest/evaluate/scores", {"target": "label", "score": "score"})
    rendered = asyncio.run(_rendered(request))
    assert rendered.error is None
    assert rendered.status is VisualizationStatus.COMPLETED
    assert rendered.metrics["auc"] == pytest.approx(0.75)


async def _rendered(request: RenderRequest) -> Any:
    service, owner = Service(load_configuration()), Principal()
    visualization = await service.render(owner, request)
    await service.wait(visualization.id, 100)
    found, _ = service.visualization(owner, visualization.id)
    await service.close()
    return found
