"""Kubeflow Pipelines' SDK: our package moves in beside it, and both work in one process."""

# No `from __future__ import annotations`: kfp reads the annotations as they are.

import json
from pathlib import Path
from typing import Any

from kfp import compiler, dsl
from neighbour import recorded_and_seen

from jupyter_viz import load


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
