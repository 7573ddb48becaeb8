"""ZenML: our package moves in beside it, and both run pipelines in one process."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from neighbour import recorded_and_seen

os.environ.update(ZENML_ANALYTICS_OPT_IN="false", ZENML_LOGGING_VERBOSITY="WARN")

from zenml import pipeline, step
from zenml.client import Client

from jupyter_viz import load


# ZenML finds a step again by the name of its module.
@step(enable_cache=False)
def theirs() -> int:
    return 5


@pipeline
def their_pipeline() -> None:
    theirs()


def test_both_run_pipelines(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZENML_CONFIG_PATH", str(home / "zenml"))
    their_pipeline()
    [run] = Client().list_pipeline_runs().items
    recorded_and_seen(lambda: run.steps["theirs"].output.load())
    assert load("churn@latest/extra") == 5
